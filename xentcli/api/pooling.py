"""Pooled models in what is scored: looked for where a column is named so, and told where ids repeat.

Floor 8.
"""

from xentcli.api.reading import FinishedPass
from xentcli.errors import DuplicateIdError
from xentcli.files.arrays import is_list
from xentcli.files.table import Table
from xentcli.task.names import listed
from xentcli.task.pooled import Pooled, find_pooled


def pooled_in(table: Table, reading: FinishedPass, slicings: tuple[tuple[str, ...], ...]) -> Pooled | None:
    """Return the models whose outputs stand under one another; None where none do, or where a slicing parts them."""
    sliced = {name for columns in slicings for name in columns}
    used = set(reading.tally.plan.columns) - sliced
    labels = tuple(reading.refusable.coder.columns)
    single = len(labels) == 1 and not is_list(table[labels[0]].type)
    found = find_pooled(table, used, labels[0] if single else None)
    parted = found is not None and any(set(found.columns) <= set(columns) for columns in slicings)
    return None if parted else found


def told_apart(error: DuplicateIdError, table: Table) -> DuplicateIdError:
    """Return the error with the column that tells the repeated ids of a table apart, where there is one."""
    column = None if error.place is None else error.place.column
    if error.place is None or column is None or error.place.path != table.path or column not in table.names:
        return error
    found = find_pooled(table, (), None, column)
    if found is None:
        return error
    names = " and ".join(found.columns)
    return DuplicateIdError(
        error.message,
        place=error.place,
        details=(*error.details, f"{names} tells the repeats apart: {listed(found.values)}"),
        help=f"keep the rows of one {names}; or, with the labels in the same file, leave --id out and score each by"
        f" itself: --by {'+'.join(found.columns)}",
    )
