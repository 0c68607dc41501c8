"""The calls of frameworks on one score a row, that of the positive class.

Floor 5. The formulas stand in `tally.frameworks`; the table says which of them each version computes.
"""

from collections.abc import Iterator

from xentcli.record import Record, replace
from xentcli.scoring.frameworks import reasons, resorted, softened
from xentcli.scoring.frameworks.entry import Entry
from xentcli.scoring.frameworks.means import Means, Over
from xentcli.tally.frameworks.label_order import SklearnOrder
from xentcli.tally.frameworks.sums import Difference, Fact
from xentcli.tally.frameworks.trials import ADDED
from xentcli.terms import Scale

_FITTED = "compile(loss='binary_crossentropy', metrics=['accuracy'])"
_AT_HALF = "metrics=['accuracy'] -> binary_accuracy"
_NARROWED = "rounds scores to float32 before it decides"


class Binary(Record):
    """A table of one score column.

    Attributes:
        means: the sums.
        scale: of the scores.
        threshold: of the headline's decisions.
        narrow: whether the file holds float32.
        order: of the classes, beside that of the sorted labels.
    """

    means: Means
    scale: Scale
    threshold: float
    narrow: bool
    order: SklearnOrder


def entries(table: Binary) -> Iterator[Entry]:
    """Yield the entries of a table."""
    yield from _keras(table)
    yield from _torch(table)
    yield from _sklearn(table)
    yield from _optax(table)
    yield from _boosters(table)


def _logits(table: Binary) -> bool:
    return table.scale is Scale.LOGITS


def _given(table: Binary, probabilities: str, logits: str) -> str:
    return logits if _logits(table) else probabilities


def _at_half(table: Binary, over: Over, rule: Difference) -> tuple[float | None, str]:
    """Return the accuracy of decisions at 0.5 on the scores as they are."""
    words = f"decides at 0.5, not at {table.threshold:g}" if table.threshold != 0.5 else ""
    if not words and rule in table.means.sums.sums:
        words = _NARROWED
    if _logits(table):
        words = "compares logits with 0.5, which is the threshold of probabilities; 0 is theirs"
    return table.means.accuracy_of((rule,), over), reasons.joined(words, reasons.denominator(table.means, over))


def _keras(table: Binary) -> Iterator[Entry]:
    rule = Difference.RIGHT_RAW_HALF if _logits(table) else Difference.RIGHT_NARROW_HALF
    right, because = _at_half(table, Over.UNWEIGHTED, rule)
    yield from softened.binary_entries(table.means, _AT_HALF, right, because, logits=_logits(table))
    if _logits(table):
        loss, why = table.means.loss_of((), Over.ROWS), reasons.denominator(table.means, Over.ROWS)
        call = "BinaryCrossentropy(from_logits=True)"
        for framework, version in (("tf_keras", "2.16 - 2.21"), ("keras", "3")):
            yield Entry(framework, version, call, loss, why, _AT_HALF, right, because)
            zero = table.means.accuracy_of((Difference.RIGHT_ZERO,), Over.UNWEIGHTED)
            words = f"decides at logit 0, not at probability {table.threshold:g}" if table.threshold != 0.5 else ""
            words = reasons.joined(words, reasons.denominator(table.means, Over.UNWEIGHTED))
            yield Entry(framework, version, call, loss, why, "metrics=[BinaryAccuracy(threshold=0.0)]", zero, words)
        return
    graph = (Difference.KERAS, Difference.KERAS_GRAPH)
    for framework, version, call, over, rules in (
        ("keras", "1.2 - 2.2.5", _FITTED, Over.NON_ZERO, (Difference.KERAS,)),
        ("keras", "2.3", _FITTED, Over.ROWS, graph),
        ("tf.keras", "1.15 - 2.1", _FITTED, Over.ROWS, graph),
        ("tf.keras", "2.2 - 2.15", _FITTED, Over.ROWS, graph),
        ("tf_keras", "2.16 - 2.21", _FITTED, Over.ROWS, (Difference.KERAS, Difference.KERAS_EAGER)),
        ("keras", "3", "BinaryCrossentropy()", Over.ROWS, (Difference.KERAS,)),
    ):
        clipped = reasons.clip(table.means, reasons.KERAS) if len(rules) == 1 else f"clips at 1e-7, {reasons.ADDS}"
        why = reasons.joined(clipped, reasons.denominator(table.means, over))
        loss = table.means.loss_of(rules, over, -ADDED if len(rules) == 2 else 0.0)
        yield Entry(framework, version, call, loss, why, _AT_HALF, right, because)
        if table.threshold != 0.5 and version in {"2.16 - 2.21", "3"}:
            given = f"metrics=[BinaryAccuracy(threshold={table.threshold:g})]"
            value = table.means.accuracy_of((Difference.RIGHT_NARROW,), Over.UNWEIGHTED)
            words = _NARROWED if Difference.RIGHT_NARROW in table.means.sums.sums else ""
            words = reasons.joined(words, reasons.denominator(table.means, Over.UNWEIGHTED))
            yield Entry(framework, version, call, loss, why, given, value, words)


