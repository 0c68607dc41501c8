"""Regression or not: what an interval of the worsening says against a margin.

Floor 5.
"""

from enum import StrEnum

from xentcli.scoring.comparing import proportions
from xentcli.scoring.model import Interval


class Decision(StrEnum):
    """What the rows say about a limit on the worsening."""

    FAIL = "fail"
    PASS = "pass"  # noqa: S105  no password
    INCONCLUSIVE = "inconclusive"


def decide(worsening: Interval, margin: float) -> Decision:
    """Return FAIL if the whole interval lies above the margin, PASS if it lies at or below it, else INCONCLUSIVE.

    With an interval at confidence level c a model that is worse by just the margin fails with probability
    (1 - c) / 2. The ends count unrounded.

    Args:
        worsening: by how much the metric is worse than the baseline's, in its worse direction; below 0 is better.
        margin: how much worse it may be.
    """
    low, high = worsening
    if low > margin:
        return Decision.FAIL
    return Decision.PASS if high <= margin else Decision.INCONCLUSIVE


def worsening(difference: Interval, *, higher_is_better: bool) -> Interval:
    """Return the interval of A - B for a metric of which more is better, else that of B - A, which is given."""
    low, high = difference
    return (0.0 - high, 0.0 - low) if higher_is_better else difference  # -0.0 would be printed as such


def accuracy_interval(
    rows: int, only_a_right: int, only_b_right: int, confidence_level: float, *, identical: bool
) -> Interval | None:
    """Return the interval of accuracy(B) - accuracy(A): Tango's, or (0, 0) for identical predictions.

    With no row on which one model alone is right Tango's interval still has width, as it should: two models that were
    right on the same 20 rows may well differ on the next ones. Identical predictions leave no difference to
    estimate: the two are one model, and a check with margin 0 passes.

    Args:
        rows: compared rows.
        only_a_right: those on which only A is right.
        only_b_right: those on which only B is right.
        confidence_level: of the interval.
        identical: whether every row has the same decision and the same loss under both models.
    """
    if identical and rows:
        return (0.0, 0.0)
    return proportions.interval(rows, only_a_right, only_b_right, confidence_level)
