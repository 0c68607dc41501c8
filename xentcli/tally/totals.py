"""RowTotals: what rows of scores sum to that are never negative and exceed 1.

Floor 4. A mergeable part of `RowFacts`. Probabilities never get here, so that it costs them nothing; see `unsigned`
for what such scores are taken for.
"""

from dataclasses import dataclass
from math import inf

import numpy as np

from xentcli.arrays import Floats
from xentcli.task.rounding import OUTSIDE_TOLERANCE

_SPREAD = 0.01
"""Totals that differ by no more than this share of the largest are one total, as the rounding of scores leaves it."""

PER_CENT = 100.0


@dataclass
class RowTotals:
    """Rows of finite scores of which none is negative and one exceeds 1.

    Attributes:
        rows: how many.
        whole: of those, rows of whole numbers.
        least: their smallest sum, infinity without rows.
        most: their largest.
        highest: their largest score.
    """

    rows: int = 0
    whole: int = 0
    least: float = inf
    most: float = -inf
    highest: float = -inf

    def add(self, scores: Floats) -> None:
        """Add rows; `scores` has shape (classes, n), in class order, of which n is at least 1."""
        totals = np.zeros(scores.shape[1])
        for one in scores:
            totals += one
        self.rows += len(totals)
        self.whole += int(np.count_nonzero((scores == np.rint(scores)).all(axis=0)))
        self.least, self.most = min(self.least, float(totals.min())), max(self.most, float(totals.max()))
        self.highest = max(self.highest, float(scores.max()))

    def merge(self, other: "RowTotals") -> None:
        """Add another one's rows to these."""
        self.rows += other.rows
        self.whole += other.whole
        self.least, self.most = min(self.least, other.least), max(self.most, other.most)
        self.highest = max(self.highest, other.highest)

    @property
    def all_whole(self) -> bool:
        """Whether all rows hold whole numbers only, as counts and votes do."""
        return self.rows > 0 and self.whole == self.rows

    def one_total(self, classes: int) -> float | None:
        """Return what every row of that many scores sums to, None where the sums differ by more than rounding.

        Per cents without decimals sum to 100 within half a unit a score.
        """
        reach = max(_SPREAD * PER_CENT, classes / 2.0 if self.all_whole else 0.0)
        if max(abs(self.least - PER_CENT), abs(self.most - PER_CENT)) <= reach:
            return PER_CENT
        if not self.most - self.least <= _SPREAD * self.most:
            return None
        middle = (self.least + self.most) / 2.0
        whole, noise = float(round(middle)), OUTSIDE_TOLERANCE * middle
        return whole if self.least - noise <= whole <= self.most + noise else middle
