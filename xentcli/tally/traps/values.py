"""What all scores of a table have in common: their range, whether they are 0 or 1, and how far their sums are from 1.

Floor 4. A mergeable part of TrapFacts.

Row sums: how far the probabilities of a row are from 1, and how much of that rounding explains. Which roundings the
scores show is known when all rows were seen; until then the rows beyond each of them are counted side by side.
"""

from enum import Enum

import numpy as np

from xentcli.arrays import AnyFloats, Floats, Mask
from xentcli.record import MutableRecord, field
from xentcli.tally.blocks import Block
from xentcli.tally.exact import ExactSums
from xentcli.tally.row_facts import FirstRows
from xentcli.task.rounding import SUM_TOLERANCE


class Grain(Enum):
    """Multiples of a power of ten, or floats with 8 or 11 significant bits."""

    ONE_DECIMAL = 1
    TWO_DECIMALS = 2
    THREE_DECIMALS = 3
    FOUR_DECIMALS = 4
    FIVE_DECIMALS = 5
    SIX_DECIMALS = 6
    SEVEN_DECIMALS = 7
    BFLOAT16 = 0
    FLOAT16 = -1

    @property
    def unit(self) -> float:
        """What decimals are multiples of; for floats their relative distance."""
        return _FLOATS[self] if self in _FLOATS else float(10.0**-self.value)

    def error(self, value: float) -> float:
        """Return by how much this rounding may change such a value, above 0, as a share of it."""
        return 0.5 * self.unit / (1.0 if self in _FLOATS else value)

    def holds(self, values: AnyFloats) -> bool:
        """Whether all values, float32 or float64, are what this rounding leaves as it is."""
        if self is Grain.FLOAT16:
            with np.errstate(over="ignore"):
                return bool((values.astype(np.float16) == values).all())
        if self is not Grain.BFLOAT16:
            parts = values.dtype.type(10**self.value)
            return bool((np.rint(values * parts) / parts == values).all())
        narrow = np.ascontiguousarray(values, dtype=np.float32)
        return bool((narrow == values).all() and not (narrow.view(np.uint32) & 0xFFFF).any())


_FLOATS = {Grain.BFLOAT16: 2.0**-7, Grain.FLOAT16: 2.0**-10}
"""Floats of 16 bits, and how far two neighbours are apart at most, as a share of their size."""

COARSE = (
    Grain.ONE_DECIMAL, Grain.TWO_DECIMALS, Grain.THREE_DECIMALS, Grain.FOUR_DECIMALS, Grain.BFLOAT16,
)  # fmt: skip
"""The roundings that all scores are asked for."""

SAME = 1e-5
"""Scores of a class that differ by less in all rows are the same, as float32 leaves them: probabilities relative to
their size (near 0 there are sure but different rows), others by themselves."""

_FIRST = 64
"""So many rows are looked at before all of a block are."""


class Values(MutableRecord):
    """What all scores so far have in common.

    Attributes:
        probabilities: whether that is what they are.
        low: shape (classes,), the smallest score of each class; None once a class has different scores.
        high: likewise, the largest.
        hard: whether every score is 0 or 1.
        grains: the roundings that leave the extremes of every row as they are.
        inner: rows whose largest score is below 1; counted while there are grains.
        varied: whether a class has different scores.
    """

    probabilities: bool
    low: Floats | None = None
    high: Floats | None = None
    hard: bool = True
    grains: set[Grain] = field(default_factory=lambda: set(COARSE))
    inner: int = 0
    varied: bool = False

    def add(self, scores: AnyFloats, low: AnyFloats, top: AnyFloats) -> None:
        """Add rows.

        Args:
            scores: shape (classes, n), in either memory layout.
            low: shape (n,), the smallest of each row.
            top: shape (n,), the largest.
        """
        if not self.varied:
            self._narrow_down(scores, top)
        if not self.probabilities:
            self.hard, self.grains = False, set()
            return
        if self.hard:
            self.hard = _hard(scores[:, :_FIRST]) and _hard(scores)
        for grain in tuple(self.grains):
            if not (_on(grain, low[:_FIRST], top[:_FIRST]) and _on(grain, low, top)):
                self.grains.discard(grain)
        self.inner = self.inner + int(np.count_nonzero(top < 1.0)) if self.grains else 0

    def _narrow_down(self, scores: AnyFloats, top: AnyFloats) -> None:
        highest = float(top.max())
        if highest - float(top.min()) > (SAME * highest if self.probabilities else SAME):
            self._vary()
        else:
            self._widen(scores.min(axis=1).astype(np.float64), scores.max(axis=1).astype(np.float64))

    def _widen(self, low: Floats, high: Floats) -> None:
        self.low = low if self.low is None else np.minimum(self.low, low)
        self.high = high if self.high is None else np.maximum(self.high, high)
        with np.errstate(invalid="ignore"):  # a class may be masked out by minus infinity in all rows
            if (self.high - self.low > (SAME * self.high if self.probabilities else SAME)).any():
                self._vary()

    def _vary(self) -> None:
        self.varied, self.low, self.high = True, None, None

    def merge(self, other: "Values") -> None:
        """Add another one's rows to these."""
        if other.varied or self.varied:
            self._vary()
        elif other.low is not None and other.high is not None:
            self._widen(other.low, other.high)
        self.hard &= other.hard
        self.grains &= other.grains
        self.inner = self.inner + other.inner if self.grains else 0

    @property
    def constant(self) -> bool:
        """Whether every row has the same scores."""
        return self.low is not None


def _hard(scores: AnyFloats) -> bool:
    return bool(((scores == 0.0) | (scores == 1.0)).all())


def _on(grain: Grain, low: AnyFloats, top: AnyFloats) -> bool:
    return grain.holds(top) and grain.holds(low)


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
