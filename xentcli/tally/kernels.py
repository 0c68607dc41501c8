"""Kernels: one block of scores and labels becomes per-row numbers.

Floor 4. Pure functions of one block. Up to `CLASS_MAJOR_LIMIT` classes a block is class-major, shape
(classes, rows), so that every operation is a long run over contiguous rows; beyond, it is row-major, shape
(rows, classes). Reductions over classes never depend on how many rows a block has: class-major sums are explicit
adds of whole rows, row-major ones run along each row; only maxima and counts, which no order can change, are left
to numpy.
"""

from math import inf, log

import numpy as np
import numpy.typing as npt

from xentcli.arrays import AnyFloats, Floats, Indices, Mask, Unsigned
from xentcli.record import Record
from xentcli.tally import losses
from xentcli.task.rounding import SUM_TOLERANCE
from xentcli.terms import Scale

CLASS_MAJOR_LIMIT = 200

LARGEST_LOGIT = 1e100
"""Beyond this the square of a loss would leave the range of exact sums."""


class Extremes(Record):
    """What one look over all classes tells of each row.

    Attributes:
        low: shape (n,), smallest score; NaN if any is NaN.
        top: shape (n,), largest score; NaN if any is NaN.
        total: shape (n,), sum over the classes in the dtype of the scores.
    """

    low: AnyFloats
    top: AnyFloats
    total: AnyFloats

    def of(self, rows: Indices) -> "Extremes":
        """Return those of some rows."""
        return Extremes(self.low[rows], self.top[rows], self.total[rows])


class Leaders(Record):
    """Which class leads in each row.

    Attributes:
        arg: shape (n,), the class of the largest score, the lowest index on ties.
        tied: shape (n,), whether another class shares it; None where none is.
    """

    arg: Unsigned
    tied: Mask | None


def index_dtype(classes: int) -> type[np.unsignedinteger]:
    """Return the smallest unsigned integer type that holds the class indices."""
    if classes <= 1 << 8:
        return np.uint8
    return np.uint16 if classes <= 1 << 16 else np.uint32


def class_sums(scores: AnyFloats) -> AnyFloats:
    """Return the sums over the classes of a class-major block, shape (n,), in its dtype and in class order."""
    total: AnyFloats = scores[0].copy()
    for row in scores[1:]:
        np.add(total, row, out=total)
    return total


def count_over_classes(mask: Mask) -> npt.NDArray[np.uint8]:
    """Return how many classes of a class-major mask are true, shape (n,); there are fewer than 256."""
    counts: npt.NDArray[np.uint8] = np.add.reduce(mask.view(np.uint8), axis=0, dtype=np.uint8)
    return counts


def extremes(scores: AnyFloats) -> Extremes:
    """Return the extremes of a class-major block, shape (classes, n)."""
    return Extremes(scores.min(axis=0), scores.max(axis=0), class_sums(scores))


def extremes_row_major(scores: AnyFloats) -> Extremes:
    """Return the extremes of a row-major block, shape (n, classes)."""
    return Extremes(scores.min(axis=1), scores.max(axis=1), scores.sum(axis=1))


def leaders(scores: AnyFloats, top: AnyFloats) -> Leaders:
    """Return the leading classes of a class-major block without a branch; `top` is the largest score of each row."""
    kind = index_dtype(len(scores))
    leads = scores == top
    counts = count_over_classes(leads)
    # Of the classes that share the lead the lowest has the largest number when counted from behind.
    behind = np.arange(len(scores), 0, -1, dtype=kind)[:, None]
    arg = kind(len(scores)) - np.multiply(leads, behind, dtype=kind).max(axis=0)
    return Leaders(arg, counts > 1 if len(counts) and counts.max() > 1 else None)


def leaders_row_major(scores: AnyFloats, top: AnyFloats) -> Leaders:
    """Return the leading classes of a row-major block."""
    arg = scores.argmax(axis=1).astype(index_dtype(scores.shape[1]))
    tied = np.count_nonzero(scores == top[:, None], axis=1) > 1
    return Leaders(arg, tied if tied.any() else None)


