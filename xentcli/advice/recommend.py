"""Recommendation: from what the labels mean to what to train with, under the names that each library has for it.

Floor 4. Pure: a Detection in, an Advice out; the words come from the catalogue of losses.

Frameworks: the exact names of the recommended loss in each library, and code that runs. A snippet assumes `x`,
float32 features of shape (N, F), and `y`, the labels as the file holds them; it leaves the loss in `loss`. Class
names come from a file, so they are written as Python literals.
"""

from collections.abc import Sequence
from math import log

from xentcli.advice import losses
from xentcli.advice.caveats import avoid, bias_init, class_weights, hints, pos_weight
from xentcli.advice.losses import LossRecord
from xentcli.advice.model import Advice, Equivalent, FrameworkAdvice, Priors
from xentcli.advice.snippets import models
from xentcli.advice.snippets.models import ESTIMATORS, estimator
from xentcli.advice.snippets.targets import target_code
from xentcli.record import Record
from xentcli.task.model import Detection
from xentcli.terms import Encoding, Kind

_NEURAL = {"keras": models.keras, "torch": models.torch, "jax": models.jax}


def snippet(framework: str, detection: Detection) -> str:
    """Return the program of a framework that trains on labels such as these."""
    code = estimator(framework, detection) if framework in ESTIMATORS else _NEURAL[framework](detection)
    return f"import numpy as np\n\n{target_code(detection)}\n{code}"


class _Terms(Record):
    """What a framework calls the loss, the output and the metric of one kind of task."""

    loss: str
    activation: str
    metrics: str


_NAMES: dict[str, dict[Kind, _Terms]] = {
    "keras": {
        Kind.BINARY: _Terms("BinaryCrossentropy(from_logits=True)", "Dense(1)", "BinaryAccuracy(threshold=0)"),
        Kind.MULTICLASS: _Terms(
            "SparseCategoricalCrossentropy(from_logits=True)", "Dense(K)", "SparseCategoricalAccuracy()"
        ),
        Kind.MULTILABEL: _Terms(
            "BinaryCrossentropy(from_logits=True)", "Dense(K)", "BinaryAccuracy(threshold=0), F1Score()"
        ),
        Kind.MULTIOUTPUT: _Terms(
            "SparseCategoricalCrossentropy(from_logits=True) per output", "Dense(K_o) per output",
            "SparseCategoricalAccuracy() per output",
        ),
    },
    "torch": {
        Kind.BINARY: _Terms("BCEWithLogitsLoss()", "Linear(F, 1), no sigmoid", "(logits > 0) == y"),
        Kind.MULTICLASS: _Terms("CrossEntropyLoss()", "Linear(F, K), no softmax", "logits.argmax(1) == y"),
        Kind.MULTILABEL: _Terms("BCEWithLogitsLoss()", "Linear(F, K), no sigmoid", "((logits > 0) == y).all(1)"),
        Kind.MULTIOUTPUT: _Terms(
            "CrossEntropyLoss() per output, summed", "Linear(F, K_o) per output", "argmax per output"
        ),
    },
    "jax": {
        Kind.BINARY: _Terms("optax.sigmoid_binary_cross_entropy", "1 logit", "logits > 0"),
        Kind.MULTICLASS: _Terms("optax.softmax_cross_entropy_with_integer_labels", "K logits", "argmax"),
        Kind.MULTILABEL: _Terms("optax.sigmoid_binary_cross_entropy", "K logits", "(logits > 0) == y, all labels"),
        Kind.MULTIOUTPUT: _Terms(
            "optax.softmax_cross_entropy_with_integer_labels per output, summed",
            "K_o logits per output", "argmax per output",
        ),
    },
    "sklearn": {
        Kind.BINARY: _Terms("log_loss", "predict_proba", "accuracy_score"),
        Kind.MULTICLASS: _Terms("log_loss", "predict_proba", "accuracy_score"),
        Kind.MULTILABEL: _Terms("log_loss per label", "predict_proba, one model per label", "accuracy_score (subset)"),
        Kind.MULTIOUTPUT: _Terms(
            "log_loss per output", "predict_proba, one model per output", "accuracy_score per output"
        ),
    },
    "xgboost": {
        Kind.BINARY: _Terms("binary:logistic", "sigmoid", "eval_metric=['logloss', 'error']"),
        Kind.MULTICLASS: _Terms("multi:softprob", "softmax", "eval_metric=['mlogloss', 'merror']"),
        Kind.MULTILABEL: _Terms("binary:logistic", "sigmoid per label", "eval_metric='logloss'"),
        Kind.MULTIOUTPUT: _Terms("multi:softprob per output", "softmax per output", "mlogloss per output"),
    },
    "lightgbm": {
        Kind.BINARY: _Terms("binary", "sigmoid", "binary_logloss, binary_error"),
        Kind.MULTICLASS: _Terms("multiclass", "softmax", "multi_logloss, multi_error"),
        Kind.MULTILABEL: _Terms("binary, one model per label", "sigmoid", "binary_logloss per label"),
        Kind.MULTIOUTPUT: _Terms("multiclass, one model per output", "softmax", "multi_logloss per output"),
    },
    "catboost": {
        Kind.BINARY: _Terms("Logloss", "sigmoid", "Logloss, Accuracy"),
        Kind.MULTICLASS: _Terms("MultiClass", "softmax", "MultiClass, Accuracy"),
        Kind.MULTILABEL: _Terms("Logloss, one model per label (or MultiLogloss)", "sigmoid", "Logloss per label"),
        Kind.MULTIOUTPUT: _Terms("MultiClass, one model per output", "softmax", "MultiClass per output"),
    },
}  # fmt: skip

