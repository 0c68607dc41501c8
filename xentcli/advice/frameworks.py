"""Frameworks: the exact names of the recommended loss in each library, and code that runs.

Floor 4. A snippet assumes `x`, float32 features of shape (N, F), and `y`, the labels as the file holds them;
it leaves the loss in `loss`. Class names come from a file, so they are written as Python literals.
"""

from xentcli.advice.model import FrameworkAdvice
from xentcli.advice.snippets import neural
from xentcli.advice.snippets.estimators import ESTIMATORS, estimator
from xentcli.advice.snippets.targets import target_code
from xentcli.record import Record
from xentcli.task.model import Detection
from xentcli.terms import Encoding, Kind

_NEURAL = {"keras": neural.keras, "torch": neural.torch, "jax": neural.jax}


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
