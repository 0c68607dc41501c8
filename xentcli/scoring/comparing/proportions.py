"""Two proportions on the same rows: the exact McNemar test, and Tango's score interval of their difference.

Floor 5. Only rows on which one model is right and the other wrong speak; if the models are equally good, each of
them falls to either side with probability 1/2.
"""

from math import atanh, exp, isqrt, ldexp, log1p, pi, sqrt

import numpy as np

from xentcli.scoring.intervals import quantile
from xentcli.scoring.model import Interval

_COUNTED = 2000
"""Up to so many rows the binomial coefficients are added up as integers."""

_UNDERFLOW = 760.0
"""exp(-760) is below the least float."""


def p_value(only_a_right: int, only_b_right: int) -> float:
    """Return the exact two-sided p-value, min(1, 2 P(X <= the smaller count)) with X binomial(n, 1/2).

    Q. McNemar, Psychometrika 12 (1947) 153-157; the exact form is the sign test. Relative error below 1e-9 for any
    counts up to 10^9 and beyond; 1 where no row speaks, 0 below the least float.
    """
    rows, least = only_a_right + only_b_right, min(only_a_right, only_b_right)
    if 2 * least == rows:
        return 1.0
    tail = _counted(rows, least) if rows <= _COUNTED else _probability(rows, least) * _series(rows, least)
    return min(1.0, 2.0 * tail)


def _counted(rows: int, least: int) -> float:
    """Return P(X <= least) from whole numbers, rounded once."""
    ways: int = 1
    term = 1
    for at in range(least):
        term = term * (rows - at) // (at + 1)
        ways += term
    return ways / (1 << rows)


def _probability(rows: int, least: int) -> float:
    """Return P(X = least) for many rows.

    The saddle-point form of C. Loader (Fast and Accurate Computation of Binomial Probabilities, 2000): Stirling's
    errors, and a deviance that for probability 1/2 is n (x atanh x + log(1 - x^2) / 2) with x = 1 - 2 k / n; unlike
    differences of log-gammas neither loses digits as the counts grow.
    """
    if least == 0:
        return ldexp(1.0, -rows)
    x = (rows - 2 * least) / rows
    deviance = rows * (x * atanh(x) + 0.5 * log1p(-x * x))
    if deviance > _UNDERFLOW:
        return 0.0
    other = rows - least
    errors = _stirling_error(rows) - _stirling_error(least) - _stirling_error(other)
    return exp(errors - deviance) * sqrt(rows / (2.0 * pi * least * other))


def _stirling_error(count: int) -> float:
    """Return log(n!) - log(sqrt(2 pi n) (n / e)^n) by Stirling's series; wherever it is needed n is above 100."""
    return (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / 1260.0 / count**2) / count**2) / count


def _series(rows: int, least: int) -> float:
    """Return P(X <= least) / P(X = least) = 1 + k / (n - k + 1) + k (k - 1) / ((n - k + 1) (n - k + 2)) + ...

    All terms are positive, and the j-th is below exp(-2 j^2 / n): after 5 sqrt(n) of them nothing is left to add.
    """
    steps = np.arange(min(least, 5 * (isqrt(rows) + 1)), dtype=np.float64)
    ratios = (least - steps) / (rows - least + 1 + steps)
    return 1.0 + float(np.cumprod(ratios).sum())


def interval(rows: int, only_a_right: int, only_b_right: int, confidence_level: float) -> Interval | None:
    """Return the score interval of accuracy(B) - accuracy(A), within [-1, 1]; None without rows.

    T. Tango, Statistics in Medicine 17 (1998) 891-908: the differences D for which the score test

        |c - b - n D| / sqrt(n (2 q + D - D^2))

    stays within the normal quantile, q being the most likely share of rows that only A has right, given D. It leaves
    out 0 just when McNemar's statistic without continuity correction does. Without any row on which the models
    differ it is -+ z^2 / (n + z^2), not a point: n equal outcomes do not prove that none differs. Models that decide
    alike in every row are another matter: see `decide.accuracy_interval`.
    """
    if rows == 0:
        return None
    z = quantile(confidence_level)
    return (-_upper(rows, only_b_right, only_a_right, z), _upper(rows, only_a_right, only_b_right, z))


def _upper(rows: int, less: int, more: int, z: float) -> float:
    """Return the largest difference that `more` against `less` rows do not contradict, by halving."""
    low, high = (more - less) / rows, 1.0
    while low < (middle := 0.5 * (low + high)) < high:
        spread = rows * _variance(rows, less, more, middle)
        if rows * middle - (more - less) < z * sqrt(spread):
            low = middle
        else:
            high = middle
    return high


def _variance(rows: int, less: int, more: int, difference: float) -> float:
    """Return 2 q + D - D^2 with the most likely q given D, never below 0.

    For D below 0 the sides are swapped, so that all terms under the root are positive and no digits are lost.
    """
    if difference < 0.0:
        less, more, difference = more, less, -difference
    slope = (2 * rows + less - more) * difference - (less + more)
    constant = less * difference * (1.0 - difference)
    root = sqrt(slope * slope + 8.0 * rows * constant)
    share = (root - slope) / (4.0 * rows) if slope <= 0.0 else 2.0 * constant / (root + slope)
    return max(0.0, 2.0 * share + difference * (1.0 - difference))
