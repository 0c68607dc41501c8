"""Formulas: what each registered metric is, as a function of a Tally, and how sure its value is.

Floor 5. The keys are those of `xentcli.metrics`, which says of each what needs no data: a test pairs the two. An
interval costs something, so that only those are made that are asked for; where there is none, a sentence says why.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from fractions import Fraction
from math import exp, fsum, log, sqrt
from typing import NamedTuple

from xentcli.metrics import BOUNDS, METRICS
from xentcli.scoring import quality, ranking, rates
from xentcli.scoring.intervals import normal, quantile, wilson
from xentcli.scoring.model import Interval, LabelScore, Metric, OutputScore, ScoredTask
from xentcli.scoring.ranking import Thresholds, delong_error, thresholds
from xentcli.scoring.rates import Margins
from xentcli.tally.decisions import DecisionTally
from xentcli.tally.multilabel import MultiLabelTally
from xentcli.tally.tally import Tally

Sure = Interval | str
"""An interval, or why there is none."""

WEIGHTED = "rows have weights, and an interval of it is known for counted rows alone"
UNASKED = "no interval of it was asked for when the file was scored"
_BRIER = "the pass keeps the sum of the Brier scores, not that of their squares"
_ECE = "a mean of absolute differences lies above the truth by chance, so that no interval around it is honest"
_LABELS = "the labels of a row are right and wrong together, and the pass keeps no sum by row of it"
_OUTPUTS = "the outputs of a row are right and wrong together, and the pass keeps no sum by row of it"
_NO_SPREAD = "every pair of rows is ordered alike, which shows no spread"
_FEW = "a single row of a class shows no spread"
_UNDEFINED = "it is undefined"


class Counted(NamedTuple):
    """What the formulas of tasks with one label a row are functions of.

    Attributes:
        tally: of scores, or of decisions.
        task: how the file was read.
        margins: of its confusion counts.
        total: rows, or their weight.
        thresholds: of a binary task's scores; None without.
    """

    tally: Tally | DecisionTally
    task: ScoredTask
    margins: Margins
    total: float
    thresholds: Thresholds | None


class LabelCounted(NamedTuple):
    """What the formulas of multi-label tasks are functions of: counts per label, as rows or as weights."""

    tally: MultiLabelTally
    support: rates.Counts
    predicted: rates.Counts
    right: rates.Counts
    correct: rates.Counts
    total: Fraction
    per_label: tuple[LabelScore, ...]


class Formula(NamedTuple):
    """The formula of a metric of tasks with one label a row.

    Attributes:
        value: None where it is undefined.
        interval: of counted rows, or why there is none; None where it is resampled from the confusion counts.
        given: whether the Tally holds what it takes.
        bounds: what the value is proven to lie between; None for metrics that are always exact.
    """

    value: Callable[[Counted], float | None]
    interval: Callable[[Counted, float], Sure] | None = None
    given: Callable[[Counted], bool] = lambda _: True
    bounds: Callable[[Counted], Interval | None] | None = None


def _of_weights(formula: Callable[[rates.Counts, rates.Counts, rates.Counts], float | None]) -> Formula:
    """Return a formula of the three margins, whose interval is resampled."""
    return Formula(lambda held: formula(held.margins.weight, held.margins.weight_predicted, held.margins.weight_right))


def _recall(at: Callable[[int], int]) -> Formula:
    """Return the recall of a class of a binary task; `at` gives its index from that of the positive class."""

    def place(held: Counted) -> int:
        return at(held.tally.plan.positive or 0)

    return Formula(
        value=lambda held: rates.ratio(held.margins.weight_right[place(held)], held.margins.weight[place(held)]),
        interval=lambda held, level: _proportion(
            held.margins.right[place(held)], held.margins.support[place(held)], level
        ),
        given=lambda held: held.tally.plan.positive is not None,
    )


def _proportion(right: int, rows: int, confidence_level: float) -> Sure:
    return wilson(right, rows, confidence_level) or _UNDEFINED


def _without(because: str) -> Callable[[Counted, float], Sure]:
    return lambda _, __: because


def _scored(held: Counted) -> bool:
    return isinstance(held.tally, Tally)


def _top(key: int) -> Formula:
    def value(held: Counted) -> float | None:
        classes = len(held.task.classes)
        return None if held.tally.quality is None else quality.top_k(held.tally.quality, held.total, classes, key)

    def interval(held: Counted, level: float) -> Sure:
        share, rows = value(held), held.tally.facts.scored
        return _UNDEFINED if share is None else _proportion(round(share * rows), rows, level)

    return Formula(value, interval, _scored)


def _roc_interval(held: Counted, confidence_level: float) -> Sure:
    """Return DeLong's interval within [0, 1], wider by what bins leave open."""
    assert held.thresholds is not None  # noqa: S101  the formula is given
    value, error = ranking.roc_auc(held.thresholds), delong_error(held.thresholds)
    if value is None or error is None:
        return _FEW
    if error == 0.0:
        return _NO_SPREAD
    low, high = normal(value, error, confidence_level) or (value, value)
    least, most = ranking.roc_auc_bounds(held.thresholds) or (value, value)
    return (max(0.0, low - (value - least)), min(1.0, high + (most - value)))


