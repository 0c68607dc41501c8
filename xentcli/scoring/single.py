"""The Score of a binary or multi-class table, as a view of its Tally.

Floor 5. Counts give the rates, exact sums the losses; with row weights the rates are those of the weights
while support and confusion counts stay numbers of rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from xentcli.scoring import losses, quality, rates, soft
from xentcli.scoring.agreement import predicted_label
from xentcli.scoring.intervals import normal, wilson
from xentcli.scoring.model import Accuracy, ClassScore, Confusion, Interval, Loss, Rows, Score, ScoredTask
from xentcli.tally.counts import DENSE_LIMIT
from xentcli.tally.decisions import DecisionTally
from xentcli.tally.tally import Tally
from xentcli.tally.weighted import WeightedSums
from xentcli.task.model import Kind


@dataclass(frozen=True, slots=True)
class Margins:
    """Rows per true class, per predicted class and on the diagonal, and the same as weights."""

    support: list[int]
    predicted: list[int]
    right: list[int]
    weight: Sequence[float]
    weight_predicted: Sequence[float]
    weight_right: Sequence[float]


def score(tally: Tally, task: ScoredTask, rows: Rows, confidence_level: float) -> Score:
    """Return the Score of a Tally that holds at least one scored row."""
    margins = margins_of(tally)
    by_class = tally.loss.fractions()
    return Score(
        task=task,
        rows=rows,
        confidence_level=confidence_level,
        loss=_loss(tally, margins, by_class, confidence_level),
        accuracy=_accuracy(tally, margins, confidence_level),
        metrics=_metrics(task, tally, margins),
        per_class=per_class(task, margins, by_class if tally.weighted is None else tally.weighted.loss.fractions()),
        confusion=confusion(task, tally),
        per_label=None,
        calibration=quality.reliability(tally.quality),
        predicted_label=predicted_label(tally),
    )


def margins_of(tally: Tally | DecisionTally) -> Margins:
    """Return the margins of the confusion counts, and of their weights."""
    support, predicted, right = (counts.tolist() for counts in tally.cells.margins())
    held = tally.weighted
    if held is None:
        return Margins(support, predicted, right, support, predicted, right)
    weights = [[float(one) for one in sums.fractions()] for sums in (held.weight, held.predicted, held.right)]
    return Margins(support, predicted, right, *weights)


def _moments(tally: Tally, by_class: list[Fraction]) -> losses.Moments:
    rows = tally.facts.scored
    held = tally.weighted
    if held is None:
        return losses.unweighted(rows, sum(by_class, Fraction(0)), tally.loss_square.total())
    squares = (held.square.total(), held.square_loss.total(), held.square_loss_square.total())
    return losses.weighted(held.weight.total(), held.loss.total(), squares, rows)


def _loss(tally: Tally, margins: Margins, by_class: list[Fraction], confidence_level: float) -> Loss:
    total = sum(margins.weight)
    unclipped = None
    if tally.weighted is None:
        unclipped = losses.unclipped_mean(sum(by_class, Fraction(0)), tally.clipping, tally.facts.scored)
    binary = tally.plan.kind is Kind.BINARY
    around = losses.Around(
        name="binary_cross_entropy" if binary else "categorical_cross_entropy",
        reduction="mean over rows" if tally.weighted is None else "weighted mean over rows",
        scale=tally.plan.scale,
        clipped=tally.clipping.clipped,
        renormalised=tally.renormalised,
        unclipped=unclipped,
        prior=losses.entropy([share / total for share in margins.weight])
        if tally.soft is None
        else soft.class_prior(tally.soft, total),
        target_entropy=0.0 if tally.soft is None else soft.target_entropy(tally.soft, total),
    )
    return losses.headline(_moments(tally, by_class), around, confidence_level)


def _accuracy(tally: Tally, margins: Margins, confidence_level: float) -> Accuracy:
    binary = tally.plan.kind is Kind.BINARY
    value, interval = share_right(tally, margins, confidence_level)
    return Accuracy(
        name="threshold" if binary else "top-1",
        value=value,
        interval=interval,
        correct=sum(margins.right),
        ties=tally.ties,
        majority_accuracy=max(margins.weight) / sum(margins.weight),
        threshold=tally.plan.threshold if binary else None,
    )


def share_right(
    tally: Tally | DecisionTally, margins: Margins, confidence_level: float
) -> tuple[float, Interval | None]:
    """Return the share of the rows (weights) that are right, and its interval."""
    if tally.weighted is None:
        correct = sum(margins.right)
        return correct / tally.facts.scored, wilson(correct, tally.facts.scored, confidence_level)
    moments = _weighted_accuracy(tally.weighted, tally.facts.scored)
    value = float(moments.mean)
    return value, normal(value, moments.standard_error, confidence_level)


def _weighted_accuracy(held: WeightedSums, rows: int) -> losses.Moments:
    hits = held.square_right.total()
    return losses.weighted(held.weight.total(), held.right.total(), (held.square.total(), hits, hits), rows)


def rates_of(margins: Margins) -> dict[str, float | None]:
    """Return the rates that confusion counts give."""
    support, predicted, right = margins.weight, margins.weight_predicted, margins.weight_right
    return {
        "balanced_accuracy": rates.balanced_accuracy(support, right),
        "f1_macro": rates.macro_f1(support, predicted, right),
        "f1_micro": rates.ratio(sum(right), sum(support)),
        "f1_weighted": rates.weighted_f1(support, predicted, right),
        "mcc": rates.matthews(support, predicted, right),
        "cohen_kappa": rates.cohen_kappa(support, predicted, right),
    }


def positive_rates(margins: Margins, positive: int | None) -> dict[str, float | None]:
    """Return the recall of the positive class and of the other one; nothing without a positive class."""
    if positive is None:
        return {}
    support, right, negative = margins.weight, margins.weight_right, 1 - positive
    return {
        "sensitivity": rates.ratio(right[positive], support[positive]),
        "specificity": rates.ratio(right[negative], support[negative]),
    }


def _metrics(task: ScoredTask, tally: Tally, margins: Margins) -> dict[str, float | None]:
    found = rates_of(margins)
    total = sum(margins.weight)
    found["brier"] = quality.brier(tally.quality, total)
    found["ece"] = quality.expected_calibration_error(tally.quality, total)
    if task.kind is Kind.BINARY and tally.plan.positive is not None:
        return found | positive_rates(margins, tally.plan.positive)
    return found | quality.top_k(tally.quality, total, len(task.classes))


def per_class(task: ScoredTask, margins: Margins, sums: list[Fraction] | None) -> tuple[ClassScore, ...]:
    """Return each class by itself; `sums` are those of its losses, None without scores."""
    return tuple(
        ClassScore(
            name=name,
            support=margins.support[at],
            predicted=margins.predicted[at],
            precision=rates.ratio(margins.weight_right[at], margins.weight_predicted[at]),
            recall=rates.ratio(margins.weight_right[at], margins.weight[at]),
            f1=rates.f1(margins.weight[at], margins.weight_predicted[at], margins.weight_right[at]),
            loss=None if sums is None else rates.ratio(float(sums[at]), margins.weight[at]),
        )
        for at, name in enumerate(task.classes)
    )


def confusion(task: ScoredTask, tally: Tally | DecisionTally) -> Confusion:
    """Return the rows by true and predicted class."""
    dense = tally.cells.dense()
    if dense is None:
        return Confusion(task.classes, None, tuple(tally.cells.non_zero()), None)
    counts = tuple(tuple(row) for row in dense.tolist())
    weights = None
    if tally.weighted is not None and tally.weighted.cells is not None and len(counts) <= DENSE_LIMIT:
        flat = [float(one) for one in tally.weighted.cells.fractions()]
        size = len(counts)
        weights = tuple(tuple(flat[at * size : (at + 1) * size]) for at in range(size))
    return Confusion(task.classes, counts, None, weights)
