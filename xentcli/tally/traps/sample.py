"""RowSample: some of the scored rows, kept for what is too dear to count on all of them.

Floor 4. A mergeable part of TrapFacts. Rows are chosen by a hash of their own numbers, never by where they stand: a
part of a text file does not know its first row's number, and no result may depend on how rows were cut, ordered or
shared among threads. A row is kept as long as its hash begins with so many zeros; while more rows are kept than the
limit allows, one zero more is asked for, which leaves about half. Fewer rows never ask for more zeros than all of them,
so that merging in any order leaves the same rows. As long as all rows fit, all are kept.

Rows with the very same numbers are kept or left out together: where scores are coarse, a sample of many rows may not
stand for them (rules compare its loss with that of all).
"""

from math import sqrt

import numpy as np
import numpy.typing as npt

from xentcli.arrays import AnyFloats, Floats, Mask
from xentcli.record import MutableRecord, Record, field

MOST_ROWS = 1 << 15
"""So many rows tell a temperature to a per cent."""

MOST_SCORES = 1 << 18
"""2 MB of float64 at most, and as much while rows are left out."""

ENOUGH_ROWS, WIDEST = 1 << 11, 1 << 19
"""Of many classes so many rows are kept nevertheless, up to so many scores."""

FEWEST_ROWS = 1 << 9
"""Where fewer rows than this would be kept, because there are more than 1,024 classes, none are."""

STRANGE = 5.0
"""Standard errors by which a sample may miss what all rows show."""

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
"""2^64 / golden ratio, odd: the multiplicative hash of Knuth, The Art of Computer Programming 3, 6.4."""

Hashes = npt.NDArray[np.uint64]


def row_limit(scores: int) -> int:
    """Return how many rows of so many scores are kept; 0 for none."""
    most = min(MOST_ROWS, max(MOST_SCORES // scores, min(ENOUGH_ROWS, WIDEST // scores)))
    return most if most >= FEWEST_ROWS else 0


def hashes(numbers: Floats, others: AnyFloats | None = None) -> Hashes:
    """Return a hash of each row from one or two of its numbers, each of shape (n,); its leading bits are well mixed."""
    bits = np.ascontiguousarray(numbers).view(np.uint64)
    if others is not None:
        bits = bits + others.astype(np.float64).view(np.uint64)
    return bits * _MULTIPLIER


class SampledRows(Record):
    """Rows that were kept.

    Attributes:
        hashed: shape (n,).
        scores: shape (K, n), as the plan reads them, float32 or float64.
        truth: shape (n,), classes; or shape (K, n), which labels hold.
    """

    hashed: Hashes
    scores: AnyFloats
    truth: npt.NDArray[np.generic]

    @property
    def rows(self) -> int:
        """How many there are."""
        return len(self.hashed)


class RowSample(MutableRecord):
    """The rows that are kept so far.

    Attributes:
        limit: of their number.
        zeros: how many zeros a hash must begin with.
        kept: the rows, a piece for each block that had some.
        seen: how many rows there were.
    """

    limit: int
    zeros: int = 0
    kept: list[SampledRows] = field(default_factory=list)
    seen: int = 0

    def add(self, hashed: Hashes, scores: AnyFloats, truth: npt.NDArray[np.generic]) -> None:
        """Add rows; see `SampledRows` for the shapes."""
        self.seen += len(hashed)
        if not self.limit:
            return
        at = np.flatnonzero(_begins_with(hashed, self.zeros))
        if len(at):
            chosen = SampledRows(hashed[at], scores.take(at, axis=1), truth.take(at, axis=-1))
            self.kept.append(chosen)
            self._fit()

    def _fit(self) -> None:
        rows = sum(one.rows for one in self.kept)
        while rows > self.limit:
            self.zeros += 1
            self._thin()
            rows = sum(one.rows for one in self.kept)

    def _thin(self) -> None:
        thinned = []
        for one in self.kept:
            stays = np.flatnonzero(_begins_with(one.hashed, self.zeros))
            if len(stays):
                thinned.append(
                    SampledRows(one.hashed[stays], one.scores.take(stays, axis=1), one.truth.take(stays, axis=-1))
                )
        self.kept = thinned

    def merge(self, other: "RowSample") -> None:
        """Add another one's rows to these."""
        self.seen += other.seen
        self.kept = [*self.kept, *other.kept]
        if self.zeros != other.zeros:
            self.zeros = max(self.zeros, other.zeros)
            self._thin()
        self._fit()

    def as_many_as_expected(self, rows: int) -> bool:
        """Whether chance keeps so many rows, within 5 standard errors; of rows that repeat it may keep others."""
        expected = self.seen / 2.0**self.zeros
        return abs(rows - expected) <= (STRANGE * sqrt(expected) if self.zeros else 0.0)

    def rows(self) -> SampledRows | None:
        """Return the rows that are kept, in an order that follows from them alone; None if there are none."""
        if not self.kept:
            return None
        hashed = np.concatenate([piece.hashed for piece in self.kept])
        scores = np.concatenate([piece.scores for piece in self.kept], axis=1)
        truth = np.concatenate([piece.truth for piece in self.kept], axis=-1)
        order = np.lexsort((_fingerprints(scores, truth), hashed))
        return SampledRows(hashed[order], scores.take(order, axis=1), truth.take(order, axis=-1))


def _fingerprints(scores: AnyFloats, truth: npt.NDArray[np.generic]) -> Hashes:
    """Return a number for each row, shape (n,), that rows hardly ever share which differ in a score or in the truth.

    Rows of the same loss whose scores stand in another order must not stay as they came: their terms differ in the last
    bits, and so would a sum over them.
    """
    numbers = np.concatenate([scores.astype(np.float64), np.atleast_2d(truth).astype(np.float64)])
    powers = np.cumprod(np.full(len(numbers), _MULTIPLIER))
    return np.asarray((numbers.view(np.uint64) * powers[:, None]).sum(axis=0, dtype=np.uint64))


def _begins_with(hashed: Hashes, zeros: int) -> Mask:
    found: Mask = np.less_equal(hashed, np.uint64((1 << (64 - zeros)) - 1))
    return found
