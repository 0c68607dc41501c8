"""The headline loss as a view of exact sums: mean, standard error, against the prior.

Floor 5. Pure functions; the fractions are exact, each result is rounded once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import exp, inf, log, sqrt

from xentcli.scoring.intervals import normal
from xentcli.scoring.model import Loss
from xentcli.tally.clipping import Clipping
from xentcli.tally.losses import EPS
from xentcli.task.model import Scale

_RESOLUTION = Fraction(1, 2**50)
"""The products of a row's weight and loss are float64: eight roundings at most."""


@dataclass(frozen=True, slots=True)
class Moments:
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


def entropy(shares: Sequence[float]) -> float:
    """Return -sum p log p in nats, with 0 log 0 = 0; the loss of predicting these shares for every row."""
    return abs(sum(-share * log(share) for share in shares if share > 0.0))


def unclipped_mean(total: Fraction, clipping: Clipping, rows: Fraction | int) -> float | None:
    """Return the mean loss over rows (their weight) without the clip, None where it is infinite."""
    if clipping.infinite:
        return None
    return float((total - clipping.with_clip.total() + clipping.without_clip.total()) / rows)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands beside the value of a loss: see `scoring.model.Loss`."""

    name: str
    reduction: str
    scale: Scale
    clipped: int
    renormalised: int
    unclipped: float | None
    prior: float | None
    sum_over_labels: float | None = None


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
        target_entropy=0.0,
        kl_divergence=value,
        sum_over_labels=around.sum_over_labels,
    )


def _perplexity(value: float) -> float | None:
    """Return exp(value), None beyond what a float holds."""
    try:
        found = exp(value)
    except OverflowError:
        return None
    return None if found == inf else found
