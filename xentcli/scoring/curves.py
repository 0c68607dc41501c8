"""The ROC and precision-recall curves of a binary task, as a view of its Thresholds.

Floor 5. A curve of many distinct scores is thinned to vertices that lie on it, evenly spaced along its length, so that
its size does not grow with the rows.
"""

import numpy as np

from xentcli.scoring import rates
from xentcli.scoring.model import CurvePoint, Curves
from xentcli.scoring.ranking import Thresholds
from xentcli.scoring.rates import Margins

VERTICES = 200
"""Where the curve has more, a straight line between two of them hides at most a hundredth of each axis."""


def curves(held: Thresholds, margins: Margins, positive: int) -> Curves | None:
    """Return the curves; None where a class has no rows (no weight).

    Args:
        held: the distinct scores, or bins, with the rows (weights) of both classes.
        margins: what the decisions of the task made of the rows, for the point of its threshold.
        positive: index of the positive class.
    """
    found, alarms = held.true_positive + held.positive, held.false_positive + held.negative
    if not len(found) or not found[-1] or not alarms[-1]:
        return None
    sensitivity, fall_out = found / found[-1], alarms / alarms[-1]
    at = np.arange(len(found))
    if len(found) >= VERTICES:  # the curve starts at (0, 0), which is a vertex too
        length = sensitivity + fall_out
        steps = np.linspace(length[0], length[-1], VERTICES - 1)
        at = np.unique(np.searchsorted(length, steps).clip(max=len(length) - 1))
    called = found[at] + alarms[at]
    return Curves(
        exact=held.exact,
        thresholds=len(found),
        false_positive_rate=(0.0, *fall_out[at].tolist()),
        true_positive_rate=(0.0, *sensitivity[at].tolist()),
        precision=(None, *(found[at] / called).tolist()),
        decided=_decided(margins, positive),
    )


def _decided(margins: Margins, positive: int) -> CurvePoint:
    """Return the point of the decisions that the accuracy counts."""
    right = margins.weight_right[positive]
    called, negative = margins.weight_predicted[positive], margins.weight[1 - positive]
    return CurvePoint(
        false_positive_rate=rates.ratio(called - right, negative),
        true_positive_rate=rates.ratio(right, margins.weight[positive]),
        precision=rates.ratio(right, called),
    )
