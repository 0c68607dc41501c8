"""Cursor: the rows of a stream of batches in pieces of any size, so that streams can go side by side.

Floor 2. Memory is a batch of each stream.
"""

from collections.abc import Iterator, Sequence

import pyarrow as pa


class Cursor:
    """Hands out the rows of some batches in pieces of any size up to a batch."""

    def __init__(self, batches: Iterator[pa.RecordBatch]) -> None:
        """Stand before the first row."""
        self._batches = batches
        self._held: pa.RecordBatch | None = None
        self._taken = 0

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


def side_by_side(cursors: Sequence[Cursor]) -> Iterator[list[pa.RecordBatch]]:
    """Yield batches of equal length, one of each stream, until one of the streams ends."""
    while count := min(cursor.available() for cursor in cursors):
        yield [cursor.take(count) for cursor in cursors]
