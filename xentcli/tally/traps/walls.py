"""Walls: rows at the smallest probability that undoing an activation may leave, for each rounding of the scores.

Floor 4. Rounded scores leave undone probabilities a little below 0, and what stands at the wall is spread as far. Which
roundings the scores show is known when all rows were seen; until then their walls are counted side by side.
"""

import numpy as np

from xentcli.arrays import AnyFloats, Floats
from xentcli.record import MutableRecord, field
from xentcli.tally.exact import ExactSums
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
