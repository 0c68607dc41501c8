"""Kernels: one block of scores and labels becomes per-row numbers.

Floor 4. Pure functions of one block. Up to `CLASS_MAJOR_LIMIT` classes a block is class-major, shape
(classes, rows), and the loops run over classes, so that every operation is a long run over contiguous
rows; beyond, it is row-major, shape (rows, classes). Reductions over classes never depend on how many
rows a block has: class-major ones are explicit adds of whole rows, row-major ones run along each row.
"""

from dataclasses import dataclass
from math import inf, log

import numpy as np
import numpy.typing as npt

from xentcli.tally import losses
from xentcli.task.model import Scale

Floats = npt.NDArray[np.float64]
AnyFloats = npt.NDArray[np.floating]
Mask = npt.NDArray[np.bool_]
Classes = npt.NDArray[np.unsignedinteger]
Indices = npt.NDArray[np.intp]

CLASS_MAJOR_LIMIT = 200
SUM_TOLERANCE = 1e-3
"""Rows of probabilities whose sum is off by more are divided by it."""

LARGEST_LOGIT = 1e100
"""Beyond this the square of a loss would leave the range of exact sums."""


@dataclass(frozen=True, slots=True)
class Extremes:
    """What one look over all classes tells of each row.

    Attributes:
        low: shape (n,), smallest score; NaN if any is NaN.
        top: shape (n,), largest score; NaN if any is NaN.
        arg: shape (n,), the class of the largest score, the lowest index on ties.
        tied: shape (n,), whether another class shares it.
        total: shape (n,), sum over the classes in the dtype of the scores.
    """

    low: AnyFloats
    top: AnyFloats
    arg: Classes
    tied: Mask
    total: AnyFloats


def index_dtype(classes: int) -> type[np.unsignedinteger]:
    """Return the smallest unsigned integer type that holds the class indices."""
    if classes <= 1 << 8:
        return np.uint8
    return np.uint16 if classes <= 1 << 16 else np.uint32


def extremes(scores: AnyFloats) -> Extremes:
    """Return the extremes of a class-major block, shape (classes, n), without a branch."""
    kind = index_dtype(len(scores))
    low = scores[0].copy()
    top = scores[0].copy()
    total = scores[0].copy()
    arg = np.zeros(top.shape, dtype=kind)
    tied = np.zeros(top.shape, dtype=np.bool_)
    for index in range(1, len(scores)):
        row = scores[index]
        greater = row > top
        same = row == top
        # A new leader is alone; an equal one makes the lead shared; a smaller one changes nothing.
        np.greater(tied, greater, out=tied)
        np.logical_or(tied, same, out=tied)
        np.maximum(top, row, out=top)
        np.minimum(low, row, out=low)
        np.add(total, row, out=total)
        np.maximum(arg, np.multiply(greater, kind(index), dtype=kind), out=arg)
    return Extremes(low, top, arg, tied, total)


def extremes_row_major(scores: AnyFloats) -> Extremes:
    """Return the extremes of a row-major block, shape (n, classes)."""
    top = scores.max(axis=1)
    arg = scores.argmax(axis=1).astype(index_dtype(scores.shape[1]))
    tied = np.count_nonzero(scores == top[:, None], axis=1) > 1
    return Extremes(scores.min(axis=1), top, arg, tied, scores.sum(axis=1))


def true_scores(scores: AnyFloats, labels: Indices, *, class_major: bool) -> Floats:
    """Return each row's score of its true class as float64; `labels` has shape (n,), all valid."""
    count = len(labels)
    rows = np.arange(count)
    at = labels * scores.shape[1] + rows if class_major else labels + rows * scores.shape[1]
    found: Floats = scores.reshape(-1).take(at).astype(np.float64, copy=False)
    return found


@dataclass(frozen=True, slots=True)
class Losses:
    """Losses of one block and what was done to get them; all of shape (n,).

    Attributes:
        loss: the headline loss.
        probability: the true class's probability before the clip; None for logits and
            log-probabilities, which are never clipped.
        renormalised: rows divided by their sum.
        normalizer: what makes the scores probabilities: the divisor of probabilities; of logits and
            log-probabilities what is taken from them before the exponential.
    """

    loss: Floats
    probability: Floats | None
    renormalised: Mask
    normalizer: Floats


def exact_totals(scores: AnyFloats, rows: Indices, *, class_major: bool) -> Floats:
    """Return the float64 sums over the classes of a few rows."""
    if not class_major:
        sums: Floats = scores[rows].astype(np.float64).sum(axis=1)
        return sums
    total = np.zeros(len(rows))
    for row in scores:
        total += row[rows]
    return total


