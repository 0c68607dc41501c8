"""Kept rows: classes and hashes of all scored rows, as long as these are few enough.

Floor 4. KeptRows: the classes of all scored rows, as long as these are few enough to be tried in other orders. A
mergeable part of Shifts. Of more than 2^18 rows none is kept, whoever read how many of them.

RowHashes: a hash of every scored row, as long as these are few enough to be counted exactly. Of more than 2^20 rows
none is kept, whoever read how many of them.
"""

from collections.abc import Mapping

import numpy as np

from xentcli.arrays import AnyIntegers, Codes, Indices
from xentcli.record import MutableRecord, Record, field
from xentcli.tally.traps.sample import Hashes

MOST_HASHES = 1 << 20
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
        if self.rows <= MOST_HASHES:
            self.pieces.extend(pieces)
        else:
            self.pieces.clear()

    def all(self) -> Hashes | None:
        """Return the hashes of all rows, in no order that means anything; None if they are too many, or none."""
        return np.concatenate(self.pieces) if self.pieces else None


MOST_ROWS = 1 << 18
"""Of more rows none is kept."""

_UNSCORED = (-1, -2)


def as_array(places: range | Indices) -> Indices:
    """Return where some rows stand; numpy would go through a range number by number."""
    return np.arange(places.start, places.stop) if isinstance(places, range) else places


class KeptPiece(Record):
    """Some rows of a part.

    Attributes:
        part: its ordinal.
        places: n, where they stand in it.
        labels: shape (n,), the true classes.
        predicted: shape (n,), the decisions.
    """

    part: int
    places: range | Indices
    labels: AnyIntegers
    predicted: AnyIntegers


class KeptRows(MutableRecord):
    """The scored rows so far.

    Attributes:
        rows: how many there are.
        pieces: what they hold; empty if they are too many.
    """

    rows: int = 0
    pieces: list[KeptPiece] = field(default_factory=list)

    def add(self, part: int, places: range | Indices, labels: AnyIntegers, predicted: AnyIntegers) -> None:
        """Add rows of a part, as `KeptPiece` has them."""
        self._take(len(labels), [KeptPiece(part, places, labels, predicted)])

    def merge(self, other: "KeptRows") -> None:
        """Add another one's rows to these."""
        self._take(other.rows, other.pieces)

    def _take(self, rows: int, pieces: list[KeptPiece]) -> None:
        self.rows += rows
        if self.rows <= MOST_ROWS:
            self.pieces.extend(pieces)
        else:
            self.pieces.clear()

    def in_order(self, part_rows: Mapping[int, int]) -> tuple[Codes, Codes] | None:
        """Return the true and the predicted class of each row of the table, scored or not, each of shape (rows,).

        Rows that were not scored hold -1 and -2, so that they agree with none. None if there are too many rows.

        Args:
            part_rows: the rows of each part.
        """
        total = sum(part_rows.values())
        if not 0 < self.rows <= total <= MOST_ROWS:
            return None
        labels, predicted = (np.full(total, one, dtype=np.int32) for one in _UNSCORED)
        starts, start = {}, 0
        for part in sorted(part_rows):
            starts[part] = start
            start += part_rows[part]
        for one in self.pieces:
            at = starts[one.part] + as_array(one.places)
            labels[at], predicted[at] = one.labels, one.predicted
        return labels, predicted