def _precision_interval(held: Counted, confidence_level: float) -> Sure:
    """Return the logit interval of an average precision, wider by what bins leave open.

    logit(AP) -+ z / sqrt(n AP (1 - AP)) with n rows of the positive class: K. Boyd, K. H. Eng and C. D. Page, Area
    under the Precision-Recall Curve: Point Estimates and Confidence Intervals, ECML PKDD (2013).
    """
    assert held.thresholds is not None  # noqa: S101  the formula is given
    value = ranking.average_precision(held.thresholds)
    if value is None or not 0.0 < value < 1.0:
        return _NO_SPREAD
    middle = log(value / (1.0 - value))
    half = quantile(confidence_level) / sqrt(float(held.thresholds.positive.sum()) * value * (1.0 - value))
    low, high = (1.0 / (1.0 + exp(-max(-700.0, end))) for end in (middle - half, middle + half))
    least, most = ranking.average_precision_bounds(held.thresholds) or (value, value)
    return (max(0.0, low - (value - least)), min(1.0, high + (most - value)))


def _of_ranking(
    value: Callable[[Thresholds], float | None],
    bounds: Callable[[Thresholds], Interval | None],
    interval: Callable[[Counted, float], Sure],
) -> Formula:
    return Formula(
        value=lambda held: None if held.thresholds is None else value(held.thresholds),
        interval=interval,
        given=lambda held: held.thresholds is not None,
        bounds=lambda held: None if held.thresholds is None else bounds(held.thresholds),
    )


SINGLE: Mapping[str, Formula] = {
    "balanced_accuracy": _of_weights(lambda support, _, right: rates.balanced_accuracy(support, right)),
    "f1_macro": _of_weights(rates.macro_f1),
    "f1_micro": Formula(
        lambda held: rates.ratio(sum(held.margins.weight_right), sum(held.margins.weight)),
        lambda held, level: _proportion(sum(held.margins.right), sum(held.margins.support), level),
    ),
    "f1_weighted": _of_weights(rates.weighted_f1),
    "mcc": _of_weights(rates.matthews),
    "cohen_kappa": _of_weights(rates.cohen_kappa),
    "brier": Formula(
        lambda held: None if held.tally.quality is None else quality.brier(held.tally.quality, held.total),
        _without(_BRIER),
        _scored,
    ),
    "ece": Formula(
        lambda held: (
            None if held.tally.quality is None else quality.expected_calibration_error(held.tally.quality, held.total)
        ),
        _without(_ECE),
        lambda held: held.tally.quality is not None,
    ),
    "sensitivity": _recall(lambda positive: positive),
    "specificity": _recall(lambda positive: 1 - positive),
    "roc_auc": _of_ranking(ranking.roc_auc, ranking.roc_auc_bounds, _roc_interval),
    "average_precision": _of_ranking(ranking.average_precision, ranking.average_precision_bounds, _precision_interval),
    "top_2": _top(2),
    "top_3": _top(3),
    "top_5": _top(5),
}
"""The formulas of tasks with one label a row."""

