"""First rows: a bounded look at some columns, the same however a table is cut into batches.

Floor 3.
"""

from collections.abc import Iterator, Mapping

import pyarrow as pa

from xentcli.files.table import ReadAs, Table
from xentcli.record import Record

FIRST = 20_000
"""Rows that tell what a column holds, where all rows are checked later."""


def first_rows(table: Table, columns: Mapping[str, ReadAs], rows: int = FIRST) -> Iterator[pa.RecordBatch]:
    """Yield the first rows of some columns, in batches."""
    left = rows
    for batch in table.batches(columns):
        yield batch.slice(0, left)
        left -= batch.num_rows
        if left <= 0:
            return


class FirstPart(Record):
    """The first rows of a table as its only part."""

    table: Table

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        yield from first_rows(self.table, columns)
