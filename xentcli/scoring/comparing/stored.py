"""A stored score as a baseline: differences from its numbers alone, which are weaker than those of paired rows.

Floor 5. What a document of the form `xent.score/1` holds is read into a frozen type; nothing in it is trusted to be
of the right kind.
"""

from collections.abc import Mapping
from math import inf, isfinite
from typing import Any, NamedTuple

from xentcli.record import Record, as_dict, field
from xentcli.scoring.comparing.model import Difference
from xentcli.scoring.comparing.statistics import MeanDifference, means, p_value, proportions, rates
from xentcli.scoring.intervals import quantile, wilson, wilson_f1
from xentcli.scoring.model import Interval, Score, Slice

_MEANS = "normal interval of two means whose rows are not paired"
_SHARES = "Newcombe's score interval of two proportions whose rows are not paired"


class Share(Record):
    """A share of rows.

    Attributes:
        value: None where undefined.
        right: rows that are right; None where rows have weights.
        rows: of all.
        error: the standard error where rows have weights; None without.
    """

    value: float | None
    right: int | None
    rows: int
    error: float | None = None


class ClassCounts(NamedTuple):
    """Rows of a class: those that are right, that have it, and that are given it."""

    right: int
    support: int
    predicted: int


CLASS_RATES = ("recall", "precision", "f1")
"""What counts of a class tell."""


class Mean(Record):
    """A mean over rows with its standard error."""

    value: float | None
    error: float | None


class StoredScore(Record):
    """The numbers of a Score that differences need.

    Attributes:
        kind: of the task, as the document calls it.
        classes: names in index order.
        rows: scored rows.
        loss: of all rows; None for decisions only.
        accuracy: of all rows.
        per_class: counts by class; none with weights.
        losses: by slicing and group.
        shares: likewise the accuracies.
        settings: what the numbers hang on beside the rows, by name.
        class_weights: what each class counts in the loss; None where all count 1.
        cells: rows by (true class, predicted class, rows); None with weights, and for several labels.
    """

    kind: str
    classes: tuple[str, ...]
    rows: int
    loss: Mean | None
    accuracy: Share
    per_class: Mapping[str, ClassCounts] = field(default_factory=dict)
    losses: Mapping[tuple[str, str | None], Mean] = field(default_factory=dict)
    shares: Mapping[tuple[str, str | None], Share] = field(default_factory=dict)
    settings: Mapping[str, str | float] = field(default_factory=dict)
    class_weights: Mapping[str, float] | None = None
    cells: tuple[tuple[int, int, int], ...] | None = None


def of_score(score: Score) -> StoredScore:
    """Return the numbers of a Score."""
    level, weighted = score.confidence_level, score.rows.weight_sum is not None
    loss = None if score.loss is None else Mean(score.loss.value, score.loss.standard_error)
    accuracy = score.accuracy
    error = _error(accuracy.interval, level) if weighted else None
    right = None if weighted else accuracy.correct
    per_class = (
        {} if weighted else {one.name: _counts(one.recall, one.support, one.predicted) for one in score.per_class}
    )
    return StoredScore(
        kind=score.task.kind.value,
        classes=score.task.classes,
        rows=score.rows.scored,
        loss=loss,
        accuracy=Share(accuracy.value, right, score.rows.scored, error),
        per_class=per_class,
        losses={(one.by, one.value): Mean(one.loss.value, _error(one.loss.interval, level)) for one in score.slices},
        shares={(one.by, one.value): _slice(one, level, weighted=weighted) for one in score.slices},
        settings=_settings({} if score.loss is None else as_dict(score.loss), accuracy.threshold, weighted=weighted),
        class_weights=None if score.loss is None else score.loss.class_weights,
        cells=None if weighted or score.confusion is None else _cells(as_dict(score.confusion), score.task.classes),
    )


