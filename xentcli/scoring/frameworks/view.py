"""From a Tally to the reports of all frameworks: the entrance of this folder.

Floor 5. Pure; nothing is read.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np

from xentcli.scoring.frameworks import binary, multiclass, multilabel, reasons
from xentcli.scoring.frameworks.entry import Entry, report
from xentcli.scoring.frameworks.means import Means
from xentcli.scoring.model import FrameworkReport
from xentcli.tally.exact import ExactSums
from xentcli.tally.frameworks.label_order import label_order
from xentcli.tally.frameworks.sums import Difference
from xentcli.tally.multilabel import MultiLabelTally
from xentcli.tally.tally import Tally
from xentcli.terms import Scale


def single(
    tally: Tally, loss: float, accuracy: float, *, class_weights: Sequence[float] | None = None
) -> tuple[FrameworkReport, ...]:
    """Return what frameworks would have reported for rows with one label each.

    Args:
        tally: of at least one scored row.
        loss: the headline loss.
        accuracy: the headline accuracy.
        class_weights: in class order; None without.
    """
    means = _means(tally, class_weights)
    narrow = bool(tally.frameworks.narrow)
    plan = tally.plan
    if plan.single:
        if plan.scale is Scale.LOG_PROBABILITIES:
            return ()
        found = binary.entries(binary.Binary(means, plan.scale, plan.objective.threshold, narrow, label_order(plan)))
    else:
        classes = len(plan.classes)
        table = multiclass.Multiclass(means, plan.scale, _macro(tally), classes, narrow, label_order(plan))
        found = multiclass.entries(table)
    return _reports(found, means, loss, accuracy)


def several(tally: MultiLabelTally, loss: float, accuracy: float) -> tuple[FrameworkReport, ...]:
    """Return what frameworks would have reported for rows with any number of labels; see `single`."""
    plan, held = tally.plan, tally.weighted
    labels, rows = len(plan.classes), tally.facts.scored
    means = Means(
        rows=(rows * labels,),
        right=(int(tally.correct.sum()),),
        loss=(tally.loss.total(),),
        weight=None if held is None else (held.weight.total() * labels,),
        weighted_right=None if held is None else (held.correct.total(),),
        weighted_loss=None if held is None else (held.loss.total(),),
        sums=tally.frameworks,
        repeats=labels,
    )
    weighted = None if held is None else float(held.subset.total() / held.weight.total())
    narrow = bool(tally.frameworks.narrow)
    table = multilabel.Multilabel(
        means, plan.scale, plan.objective.threshold, labels, narrow, tally.subset / rows, weighted, tally.raised
    )
    return _reports(multilabel.entries(table), means, loss, accuracy)


def _reports(found: Iterable[Entry], means: Means, loss: float, accuracy: float) -> tuple[FrameworkReport, ...]:
    weighs = reasons.weighted_accuracy(means)
    return tuple(report(entry, loss, accuracy, reasons.missing(means, entry.call or ""), weighs) for entry in found)


def _means(tally: Tally, class_weights: Sequence[float] | None) -> Means:
    support, _, right = tally.cells.margins()
    by_class = class_weights is not None
    held = tally.weighted
    return Means(
        rows=support.tolist() if by_class else [int(support.sum())],
        right=right.tolist() if by_class else [int(right.sum())],
        loss=_sums(tally.loss, by_class=by_class),
        weight=None if held is None else _sums(held.weight, by_class=by_class),
        weighted_right=None if held is None else _sums(held.right, by_class=by_class),
        weighted_loss=None if held is None else _sums(held.loss, by_class=by_class),
        sums=tally.frameworks,
        class_weights=None if class_weights is None else [Fraction(one) for one in class_weights],
    )


def _sums(held: ExactSums, *, by_class: bool) -> list[Fraction]:
    return held.fractions() if by_class else [held.total()]


def _macro(tally: Tally) -> float | None:
    """Return the mean recall over the classes that occur as a label or a prediction, as torchmetrics has it."""
    support, predicted, right = tally.cells.margins()
    moved = tally.frameworks.sums.get(Difference.RIGHT_ARGMAX)
    if moved is not None and len(support) == 2:
        right = right + np.array([int(one) for one in moved.fractions()])
        predicted = right + (support - right)[::-1]
    seen = (support > 0) | (predicted > 0)
    recalls = right[seen] / np.maximum(support[seen], 1)
    return float(recalls.sum() / np.count_nonzero(seen)) if seen.any() else None
