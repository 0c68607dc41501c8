"""Metrics: the numbers of a Score by the names that limits call them, for all rows or by group.

Floor 7. What there is of each stands in `xentcli.metrics`; here are the values, with an interval or why there is none.
"""

from collections.abc import Callable, Iterator, Mapping
from math import exp, log

from xentcli.metrics import BY_CLASS, METRICS, DocumentPart, of_part
from xentcli.record import Record
from xentcli.scoring.formulas import UNASKED, WEIGHTED
from xentcli.scoring.intervals import wilson, wilson_f1
from xentcli.scoring.model import ClassScore, Confusion, Interval, LabelScore, Loss, Score

_COUNT = "it is a count of these rows and no estimate"
_ONE_ROW = "one row shows no spread"
_LABELS = "it is a fact of the labels and no estimate of the model"
_CLASS_LOSS = "the score holds the mean loss of a class, not its spread"
_NO_SPREAD = "the score holds no spread of it"
_NO_ROWS = "no row tells it"


class Measured(Record):
    """One number.

    Attributes:
        value: None where undefined.
        interval: None where there is none.
        rows: how many rows it is of.
        because: why there is no interval; None where there is one.
    """

    value: float | None
    interval: Interval | None
    rows: int
    because: str | None = None


def _measured(value: float | None, interval: Interval | None, rows: int, because: str) -> Measured:
    """Return a number with an interval, else with the reason that there is none."""
    if value is None:
        return Measured(None, None, rows, _NO_ROWS)
    return Measured(value, interval, rows, None if interval is not None else because)


_OF_LOSS: Mapping[str, Callable[[Loss, float], float | None]] = {
    "bits": lambda _, end: end / log(2.0),
    "perplexity": lambda _, end: exp(end) if end < 700.0 else None,
    "kl_divergence": lambda loss, end: end - loss.target_entropy if loss.target_entropy is not None else None,
    "sum_over_labels": lambda loss, end: (
        end * loss.sum_over_labels / loss.value if loss.sum_over_labels and loss.value else None
    ),
}
"""Numbers that follow from the loss: what an end of its interval makes of each."""

_BECAUSE = {
    "prior_loss": _LABELS, "target_entropy": _LABELS, "clipped": _COUNT, "renormalised": _COUNT, "clamped": _COUNT,
}  # fmt: skip


def _of_loss(score: Score, loss: Loss, key: str) -> Measured:
    """Return a number beside the loss; the ends of the loss's interval give those of what grows with it alone."""
    value: float | None = getattr(loss, key)
    ends: tuple[float | None, ...] = ()
    if key in _OF_LOSS and loss.interval is not None:
        ends = tuple(_OF_LOSS[key](loss, end) for end in loss.interval)
    low, high = ends or (None, None)
    interval = None if low is None or high is None else (low, high)
    because = _ONE_ROW if loss.interval is None and key in _OF_LOSS else _NO_SPREAD
    return _measured(value, interval, score.rows.scored, _BECAUSE.get(key, because))


def of_all_rows(score: Score) -> dict[str, Measured]:
    """Return the numbers of all rows by name."""
    rows, loss = score.rows.scored, score.loss
    found: dict[str, Measured] = {}
    if loss is not None:
        found["loss"] = _measured(loss.value, loss.interval, rows, _ONE_ROW)
    found["accuracy"] = _measured(score.accuracy.value, score.accuracy.interval, rows, _ONE_ROW)
    for key in of_part(DocumentPart.METRICS):
        value = score.metrics.get(key)
        if key in score.metrics and not isinstance(value, tuple):
            sure = score.intervals.get(key, UNASKED)
            interval, because = (None, sure) if isinstance(sure, str) else (sure, "")
            found[key] = _measured(value, interval, rows, because)
    if loss is not None:
        task = score.task.kind.value
        found |= {key: _of_loss(score, loss, key) for key in of_part(DocumentPart.LOSS) if task in METRICS[key].tasks}
    read = score.rows.read
    return found | {key: Measured(getattr(score.rows, key), None, read, _COUNT) for key in of_part(DocumentPart.ROWS)}


def of_classes(score: Score, metric: str) -> dict[str | None, Measured]:
    """Return a metric by class, or by label; empty for several outputs."""
    level, weighted = score.confidence_level, score.rows.weight_sum is not None
    if score.per_label is not None:
        rows = score.rows.scored
        return {one.name: _of_group(one, metric, _right_label(one), rows, level, weighted) for one in score.per_label}
    right = _right(score.confusion)
    return {
        one.name: _of_group(one, metric, right.get(one.name), one.support, level, weighted) for one in score.per_class
    }


def _right(confusion: Confusion | None) -> dict[str, int]:
    """Return how many rows of each class are right."""
    if confusion is None:
        return {}
    if confusion.counts is not None:
        return {name: row[at] for at, (name, row) in enumerate(zip(confusion.labels, confusion.counts, strict=True))}
    found = dict.fromkeys(confusion.labels, 0)
    for true, predicted, rows in confusion.cells or ():
        if true == predicted:
            found[confusion.labels[true]] = rows
    return found


def _right_label(one: LabelScore) -> int:
    """Return how many rows that have a label are given it."""
    return round((one.recall or 0.0) * one.support)


def _of_group(
    one: ClassScore | LabelScore, metric: str, right: int | None, rows: int, level: float, weighted: bool
) -> Measured:
    """Return a number of a class or label; `rows` are those that its accuracy is of."""
    value: float | None = getattr(one, metric)
    if metric in {"support", "predicted"}:
        return _measured(value, None, one.support, _COUNT)
    if metric == "loss":
        return _measured(value, None, one.support, _CLASS_LOSS)
    if weighted or right is None:
        return _measured(value, None, one.support, WEIGHTED if weighted else _NO_SPREAD)
    if metric == "f1":
        return _measured(value, wilson_f1(right, one.support, one.predicted, level), one.support, _NO_ROWS)
    trials = {"recall": one.support, "precision": one.predicted}.get(metric, rows)
    hits = right if metric != "accuracy" else round((value or 0.0) * rows)
    return _measured(value, wilson(hits, trials, level), one.support, _NO_ROWS)


def of_slices(score: Score, by: str, metric: str) -> dict[str | None, Measured]:
    """Return a metric by the groups of a slicing."""
    found: dict[str | None, Measured] = {}
    for one in score.slices:
        if one.by == by:
            if metric == "rows":
                found[one.value] = Measured(one.rows, None, one.rows, _COUNT)
            else:
                estimate = one.loss if metric == "loss" else one.accuracy
                found[one.value] = _measured(estimate.value, estimate.interval, one.rows, _ONE_ROW)
    return found


def names(score: Score, by: str | None) -> tuple[str, ...]:
    """Return the metrics that a limit may name."""
    if by is None:
        return tuple(of_all_rows(score))
    task = score.task.kind.value
    held = (key for key, one in METRICS.items() if (task in one.by_class if by == BY_CLASS else one.by_column))
    return tuple(key for key in held if key != "loss" or score.loss is not None)


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
