"""Worst: the rows with the largest losses.

Floor 4. A mergeable part of every Tally. Rows are kept as (part, row in the part) until the end; of equal losses the
row that stands first counts as worse.
"""

import heapq
from collections.abc import Sequence

import numpy as np

from xentcli.arrays import Floats, Indices
from xentcli.record import MutableRecord, OrderedRecord, field

Entry = tuple[float, tuple[int, ...], tuple[int, ...], float | None]
"""Loss, true classes, predicted classes, score."""


class LargeLoss(OrderedRecord):
    """A row with a large loss; they are ordered worst first.

    Attributes:
        minus_loss: the loss with its sign turned.
        part: ordinal of its part.
        row: its row in the part, from 0.
        labels: the true class, or the labels it has.
        predicted: the predicted class, or labels.
        score: what the file gives the true class; None for several labels.
    """

    minus_loss: float
    part: int
    row: int
    labels: tuple[int, ...] = field(compare=False)
    predicted: tuple[int, ...] = field(compare=False)
    score: float | None = field(compare=False)


class Worst(MutableRecord):
    """The `most` rows with the largest losses, worst first."""

    most: int
    rows: list[LargeLoss] = field(default_factory=list)

    def candidates(self, loss: Floats) -> Indices:
        """Return the rows of a block that may be among the worst, in row order."""
        if self.most == 0 or len(loss) == 0:
            return np.zeros(0, dtype=np.intp)
        least = -self.rows[-1].minus_loss if len(self.rows) == self.most else -np.inf
        if len(loss) > self.most:
            least = max(least, float(np.partition(loss, len(loss) - self.most)[len(loss) - self.most]))
        return np.flatnonzero(loss >= least)

    def add(self, at: tuple[int, int], rows: Indices, entries: Sequence[Entry]) -> None:
        """Add candidates.

        Args:
            at: part ordinal, and the row in its part that the rows are counted from.
            rows: shape (m,), the candidates.
            entries: what is remembered of each.
        """
        part, first = at
        new = [
            LargeLoss(-loss, part, first + row, labels, predicted, score)
            for row, (loss, labels, predicted, score) in zip(rows.tolist(), entries, strict=True)
        ]
        self.rows = heapq.nsmallest(self.most, [*self.rows, *new])

    def merge(self, other: "Worst") -> None:
        """Add another one's rows to these."""
        self.rows = heapq.nsmallest(self.most, [*self.rows, *other.rows])
