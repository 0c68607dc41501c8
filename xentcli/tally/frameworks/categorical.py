"""Categorical losses: what frameworks make of the true class's probability and the sum of its row, in nats.

Floor 4. Pure functions of shape (n,) arrays: the true class's score and the float64 sum of the row's scores.
Labels are class indices or, which is the same, one-hot rows.
"""

import numpy as np
import numpy.typing as npt

from xentcli.tally.frameworks.bernoulli import LIGHTGBM_COST, LIGHTGBM_FLOOR, XGBOOST_FLOOR
from xentcli.tally.frameworks.rules import EPSILON_32, TOP_32

Floats = npt.NDArray[np.float64]


def _cost(probability: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        cost: Floats = np.negative(np.log(probability))
    return cost + 0.0


def _shares(true: Floats, total: Floats) -> Floats:
    """Return p divided by the row's sum; a row of zeros gives NaN."""
    with np.errstate(divide="ignore", invalid="ignore"):
        shares: Floats = true / total
    return shares


def keras(true: Floats, total: Floats) -> Floats:
    """Keras `categorical_crossentropy`: rows divided by their sum, then clipped to [1e-7, 1 - 1e-7] in float32."""
    return _cost(np.clip(_shares(true, total), EPSILON_32, TOP_32))


def sklearn(true: Floats, eps: float) -> Floats:
    """scikit-learn 1.5 and later: clipped to the machine epsilon of the dtype, rows used as they are."""
    return _cost(np.clip(true, eps, 1.0 - eps))


def sklearn_old(true: Floats, total: Floats, classes: int) -> Floats:
    """scikit-learn up to 1.0: clipped to 1e-15, then divided by the row's sum; zeros only are all classes alike."""
    floor = 1e-15
    return _cost(np.maximum(true, floor) / np.maximum(total, classes * floor))


def unclipped(true: Floats) -> Floats:
    """PyTorch `NLLLoss(log p)`: -log p, infinite for 0."""
    return _cost(true)


def normalised(true: Floats, total: Floats) -> Floats:
    """Log-softmax of log p: torch `CrossEntropyLoss(log p)`, Optax, CatBoost; NaN for a row of zeros."""
    return _cost(_shares(true, total))


def xgboost(true: Floats, total: Floats) -> Floats:
    """XGBoost `mlogloss` of log p as margins: softmax, then p at least 1e-16; NaN counts as 0."""
    share = _shares(true, total)
    return _cost(np.maximum(np.where(np.isnan(share), 0.0, share), XGBOOST_FLOOR))


def lightgbm(true: Floats) -> Floats:
    """LightGBM `multi_logloss`: p of at most 1e-15 costs 34.54; rows used as they are."""
    return np.where(true <= LIGHTGBM_FLOOR, LIGHTGBM_COST, _cost(true))
