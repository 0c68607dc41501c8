"""RowHashes: a hash of every scored row, as long as these are few enough to be counted exactly.

Floor 4. A mergeable part of TrapFacts. Of more than 2^20 rows none is kept, whoever read how many of them.
"""

import numpy as np

from xentcli.record import MutableRecord, field
from xentcli.tally.traps.sample import Hashes

MOST_ROWS = 1 << 20
"""8 MB."""


class RowHashes(MutableRecord):
    """The hashes so far.

    Attributes:
        rows: how many rows there are.
        pieces: their hashes, a piece for each block; empty if they are too many.
    """

    rows: int = 0
    pieces: list[Hashes] = field(default_factory=list)

    def add(self, hashed: Hashes) -> None:
        """Add rows."""
        self._take(len(hashed), [hashed])

    def merge(self, other: "RowHashes") -> None:
        """Add another one's rows to these."""
        self._take(other.rows, other.pieces)

    def _take(self, rows: int, pieces: list[Hashes]) -> None:
        self.rows += rows
        if self.rows <= MOST_ROWS:
            self.pieces.extend(pieces)
        else:
            self.pieces.clear()

    def all(self) -> Hashes | None:
        """Return the hashes of all rows, in no order that means anything; None if they are too many, or none."""
        return np.concatenate(self.pieces) if self.pieces else None
