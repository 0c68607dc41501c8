"""Metrics: the numbers of a Score by the names that limits call them, for all rows or by group.

Floor 7. A metric's name is its key in the score document.
"""

from collections.abc import Iterator, Mapping

from xentcli.record import Record
from xentcli.scoring.comparing.groups import BY_CLASS
from xentcli.scoring.intervals import wilson
from xentcli.scoring.model import ClassScore, Confusion, Interval, LabelScore, Score

_OF_LOSS = ("bits", "perplexity", "unclipped", "prior_loss", "skill", "target_entropy", "kl_divergence",
            "sum_over_labels", "clipped", "renormalised", "clamped")  # fmt: skip
_OF_ROWS = ("read", "scored", "missing_label", "bad", "unmatched")
_LOWER = {
    "loss", "bits", "perplexity", "unclipped", "kl_divergence", "sum_over_labels", "clipped", "renormalised",
    "clamped", "brier", "ece", "missing_label", "bad", "unmatched",
}  # fmt: skip

AT_MOST_1 = {
    "accuracy", "recall", "precision", "f1", "balanced_accuracy", "f1_macro", "f1_micro", "f1_weighted", "mcc",
    "cohen_kappa", "top_2", "top_3", "top_5", "roc_auc", "average_precision", "sensitivity", "specificity",
    "hamming_accuracy", "jaccard", "skill",
}  # fmt: skip
"""Metrics that no model can bring above 1."""

OF_CLASS = ("recall", "precision", "f1", "loss", "support", "predicted")
OF_LABEL = ("accuracy", *OF_CLASS)
OF_SLICE = ("accuracy", "loss", "rows")


class Measured(Record):
    """One number.

    Attributes:
        value: None where undefined.
        interval: None where there is none.
        rows: how many rows it is of.
    """

    value: float | None
    interval: Interval | None
    rows: int


def lower_is_better(metric: str) -> bool:
    """Whether less of a metric is better."""
    return metric in _LOWER


def of_all_rows(score: Score) -> dict[str, Measured]:
    """Return the numbers of all rows by name."""
    rows = score.rows.scored
    found: dict[str, Measured] = {}
    if score.loss is not None:
        found["loss"] = Measured(score.loss.value, score.loss.interval, rows)
    found["accuracy"] = Measured(score.accuracy.value, score.accuracy.interval, rows)
    for name, value in score.metrics.items():
        if not isinstance(value, tuple) and not name.endswith("_bounds"):
            found[name] = Measured(value, None, rows)
    if score.loss is not None:
        found |= {name: Measured(getattr(score.loss, name), None, rows) for name in _OF_LOSS}
    return found | {name: Measured(getattr(score.rows, name), None, score.rows.read) for name in _OF_ROWS}


def of_classes(score: Score, metric: str) -> dict[str | None, Measured]:
    """Return one of the numbers of OF_CLASS, or OF_LABEL, by class; empty for several outputs."""
    level = score.confidence_level
    if score.per_label is not None:
        rows, weighted = score.rows.scored, score.rows.weight_sum is not None
        return {one.name: _label(one, metric, rows, level, weighted=weighted) for one in score.per_label}
    right = _right(score.confusion)
    return {
        one.name: Measured(_value(one, metric), _rate_interval(one, metric, right.get(one.name), level), one.support)
        for one in score.per_class
    }


def _value(one: ClassScore | LabelScore, metric: str) -> float | None:
    value: float | None = getattr(one, metric)
    return value


def _right(confusion: Confusion | None) -> dict[str, int]:
    """Return how many rows of each class are right; empty with weights, where the rates are not of rows."""
    if confusion is None or confusion.weights is not None:
        return {}
    if confusion.counts is not None:
        return {name: row[at] for at, (name, row) in enumerate(zip(confusion.labels, confusion.counts, strict=True))}
    found = dict.fromkeys(confusion.labels, 0)
    for true, predicted, rows in confusion.cells or ():
        if true == predicted:
            found[confusion.labels[true]] = rows
    return found


def _rate_interval(one: ClassScore, metric: str, right: int | None, level: float) -> Interval | None:
    """Return Wilson's interval of a rate of rows; None for other metrics."""
    trials = {"recall": one.support, "precision": one.predicted}.get(metric)
    return None if trials is None or right is None else wilson(right, trials, level)


def _label(one: LabelScore, metric: str, rows: int, level: float, *, weighted: bool) -> Measured:
    value = _value(one, metric)
    trials = {"accuracy": rows, "recall": one.support, "precision": one.predicted}.get(metric)
    if trials is None or value is None or weighted:
        return Measured(value, None, one.support)
    return Measured(value, wilson(round(value * trials), trials, level), one.support)


def of_slices(score: Score, by: str, metric: str) -> dict[str | None, Measured]:
    """Return one of the numbers of OF_SLICE by the groups of a slicing."""
    found: dict[str | None, Measured] = {}
    for one in score.slices:
        if one.by == by:
            if metric == "rows":
                found[one.value] = Measured(one.rows, None, one.rows)
            else:
                estimate = one.loss if metric == "loss" else one.accuracy
                found[one.value] = Measured(estimate.value, estimate.interval, one.rows)
    return found


def names(score: Score, by: str | None) -> tuple[str, ...]:
    """Return the metrics that a limit may name."""
    if by is None:
        return tuple(of_all_rows(score))
    if by == BY_CLASS:
        return OF_LABEL if score.per_label is not None else _with_loss(OF_CLASS, score)
    return _with_loss(OF_SLICE, score)


def _with_loss(known: tuple[str, ...], score: Score) -> tuple[str, ...]:
    return tuple(name for name in known if name != "loss" or score.loss is not None)


def measured(score: Score, metric: str, by: str | None) -> Mapping[str | None, Measured]:
    """Return a metric by group; of all rows under None, which then stands for no group.

    Args:
        score: holds the slicing that `by` names.
        metric: one of `names`.
        by: BY_CLASS, a slicing, or None.
    """
    if by is None:
        return {None: of_all_rows(score)[metric]}
    return of_classes(score, metric) if by == BY_CLASS else of_slices(score, by, metric)


def groups(score: Score, by: str) -> Iterator[str | None]:
    """Yield the groups that there are."""
    if by == BY_CLASS:
        yield from (one.name for one in score.per_label or score.per_class)
    else:
        yield from (one.value for one in score.slices if one.by == by)
