"""Soft targets: what a block whose labels are probabilities adds to a Tally.

Floor 4. Brier score and clip of target probabilities, and the mergeable sums that only they need: their entropy,
which is the floor of the loss, and their mass per class, which gives the prior. Their loss is an objective.
"""

import numpy as np

from xentcli.arrays import AnyFloats, Floats, Indices, Mask
from xentcli.record import MutableRecord, field
from xentcli.tally import losses
from xentcli.tally.blocks import Block
from xentcli.tally.clipping import Clipping
from xentcli.tally.counts import Grouping
from xentcli.tally.exact import ExactSums
from xentcli.tally.kernels import Losses
from xentcli.tally.losses import EPS
from xentcli.tally.plan import Plan
from xentcli.tally.quality import probabilities
from xentcli.terms import Scale


class SoftSums(MutableRecord):
    """Exact sums of target probabilities, weighted where rows have weights.

    Attributes:
        classes: number of classes (labels).
        entropy: sums of the rows' entropies by most probable class; of labels, one of their means over the labels.
        mass: sums of the targets by class (label).
    """

    classes: int
    entropy: ExactSums = field(init=False)
    mass: ExactSums = field(init=False)

    def __post_init__(self) -> None:
        """Size the sums by the number of classes."""
        self.entropy = ExactSums(self.classes)
        self.mass = ExactSums(self.classes)

    def add(self, targets: Floats, weights: Floats | None, by_class: Grouping | None) -> None:
        """Add rows.

        Args:
            targets: shape (classes, n), target probabilities.
            weights: shape (n,), None without weights.
            by_class: the rows by their most probable classes, where a row is one distribution; None where each
                element is a Bernoulli share.
        """
        if by_class is not None:
            entropy = losses.entropy_of_targets(targets)
        else:
            entropy = losses.sum_over_classes(losses.bernoulli_entropies(targets)) / len(targets)
        self.entropy.add(entropy if weights is None else entropy * weights, by_class)
        self.mass.add_each(targets if weights is None else targets * weights)

    def merge(self, other: "SoftSums") -> None:
        """Add another one's sums to these."""
        self.entropy.merge(other.entropy)
        self.mass.merge(other.mass)


def class_major(block: Block) -> AnyFloats:
    """Return the scores of a block, shape (classes, n)."""
    return block.scores if block.class_major else block.scores.T


def soft_brier(plan: Plan, scores: AnyFloats, targets: Floats, found: Losses) -> Floats:
    """Return the sum over the classes of (p - q)^2, shape (n,); scores and targets have shape (classes, n)."""
    off = probabilities(scores, plan.scale, found.normalizer) - targets
    return losses.sum_over_classes(off * off)


def count_clipped(clipping: Clipping, block: Block, labels: Indices, found: Losses) -> None:
    """Count the rows of probabilities where the clip raised one that a target calls for.

    Args:
        clipping: what to add to.
        block: the rows, with targets.
        labels: shape (n,), their most probable classes.
        found: their losses.
    """
    assert block.targets is not None  # noqa: S101  the caller asked
    chance = probabilities(class_major(block), Scale.PROBABILITIES, found.normalizer)
    called = block.targets > 0.0
    at = np.flatnonzero((called & ((chance < EPS) | (chance > 1.0 - EPS))).any(axis=0))
    if len(at) == 0:
        return
    chance, targets, called = chance[:, at], block.targets[:, at], called[:, at]
    without = losses.soft_cross_entropy(chance, targets, 0.0)
    raised: Mask = np.asarray((called & (chance < EPS)).any(axis=0))
    weights = None if block.weights is None else block.weights[at]
    clipping.add_costs(raised, without, found.loss[at], labels[at], weights)
