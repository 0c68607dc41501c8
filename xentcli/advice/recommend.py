"""Recommendation: from what the labels mean to what to train with.

Floor 4. Pure: a Detection in, an Advice out; the words come from the catalogue of losses.
"""

from math import log

from xentcli.advice import losses
from xentcli.advice.balance import bias_init, class_weights, pos_weight
from xentcli.advice.caveats import avoid, hints
from xentcli.advice.frameworks import framework_advice
from xentcli.advice.losses import LossRecord
from xentcli.advice.model import Advice, Equivalent
from xentcli.task.model import Detection, Encoding, Kind

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
