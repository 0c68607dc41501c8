"""Losses: pure functions that return one float64 number a row (or an element), in nats.

Floor 4. Only the caller reduces. The encoding is in the name, not in a flag. Scores are class-major,
shape (classes, rows), unless a name says otherwise; every function of the true class's score alone
serves both layouts.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
AnyFloats = npt.NDArray[np.floating]
Indices = npt.NDArray[np.intp]

EPS = 2.0**-52
"""The clip of the headline loss, scikit-learn's for float64, whatever the dtype of the file."""


def cross_entropy_from_true_probability(true_probability: Floats, eps: float = EPS) -> Floats:
    """Return -log p with p clipped to [eps, 1 - eps].

    This is categorical cross-entropy for integer and for one-hot labels, and binary cross-entropy with
    p the probability given to what happened (p or 1 - p): only the true class's probability counts.

    Args:
        true_probability: shape (n,), probability of the true class, in [0, 1].
        eps: the clip; 0 leaves zeros, which cost infinity.
    """
    loss: Floats = np.clip(true_probability, eps, 1.0 - eps)
    with np.errstate(divide="ignore"):
        np.log(loss, out=loss)
    return np.negative(loss, out=loss)


def log_sum_exp_of_others(logits: AnyFloats, top: Floats, arg: npt.NDArray[np.integer]) -> Floats:
    """Return the sum over all classes but the top one of exp(logit - top logit).

    Leaving out the top class's own 1 keeps small losses exact: log1p of this is their value.

    Args:
        logits: shape (classes, n).
        top: shape (n,), the largest logit of each row, as float64.
        arg: shape (n,), its class.
    """
    others = np.zeros_like(top)
    for index, row in enumerate(logits):
        term = np.exp(row - top)
        term[arg == index] = 0.0
        others += term
    return others


def softmax_cross_entropy_with_integer_labels(true_logit: Floats, top: Floats, others: Floats) -> Floats:
    """Return log sum exp(logits) - true logit, by log-softmax: finite for logits of any size.

    Args:
        true_logit: shape (n,), the true class's logit.
        top: shape (n,), the largest logit.
        others: shape (n,), from `log_sum_exp_of_others`.
    """
    return (top - true_logit) + np.log1p(others)


def sigmoid_binary_cross_entropy(logits: Floats, labels: npt.NDArray[np.bool_]) -> Floats:
    """Return -log sigmoid(logit) where the label is true, -log(1 - sigmoid(logit)) elsewhere.

    The stable form max(d, 0) + log1p(exp(-|d|)) of softplus, with d the logit against the label.

    Args:
        logits: any shape.
        labels: the same shape.
    """
    against = np.where(labels, -logits, logits)
    return np.maximum(against, 0.0) + np.log1p(np.exp(-np.abs(against)))


def focal(cross_entropy: Floats, gamma: float) -> Floats:
    """Return the focal loss (1 - p)^gamma * cross-entropy with p = exp(-cross-entropy) (Lin et al. 2017, ICCV).

    Args:
        cross_entropy: any shape, -log of the probability given to what happened.
        gamma: the focal exponent; 0 returns the cross-entropy itself.
    """
    if gamma == 0.0:
        return cross_entropy
    # 1 - exp(-l) by expm1, so that losses near 0 keep their digits.
    return np.asarray(np.power(-np.expm1(-cross_entropy), gamma) * cross_entropy)
