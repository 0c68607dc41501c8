"""The headline loss as a view of exact sums: mean, standard error, against the prior.

Floor 5. Pure functions; the fractions are exact, each result is rounded once.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import exp, inf, log, sqrt

from xentcli.record import Record
from xentcli.scoring.intervals import normal
from xentcli.scoring.model import Loss
from xentcli.tally.clipping import Clipping
from xentcli.tally.losses import EPS
from xentcli.terms import Scale

_RESOLUTION = Fraction(1, 2**50)
"""The products of a row's weight and loss are float64: eight roundings at most."""


class Moments(Record):
    """The mean of something over rows, exactly, and its standard error."""

    mean: Fraction
    standard_error: float | None


def unweighted(rows: int, total: Fraction, square: Fraction) -> Moments:
    """Return the moments of `rows` values with that sum and sum of squares.

    The standard error is sqrt(sum (l - mean)^2 / (n - 1) / n), None for a single row.
    """
    mean = total / rows
    if rows < 2:
        return Moments(mean, None)
    spread = _resolved(square - total * mean, square)
    return Moments(mean, sqrt(spread / (rows - 1) / rows))


def weighted(weight: Fraction, total: Fraction, squares: tuple[Fraction, Fraction, Fraction], rows: int) -> Moments:
    """Return the moments of weighted values: sum(w l) / sum(w), sqrt(sum(w^2 (l - mean)^2)) / sum(w).

    Args:
        weight: sum of w.
        total: sum of w l.
        squares: sums of w^2, w^2 l and w^2 l^2.
        rows: number of rows.
    """
    mean = total / weight
    if rows < 2:
        return Moments(mean, None)
    spread = squares[2] - 2 * mean * squares[1] + mean * mean * squares[0]
    return Moments(mean, sqrt(_resolved(spread, squares[2])) / float(weight))


def _resolved(spread: Fraction, square: Fraction) -> Fraction:
    """Return a sum of squared differences, 0 where it is no more than the rounding of each square adds up to."""
    return spread if spread > _RESOLUTION * square else Fraction(0)


def prior_loss(shares: Sequence[float], label_smoothing: float = 0.0, focal_gamma: float = 0.0) -> float:
    """Return the loss of predicting the (smoothed) label shares for every row, in nats."""
    size = len(shares)
    smoothed = [(1.0 - label_smoothing) * share + label_smoothing / size for share in shares]
    costs = [-share * float((1.0 - share) ** focal_gamma) * log(share) for share in smoothed if share > 0.0]
    return abs(sum(costs))


def smoothing_entropy(label_smoothing: float, size: int) -> float:
    """Return the entropy of a one-hot target of that many classes after smoothing: the floor of the loss, in nats."""
    rest = label_smoothing / size
    return entropy([1.0 - label_smoothing + rest, *[rest] * (size - 1)])


def entropy(shares: Sequence[float]) -> float:
    """Return -sum p log p in nats, with 0 log 0 = 0; the loss of predicting these shares for every row."""
    return abs(sum(-share * log(share) for share in shares if share > 0.0))


def unclipped_mean(
    mean: Fraction, clipping: Clipping, weights: Sequence[Fraction] | None, total: Fraction
) -> float | None:
    """Return the mean loss without the clip, None where it is infinite.

    Args:
        mean: with the clip.
        clipping: what the clip did, by class.
        weights: what each class counts; None where all count 1.
        total: the weight of all rows.
    """
    if weights is None:
        return None if clipping.infinite.any() else float(mean + clipping.raised_by.total() / total)
    infinite = clipping.infinite.tolist()
    if any(rows and weight for rows, weight in zip(infinite, weights, strict=True)):
        return None
    raised = sum(w * one for w, one in zip(weights, clipping.raised_by.fractions(), strict=True))
    return float(mean + raised / total)


class Around(Record):
    """What stands beside the value of a loss: see `scoring.model.Loss`."""

    name: str
    reduction: str
    scale: Scale
    clipped: int
    renormalised: int
    unclipped: float | None
    prior: float | None
    sum_over_labels: float | None = None
    label_smoothing: float = 0.0
    focal_gamma: float = 0.0
    class_weights: dict[str, float] | None = None
    target_entropy: float | None = 0.0
    clamped: int = 0


def headline(moments: Moments, around: Around, confidence_level: float) -> Loss:
    """Return the finished loss."""
    value = float(moments.mean)
    clips = around.scale is Scale.PROBABILITIES
    return Loss(
        name=around.name,
        value=value,
        standard_error=moments.standard_error,
        interval=normal(value, moments.standard_error, confidence_level),
        reduction=around.reduction,
        eps=EPS if clips else None,
        clipped=around.clipped,
        renormalised=around.renormalised,
        unclipped=around.unclipped if clips else value,
        bits=value / log(2.0),
        perplexity=_perplexity(value),
        prior_loss=around.prior,
        skill=1.0 - value / around.prior if around.prior else None,
        target_entropy=around.target_entropy,
        kl_divergence=None if around.target_entropy is None else value - around.target_entropy,
        sum_over_labels=around.sum_over_labels,
        label_smoothing=around.label_smoothing,
        focal_gamma=around.focal_gamma,
        class_weights=around.class_weights,
        clamped=around.clamped,
    )


def _perplexity(value: float) -> float | None:
    """Return exp(value), None beyond what a float holds."""
    try:
        found = exp(value)
    except OverflowError:
        return None
    return None if found == inf else found
