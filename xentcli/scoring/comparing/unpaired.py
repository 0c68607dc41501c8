"""Differences between two models whose rows are not paired: weaker, for a baseline of which only numbers are left.

Floor 5. Models that are scored on the same rows are mostly right and wrong together; without the pairs that cannot be
taken off, and the intervals come out wider than those of paired rows.
"""

from math import hypot

from xentcli.scoring.comparing.normal import Estimate
from xentcli.scoring.intervals import wilson
from xentcli.scoring.model import Interval


def means(a: float, error_a: float | None, b: float, error_b: float | None) -> Estimate:
    """Return the difference b - a of two independent means, its standard error sqrt(error_a^2 + error_b^2).

    The large-sample two-sample z-test (B. L. Welch, Biometrika 29 (1938) 350-362, with the normal in place of the t
    distribution).

    Args:
        a: mean of A.
        error_a: its standard error; None makes that of the difference None.
        b: mean of B.
        error_b: likewise.
    """
    if error_a is None or error_b is None:
        return Estimate(b - a, None)
    return Estimate(b - a, hypot(error_a, error_b))


def proportions(right_a: int, rows_a: int, right_b: int, rows_b: int, confidence_level: float) -> Interval | None:
    """Return Newcombe's hybrid score interval of right_b / rows_b - right_a / rows_a; None where either has no rows.

    R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10: the distances from each share to its Wilson
    limits, squared and added. Within [-1, 1], and it has width for 0 and for all right as well.
    """
    limits_a, limits_b = wilson(right_a, rows_a, confidence_level), wilson(right_b, rows_b, confidence_level)
    if limits_a is None or limits_b is None:
        return None
    return rates(right_a / rows_a, limits_a, right_b / rows_b, limits_b)


def rates(a: float, limits_a: Interval, b: float, limits_b: Interval) -> Interval:
    """Return the interval of b - a, of two independent rates whose own intervals are known, within [-1, 1].

    The squares of the distances to the limits are added: G. Y. Zou and A. Donner, Statistics in Medicine 27 (2008)
    1693-1702, of which Newcombe's interval is the case of Wilson's limits.
    """
    below = hypot(b - limits_b[0], limits_a[1] - a)
    above = hypot(limits_b[1] - b, a - limits_a[0])
    return (max(-1.0, b - a - below), min(1.0, b - a + above))
