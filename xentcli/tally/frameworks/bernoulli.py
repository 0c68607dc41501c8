"""Bernoulli losses: what frameworks make of one probability (or logit) of the positive class, in nats.

Floor 4. Pure functions, element by element, of any shape. Where a framework computes in float32, its bounds and
its 1 - p are those of float32 and the logarithm is float64's, which is closer to any backend than they are to
each other. Scores in, one float64 loss an element out.
"""

from math import inf

import numpy as np

from xentcli.arrays import AnyFloats, Floats, Mask, NarrowFloats
from xentcli.tally.frameworks.sums import EPSILON_32, TOP_32

_ONE = np.float32(1.0)
_ONE_FOLDED = np.float32(1.0) + np.float32(1e-7)
_EPS = np.float32(1e-7)
LIGHTGBM_FLOOR = float(np.float32(1e-15))
LIGHTGBM_COST = -float(np.log(np.float32(1e-15)))
"""LightGBM takes the logarithm of its floor in float32."""

XGBOOST_FLOOR = float(np.float32(1e-16))
TORCH_CEILING = 100.0


def _cost(probability: AnyFloats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        cost: Floats = np.negative(np.log(probability.astype(np.float64)))
    return cost + 0.0


def _clipped(positive: AnyFloats) -> NarrowFloats:
    return np.clip(positive.astype(np.float32), np.float32(EPSILON_32), np.float32(TOP_32))


def keras(positive: AnyFloats, labels: Mask) -> Floats:
    """Keras 3 `binary_crossentropy`, and 1.2 - 2.2.5, whose sigmoid of the clipped logit is the same number."""
    chance = _clipped(positive)
    return _cost(np.where(labels, chance, _ONE - chance))


def keras_graph(positive: AnyFloats, labels: Mask) -> Floats:
    """Keras 2.3 and tf.keras 1.15 - 2.x in a graph, which folds 1 + 1e-7 into one constant."""
    chance = _clipped(positive)
    return _cost(np.where(labels, chance + _EPS, _ONE_FOLDED - chance))


def keras_added(happened: AnyFloats) -> Floats:
    """Return what 1e-7 added to the probability of what happened takes off its cost, at most 0."""
    chance = np.clip(happened.astype(np.float32), np.float32(EPSILON_32), np.float32(TOP_32))
    cost: Floats = np.log(chance / (chance + _EPS).astype(np.float64))
    return cost


def keras_eager(positive: AnyFloats, labels: Mask) -> Floats:
    """tf_keras 2.21 and tf.keras run eagerly: log(p + 1e-7), log(1 - p + 1e-7) of the clipped p."""
    chance = _clipped(positive)
    return _cost(np.where(labels, chance + _EPS, (_ONE - chance) + _EPS))


def _happened(positive: AnyFloats, labels: Mask) -> AnyFloats:
    """Return p where the label is true, 1 - p in the dtype of p elsewhere."""
    return np.where(labels, positive, positive.dtype.type(1.0) - positive)


def sklearn(positive: AnyFloats, labels: Mask) -> Floats:
    """scikit-learn 1.5 and later: [1 - p, p] clipped to the machine epsilon of its dtype."""
    eps = np.finfo(positive.dtype).eps
    return _cost(np.clip(_happened(positive, labels), eps, positive.dtype.type(1.0) - eps))


def sklearn_old(positive: AnyFloats, labels: Mask) -> Floats:
    """scikit-learn up to 1.0: p clipped to [1e-15, 1 - 1e-15] in its dtype, then 1 - p.

    In float32 the upper bound is 1, so that p = 1 costs infinity if wrong and is no number (0 times infinity)
    if right.
    """
    floor = positive.dtype.type(1e-15)
    chance = np.clip(positive, floor, positive.dtype.type(1.0) - floor)
    cost = _cost(_happened(chance, labels))
    return np.where(labels & (chance == 1.0), np.nan, cost)


def unclipped(positive: AnyFloats, labels: Mask) -> Floats:
    """Return -log p or -log(1 - p) as they are."""
    return _cost(_happened(positive, labels))


def from_logit(positive: AnyFloats, labels: Mask) -> Floats:
    """Optax and CatBoost, fed logit(p): p of 0 or 1 is an infinite logit, infinite if wrong, no number if right."""
    cost = unclipped(positive, labels)
    infinite = (positive == 0.0) | (positive == 1.0)
    return np.where(infinite & np.isfinite(cost), np.nan, cost)


def torch(positive: AnyFloats, labels: Mask) -> Floats:
    """PyTorch `BCELoss`: each logarithm at least -100."""
    return np.minimum(unclipped(positive, labels), TORCH_CEILING)


def xgboost(positive: AnyFloats, labels: Mask) -> Floats:
    """XGBoost `logloss`: float32, p and 1 - p at least 1e-16."""
    chance = positive.astype(np.float32)
    return _cost(np.maximum(_happened(chance, labels), np.float32(XGBOOST_FLOOR)))


def lightgbm(positive: AnyFloats, labels: Mask) -> Floats:
    """LightGBM `binary_logloss`: float64, p (or 1 - p) of at most 1e-15 costs 34.54."""
    happened = _happened(positive.astype(np.float64), labels)
    return np.where(happened <= LIGHTGBM_FLOOR, LIGHTGBM_COST, _cost(happened))


def reach(threshold: float) -> float:
    """Return how far from a threshold, in logits, float32 rounding can move a decision."""
    return 2e-7 / (threshold * (1.0 - threshold)) if 0.0 < threshold < 1.0 else inf


def sigmoid(logits: AnyFloats) -> AnyFloats:
    """Return 1 / (1 + exp(-x)), every step rounded to the dtype of the logits."""
    kind = logits.dtype.type
    with np.errstate(over="ignore"):
        grown = np.exp(-logits.astype(np.float64)).astype(logits.dtype)
    return np.asarray(kind(1.0) / (kind(1.0) + grown))
