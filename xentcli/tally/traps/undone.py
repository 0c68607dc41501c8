"""Undone: what the loss would be with one activation less, and the rows at the wall that such an activation leaves.

Floor 4. A mergeable part of TrapFacts. Probabilities p that go through softmax again become e^p_i / sum e^p: all
lie within [1/(e + K - 1), e/(e + K - 1)], and p = log s + c with the c that makes p sum to 1. A probability that
goes through a sigmoid again lies within [1/2, e/(1 + e)], and p = log(s / (1 - s)). One row that leaves the range,
or whose p would be negative by more than rounding explains, ends the suspicion; only while it lasts are logarithms
taken.

Walls: rows at the smallest probability that undoing an activation may leave, for each rounding of the scores.
Rounded scores leave undone probabilities a little below 0, and what stands at the wall is spread as far. Which
roundings the scores show is known when all rows were seen; until then their walls are counted side by side.
"""

from math import e

import numpy as np

from xentcli.arrays import AnyFloats, Floats, Mask
from xentcli.record import MutableRecord, Record, field
from xentcli.tally.exact import ExactSums
from xentcli.tally.losses import cross_entropy_from_true_probability, sum_over_classes
from xentcli.tally.traps.values import Grain

ROUNDING = 0.01
"""How far below 0 an undone probability may be, as a share of 1/K, whatever the scores were rounded to."""

NEAR = 0.1
"""A row stands at the wall if an undone probability is below this share of 1/K."""

CLOSE = 0.01
"""It stands close to it below this share."""

_NOISE = 1e-9
"""What float64 leaves of a difference of equal numbers is far less."""

BLURRED = 0.25
"""Where rounding moves undone probabilities by more than this share of 1/K, no wall can be seen."""


class Wall(MutableRecord):
    """The rows at the wall, if scores are rounded so.

    Attributes:
        slack: by how much rounding moves an undone probability.
        share: 1/K, by which probabilities are measured.
        near: rows at the wall, but not beyond it.
        close: rows close to it.
        first: the smallest undone probability of the close rows; infinity without any.
        last: the largest of them.
        then: sum of the undone losses, no probability less than what rounding leaves.
        square: sum of the squares of what undoing gains.
    """

    slack: float
    share: float
    near: int = 0
    close: int = 0
    first: float = np.inf
    last: float = -np.inf
    then: ExactSums = field(default_factory=ExactSums)
    square: ExactSums = field(default_factory=ExactSums)

    @property
    def close_share(self) -> float:
        """The share of the rows at the wall that are close to it, if nothing makes it one."""
        return (CLOSE * self.share + 2.0 * self.slack) / (NEAR * self.share + 2.0 * self.slack)

    @property
    def spread(self) -> float:
        """How far the close rows are spread, as a share of how far the last of them is from the wall."""
        return max(0.0, self.last - self.first) / (max(0.0, self.last) + self.slack + _NOISE)

    def add(self, distance: Floats, loss: Floats, undone: Floats) -> None:
        """Add rows by their distance from the wall, their losses and their undone losses, each of shape (n,)."""
        self.near += int(np.count_nonzero(distance < NEAR * self.share + self.slack))
        close = distance[distance < CLOSE * self.share + self.slack]
        if len(close):
            self.close += len(close)
            self.first, self.last = min(self.first, float(close.min())), max(self.last, float(close.max()))
        clipped = np.minimum(undone, -np.log(self.slack)) if self.slack > 0.0 else undone
        self.then.add(clipped)
        gain = loss - clipped
        self.square.add(gain * gain)

    def merge(self, other: "Wall") -> None:
        """Add another one's rows to these."""
        self.near, self.close = self.near + other.near, self.close + other.close
        self.first, self.last = min(self.first, other.first), max(self.last, other.last)
        self.then.merge(other.then)
        self.square.merge(other.square)


class Walls(MutableRecord):
    """The walls of all roundings that the scores may show.

    Attributes:
        classes: what 1/K is a share of.
        smallest: the smallest score that counts, for which rounding matters most.
        steepness: by how much more than a score its undone probability changes, as a share of the score.
        least: the smallest undone probability of all rows.
        walls: by rounding, None stands for none; empty without rows.
    """

    classes: int
    smallest: float
    steepness: float
    least: float = np.inf
    walls: dict[Grain | None, Wall] = field(default_factory=dict)

    def _begin(self) -> None:
        """Begin with every rounding."""
        slacks = {one: one.error(self.smallest) * self.steepness for one in Grain}
        self.walls = {None: Wall(0.0, 1.0 / self.classes)}
        self.walls |= {one: Wall(slack, 1.0 / self.classes) for one, slack in slacks.items()}

    def tolerance(self, wall: Wall) -> float:
        """Return how far below 0 an undone probability may be; beyond what blurs all walls there is no more to see.

        Rounding moves a score's own logarithm and the mean of all that is taken off it.
        """
        share = 1.0 / self.classes
        return max(ROUNDING * share, 2.0 * min(wall.slack, BLURRED * share))

    @property
    def loosest(self) -> float:
        """The largest tolerance of any rounding that the scores may still show."""
        return max((self.tolerance(one) for one in self.walls.values()), default=2.0 * BLURRED / self.classes)

    @property
    def wall(self) -> Wall:
        """The wall of the coarsest rounding that the scores show."""
        return max(self.walls.values(), key=lambda one: one.slack)

    @property
    def stands(self) -> bool:
        """Whether no row is beyond the wall, and rounding does not blur it."""
        if not self.walls:
            return False
        wall = self.wall
        return self.least >= -self.tolerance(wall) and wall.slack * self.classes <= BLURRED

    def add(self, scores: AnyFloats, least: Floats, distance: Floats, loss: Floats, undone: Floats) -> bool:
        """Add rows; return whether they leave any wall possible.

        Args:
            scores: those that show the roundings.
            least: shape (n,), the smallest undone probability.
            distance: shape (n,), how far a row is from the wall.
            loss: shape (n,), as it is.
            undone: shape (n,), the undone loss.
        """
        if not self.walls:
            self._begin()
        for grain in tuple(self.walls):
            if grain is not None and not grain.holds(scores):
                del self.walls[grain]
        self.least = min(self.least, float(least.min()))
        for wall in self.walls.values():
            wall.add(distance, loss, undone)
        return self.least >= -self.loosest

    def merge(self, other: "Walls") -> bool:
        """Add another one's rows to these; return whether they leave any wall possible."""
        if not other.walls:
            return True
        if not self.walls:
            self._begin()
        self.least = min(self.least, other.least)
        for grain in tuple(self.walls):
            if grain in other.walls:
                self.walls[grain].merge(other.walls[grain])
            else:
                del self.walls[grain]
        return self.least >= -self.loosest


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
