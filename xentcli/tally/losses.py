"""Losses: pure functions that return one float64 number a row (or an element), in nats.

Floor 4. Only the caller reduces. The encoding is in the name, not in a flag. Scores are class-major,
shape (classes, rows), unless a name says otherwise; every function of the true class's score alone
serves both layouts.
"""

import numpy as np
import numpy.typing as npt

from xentcli.arrays import AnyFloats, Floats

EPS = 2.0**-52
"""The clip of the headline loss, scikit-learn's for float64, whatever the dtype of the file."""

EXPLICIT_LIMIT = 200
"""Up to so many classes sums over them are explicit adds of whole rows."""


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


def sum_over_classes(terms: Floats) -> Floats:
    """Return the sum of each row, shape (n,), whatever the layout of `terms`, shape (classes, n).

    Up to `EXPLICIT_LIMIT` classes by explicit adds of whole rows, beyond along each row, so that it depends on the
    number of classes alone and never on how many rows a block has.
    """
    if len(terms) > EXPLICIT_LIMIT:
        wide: Floats = np.ascontiguousarray(terms.T).sum(axis=1)
        return wide
    total = np.zeros(terms.shape[1])
    for row in terms:
        total += row
    return total


def soft_cross_entropy(probabilities: Floats, targets: Floats, eps: float = EPS) -> Floats:
    """Return -sum q log p over the classes, with p clipped to [eps, 1 - eps] and 0 log p = 0.

    Args:
        probabilities: shape (classes, n), float64.
        targets: shape (classes, n), the target probabilities q.
        eps: the clip; 0 leaves zeros, which cost infinity where q is above 0.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        costs = np.negative(np.log(np.clip(probabilities, eps, 1.0 - eps)))
        return sum_over_classes(np.where(targets > 0.0, targets * costs, 0.0))


def softmax_cross_entropy(logits: Floats, targets: Floats, top: Floats, others: Floats) -> Floats:
    """Return sum q (log sum exp(logits) - logit) over the classes, by log-softmax; a class with q = 0 costs nothing.

    Args:
        logits: shape (classes, n), float64; minus infinity masks a class out.
        targets: shape (classes, n), the target probabilities q.
        top: shape (n,), the largest logit of each row.
        others: shape (n,), from `log_sum_exp_of_others`.
    """
    with np.errstate(invalid="ignore"):
        below = sum_over_classes(np.where(targets > 0.0, targets * (top - logits), 0.0))
    return below + sum_over_classes(targets) * np.log1p(others)


def entropy_of_targets(targets: Floats) -> Floats:
    """Return -sum q log q over the classes, with 0 log 0 = 0: what no prediction can go below.

    Args:
        targets: shape (classes, n), the target probabilities q.
    """
    return sum_over_classes(_surprise(targets))


def _surprise(shares: Floats) -> Floats:
    held = shares > 0.0
    return np.where(held, np.negative(shares) * np.log(np.where(held, shares, 1.0)), 0.0)


def bernoulli_entropies(targets: Floats) -> Floats:
    """Return -q log q - (1 - q) log(1 - q) of each element, with 0 log 0 = 0."""
    result: Floats = _surprise(targets) + _surprise(1.0 - targets)
    return result


def soft_binary_cross_entropy(probabilities: Floats, targets: Floats, eps: float = EPS) -> Floats:
    """Return -(q log p + (1 - q) log(1 - p)) of each element, p and 1 - p each clipped to [eps, 1 - eps].

    Args:
        probabilities: any shape, float64.
        targets: the same shape, the target probabilities q.
        eps: the clip; 0 leaves zeros, which cost infinity where they are called for.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        of_one = np.negative(np.log(np.clip(probabilities, eps, 1.0 - eps)))
        of_none = np.negative(np.log(np.clip(1.0 - probabilities, eps, 1.0 - eps)))
        held = np.where(targets > 0.0, targets * of_one, 0.0)
        return np.where(targets < 1.0, held + (1.0 - targets) * of_none, held)


def soft_sigmoid_binary_cross_entropy(logits: Floats, targets: Floats) -> Floats:
    """Return -(q log sigmoid(z) + (1 - q) log(1 - sigmoid(z))) of each element, by log-sigmoid.

    q softplus(-z) + (1 - q) softplus(z), each in its stable form.

    Args:
        logits: any shape, float64.
        targets: the same shape, the target probabilities q.
    """
    small = np.log1p(np.exp(-np.abs(logits)))
    of_one = np.maximum(-logits, 0.0) + small
    of_none = np.maximum(logits, 0.0) + small
    return np.where(targets > 0.0, targets * of_one, 0.0) + np.where(targets < 1.0, (1.0 - targets) * of_none, 0.0)