FRAMEWORKS = tuple(_NAMES)


_SOFT: dict[str, _Terms] = {
    "keras": _Terms("CategoricalCrossentropy(from_logits=True)", "Dense(K)", "CategoricalAccuracy()"),
    "torch": _Terms("CrossEntropyLoss(), targets of shape (N, K)", "Linear(F, K), no softmax", "the loss itself"),
    "jax": _Terms("optax.softmax_cross_entropy", "K logits", "the loss itself"),
    "sklearn": _Terms("log_loss, rows weighted by shares", "predict_proba", "the loss itself"),
    "xgboost": _Terms("multi:softprob, rows weighted by shares", "softmax", "mlogloss"),
    "lightgbm": _Terms("multiclass, rows weighted by shares", "softmax", "multi_logloss"),
    "catboost": _Terms("MultiClass, rows weighted by shares", "softmax", "MultiClass"),
}
_SOFT_LABELS: dict[str, _Terms] = {
    "keras": _Terms("BinaryCrossentropy(from_logits=True)", "Dense(K)", "the loss itself"),
    "torch": _Terms("BCEWithLogitsLoss()", "Linear(F, K), no sigmoid", "the loss itself"),
    "jax": _Terms("optax.sigmoid_binary_cross_entropy", "K logits", "the loss itself"),
    "sklearn": _Terms("log_loss per label, rows weighted by p and 1 - p", "predict_proba", "the loss itself"),
    "xgboost": _Terms("binary:logistic per label, rows weighted by p and 1 - p", "sigmoid", "logloss"),
    "lightgbm": _Terms("binary per label, rows weighted by p and 1 - p", "sigmoid", "binary_logloss"),
    "catboost": _Terms("Logloss per label, rows weighted by p and 1 - p", "sigmoid", "Logloss"),
}


def framework_advice(detection: Detection) -> dict[str, FrameworkAdvice]:
    """Return the advice of every framework for labels, empty where there is no classification target."""
    kind, encoding = detection.task.kind, detection.task.encoding
    if kind is None:
        return {}
    found = {}
    for framework, by_kind in _NAMES.items():
        names = by_kind[kind]
        if encoding is Encoding.CLASS_PROBABILITIES:
            names = _SOFT[framework]
        elif encoding is Encoding.LABEL_PROBABILITIES:
            names = _SOFT_LABELS[framework]
        found[framework] = FrameworkAdvice(names.loss, names.activation, names.metrics, snippet(framework, detection))
    return found


NOTHING = Priors(None, None, None, None)


def entropy(shares: Sequence[float]) -> float:
    """Return -sum p log p, with 0 log 0 = 0."""
    return abs(sum(-share * log(share) for share in shares if share > 0.0))


