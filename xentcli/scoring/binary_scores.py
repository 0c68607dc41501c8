"""What the scores of a binary task show beyond its metrics: the loss of swapped classes, scores never below one half.

Floor 5. Views of the Ranking, which holds the rows by score: nothing more is counted in the pass.
"""

from math import sqrt

import numpy as np

from xentcli.arrays import Floats, Integers
from xentcli.record import Record
from xentcli.tally.losses import EPS
from xentcli.tally.plan import Plan
from xentcli.tally.ranking import Ranking
from xentcli.tally.sums_by_key import KeyedSums, folded_values, ordered_values
from xentcli.terms import Scale


def flipped_loss(ranking: Ranking, plan: Plan) -> float | None:
    """Return the mean loss (by weight) with both classes swapped, in nats.

    Beyond the distinct scores that a Ranking holds one by one it is that of the lower edges of its bins. None where
    there is no row (no weight), or an infinite logit.
    """
    cost = weight = 0.0
    for side, positive in ((ranking.negative, False), (ranking.positive, True)):
        if len(side.keys):
            each, _ = side.descending(side.keys)
            cost += float((each[::-1] * _losses(side.keys << ranking.shift, plan, positive=positive)).sum())
            weight += float(each.sum())
    return cost / weight if weight > 0.0 and np.isfinite(cost) else None


def _losses(keys: Integers, plan: Plan, *, positive: bool) -> Floats:
    """Return -log of what the swapped scores give to the class that is true."""
    if plan.scale is Scale.PROBABILITIES:
        chance, rest = folded_values(keys)
        return np.negative(np.log(np.clip(rest if positive else chance, EPS, 1.0 - EPS)))
    scores = ordered_values(keys)
    if plan.scale is Scale.LOG_PROBABILITIES and plan.single:
        rest = np.negative(np.expm1(np.minimum(scores, -EPS)))
        return np.negative(np.log(rest)) if positive else np.negative(scores)
    return np.logaddexp(0.0, scores if positive else -scores)


UNDECIDED = 0.55
"""A score below this does not know the one class from the other."""


class UpperHalf(Record):
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
