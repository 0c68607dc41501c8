"""Chance: how likely counts are if nothing is wrong. Pure functions; bounds, so that they hold for any number of rows.

Floor 6.
"""

from math import inf, log, sqrt

LEVEL = 1e-6
"""A rule that claims a better reading of the file speaks by chance once in a million honest files at most."""

LOG_LEVEL = log(LEVEL)

Z_LEVEL = 4.7534243088
"""The standard normal exceeds this with probability 1e-6."""


def log_tail(hits: float, rows: float, share: float) -> float:
    """Return an upper bound of the log probability of at least so many hits.

    The Chernoff bound -n KL(h/n || p) of Hoeffding (1963), Journal of the American Statistical Association 58; it
    holds for binomial counts and for sums of independent trials with the mean share p.

    Args:
        hits: how many rows hit.
        rows: how many there are.
        share: how many would, as a share, if nothing is wrong.
    """
    seen = hits / rows if rows else 0.0
    if seen <= share:
        return 0.0
    if share <= 0.0:
        return -inf
    rest = 0.0 if seen >= 1.0 else (1.0 - seen) * log((1.0 - seen) / (1.0 - share))
    return -rows * (seen * log(seen / share) + rest)


def log_more(new: float, old: float) -> float:
    """Return an upper bound of the log probability that so many rows hit only with the new reading, so few only before.

    McNemar's test (1947, Psychometrika 12): if the old reading is at least as good, each such row is a coin.
    """
    return log_tail(new, new + old, 0.5)


def mean_gain_z(total: float, square: float, rows: int) -> float:
    """Return the mean of differences over its standard error; from their sum and the sum of their squares."""
    mean = total / rows
    variance = max(0.0, square / rows - mean * mean)
    if variance == 0.0:
        return inf if mean > 0.0 else 0.0
    return mean / sqrt(variance / rows)
