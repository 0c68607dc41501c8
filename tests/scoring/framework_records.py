"""Which recorded call of a framework is which entry of the table, and how close the two must be."""

import math

OLD_SKLEARN = {"0.19.2", "1.0.2"}
NEW_SKLEARN = {"1.5.2", "1.6.1", "1.7.2", "1.8.0", "1.9.1"}
ERAS = {
    ("keras", "1.2.2"): "1.2 - 2.2.5", ("keras", "2.0.8"): "1.2 - 2.2.5", ("keras", "2.3.1"): "2.3",
    ("keras", "3.15.1"): "3", ("tf.keras", "2.1.4"): "1.15 - 2.1", ("tf.keras", "2.4.4"): "2.2 - 2.15",
    ("tf_keras", "2.21.0"): "2.16 - 2.21", ("torch", "2.13.0+cpu"): "2", ("torchmetrics", "1.9.0"): "1",
    ("optax", "0.2.8"): "0.2", ("xgboost", "3.2.0"): "3", ("lightgbm", "4.7.0"): "4", ("catboost", "1.2.10"): "1.2",
    **{("scikit-learn", one): "0.19 - 1.0" for one in OLD_SKLEARN},
    **{("scikit-learn", one): "1.5 - 1.9" for one in NEW_SKLEARN},
}  # fmt: skip

CATEGORICAL = ("compile(loss='categorical", "CategoricalCrossentropy(")
BINARY = ("compile(loss='binary", "BinaryCrossentropy(")

LOSS, ACCURACY, ERROR = "loss", "accuracy", "error"

# (task, function) -> (start of the entry's call, which value); None for the loss and accuracy of one call.
CALLS = {
    ("multiclass", "compile(binary_crossentropy, accuracy)"): ("compile(loss='binary", None),
    ("multiclass", "compile(categorical_crossentropy, accuracy)"): (CATEGORICAL, None),
    ("multiclass", "compile(sparse_categorical_crossentropy, accuracy)"): ("SparseCategoricalCrossentropy(", None),
    ("multiclass", "losses.CategoricalCrossentropy"): (CATEGORICAL, LOSS),
    ("multiclass", "losses.categorical_crossentropy_mean"): (CATEGORICAL, LOSS),
    ("multiclass", "losses.SparseCategoricalCrossentropy"): ("SparseCategoricalCrossentropy(", LOSS),
    ("multiclass", "metrics.CategoricalAccuracy"): (CATEGORICAL, ACCURACY),
    ("multiclass", "metrics.SparseCategoricalAccuracy"): ("SparseCategoricalCrossentropy(", ACCURACY),
    ("multiclass", "losses.BinaryCrossentropy(onehot)"): ("compile(loss='binary", LOSS),
    ("multiclass", "CrossEntropyLoss"): ("CrossEntropyLoss(", LOSS),
    ("multiclass", "CrossEntropyLoss_of_log"): ("CrossEntropyLoss(", LOSS),
    ("multiclass", "NLLLoss"): ("NLLLoss(", LOSS),
    ("multiclass", "Accuracy_multiclass_micro"): ("Accuracy(task='multiclass'", ACCURACY),
    ("multiclass", "MulticlassAccuracy_default"): ("MulticlassAccuracy(", ACCURACY),
    ("multiclass", "Accuracy_multiclass_macro"): ("MulticlassAccuracy(", ACCURACY),
    ("multiclass", "log_loss"): ("log_loss(", LOSS),
    ("multiclass", "accuracy_score"): ("log_loss(", ACCURACY),
    ("multiclass", "softmax_cross_entropy_with_integer_labels_mean"): ("softmax_cross_entropy_with", LOSS),
    ("multiclass", "softmax_cross_entropy_mean"): ("softmax_cross_entropy(", LOSS),
    ("multiclass", "mlogloss"): ("eval_metric='mlogloss'", LOSS),
    ("multiclass", "merror"): ("eval_metric='mlogloss'", ERROR),
    ("multiclass", "multi_logloss"): ("metric='multi_logloss'", LOSS),
    ("multiclass", "multi_error"): ("metric='multi_logloss'", ERROR),
    ("multiclass", "MultiClass"): ("eval_metric(y,", LOSS),
    ("multiclass", "Accuracy"): ("eval_metric(y,", ACCURACY),
    ("binary", "compile(binary_crossentropy, accuracy)"): (BINARY, None),
    ("binary", "losses.BinaryCrossentropy"): (BINARY, LOSS),
    ("binary", "metrics.BinaryAccuracy"): (BINARY, ACCURACY),
    ("binary", "metrics.BinaryAccuracy_logits_thr0"): ("threshold=0.0", ACCURACY),
    ("binary", "BCELoss"): ("BCELoss(", LOSS),
    ("binary", "BCEWithLogitsLoss"): ("BCEWithLogitsLoss(", LOSS),
    ("binary", "Accuracy_binary"): ("Accuracy(task='binary'", ACCURACY),
    ("binary", "log_loss"): ("log_loss(", LOSS),
    ("binary", "accuracy_score"): ("log_loss(", ACCURACY),
    ("binary", "sigmoid_binary_cross_entropy_mean"): ("sigmoid_binary_cross_entropy(", LOSS),
    ("binary", "sigmoid_focal_loss_mean"): ("sigmoid_focal_loss(", LOSS),
    ("binary", "losses.BinaryFocalCrossentropy"): ("BinaryFocalCrossentropy(", LOSS),
    ("multiclass", "losses.CategoricalFocalCrossentropy"): ("CategoricalFocalCrossentropy(", LOSS),
    ("binary", "logloss"): ("eval_metric='logloss'", LOSS),
    ("binary", "error"): ("eval_metric='logloss'", ERROR),
    ("binary", "error@t"): ("eval_metric='logloss'", ERROR),
    ("binary", "binary_logloss"): ("metric='binary_logloss'", LOSS),
    ("binary", "binary_error"): ("metric='binary_logloss'", ERROR),
    ("binary", "Logloss"): ("eval_metric(y,", LOSS),
    ("binary", "Accuracy"): ("eval_metric(y,", ACCURACY),
    ("binary", "Accuracy:proba_border=0.7"): ("eval_metric(y,", ACCURACY),
    ("multilabel", "compile(binary_crossentropy, accuracy)"): (BINARY, None),
    ("multilabel", "losses.BinaryCrossentropy"): (BINARY, LOSS),
    ("multilabel", "metrics.CategoricalAccuracy"): (BINARY, ACCURACY),
    ("multilabel", "metrics.BinaryAccuracy"): ("-> BinaryAccuracy", ACCURACY),
    ("multilabel", "BCELoss"): ("BCELoss(", LOSS),
    ("multilabel", "BCEWithLogitsLoss"): ("BCEWithLogitsLoss(", LOSS),
    ("multilabel", "Accuracy_multilabel_micro"): ("Accuracy(task='multilabel'", ACCURACY),
    ("multilabel", "ExactMatch_multilabel"): ("ExactMatch(", ACCURACY),
    ("multilabel", "log_loss"): ("log_loss(", LOSS),
    ("multilabel", "accuracy_score"): ("log_loss(", ACCURACY),
    ("multilabel", "sigmoid_binary_cross_entropy_mean"): ("sigmoid_binary_cross_entropy(", LOSS),
    ("multilabel", "logloss"): ("eval_metric='logloss'", LOSS),
    ("multilabel", "error"): ("eval_metric='logloss'", ERROR),
    ("multilabel", "MultiLogloss"): ("eval_metric(y,", LOSS),
    ("multilabel", "Accuracy"): ("eval_metric(y,", ACCURACY),
}  # fmt: skip

