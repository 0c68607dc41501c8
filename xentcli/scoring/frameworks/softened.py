"""The calls of frameworks that have label smoothing or focal losses, where one of these was asked for.

Floor 5. All other calls stay plain, and say so by differing.
"""

from collections.abc import Iterator
from fractions import Fraction

from xentcli.record import Record
from xentcli.scoring.frameworks import reasons
from xentcli.scoring.frameworks.entry import Entry
from xentcli.scoring.frameworks.means import Means, Over
from xentcli.tally.frameworks.sums import Difference
from xentcli.terms import Scale

_VERSIONS = (("tf_keras", "2.16 - 2.21", "eager"), ("keras", "3", "keras"))


def binary_entries(
    means: Means, accuracy_call: str, accuracy: float | None, because: str, *, logits: bool
) -> Iterator[Entry]:
    """Yield the binary calls; the accuracy is that of the same framework's other calls."""
    given = "from_logits=True, " if logits else ""
    smoothing, gamma = means.sums.smoothing, means.sums.gamma
    over = Over.ROWS
    for framework, version, kind in _VERSIONS:
        why = reasons.denominator(means, over)
        if smoothing:
            call = f"BinaryCrossentropy({given}label_smoothing={smoothing:g})"
            loss = means.sum_of((Difference(f"smoothed_{kind}"),), over)
            yield Entry(framework, version, call, loss, why or "clips at 1e-7", accuracy_call, accuracy, because)
        if gamma:
            call = f"BinaryFocalCrossentropy({given}gamma={gamma:g})"
            loss = means.sum_of((Difference(f"focal_{kind}"),), over)
            yield Entry(framework, version, call, loss, why or "clips at 1e-7", accuracy_call, accuracy, because)
    if gamma:
        call = f"sigmoid_focal_loss({'logits' if logits else 'logit(p)'}, y, gamma={gamma:g}).mean()"
        undefined = reasons.undefined(means, (Difference.FOCAL,), "row" if means.repeats == 1 else "label")
        why = reasons.joined(undefined, reasons.denominator(means, Over.UNWEIGHTED))
        yield Entry("optax", "0.2", call, means.sum_of((Difference.FOCAL,), Over.UNWEIGHTED), why, None, None, "")


class Categorical(Record):
    """A multi-class table, with the accuracy that Keras gives it."""

    means: Means
    scale: Scale
    accuracy_call: str
    accuracy: float | None
    because: str


def categorical_entries(table: Categorical) -> Iterator[Entry]:
    """Yield the categorical calls."""
    means, over = table.means, Over.ROWS
    smoothing, gamma = means.sums.smoothing, means.sums.gamma
    probabilities = table.scale is Scale.PROBABILITIES
    given = "" if probabilities else "from_logits=True, "
    for framework, version, _ in _VERSIONS:
        why = reasons.denominator(means, over)
        if smoothing:
            rule = Difference.SMOOTHED_KERAS if probabilities else Difference.SMOOTHED
            call = f"CategoricalCrossentropy({given}label_smoothing={smoothing:g})"
            loss = means.sum_of((rule,), over)
            yield Entry(
                framework, version, call, loss, why or "clips at 1e-7", table.accuracy_call, table.accuracy,
                table.because,
            )  # fmt: skip
        if gamma:
            call = f"CategoricalFocalCrossentropy({given}alpha=0.25, gamma={gamma:g})"
            loss = means.sum_of((Difference.FOCAL_KERAS,), over)
            why = reasons.joined("multiplies by alpha = 0.25", why)
            yield Entry(framework, version, call, loss, why, table.accuracy_call, table.accuracy, table.because)
    if smoothing:
        yield from _log_softmax(means, smoothing, table.scale)


def _log_softmax(means: Means, smoothing: float, scale: Scale) -> Iterator[Entry]:
    score = {Scale.PROBABILITIES: "log(p)", Scale.LOG_PROBABILITIES: "log_p"}.get(scale, "logits")
    weight = "" if means.class_weights is None else "weight=class_weights, "
    call = f"CrossEntropyLoss({weight}label_smoothing={smoothing:g})({score}, y)"
    why = reasons.joined(
        reasons.undefined(means, (Difference.SMOOTHED,)), reasons.denominator(means, Over.CLASS_WEIGHTS)
    )
    yield Entry("torch", "2", call, _torch(means, smoothing), why, None, None, "")
    call = f"softmax_cross_entropy({score}, smooth_labels(onehot, {smoothing:g})).mean()"
    why = reasons.joined(reasons.undefined(means, (Difference.SMOOTHED,)), reasons.denominator(means, Over.UNWEIGHTED))
    loss = means.sum_of((Difference.SMOOTHED,), Over.UNWEIGHTED)
    yield Entry("optax", "0.2", call, loss, why, None, None, "")


def _torch(means: Means, smoothing: float) -> float | None:
    """((1 - s) sum cw[y] nll + s / C sum_c cw_c (-log p_c)) / sum cw[y]: torch's own weights for the other classes."""
    if means.class_weights is None:
        return means.sum_of((Difference.SMOOTHED,), Over.UNWEIGHTED)
    over = Over.CLASS_WEIGHTS
    below = means.denominator(over)
    plain, held = means.loss_of((Difference.NORMALISED,), over), means.sums.sums.get(Difference.BY_CLASS)
    if plain is None or held is None or below == 0 or means.sums.undefined[Difference.BY_CLASS]:
        return None
    others = zip(means.class_weights, held.fractions(), strict=True)
    spread = sum((weight * one for weight, one in others), Fraction(0)) / len(means.rows)
    return (1.0 - smoothing) * plain + float(Fraction(smoothing) * spread / below)
