"""MatrixFacts: what the rows of a block of numbers hold together, counted in one pass, mergeable.

Floor 3. A block is several number columns, or a column of number lists of one length. Sums of fractions are
kept as whole multiples of 2^-32, so that they do not depend on how the rows were cut into batches.
"""

from collections import Counter

import numpy as np
import numpy.typing as npt

from xentcli.arrays import Floats, Integers, Mask
from xentcli.phrases import counted, verb
from xentcli.record import MutableRecord, field
from xentcli.task.rounding import SUM_NOISE, SUM_TOLERANCE

FIRST_ROWS = 10
MANY_TOTALS = 10_000
"""Larger totals are not those of votes, and are not counted one by one."""

_FIXED_BITS = 32
_FIXED = 2.0**_FIXED_BITS
_DIGITS = (1, 2, 3, 4)
_SURE_ROUNDING = 0.05
"""If all rows sum to 1 within it, they are distributions; shares of labels that may meet do not sum so alike."""


class MatrixFacts(MutableRecord):
    """What the rows of a block of numbers hold together.

    Attributes:
        names: what the columns are called; for a list column the positions.
        rows: rows seen.
        missing: rows in which every cell is empty.
        partial: rows in which some cells are empty, or -1 among 0 and 1.
        minus_cells: cells that are -1 in rows of -1, 0 and 1.
        by_sum: rows of zeros and ones by their number of ones; unknown cells are not ones.
        ones: cells that are 1, by column, of such rows.
        zeros: cells that are 0, likewise.
        top: rows by the column of their largest number, the first on ties.
        zero_one: rows that hold zeros and ones only.
        in_unit: rows that lie in [0, 1].
        sums_to_one: rows that lie in [0, 1] and sum to 1, by the number of digits that rounding is allowed
            for; under 0 those that sum to 1 within 0.001.
        digits: the number of fraction digits of all cells, None beyond four.
        whole: rows of whole numbers, none negative.
        positive: rows of numbers, none negative, with a total above 0.
        zero_cells: cells that are 0.
        low_total: the smallest total of a row without negative numbers.
        high_total: the largest.
        totals: rows of whole numbers that are not all 0 and 1, none negative, by their total, up to `MANY_TOTALS`.
        first_by_total: the first row, from 0, with each of these totals, or with so many ones.
        shares: sum of a row's shares by column, in multiples of 2^-32.
        entropy: sum of the rows' entropies, likewise; of distributions.
        bernoulli: sum of the cells' Bernoulli entropies, likewise; of shares in [0, 1].
        unit_cells: sum of the cells by column, likewise; of rows in [0, 1].
        none_rows: the first rows, from 0, without a 1.
        several_rows: the first rows with several.
        partial_rows: the first rows with an unknown cell.
        missing_rows: the first empty rows.
    """

    names: tuple[str, ...]
    rows: int = 0
    missing: int = 0
    partial: int = 0
    minus_cells: int = 0
    by_sum: Counter[int] = field(default_factory=Counter)
    ones: Integers = field(init=False)
    zeros: Integers = field(init=False)
    top: Integers = field(init=False)
    zero_one: int = 0
    in_unit: int = 0
    sums_to_one: Counter[int] = field(default_factory=Counter)
    digits: int | None = 0
    whole: int = 0
    positive: int = 0
    zero_cells: int = 0
    low_total: float | None = None
    high_total: float | None = None
    totals: Counter[int] = field(default_factory=Counter)
    first_by_total: dict[int, int] = field(default_factory=dict)
    shares: Integers = field(init=False)
    entropy: int = 0
    bernoulli: int = 0
    unit_cells: Integers = field(init=False)
    none_rows: list[int] = field(default_factory=list)
    several_rows: list[int] = field(default_factory=list)
    partial_rows: list[int] = field(default_factory=list)
    missing_rows: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start with zeros of the right number."""
        for name in ("ones", "zeros", "top", "shares", "unit_cells"):
            setattr(self, name, np.zeros(len(self.names), dtype=np.int64))

    def add(self, values: Floats) -> None:
        """Add rows, shape (n, columns); NaN stands for an empty cell."""
        empty = np.isnan(values)
        plain = bool(not empty.any() and (values >= 0).all())
        if plain:
            self._add_filled(values, empty, np.arange(self.rows, self.rows + len(values)))
            self.rows += len(values)
            return
        none = empty.all(axis=1)
        unsure = (values == -1) & ((values == -1) | (values == 0) | (values == 1) | empty).all(axis=1)[:, None]
        unknown = empty | unsure
        some = unknown.any(axis=1) & ~none
        self.missing += int(none.sum())
        self.partial += int(some.sum())
        self.minus_cells += int(np.count_nonzero(unsure))
        _note(self.missing_rows, self.rows + np.flatnonzero(none))
        _note(self.partial_rows, self.rows + np.flatnonzero(some))
        held = np.flatnonzero(~none)
        self._add_filled(np.where(unknown, 0.0, values)[held], unknown[held], self.rows + held)
        self.rows += len(values)

    def _add_filled(self, filled: Floats, unknown: Mask, at: "npt.NDArray[np.intp]") -> None:
        """Add rows without an empty one; what is unknown is 0 in `filled`."""
        if len(filled) == 0:
            return
        bits = np.asarray(((filled == 0) | (filled == 1)).all(axis=1))
        self.top += np.bincount(filled.argmax(axis=1), minlength=len(self.names))
        self.zero_cells += int(np.count_nonzero(filled == 0))
        if bits.all():
            self._add_bits(filled, unknown, at)
            return
        self._add_bits(filled[bits], unknown[bits], at[bits])
        with np.errstate(invalid="ignore", over="ignore"):  # infinite cells fit no reading
            self._add_others(filled[~bits], at[~bits])

    def _add_others(self, filled: Floats, at: "npt.NDArray[np.intp]") -> None:
        """Add rows that hold more than zeros and ones."""
        self._add_digits(filled)
        total = filled.sum(axis=1)
        negative = np.asarray((filled < 0).any(axis=1))
        unit = ~negative & (filled <= 1).all(axis=1)
        self.in_unit += int(unit.sum())
        off = np.abs(total - 1)
        for digits, allowed in self._allowances():
            self.sums_to_one[digits] += int((unit & (off <= allowed)).sum())
        whole = np.asarray(~negative & (filled == np.floor(filled)).all(axis=1) & (total < 1e15))
        self.whole += int(whole.sum())
        self._add_totals(total[whole], at[whole])
        self._add_shares(filled, total, ~negative, unit)

    def _add_totals(self, total: Floats, at: "npt.NDArray[np.intp]") -> None:
        """Add the totals of rows of whole numbers."""
        few = total <= MANY_TOTALS
        votes = total[few].astype(np.intp)
        rows = np.bincount(votes)
        first = np.zeros(len(rows), dtype=np.intp)
        first[votes[::-1]] = at[few][::-1]  # the last assignment stands: the first row
        held = np.flatnonzero(rows)
        self.totals.update(dict(zip(held.tolist(), rows[held].tolist(), strict=True)))
        self._note_totals(dict(zip(held.tolist(), first[held].tolist(), strict=True)))

    def _note_totals(self, first: dict[int, int]) -> None:
        """Keep the first row of each total."""
        for total, row in first.items():
            self.first_by_total[total] = min(row, self.first_by_total.get(total, row))

    def _allowances(self) -> list[tuple[int, float]]:
        return [
            (0, SUM_TOLERANCE),
            *((digits, 0.5 * len(self.names) * 10.0**-digits + SUM_NOISE) for digits in _DIGITS),
        ]

    def _add_bits(self, bits: Floats, unknown: Mask, at: "npt.NDArray[np.intp]") -> None:
        """Add rows of zeros and ones; their sums follow from how many ones they hold."""
        number = bits.sum(axis=1).astype(np.int64)
        for size, rows in enumerate(np.bincount(number).tolist()):
            if rows:
                self._add_sum(size, rows)
                if size not in self.first_by_total or self.first_by_total[size] > at[0]:
                    self._note_totals({size: int(at[np.argmax(number == size)])})
        ones = (bits == 1).sum(axis=0)
        self.ones += ones
        self.zeros += (~unknown).sum(axis=0) - ones
        self.unit_cells += ones << _FIXED_BITS
        self.shares += (bits.astype(np.bool_) * _part(number)[:, None]).sum(axis=0, dtype=np.int64)
        _note(self.none_rows, at[number == 0])
        _note(self.several_rows, at[number > 1])

    def _add_sum(self, size: int, rows: int) -> None:
        """Add rows of zeros and so many ones."""
        self.zero_one += rows
        self.by_sum[size] += rows
        self.in_unit += rows
        self.whole += rows
        for digits, allowed in self._allowances():
            self.sums_to_one[digits] += rows * (abs(size - 1) <= allowed)
        self._widen(float(size), float(size))
        if size:
            self.positive += rows
            self.entropy += rows * int(_fixed(np.log(np.float64(size))))

    def _widen(self, low: float, high: float) -> None:
        self.low_total = low if self.low_total is None else min(low, self.low_total)
        self.high_total = high if self.high_total is None else max(high, self.high_total)

    def _add_digits(self, filled: Floats) -> None:
        while self.digits is not None:
            scaled = filled * 10.0**self.digits
            if (np.abs(scaled - np.rint(scaled)) <= 1e-5 * 10.0**self.digits).all():
                return
            self.digits = self.digits + 1 if self.digits < _DIGITS[-1] else None

    def _add_shares(self, filled: Floats, total: Floats, good: Mask, unit: Mask) -> None:
        usable = good & (total > 0) & np.isfinite(total)
        self.positive += int(usable.sum())
        if good.any():
            self._widen(float(total[good].min()), float(total[good].max()))
        if usable.any():
            share = filled[usable] / total[usable][:, None]
            self.shares += _fixed(share).sum(axis=0)
            self.entropy += int(_fixed(_entropies(share).sum(axis=1)).sum())
        if unit.any():
            cells = filled[unit]
            self.unit_cells += _fixed(cells).sum(axis=0)
            self.bernoulli += int(_fixed(_entropies(cells) + _entropies(1.0 - cells)).sum())

    def merge(self, other: "MatrixFacts") -> None:
        """Add the facts of the rows that follow, of the same columns."""
        for name in ("none_rows", "several_rows", "partial_rows", "missing_rows"):
            _note(getattr(self, name), self.rows + np.array(getattr(other, name), dtype=np.intp))
        for name in (
            "rows", "missing", "partial", "minus_cells", "zero_one", "in_unit", "whole", "positive", "zero_cells",
            "entropy", "bernoulli", "ones", "zeros", "top", "shares", "unit_cells",
        ):  # fmt: skip
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self._note_totals({total: self.rows - other.rows + row for total, row in other.first_by_total.items()})
        self.totals.update(other.totals)
        self.by_sum.update(other.by_sum)
        self.sums_to_one.update(other.sums_to_one)
        self.digits = None if None in {self.digits, other.digits} else max(self.digits or 0, other.digits or 0)
        lows = [one for one in (self.low_total, other.low_total) if one is not None]
        highs = [one for one in (self.high_total, other.high_total) if one is not None]
        self.low_total, self.high_total = min(lows, default=None), max(highs, default=None)

    @property
    def minus_says_no(self) -> bool:
        """Whether -1 stands in more than half of all cells, beside 0 and 1 alone; a rare -1 leaves a label open."""
        return self.zero_one == self.labelled and 2 * self.minus_cells > self.rows * len(self.names)

    @property
    def labelled(self) -> int:
        """Rows that hold something."""
        return self.rows - self.missing

    @property
    def whole_totals(self) -> "Counter[int]":
        """Rows of whole numbers by their total, those of zeros and ones among them."""
        return self.totals + self.by_sum

    @property
    def unit_sum(self) -> int:
        """Rows that lie in [0, 1] and sum to 1, as far as the rounding of their digits allows.

        Rounding may leave every row off by the same, as in smoothed labels: 0.93, 0.03, 0.03.
        """
        exact = self.sums_to_one[0]
        if not self.digits or exact >= 0.99 * self.labelled or self.rows == 0:
            return exact
        rounded = self.sums_to_one[self.digits]
        if rounded == self.labelled and 0.5 * len(self.names) * 10.0**-self.digits <= _SURE_ROUNDING:
            return rounded
        centred = abs(float(self.unit_cells.sum()) / _FIXED - self.in_unit) <= 0.01 * self.in_unit
        return rounded if centred and exact >= 0.3 * self.labelled else exact

    @property
    def sums_said(self) -> str:
        """How many rows sum to 1, as a sentence says it."""
        rounded = self.unit_sum > self.sums_to_one[0]
        within = f" within the rounding of {counted(self.digits or 0, 'digit')}" if rounded else ""
        return f"{self.unit_sum:,} of {counted(self.labelled, 'row')} {verb(self.labelled, 'sum')} to 1{within}"

    def mean_shares(self) -> tuple[float, ...]:
        """Return the mean share of each column, of rows divided by their totals."""
        return tuple((self.shares / _FIXED / max(1, self.positive)).tolist())

    def mean_cells(self) -> tuple[float, ...]:
        """Return the mean of each column, of rows in [0, 1]."""
        return tuple((self.unit_cells / _FIXED / max(1, self.in_unit)).tolist())

    def mean_entropy(self) -> float:
        """Return the mean entropy of the rows in nats, of rows divided by their totals."""
        return self.entropy / _FIXED / max(1, self.positive)

    def mean_bernoulli(self) -> float:
        """Return the mean Bernoulli entropy of the cells in nats, of rows in [0, 1]."""
        return self.bernoulli / _FIXED / max(1, self.in_unit * len(self.names))


def _part(number: Integers) -> Integers:
    """Return what each 1 of a row with so many ones is of it, in multiples of 2^-32."""
    return _fixed(1.0 / np.maximum(number, 1))


def _note(kept: list[int], rows: "npt.NDArray[np.intp]") -> None:
    kept += rows[: max(0, FIRST_ROWS - len(kept))].tolist()


def _fixed(values: Floats) -> Integers:
    return np.rint(values * _FIXED).astype(np.int64)


def _entropies(shares: Floats) -> Floats:
    """Return -p ln p a cell, 0 for 0."""
    logs = np.log(np.where(shares > 0, shares, 1.0))
    return np.where(shares > 0, -shares * logs, 0.0)
