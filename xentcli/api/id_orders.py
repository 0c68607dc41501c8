"""Orders of ids: in which other orders the rows of a scored table would stand, were they sorted by their ids.

Floor 8. The pass does not read ids that nothing is joined by. They are looked at only where predictions agree with
labels no more than by chance, and only where all rows are few enough to be kept.
"""

import numpy as np

from xentcli.files.table import ReadAs, Table
from xentcli.phrases import natural
from xentcli.record import replace
from xentcli.rules.facts import IdOrder, TaskFacts
from xentcli.rules.order.misaligned_rows import may_stand_otherwise
from xentcli.tally.traps.kept_rows import MOST_ROWS
from xentcli.task.model import ColumnRole, Role


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
