"""Scored rows: what each good row of a block adds to a Tally, with one label a row or any number of them.

Floor 4. Pure functions of a block; the parts of the Tally take from the record what they count.

Scored labels: what each good row of a block adds to a Tally of any number of labels a row. Pure functions of a
block. Every label is a Bernoulli trial of its own.
"""

import numpy as np

from xentcli.arrays import AnyFloats, Floats, Indices, Mask, Unsigned
from xentcli.options.table import USUAL_OBJECTIVE
from xentcli.record import Record
from xentcli.tally import kernels, losses, objective
from xentcli.tally.blocks import Block
from xentcli.tally.kernels import Extremes, Leaders, Losses
from xentcli.tally.plan import Plan
from xentcli.tally.quality import probabilities, square_sums
from xentcli.tally.soft import class_major, soft_brier
from xentcli.task.roles import ScoreForm
from xentcli.terms import Kind, Scale


class ScoredRows(Record):
    """What each row of a block adds; all of shape (n,).

    Attributes:
        labels: the true classes.
        predicted: the decisions.
        tied: whether another decision was as good; None where none was.
        leaders: the classes with the largest scores.
        plain: the plain cross-entropy, of soft targets against the most probable class.
        losses: the losses that the plan asks for, and how they came about.
        rank: how many classes score higher than the true one; 0 for binary tasks.
        confidence: the probability that is put to the test: the top class's; of a binary task the positive class's.
        came_true: whether that class is the true one.
        brier: (p - y)^2 of a binary task, summed over the classes of others (Brier 1950); y is a target probability
            where there are such.
        weights: of the rows; None without weights.
    """

    labels: Indices
    predicted: Indices
    tied: Mask | None
    leaders: Leaders
    plain: Losses
    losses: Losses
    rank: Unsigned
    confidence: Floats
    came_true: Mask
    brier: Floats
    weights: Floats | None

    @property
    def loss(self) -> Floats:
        """The headline loss of each row."""
        return self.losses.loss


def score_rows(plan: Plan, block: Block, labels: Indices, seen: Extremes) -> ScoredRows:
    """Return what the rows of a block add; all of them have a label and usable scores."""
    scores, major = block.scores, block.class_major
    led = kernels.leaders(scores, seen.top) if major else kernels.leaders_row_major(scores, seen.top)
    true = kernels.true_scores(scores, labels, class_major=major)
    plain = _plain_losses(plan, block, true, seen, led)
    losses = _losses(plan, block, plain)
    predicted, tied = decide(plan, block, led, losses)
    if plan.kind is Kind.BINARY and plan.positive is not None:
        rank: Unsigned = np.zeros(len(labels), dtype=np.uint8)
        confidence = probabilities(scores[plan.positive], plan.scale, losses.normalizer)
        came_true: Mask = labels == plan.positive
        share = came_true if block.targets is None else block.targets[plan.positive]
        brier = np.square(confidence - share)
    else:
        rank = kernels.ranks(scores, labels, true, led.arg, class_major=major)
        confidence = probabilities(seen.top, plan.scale, losses.normalizer)
        came_true = led.arg == labels
        brier = _brier(plan, block, true, losses)
    return ScoredRows(labels, predicted, tied, led, plain, losses, rank, confidence, came_true, brier, block.weights)


def _brier(plan: Plan, block: Block, true: AnyFloats, losses: Losses) -> Floats:
    """Return the sum over the classes of (p - y)^2, or (p - q)^2 with target probabilities q."""
    if block.targets is not None:
        return soft_brier(plan, class_major(block), block.targets, losses)
    chance = probabilities(true, plan.scale, losses.normalizer)
    squares = square_sums(block.scores, plan.scale, losses.normalizer, class_major=block.class_major)
    return np.maximum(squares - 2.0 * chance + 1.0, 0.0)


def _plain_losses(plan: Plan, block: Block, true: AnyFloats, seen: Extremes, led: Leaders) -> Losses:
    scores, major = block.scores, block.class_major
    if plan.scale is Scale.PROBABILITIES:
        return kernels.from_probabilities(
            scores, true, seen.total, class_major=major, normalize=plan.objective.normalize
        )
    if plan.scale is Scale.LOG_PROBABILITIES:
        return kernels.from_log_probabilities(scores, true, seen.top, led.arg, class_major=major)
    return kernels.from_logits(scores, true, seen.top, led.arg, class_major=major)


def _losses(plan: Plan, block: Block, plain: Losses) -> Losses:
    if block.targets is not None:
        targets = objective.smoothed(block.targets, plan.objective.label_smoothing)
        return objective.against_targets(plan, class_major(block), targets, plain)
    if not plan.objective.label_smoothing and not plan.objective.focal_gamma:
        return plain
    return objective.reshaped(plan, class_major(block), plain)


def decide(plan: Plan, block: Block, led: Leaders, losses: Losses) -> tuple[Indices, Mask | None]:
    """Return the predicted class of each row, shape (n,), and whether another one was as good; None where none was.

    Several classes: arg-max, the lowest index on ties. Binary: the positive class where its probability
    is strictly above the threshold; two columns at the usual 0.5 are an arg-max, but that a tie is not above.
    """
    if plan.kind is not Kind.BINARY or plan.positive is None:
        return led.arg.astype(np.intp), led.tied
    if plan.form in {ScoreForm.COLUMNS, ScoreForm.LIST} and plan.objective.threshold == USUAL_OBJECTIVE.threshold:
        decided = led.arg.astype(np.intp)
        return decided if led.tied is None else np.where(led.tied, 1 - plan.positive, decided), led.tied
    positive, negative = block.scores[plan.positive], block.scores[1 - plan.positive]
    if plan.scale is Scale.PROBABILITIES:
        chance = positive if losses.normalizer is None else positive / losses.normalizer
        above, on = chance > block.threshold, chance == block.threshold
    else:
        limit = kernels.logit(plan.objective.threshold)
        margin = positive.astype(np.float64) - negative
        above, on = margin > limit, margin == limit
    return np.where(above, plan.positive, 1 - plan.positive), on if on.any() else None


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
        plain, loss, probability = _label_losses(plan, wide, hot)
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


def _label_losses(plan: Plan, scores: Floats, hot: Mask) -> tuple[Floats, Floats, Floats | None]:
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
