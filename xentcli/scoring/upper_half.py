"""Scores of the upper half: what a binary task shows whose one score is never below one half.

Floor 5. A view of the Ranking, which holds the rows by score: nothing more is counted in the pass.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from xentcli.arrays import Floats, Integers
from xentcli.tally.keyed import KeyedSums
from xentcli.tally.ordered import folded_values
from xentcli.tally.ranking import Ranking

UNDECIDED = 0.55
"""A score below this does not know the one class from the other."""


@dataclass(frozen=True, slots=True)
class UpperHalf:
    """Rows (weights) of both classes, all with scores of one half or more.

    Attributes:
        lowest: the lowest score.
        undecided: the share of rows that score less than `UNDECIDED`.
        median_negative: half of the rows of the negative class score no more than this.
        mean: the mean score.
        share: of the positive class.
        variance: of a row's label if its score is its probability: the mean of p (1 - p).
    """

    lowest: float
    undecided: float
    median_negative: float
    mean: float
    share: float
    variance: float

    def standard_errors(self, rows: float) -> float:
        """Return by how many standard errors of calibrated scores the mean exceeds the share.

        If the scores are the labels' probabilities, the share of so many rows has the standard error
        sqrt(mean of p (1 - p) / n).
        """
        error = sqrt(self.variance / rows)
        excess = self.mean - self.share
        return excess / error if error > 0.0 else float("inf") if excess > 0.0 else 0.0


def upper_half(ranking: Ranking) -> UpperHalf | None:
    """Return what scores of the upper half show; None where one is below it, or a class has no row.

    Beyond the distinct scores that a Ranking holds one by one it is that of the lower edges of its bins, of which one
    begins at one half.
    """
    sides = (ranking.negative, ranking.positive)
    if not all(len(side.keys) for side in sides):
        return None
    lowest = min(float(_scores(side.keys[:1], ranking)[0]) for side in sides)
    if lowest < 0.5:
        return None
    (scores, rows), (higher, members) = (_by_score(side, ranking) for side in sides)
    positives, negatives = float(members.sum()), float(rows.sum())
    total = positives + negatives
    chance, weight = np.concatenate((scores, higher)), np.concatenate((rows, members))
    return UpperHalf(
        lowest=lowest,
        undecided=float(weight[chance < UNDECIDED].sum()) / total,
        median_negative=float(scores[np.searchsorted(rows.cumsum(), negatives / 2.0)]),
        mean=float((chance * weight).sum()) / total,
        share=positives / total,
        variance=float((chance * (1.0 - chance) * weight).sum()) / total,
    )


def _scores(keys: Integers, ranking: Ranking) -> Floats:
    return folded_values(keys << ranking.shift)[0]


def _by_score(side: KeyedSums, ranking: Ranking) -> tuple[Floats, Floats]:
    """Return the scores of a class, ascending, and the rows (weights) of each, both of shape (k,)."""
    each, _ = side.descending(side.keys)
    return _scores(side.keys, ranking), each[::-1]
