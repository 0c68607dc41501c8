"""ValueSample: a bounded sample of a column's distinct values, the same however its rows are cut or ordered.

Floor 2. The values with the smallest hashes are kept, each with the number of its rows (the bottom-k sketch of Cohen
and Kaplan, PODC 2007). Two columns that hold the same values keep the same ones, so that samples tell how much two
columns share. A column of at most `SIZE` distinct values is kept whole.
"""

import numpy as np
import numpy.typing as npt

from xentcli.record import MutableRecord, field
from xentcli.arrays import Hashes


SIZE = 4096
"""With so many values a share of 99 % is known to about 0.2 points."""

_HIGHEST = np.uint64(0xFFFFFFFFFFFFFFFF)


class ValueSample(MutableRecord):
    """The values with the smallest hashes.

    Attributes:
        hashes: of the values, rising.
        counts: in how many rows each stands.
        limit: every value whose hash is at most so large is among them.
    """

    hashes: Hashes = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))
    counts: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    limit: np.uint64 = _HIGHEST

    def add(self, hashes: Hashes) -> None:
        """Add the values of some rows by their hashes, shape (n,)."""
        new, counts = np.unique(hashes[hashes <= self.limit], return_counts=True)
        self._add(new, counts.astype(np.int64))

    def merge(self, other: "ValueSample") -> None:
        """Add the values of another part."""
        self.limit = min(self.limit, other.limit)
        self._add(other.hashes, other.counts)

    def _add(self, values: Hashes, counts: npt.NDArray[np.int64]) -> None:
        both, places = np.unique(np.concatenate([self.hashes, values]), return_inverse=True)
        summed = np.zeros(len(both), dtype=np.int64)
        np.add.at(summed, places, np.concatenate([self.counts, counts]))
        kept = both <= self.limit
        self.hashes, self.counts = both[kept][:SIZE], summed[kept][:SIZE]
        if np.count_nonzero(kept) > SIZE:
            self.limit = self.hashes[-1]

    @property
    def repeats(self) -> bool:
        """Whether a value of the sample stands in several rows."""
        return bool(np.any(self.counts > 1))

    @property
    def distinct_share(self) -> float:
        """How many distinct values there are per row; 0 without rows."""
        rows = int(self.counts.sum())
        return len(self.hashes) / rows if rows else 0.0

    def shared_with(self, other: "ValueSample") -> tuple[float, float]:
        """Return which share of these distinct values the other column has, and the reverse; 0 without values."""
        limit = min(self.limit, other.limit)
        own, others = self.hashes[self.hashes <= limit], other.hashes[other.hashes <= limit]
        both = len(np.intersect1d(own, others, assume_unique=True))
        return both / max(1, len(own)), both / max(1, len(others))
