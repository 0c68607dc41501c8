"""Categorical losses: what frameworks make of the true class's probability and the sum of its row, in nats.

Floor 4. Pure functions of shape (n,) arrays: the true class's score and the float64 sum of the row's scores.
Labels are class indices or, which is the same, one-hot rows.
"""

import numpy as np

from xentcli.arrays import AnyFloats, Floats, Indices
from xentcli.tally.frameworks.bernoulli import LIGHTGBM_COST, LIGHTGBM_FLOOR, XGBOOST_FLOOR
from xentcli.tally.frameworks.sums import EPSILON_32, TOP_32

FLOOR_OLD = 1e-15
"""What scikit-learn clipped at up to 1.0."""

_FELT = FLOOR_OLD / 1e-12


def _cost(probability: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        cost: Floats = np.negative(np.log(probability))
    return cost + 0.0


def shares(true: Floats, total: Floats) -> Floats:
    """Return p divided by the row's sum; a row of zeros gives NaN."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = true / total
    return found


def keras(true: Floats, total: Floats) -> Floats:
    """Keras `categorical_crossentropy`: rows divided by their sum, then clipped to [1e-7, 1 - 1e-7] in float32."""
    return _cost(np.clip(shares(true, total), EPSILON_32, TOP_32))


def sklearn(true: Floats, eps: float) -> Floats:
    """scikit-learn 1.5 and later: clipped to the machine epsilon of the dtype, rows used as they are."""
    return _cost(np.clip(true, eps, 1.0 - eps))


def sklearn_old(true: Floats, clipped_total: Floats) -> Floats:
    """scikit-learn up to 1.0: every score clipped to 1e-15, then divided by their sum; see `clipped_totals`."""
    return _cost(np.maximum(true, FLOOR_OLD) / clipped_total)


def clipped_totals(scores: AnyFloats, rows: Indices, total: Floats, *, class_major: bool) -> Floats:
    """Return the sums of some rows, shape (n,), once every score is at least 1e-15: zeros make all classes alike.

    Only small sums can feel that: of others it would move the logarithm by less than 1e-12.

    Args:
        scores: of the block, shape (classes, rows) if class-major, else (rows, classes).
        rows: shape (n,), which rows.
        total: shape (n,), their sums as they are.
        class_major: how the scores are laid out.
    """
    small = np.flatnonzero(total < scores.shape[0 if class_major else 1] * _FELT)
    if len(small) == 0:
        return total
    some = scores[:, rows[small]] if class_major else scores[rows[small]].T
    raised = np.zeros(len(small))
    for row in some:
        raised += np.maximum(row.astype(np.float64), FLOOR_OLD)
    result = total.copy()
    result[small] = raised
    return result


def unclipped(true: Floats) -> Floats:
    """PyTorch `NLLLoss(log p)`: -log p, infinite for 0."""
    return _cost(true)


def normalised(true: Floats, total: Floats) -> Floats:
    """Log-softmax of log p: torch `CrossEntropyLoss(log p)`, Optax, CatBoost; NaN for a row of zeros."""
    return _cost(shares(true, total))


def xgboost(true: Floats, total: Floats) -> Floats:
    """XGBoost `mlogloss` of log p as margins: softmax, then p at least 1e-16; NaN counts as 0."""
    share = shares(true, total)
    return _cost(np.maximum(np.where(np.isnan(share), 0.0, share), XGBOOST_FLOOR))


def lightgbm(true: Floats) -> Floats:
    """LightGBM `multi_logloss`: p of at most 1e-15 costs 34.54; rows used as they are."""
    return np.where(true <= LIGHTGBM_FLOOR, LIGHTGBM_COST, _cost(true))