def _cells(confusion: Mapping[str, Any], classes: tuple[str, ...]) -> tuple[tuple[int, int, int], ...]:
    """Return the cells of a confusion matrix that hold rows, by the index of their classes."""
    places = {name: place for place, name in enumerate(classes)}
    at = [places[str(name)] for name in confusion["labels"]]
    counts, sparse = confusion["counts"], confusion["cells"]
    if counts is not None:
        sparse = [(i, j, rows) for i, line in enumerate(counts) for j, rows in enumerate(line) if rows]
    return tuple((at[_count(i)], at[_count(j)], _count(rows)) for i, j, rows in sparse)


def _weights(loss: Mapping[str, Any] | None) -> dict[str, float] | None:
    """Return the class weights of a document's loss."""
    held = None if loss is None else loss.get("class_weights")
    return None if held is None else {str(name): _within(weight, inf) for name, weight in held.items()}


ALIKE = 1.5
"""Balanced weights move with the rows by less; other weights make another loss."""


def contradiction(before: StoredScore, now: StoredScore) -> tuple[str, object, object] | None:
    """Return what the two were scored with that makes their numbers incomparable: its name, and both values."""
    for what, value in before.settings.items():
        if value != now.settings.get(what, value):
            return what, value, now.settings[what]
    ours, theirs = before.class_weights, now.class_weights
    if ours is None or theirs is None:  # then the reductions have differed already
        return None
    shares = [{name: weight / max(one.values()) for name, weight in one.items()} for one in (ours, theirs)]
    far = [name for name, share in shares[0].items() if not _near(share, shares[1].get(name, 0.0))]
    return (f"a class weight of {far[0]!r} of", ours[far[0]], theirs.get(far[0], 1.0)) if far else None


def _near(one: float, other: float) -> bool:
    return one == other or (min(one, other) > 0.0 and max(one, other) <= ALIKE * min(one, other))


def _settings(loss: Mapping[str, Any], threshold: Any, *, weighted: bool) -> dict[str, str | float]:
    """Return what the numbers hang on beside the rows; what a document does not say is at its default."""
    held: dict[str, str | float] = {"row weights": "yes" if weighted else "no"}
    if threshold is not None:
        held["the threshold"] = _within(threshold, 1.0)
    if loss.get("reduction") is not None:
        held["the reduction"] = repr(str(loss["reduction"]))
    smoothing, gamma = loss.get("label_smoothing"), loss.get("focal_gamma")
    held["the label smoothing"] = _within(smoothing, 1.0) if smoothing is not None else 0.0
    held["the focal gamma"] = _within(gamma, inf) if gamma is not None else 0.0
    return held


def _share(value: float | None, rows: int) -> Share:
    return Share(value, None if value is None else round(value * rows), rows)


def _counts(recall: float | None, support: int, predicted: int) -> ClassCounts:
    return ClassCounts(round((recall or 0.0) * support), support, predicted)


def _slice(one: Slice, level: float, *, weighted: bool) -> Share:
    held = one.accuracy
    if weighted:
        return Share(held.value, None, one.rows, _error(held.interval, level))
    return _share(held.value, one.rows)


def _error(interval: Interval | None, level: float) -> float | None:
    """Return the standard error that a normal interval came from."""
    return None if interval is None else (interval[1] - interval[0]) / (2.0 * quantile(level))


def of_document(document: Mapping[str, Any]) -> StoredScore:
    """Return the numbers of a document `xent.score/1`.

    Raises:
        KeyError, TypeError, ValueError: it is not of that form.
    """
    rows, level = document["rows"], _within(document["confidence_level"], 1.0)
    weighted = rows["weight_sum"] is not None
    loss, accuracy, scored = document["loss"], document["accuracy"], _count(rows["scored"])
    right = None if weighted else _count(accuracy["correct"], scored)
    error = _error(_pair(accuracy["interval"]), level) if weighted else None
    classes = () if weighted else document["per_class"]
    slices = document["slices"]
    names = tuple(str(name) for name in document["task"]["classes"])
    return StoredScore(
        kind=str(document["task"]["kind"]),
        classes=names,
        rows=scored,
        loss=None if loss is None else Mean(_number(loss["value"]), _size(loss["standard_error"])),
        accuracy=Share(_rate(accuracy["value"]), right, scored, error),
        per_class={
            str(one["name"]): _counts(_rate(one["recall"]), _count(one["support"]), _count(one["predicted"]))
            for one in classes
        },
        losses={
            (one["by"], one["value"]): Mean(
                _number(one["loss"]["value"]), _error(_pair(one["loss"]["interval"]), level)
            )
            for one in slices
        },
        shares={(one["by"], one["value"]): _stored_slice(one, level, weighted=weighted) for one in slices},
        settings=_settings(loss or {}, accuracy.get("threshold"), weighted=weighted),
        class_weights=_weights(loss),
        cells=None if weighted or document["confusion"] is None else _cells(document["confusion"], names),
    )


