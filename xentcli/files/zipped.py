"""Zipping: two streams of batches side by side, row by row.

Floor 2. Memory is a batch of either side.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from xentcli.files.sides import Sides
from xentcli.files.table import Part, ReadAs


@dataclass(frozen=True)
class RowsPart:
    """Some parts of the predictions beside the label rows that belong to them.

    Attributes:
        sides: the two tables.
        lefts: parts of the predictions.
        rights: parts of the labels, from the one that holds the first row on.
        skip: label rows before that row.
        rows: number of rows, None if only the end tells; then both must end together.
    """

    sides: Sides
    lefts: tuple[Part, ...]
    rights: tuple[Part, ...]
    skip: int = 0
    rows: int | None = None

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        left_columns, right_columns = self.sides.split(columns)
        left, right = _Cursor(self.lefts, left_columns), _Cursor(self.rights, right_columns)
        if not right_columns:
            for batch in left:
                yield self.sides.assembled(columns, batch, None)
            return
        right.pass_over(self.skip)
        if not left_columns:
            for batch in right.first(self.rows):
                yield self.sides.assembled(columns, None, batch)
            return
        while count := min(left.available(), right.available()):
            yield self.sides.assembled(columns, left.take(count), right.take(count))
        if self.rows is None and (left.available() or right.available()):
            raise self.sides.unequal(left.drained(), right.drained())


class _Cursor:
    """Hands out the rows of some parts in pieces of any size up to a batch."""

    def __init__(self, parts: tuple[Part, ...], columns: Mapping[str, ReadAs]) -> None:
        self._batches = (batch for part in parts for batch in part.read(columns)) if columns else iter(())
        self._held: pa.RecordBatch | None = None
        self._taken = 0

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        while count := self.available():
            yield self.take(count)

    def available(self) -> int:
        """Return how many rows can be taken at once, 0 at the end."""
        while self._held is None or self._held.num_rows == 0:
            self._held = next(self._batches, None)
            if self._held is None:
                return 0
        return int(self._held.num_rows)

    def take(self, count: int) -> pa.RecordBatch:
        """Return the next rows, at most as many as are available."""
        assert self._held is not None  # noqa: S101  `available` said how many there are
        taken, self._held = self._held.slice(0, count), self._held.slice(count)
        self._taken += count
        return taken

    def first(self, count: int | None) -> Iterator[pa.RecordBatch]:
        """Yield the next `count` rows, all rows if it is None."""
        while available := self.available():
            piece = available if count is None else min(count, available)
            if piece == 0:
                return
            yield self.take(piece)
            count = None if count is None else count - piece

    def pass_over(self, count: int | None) -> None:
        """Leave out the next `count` rows, all rows if it is None."""
        for _ in self.first(count):
            pass

    def drained(self) -> int:
        """Return the number of all rows, reading the rest."""
        self.pass_over(None)
        return self._taken
