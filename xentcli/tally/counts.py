"""CellCounts: how many rows have each (true class, predicted class).

Floor 4. Dense up to 200 classes, sparse beyond, so that a vocabulary of 50,000 costs what occurs.
"""

from collections import Counter

import numpy as np

from xentcli.arrays import Indices, Integers
from xentcli.tally.grouping import Grouping

DENSE_LIMIT = 200


class CellCounts:
    """Mergeable counts of (true, predicted) pairs."""

    __slots__ = ("cells", "classes", "counts")

    def __init__(self, classes: int) -> None:
        """Start with all counts 0."""
        self.classes = classes
        self.counts: Integers | None = np.zeros(classes * classes, dtype=np.int64) if classes <= DENSE_LIMIT else None
        self.cells: Counter[int] = Counter()

    def add(self, true: Indices, predicted: Indices) -> None:
        """Count pairs of class indices, each of shape (n,)."""
        pairs = true * self.classes + predicted
        if self.counts is not None:
            self.counts += np.bincount(pairs, minlength=self.classes * self.classes)
            return
        found, number = np.unique(pairs, return_counts=True)
        for pair, rows in zip(found.tolist(), number.tolist(), strict=True):
            self.cells[pair] += rows

    def add_pairs(self, pairs: Grouping) -> None:
        """Count rows grouped by true class times the number of classes plus predicted class; dense counts only."""
        assert self.counts is not None  # noqa: S101  the caller groups by pairs only up to the dense limit
        self.counts[pairs.present] += pairs.counts()

    def merge(self, other: "CellCounts") -> None:
        """Add another one's counts to these."""
        if self.counts is not None and other.counts is not None:
            self.counts += other.counts
        self.cells.update(other.cells)

    def non_zero(self) -> list[tuple[int, int, int]]:
        """Return (true, predicted, rows) for every pair that occurs, in order."""
        if self.counts is not None:
            at = np.flatnonzero(self.counts)
            pairs = zip(at.tolist(), self.counts[at].tolist(), strict=True)
        else:
            pairs = iter(sorted(self.cells.items()))  # type: ignore[assignment]
        return [(pair // self.classes, pair % self.classes, rows) for pair, rows in pairs]

    def dense(self) -> Integers | None:
        """Return the counts, shape (classes, classes), true classes as rows; None beyond the dense limit."""
        return None if self.counts is None else self.counts.reshape(self.classes, self.classes)

    def margins(self) -> tuple[Integers, Integers, Integers]:
        """Return rows per true class, rows per predicted class, and rows that are right, each (classes,)."""
        support = np.zeros(self.classes, dtype=np.int64)
        predicted = np.zeros(self.classes, dtype=np.int64)
        right = np.zeros(self.classes, dtype=np.int64)
        for true, guess, rows in self.non_zero():
            support[true] += rows
            predicted[guess] += rows
            if true == guess:
                right[true] += rows
        return support, predicted, right
