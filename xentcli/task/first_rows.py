"""First rows: a bounded look at some columns, the same however a table is cut into batches.

Floor 3.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from xentcli.files.table import Part, ReadAs, Table

FIRST = 20_000
"""Rows that tell what a column holds, where all rows are checked later."""


@dataclass(frozen=True)
class FirstPart:
    """The first rows of a part."""

    part: Part

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        yield from _cut(self.part.read(columns), FIRST)


def first_rows(table: Table, columns: Mapping[str, ReadAs], rows: int = FIRST) -> Iterator[pa.RecordBatch]:
    """Yield the first rows of some columns, in batches."""
    yield from _cut(table.batches(columns), rows)


def _cut(batches: Iterator[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    left = rows
    for batch in batches:
        yield batch.slice(0, left)
        left -= batch.num_rows
        if left <= 0:
            return
