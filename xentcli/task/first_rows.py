"""First rows: a bounded look at some columns, the same however a table is cut into batches.

Floor 3.
"""

from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa

from xentcli.files.table import ReadAs, Table
from xentcli.record import Record

FIRST = 20_000
"""Rows that tell what a column holds, where all rows are checked later."""

HEAD_ROWS = 5_000
"""Rows whose cells are looked at one by one."""

MOST_COLUMNS = 50
"""Wider tables hold features, and no answers of people."""


def first_rows(table: Table, columns: Mapping[str, ReadAs], rows: int = FIRST) -> Iterator[pa.RecordBatch]:
    """Yield the first rows of some columns, in batches."""
    left = rows
    for batch in table.batches(columns):
        yield batch.slice(0, left)
        left -= batch.num_rows
        if left <= 0:
            return


def first_cells(table: Table, columns: Sequence[str], rows: int = HEAD_ROWS) -> dict[str, list[object]]:
    """Return the cells of the first rows of some columns."""
    found: dict[str, list[object]] = {name: [] for name in columns}
    if columns:
        for batch in first_rows(table, dict.fromkeys(columns, ReadAs.NATIVE), rows):
            for name, array in zip(columns, batch.columns, strict=True):
                found[name] += array.to_pylist()
    return found


class FirstPart(Record):
    """The first rows of a table as its only part."""

    table: Table

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        yield from first_rows(self.table, columns)
