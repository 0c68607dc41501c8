"""The figures of a scored file.

Floor 8. Pure functions of a Score; nothing is computed but shares of the rows that it counts.
"""

from collections.abc import Iterator
from itertools import groupby

from xentcli.record import replace
from xentcli.scoring.model import Bin, ClassScore, Curves, LabelScore, LossBin, OutputScore, Score, Slice
from xentcli.terms import Kind
from xentcli.views import numbers
from xentcli.views.figures.confusion_figure import confusion
from xentcli.views.figures.model import Axis, Datum, Figure, Form, Mark, Series, Tone, ends, span
from xentcli.views.page import EMPTY

MOST = 30
"""Classes, labels or slices that a figure shows; the tables hold all."""

RATES = (0.0, 1.0)


def score_figures(score: Score) -> Iterator[Figure]:
    """Yield the figures that a score holds the numbers for, in the order of a report."""
    if score.calibration is not None:
        yield from _calibration(score, score.calibration)
    if score.curves is not None:
        yield from _curves(score, score.curves)
    if score.outputs is None:
        if score.confusion is not None:
            yield from confusion(score.confusion)
        yield from _recalls(score)
        yield from _named(score)
    for output in score.outputs or ():
        yield from _of_output(score, output)
    if score.loss_histogram:
        yield _losses(score.loss_histogram)
    for by, found in groupby(score.slices, key=lambda one: one.by):
        yield from _slices(by, tuple(found))


def _of_output(score: Score, output: OutputScore) -> Iterator[Figure]:
    """Yield the figures of one output, each under its name."""
    alone = replace(
        score, task=output.task, loss=output.loss, accuracy=output.accuracy, metrics=output.metrics,
        per_class=output.per_class, confusion=output.confusion, calibration=output.calibration,
        outputs=None, loss_histogram=(), slices=(),
    )  # fmt: skip
    for one in score_figures(alone):
        yield replace(one, title=f"{output.name}: {one.title}")


def _calibration(score: Score, bins: tuple[Bin, ...]) -> Iterator[Figure]:
    """Yield what the scores said against what came true, and how many rows said so."""
    held = [one for one in bins if one.count]
    what = _what(score)
    said = tuple(
        Datum(one.mean_score or 0.0, one.accuracy or 0.0, one.interval, one.count)
        for one in held
        if one.mean_score is not None and one.accuracy is not None
    )
    yield Figure(
        "reliability", "Reliability: what was said, and what came true", _trusted(score, held),
        Axis(f"mean {what}", RATES), Axis("share that came true", RATES),
        (
            Series("as good as its word", Mark.LINE, (Datum(0.0, 0.0), Datum(1.0, 1.0)), Tone.QUIET),
            Series("rows of a bin", Mark.DOT, said),
        ),
    )  # fmt: skip
    names = tuple(f"{100 * one.low:.0f}-{100 * one.high:.0f}" for one in bins)
    most = max(bins, key=lambda one: one.count)
    rows = sum(one.count for one in bins)
    high = max(one.count for one in bins)
    yield Figure(
        "scores", "How sure the scores are",
        f"{numbers.share(most.count / rows)} of the rows have a {what} between {numbers.share(most.low)} and"
        f" {numbers.share(most.high)}, more than in any other bin.",
        Axis(f"{what}, %", names=names), Axis("rows", (0.0, 1.06 * high), form=Form.COUNT),
        (Series("rows", Mark.BAR, tuple(Datum(at, one.count) for at, one in enumerate(bins))),),
    )  # fmt: skip


def _what(score: Score) -> str:
    if score.task.kind is Kind.BINARY and score.loss is not None:
        return f"score of {score.task.positive}"
    return "highest score" if score.loss is not None else "score of the predicted class"


def _trusted(score: Score, bins: list[Bin]) -> str:
    """Return in a sentence in how many bins the scores are off by more than chance."""
    told = [(one, one.interval) for one in bins if one.interval is not None and one.mean_score is not None]
    error = score.metrics.get("ece")
    tail = f" The expected calibration error is {numbers.rate(error)}." if isinstance(error, float) else ""
    if not told:
        return f"Each dot is a bin of rows; on the line the scores are as good as their word.{tail}"
    below = sum(interval[1] < (one.mean_score or 0.0) for one, interval in told)
    above = sum(interval[0] > (one.mean_score or 0.0) for one, interval in told)
    if not below and not above:
        bins_told = numbers.counted(len(told), "bin")
        return f"In none of {bins_told} do the scores miss what came true by more than chance.{tail}"
    parts = [f"too high in {below}"] * bool(below) + [f"too low in {above}"] * bool(above)
    return f"Of {numbers.counted(len(told), 'bin')}, the scores are {' and '.join(parts)} by more than chance.{tail}"


