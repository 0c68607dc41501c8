"""Row sums: how far the probabilities of a row are from 1, and how much of that rounding explains.

Floor 4. A mergeable part of TrapFacts. Which roundings the scores show is known when all rows were seen; until then
the rows beyond each of them are counted side by side.
"""

import numpy as np

from xentcli.arrays import AnyFloats, Mask
from xentcli.record import MutableRecord, field
from xentcli.tally.blocks import Block
from xentcli.tally.exact import ExactSums
from xentcli.tally.row_facts import FirstRows
from xentcli.tally.traps.values import COARSE, Grain
from xentcli.task.rounding import SUM_TOLERANCE

_BFLOAT16 = 2.0**-7
"""What rounding to 8 significant bits, in a softmax and after it, can add to a sum of 1: two last digits."""


def explained(grain: Grain, classes: int) -> float:
    """Return how far from 1 the sum of so many probabilities may be if all are rounded so."""
    if grain is Grain.BFLOAT16:
        return _BFLOAT16
    return max(SUM_TOLERANCE, 0.51 * classes * grain.unit)


class RowSums(MutableRecord):
    """The sums of rows of probabilities.

    Attributes:
        least: the smallest sum, infinity without rows.
        most: the largest, minus infinity without rows.
        zeros: rows that hold nothing but zeros, and so cannot be divided by their sum.
        off: rows whose sum is off 1 by more than a grain explains; all that are off by more than 0.001 under None.
        total: of the sums of the rows that are off and not all zero.
        square: of their squares.
    """

    least: float = np.inf
    most: float = -np.inf
    zeros: FirstRows = field(default_factory=FirstRows)
    off: dict[Grain | None, FirstRows] = field(default_factory=lambda: {one: FirstRows() for one in (None, *COARSE)})
    total: ExactSums = field(default_factory=ExactSums)
    square: ExactSums = field(default_factory=ExactSums)

    def add(self, block: Block, sums: AnyFloats, classes: int, renormalised: Mask | None) -> None:
        """Add rows.

        Args:
            block: says where they are.
            sums: shape (n,), over the classes.
            classes: how many classes there are.
            renormalised: shape (n,), which sums are off by more than 0.001; None for none.
        """
        least = float(sums.min())
        self.least, self.most = min(self.least, least), max(self.most, float(sums.max()))
        if renormalised is None and least > 0.0:
            return
        zeros = sums <= 0.0
        self.zeros.add(zeros, *block.at, block.rows)
        off = zeros if renormalised is None else renormalised | zeros
        wide = sums.astype(np.float64)
        distance = np.abs(wide - 1.0)
        for grain, first in self.off.items():
            beyond = off if grain is None else off & (distance > explained(grain, classes))
            first.add(beyond, *block.at, block.rows)
        found = wide[off & ~zeros]
        if len(found):
            self.total.add(found)
            self.square.add(found * found)

    def merge(self, other: "RowSums") -> None:
        """Add another one's rows to these."""
        self.least, self.most = min(self.least, other.least), max(self.most, other.most)
        self.zeros.merge(other.zeros)
        for grain, first in other.off.items():
            self.off[grain].merge(first)
        self.total.merge(other.total)
        self.square.merge(other.square)
