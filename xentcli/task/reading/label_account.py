"""Account of labels: what every column of a table is that is read for its labels alone.

Floor 3.
"""

from collections.abc import Mapping, Sequence

from xentcli.files.table import Table
from xentcli.task.asides import SPLIT_SAID, is_split, is_weight
from xentcli.task.model import ColumnRole, Role
from xentcli.task.reading.names import is_id
from xentcli.task.reading.sample import Cells, Sample

LONGEST = 60
"""Letters of a reason in the account of columns."""

LOOK = 200
"""Rows that tell what kind of cells a column has that nobody reads."""

_MOST_LOOKED_AT = 2_000

KINDS = {
    Cells.NUMBERS: "numbers beside the scores",
    Cells.BOOLEANS: "true and false beside the scores",
    Cells.WORDS: "text",
    Cells.DATES: "dates",
    Cells.LISTS: "lists of numbers beside the scores",
    Cells.TAGS: "lists of words",
    Cells.NOTHING: "empty",
}
"""Why a column is passed over that no name tells apart."""


def account_of_labels(table: Table, labels: Sequence[str], classes: Sequence[str] | None) -> tuple[ColumnRole, ...]:
    """Return the role of every column of a table that is read for its labels alone.

    Args:
        table: where the columns are.
        labels: those that hold the labels.
        classes: the class of each of them, where every one stands for one.
    """
    each: Sequence[str | None] = classes or [None] * len(labels)
    own = dict(zip(labels, each, strict=True))
    left = [name for name in table.names if name not in own]
    look = Sample(table, LOOK)
    if len(left) <= _MOST_LOOKED_AT and table.format.is_text:
        look.load(left)
    return tuple(_beside(look, name, own, seen=len(left) <= _MOST_LOOKED_AT) for name in table.names)


def _beside(look: Sample, name: str, own: Mapping[str, str | None], *, seen: bool) -> ColumnRole:
    if name in own:
        return ColumnRole(name, Role.LABEL, own[name], "read as the labels")
    if is_weight(name):
        return ColumnRole(name, Role.WEIGHT, None, "by its name; nothing is weighed here")
    if is_split(look.table, name):
        return ColumnRole(name, Role.UNUSED, None, SPLIT_SAID.format(name)[:LONGEST])
    if is_id(name):
        return ColumnRole(name, Role.ID, None, "by its name")
    kind = KINDS[look.cells(name)].replace("scores", "labels") if seen else "beside the labels"
    return ColumnRole(name, Role.UNUSED, None, kind)