def _torch(table: Binary) -> Iterator[Entry]:
    means = table.means
    weight = "weight=w" if means.any_weights else ""
    call = _given(table, f"BCELoss({weight})(p, y)", f"BCEWithLogitsLoss({weight})(logits, y)")
    clipped = "" if _logits(table) else reasons.clip(means, reasons.TORCH)
    why = reasons.joined(clipped, reasons.denominator(means, Over.ROWS))
    loss = means.loss_of(() if _logits(table) else (Difference.TORCH,), Over.ROWS)
    compared = f"p > {table.threshold:g}"
    rules: tuple[Difference, ...] = ()
    if _logits(table):
        at_half = table.threshold == 0.5
        compared = "logits > 0" if at_half else f"logits.sigmoid() > {table.threshold:g}"
        rules = (Difference.RIGHT_ZERO if at_half else Difference.RIGHT_SIGMOID,)
    hits = means.accuracy_of(rules, Over.UNWEIGHTED)
    because = reasons.denominator(means, Over.UNWEIGHTED)
    yield Entry("torch", "2", call, loss, why, f"(({compared}) == y).float().mean()", hits, because)
    yield _torchmetrics(table)


def _torchmetrics(table: Binary) -> Entry:
    means = table.means
    given = "" if table.threshold == 0.5 else f", threshold={table.threshold:g}"
    because = reasons.denominator(means, Over.UNWEIGHTED)
    rules: tuple[Difference, ...] = ()
    if _logits(table):
        rules = (Difference.RIGHT_SIGMOID,)
        if not means.sums.counts[Fact.OUTSIDE]:
            rules = (Difference.RIGHT_RAW_HALF if table.threshold == 0.5 else Difference.RIGHT_RAW,)
            because = reasons.joined("takes logits that all lie in [0, 1] for probabilities", because)
    value = means.accuracy_of(rules, Over.UNWEIGHTED)
    return Entry("torchmetrics", "1", None, None, "", f"Accuracy(task='binary'{given})", value, because)


def _sklearn(table: Binary) -> Iterator[Entry]:
    means, over = table.means, Over.WEIGHTS
    weight = ", sample_weight=w" if means.any_weights else ""
    at = reasons.SKLEARN_32 if table.narrow else reasons.SKLEARN_64
    given = _given(table, "p", "expit(logits)")
    truth = "y" if table.order.numbered else "y == positive"
    usual = call = f"log_loss(y, {given}, labels=classes{weight})"
    if table.order.places is not None:
        call = f"log_loss(y == positive, {given}, labels=[False, True]{weight})"
    entry = Entry(
        "scikit-learn", "1.5 - 1.9", call,
        means.loss_of((Difference.SKLEARN,), over),
        reasons.joined(_rounded(table), reasons.clip(means, at, logits=_logits(table))),
        f"accuracy_score({truth}, {given} > {table.threshold:g}{weight})",
        means.accuracy_of((Difference.RIGHT_SIGMOID,) if _logits(table) else (), over), _rounded(table),
    )  # fmt: skip
    yield entry
    why = reasons.joined(
        _rounded(table),
        reasons.undefined(means, (Difference.SKLEARN_OLD,)),
        reasons.clip(means, reasons.SKLEARN_OLD, logits=_logits(table)),
    )
    yield replace(entry, version="0.19 - 1.0", loss=means.loss_of((Difference.SKLEARN_OLD,), over), loss_because=why)
    if table.order.places is not None:
        yield from resorted.entries(means, usual)


def _rounded(table: Binary) -> str:
    return "1 - p is what rounding leaves of it" if _logits(table) else ""


def _optax(table: Binary) -> Iterator[Entry]:
    means, over = table.means, Over.UNWEIGHTED
    call = f"sigmoid_binary_cross_entropy({_given(table, 'logit(p)', 'logits')}, y).mean()"
    why = reasons.joined(reasons.undefined(means, (Difference.LOGIT,)), reasons.denominator(means, over))
    loss = means.loss_of(() if _logits(table) else (Difference.LOGIT,), over)
    yield Entry("optax", "0.2", call, loss, why, None, None, "")


def _boosters(table: Binary) -> Iterator[Entry]:
    means, over = table.means, Over.WEIGHTS
    at = "" if table.threshold == 0.5 else f"@{table.threshold:g}"
    shown = _given(table, " of probabilities", " of raw margins")
    why = reasons.joined(_rounded(table), reasons.clip(means, reasons.XGBOOST, logits=_logits(table)))
    narrow = Difference.RIGHT_SIGMOID_32 if _logits(table) else Difference.RIGHT_NARROW
    yield Entry(
        "xgboost", "3", f"eval_metric='logloss'{shown}", means.loss_of((Difference.XGBOOST,), over), why,
        f"1 - error{at}", means.accuracy_of((narrow,), over), _NARROWED,
    )  # fmt: skip
    rule = Difference.RIGHT_SIGMOID_64 if _logits(table) else Difference.RIGHT_HALF
    because = f"decides at 0.5, not at {table.threshold:g}" if table.threshold != 0.5 else _rounded(table)
    why = reasons.joined(_rounded(table), reasons.clip(means, reasons.LIGHTGBM, logits=_logits(table)))
    yield Entry(
        "lightgbm", "4", f"metric='binary_logloss'{shown}", means.loss_of((Difference.LIGHTGBM,), over), why,
        "1 - binary_error", means.accuracy_of((rule,), over), because,
    )  # fmt: skip
    given = _given(table, "logit(p)", "raw")
    weight = ", weight=w" if means.any_weights else ""
    border = "" if table.threshold == 0.5 else f":proba_border={table.threshold:g}"
    why = reasons.undefined(means, (Difference.LOGIT,))
    yield Entry(
        "catboost", "1.2", f"eval_metric(y, {given}, 'Logloss'{weight})",
        means.loss_of(() if _logits(table) else (Difference.LOGIT,), over), why,
        f"eval_metric(y, {given}, 'Accuracy{border}'{weight})", means.accuracy_of((), over), "",
    )  # fmt: skip
