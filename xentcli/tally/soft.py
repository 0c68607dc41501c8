"""Soft targets: what a block whose labels are probabilities adds to a Tally.

Floor 4. Loss, Brier score and clip of target probabilities, and the mergeable sums that only they need: their
entropy, which is the floor of the loss, and their mass per class, which gives the prior.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from xentcli.tally import kernels, losses
from xentcli.tally.blocks import Block
from xentcli.tally.clipping import Clipping
from xentcli.tally.exact import ExactSums
from xentcli.tally.kernels import Extremes, Losses
from xentcli.tally.losses import EPS
from xentcli.tally.plan import Plan
from xentcli.tally.quality import RowQuality, probabilities, ranks
from xentcli.task.model import Kind, Scale

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]


@dataclass
class SoftSums:
    """Exact sums of target probabilities, weighted where rows have weights.

    Attributes:
        classes: number of classes (labels).
        entropy: sum of the rows' entropies; of labels, of their means over the labels.
        mass: sums of the targets by class (label).
    """

    classes: int
    entropy: ExactSums = field(default_factory=ExactSums)
    mass: ExactSums = field(init=False)

    def __post_init__(self) -> None:
        """Size the sums by the number of classes."""
        self.mass = ExactSums(self.classes)

    def add(self, targets: Floats, weights: Floats | None, *, exclusive: bool) -> None:
        """Add rows.

        Args:
            targets: shape (classes, n), target probabilities.
            weights: shape (n,), None without weights.
            exclusive: whether a row is one distribution; else each element is a Bernoulli share.
        """
        if exclusive:
            entropy = losses.entropy_of_targets(targets)
        else:
            entropy = losses.sum_over_classes(losses.bernoulli_entropies(targets)) / len(targets)
        self.entropy.add(entropy if weights is None else entropy * weights)
        self.mass.add_each(targets if weights is None else targets * weights)

    def merge(self, other: "SoftSums") -> None:
        """Add another one's sums to these."""
        self.entropy.merge(other.entropy)
        self.mass.merge(other.mass)


def class_losses(plan: Plan, block: Block, seen: Extremes) -> Losses:
    """Return the cross-entropy of a block against its target probabilities.

    `probability` is None: what the clip did is counted by `count_clipped`.
    """
    assert block.targets is not None  # noqa: S101  the caller asked
    assert block.index is not None  # noqa: S101  a distribution has a most probable class
    wide = _class_major(block)
    if plan.scale is Scale.PROBABILITIES:
        base = kernels.from_probabilities(
            block.scores, seen, block.index, class_major=block.class_major, normalize=plan.normalize
        )
        loss = losses.soft_cross_entropy(wide / base.normalizer, block.targets)
        return Losses(loss, None, base.renormalised, base.normalizer)
    top = seen.top.astype(np.float64, copy=False)
    others = _others(wide, top, seen, class_major=block.class_major)
    loss = losses.softmax_cross_entropy(wide, block.targets, top, others)
    if plan.scale is Scale.LOGITS:
        return Losses(loss, None, np.zeros(len(loss), dtype=np.bool_), top + np.log1p(others))
    off = ~kernels.sums_to_one(block.scores, seen, class_major=block.class_major)
    none = np.zeros_like(top)
    plain = losses.softmax_cross_entropy(wide, block.targets, none, none)
    return Losses(np.where(off, loss, plain), None, off, np.where(off, top + np.log1p(others), 0.0))


def _class_major(block: Block) -> Floats:
    """Return the scores as float64, shape (classes, n)."""
    scores = block.scores if block.class_major else block.scores.T
    return scores.astype(np.float64, copy=False)


def _others(wide: Floats, top: Floats, seen: Extremes, *, class_major: bool) -> Floats:
    if class_major:
        return losses.log_sum_exp_of_others(wide, top, seen.arg)
    terms = np.exp(wide - top)
    terms[seen.arg, np.arange(len(top))] = 0.0
    return losses.sum_over_classes(terms)


def count_clipped(clipping: Clipping, block: Block, rows: Mask, found: Losses) -> None:
    """Count the rows of probabilities where the clip raised one that a target calls for.

    Args:
        clipping: what to add to.
        block: the rows.
        rows: shape (n,), those that are scored.
        found: their losses.
    """
    assert block.targets is not None  # noqa: S101  the caller asked
    chance = _class_major(block) / found.normalizer
    called = block.targets > 0.0
    at = np.flatnonzero(rows & (called & ((chance < EPS) | (chance > 1.0 - EPS))).any(axis=0))
    if len(at) == 0:
        return
    chance, targets, called = chance[:, at], block.targets[:, at], called[:, at]
    infinite = (called & (chance <= 0.0)).any(axis=0)
    clipping.clipped += int(np.count_nonzero((called & (chance < EPS)).any(axis=0)))
    clipping.infinite += int(np.count_nonzero(infinite))
    clipping.with_clip.add(found.loss[at][~infinite])
    clipping.without_clip.add(losses.soft_cross_entropy(chance[:, ~infinite], targets[:, ~infinite], 0.0))


def soft_quality(plan: Plan, block: Block, seen: Extremes, found: Losses) -> RowQuality:
    """Return the ranks and confidences against the most probable class, and Brier scores sum (p - q)^2."""
    assert block.targets is not None  # noqa: S101  the caller asked
    assert block.index is not None  # noqa: S101  likewise
    rank = ranks(block.scores, block.index, class_major=block.class_major)
    if plan.kind is Kind.BINARY and plan.positive is not None:
        chance = probabilities(block.scores[plan.positive], plan.scale, found.normalizer)
        off = chance - block.targets[plan.positive]
        return RowQuality(rank, chance, block.index == plan.positive, off * off)
    top = probabilities(seen.top, plan.scale, found.normalizer)
    off = probabilities(_class_major(block), plan.scale, found.normalizer) - block.targets
    return RowQuality(rank, top, seen.arg == block.index, losses.sum_over_classes(off * off))


def label_losses(scale: Scale, scores: Floats, targets: Floats, clipping: Clipping) -> Floats:
    """Return the binary cross-entropy of each element against its share, both of shape (labels, n)."""
    if scale is Scale.LOGITS:
        return losses.soft_sigmoid_binary_cross_entropy(scores, targets)
    if scale is Scale.LOG_PROBABILITIES:
        with np.errstate(divide="ignore", invalid="ignore"):
            other = np.log(-np.expm1(np.minimum(scores, -EPS)))
            one = np.where(targets > 0.0, targets * scores, 0.0)
            none = np.where(targets < 1.0, (1.0 - targets) * other, 0.0)
        result: Floats = np.negative(one + none)
        return result
    loss = losses.soft_binary_cross_entropy(scores, targets)
    outside = (scores < EPS) | (scores > 1.0 - EPS)
    if outside.any():
        _count_clipped_elements(clipping, scores[outside], targets[outside], loss[outside])
    return loss


def _count_clipped_elements(clipping: Clipping, scores: Floats, targets: Floats, loss: Floats) -> None:
    """Count elements of shape (m,) that lie outside the clip."""
    one, none = targets > 0.0, targets < 1.0
    infinite = (one & (scores <= 0.0)) | (none & (scores >= 1.0))
    raised = (one & (scores < EPS)) | (none & (1.0 - scores < EPS))
    clipping.clipped += int(np.count_nonzero(raised))
    clipping.infinite += int(np.count_nonzero(infinite))
    clipping.with_clip.add(loss[~infinite])
    clipping.without_clip.add(losses.soft_binary_cross_entropy(scores[~infinite], targets[~infinite], 0.0))
