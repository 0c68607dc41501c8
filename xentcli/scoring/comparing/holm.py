"""Holm's correction: p-values of several comparisons, made so that any of them may be pointed at.

Floor 5.
"""

from collections.abc import Sequence


def adjusted(p_values: Sequence[float | None]) -> list[float | None]:
    """Return the adjusted p-values, in the order given; None stays None and does not count as a comparison.

    S. Holm, Scandinavian Journal of Statistics 6 (1979) 65-70: the least of m p-values times m, the next times m - 1,
    and so on, none below the one before nor above 1. To call those below 0.05 real is wrong for any of the m
    with probability 0.05 at most, however they depend on each other.
    """
    held = sorted((p, at) for at, p in enumerate(p_values) if p is not None)
    found: list[float | None] = [None] * len(p_values)
    most = 0.0
    for passed, (p, at) in enumerate(held):
        most = max(most, min(1.0, (len(held) - passed) * p))
        found[at] = most
    return found
