"""Undone: what the loss would be with one activation less, while all scores are such that one may be too many.

Floor 4. A mergeable part of TrapFacts. Probabilities p that go through softmax again become e^p_i / sum e^p: all lie
within [1/(e + K - 1), e/(e + K - 1)], and p = log s + c with the c that makes p sum to 1. A probability that goes
through a sigmoid again lies within [1/2, e/(1 + e)], and p = log(s / (1 - s)). One row that leaves the range, or whose
p would be negative by more than rounding explains, ends the suspicion; only while it lasts are logarithms taken.
"""

from math import e

import numpy as np

from xentcli.arrays import AnyFloats, Floats, Mask
from xentcli.record import MutableRecord, Record, field
from xentcli.tally.exact import ExactSums
from xentcli.tally.losses import cross_entropy_from_true_probability, sum_over_classes
from xentcli.tally.traps.walls import Walls

FLOOR = 1e-7
"""The undone probability of the true class is clipped here: rounded scores leave less of it."""

_FIRST = 256


class Activations(Record):
    """Rows with one activation less; all of shape (n,).

    Attributes:
        least: the smallest probability of a class.
        distance: how far that, or with sigmoids the rest of the largest to 1, is from the smallest possible.
        loss: the plain loss.
        right: whether the decision is right.
    """

    least: Floats
    distance: Floats
    loss: Floats
    right: Mask


class Undone(MutableRecord):
    """Losses with and without a second activation, all empty once the suspicion has ended.

    Attributes:
        classes: what 1/K is a share of: classes of a softmax, 2 of a sigmoid.
        sigmoid: whether that is the activation.
        alive: whether every row so far may have been activated twice.
        right: rows whose decision is right once it is undone.
        now: sum of the plain losses as they are.
        walls: rows at the wall, and the undone losses.
    """

    classes: int
    sigmoid: bool = False
    alive: bool = True
    right: int = 0
    now: ExactSums = field(default_factory=ExactSums)
    walls: Walls = field(init=False)

    def __post_init__(self) -> None:
        """Rounding matters most for small scores, and for sigmoids near 1."""
        steepness = 1.0 / (1.0 - self.highest) if self.sigmoid else 1.0
        self.walls = Walls(self.classes, self.lowest, steepness)

    def may(self, low: float, high: float) -> bool:
        """Whether scores from `low` to `high` leave the suspicion alive; it ends if not."""
        slack = self.classes * self.walls.loosest if self.alive else 0.0  # beyond that a probability is below the wall
        if self.alive and not (low >= self.lowest * (1.0 - slack) and high <= self.highest * (1.0 + slack)):
            self.end()
        return self.alive

    @property
    def lowest(self) -> float:
        """The smallest score that a second activation can leave."""
        return 0.5 if self.sigmoid else 1.0 / (e + self.classes - 1.0)

    @property
    def highest(self) -> float:
        """The largest."""
        return e / (e + self.classes - 1.0)

    def end(self) -> None:
        """End the suspicion."""
        vars(self).update(vars(Undone(self.classes, self.sigmoid, alive=False)))

    def add(self, scores: AnyFloats, found: Activations, loss: Floats) -> None:
        """Add rows.

        Args:
            scores: those that show how they were rounded.
            found: what one activation less makes of the rows.
            loss: shape (n,), their losses as they are.
        """
        if not self.walls.add(scores, found.least, found.distance, loss, found.loss):
            self.end()
            return
        self.right += int(np.count_nonzero(found.right))
        self.now.add(loss)

    def merge(self, other: "Undone") -> None:
        """Add another one's rows to these."""
        if not (self.alive and other.alive and self.walls.merge(other.walls)):
            self.end()
            return
        self.right += other.right
        self.now.merge(other.now)


def without_softmax(
    scores: AnyFloats, low: AnyFloats, true: AnyFloats, right: Mask, slack: float
) -> Activations | None:
    """Return rows with one softmax less, None where the first of them already have none.

    Args:
        scores: shape (classes, n), all above 0.
        low: shape (n,), the smallest of each row.
        true: shape (n,), those of the true classes.
        right: shape (n,), whether the decisions are; a softmax does not change them.
        slack: how far below 0 rounding may leave a probability.
    """
    if scores.shape[1] > _FIRST:
        first = without_softmax(scores[:, :_FIRST], low[:_FIRST], true[:_FIRST], right[:_FIRST], slack)
        if first is None:
            return None
    shift = (1.0 - sum_over_classes(np.log(scores.astype(np.float64)))) / len(scores)
    least = np.log(low.astype(np.float64)) + shift
    if least.min() < -slack:
        return None
    given = np.log(true.astype(np.float64)) + shift
    return Activations(least, least, cross_entropy_from_true_probability(given, FLOOR), right)


def without_sigmoid(scores: Floats, held: Mask, threshold: float) -> Activations:
    """Return rows with one sigmoid less.

    Args:
        scores: shape (labels, n), within (0, 1); one label where there are two classes.
        held: shape (labels, n), whether the label holds.
        threshold: decisions are strictly above it.
    """
    chance = np.log(scores) - np.log1p(-scores)
    least = np.minimum(chance, 1.0 - chance).min(axis=0)
    loss = cross_entropy_from_true_probability(np.where(held, chance, 1.0 - chance), FLOOR)
    return Activations(
        least,
        (1.0 - chance).min(axis=0),
        sum_over_classes(loss) / len(loss),
        ((chance > threshold) == held).all(axis=0),
    )
