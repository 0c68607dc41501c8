"""The exact McNemar test: whether two models are right equally often on the same rows.

Floor 5. Only rows on which one model is right and the other wrong speak; if the models are equally good, each of
them falls to either side with probability 1/2.
"""

from math import atanh, exp, isqrt, ldexp, log1p, pi, sqrt

import numpy as np

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
