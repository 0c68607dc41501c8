"""The page of `xent check --show-config`: every value that judges, and where it came from.

Floor 8.
"""

from collections.abc import Mapping
from typing import Any

from xentcli.config.model import DEFAULT_MODEL
from xentcli.config.shown import ShownValue
from xentcli.phrases import counted
from xentcli.views.page import Block, Grid, Heading, Page, Sentence
from xentcli.views.safe import printable

SCHEMA = "xent.config/1"
_UNSET = "(by the data)"
_UNSET_OF = {"memory": "(half of the machine's or container's memory, at least 2 GiB)"}
"""What decides keys that neither a person nor the data set."""

Values = Mapping[str, tuple[ShownValue, ...]]
"""By the name of the model."""


def config_page(found: Values, path: str | None, *, everything: bool = False) -> Page:
    """Return a table of values for each model; `everything` shows the keys that nobody set, too."""
    blocks: list[Block] = [Sentence(f"configuration: {path or 'no file, flags and defaults only'}")]
    for name, values in found.items():
        if name != DEFAULT_MODEL:
            blocks.append(Heading(name))
        shown = _shown(values, everything=everything)
        rows = tuple((one.key, _value(one), one.source) for one in shown)
        left = len(values) - len(shown)
        more = f"{counted(left, 'more key')} that nobody set: --full shows them"
        blocks.append(Grid(("key", "value", "from"), rows, more=more if left else ""))
    return Page(tuple(blocks))


def config_lines(found: Values, *, everything: bool = False) -> str:
    """Return `KEY = VALUE  # SOURCE` a line, of several models with their names before it; likewise."""
    lines = [
        f"{'' if len(found) == 1 else f'{name}: '}{one.key} = {_value(one)}  # {one.source}"
        for name, values in found.items()
        for one in _shown(values, everything=everything)
    ]
    return "".join(f"{printable(line)}\n" for line in lines)


def _value(one: ShownValue) -> str:
    return one.value or _UNSET_OF.get(one.key, _UNSET)


def _shown(values: tuple[ShownValue, ...], *, everything: bool) -> tuple[ShownValue, ...]:
    """Return what is set or has a default, or everything."""
    return values if everything else tuple(one for one in values if one.value is not None)


def config_document(found: Values, path: str | None) -> dict[str, Any]:
    """Return the document `xent.config/1`; values are TOML, null where nothing is set and the data decide."""
    models = [
        {"name": name, "values": [{"key": one.key, "value": one.value, "source": one.source} for one in values]}
        for name, values in found.items()
    ]
    return {"schema": SCHEMA, "config": path, "models": models}