def _stored_slice(one: Mapping[str, Any], level: float, *, weighted: bool) -> Share:
    value, rows = _rate(one["accuracy"]["value"]), _count(one["rows"])
    if weighted:
        return Share(value, None, rows, _error(_pair(one["accuracy"]["interval"]), level))
    return _share(value, rows)


def _number(value: Any) -> float | None:
    return None if value is None else _within(value, inf, -inf)


def _size(value: Any) -> float | None:
    return None if value is None else _within(value, inf)


def _rate(value: Any) -> float | None:
    return None if value is None else _within(value, 1.0)


def _pair(value: Any) -> Interval | None:
    return None if value is None else (_within(value[0], inf, -inf), _within(value[1], inf, -inf))


def _within(value: Any, most: float, least: float = 0.0) -> float:
    """Return a number of a document as it must be.

    Raises:
        TypeError: it is none.
        ValueError: it is not finite, or out of range.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(repr(value))
    if not least <= value <= most or not isfinite(value):
        raise ValueError(f"{value!r}, which is out of range")
    return float(value)


def _count(value: Any, most: float = inf) -> int:
    """Return a number of rows of a document, likewise."""
    if not isinstance(value, int):
        raise TypeError(repr(value))
    return int(_within(value, most))


def mean_difference(a: Mean | None, b: Mean | None, confidence_level: float) -> Difference | None:
    """Return the difference of two means; None where either is unknown."""
    if a is None or b is None or a.value is None or b.value is None:
        return None
    return _difference(a.value, b.value, means(a.value, a.error, b.value, b.error), confidence_level)


def share_difference(a: Share | None, b: Share | None, confidence_level: float) -> Difference | None:
    """Return the difference of two shares of rows; None where either is unknown."""
    if a is None or b is None or a.value is None or b.value is None:
        return None
    if a.right is None or b.right is None:
        return _difference(a.value, b.value, means(a.value, a.error, b.value, b.error), confidence_level)
    interval = proportions(a.right, a.rows, b.right, b.rows, confidence_level)
    return Difference(a.value, b.value, b.value - a.value, interval, None, _SHARES)


def class_difference(
    metric: str, a: ClassCounts | None, b: ClassCounts | None, confidence_level: float
) -> Difference | None:
    """Return the difference of one of CLASS_RATES; None where either is unknown or undefined."""
    held = [None if one is None else _class_rate(metric, one, confidence_level) for one in (a, b)]
    before, after = held
    if before is None or after is None:
        return None
    return Difference(before[0], after[0], after[0] - before[0], rates(*before, *after), None, _SHARES)


def _class_rate(metric: str, one: ClassCounts, confidence_level: float) -> tuple[float, Interval] | None:
    """Return a rate of a class and its interval; None where it is undefined."""
    if metric == "f1":
        found = wilson_f1(*one, confidence_level)
        return None if found is None else (2 * one.right / (one.support + one.predicted), found)
    trials = one.support if metric == "recall" else one.predicted
    limits = wilson(one.right, trials, confidence_level)
    return None if limits is None else (one.right / trials, limits)


def _difference(a: float, b: float, found: MeanDifference, confidence_level: float) -> Difference:
    chance = p_value(found.value, found.standard_error)
    return Difference(a, b, found.value, found.interval(confidence_level), chance, _MEANS)
