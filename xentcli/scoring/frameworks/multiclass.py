"""The calls of frameworks on a score per class, one label a row.

Floor 5. The formulas stand in `tally.frameworks`; the table says which of them each version computes.
"""

from collections.abc import Iterator

from xentcli.phrases import counted
from xentcli.record import Record, replace
from xentcli.scoring.frameworks import reasons, resorted, softened
from xentcli.scoring.frameworks.entry import Entry
from xentcli.scoring.frameworks.means import Means, Over
from xentcli.tally.frameworks.label_order import SklearnOrder
from xentcli.tally.frameworks.sums import Difference, Fact
from xentcli.tally.frameworks.trials import ADDED
from xentcli.terms import Scale

_FITTED = "compile(loss='{}_crossentropy', metrics=['accuracy'])"
_TRAP, _CATEGORICAL = _FITTED.format("binary"), _FITTED.format("categorical")
_BY_LOSS = "metrics=['accuracy'] -> binary_accuracy"
_BY_SHAPE = "metrics=['accuracy'] -> categorical_accuracy"


class Multiclass(Record):
    """A multi-class (or two-column binary) table.

    Attributes:
        means: the sums.
        scale: of the scores.
        macro: mean recall over the classes present in labels or predictions, unweighted arg-max.
        classes: number of classes.
        narrow: whether the file holds float32.
        order: of the score columns, beside that of the sorted labels.
    """

    means: Means
    scale: Scale
    macro: float | None
    classes: int
    narrow: bool
    order: SklearnOrder


def entries(table: Multiclass) -> Iterator[Entry]:
    """Yield the entries of a table."""
    if table.scale is Scale.PROBABILITIES:
        yield from _old_keras(table)
    yield from _keras(table)
    yield from _torch(table)
    yield from _sklearn(table)
    yield from _optax(table)
    yield from _boosters(table)


def _argmax(table: Multiclass, over: Over, *rules: Difference) -> float | None:
    return table.means.accuracy_of((Difference.RIGHT_ARGMAX, *rules), over)


def _argmax_because(table: Multiclass, over: Over) -> str:
    means = table.means
    moved = Difference.RIGHT_ARGMAX in means.sums.sums
    return reasons.joined("arg-max, whatever the threshold" if moved else "", reasons.denominator(means, over))


def _narrow_accuracy(table: Multiclass, over: Over) -> tuple[float | None, str]:
    """Return the accuracy by the arg-max of scores rounded to float32."""
    rounded = Difference.RIGHT_NARROW in table.means.sums.sums and not table.narrow
    value = table.means.accuracy_of((Difference.RIGHT_NARROW if not table.narrow else Difference.RIGHT_ARGMAX,), over)
    words = "rounds scores to float32, which makes some equal" if rounded else ""
    return value, reasons.joined(_argmax_because(table, over), words)


def _element_wise(table: Multiclass) -> tuple[float | None, str]:
    rows = sum(table.means.rows)
    wrong = table.means.sums.counts[Fact.WRONG_ELEMENTS]
    why = (
        f"counts {table.classes} zeros and ones a row, not rows: all zeros earn"
        f" {(table.classes - 1) / table.classes:.4g}"
    )
    return 1.0 - wrong / (rows * table.classes), why


def _trap_loss(table: Multiclass, over: Over, shift: Difference | None) -> tuple[float | None, str]:
    rules = (Difference.ONE_HOT,) if shift is None else (Difference.ONE_HOT, Difference.ONE_HOT_ADDED, shift)
    value = table.means.sum_of(rules, over, 0.0 if shift is None else -ADDED)
    why = f"mean of {table.classes} binary losses a row, most of them of easy zeros"
    return value, reasons.joined(why, reasons.denominator(table.means, over))


def _categorical_loss(table: Multiclass, over: Over) -> tuple[float | None, str]:
    means = table.means
    why = reasons.joined(
        reasons.undefined(means, (Difference.KERAS,)) if means.sums.undefined[Difference.KERAS] else "",
        reasons.clip(means, reasons.KERAS),
        reasons.divided(means),
        reasons.denominator(means, over),
    )
    return means.loss_of((Difference.KERAS,), over), why


