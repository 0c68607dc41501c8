"""Recommendation: from what the labels mean to what to train with, and what can be had without a model.

Floor 4. Pure: a Detection in, an Advice out; the words come from the catalogue of losses.
"""

from collections.abc import Sequence
from math import log

from xentcli.advice import losses
from xentcli.advice.caveats import avoid, bias_init, class_weights, hints, pos_weight
from xentcli.advice.frameworks import framework_advice
from xentcli.advice.losses import LossRecord
from xentcli.advice.model import Advice, Equivalent, Priors
from xentcli.task.model import Detection
from xentcli.terms import Encoding, Kind

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
