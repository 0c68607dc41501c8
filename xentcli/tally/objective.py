"""Objectives: what a row costs where soft targets, label smoothing or a focal factor reshape the cross-entropy.

Floor 4. Pure functions of one block. With q the target (one-hot, or soft, and smoothed: q (1 - s) + s / K) and gamma
the focal exponent, a row costs sum_c q_c (1 - p_c)^gamma (-log p_c), where 0 log 0 is 0.

Sources: Szegedy et al. (2016), CVPR, for label smoothing; Lin et al. (2017), ICCV, for the focal factor.
"""

import numpy as np

from xentcli.arrays import AnyFloats, Floats
from xentcli.record import replace
from xentcli.tally.kernels import Losses
from xentcli.tally.losses import EPS, focal
from xentcli.tally.plan import Plan
from xentcli.terms import Scale


def smoothed(targets: Floats, smoothing: float) -> Floats:
    """Return q (1 - s) + s / K of target distributions, shape (classes, n)."""
    return targets if smoothing == 0.0 else np.asarray(targets * (1.0 - smoothing) + smoothing / len(targets))


def reshaped(plan: Plan, scores: AnyFloats, plain: Losses) -> Losses:
    """Return the losses of a block as the plan's smoothing and focal exponent have it.

    Args:
        plan: says the smoothing, the exponent and the scale of the scores.
        scores: the block, shape (classes, n).
        plain: the plain cross-entropy of its rows.
    """
    held = focal(plain.loss, plan.objective.focal_gamma)
    smoothing = plan.objective.label_smoothing
    if smoothing:
        every = np.zeros(len(held))
        for row in scores:
            every += focal(cross_entropy(row, plan.scale, plain), plan.objective.focal_gamma)
        held = (1.0 - smoothing) * held + smoothing / len(scores) * every
    return replace(plain, loss=held)


def against_targets(plan: Plan, scores: AnyFloats, targets: Floats, plain: Losses) -> Losses:
    """Return the losses of a block against target distributions.

    `probability` is None: what the clip did to several probabilities a row is counted elsewhere.

    Args:
        plan: says the exponent and the scale of the scores.
        scores: the block, shape (classes, n).
        targets: the same shape, smoothed already.
        plain: the plain cross-entropy of its rows against their most probable classes.
    """
    total = np.zeros(scores.shape[1])
    for row, target in zip(scores, targets, strict=True):
        cost = focal(cross_entropy(row, plan.scale, plain), plan.objective.focal_gamma)
        total += np.where(target > 0.0, target * cost, 0.0)
    return replace(plain, loss=total, probability=None)


def cross_entropy(scores: AnyFloats, scale: Scale, plain: Losses) -> Floats:
    """Return -log p of one class for every row, shape (n,), as if it were the true one."""
    wide = scores.astype(np.float64)
    if scale is Scale.PROBABILITIES:
        if plain.normalizer is not None:
            wide /= plain.normalizer
        return np.negative(np.log(np.clip(wide, EPS, 1.0 - EPS)))
    if plain.shift is None or plain.rest is None:
        return np.negative(wide)
    # In this order large logits keep their digits.
    return np.asarray((plain.shift - wide) + plain.rest)
