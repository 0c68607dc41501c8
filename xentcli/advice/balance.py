"""Balance: class weights and output biases from how often classes and labels occur.

Floor 4. Pure functions of a Detection.
"""

from math import log

from xentcli.task.model import ClassCount, Detection, Kind


def class_weights(detection: Detection) -> dict[str, float] | None:
    """Return balanced weights n / (K n_c), as scikit-learn's; for labels the pos_weight n_neg / n_pos.

    Classes without a row have none. Soft targets and several outputs have no weights of their own.
    """
    if detection.soft is not None or detection.task.kind is Kind.MULTIOUTPUT:
        return None
    if detection.task.kind is Kind.MULTILABEL:
        return pos_weight(detection)
    counts = {one.name: one.count for one in detection.counts if one.count}
    total = sum(counts.values())
    return {name: total / (len(detection.counts) * count) for name, count in counts.items()} or None


def pos_weight(detection: Detection) -> dict[str, float] | None:
    """Return n_neg / n_pos of the positive class, or of each label, as PyTorch's `pos_weight`; None for others."""
    kind, positive = detection.task.kind, detection.task.positive
    if detection.soft is not None or kind not in {Kind.BINARY, Kind.MULTILABEL}:
        return None
    if kind is Kind.BINARY:
        total = sum(one.count for one in detection.counts)
        return {
            one.name: (total - one.count) / one.count for one in detection.counts if one.name == positive and one.count
        } or None
    return {one.name: (_known(detection, one) - one.count) / one.count for one in detection.counts if one.count} or None


def _known(detection: Detection, one: ClassCount) -> int:
    """Return the rows that say whether a label holds."""
    return detection.rows - detection.missing_rows if one.known is None else one.known


def bias_init(detection: Detection) -> tuple[float, ...] | None:
    """Return the output bias that makes an untrained model predict the label shares.

    Binary: the logit of the positive class's share. Several classes: the log of the shares. Labels: the logit
    of each share. Several outputs: the logs of the shares, one output after the other. A class without a row
    counts as half a row, so that every bias is finite.
    """
    if detection.outputs:
        return tuple(bias for one in detection.outputs for bias in _logs(one))
    kind, soft = detection.task.kind, detection.soft
    if soft is not None and kind is not Kind.MULTILABEL:
        return tuple(log(max(share, 1e-9)) for share in soft.shares)
    if soft is not None:
        return tuple(_logit(share, 1 - share) for share in soft.shares)
    if not detection.counts:
        return None
    if kind is Kind.MULTILABEL:
        return tuple(_logit(one.count, _known(detection, one) - one.count, 0.5) for one in detection.counts)
    if kind is Kind.BINARY and detection.task.positive is not None:
        at = detection.task.classes.index(detection.task.positive)
        return (_logit(detection.counts[at].count, detection.counts[1 - at].count, 0.5),)
    return _logs(detection)


def _logs(detection: Detection) -> tuple[float, ...]:
    counts = [max(one.count, 0.5) for one in detection.counts]
    total = sum(counts)
    return tuple(log(count / total) for count in counts)


def _logit(positive: float, negative: float, least: float = 1e-9) -> float:
    return log(max(positive, least) / max(negative, least))
