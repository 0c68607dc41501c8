"""Id columns that nobody named: in which order they would put the rows, and whether some of them repeat.

Floor 8.

Orders of ids: in which other orders the rows of a scored table would stand, were they sorted by their ids. The pass
does not read ids that nothing is joined by. They are looked at only where predictions agree with labels no more
than by chance, and only where all rows are few enough to be kept.

Repeated ids: whether a column that is named as an id, and that nobody asked for, holds some ids several times. The
pass does not read such a column; it is read once more, and only in the first rows.
"""

import numpy as np
import pyarrow as pa

from xentcli.addresses import is_remote
from xentcli.arrays import Indices, Integers
from xentcli.errors import InputError
from xentcli.files.arrays import view
from xentcli.files.keys import fingerprints, keys
from xentcli.files.table import ReadAs, Table
from xentcli.phrases import natural
from xentcli.record import replace
from xentcli.rules.facts import MIN_ROWS, IdOrder, RepeatedIds, TaskFacts
from xentcli.rules.order.misaligned_rows import may_stand_otherwise
from xentcli.tally.traps.kept_rows import MOST_ROWS
from xentcli.task.first_rows import first_rows
from xentcli.task.model import ColumnRole, Role
from xentcli.task.reading.names import name_of


def with_id_orders(
    tasks: tuple[TaskFacts, ...], table: Table, account: tuple[ColumnRole, ...]
) -> tuple[TaskFacts, ...]:
    """Return the facts of the tasks, with the orders of the table's ids where another order is suspected."""
    suspected = [task.scores is not None and may_stand_otherwise(task.scores) for task in tasks]
    column = next((one.name for one in account if one.role is Role.ID), None)
    if column is None or column not in table.names or not any(suspected):
        return tasks
    orders = _orders(table, column)
    return tuple(
        replace(task, scores=replace(task.scores, id_orders=orders)) if wanted and task.scores is not None else task
        for task, wanted in zip(tasks, suspected, strict=True)
    )


def _orders(table: Table, column: str) -> tuple[IdOrder, ...]:
    """Return the orders of a column's cells, as texts and by the numbers in them, in which the rows do not stand."""
    cells: list[object] = []
    for batch in table.batches({column: ReadAs.NATIVE}):
        cells += batch.column(0).to_pylist()
        if len(cells) > MOST_ROWS:
            return ()
    texts = [str(one) for one in cells if one is not None]
    if len(texts) < len(cells):
        return ()
    numbers = [natural(text) for text in texts]
    found = (
        IdOrder(f"{column} as texts", np.array(sorted(range(len(texts)), key=texts.__getitem__), dtype=np.intp)),
        IdOrder(
            f"{column} by its numbers", np.array(sorted(range(len(texts)), key=numbers.__getitem__), dtype=np.intp)
        ),
    )
    return tuple(one for one in found if (one.order[1:] < one.order[:-1]).any())


_MOST_NUMBERS, _MOST_TEXTS = 1 << 20, 1 << 16
"""Rows that are looked at: of a text format each is parsed again, whole; other ids may become texts one by one."""

_SHOWN = 10

_LEAST_COPIES, _LEAST_SHARE = 3, 0.01

_MOST_TIMES = 4
"""Ids that stand more often are those of groups, such as patients, which rows have in common on purpose."""

_RESTARTS = frozenset({"index", "idx", "row", "rowid", "rowname", "rownames", "no", "number"})
"""Words of numbers that start again with each file that was put behind another one."""


def repeated_ids(table: Table, account: tuple[ColumnRole, ...]) -> RepeatedIds | None:
    """Return the ids that stand several times; None where none do, no column is an id, or the file is remote.

    A column that cannot be read says nothing: the report needs no such column.
    """
    column = next((one.name for one in account if one.role is Role.ID and _may_tell(one.name)), None)
    if column is None or column not in table.names or is_remote(str(table.path)):
        return None
    kind = table[column].type
    whole = not table.format.is_text and pa.types.is_integer(kind) and kind != pa.uint64()
    most = _MOST_NUMBERS if whole else _MOST_TEXTS
    ids = _numbers_of(table, column, most, whole=whole)
    if ids is None or len(ids) < MIN_ROWS or (ids[1:] > ids[:-1]).all():
        return None
    return _counted(column, ids)


def _may_tell(column: str) -> bool:
    """Whether a name is one of ids that do not start again with every file."""
    words = set(name_of(column).words)
    return bool(words) and not words & _RESTARTS and not column.startswith(("Unnamed: ", "__index"))


def _numbers_of(table: Table, column: str, most: int, *, whole: bool) -> Integers | None:
    """Return a number for each id, the same for the same id; None if one is missing or the column cannot be read."""
    if pa.types.is_nested(table[column].type):
        return None
    try:
        batches = first_rows(table, {column: ReadAs.NATIVE}, most)
        arrays = [batch.column(0) for batch in batches]
    except InputError:
        return None
    if not arrays or any(array.null_count for array in arrays):
        return None
    if whole:
        return np.concatenate([view(array).astype(np.int64, copy=False) for array in arrays])
    ids = [keys(array, as_integers=False) for array in arrays]
    return None if any(array.null_count for array in ids) else np.concatenate([fingerprints(array) for array in ids])


def _counted(column: str, ids: Integers) -> RepeatedIds | None:
    in_order = np.sort(ids)
    rows, copies = len(ids), int(np.count_nonzero(in_order[1:] == in_order[:-1]))
    if copies < max(_LEAST_COPIES, _LEAST_SHARE * rows) or rows > _MOST_TIMES * (rows - copies):
        return None
    _, first, counts = np.unique(ids, return_index=True, return_counts=True)
    again: Indices = np.setdiff1d(np.arange(rows), first)[:_SHOWN]
    return RepeatedIds(
        column=column,
        rows=rows,
        copies=copies,
        clusters=float(np.square(counts).sum()) / rows,
        first=tuple(int(row) + 1 for row in again),
    )