def _fitted(
    table: Multiclass, framework: str, version: str, over: Over, shift: Difference | None, *, by_loss: bool
) -> Iterator[Entry]:
    """Yield what `compile` gives: the trap, then the right loss."""
    right, right_because = _narrow_accuracy(table, Over.UNWEIGHTED)
    elements, because = _element_wise(table) if by_loss else (right, right_because)
    loss, why = _trap_loss(table, over, shift)
    name = _BY_LOSS if by_loss else _BY_SHAPE
    yield Entry(framework, version, _TRAP, loss, why, name, elements, because)
    loss, why = _categorical_loss(table, over)
    yield Entry(framework, version, _CATEGORICAL, loss, why, _BY_SHAPE, right, right_because)


def _old_keras(table: Multiclass) -> Iterator[Entry]:
    """Keras up to 2.3 and tf.keras up to 2.1 choose the accuracy by the loss, later ones by the shapes."""
    graph = Difference.ONE_HOT_GRAPH
    yield from _fitted(table, "keras", "1.2 - 2.2.5", Over.NON_ZERO, None, by_loss=True)
    yield from _fitted(table, "keras", "2.3", Over.ROWS, graph, by_loss=True)
    yield from _fitted(table, "tf.keras", "1.15 - 2.1", Over.ROWS, graph, by_loss=True)
    yield from _fitted(table, "tf.keras", "2.2 - 2.15", Over.ROWS, graph, by_loss=False)
    yield from _fitted(table, "tf_keras", "2.16 - 2.21", Over.ROWS, Difference.ONE_HOT_EAGER, by_loss=False)


def _keras(table: Multiclass) -> Iterator[Entry]:
    right, because = _narrow_accuracy(table, Over.UNWEIGHTED)
    softer = softened.Categorical(table.means, table.scale, _BY_SHAPE, right, because)
    yield from softened.categorical_entries(softer)
    logits = "" if table.scale is Scale.PROBABILITIES else "from_logits=True"
    if not logits:
        loss, why = _trap_loss(table, Over.ROWS, None)
        yield Entry("keras", "3", _TRAP, loss, why, _BY_SHAPE, right, because)
        loss, why = _categorical_loss(table, Over.ROWS)
    for name in ("CategoricalCrossentropy", "SparseCategoricalCrossentropy"):
        if logits:
            rules = (Difference.ONE_HOT_LOGITS,) if name.startswith("C") else ()
            loss = table.means.loss_of(rules, Over.ROWS)
            masked = table.means.sums.undefined[Difference.ONE_HOT_LOGITS] if rules else 0
            why = f"0 times minus infinity is no number in {counted(masked, 'row')}" if masked else ""
            why = reasons.joined(why, reasons.denominator(table.means, Over.ROWS))
        accuracy = f"metrics=['accuracy'] -> {name.replace('Crossentropy', 'Accuracy')}"
        yield Entry("keras", "3", f"{name}({logits})", loss, why, accuracy, right, because)
        if logits:
            yield Entry("tf_keras", "2.16 - 2.21", f"{name}({logits})", loss, why, accuracy, right, because)


def _torch(table: Multiclass) -> Iterator[Entry]:
    means, over = table.means, Over.CLASS_WEIGHTS
    score = {Scale.PROBABILITIES: "log(p)", Scale.LOG_PROBABILITIES: "log_p"}.get(table.scale, "logits")
    hits = _argmax(table, Over.UNWEIGHTED)
    because = _argmax_because(table, Over.UNWEIGHTED)
    weight = "" if means.class_weights is None else "weight=class_weights"
    for name, rule, given in (
        ("CrossEntropyLoss", Difference.NORMALISED, score),
        ("NLLLoss", Difference.UNCLIPPED, "log_softmax(logits)" if score == "logits" else score),
    ):
        why = reasons.joined(
            reasons.undefined(means, (rule,)),
            reasons.divided(means) if rule is Difference.NORMALISED else reasons.untouched(means),
            reasons.denominator(means, over),
        )
        loss = means.loss_of((rule,), over)
        yield Entry(
            "torch", "2", f"{name}({weight})({given}, y)", loss, why, "(p.argmax(1) == y).float().mean()", hits, because
        )
    call = f"Accuracy(task='multiclass', num_classes={table.classes})"
    yield Entry("torchmetrics", "1", None, None, "", call, hits, because)
    call = f"MulticlassAccuracy(num_classes={table.classes})"
    why = "macro average: the mean recall of the classes, not the share of right rows"
    yield Entry("torchmetrics", "1", None, None, "", call, table.macro, why)


