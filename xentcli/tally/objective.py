"""Objectives: what a row costs where label smoothing or a focal factor reshapes the cross-entropy.

Floor 4. Pure functions of one block. With q the target (one-hot, or smoothed: q = y (1 - s) + s / K) and gamma the
focal exponent, a row costs sum_c q_c (1 - p_c)^gamma (-log p_c).

Sources: Szegedy et al. (2016), CVPR, for label smoothing; Lin et al. (2017), ICCV, for the focal factor.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from xentcli.tally.kernels import Losses
from xentcli.tally.losses import EPS, focal
from xentcli.tally.plan import Plan
from xentcli.task.model import Scale

Floats = npt.NDArray[np.float64]
AnyFloats = npt.NDArray[np.floating]
Indices = npt.NDArray[np.intp]


def reshaped(plan: Plan, scores: AnyFloats, labels: Indices, plain: Losses, *, class_major: bool) -> Losses:
    """Return the losses of a block as the plan's smoothing and focal exponent have it.

    Args:
        plan: says the smoothing, the exponent and the scale of the scores.
        scores: the block.
        labels: shape (n,), true classes.
        plain: the plain cross-entropy of its rows.
        class_major: how the scores are laid out.
    """
    held = focal(plain.loss, plan.focal_gamma)
    smoothing = plan.label_smoothing
    if smoothing:
        every = np.zeros(len(labels))
        for row in scores if class_major else scores.T:
            every += focal(_cross_entropy(row, plan.scale, plain.normalizer), plan.focal_gamma)
        held = (1.0 - smoothing) * held + smoothing / len(plan.classes) * every
    return replace(plain, loss=held)


def _cross_entropy(scores: AnyFloats, scale: Scale, normalizer: Floats | None) -> Floats:
    """Return -log p of one class for every row, shape (n,), as if it were the true one."""
    wide = scores.astype(np.float64)
    if scale is not Scale.PROBABILITIES:
        return wide * -1.0 if normalizer is None else normalizer - wide
    if normalizer is not None:
        wide /= normalizer
    return np.negative(np.log(np.clip(wide, EPS, 1.0 - EPS)))
