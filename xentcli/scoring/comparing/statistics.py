"""Statistics of a difference: its mean, its standard error and its p-value, and how many rows would tell it.

Floor 5.

The mean of differences, its standard error and its p-value: of pairs, from exact sums, and of unpaired rows. d is
what a row's number (loss, squared error, hit) is under B less what it is under A. Sums are exact, so rows that are
the same under both models give a difference and a standard error of exactly 0, in any order. Rows that are not
paired tell less; a baseline of which only numbers are stored has no others.

Power: how many rows would tell a difference, and which differences these rows can tell. All of it takes the
difference that was seen for the true one: an order of magnitude, no promise.
"""

from fractions import Fraction
from math import ceil, erfc, hypot, sqrt
from statistics import NormalDist

from xentcli.record import Record
from xentcli.scoring.intervals import normal, quantile, wilson
from xentcli.scoring.losses import Moments, unweighted, weighted
from xentcli.scoring.model import Interval

Exact = Fraction | float


class MeanDifference(Record):
    """A difference of two means.

    Attributes:
        value: B - A.
        standard_error: None where one row says nothing of the spread.
    """

    value: float
    standard_error: float | None

    def interval(self, confidence_level: float) -> Interval | None:
        """Return value -+ quantile * standard error; None without a standard error.

        With a standard error of 0 (every row differs by the same amount) both ends are the value.
        """
        return normal(self.value, self.standard_error, confidence_level)

    def p_value(self) -> float | None:
        """Return the p-value of no difference: see `p_value`."""
        return p_value(self.value, self.standard_error)


def paired(rows: int, total: Exact, square: Exact) -> MeanDifference | None:
    """Return the mean of `rows` paired differences with that sum and sum of squares; None without rows.

    The standard error is sqrt((sum d^2 - (sum d)^2 / n) / (n (n - 1))), of the one-sample z-test on differences
    (Student, Biometrika 6 (1908) 1-25, with the normal in place of the t distribution); None for a single row.
    """
    if rows == 0:
        return None
    return _estimate(unweighted(rows, Fraction(total), Fraction(square)))


def paired_weighted(
    rows: int, weight: Exact, total: Exact, squares: tuple[Exact, Exact, Exact]
) -> MeanDifference | None:
    """Return the weighted mean of paired differences; None where all weights are 0.

    The mean is sum(w d) / sum(w), its standard error sqrt(sum(w^2 (d - mean)^2)) / sum(w): the ratio estimator
    (W. G. Cochran, Sampling Techniques (1977), section 6.4), which holds for weights of any scale.

    Args:
        rows: number of rows; of a single one the standard error is None.
        weight: sum of w.
        total: sum of w d.
        squares: sums of w^2, w^2 d and w^2 d^2.
    """
    if not weight:
        return None
    of_weights, crossed, of_both = (Fraction(one) for one in squares)
    return _estimate(weighted(Fraction(weight), Fraction(total), (of_weights, crossed, of_both), rows))


def p_value(value: float, standard_error: float | None) -> float | None:
    """Return the two-sided normal p-value of no difference, erfc(|value / standard error| / sqrt 2).

    It keeps its digits down to 1e-300. Where the standard error is 0, no difference at all gives 1; a difference
    that is the same in every row gives None, since without a spread there is no law to hold it against.
    """
    if standard_error is None:
        return None
    if standard_error == 0.0:
        return 1.0 if value == 0.0 else None
    return erfc(abs(value / standard_error) / sqrt(2.0))


def _estimate(moments: Moments) -> MeanDifference:
    return MeanDifference(float(moments.mean), moments.standard_error)


def means(a: float, error_a: float | None, b: float, error_b: float | None) -> MeanDifference:
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
        return MeanDifference(b - a, None)
    return MeanDifference(b - a, hypot(error_a, error_b))


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
