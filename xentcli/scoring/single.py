"""The Score of a binary or multi-class table, as a view of its Tally.

Floor 5. Counts give the rates, exact sums the losses; with row weights the rates are those of the weights
while support and confusion counts stay numbers of rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from xentcli.scoring import losses, quality, rates
from xentcli.scoring.frameworks import view as frameworks
from xentcli.scoring.intervals import normal, wilson
from xentcli.scoring.model import Accuracy, ClassScore, Confusion, Loss, Rows, Score, ScoredTask
from xentcli.tally.counts import DENSE_LIMIT
from xentcli.tally.tally import Tally
from xentcli.tally.weighted import WeightedSums
from xentcli.task.model import Kind


@dataclass(frozen=True, slots=True)
class _Margins:
    """Rows per true class, per predicted class and on the diagonal, and the same as weights."""

    support: list[int]
    predicted: list[int]
    right: list[int]
    weight: Sequence[float]
    weight_predicted: Sequence[float]
    weight_right: Sequence[float]


def score(tally: Tally, task: ScoredTask, rows: Rows, confidence_level: float) -> Score:
    """Return the Score of a Tally that holds at least one scored row."""
    margins = _margins(tally)
    by_class = tally.loss.fractions()
    loss, accuracy = _loss(tally, margins, by_class, confidence_level), _accuracy(tally, margins, confidence_level)
    return Score(
        task=task,
        rows=rows,
        confidence_level=confidence_level,
        loss=loss,
        accuracy=accuracy,
        metrics=_metrics(task, tally, margins),
        per_class=_per_class(task, tally, margins, by_class),
        confusion=_confusion(task, tally),
        per_label=None,
        calibration=quality.reliability(tally.quality),
        frameworks=frameworks.single(tally, loss.value, accuracy.value),
    )


def _margins(tally: Tally) -> _Margins:
    support, predicted, right = (counts.tolist() for counts in tally.cells.margins())
    held = tally.weighted
    if held is None:
        return _Margins(support, predicted, right, support, predicted, right)
    weights = [[float(one) for one in sums.fractions()] for sums in (held.weight, held.predicted, held.right)]
    return _Margins(support, predicted, right, *weights)


def _moments(tally: Tally, by_class: list[Fraction]) -> losses.Moments:
    rows = tally.facts.scored
    held = tally.weighted
    if held is None:
        return losses.unweighted(rows, sum(by_class, Fraction(0)), tally.loss_square.total())
    squares = (held.square.total(), held.square_loss.total(), held.square_loss_square.total())
    return losses.weighted(held.weight.total(), held.loss.total(), squares, rows)


def _loss(tally: Tally, margins: _Margins, by_class: list[Fraction], confidence_level: float) -> Loss:
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
        prior=losses.entropy([share / total for share in margins.weight]),
    )
    return losses.headline(_moments(tally, by_class), around, confidence_level)


def _accuracy(tally: Tally, margins: _Margins, confidence_level: float) -> Accuracy:
    binary = tally.plan.kind is Kind.BINARY
    correct = sum(margins.right)
    total = sum(margins.weight)
    if tally.weighted is None:
        value = correct / tally.facts.scored
        interval = wilson(correct, tally.facts.scored, confidence_level)
    else:
        moments = _weighted_accuracy(tally.weighted, tally.facts.scored)
        value = float(moments.mean)
        interval = normal(value, moments.standard_error, confidence_level)
    return Accuracy(
        name="threshold" if binary else "top-1",
        value=value,
        interval=interval,
        correct=correct,
        ties=tally.ties,
        majority_accuracy=max(margins.weight) / total,
        threshold=tally.plan.threshold if binary else None,
    )


def _weighted_accuracy(held: WeightedSums, rows: int) -> losses.Moments:
    hits = held.square_right.total()
    return losses.weighted(held.weight.total(), held.right.total(), (held.square.total(), hits, hits), rows)


def _metrics(task: ScoredTask, tally: Tally, margins: _Margins) -> dict[str, float | None]:
    support, predicted, right = margins.weight, margins.weight_predicted, margins.weight_right
    found: dict[str, float | None] = {
        "balanced_accuracy": rates.balanced_accuracy(support, right),
        "f1_macro": rates.macro_f1(support, predicted, right),
        "f1_micro": rates.ratio(sum(right), sum(support)),
        "f1_weighted": rates.weighted_f1(support, predicted, right),
        "mcc": rates.matthews(support, predicted, right),
        "cohen_kappa": rates.cohen_kappa(support, predicted, right),
    }
    total = sum(support)
    found["brier"] = quality.brier(tally.quality, total)
    found["ece"] = quality.expected_calibration_error(tally.quality, total)
    positive = tally.plan.positive
    if task.kind is Kind.BINARY and positive is not None:
        negative = 1 - positive
        found["sensitivity"] = rates.ratio(right[positive], support[positive])
        found["specificity"] = rates.ratio(right[negative], support[negative])
        return found
    return found | quality.top_k(tally.quality, total, len(task.classes))


def _per_class(task: ScoredTask, tally: Tally, margins: _Margins, by_class: list[Fraction]) -> tuple[ClassScore, ...]:
    sums = by_class if tally.weighted is None else tally.weighted.loss.fractions()
    return tuple(
        ClassScore(
            name=name,
            support=margins.support[at],
            predicted=margins.predicted[at],
            precision=rates.ratio(margins.weight_right[at], margins.weight_predicted[at]),
            recall=rates.ratio(margins.weight_right[at], margins.weight[at]),
            f1=rates.f1(margins.weight[at], margins.weight_predicted[at], margins.weight_right[at]),
            loss=rates.ratio(float(sums[at]), margins.weight[at]),
        )
        for at, name in enumerate(task.classes)
    )


def _confusion(task: ScoredTask, tally: Tally) -> Confusion:
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
