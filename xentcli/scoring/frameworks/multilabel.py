"""The calls of frameworks on rows with any number of labels.

Floor 5. The correct accuracy is that of whole rows (subset accuracy); most frameworks call something else accuracy.
"""

from collections.abc import Iterator

from xentcli.phrases import counted
from xentcli.record import Record
from xentcli.scoring.frameworks import reasons, softened
from xentcli.scoring.frameworks.entry import Entry
from xentcli.scoring.frameworks.means import Means, Over
from xentcli.tally.frameworks.sums import Difference, Fact
from xentcli.tally.frameworks.trials import ADDED
from xentcli.terms import Scale

_FITTED = "compile(loss='binary_crossentropy', metrics=['accuracy'])"
_ELEMENTS = "metrics=['accuracy'] -> binary_accuracy"
_ARGMAX = "metrics=['accuracy'] -> categorical_accuracy"
_PER_LABEL = "counts every label of a row by itself, not whole rows"


class Multilabel(Record):
    """A multi-label table.

    Attributes:
        means: the sums, over elements.
        scale: of the scores.
        threshold: of the headline's decisions.
        labels: how many there are.
        narrow: whether the file holds float32.
        subset: share of rows with all labels right.
        weighted_subset: the same of the weights; None without.
        raised: rows that the headline gives their best label, having none above the threshold.
    """

    means: Means
    scale: Scale
    threshold: float
    labels: int
    narrow: bool
    subset: float
    weighted_subset: float | None
    raised: int

    @property
    def logits(self) -> bool:
        """Whether the scores are logits."""
        return self.scale is Scale.LOGITS


def entries(table: Multilabel) -> Iterator[Entry]:
    """Yield the entries of a table."""
    if table.scale is Scale.LOG_PROBABILITIES:
        return
    yield from _keras(table)
    yield from _torch(table)
    yield from _sklearn(table)
    yield _optax(table)
    yield from _boosters(table)


def _elements(table: Multilabel) -> float:
    """Return the share of elements right at 0.5."""
    return 1.0 - table.means.sums.counts[Fact.WRONG_ELEMENTS] / sum(table.means.rows)


def _argmax(table: Multilabel) -> tuple[float, str]:
    rows = sum(table.means.rows) / table.labels
    value = 1.0 - table.means.sums.counts[Fact.WRONG_ARGMAX] / rows
    return value, "compares the highest score with the first label only; a row without labels counts as the first"


def _subset(table: Multilabel, rule: Difference, over: Over) -> float | None:
    """Return the share of rows with all labels right, by a rule's decisions."""
    weighted = over is Over.WEIGHTS and table.weighted_subset is not None
    start = table.weighted_subset if weighted else table.subset
    moved = table.means.sum_of((rule,), over)
    return None if moved is None or start is None else start + moved * table.labels


def _unraised(table: Multilabel) -> str:
    """Say that rows stay without a label which the headline gives their best one."""
    return f"gives {counted(table.raised, 'row')} no label, not the best one" if table.raised else ""


def _keras(table: Multilabel) -> Iterator[Entry]:
    means = table.means
    argmax, argmax_because = _argmax(table)
    if table.logits:
        yield from softened.binary_entries(means, _ARGMAX, argmax, argmax_because, logits=True)
        for framework, version in (("tf_keras", "2.16 - 2.21"), ("keras", "3")):
            yield Entry(
                framework, version, "BinaryCrossentropy(from_logits=True)", means.loss_of((), Over.ROWS),
                reasons.denominator(means, Over.ROWS), _ARGMAX, argmax, argmax_because,
            )  # fmt: skip
        return
    graph = (Difference.KERAS, Difference.KERAS_GRAPH)
    yield from softened.binary_entries(means, _ARGMAX, argmax, argmax_because, logits=False)
    for framework, version, over, rules, elements in (
        ("keras", "1.2 - 2.2.5", Over.NON_ZERO, (Difference.KERAS,), True),
        ("keras", "2.3", Over.ROWS, graph, True),
        ("tf.keras", "1.15 - 2.1", Over.ROWS, graph, True),
        ("tf.keras", "2.2 - 2.15", Over.ROWS, graph, False),
        ("tf_keras", "2.16 - 2.21", Over.ROWS, (Difference.KERAS, Difference.KERAS_EAGER), False),
        ("keras", "3", Over.ROWS, (Difference.KERAS,), False),
    ):
        clipped = f"clips at 1e-7, {reasons.ADDS}"
        if len(rules) == 1:
            clipped = reasons.clip(means, reasons.KERAS, "label")
        why = reasons.joined(clipped, reasons.denominator(means, over))
        loss = means.loss_of(rules, over, -ADDED if len(rules) == 2 else 0.0)
        call = "BinaryCrossentropy()" if version == "3" else _FITTED
        name, value, because = (
            (_ELEMENTS, _elements(table), _PER_LABEL) if elements else (_ARGMAX, argmax, argmax_because)
        )
        yield Entry(framework, version, call, loss, why, name, value, because)
        if version == "3":
            name = "metrics=['binary_accuracy'] -> BinaryAccuracy"
            yield Entry(framework, version, call, loss, why, name, _elements(table), _PER_LABEL)


