"""The Score of a binary or multi-class table, as a view of its Tally.

Floor 5. Counts give the rates, exact sums the losses; with row weights the rates are those of the weights
while support and confusion counts stay numbers of rows.
"""

from fractions import Fraction

from xentcli.record import Record
from xentcli.scoring import class_loss, losses, quality, ranking, rates
from xentcli.scoring.frameworks import view as frameworks
from xentcli.scoring.intervals import normal, wilson
from xentcli.scoring.model import (
    Accuracy,
    ClassScore,
    Confusion,
    FrameworkReport,
    Interval,
    Loss,
    Metric,
    PredictedLabel,
    Rows,
    Score,
    ScoredTask,
)
from xentcli.scoring.options import Options
from xentcli.scoring.slices import slices, worst_rows
from xentcli.tally.counts import DENSE_LIMIT
from xentcli.tally.decisions import DecisionTally
from xentcli.tally.exact import ExactSums
from xentcli.tally.tally import Tally
from xentcli.tally.weighted import WeightedSums
from xentcli.task.model import Kind


def predicted_label(tally: Tally) -> PredictedLabel | None:
    """Return the comparison, None without such a column."""
    held, coder = tally.agreement, tally.plan.predicted
    if held is None or coder is None:
        return None
    rows = held.agrees + held.disagrees.count
    accuracy = held.right / rows if rows else None
    if held.has_weights:
        weight = held.weight.total()
        accuracy = float(held.weight_right.total() / weight) if weight else None
    return PredictedLabel(
        column=coder.column,
        agrees=held.agrees,
        disagrees=held.disagrees.count,
        missing=held.missing,
        rows=tally.facts.row_numbers(held.disagrees),
        accuracy=accuracy,
    )


class Margins(Record):
    """Rows per true class, per predicted class and on the diagonal, and the same as weights.

    Weights are whole numbers of the unit: rates of them are exact until the one division.
    """

    support: list[int]
    predicted: list[int]
    right: list[int]
    weight: list[int]
    weight_predicted: list[int]
    weight_right: list[int]
    unit: Fraction = Fraction(1)


def score(tally: Tally, task: ScoredTask, rows: Rows, options: Options) -> Score:
    """Return the Score of a Tally that holds at least one scored row."""
    margins = margins_of(tally)
    loss = class_loss.loss(task, tally, margins.support, margins.weight, options)
    accuracy = _accuracy(tally, margins, options.confidence_level)
    return Score(
        task=task,
        rows=rows,
        confidence_level=options.confidence_level,
        loss=loss,
        accuracy=accuracy,
        metrics=_metrics(task, tally, margins),
        per_class=per_class(task, margins, tally.loss if tally.weighted is None else tally.weighted.loss),
        confusion=confusion(task, tally),
        per_label=None,
        calibration=quality.reliability(tally.quality),
        loss_histogram=quality.loss_bins(tally.histogram),
        slices=slices(tally.slices, options.confidence_level),
        worst=worst_rows(tally.worst, tally.facts, task.classes, task.kind),
        predicted_label=predicted_label(tally),
        frameworks=_frameworks(tally, loss, accuracy),
    )


def _frameworks(tally: Tally, loss: Loss, accuracy: Accuracy) -> tuple[FrameworkReport, ...]:
    """Return what frameworks would have reported; they are not followed into soft targets."""
    if tally.soft is not None:
        return ()
    weights = None if loss.class_weights is None else list(loss.class_weights.values())
    return frameworks.single(tally, loss.value, accuracy.value, class_weights=weights)


def margins_of(tally: Tally | DecisionTally) -> Margins:
    """Return the margins of the confusion counts, and of their weights."""
    support, predicted, right = (counts.tolist() for counts in tally.cells.margins())
    held = tally.weighted
    if held is None:
        return Margins(support, predicted, right, support, predicted, right)
    sums = (held.weight, held.predicted, held.right)
    unit = min(one.unit() for one in sums)
    weight, weight_predicted, weight_right = (one.wholes(unit) for one in sums)
    return Margins(support, predicted, right, weight, weight_predicted, weight_right, unit)


def _accuracy(tally: Tally, margins: Margins, confidence_level: float) -> Accuracy:
    binary = tally.plan.kind is Kind.BINARY
    value, interval = share_right(tally, margins, confidence_level)
    return Accuracy(
        name="threshold" if binary else "top-1",
        value=value,
        interval=interval,
        correct=sum(margins.right),
        ties=tally.on_limits.tied.count,
        majority_accuracy=max(margins.weight) / sum(margins.weight),
        threshold=tally.plan.objective.threshold if binary else None,
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


def rates_of(margins: Margins) -> dict[str, Metric]:
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


def positive_rates(margins: Margins, positive: int | None) -> dict[str, Metric]:
    """Return the recall of the positive class and of the other one; nothing without a positive class."""
    if positive is None:
        return {}
    support, right, negative = margins.weight, margins.weight_right, 1 - positive
    return {
        "sensitivity": rates.ratio(right[positive], support[positive]),
        "specificity": rates.ratio(right[negative], support[negative]),
    }


def _metrics(task: ScoredTask, tally: Tally, margins: Margins) -> dict[str, Metric]:
    found = rates_of(margins)
    total = float(sum(margins.weight) * margins.unit)
    found["brier"] = quality.brier(tally.quality, total)
    found["ece"] = quality.expected_calibration_error(tally.quality, total)
    if task.kind is Kind.BINARY and tally.plan.positive is not None:
        return found | positive_rates(margins, tally.plan.positive) | ranking.metrics(tally.ranking)
    return found | quality.top_k(tally.quality, total, len(task.classes))


def per_class(task: ScoredTask, margins: Margins, sums: ExactSums | None) -> tuple[ClassScore, ...]:
    """Return each class by itself; `sums` are those of its losses, None without scores."""
    losses = [None] * len(task.classes) if sums is None else _means(sums, margins)
    columns = (
        task.classes, margins.support, margins.predicted, margins.weight, margins.weight_predicted,
        margins.weight_right, losses,
    )  # fmt: skip
    return tuple(
        ClassScore(
            name=name,
            support=rows,
            predicted=guesses,
            precision=rates.ratio(right, predicted),
            recall=rates.ratio(right, weight),
            f1=rates.f1(weight, predicted, right),
            loss=loss,
        )
        for name, rows, guesses, weight, predicted, right, loss in zip(*columns, strict=True)
    )


def _means(sums: ExactSums, margins: Margins) -> list[float | None]:
    """Return the mean loss of each class; whole numbers divide with one rounding."""
    unit = min(sums.unit(), margins.unit)
    times = int(margins.unit / unit)
    return [rates.ratio(one, weight * times) for one, weight in zip(sums.wholes(unit), margins.weight, strict=True)]


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