def _curves(score: Score, curves: Curves) -> Iterator[Figure]:
    positive, point = score.task.positive, curves.decided
    area, mean = score.metrics.get("roc_auc"), score.metrics.get("average_precision")
    threshold = score.accuracy.threshold
    at = f"at the threshold {threshold:g}" if threshold is not None else "as decided"
    said = f"The area under the curve is {numbers.rate(area if isinstance(area, float) else None)}"
    found, alarms = numbers.share(point.true_positive_rate), numbers.share(point.false_positive_rate)
    more = (
        f"{numbers.counted(len(curves.precision), 'point')} of {numbers.count(curves.thresholds)} thresholds are drawn."
        if curves.thresholds >= len(curves.precision)
        else ""
    )
    decided = _point(point.false_positive_rate, point.true_positive_rate)
    vertices = zip(curves.false_positive_rate, curves.true_positive_rate, strict=True)
    yield Figure(
        "roc", "ROC curve",
        f"{said}; {at}, {found} of the rows of {positive} are found, and {alarms} of the others are taken for it.",
        Axis("false positive rate", RATES), Axis("true positive rate", RATES),
        (
            Series("chance", Mark.LINE, (Datum(0.0, 0.0), Datum(1.0, 1.0)), Tone.QUIET),
            Series("curve", Mark.LINE, tuple(Datum(x, y) for x, y in vertices)),
            Series("threshold", Mark.DOT, decided, Tone.OTHER),
        ),
        more=more,
    )  # fmt: skip
    steps = zip(curves.true_positive_rate, curves.precision, strict=True)
    precise = _point(point.true_positive_rate, point.precision)
    right = numbers.share(point.precision)
    yield Figure(
        "precision-recall", "Precision and recall",
        f"The average precision is {numbers.rate(mean if isinstance(mean, float) else None)}; {at}, {found} of the rows"
        f" of {positive} are found, and {right} of those called so are right.",
        Axis("recall", RATES), Axis("precision", RATES),
        (
            Series("curve", Mark.LINE, tuple(Datum(x, y) for x, y in steps if y is not None)),
            Series("threshold", Mark.DOT, precise, Tone.OTHER),
        ),
        more=more,
    )  # fmt: skip


def _point(x: float | None, y: float | None) -> tuple[Datum, ...]:
    return () if x is None or y is None else (Datum(x, y),)


def _recalls(score: Score) -> Iterator[Figure]:
    """Yield the recall of each class with its interval, the lowest first, beside the precision."""
    held = [(one.recall, one) for one in _each(score) if one.recall is not None]
    if len(held) < 2:
        return
    held.sort(key=lambda pair: pair[0])
    unit = "class" if score.per_label is None else "label"
    shown = held[:MOST]
    lowest, highest = held[0], held[-1]
    interval = "" if lowest[1].recall_interval is None else f" {numbers.rate_interval(lowest[1].recall_interval)}"
    recalls = tuple(Datum(recall, at, one.recall_interval, one.support) for at, (recall, one) in enumerate(shown))
    precisions = tuple(
        Datum(one.precision, at, rows=one.predicted) for at, (_, one) in enumerate(shown) if one.precision is not None
    )
    numbers_shown = [*ends(recalls, "x"), *ends(precisions, "x")]
    yield Figure(
        "classes", f"Recall and precision by {unit}",
        f"The recall is lowest for {lowest[1].name}, {numbers.rate(lowest[0])}{interval}, and highest for"
        f" {highest[1].name}, {numbers.rate(highest[0])}.",
        Axis("recall and precision", _rates(numbers_shown)),
        Axis(unit, names=tuple(one.name for _, one in shown)),
        (Series("precision", Mark.RING, precisions, Tone.OTHER), Series("recall", Mark.DOT, recalls)),
        measured="x", more=_more(len(held), "lowest recalls"),
    )  # fmt: skip


def _each(score: Score) -> list[ClassScore | LabelScore]:
    """Return the classes, or the labels of a multi-label task."""
    return [*score.per_class, *(score.per_label or ())]