def _torch(table: Multilabel) -> Iterator[Entry]:
    means = table.means
    weight = "weight=w" if means.any_weights else ""
    call = f"BCEWithLogitsLoss({weight})(logits, y)" if table.logits else f"BCELoss({weight})(p, y)"
    ceiling = "" if table.logits else reasons.clip(means, reasons.TORCH, "label")
    why = reasons.joined(ceiling, reasons.denominator(means, Over.ROWS))
    loss = means.loss_of(() if table.logits else (Difference.TORCH,), Over.ROWS)
    yield Entry("torch", "2", call, loss, why, None, None, "")
    if table.logits and not means.sums.counts[Fact.OUTSIDE]:
        return
    at = "" if table.threshold == 0.5 else f", threshold={table.threshold:g}"
    no_weights = reasons.joined(_unraised(table), reasons.denominator(means, Over.UNWEIGHTED))
    yield Entry(
        "torchmetrics", "1", None, None, "", f"Accuracy(task='multilabel', num_labels={table.labels}{at})",
        means.accuracy_of((Difference.RIGHT_ABOVE,), Over.UNWEIGHTED), reasons.joined(_PER_LABEL, no_weights),
    )  # fmt: skip
    yield Entry(
        "torchmetrics", "1", None, None, "", f"ExactMatch(task='multilabel', num_labels={table.labels}{at})",
        _subset(table, Difference.SUBSET_ABOVE, Over.UNWEIGHTED), no_weights,
    )  # fmt: skip


def _sklearn(table: Multilabel) -> Iterator[Entry]:
    means, over = table.means, Over.WEIGHTS
    weight = ", sample_weight=w" if means.any_weights else ""
    given = "expit(logits)" if table.logits else "p"
    call, right = f"log_loss(y, {given}{weight})", f"accuracy_score(y, {given} > {table.threshold:g}{weight})"
    subset = _subset(table, Difference.SUBSET_ABOVE, over)
    why = "sums over the labels that a row has: labels it has not cost nothing"
    loss = _positives(table, Difference.SKLEARN_POSITIVES, over)
    yield Entry("scikit-learn", "1.5 - 1.9", call, loss, why, right, subset, _unraised(table))
    if not table.logits:
        old = _positives(table, Difference.SKLEARN_POSITIVES_OLD, over)
        why = f"divides every row by its sum, and {why}"
        yield Entry("scikit-learn", "0.19 - 1.0", call, old, why, right, subset, _unraised(table))


def _positives(table: Multilabel, rule: Difference, over: Over) -> float | None:
    mean = table.means.sum_of((rule,), over)
    return None if mean is None else mean * table.labels


def _optax(table: Multilabel) -> Entry:
    means, over = table.means, Over.UNWEIGHTED
    call = f"sigmoid_binary_cross_entropy({'logits' if table.logits else 'logit(p)'}, y).mean()"
    rules = () if table.logits else (Difference.LOGIT,)
    why = reasons.joined(reasons.undefined(means, rules, "label"), reasons.denominator(means, over))
    return Entry("optax", "0.2", call, means.loss_of(rules, over), why, None, None, "")


def _boosters(table: Multilabel) -> Iterator[Entry]:
    means, over = table.means, Over.WEIGHTS
    at = "" if table.threshold == 0.5 else f"@{table.threshold:g}"
    shown = " of raw margins" if table.logits else " of probabilities"
    why = reasons.clip(means, reasons.XGBOOST, "label", logits=table.logits)
    yield Entry(
        "xgboost", "3", f"eval_metric='logloss'{shown}", means.loss_of((Difference.XGBOOST,), over), why,
        f"1 - error{at}", means.accuracy_of((Difference.RIGHT_NARROW,), over),
        reasons.joined(_PER_LABEL, _unraised(table)),
    )  # fmt: skip
    given = "raw" if table.logits else "logit(p)"
    weight = ", weight=w" if means.any_weights else ""
    at_half = f"decides at 0.5, not at {table.threshold:g}" if table.threshold != 0.5 else ""
    rules = () if table.logits else (Difference.LOGIT,)
    why = reasons.undefined(means, rules, "label")
    loss = means.loss_of(rules, over)
    if means.weight is not None:
        loss = means.loss_of(rules, Over.WHOLE)
        loss = 0.0 if means.denominator(Over.WHOLE) == 0 else loss
        why = "rounds each weight of the denominator down to a whole number (a bug of 1.2.10)"
    yield Entry(
        "catboost", "1.2", f"eval_metric(y, {given}, 'MultiLogloss'{weight})", loss, why,
        f"eval_metric(y, {given}, 'Accuracy'{weight})", _subset(table, Difference.SUBSET_HALF, over),
        reasons.joined(at_half, _unraised(table)),
    )  # fmt: skip