LABELS: Mapping[str, Callable[[LabelCounted], float | None]] = {
    "hamming_accuracy": lambda held: rates.ratio(sum(held.correct), held.total * len(held.per_label)),
    "jaccard": lambda held: _jaccard(held) if sum(held.support) or sum(held.predicted) else None,
    "f1_macro": lambda held: _macro_f1(held.per_label),
    "f1_micro": lambda held: rates.f1(sum(held.support), sum(held.predicted), sum(held.right)),
    "f1_weighted": lambda held: rates.weighted_f1(held.support, held.predicted, held.right),
}
"""The formulas of multi-label tasks."""

OUTPUTS: Mapping[str, Callable[[tuple[OutputScore, ...]], float | None]] = {
    "mean_accuracy": lambda outputs: fsum(one.accuracy.value for one in outputs) / len(outputs),  # in any order
}
"""The formulas of several outputs, each of which has its own Tally."""


def _jaccard(held: LabelCounted) -> float | None:
    """Return the mean over rows of |held and predicted| / |held or predicted|; a row that has neither counts as 0."""
    tally = held.tally
    return rates.ratio((tally.jaccard if tally.weighted is None else tally.weighted.jaccard).total(), held.total)


def _macro_f1(per_label: tuple[LabelScore, ...]) -> float | None:
    """Return the mean F1 over all labels, 0 for one that no row has or gets; None if that is true of all."""
    found = [one.f1 for one in per_label]
    return None if all(one is None for one in found) else sum(one or 0.0 for one in found) / len(found)


def counted(tally: Tally | DecisionTally, task: ScoredTask, margins: Margins) -> Counted:
    """Return what the formulas of tasks with one label a row are functions of."""
    total = float(sum(margins.weight) * margins.unit)
    held = tally.ranking if isinstance(tally, Tally) else None
    return Counted(tally, task, margins, total, None if held is None else thresholds(held))


def _given(held: Counted) -> Iterator[tuple[str, Formula]]:
    """Yield the formulas that a table has, in the order of the registry."""
    kind = held.task.kind.value
    for key, one in METRICS.items():
        formula = SINGLE.get(key)
        if formula is not None and kind in one.tasks and formula.given(held):
            yield key, formula


def single_metrics(held: Counted) -> dict[str, Metric]:
    """Return the metrics of a table with one label a row, and what they are proven to lie between."""
    found: dict[str, Metric] = {}
    for key, formula in _given(held):
        found[key] = formula.value(held)
        if formula.bounds is not None:
            found[f"{key}{BOUNDS}"] = formula.bounds(held)
    return found


def label_metrics(held: LabelCounted) -> dict[str, Metric]:
    """Return the metrics of a multi-label table."""
    return {key: LABELS[key](held) for key in METRICS if key in LABELS}


def output_metrics(outputs: tuple[OutputScore, ...]) -> dict[str, Metric]:
    """Return the metrics of a table with several outputs."""
    return {key: OUTPUTS[key](outputs) for key in METRICS if key in OUTPUTS}


def single_intervals(held: Counted, wanted: Collection[str], confidence_level: float) -> dict[str, Sure]:
    """Return the intervals of the metrics that are asked for, or why there are none."""
    asked = [(key, formula) for key, formula in _given(held) if key in wanted]
    if held.tally.weighted is not None:
        return {key: WEIGHTED for key, _ in asked}
    found = {key: one.interval(held, confidence_level) for key, one in asked if one.interval is not None}
    resampled = [key for key, one in asked if one.interval is None]
    if resampled:
        from xentcli.scoring.comparing.macros import macro_intervals  # noqa: PLC0415  only for a limit on one

        known = macro_intervals(held.tally.cells.non_zero(), confidence_level)
        found |= {key: known[key] for key in resampled}
    return found


def label_intervals(wanted: Collection[str]) -> dict[str, Sure]:
    """Return why the metrics of a multi-label table have no interval."""
    return {key: _LABELS for key in LABELS if key in wanted}


def output_intervals(wanted: Collection[str]) -> dict[str, Sure]:
    """Return why the metrics of several outputs have no interval."""
    return {key: _OUTPUTS for key in OUTPUTS if key in wanted}
