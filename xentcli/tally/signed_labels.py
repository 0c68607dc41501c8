"""Signed labels: whether -1 says no in label columns of -1, 0 and 1, so that 0 leaves a label open, as in PASCAL VOC.

Floor 4. One pass over the label columns, asked only where they hold more than 0 and 1.
"""

import numpy as np

from xentcli.files.arrays import floats, is_list
from xentcli.files.plain import is_text
from xentcli.files.table import ReadAs, Table

ZERO_OPEN = "-1 fills most cells: it says no, and 0 leaves a label open; rows with such a label are not scored"


def minus_fills(table: Table, columns: tuple[str, ...]) -> bool:
    """Return whether -1 stands in more than half of all cells, as `inspect` asks before it reads 0 as open."""
    kinds = [table[name].type for name in columns]
    if any(is_list(kind) or (is_text(kind) and not table.format.is_text) for kind in kinds):
        return False
    minus = cells = 0
    for batch in table.batches(dict.fromkeys(columns, ReadAs.NUMBER)):
        for name, array in zip(batch.schema.names, batch.columns, strict=True):
            minus += int(np.count_nonzero(floats(array, name) == -1.0))
            cells += len(array)
    return 2 * minus > cells