def _sklearn(table: Multiclass) -> Iterator[Entry]:
    means, over, logits = table.means, Over.WEIGHTS, table.scale is not Scale.PROBABILITIES
    given = "p" if table.scale is Scale.PROBABILITIES else f"{_softmax(table)}"
    weight = ", sample_weight=w" if means.any_weights else ""
    hits, because = _argmax(table, over), _argmax_because(table, over)
    at = reasons.SKLEARN_32 if table.narrow else reasons.SKLEARN_64
    why = reasons.joined(reasons.clip(means, at, logits=logits), reasons.untouched(means))
    usual = call = f"log_loss(y, {given}, labels=classes{weight})"
    if table.order.places is not None:
        call = f"log_loss(y, {given}[:, argsort(classes)], labels=sorted(classes){weight})"
    decided = "p.argmax(1)" if table.order.numbered else "take(classes, p.argmax(1))"
    right = f"accuracy_score(y, {decided}{weight})"
    entry = Entry(
        "scikit-learn", "1.5 - 1.9", call, means.loss_of((Difference.SKLEARN,), over), why, right, hits, because
    )
    yield entry
    old = means.loss_of((Difference.SKLEARN_OLD,), over)
    why = reasons.joined(
        reasons.clip(means, reasons.SKLEARN_OLD, logits=logits), reasons.raised(means), reasons.divided(means)
    )
    yield replace(entry, version="0.19 - 1.0", loss=old, loss_because=why)
    if table.order.places is not None:
        yield from resorted.entries(means, usual)


def _softmax(table: Multiclass) -> str:
    return "softmax(logits)" if table.scale is Scale.LOGITS else "exp(log_p)"


def _optax(table: Multiclass) -> Iterator[Entry]:
    means, over = table.means, Over.UNWEIGHTED
    score = {Scale.PROBABILITIES: "log(p)", Scale.LOG_PROBABILITIES: "log_p"}.get(table.scale, "logits")
    call = f"softmax_cross_entropy_with_integer_labels({score}, y).mean()"
    why = reasons.joined(
        reasons.undefined(means, (Difference.NORMALISED,)), reasons.divided(means),
        reasons.denominator(means, over),
    )  # fmt: skip
    yield Entry("optax", "0.2", call, means.loss_of((Difference.NORMALISED,), over), why, None, None, "")


def _boosters(table: Multiclass) -> Iterator[Entry]:
    means, over, logits = table.means, Over.WEIGHTS, table.scale is not Scale.PROBABILITIES
    narrow, narrow_because = _narrow_accuracy(table, over)
    margins = " of log(p) as margins" if table.scale is Scale.PROBABILITIES else " of raw margins"
    off = reasons.divided(means)
    why = reasons.joined(reasons.clip(means, reasons.XGBOOST, logits=logits), off)
    yield Entry(
        "xgboost", "3", f"eval_metric='mlogloss'{margins}", means.loss_of((Difference.XGBOOST,), over), why,
        "1 - merror", narrow, narrow_because,
    )  # fmt: skip
    hits = means.accuracy_of((Difference.RIGHT_ARGMAX,), over, without=(Difference.TIED_RIGHT,))
    tied = means.sums.counts[Fact.TIED]
    ties = f"counts {counted(tied, 'row')} tied at the top as wrong" if tied else ""
    because = reasons.joined(_argmax_because(table, over), ties)
    shown = " of probabilities" if table.scale is Scale.PROBABILITIES else " of raw margins"
    why = reasons.joined(reasons.clip(means, reasons.LIGHTGBM, logits=logits), reasons.untouched(means))
    yield Entry(
        "lightgbm", "4", f"metric='multi_logloss'{shown}", means.loss_of((Difference.LIGHTGBM,), over), why,
        "1 - multi_error", hits, because,
    )  # fmt: skip
    given = "log(p)" if table.scale is Scale.PROBABILITIES else "raw"
    weight = ", weight=w" if means.any_weights else ""
    why = reasons.joined(reasons.undefined(means, (Difference.NORMALISED,)), off)
    yield Entry(
        "catboost", "1.2", f"eval_metric(y, {given}, 'MultiClass'{weight})",
        means.loss_of((Difference.NORMALISED,), over), why,
        f"eval_metric(y, {given}, 'Accuracy'{weight})", _argmax(table, over), _argmax_because(table, over),
    )  # fmt: skip
