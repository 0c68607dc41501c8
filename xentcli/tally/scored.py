"""Scored rows: what each good row of a block adds to a Tally of one label a row.

Floor 4. Pure functions of a block; the parts of the Tally take from the record what they count.
"""

import numpy as np

from xentcli.arrays import AnyFloats, Floats, Indices, Mask, Unsigned
from xentcli.options.table import USUAL_OBJECTIVE
from xentcli.record import Record
from xentcli.tally import kernels, objective
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
