"""Flipped: what the loss of a binary task would be if the score were the other class's.

Floor 5. A view of the Ranking, which holds the rows by score: nothing more is counted in the pass.
"""

import numpy as np

from xentcli.arrays import Floats, Integers
from xentcli.tally.losses import EPS
from xentcli.tally.ordered import folded_values, ordered_values
from xentcli.tally.plan import Plan
from xentcli.tally.ranking import Ranking
from xentcli.task.model import Scale


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
