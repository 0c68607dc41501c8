"""Tango's score interval for the difference of two accuracies on the same rows.

Floor 5. Of n rows, b are right only under A and c only under B; the difference is (c - b) / n.
"""

from math import sqrt

from xentcli.scoring.intervals import quantile
from xentcli.scoring.model import Interval


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
