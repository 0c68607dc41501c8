"""TieSets: which classes share the top score in tied rows, and what other orders of the columns would make of them.

Floor 4. A mergeable part of the Edges of tasks with few classes. Arg-max takes the first of the classes that share
the top score, so the order of the columns decides; with the sets known, the best and the worst order are found exactly.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

AnyFloats = npt.NDArray[np.floating]
Indices = npt.NDArray[np.intp]
Integers = npt.NDArray[np.int64]

MOST_CLASSES = 10
"""There are 2^classes sets."""


class Reach(NamedTuple):
    """How many tied rows are right in the worst and in the best order of the columns."""

    least: int
    most: int


@dataclass
class TieSets:
    """Tied rows whose true class is among those that share the top score.

    Attributes:
        counts: shape (classes, 2^classes), rows by true class and by set; bit c of a set stands for class c. None
            before the first such row, and for tasks with more than `MOST_CLASSES` classes.
    """

    counts: Integers | None = None

    def add(self, scores: AnyFloats, true: Indices) -> None:
        """Add tied rows: `scores`, shape (classes, n), and their true classes, shape (n,)."""
        classes, rows = scores.shape
        if classes > MOST_CLASSES or rows == 0:
            return
        leads = scores == scores.max(axis=0)
        sets = np.zeros(rows, dtype=np.intp)
        for at, leading in enumerate(leads):
            sets |= leading.astype(np.intp) << at
        among = (sets >> true) & 1 == 1
        found = np.bincount((true[among] << classes) + sets[among], minlength=classes << classes)
        self._add(found.reshape(classes, -1))

    def _add(self, counts: Integers) -> None:
        self.counts = counts if self.counts is None else self.counts + counts

    def merge(self, other: "TieSets") -> None:
        """Add another one's rows to these."""
        if other.counts is not None:
            self._add(other.counts)

    def reach(self) -> Reach | None:
        """Return what the worst and the best order of the columns make right; None where the sets are not known.

        Columns are placed one after the other: a class that is placed wins every tie that it shares with classes
        placed later, whatever their order. Held and Karp (1962), J. SIAM 10, on such recursions over subsets.
        """
        if self.counts is None:
            return None
        classes = len(self.counts)
        wins = _sums_over_subsets(self.counts)
        every = (1 << classes) - 1
        least, most = [0] * (every + 1), [0] * (every + 1)
        for placed in range(every - 1, -1, -1):
            left = every & ~placed
            after = [(int(wins[at, left]), placed | 1 << at) for at in range(classes) if left >> at & 1]
            least[placed] = min(won + least[then] for won, then in after)
            most[placed] = max(won + most[then] for won, then in after)
        return Reach(least[0], most[0])


def _sums_over_subsets(counts: Integers) -> Integers:
    """Return for each class and set the rows whose tied classes all lie in that set, shape (classes, 2^classes)."""
    sums = counts.copy()
    for at in range(len(counts)):
        halves = sums.reshape(len(counts), -1, 2, 1 << at)
        halves[:, :, 1] += halves[:, :, 0]
    return sums
