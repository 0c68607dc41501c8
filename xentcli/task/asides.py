"""Asides: columns that stand beside labels by convention and are never labels: weights, and Kaggle's `Usage`.

Floor 3.
"""

from xentcli.files.columns import SUFFIX
from xentcli.files.table import ReadAs, Table
from xentcli.task.first_rows import first_rows
from xentcli.task.names import normal

_WEIGHTS = frozenset({
    "weight", "weights", "sample_weight", "sample_weights", "row_weight", "row_weights", "instance_weight",
    "instance_weights", "case_weight", "case_weights", "example_weight", "survey_weight",
})  # fmt: skip

_USAGE = "usage"
_USES = frozenset({"public", "private", "ignored"})

SPLIT_SAID = "Kaggle's public and private rows: --by {}"
"""What the account of a file says of the column, which is offered as a slice."""


def is_weight(column: str) -> bool:
    """Whether a column's name says that it holds the weights of the rows."""
    return normal(column.removesuffix(SUFFIX)) in _WEIGHTS


def is_split(table: Table, column: str) -> bool:
    """Whether a column is the `Usage` of a Kaggle solution: which rows count in public, in private, or not at all."""
    if column.removesuffix(SUFFIX).casefold() != _USAGE:
        return False
    found: set[object] = set()
    for batch in first_rows(table, {column: ReadAs.NATIVE}):
        found.update(batch.column(0).to_pylist())
    words = {str(cell).casefold() for cell in found if cell is not None}
    return bool(words) and words <= _USES


def is_aside(table: Table, column: str) -> bool:
    """Whether a column is one of them, so that it is no label unless the caller says so."""
    return is_weight(column) or is_split(table, column)