def true_scores(scores: AnyFloats, labels: Indices, *, class_major: bool) -> AnyFloats:
    """Return each row's score of its true class in the dtype of the scores; `labels` has shape (n,), all valid."""
    count = len(labels)
    rows = np.arange(count)
    at = labels * scores.shape[1] + rows if class_major else labels + rows * scores.shape[1]
    found: AnyFloats = scores.reshape(-1).take(at)
    return found


def ranks(scores: AnyFloats, labels: Indices, true: AnyFloats, arg: Unsigned, *, class_major: bool) -> Unsigned:
    """Return how many classes score higher than the true one; shape (n,).

    An equal one of a lower index counts as higher, as arg-max has it: rank 0 is a hit. Only misses are looked at.

    Args:
        scores: the block.
        labels: shape (n,), the true classes.
        true: shape (n,), their scores.
        arg: shape (n,), the leading classes.
        class_major: how the scores are laid out.
    """
    rank = np.zeros(len(labels), dtype=np.uint32)
    missed = np.flatnonzero(arg != labels)
    if len(missed):
        some = scores.take(missed, axis=1 if class_major else 0)
        own, target = true[missed], labels[missed]
        rank[missed] = _above(some, own, target) if class_major else _above_row_major(some, own, target)
    return rank


def _above(scores: AnyFloats, true: AnyFloats, labels: Indices) -> Unsigned:
    above: npt.NDArray[np.uint32] = count_over_classes(scores > true).astype(np.uint32)
    equal = scores == true
    shared = np.flatnonzero(count_over_classes(equal) > 1)
    if len(shared):
        before = np.arange(len(scores))[:, None] < labels[shared]
        above[shared] += np.count_nonzero(equal[:, shared] & before, axis=0).astype(np.uint32)
    return above


def _above_row_major(scores: AnyFloats, true: AnyFloats, labels: Indices) -> Unsigned:
    above: npt.NDArray[np.uint32] = np.count_nonzero(scores > true[:, None], axis=1).astype(np.uint32)
    equal = scores == true[:, None]
    shared = np.flatnonzero(np.count_nonzero(equal, axis=1) > 1)
    if len(shared):
        before = np.arange(scores.shape[1]) < labels[shared][:, None]
        above[shared] += np.count_nonzero(equal[shared] & before, axis=1).astype(np.uint32)
    return above


class Losses(Record):
    """Losses of one block and what was done to get them; all of shape (n,).

    Attributes:
        loss: the headline loss.
        probability: the true class's probability before the clip; None for logits and
            log-probabilities, which are never clipped.
        renormalised: rows divided by their sum; None where none is.
        normalizer: what makes the scores probabilities: the divisor of probabilities, None where all are 1; of
            logits and log-probabilities what is taken from them before the exponential, None for nothing.
        shift: of logits and log-probabilities, what the normalizer is the sum of: the largest score, and
        rest: what all others add to it, which in the sum with a large one would lose its digits.
    """

    loss: Floats
    probability: Floats | None
    renormalised: Mask | None
    normalizer: Floats | None
    shift: Floats | None = None
    rest: Floats | None = None


def exact_totals(scores: AnyFloats, rows: Indices, *, class_major: bool) -> Floats:
    """Return the float64 sums over the classes of a few rows."""
    if not class_major:
        sums: Floats = scores[rows].astype(np.float64).sum(axis=1)
        return sums
    total = np.zeros(len(rows))
    for row in scores:
        total += row[rows]
    return total


def divisors(
    scores: AnyFloats, total: AnyFloats, *, class_major: bool, normalize: bool
) -> tuple[Floats | None, Mask | None]:
    """Return what each row of probabilities is divided by, and which are off 1; None where nothing is.

    The sums in the file's own dtype only point out the rows; the ones that count are taken in float64.
    """
    off_by = np.abs(total - 1.0)
    least = -1.0 if normalize else 0.9 * SUM_TOLERANCE
    if len(off_by) == 0 or off_by.max() <= least:
        return None, None
    rows = np.flatnonzero(off_by > least)
    sums = exact_totals(scores, rows, class_major=class_major)
    off = (np.abs(sums - 1.0) > SUM_TOLERANCE) & (sums > 0.0)
    divided = (sums > 0.0) if normalize else off
    if not divided.any():
        return None, None
    divisor = np.ones(len(total))
    divisor[rows[divided]] = sums[divided]
    renormalised = np.zeros(len(total), dtype=np.bool_)
    renormalised[rows] = off
    return divisor, renormalised if off.any() else None


