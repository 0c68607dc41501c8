"""Open labels: rows of 0/1 label columns that say something of some labels and nothing of others.

Floor 8. The pass counts such rows among those without a label; which of them are blank altogether takes another look,
at the label columns alone, and only where there are any.
"""

import numpy as np
import pyarrow as pa

from xentcli.arrays import Mask
from xentcli.files.arrays import is_list, nulls
from xentcli.files.table import Table
from xentcli.rules.labels.scored import OpenLabels
from xentcli.tally.engine import AnyTally
from xentcli.tally.multilabel import MultiLabelTally
from xentcli.tally.row_facts import FIRST_ROWS
from xentcli.task.coding import HotCoder


def open_labels(table: Table, tally: AnyTally) -> OpenLabels:
    """Return which rows of a scored table leave some of their labels open."""
    coder = tally.plan.coder if isinstance(tally, MultiLabelTally) else None
    if not isinstance(coder, HotCoder) or not tally.facts.missing_label.count:
        return OpenLabels()
    count, read = 0, 0
    first: list[int] = []
    for batch in table.batches(coder.columns):
        rows = np.flatnonzero(_open(batch, coder))
        count += len(rows)
        first += (read + 1 + rows[: FIRST_ROWS - len(first)]).tolist()
        read += batch.num_rows
    return OpenLabels(count, tuple(first), zero=coder.zero_open)


def _open(batch: pa.RecordBatch, coder: HotCoder) -> Mask:
    """Return the rows in which some cells are blank and others are not, shape (n,)."""
    if is_list(batch.column(0).type):
        none = nulls(batch.column(0))
        missing = coder.code(batch).missing
        return missing if none is None else missing & ~none
    alone = [HotCoder((name,), 1, one_hot=False, words=coder.words, zero_open=coder.zero_open) for name in coder.names]
    blank = np.stack([one.code(batch).missing for one in alone])
    return np.asarray(blank.any(axis=0) & ~blank.all(axis=0))
