"""Intervals: how far a number may be from what more data of the same kind would give.

Floor 5. Pure functions of counts and sums.
"""

from math import sqrt
from statistics import NormalDist

from xentcli.scoring.model import Interval


def quantile(confidence_level: float) -> float:
    """Return the two-sided standard normal quantile, 1.96 for 0.95.

    It is that of the lower tail: the upper one is rounded to 1 for levels next to 1.
    """
    return -NormalDist().inv_cdf((1.0 - confidence_level) / 2)


def wilson(successes: int, trials: int, confidence_level: float) -> Interval | None:
    """Return the Wilson score interval of a proportion, within [0, 1]; None without trials.

    E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212: the proportions p that the observed one does not
    contradict, so the interval is sound near 0 and 1 and for few trials.
    """
    if trials == 0:
        return None
    z = quantile(confidence_level)
    share = successes / trials
    scale = 1.0 + z * z / trials
    centre = (share + z * z / (2 * trials)) / scale
    half = z * sqrt(share * (1.0 - share) / trials + z * z / (4 * trials * trials)) / scale
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == trials else min(1.0, centre + half)
    return (low, high)


def wilson_f1(right: int, support: int, predicted: int, confidence_level: float) -> Interval | None:
    """Return an interval of F1 = 2 right / (support + predicted), within [0, 1]; None where neither has rows.

    Of the rows that have the class or are given it, J = right / (support + predicted - right) are right. F1 is
    2 J / (1 + J), which grows with J: the ends of Wilson's interval of the proportion J give those of F1.
    """
    found = wilson(right, support + predicted - right, confidence_level)
    return None if found is None else (2.0 * found[0] / (1.0 + found[0]), 2.0 * found[1] / (1.0 + found[1]))


def normal(value: float, standard_error: float | None, confidence_level: float) -> Interval | None:
    """Return value -+ quantile * standard error; None without a standard error."""
    if standard_error is None:
        return None
    half = quantile(confidence_level) * standard_error
    return (value - half, value + half)
