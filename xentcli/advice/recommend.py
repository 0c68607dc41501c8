"""Recommendation: from what the labels mean to what to train with.

Floor 4. Pure: a Detection in, an Advice out; the words come from the catalogue of losses.
"""

from math import log

from xentcli.advice import losses
from xentcli.advice.frameworks import framework_advice
from xentcli.advice.model import Advice
from xentcli.task.model import Detection, Encoding, Kind

_RECORDS = {
    Kind.BINARY: losses.BINARY,
    Kind.MULTICLASS: losses.CATEGORICAL,
    Kind.MULTILABEL: losses.MULTI_LABEL,
    Kind.MULTIOUTPUT: losses.MULTI_OUTPUT,
}


def recommend(detection: Detection) -> Advice | None:
    """Return the advice for labels, None where there is no classification target."""
    task = detection.task
    if task.kind is None:
        return None
    record = losses.SOFT if task.encoding is Encoding.CLASS_PROBABILITIES else _RECORDS[task.kind]
    units = 1 if record is losses.BINARY else len(task.classes)
    return Advice(
        loss=record.name,
        activation=record.activation,
        units=units,
        target_encoding=record.target_encoding,
        target_shape=record.target_shape.replace("K", str(units)),
        equivalent=record.equivalent,
        accuracy=record.accuracy,
        avoid=record.avoid,
        expected_initial_loss=log(2.0) if task.kind in {Kind.BINARY, Kind.MULTILABEL} else log(max(2, units)),
        class_weights=class_weights(detection),
        bias_init=bias_init(detection),
        frameworks=framework_advice(task),
        formula=record.formula,
        why=record.why,
    )


def _counted(detection: Detection) -> bool:
    """Whether the counts are rows per class."""
    soft = {Encoding.CLASS_PROBABILITIES, Encoding.LABEL_PROBABILITIES}
    return detection.task.kind is not Kind.MULTIOUTPUT and detection.task.encoding not in soft


def class_weights(detection: Detection) -> dict[str, float] | None:
    """Return balanced weights n / (K n_c), as scikit-learn's; for labels the pos_weight n_neg / n_pos.

    Classes without a row have none.
    """
    if not _counted(detection):
        return None
    if detection.task.kind is Kind.MULTILABEL:
        rows = detection.rows - detection.missing_rows
        return {one.name: (rows - one.count) / one.count for one in detection.counts if one.count} or None
    counts = {one.name: one.count for one in detection.counts if one.count}
    total = sum(counts.values())
    return {name: total / (len(detection.counts) * count) for name, count in counts.items()} or None


def bias_init(detection: Detection) -> tuple[float, ...] | None:
    """Return the output bias that makes an untrained model predict the label shares.

    Binary: the logit of the positive class's share. Several classes: the log of the shares. Labels: the
    logit of each share. A class without a row counts as half a row, so that every bias is finite.
    """
    if not _counted(detection):
        return None
    kind = detection.task.kind
    counts = [max(one.count, 0.5) for one in detection.counts]
    if kind is Kind.MULTILABEL:
        rows = detection.rows - detection.missing_rows
        return tuple(log(count / max(rows - count, 0.5)) for count in counts)
    if kind is Kind.BINARY and detection.task.positive is not None:
        at = detection.task.classes.index(detection.task.positive)
        return (log(counts[at] / counts[1 - at]),)
    total = sum(counts)
    return tuple(log(count / total) for count in counts)