def from_probabilities(
    scores: AnyFloats, seen: Extremes, labels: Indices, *, class_major: bool, normalize: bool
) -> Losses:
    """Return the cross-entropy of probabilities; a row is divided by its sum where that is off 1.

    The sums in the file's own dtype only point out the rows; the ones that count are taken in float64.
    """
    probability = true_scores(scores, labels, class_major=class_major)
    suspicious = normalize | (np.abs(seen.total - 1.0) > 0.9 * SUM_TOLERANCE)
    renormalised = np.zeros(len(labels), dtype=np.bool_)
    normalizer = np.ones(len(labels))
    rows = np.flatnonzero(suspicious)
    if len(rows):
        total = exact_totals(scores, rows, class_major=class_major)
        off = (np.abs(total - 1.0) > SUM_TOLERANCE) & (total > 0.0)
        renormalised[rows] = off
        divided = (total > 0.0) if normalize else off
        probability[rows[divided]] /= total[divided]
        normalizer[rows[divided]] = total[divided]
    loss = losses.cross_entropy_from_true_probability(probability)
    return Losses(loss, probability, renormalised, normalizer)


def from_logits(scores: AnyFloats, seen: Extremes, labels: Indices, *, class_major: bool) -> Losses:
    """Return the cross-entropy of logits, by log-softmax."""
    top = seen.top.astype(np.float64, copy=False)
    true = true_scores(scores, labels, class_major=class_major)
    others = _others(scores, top, seen.arg, class_major=class_major)
    loss = losses.softmax_cross_entropy_with_integer_labels(true, top, others)
    return Losses(loss, None, np.zeros(len(labels), dtype=np.bool_), top + np.log1p(others))


def _others(scores: AnyFloats, top: Floats, arg: Classes, *, class_major: bool) -> Floats:
    if class_major:
        return losses.log_sum_exp_of_others(scores.astype(np.float64, copy=False), top, arg)
    terms = np.exp(scores.astype(np.float64, copy=False) - top[:, None])
    terms[np.arange(len(top)), arg] = 0.0
    result: Floats = terms.sum(axis=1)
    return result


def from_log_probabilities(scores: AnyFloats, seen: Extremes, labels: Indices, *, class_major: bool) -> Losses:
    """Return -log p of log-probabilities, normalised by log-softmax where their exp is off 1."""
    as_logits = from_logits(scores, seen, labels, class_major=class_major)
    plain = -true_scores(scores, labels, class_major=class_major)
    off = ~sums_to_one(scores, seen, class_major=class_major)
    return Losses(np.where(off, as_logits.loss, plain), None, off, np.where(off, as_logits.normalizer, 0.0))


def sums_to_one(scores: AnyFloats, seen: Extremes, *, class_major: bool) -> Mask:
    """Return whether the exp of each row sums to 1."""
    top = seen.top.astype(np.float64, copy=False)
    others = _others(scores, top, seen.arg, class_major=class_major)
    with np.errstate(over="ignore"):
        result: Mask = np.abs(np.exp(top) * (1.0 + others) - 1.0) <= SUM_TOLERANCE
    return result


def in_range(seen: Extremes, scale: Scale) -> Mask:
    """Return which rows hold scores that the scale allows; rows with NaN are never in range.

    A logit or log-probability of minus infinity is allowed: it masks a class out.
    """
    if scale is Scale.PROBABILITIES:
        return np.asarray((seen.low >= 0.0) & (seen.top <= 1.0))
    low = seen.low.astype(np.float64, copy=False)
    highest = LARGEST_LOGIT if scale is Scale.LOGITS else SUM_TOLERANCE
    top = seen.top.astype(np.float64, copy=False)
    return np.asarray(((low >= -LARGEST_LOGIT) | (low == -inf)) & (top >= -LARGEST_LOGIT) & (top <= highest))


def usable(seen: Extremes) -> Mask:
    """Return which rows hold no NaN and no infinity, but for classes masked out by minus infinity."""
    return np.asarray(np.isfinite(seen.top) & ~np.isnan(seen.low))


def logit(probability: float) -> float:
    """Return log(p / (1 - p)), infinite at 0 and 1: where a decision threshold stands among logits."""
    if probability <= 0.0:
        return -inf
    return inf if probability >= 1.0 else log(probability / (1.0 - probability))
