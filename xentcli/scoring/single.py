"""The Score of a binary or multi-class table, as a view of its Tally.

Floor 5. Counts give the rates, exact sums the losses; with row weights the rates are those of the weights
while support and confusion counts stay numbers of rows.
"""

from collections.abc import Iterator

from xentcli.scoring import class_loss, formulas, losses, quality, rates
from xentcli.scoring.class_weights import Options
from xentcli.scoring.curves import curves
from xentcli.scoring.frameworks import view as frameworks
from xentcli.scoring.intervals import normal, wilson
from xentcli.scoring.model import (
    Accuracy,
    ClassScore,
    Confusion,
    FrameworkReport,
    Interval,
    Loss,
    PredictedLabel,
    Rows,
    Score,
    ScoredTask,
)
from xentcli.scoring.rates import Margins, margins_of
from xentcli.scoring.slices import slices, worst_rows
from xentcli.tally.counts import DENSE_LIMIT
from xentcli.tally.decisions import DecisionTally
from xentcli.tally.exact import ExactSums
from xentcli.tally.tally import Tally
from xentcli.tally.weighted import WeightedSums
from xentcli.terms import Kind


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


def score(tally: Tally, task: ScoredTask, rows: Rows, options: Options) -> Score:
    """Return the Score of a Tally that holds at least one scored row."""
    margins = margins_of(tally)
    loss = class_loss.loss(task, tally, margins.support, margins.weight, options)
    accuracy = _accuracy(tally, margins, options.confidence_level)
    held = formulas.counted(tally, task, margins)
    return Score(
        task=task,
        rows=rows,
        confidence_level=options.confidence_level,
        loss=loss,
        accuracy=accuracy,
        metrics=formulas.single_metrics(held),
        per_class=per_class(
            task, margins, tally.loss if tally.weighted is None else tally.weighted.loss, options.confidence_level
        ),
        confusion=confusion(task, tally),
        per_label=None,
        calibration=quality.reliability(tally.quality, options.confidence_level),
        loss_histogram=quality.loss_bins(tally.histogram),
        slices=slices(tally.slices, options.confidence_level),
        worst=worst_rows(tally.worst, tally.facts, task.classes, task.kind),
        predicted_label=predicted_label(tally),
        frameworks=_frameworks(tally, loss, accuracy),
        intervals=formulas.single_intervals(held, options.intervals, options.confidence_level),
        curves=None if held.thresholds is None else curves(held.thresholds, margins, tally.plan.positive or 0),
    )


def _frameworks(tally: Tally, loss: Loss, accuracy: Accuracy) -> tuple[FrameworkReport, ...]:
    """Return what frameworks would have reported; they are not followed into soft targets."""
    if tally.soft is not None:
        return ()
    weights = None if loss.class_weights is None else list(loss.class_weights.values())
    return frameworks.single(tally, loss.value, accuracy.value, class_weights=weights)


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


def per_class(
    task: ScoredTask, margins: Margins, sums: ExactSums | None, confidence_level: float
) -> tuple[ClassScore, ...]:
    """Return each class by itself; `sums` are those of its losses, None without scores."""
    losses = [None] * len(task.classes) if sums is None else _means(sums, margins)
    columns = (
        task.classes, margins.support, margins.predicted, margins.weight, margins.weight_predicted,
        margins.weight_right, losses, recall_intervals(margins, confidence_level),
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
            recall_interval=interval,
        )
        for name, rows, guesses, weight, predicted, right, loss, interval in zip(*columns, strict=True)
    )


def recall_intervals(margins: Margins, confidence_level: float) -> Iterator[Interval | None]:
    """Yield Wilson's interval of the recall of each class; None for classes without rows, and with weights."""
    counted = margins.weight is margins.support
    for right, rows in zip(margins.right, margins.support, strict=True):
        yield wilson(right, rows, confidence_level) if counted else None


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
