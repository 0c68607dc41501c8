"""Differences: where two tables hold other values in the same row, and whether those stand in other rows.

Floor 2. Both are read side by side; memory is a batch of either and two samples.
"""

import pyarrow as pa

from xentcli.errors import InputError, Place
from xentcli.files.cursor import Cursor, side_by_side
from xentcli.files.keys import id_texts
from xentcli.files.spellings import plain_ids
from xentcli.files.table import ReadAs, Table
from xentcli.files.value_facts import hashes
from xentcli.files.value_sample import ValueSample


def order_error(
    left: Table, right: Table, names: tuple[str, str], least: float, *, plain: bool = False
) -> InputError | None:
    """Return the error for a column by which the rows of two tables stand in another order, None if they do not.

    Args:
        left: the predictions.
        right: the labels, or other predictions.
        names: of the column in either.
        least: the share of the values of differing rows that stand in other such rows of the other table, from which on
            the order is another one; 0 if values that differ are enough.
        plain: whether folders, suffixes and midnights are no part of a value; see `plain_ids`.
    """
    first: tuple[int, str, str] | None = None
    samples = ValueSample(), ValueSample()
    row = 0
    for batches in side_by_side([_cursor(left, names[0]), _cursor(right, names[1])]):
        here, there = (id_texts(batch.column(0)) for batch in batches)
        one, other = (hashes(plain_ids(texts) if plain else texts) for texts in (here, there))
        differs = one != other
        if differs.any():
            at = int(differs.argmax())
            first = first or (row + at + 1, _shown(here[at]), _shown(there[at]))
            samples[0].add(one[differs])
            samples[1].add(other[differs])
        row += len(one)
    if first is None or min(samples[0].shared_with(samples[1])) < least:
        return None
    at, own, others = first
    there_named = names[1] if names[1] != names[0] else "it"
    return InputError(
        f"holds {own} where {there_named} holds {others} in the same row of {right.path}: the rows of the two files"
        " do not stand in the same order",
        place=Place(left.path, left.lines((at,)).get(at), at, names[0]),
        help="name a column that tells which rows belong together: --id COLUMN, or --id A=B where it has two names;"
        " both files must write its values in one way",
    )


def _cursor(table: Table, column: str) -> Cursor:
    return Cursor(table.batches({column: ReadAs.NATIVE}))


def _shown(cell: pa.Scalar) -> str:
    return repr(cell.as_py())