def priors(detection: Detection) -> Priors | None:
    """Return the baselines of the labels, None where there is no classification target."""
    kind = detection.task.kind
    if kind is None:
        return None
    if kind is Kind.MULTIOUTPUT:
        return _of_outputs(detection)
    if kind is Kind.MULTILABEL:
        return _of_labels(detection)
    uniform = log(max(1, len(detection.task.classes)))
    if detection.soft is not None:
        return Priors(uniform, entropy(detection.soft.shares), None, None)
    counts = [one.count for one in detection.counts]
    total = sum(counts)
    if total == 0:
        return Priors(uniform, None, None, None)
    most = max(detection.counts, key=lambda one: one.count)
    return Priors(uniform, entropy([count / total for count in counts]), most.name, most.count / total)


def _of_outputs(detection: Detection) -> Priors:
    """Return the baselines of several outputs: the sums of theirs."""
    found = [priors(one) or NOTHING for one in detection.outputs]
    uniform = [one.uniform_loss for one in found if one.uniform_loss is not None]
    prior = [one.prior_loss for one in found if one.prior_loss is not None]
    whole = len(found) > 0
    return Priors(
        sum(uniform) if whole and len(uniform) == len(found) else None,
        sum(prior) if whole and len(prior) == len(found) else None,
        None,
        None,
    )


def _of_labels(detection: Detection) -> Priors:
    """Return the baselines of a multi-label task: the mean over labels of the Bernoulli entropies."""
    if detection.soft is not None:
        shares = list(detection.soft.shares)
    else:
        labelled = detection.rows - detection.missing_rows
        known = [labelled if one.known is None else one.known for one in detection.counts]
        shares = [one.count / rows for one, rows in zip(detection.counts, known, strict=True) if rows]
    if not shares:
        return Priors(log(2.0), None, None, None)
    return Priors(log(2.0), sum(entropy([share, 1.0 - share]) for share in shares) / len(shares), None, None)


_RECORDS = {
    Kind.BINARY: losses.BINARY,
    Kind.MULTICLASS: losses.CATEGORICAL,
    Kind.MULTILABEL: losses.MULTI_LABEL,
    Kind.MULTIOUTPUT: losses.MULTI_OUTPUT,
}
_BY_ENCODING = {
    Encoding.CLASS_PROBABILITIES: losses.SOFT,
    Encoding.LABEL_PROBABILITIES: losses.SOFT_LABELS,
}


def recommend(detection: Detection) -> Advice | None:
    """Return the advice for labels, None where there is no classification target."""
    task = detection.task
    if task.kind is None:
        return None
    encoding = task.encoding if isinstance(task.encoding, Encoding) else None
    record = _RECORDS[task.kind] if encoding not in _BY_ENCODING else _BY_ENCODING[encoding]
    units = 1 if record is losses.BINARY else len(task.classes)
    return Advice(
        loss=record.name,
        activation=record.activation,
        units=units,
        target_encoding=record.target_encoding,
        target_shape=record.target_shape.replace("K", str(units)).replace("M", str(len(detection.outputs) or "M")),
        target_dtype=record.target_dtype,
        equivalent=_equivalent(record, len(task.classes)),
        accuracy=record.accuracy,
        avoid=avoid(detection),
        expected_initial_loss=_initial(detection),
        class_weights=class_weights(detection),
        pos_weight=pos_weight(detection),
        bias_init=bias_init(detection),
        hints=hints(detection),
        frameworks=framework_advice(detection),
        formula=record.formula,
        why=record.why,
    )


def _equivalent(record: LossRecord, classes: int) -> tuple[Equivalent, ...]:
    return tuple(
        Equivalent(one.loss, one.target_encoding, one.because.replace("{K}", f"{classes:,}"))
        for one in record.equivalent
    )


def _initial(detection: Detection) -> float:
    """Return the loss of a model that knows nothing, in nats: ln K; ln 2 a label; the sum over outputs."""
    if detection.outputs:
        return sum(log(max(2, len(one.task.classes))) for one in detection.outputs)
    if detection.task.kind in {Kind.BINARY, Kind.MULTILABEL}:
        return log(2.0)
    return log(max(2, len(detection.task.classes)))
