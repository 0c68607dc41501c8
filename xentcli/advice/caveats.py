"""Caveats: what to avoid with these very labels, and the class weights and output biases that their shares call for.

Floor 4. Pure functions of a Detection. A hint is given only where a number of the file asks for it: on plain
balanced labels there is none.
"""

from collections.abc import Iterator
from math import log

from xentcli.advice.model import Avoid, Hint
from xentcli.phrases import counted, verb
from xentcli.task.model import ClassCount, Detection
from xentcli.terms import Encoding, Kind


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


SMOOTHING = 0.1
"""The label smoothing that people use."""

_IMBALANCED = 10.0
_MANY_CLASSES = 10
_HUGE = 1000
_MANY_LABELS = 200
_RARE = 0.01
_ROWS_A_CLASS = 10


def avoid(detection: Detection) -> tuple[Avoid, ...]:
    """Return what looks right for these labels and is not."""
    return tuple(_avoid(detection))


def _avoid(detection: Detection) -> Iterator[Avoid]:
    kind, encoding, width = detection.task.kind, detection.task.encoding, len(detection.task.classes)
    if detection.soft is not None:
        yield from _avoid_soft(detection)
    elif kind is Kind.BINARY:
        yield Avoid("softmax over one unit", "it is always 1, so nothing is learned")
        if encoding in {Encoding.PLUS_MINUS_ONE, Encoding.ONE_BASED_INDICES, Encoding.CLASS_CODES}:
            shown = "/".join(detection.task.classes)
            because = "the formula needs 0 and 1; with others the loss can turn negative"
            yield Avoid(f"labels {shown} as they stand", because)
    elif kind is Kind.MULTICLASS:
        yield Avoid(
            "binary accuracy on one-hot rows",
            f"it counts every element, so all zeros already earn 1 - 1/{width} = {1 - 1 / width:.4g};"
            " Keras up to 2.3 showed it for 'accuracy' with binary cross-entropy",
        )
        yield Avoid(
            "sigmoid units with binary cross-entropy",
            f"the classes exclude each other; {width} separate trials do not know that, and need not sum to 1",
        )
        yield Avoid(
            "softmax before torch's CrossEntropyLoss",
            "it applies log-softmax itself; twice flattens the probabilities and slows learning",
        )
    elif kind is Kind.MULTILABEL:
        yield from _avoid_labels(detection)
    else:
        yield Avoid("one softmax over all classes of all outputs", "each question has its own answer")


def _avoid_soft(detection: Detection) -> Iterator[Avoid]:
    floor = "" if detection.soft is None else f", {detection.soft.entropy:.4g} here"
    if detection.task.kind is not Kind.MULTILABEL:
        yield Avoid("rounding the targets to one class", "what the annotators disagree on is information")
    else:
        yield Avoid("softmax over the labels", "the shares of a row need not sum to 1")
    yield Avoid("expecting a loss of 0", f"the floor is the entropy of the targets themselves{floor}")


def _avoid_labels(detection: Detection) -> Iterator[Avoid]:
    yield Avoid(
        "softmax over the labels", "their probabilities would have to sum to 1, but any number of labels may hold"
    )
    yield Avoid(
        "argmax accuracy", "it looks at one label a row; Keras since 2.2 picks it for 'accuracy' on several outputs"
    )
    rows = detection.rows - detection.missing_rows
    cells = rows * len(detection.counts)
    share = 1 - sum(one.count for one in detection.counts) / cells if cells else 0.0
    yield Avoid("accuracy over all elements", f"predicting no label at all already earns {share:.4g}")
    if detection.seen.open_count:
        yield Avoid(
            "filling unknown cells with 0", "unknown is not negative: mask them in the loss, as the snippets do"
        )


def hints(detection: Detection) -> tuple[Hint, ...]:
    """Return what the numbers of these labels call for."""
    return tuple(_hints(detection))


def _hints(detection: Detection) -> Iterator[Hint]:
    kind, width = detection.task.kind, len(detection.task.classes)
    hard = detection.soft is None and kind in {Kind.BINARY, Kind.MULTICLASS}
    if hard:
        yield from _of_balance(detection)
    if hard and width >= _MANY_CLASSES:
        floor = smoothed_floor(width, SMOOTHING)
        yield Hint(
            "label smoothing, if labels are noisy",
            f"with {SMOOTHING} over {width:,} classes the training loss cannot fall below {floor:.4g}:"
            " compare losses without it",
        )
    if hard and width >= _HUGE:
        yield Hint("sampled softmax in training, top-5 beside top-1", f"a full softmax over {width:,} classes is slow")
    if detection.soft is not None:
        yield Hint(
            "the loss minus its floor",
            f"the targets' own entropy is {detection.soft.entropy:.4g}: what is above it is KL divergence, the model's",
        )
    if detection.ordinal is not None:
        yield Hint(
            "an ordinal loss (cumulative link, CORAL), or soft targets that leak to the neighbours",
            f"{detection.ordinal}: report the mean absolute error of the ranks or quadratic kappa beside the loss",
        )
    if kind is Kind.MULTILABEL:
        yield from _of_labels(detection)
    if kind is Kind.MULTIOUTPUT:
        names = ", ".join(f"{one.columns[0]} ({len(one.task.classes)})" for one in detection.outputs[:6])
        yield Hint("one softmax per column, losses summed", f"the columns ask different questions: {names}")
    rows = detection.rows - detection.missing_rows
    if hard and width > 2 and rows < _ROWS_A_CLASS * width:
        yield Hint(
            "cross-validation instead of one split",
            f"{counted(rows, 'row')} for {counted(width, 'class')} {verb(rows, 'are')} few",
        )


def _of_balance(detection: Detection) -> Iterator[Hint]:
    counts = sorted(one.count for one in detection.counts if one.count)
    if len(counts) < 2 or counts[-1] < _IMBALANCED * counts[0]:
        return
    yield Hint(
        "class weights or focal loss, if rare classes matter",
        f"the largest class has {counts[-1] / counts[0]:,.3g} times the rows of the smallest; both raise the recall of"
        " rare classes and bend the probabilities, so judge by the plain log loss",
    )


def _of_labels(detection: Detection) -> Iterator[Hint]:
    rows = max(1, detection.rows - detection.missing_rows)
    shares = sorted(one.count / rows for one in detection.counts)
    if len(shares) > _MANY_LABELS and shares[len(shares) // 2] < _RARE and detection.soft is None:
        yield Hint(
            "negative sampling, precision at k and micro-F1",
            f"half of the {len(shares):,} labels hold in fewer than {_RARE:.0%} of the rows: nearly all of the loss"
            " would come from zeros",
        )


def smoothed_floor(classes: int, smoothing: float) -> float:
    """Return the entropy of a one-hot target smoothed towards the uniform one, in nats: the floor of its loss.

    Source: Szegedy et al. (2016), Rethinking the Inception Architecture, section 7.
    """
    other = smoothing / classes
    true = 1 - smoothing + other
    return -(true * log(true) + (classes - 1) * other * log(other))