def _rates(values: list[float]) -> tuple[float, float]:
    """Return a domain of rates that holds some, with the whole range where they fill most of it."""
    low, high = span(values)
    return (0.0 if low < 0.4 else max(0.0, low), 1.0 if high > 0.6 else min(1.0, high))


def _more(count: int, what: str) -> str:
    return f"The {MOST} {what} of {numbers.count(count)} are shown." if count > MOST else ""


def _named(score: Score) -> Iterator[Figure]:
    """Yield how many rows have each class, and how many are given it."""
    held = _each(score)
    if len(held) < 2:
        return
    unit = "class" if score.per_label is None else "label"
    apart = sorted(held, key=lambda one: -abs(one.predicted - one.support))
    kept = {id(one) for one in apart[:MOST]}
    shown = [one for one in held if id(one) in kept]
    most = apart[0]
    data = tuple(Datum(one.support, at) for at, one in enumerate(shown))
    given = tuple(Datum(one.predicted, at) for at, one in enumerate(shown))
    top = max(max(one.support, one.predicted) for one in shown)
    sentence = (
        f"{most.name} is said for {numbers.counted(most.predicted, 'row')} and true for {numbers.count(most.support)}:"
        f" no other {unit} is farther apart."
        if most.predicted != most.support
        else f"Each {unit} is said as often as it is true."
    )
    yield Figure(
        "shares", f"How often each {unit} is true, and how often it is said", sentence,
        Axis("rows", (0.0, 1.05 * max(top, 1)), form=Form.COUNT), Axis(unit, names=tuple(one.name for one in shown)),
        (Series("true", Mark.BAR, data, Tone.QUIET), Series("said", Mark.DOT, given)),
        measured="x", more=_more(len(held), "that are farthest apart"),
    )  # fmt: skip


def _losses(bins: tuple[LossBin, ...]) -> Figure:
    rows = sum(one.count for one in bins)
    dear = sum(one.count for one in bins if one.low >= 1.0)
    names = tuple(_between(one.low, one.high) for one in bins)
    return Figure(
        "losses", "Loss of the rows",
        f"{numbers.counted(dear, 'row')} of {numbers.count(rows)} ({numbers.share(dear / rows)}) cost 1 nat or more.",
        Axis("rows", (0.0, 1.06 * max(one.count for one in bins)), form=Form.COUNT),
        Axis("loss in nats", names=names),
        (Series("rows", Mark.BAR, tuple(Datum(one.count, at) for at, one in enumerate(bins))),),
        measured="x",
    )  # fmt: skip


def _between(low: float, high: float | None) -> str:
    if high is None:
        return f"{low:g} or more"
    return f"{low:g}-{high:g}" if low else f"below {high:g}"


def _slices(by: str, slices: tuple[Slice, ...]) -> Iterator[Figure]:
    """Yield the loss, or the accuracy where there is no loss, of the rows that share a value, the worst first."""
    losses = [(one.loss.value, one.loss.interval, one) for one in slices if one.loss.value is not None]
    rates = [(one.accuracy.value, one.accuracy.interval, one) for one in slices if one.accuracy.value is not None]
    for held, what, form in ((losses, "loss", Form.LOSS), (rates, "accuracy", Form.RATE)):
        if not held:
            continue
        held.sort(key=lambda found: found[0], reverse=what == "loss")
        shown = held[:MOST]
        data = tuple(Datum(value, at, interval, one.rows) for at, (value, interval, one) in enumerate(shown))
        worst, best = held[0], held[-1]
        text = numbers.loss if what == "loss" else numbers.rate
        low, high = span(ends(data, "x")) if form is Form.LOSS else _rates(ends(data, "x"))
        yield Figure(
            f"slices-{what}", f"{what.capitalize()} by {by}",
            f"The {what} is worst where {by} is {_value(worst[2])}, {text(worst[0])}, and best where it is"
            f" {_value(best[2])}, {text(best[0])}.",
            Axis("loss, nats" if form is Form.LOSS else what, (max(0.0, low), high), form=form),
            Axis(by, names=tuple(_value(one) for _, _, one in shown)),
            (Series(what, Mark.DOT, data),),
            measured="x", more=_more(len(held), "worst"),
        )  # fmt: skip


def _value(one: Slice) -> str:
    return EMPTY if one.value is None else one.value
