"""Frameworks: the exact names of the recommended loss in each library, and code that runs.

Floor 4. A snippet assumes `x`, float32 features of shape (N, F), and `y`, the labels as the file holds them;
it leaves the loss in `loss`. Class names come from a file, so they are written as Python literals.
"""

from xentcli.advice.model import FrameworkAdvice
from xentcli.advice.snippets import neural
from xentcli.advice.snippets.estimators import ESTIMATORS, estimator
from xentcli.advice.snippets.targets import target_code
from xentcli.record import Record
from xentcli.task.model import Detection, Encoding, Kind

_NEURAL = {"keras": neural.keras, "torch": neural.torch, "jax": neural.jax}


def snippet(framework: str, detection: Detection) -> str:
    """Return the program of a framework that trains on labels such as these."""
    code = estimator(framework, detection) if framework in ESTIMATORS else _NEURAL[framework](detection)
    return f"import numpy as np\n\n{target_code(detection)}\n{code}"


class _FrameworkNames(Record):
    """What a framework calls the loss, the output and the metric of one kind of task."""

    loss: str
    activation: str
    metrics: str


_NAMES: dict[str, dict[Kind, _FrameworkNames]] = {
    "keras": {
        Kind.BINARY: _FrameworkNames("BinaryCrossentropy(from_logits=True)", "Dense(1)", "BinaryAccuracy(threshold=0)"),
        Kind.MULTICLASS: _FrameworkNames(
            "SparseCategoricalCrossentropy(from_logits=True)", "Dense(K)", "SparseCategoricalAccuracy()"
        ),
        Kind.MULTILABEL: _FrameworkNames(
            "BinaryCrossentropy(from_logits=True)", "Dense(K)", "BinaryAccuracy(threshold=0), F1Score()"
        ),
        Kind.MULTIOUTPUT: _FrameworkNames(
            "SparseCategoricalCrossentropy(from_logits=True) per output", "Dense(K_o) per output",
            "SparseCategoricalAccuracy() per output",
        ),
    },
    "torch": {
        Kind.BINARY: _FrameworkNames("BCEWithLogitsLoss()", "Linear(F, 1), no sigmoid", "(logits > 0) == y"),
        Kind.MULTICLASS: _FrameworkNames("CrossEntropyLoss()", "Linear(F, K), no softmax", "logits.argmax(1) == y"),
        Kind.MULTILABEL: _FrameworkNames("BCEWithLogitsLoss()", "Linear(F, K), no sigmoid", "((logits > 0) == y).all(1)"),
        Kind.MULTIOUTPUT: _FrameworkNames(
            "CrossEntropyLoss() per output, summed", "Linear(F, K_o) per output", "argmax per output"
        ),
    },
    "jax": {
        Kind.BINARY: _FrameworkNames("optax.sigmoid_binary_cross_entropy", "1 logit", "logits > 0"),
        Kind.MULTICLASS: _FrameworkNames("optax.softmax_cross_entropy_with_integer_labels", "K logits", "argmax"),
        Kind.MULTILABEL: _FrameworkNames("optax.sigmoid_binary_cross_entropy", "K logits", "(logits > 0) == y, all labels"),
        Kind.MULTIOUTPUT: _FrameworkNames(
            "optax.softmax_cross_entropy_with_integer_labels per output, summed",
            "K_o logits per output", "argmax per output",
        ),
    },
    "sklearn": {
        Kind.BINARY: _FrameworkNames("log_loss", "predict_proba", "accuracy_score"),
        Kind.MULTICLASS: _FrameworkNames("log_loss", "predict_proba", "accuracy_score"),
        Kind.MULTILABEL: _FrameworkNames("log_loss per label", "predict_proba, one model per label", "accuracy_score (subset)"),
        Kind.MULTIOUTPUT: _FrameworkNames(
            "log_loss per output", "predict_proba, one model per output", "accuracy_score per output"
        ),
    },
    "xgboost": {
        Kind.BINARY: _FrameworkNames("binary:logistic", "sigmoid", "eval_metric=['logloss', 'error']"),
        Kind.MULTICLASS: _FrameworkNames("multi:softprob", "softmax", "eval_metric=['mlogloss', 'merror']"),
        Kind.MULTILABEL: _FrameworkNames("binary:logistic", "sigmoid per label", "eval_metric='logloss'"),
        Kind.MULTIOUTPUT: _FrameworkNames("multi:softprob per output", "softmax per output", "mlogloss per output"),
    },
    "lightgbm": {
        Kind.BINARY: _FrameworkNames("binary", "sigmoid", "binary_logloss, binary_error"),
        Kind.MULTICLASS: _FrameworkNames("multiclass", "softmax", "multi_logloss, multi_error"),
        Kind.MULTILABEL: _FrameworkNames("binary, one model per label", "sigmoid", "binary_logloss per label"),
        Kind.MULTIOUTPUT: _FrameworkNames("multiclass, one model per output", "softmax", "multi_logloss per output"),
    },
    "catboost": {
        Kind.BINARY: _FrameworkNames("Logloss", "sigmoid", "Logloss, Accuracy"),
        Kind.MULTICLASS: _FrameworkNames("MultiClass", "softmax", "MultiClass, Accuracy"),
        Kind.MULTILABEL: _FrameworkNames("Logloss, one model per label (or MultiLogloss)", "sigmoid", "Logloss per label"),
        Kind.MULTIOUTPUT: _FrameworkNames("MultiClass, one model per output", "softmax", "MultiClass per output"),
    },
}  # fmt: skip

FRAMEWORKS = tuple(_NAMES)


_SOFT: dict[str, _FrameworkNames] = {
    "keras": _FrameworkNames("CategoricalCrossentropy(from_logits=True)", "Dense(K)", "CategoricalAccuracy()"),
    "torch": _FrameworkNames(
        "CrossEntropyLoss(), targets of shape (N, K)", "Linear(F, K), no softmax", "the loss itself"
    ),
    "jax": _FrameworkNames("optax.softmax_cross_entropy", "K logits", "the loss itself"),
    "sklearn": _FrameworkNames("log_loss, rows weighted by shares", "predict_proba", "the loss itself"),
    "xgboost": _FrameworkNames("multi:softprob, rows weighted by shares", "softmax", "mlogloss"),
    "lightgbm": _FrameworkNames("multiclass, rows weighted by shares", "softmax", "multi_logloss"),
    "catboost": _FrameworkNames("MultiClass, rows weighted by shares", "softmax", "MultiClass"),
}
_SOFT_LABELS: dict[str, _FrameworkNames] = {
    "keras": _FrameworkNames("BinaryCrossentropy(from_logits=True)", "Dense(K)", "the loss itself"),
    "torch": _FrameworkNames("BCEWithLogitsLoss()", "Linear(F, K), no sigmoid", "the loss itself"),
    "jax": _FrameworkNames("optax.sigmoid_binary_cross_entropy", "K logits", "the loss itself"),
    "sklearn": _FrameworkNames("log_loss per label, rows weighted by p and 1 - p", "predict_proba", "the loss itself"),
    "xgboost": _FrameworkNames("binary:logistic per label, rows weighted by p and 1 - p", "sigmoid", "logloss"),
    "lightgbm": _FrameworkNames("binary per label, rows weighted by p and 1 - p", "sigmoid", "binary_logloss"),
    "catboost": _FrameworkNames("Logloss per label, rows weighted by p and 1 - p", "sigmoid", "Logloss"),
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
