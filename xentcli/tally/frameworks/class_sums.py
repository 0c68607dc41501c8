"""ClassSums: exact sums by class of many small batches of values.

Floor 4. Values below 4,096 are rounded to multiples of 2^-56, which is finer than any framework's own rounding,
and added up as whole numbers a batch at a time; larger ones go into the exact sums as they are. With many
classes, batches are collected first, so that a small block does not cost as much as all the classes.
"""

import numpy as np
import numpy.typing as npt

from xentcli.tally.exact import ExactSums

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

LARGEST = 4096.0
_HIGH, _LOW = 2.0**22, 2.0**56
"""A batch of 2^17 values: 2^34 multiples of 2^-22 each, and 2^33 of 2^-56, stay below 2^53."""

BATCH = 1 << 17
DENSE = 256
WAITING = 1 << 14


class ClassSums:
    """`size` exact totals, filled by `add`, joined by `merge`."""

    __slots__ = ("exact", "size", "waiting", "waiting_rows")

    def __init__(self, size: int) -> None:
        """Start with all totals 0."""
        self.size = size
        self.exact = ExactSums(size)
        self.waiting: list[tuple[Floats, Indices]] = []
        self.waiting_rows = 0

    def add(self, values: Floats, groups: Indices | None) -> None:
        """Add finite values, shape (n,), to the totals of their groups; None adds all to total 0."""
        if groups is None:
            groups = np.zeros(len(values), dtype=np.intp)
        if self.size <= DENSE:
            self._add(values, groups)
            return
        self.waiting.append((values, groups))
        self.waiting_rows += len(values)
        if self.waiting_rows >= WAITING:
            self.flush()

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
        high = np.rint(values * _HIGH)
        low = np.rint((values - high / _HIGH) * _LOW)
        every = np.arange(self.size)
        for whole, unit in ((high, _HIGH), (low, _LOW)):
            sums = np.bincount(groups, weights=whole, minlength=self.size)
            if sums.any():
                self.exact.add(sums / unit, every)

    def merge(self, other: "ClassSums") -> None:
        """Add the totals of another one of the same size to these."""
        self.flush()
        other.flush()
        self.exact.merge(other.exact)
