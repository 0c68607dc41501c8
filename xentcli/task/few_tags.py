"""Few tags: what separates the labels of cells that are too few for labels to come back in other cells.

Floor 3. Pure functions of distinct cells. `tags` judges by labels that come back, which those of three rows hardly do;
what no class name looks like tells them there.
"""

from collections.abc import Mapping

from xentcli.task.names import pieces
from xentcli.task.nearly_numbers import nearly_numbers
from xentcli.task.tags import NO_TAGS, split

MOST = 20
"""Distinct cells beyond which labels come back, or are none."""

_SEVERAL = frozenset({
    "labels", "tags", "genres", "categories", "classes", "topics", "keywords", "targets", "annotations", "multilabel",
})  # fmt: skip
"""Words in the name of a column that say that a cell may hold several labels."""

_OFTEN = 0.5
"""Share of the cells that hold several labels, at least: a class name with a mark in it is an exception."""


def separator_of_few(counts: Mapping[str, int], name: str) -> str | None:
    """Return what separates the labels of a few cells, None if each may well be one label.

    A bar stands in hardly any class name; where each cell with one comes back as it is, it may all the same. Commas and
    semicolons without blanks count where the column's name is that of several labels.

    Args:
        counts: rows by cell.
        name: of the column.
    """
    filled = [cell.strip() for cell in counts if cell.strip() and cell.strip().casefold() not in NO_TAGS]
    if not 1 < len(filled) <= MOST or nearly_numbers(filled) is not None:
        return None
    marks = ("|", ";", ",") if pieces(name) & _SEVERAL else ("|",)
    least = 1 if max(counts.values()) == 1 else 2
    once = [cell.strip() for cell, rows in counts.items() if rows == 1]
    return next((mark for mark in marks if any(mark in cell for cell in once) and _lists(filled, mark, least)), None)


def _lists(cells: list[str], mark: str, least: int) -> bool:
    """Whether half the cells, and so many at least, are lists of different labels with a mark between them."""
    cut = [split(cell, mark) for cell in cells]
    if any(len(set(tags)) < len(tags) for tags in cut) or any(cell.startswith(mark) for cell in cells):
        return False
    if mark != "|" and any(" " in cell for cell in cells):
        return False
    return sum(len(tags) > 1 for tags in cut) >= max(least, _OFTEN * len(cut))
