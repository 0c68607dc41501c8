"""Power: how many rows would tell a difference, and which differences these rows can tell.

Floor 5. All of it takes the difference that was seen for the true one: an order of magnitude, no promise.
"""

from math import ceil, sqrt
from statistics import NormalDist

from xentcli.scoring.intervals import quantile
from xentcli.scoring.model import Interval

POWER = 0.8
"""The probability of telling the difference with that many rows; the custom of the field."""


def rows_needed(rows: int, difference: float, standard_error: float | None, confidence_level: float) -> int | None:
    """Return how many rows tell a mean difference with probability 0.8, n ((z + z_0.8) se / |d|)^2 rounded up.

    None without a difference or a standard error. J. Cohen, Statistical Power Analysis (1988), chapter 2, for large n.

    Args:
        rows: n, of the rows seen.
        difference: d, of their means.
        standard_error: of d.
        confidence_level: of the interval that must leave out 0; z is its quantile.
    """
    if not difference or standard_error is None:
        return None
    return _whole(rows * ((quantile(confidence_level) + _z_power()) * standard_error / difference) ** 2)


def rows_needed_for_accuracy(rows: int, only_a_right: int, only_b_right: int, confidence_level: float) -> int | None:
    """Return how many rows McNemar's test needs to tell the accuracies with probability 0.8; None without a difference.

    (z sqrt(s) + z_0.8 sqrt(s - d^2))^2 / d^2 with s the share of rows on which one model alone is right and d the
    difference of the accuracies: R. J. Connor, Biometrics 43 (1987) 207-211.
    """
    if only_a_right == only_b_right:
        return None
    share = (only_a_right + only_b_right) / rows
    difference = (only_b_right - only_a_right) / rows
    spread = max(0.0, share - difference * difference)
    return _whole(((quantile(confidence_level) * sqrt(share) + _z_power() * sqrt(spread)) / difference) ** 2)


def resolvable(interval: Interval) -> float:
    """Return half the interval's width: differences below it these rows cannot tell from none."""
    return 0.5 * (interval[1] - interval[0])


def _z_power() -> float:
    return NormalDist().inv_cdf(POWER)


def _whole(rows: float) -> int:
    """Return the number rounded up, at least the two rows without which there is no spread."""
    return max(2, ceil(rows))