def from_probabilities(
    scores: AnyFloats, true: AnyFloats, total: AnyFloats, *, class_major: bool, normalize: bool
) -> Losses:
    """Return the cross-entropy of probabilities; a row is divided by its sum where that is off 1."""
    divisor, renormalised = divisors(scores, total, class_major=class_major, normalize=normalize)
    probability = true.astype(np.float64)
    if divisor is not None:
        probability /= divisor
    return Losses(losses.cross_entropy_from_true_probability(probability), probability, renormalised, divisor)


def from_logits(scores: AnyFloats, true: AnyFloats, top: AnyFloats, arg: Unsigned, *, class_major: bool) -> Losses:
    """Return the cross-entropy of logits, by log-softmax."""
    wide = top.astype(np.float64, copy=False)
    others = _others(scores, wide, arg, class_major=class_major)
    loss = losses.softmax_cross_entropy_with_integer_labels(true.astype(np.float64, copy=False), wide, others)
    rest = np.log1p(others)
    return Losses(loss, None, None, wide + rest, wide, rest)


def _others(scores: AnyFloats, top: Floats, arg: Unsigned, *, class_major: bool) -> Floats:
    if class_major:
        return losses.log_sum_exp_of_others(scores, top, arg)
    terms = np.exp(scores.astype(np.float64, copy=False) - top[:, None])
    terms[np.arange(len(top)), arg] = 0.0
    result: Floats = terms.sum(axis=1)
    return result


def from_log_probabilities(
    scores: AnyFloats, true: AnyFloats, top: AnyFloats, arg: Unsigned, *, class_major: bool
) -> Losses:
    """Return -log p of log-probabilities, normalised by log-softmax where their exp is off 1."""
    as_logits = from_logits(scores, true, top, arg, class_major=class_major)
    assert as_logits.normalizer is not None  # noqa: S101  log-softmax always has one
    assert as_logits.rest is not None  # noqa: S101  likewise
    with np.errstate(over="ignore"):
        off = ~(np.abs(np.exp(as_logits.normalizer) - 1.0) <= SUM_TOLERANCE)
    plain = -true.astype(np.float64, copy=False)
    if not off.any():
        return Losses(plain, None, None, None)
    shift = np.where(off, top.astype(np.float64, copy=False), 0.0)
    rest = np.where(off, as_logits.rest, 0.0)
    normalizer = np.where(off, as_logits.normalizer, 0.0)
    return Losses(np.where(off, as_logits.loss, plain), None, off, normalizer, shift, rest)


def sums_to_one(scores: AnyFloats, *, class_major: bool) -> Mask:
    """Return whether the exp of each row sums to 1."""
    seen = extremes(scores) if class_major else extremes_row_major(scores)
    led = leaders(scores, seen.top) if class_major else leaders_row_major(scores, seen.top)
    top = seen.top.astype(np.float64, copy=False)
    others = _others(scores, top, led.arg, class_major=class_major)
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


def all_in_unit_range(seen: Extremes) -> bool:
    """Whether all scores of a block lie in [0, 1]; NaN does not."""
    return bool(len(seen.low) and seen.low.min() >= 0.0 and seen.top.max() <= 1.0)


def usable(seen: Extremes) -> Mask:
    """Return which rows hold no NaN and no infinity, but for classes masked out by minus infinity."""
    return np.asarray(np.isfinite(seen.top) & ~np.isnan(seen.low))


def logit(probability: float) -> float:
    """Return log(p / (1 - p)), infinite at 0 and 1: where a decision threshold stands among logits."""
    if probability <= 0.0:
        return -inf
    return inf if probability >= 1.0 else log(probability / (1.0 - probability))
