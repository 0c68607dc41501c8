"""Scored labels: what each good row of a block adds to a Tally of any number of labels a row.

Floor 4. Pure functions of a block. Every label is a Bernoulli trial of its own.
"""

import numpy as np

from xentcli.arrays import AnyFloats, Floats, Mask
from xentcli.record import Record
from xentcli.tally import kernels, losses
from xentcli.tally.blocks import Block
from xentcli.tally.plan import Plan
from xentcli.terms import Scale


class ScoredLabels(Record):
    """What the rows of a block add.

    Attributes:
        hot: shape (labels, n), whether a row has the label.
        above: shape (labels, n), whether it is predicted to.
        plain: shape (labels, n), the plain cross-entropy of each label.
        loss: shape (labels, n), its loss, smoothed and focused as the plan has it.
        targets: shape (labels, n), the shares of soft labels, smoothed; None for 0/1 labels.
        probability: shape (labels, n), what was given to what happened, before the clip (with shares: to the label);
            None for logits and log-probabilities.
        row_loss: shape (n,), its mean over the labels.
        subset: shape (n,), whether all labels are right.
        jaccard: shape (n,), |held and predicted| / |held or predicted|; 0 where both are empty, as scikit-learn has it.
        on_threshold: shape (labels, n), scores that stand on the threshold; None where none does.
        raised: rows that were given their best label, having none above the threshold.
        weights: shape (n,); None without weights.
    """

    hot: Mask
    above: Mask
    plain: Floats
    loss: Floats
    targets: Floats | None
    probability: Floats | None
    row_loss: Floats
    subset: Mask
    jaccard: Floats
    on_threshold: Mask | None
    raised: int
    weights: Floats | None


def score_labels(plan: Plan, block: Block, hot: Mask) -> ScoredLabels:
    """Return what the rows of a block add; all of them have labels and usable scores."""
    scores = block.scores if block.class_major else block.scores.T
    above, on_threshold, raised = _decide(plan, scores, block.threshold)
    targets, wide = _targets(plan, block), scores.astype(np.float64, copy=False)
    if targets is None:
        plain, loss, probability = _losses(plan, wide, hot)
    else:
        plain = loss = _soft_losses(plan, wide, targets)
        probability = wide if plan.scale is Scale.PROBABILITIES else None
    row_loss = np.zeros(loss.shape[1])
    for label in loss:
        row_loss += label
    row_loss /= len(loss)
    both = np.count_nonzero(hot & above, axis=0)
    either = np.count_nonzero(hot | above, axis=0)
    return ScoredLabels(
        hot=hot,
        above=above,
        plain=plain,
        loss=loss,
        targets=targets,
        probability=probability,
        row_loss=row_loss,
        subset=both == either,
        jaccard=both / np.maximum(either, 1),
        on_threshold=on_threshold,
        raised=raised,
        weights=block.weights,
    )


def _decide(plan: Plan, scores: AnyFloats, threshold: float) -> tuple[Mask, Mask | None, int]:
    """Return the decisions, the scores on the threshold, and how many rows were given their best label."""
    if plan.scale is Scale.LOGITS:
        threshold = kernels.logit(plan.objective.threshold)
    elif plan.scale is Scale.LOG_PROBABILITIES:
        threshold = float(np.log(plan.objective.threshold)) if plan.objective.threshold > 0 else -np.inf
    above: Mask = scores > threshold
    on: Mask = scores == threshold
    on_threshold = on if on.any() else None
    if not plan.objective.at_least_one:
        return above, on_threshold, 0
    empty = np.flatnonzero(~above.any(axis=0))
    above[scores[:, empty].argmax(axis=0), empty] = True
    return above, on_threshold, len(empty)


def _targets(plan: Plan, block: Block) -> Floats | None:
    """Return the shares of soft labels, each y (1 - s) + s / 2 after smoothing."""
    if block.targets is None or not plan.objective.label_smoothing:
        return block.targets
    return np.asarray(block.targets * (1.0 - plan.objective.label_smoothing) + plan.objective.label_smoothing / 2.0)


def _soft_losses(plan: Plan, scores: Floats, targets: Floats) -> Floats:
    """Return q l1 + (1 - q) l0 of every element, with 0 times infinity 0."""
    everywhere = np.ones(scores.shape, dtype=np.bool_)
    of_one = losses.focal(_of(plan.scale, scores, everywhere), plan.objective.focal_gamma)
    of_none = losses.focal(_of(plan.scale, scores, ~everywhere), plan.objective.focal_gamma)
    held = np.where(targets > 0.0, targets * of_one, 0.0)
    return np.where(targets < 1.0, held + (1.0 - targets) * of_none, held)


def _losses(plan: Plan, scores: Floats, hot: Mask) -> tuple[Floats, Floats, Floats | None]:
    """Return the cross-entropy and the loss of every element, and the probability given to what happened unclipped."""
    probability = np.where(hot, scores, 1.0 - scores) if plan.scale is Scale.PROBABILITIES else None
    if probability is None:
        plain = _from_scores(plan.scale, scores, hot)
    else:
        plain = losses.cross_entropy_from_true_probability(probability)
    loss = losses.focal(plain, plan.objective.focal_gamma)
    if plan.objective.label_smoothing:
        against = _of(plan.scale, scores, ~hot)
        share = plan.objective.label_smoothing / 2.0
        loss = (1.0 - share) * loss + share * losses.focal(against, plan.objective.focal_gamma)
    return plain, loss, probability


def _from_scores(scale: Scale, scores: Floats, hot: Mask) -> Floats:
    """Return the cross-entropy of logits or log-probabilities."""
    if scale is Scale.LOGITS:
        return losses.sigmoid_binary_cross_entropy(scores, hot)
    with np.errstate(divide="ignore"):
        other = np.log(-np.expm1(np.minimum(scores, -losses.EPS)))
    return np.negative(np.where(hot, scores, other))


def _of(scale: Scale, scores: Floats, hot: Mask) -> Floats:
    """Return the cross-entropy of every element as if the labels were `hot`."""
    if scale is not Scale.PROBABILITIES:
        return _from_scores(scale, scores, hot)
    return losses.cross_entropy_from_true_probability(np.where(hot, scores, 1.0 - scores))
