"""The area under the ROC curve and the average precision, as views of a Ranking, with proven bounds.

Floor 5. Pure functions. How the scores of a bin interleave is unknown: half of its pairs count as won, and what
could be at most and at least is what the bounds say. Whatever is undefined is None.
"""

from math import sqrt

import numpy as np

from xentcli.arrays import Floats, Integers
from xentcli.record import Record
from xentcli.scoring.model import Interval
from xentcli.tally.ranking import Ranking
from xentcli.tally.sums_by_key import merged_keys

ROUNDING = 2.0**-40
"""More than all roundings of a bound together: 2^20 terms of a pairwise sum and few operations on each."""

_HUGE = 1e300
"""Of weights so far apart the smaller one is below every rounding."""


class Thresholds(Record):
    """The distinct scores (or bins) from the highest down; all arrays of shape (k,).

    Attributes:
        positive: rows (weight) of the positive class with that score.
        negative: the same of the negative class.
        true_positive: rows (weight) of the positive class with a higher score.
        false_positive: the same of the negative class.
        exact: whether they are scores, not bins.
    """

    positive: Floats
    negative: Floats
    true_positive: Floats
    false_positive: Floats
    exact: bool


def thresholds(ranking: Ranking) -> Thresholds:
    """Return what the metrics below are views of."""
    positive, negative = ranking.positive, ranking.negative
    keys = merged_keys(positive.keys, negative.keys)
    each, through = positive.descending(keys)
    other, other_through = negative.descending(keys)
    return Thresholds(each, other, _before(through), _before(other_through), ranking.exact)


def _before(through: Floats) -> Floats:
    return np.concatenate((np.zeros(min(1, len(through))), through[:-1]))


def _outward(low: float, high: float) -> Interval:
    return (max(0.0, low - ROUNDING), min(1.0, high + ROUNDING))


def roc_auc(held: Thresholds) -> float | None:
    """Return the share of pairs of both classes in which the positive row scores higher; ties count one half.

    Weighted pairs count as much as the product of their weights. None where a class has no rows (no weight).
    Source: Hanley and McNeil (1982), Radiology 143: the area under the ROC curve.
    """
    return _share_of_pairs(held, 0.5)


def roc_auc_bounds(held: Thresholds) -> Interval | None:
    """Return what the area can be, given the bins; None where it is exact or undefined.

    Pairs of two bins are decided; those within a bin are at worst all lost and at best all won.
    """
    low, high = (None, None) if held.exact else (_share_of_pairs(held, 0.0), _share_of_pairs(held, 1.0))
    return None if low is None or high is None else _outward(low, high)


def delong_error(held: Thresholds) -> float | None:
    """Return the standard error of the area under the ROC curve; None where a class has fewer than two rows.

    With V the share of negative rows below a positive one and W the share of positive rows above a negative one, ties
    counting one half, it is sqrt(var(V) / m + var(W) / n): E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson,
    Biometrics 44 (1988) 837-845, by the mid-ranks of X. Sun and W. Xu, IEEE Signal Processing Letters 21 (2014)
    1389-1393, which the running counts of a Ranking are.

    Args:
        held: of counted rows, not of weights.
    """
    m, n = float(held.positive.sum()), float(held.negative.sum())
    if m < 2.0 or n < 2.0:
        return None
    won = 1.0 - (held.false_positive + 0.5 * held.negative) / n
    found = (held.true_positive + 0.5 * held.positive) / m
    return sqrt(variance(won, held.positive) / m + variance(found, held.negative) / n)


def variance(values: Floats, rows: Floats | Integers) -> float:
    """Return the variance of values that occur in so many rows, two at least, divided by rows - 1."""
    total = float(rows.sum())
    mean = float((values * rows).sum()) / total
    return float((rows * np.square(values - mean)).sum()) / (total - 1.0)


def _share_of_pairs(held: Thresholds, tied: float) -> float | None:
    """Return the share of pairs that are won, where a pair of one bin counts as `tied`."""
    if not held.positive.any() or not held.negative.any():
        return None
    positive, above = _scaled(held.positive, held.true_positive)
    negative, _ = _scaled(held.negative, held.false_positive)
    won = (negative * (above + tied * positive)).sum()
    return min(1.0, float(won / (positive.sum() * negative.sum())))


def _scaled(each: Floats, above: Floats) -> tuple[Floats, Floats]:
    """Return weights divided by a power of two, which rounds nothing, so that no product leaves the floats' range."""
    exponent = np.frexp(above[-1] + each[-1])[1]
    return np.ldexp(each, -exponent), np.ldexp(above, -exponent)


def average_precision(held: Thresholds) -> float | None:
    """Return the sum over the distinct scores, from the highest, of (R_k - R_{k-1}) P_k.

    R_k is the recall and P_k the precision when all rows down to that score are called positive; of a bin, P_k is
    the precision with half of its rows. None without rows (weight) of the positive class. Source: the definition of
    scikit-learn's `average_precision_score`.
    """
    if not held.positive.any():
        return None
    part = 1.0 if held.exact else 0.5
    found = held.positive > 0.0
    p, n, above, false = (one[found] for one in _columns(held))
    return _mean(held, p * ((above + part * p) / (above + part * p + false + part * n)))


def _columns(held: Thresholds) -> tuple[Floats, Floats, Floats, Floats]:
    return held.positive, held.negative, held.true_positive, held.false_positive


def average_precision_bounds(held: Thresholds) -> Interval | None:
    """Return what the average precision can be, given the bins; None where it is exact or undefined.

    Let a bin hold the weights p and n of both classes, and TP, FP lie above it. A positive row of the bin is found
    at some threshold within it, with TP + t true positives, its own weight and all that is found before it in t,
    and FP + u false ones; 0 < t <= p and 0 <= u <= n whatever the order and the ties in the bin. Precision grows
    with t and falls with u, so that

    - it is at most (TP + p) / (TP + p + FP), which all weight of the bin may reach: p times this bounds what the
      bin adds from above;
    - it is at least f(t) = (TP + t) / (TP + t + D), D = FP + n. Take the rows in the order they are found, those
      of a tie in any order: a row of weight w that brings the weight found in the bin to c has t >= c, and f(c) w
      is at least the integral of f from c - w to c, as f grows. Added up: at least the integral of f from 0 to p,
      p - D log(1 + p / (TP + D)).

    The value with half of each bin, p f(p/2) at least since n/2 <= n, lies between the two: f is concave, so that
    its value at the middle is at least its mean.
    """
    if held.exact or not held.positive.any():
        return None
    found = held.positive > 0.0
    p, n, above, false = (one[found] for one in _columns(held))
    most = p * ((above + p) / (above + p + false))
    rest = false + n
    base = np.where(above + rest > 0.0, above + rest, 1.0)  # where it is 0 nothing is lost: rest is 0 as well
    with np.errstate(over="ignore"):
        ratio = np.minimum(p / base, _HUGE)
    least = p - rest * np.log1p(ratio)
    return _outward(_mean(held, least), _mean(held, most))


def _mean(held: Thresholds, terms: Floats) -> float:
    """Return terms divided by the weight of the positive class."""
    return min(1.0, float(terms.sum() / held.positive.sum()))
