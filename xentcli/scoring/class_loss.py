"""The headline loss of a binary or multi-class table, its floor and its prior, as views of its Tally.

Floor 5. With class weights the mean is that of per-class sums; nothing is passed over again.
"""

from collections.abc import Sequence
from fractions import Fraction

from xentcli.record import Record
from xentcli.scoring import losses
from xentcli.scoring.class_weights import Options, resolved
from xentcli.scoring.model import Loss, ScoredTask
from xentcli.tally.exact import ExactSums
from xentcli.tally.soft import SoftSums
from xentcli.tally.tally import Tally
from xentcli.terms import Kind


def target_entropy(sums: SoftSums, total: float, weights: Sequence[Fraction] | None = None) -> float:
    """Return the mean entropy of the targets, the loss that no model goes below.

    Args:
        sums: of at least one row.
        total: the weight of all rows.
        weights: what the rows of each most probable class count; None where all count 1.
    """
    if weights is None:
        return float(sums.entropy.total()) / total
    held = zip(weights, sums.entropy.fractions(), strict=True)
    return float(sum((weight * one for weight, one in held), Fraction(0))) / total


def class_prior(sums: SoftSums, total: float, focal_gamma: float = 0.0) -> float:
    """Return the loss of predicting the mean target for every row.

    The loss is linear in the target, so the mean target tells all: without a focal factor it is its entropy.
    """
    return losses.prior_loss([float(one) / total for one in sums.mass.fractions()], 0.0, focal_gamma)


def label_prior(sums: SoftSums, total: float, focal_gamma: float = 0.0) -> float:
    """Return the mean over labels of the loss of predicting each label's mean share."""
    shares = [min(float(one) / total, 1.0) for one in sums.mass.fractions()]
    return sum(losses.prior_loss([share, 1.0 - share], 0.0, focal_gamma) for share in shares) / len(shares)


_REDUCTIONS = {
    (False, False): "mean over rows",
    (True, False): "weighted mean over rows",
    (False, True): "class-weighted mean over rows",
    (True, True): "mean over rows, weighted by row and by class",
}
"""By whether rows, and whether classes have weights."""

Weights = list[Fraction] | None
"""What each class counts, in class order; None where all count 1."""


class _ClassTotals(Record):
    """Totals over the rows, with weights w (of the row times of its class), losses l: of w, w l, w^2 ..."""

    weight: Fraction
    loss: Fraction
    square: Fraction
    square_loss: Fraction
    square_loss_square: Fraction


def _total(sums: ExactSums, weights: Weights, power: int) -> Fraction:
    if weights is None:
        return sums.total()
    return _dot(sums.fractions(), weights, power)


def _dot(values: Sequence[Fraction | int], weights: list[Fraction], power: int) -> Fraction:
    return sum((weight**power * one for one, weight in zip(values, weights, strict=True)), Fraction(0))


def _totals(tally: Tally, support: list[int], weights: Weights) -> _ClassTotals:
    held = tally.weighted
    if held is None:
        once, twice = (Fraction(sum(support)) if weights is None else _dot(support, weights, power) for power in (1, 2))
        loss, square = tally.loss, tally.loss_square
        return _ClassTotals(once, _total(loss, weights, 1), twice, _total(loss, weights, 2), _total(square, weights, 2))
    return _ClassTotals(
        _total(held.weight, weights, 1),
        _total(held.loss, weights, 1),
        _total(held.square, weights, 2),
        _total(held.square_loss, weights, 2),
        _total(held.square_loss_square, weights, 2),
    )


def loss(task: ScoredTask, tally: Tally, support: list[int], weight: list[int], options: Options) -> Loss:
    """Return the loss.

    Args:
        task: how the file was read.
        tally: of at least one scored row.
        support: rows by class.
        weight: the same as weights, in whole numbers of any unit.
        options: may ask for class weights.

    Raises:
        UsageError: class weights name what is no class.
    """
    plan, classes = tally.plan, task.classes
    weights = None if options.class_weights is None else resolved(options.class_weights, classes, support)
    totals = _totals(tally, support, weights)
    moments = _moments(tally, totals, plain=weights is None and tally.weighted is None)
    reshaped = bool(plan.objective.label_smoothing or plan.objective.focal_gamma)
    focal = "focal_" if plan.objective.focal_gamma else ""
    around = losses.Around(
        name=f"binary_{focal}cross_entropy" if plan.kind is Kind.BINARY else f"categorical_{focal}cross_entropy",
        reduction=_REDUCTIONS[tally.weighted is not None, weights is not None],
        scale=plan.scale,
        clipped=tally.clipping.clipped,
        renormalised=tally.renormalised,
        clamped=tally.clamped,
        unclipped=None if reshaped else losses.unclipped_mean(moments.mean, tally.clipping, weights, totals.weight),
        prior=_prior(tally, weight, weights, totals),
        label_smoothing=plan.objective.label_smoothing,
        focal_gamma=plan.objective.focal_gamma,
        class_weights=None if weights is None else dict(zip(classes, map(float, weights), strict=True)),
        target_entropy=_target_entropy(tally, float(totals.weight), weights),
    )
    return losses.headline(moments, around, options.confidence_level)


def _moments(tally: Tally, totals: _ClassTotals, *, plain: bool) -> losses.Moments:
    rows = tally.facts.scored
    if plain:
        return losses.unweighted(rows, totals.loss, totals.square_loss_square)
    squares = (totals.square, totals.square_loss, totals.square_loss_square)
    return losses.weighted(totals.weight, totals.loss, squares, rows)


def _prior(tally: Tally, weight: list[int], weights: Weights, totals: _ClassTotals) -> float | None:
    """Return the loss of predicting the (class-weighted) shares, or the mean target, for every row.

    The mean target of rows that count by their most probable class would take sums of classes by classes: None.
    """
    plan = tally.plan
    if tally.soft is not None:
        return class_prior(tally.soft, float(totals.weight), plan.objective.focal_gamma) if weights is None else None
    if weights is None:
        whole = sum(weight)
        return losses.prior_loss(
            [one / whole for one in weight], plan.objective.label_smoothing, plan.objective.focal_gamma
        )
    held = [one * times for one, times in zip(weight, weights, strict=True)]
    total = sum(held, Fraction(0))
    return losses.prior_loss(
        [float(one / total) for one in held], plan.objective.label_smoothing, plan.objective.focal_gamma
    )


def _target_entropy(tally: Tally, total: float, weights: Weights) -> float | None:
    """Return the floor of the loss; None where a focal factor makes that another one than the entropy."""
    smoothing, size = tally.plan.objective.label_smoothing, len(tally.plan.classes)
    if tally.soft is None and not smoothing:
        return 0.0
    if tally.plan.objective.focal_gamma:
        return None
    if tally.soft is not None:
        return target_entropy(tally.soft, total, weights)
    return losses.smoothing_entropy(smoothing, size)