CLASS_WEIGHTED = "train_on_batch(class_weight)"
UNWEIGHTED_METRICS = ("metrics.BinaryAccuracy", "metrics.CategoricalAccuracy", "metrics.SparseCategoricalAccuracy")


def number(value):
    """Return a recorded number, None for what JSON has no number for."""
    found = float(value)
    return found if math.isfinite(found) else None


def wanted(task, record, threshold=0.5):
    """Return ((start of call, ...), kind) of the entry that a record is about, None if no entry reports it."""
    function = record["fn"]
    if function == CLASS_WEIGHTED and "sparse" not in record["call"]:
        loss = "binary" if "binary_crossentropy" in record["call"] else "categorical"
        return (
            (f"compile(loss='{loss}", {"binary": "BinaryCrossentropy("}.get(loss, "CategoricalCrossentropy(")),
            LOSS,
        )
    found = CALLS.get((task, function))
    if found is None or (record["framework"], record["version"]) not in ERAS:
        return None
    starts, kind = found
    if function.startswith("metrics.") and "sample_weight" in record["call"]:
        return None
    if "pos_weight" in record["call"]:
        return None
    if task == "binary" and threshold != 0.5 and function in {"Accuracy", "error", "metrics.BinaryAccuracy"}:
        if "threshold=" not in record["call"]:
            return None
        starts = "threshold="
    if function == "accuracy_score" and ">=" in record["call"]:
        return None
    if function.startswith("losses.") and record["framework"] != "keras" and record["dtype_in"] == "float64":
        return None
    return ((starts,) if isinstance(starts, str) else starts), kind


def entry_of(reports, record, starts):
    """Return the entry that a record is about, None if there is none."""
    smoothed = "smoothing=" in record["call"] or "smooth_labels" in record["call"]
    era = ERAS[record["framework"], record["version"]]
    for one in reports:
        if one.framework == record["framework"] and one.version == era:
            for start in starts:
                calls = (one.call or "", one.accuracy_call or "")
                named = any(call.startswith(start) or (start[0] in "-t" and start in call) for call in calls)
                if named and smoothed == ("smooth" in (one.call or "")):
                    return one
    return None


def tolerance(record, *, weighted):
    """Return how close a value must be, by the arithmetic that made it."""
    if record["framework"] == "xgboost" or record["dtype_in"] != "float64" or record.get("dtype_out") != "float64":
        return 1e-6
    return 1e-6 if weighted and record["framework"] in {"lightgbm", "catboost"} else 1e-12
