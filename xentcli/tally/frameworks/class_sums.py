"""ClassSums: exact sums by class of many batches of values.

Floor 4. Values below 4,096 are rounded to multiples of 2^-56, which is finer than any framework's own rounding,
and added up as whole numbers, of 2^-22 and of what is left; larger ones go into exact sums as they are. Small
batches, and all batches where there are many classes, are collected first: few values should cost little.
"""

from fractions import Fraction

import numpy as np

from xentcli.arrays import Floats, Indices, Integers
from xentcli.tally.exact import ExactSums

LARGEST = 4096.0
_HIGH, _LOW = 2.0**22, 2.0**56
"""A batch of 2^17 values: 2^34 multiples of 2^-22 each, and 2^33 of 2^-56, stay below 2^53."""

_COARSE = 2.0**30
BATCH = 1 << 17
FULL = 1 << 28
"""So many values of 2^34 units stay below 2^63."""

DENSE = 256
SMALL = 1 << 11
WAITING = 1 << 14


class ClassSums:
    """`size` exact totals, filled by `add` and `add_each`, joined by `merge`."""

    __slots__ = ("exact", "held", "high", "low", "size", "waiting", "waiting_rows")

    def __init__(self, size: int) -> None:
        """Start with all totals 0."""
        self.size = size
        self.exact = ExactSums(size)
        self.high: Integers = np.zeros(size, dtype=np.int64)
        self.low: Integers = np.zeros(size, dtype=np.int64)
        self.held = 0
        self.waiting: list[tuple[Floats, Indices]] = []
        self.waiting_rows = 0

    def add(self, values: Floats, groups: Indices | None) -> None:
        """Add finite values, shape (n,), to the totals of their groups; None adds all to total 0."""
        if groups is None:
            groups = np.zeros(len(values), dtype=np.intp)
        if self.size <= DENSE and len(values) >= SMALL:
            self._add(values, groups)
            return
        self.waiting.append((values, groups))
        self.waiting_rows += len(values)
        if self.waiting_rows >= WAITING:
            self.flush()

    def add_coarse(self, values: Floats, groups: Indices) -> None:
        """Add values below 32, shape (n,), rounded to multiples of 2^-30, finer than float32 results are."""
        if self.size > DENSE or len(values) > BATCH:
            self.add(np.rint(values * _COARSE) / _COARSE, groups)
            return
        whole = np.bincount(groups, weights=np.rint(values * _COARSE), minlength=self.size).astype(np.int64)
        upper = whole >> 8
        self.high += upper
        self.low += (whole - (upper << 8)) << 26
        self._hold(len(values))

    def add_each(self, values: Floats) -> None:
        """Add finite values, shape (size, n): row i goes to total i."""
        self.exact.add_each(values)

    def flush(self) -> None:
        """Add what waits."""
        if self.waiting:
            values, groups = (np.concatenate(parts) for parts in zip(*self.waiting, strict=True))
            self.waiting, self.waiting_rows = [], 0
            self._add(values, groups)

    def _add(self, values: Floats, groups: Indices) -> None:
        for start in range(0, len(values), BATCH):
            self._add_batch(values[start : start + BATCH], groups[start : start + BATCH])

    def _add_batch(self, values: Floats, groups: Indices) -> None:
        if max(values.max(), -values.min()) >= LARGEST:
            large = np.abs(values) >= LARGEST
            self.exact.add(values[large], groups[large])
            values, groups = values[~large], groups[~large]
        units = values * _HIGH
        high = np.rint(units)
        units -= high
        units *= _LOW / _HIGH
        low = np.rint(units, out=units)
        self.high += np.bincount(groups, weights=high, minlength=self.size).astype(np.int64)
        self.low += np.bincount(groups, weights=low, minlength=self.size).astype(np.int64)
        self._hold(len(values))

    def _hold(self, values: int) -> None:
        """Count values; move the whole numbers into the exact sums long before they overflow."""
        self.held += values
        if self.held < FULL:
            return
        every = np.arange(self.size)
        for whole, unit in ((self.high, _HIGH), (self.low, _LOW)):
            upper = whole >> 30
            self.exact.add(upper.astype(np.float64) * (2.0**30 / unit), every)
            self.exact.add((whole - (upper << 30)).astype(np.float64) / unit, every)
            whole[:] = 0
        self.held = 0

    def merge(self, other: "ClassSums") -> None:
        """Add the totals of another one of the same size to these."""
        self.flush()
        other.flush()
        self.exact.merge(other.exact)
        self.high += other.high
        self.low += other.low
        self._hold(other.held)

    def total(self) -> Fraction:
        """Return the sum of all totals as an exact fraction."""
        self.flush()
        return (
            self.exact.total() + Fraction(int(self.high.sum()), int(_HIGH)) + Fraction(int(self.low.sum()), int(_LOW))
        )

    def fractions(self) -> list[Fraction]:
        """Return the totals as exact fractions."""
        self.flush()
        if self.size == 1:
            return [self.total()]
        shift = int(_LOW / _HIGH)
        units = zip(self.exact.fractions(), self.high.tolist(), self.low.tolist(), strict=True)
        return [one + Fraction(high * shift + low, int(_LOW)) for one, high, low in units]
