"""Exact sums: many float64 values become totals that depend on nothing but the values.

Floor 4. A sum of floats in the usual way changes in its last bits with the order of the additions, so
with block sizes, threads and machines. Here every value is split, without error, into integer multiples
of fixed powers of two; integers add up exactly in any order, and the total is rounded once, at the end.

The split is the extraction of Rump, Ogita and Oishi (SIAM J. Sci. Comput. 31 (2008)), with the fixed
boundaries of Demmel and Nguyen's reproducible sums (IEEE Trans. Comput. 64 (2015)): adding and
subtracting 1.5 * 2^(52 + e) leaves the multiple of 2^e that is nearest, and the rest is exact.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import frexp, isfinite, ldexp

import numpy as np
import numpy.typing as npt

from xentcli.arrays import Floats, Indices, Integers
from xentcli.tally.counts import Grouping, grouped

# One level holds multiples of 2^unit(level) below 2^unit(level + 1): 2^36 of them in 2^17 values stay
# within 2^53, so that adding them up in float64, in whatever order, is exact.
WIDTH = 36
MAX_VALUES = 1 << 17
# Losses lie below 2^7 and most above 2^-12: with this offset two levels hold such a value whole.
OFFSET = 7
# Beyond this the extraction constant of the top level would overflow.
MAX_EXPONENT = 900
# int64 totals of a level are carried upwards before 2^63: after 2^26 values of up to 2^36.
MAX_UNCARRIED = 1 << 26


def _unit(level: int) -> int:
    """Return the exponent of the power of two that a level counts."""
    return WIDTH * level + OFFSET


def _top_level(values: Floats) -> int:
    largest = max(float(values.max()), -float(values.min()))
    exponent = frexp(largest)[1]
    if not isfinite(largest) or exponent > MAX_EXPONENT:
        raise OverflowError(f"exact sums hold finite values below 2^{MAX_EXPONENT}, got {largest}")
    return (exponent - OFFSET - 1) // WIDTH if largest else 0


def _extract(values: Floats) -> Iterator[tuple[int, Floats]]:
    """Yield (level, parts): `values` is the sum of the parts, parts are multiples of 2^unit(level).

    The parts of a level are gone when the next is asked for: their memory is used again.
    """
    level = _top_level(values)
    part = np.empty_like(values)
    rest = values
    while True:
        boundary = ldexp(1.5, _unit(level) + 52)
        np.add(rest, boundary, out=part)
        np.subtract(part, boundary, out=part)
        yield level, part
        rest = np.subtract(rest, part, out=None if rest is values else rest)
        if not rest.any():
            return
        level -= 1


class ExactSums:
    """`size` independent exact totals, filled by `add` and joined by `merge`.

    A plain number is a total of size 1. State: integers per level, no floats, so equal contents are
    equal whatever way they were reached.
    """

    __slots__ = ("levels", "size", "uncarried")

    def __init__(self, size: int = 1) -> None:
        """Start with all totals 0."""
        self.size = size
        self.levels: dict[int, Integers] = {}
        self.uncarried = 0

    def add(self, values: Floats, groups: Indices | Grouping | None = None) -> None:
        """Add values to the totals.

        Args:
            values: shape (n,), float64, finite, below 2^900 in size.
            groups: the total that each value belongs to, of shape (n,) or as a grouping; None adds all to total 0.

        Raises:
            OverflowError: a value is not finite or too large.
        """
        if groups is None:
            for start in range(0, len(values), MAX_VALUES):
                self._add_block(values[start : start + MAX_VALUES], None)
            return
        if not isinstance(groups, Grouping):
            groups = grouped(groups, self.size)
        for piece, grouping in groups.pieces(MAX_VALUES):
            if len(grouping.order):
                self._add_block(values[piece].take(grouping.order), grouping)

    def add_each(self, values: Floats) -> None:
        """Add a row of values to each total.

        Args:
            values: shape (size, n), float64, finite, below 2^900 in size; row i goes to total i.

        Raises:
            OverflowError: a value is not finite or too large.
        """
        for start in range(0, values.shape[1], MAX_VALUES):
            block = values[:, start : start + MAX_VALUES]
            for level, part in _extract(block):
                self._add_level(level, np.ldexp(part.sum(axis=1), -_unit(level)).astype(np.int64))
            self._count(block.shape[1])

    def _add_block(self, values: Floats, grouping: Grouping | None) -> None:
        """Add values that stand in the order of their groups."""
        first, only = np.zeros(1, dtype=np.intp), np.zeros(1, dtype=np.intp)
        starts, present = (first, only) if grouping is None else (grouping.starts, grouping.present)
        for level, part in _extract(values):
            sums = np.add.reduceat(part, starts)
            held = self.levels.get(level)
            if held is None:
                held = self.levels[level] = np.zeros(self.size, dtype=np.int64)
            held[present] += np.ldexp(sums, -_unit(level)).astype(np.int64)
        self._count(len(values))

    def _count(self, values: int) -> None:
        self.uncarried += values
        if self.uncarried > MAX_UNCARRIED:
            self._carry()

    def _add_level(self, level: int, integers: Integers) -> None:
        held = self.levels.get(level)
        if held is None:
            self.levels[level] = integers
        else:
            held += integers

    def _carry(self) -> None:
        """Move what exceeds a level's width to the level above, so that no int64 ever overflows."""
        for level in range(min(self.levels), max(self.levels) + 1):
            held = self.levels.get(level)
            if held is not None:
                excess = held >> WIDTH
                held -= excess << WIDTH
                self._add_level(level + 1, excess)
        self.uncarried = 1

    def merge(self, other: "ExactSums") -> None:
        """Add the totals of another one of the same size to these."""
        for level, integers in other.levels.items():
            self._add_level(level, integers.copy())
        self._count(other.uncarried)

    def merge_into(self, other: "ExactSums", totals: npt.NDArray[np.intp]) -> None:
        """Add the first totals of another one to totals of these.

        Args:
            other: totals that may be numbered otherwise.
            totals: shape (m,), distinct: which of these the other's total i is added to.
        """
        for level, integers in other.levels.items():
            moved = np.zeros(self.size, dtype=np.int64)
            moved[totals] = integers[: len(totals)]
            self._add_level(level, moved)
        self._count(other.uncarried)

    def _integers(self) -> tuple[list[int], Fraction]:
        """Return the totals as integers, and the power of two that they count."""
        lowest = min(self.levels, default=0)
        totals = [0] * self.size
        for level, integers in self.levels.items():
            shift = WIDTH * (level - lowest)
            for group in np.flatnonzero(integers).tolist():
                totals[group] += int(integers[group]) << shift
        return totals, self.unit()

    def wholes(self, unit: Fraction) -> list[int]:
        """Return the totals as whole numbers of a unit: a power of two that is no larger than `unit()`."""
        totals, own = self._integers()
        times = int(own / unit)
        return [total * times for total in totals]

    def unit(self) -> Fraction:
        """Return a power of two of which every total is a whole number."""
        return Fraction(2) ** _unit(min(self.levels, default=0))

    def fraction(self, group: int) -> Fraction:
        """Return one of the totals as an exact fraction."""
        parts = (int(integers[group]) * Fraction(2) ** _unit(level) for level, integers in self.levels.items())
        return sum(parts, Fraction(0))

    def fractions(self) -> list[Fraction]:
        """Return the totals as exact fractions."""
        totals, unit = self._integers()
        return [total * unit for total in totals]

    def total(self) -> Fraction:
        """Return the sum of all totals as an exact fraction."""
        totals, unit = self._integers()
        return sum(totals) * unit
