"""The JSON document inside the page, for machines.

Floor 8. No character of it can end the element that holds it.
"""

from typing import Any

from xentcli.record import Record
from xentcli.views import json as json_view
from xentcli.views import numbers

MOST_CELLS = 2000
"""Confusion cells that a page carries; `-o report.json` writes all of them."""

_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


class Embedded(Record):
    """What the page carries.

    Attributes:
        text: the JSON.
        left_out: what it does not hold, a sentence; empty if it holds all.
    """

    text: str
    left_out: str


def embedded(document: dict[str, Any]) -> Embedded:
    """Return the document as text that stands in a script element, without the cells of large confusions."""
    kept, cells = _without_large_confusions(document)
    left_out = (
        f"The confusion counts, {numbers.count(cells)} cells, are left out here; -o report.json writes them."
        if cells
        else ""
    )
    return Embedded(json_view.render(kept, indent=None).strip().translate(_ESCAPES), left_out)


def _without_large_confusions(value: Any) -> tuple[Any, int]:
    """Return a document whose large confusions are null, and how many cells those had."""
    if isinstance(value, list):
        held = [_without_large_confusions(one) for one in value] if value and isinstance(value[0], dict) else None
        return (value, 0) if held is None else ([one for one, _ in held], sum(cells for _, cells in held))
    if not isinstance(value, dict):
        return value, 0
    kept: dict[str, Any] = {}
    total = 0
    for key, one in value.items():
        cells = _cells(one) if key == "confusion" and isinstance(one, dict) else 0
        if cells > MOST_CELLS:
            kept[key], total = None, total + cells
        else:
            kept[key], below = _without_large_confusions(one)
            total += below
    return kept, total


def _cells(confusion: dict[str, Any]) -> int:
    counts, cells = confusion.get("counts"), confusion.get("cells")
    return sum(map(len, counts)) if counts else len(cells or ())
