"""Survey: mergeable facts of label columns, gathered in one pass, before anything is decided.

Floor 3. Facts only: what values a column holds and how often, what rows of a block of numbers sum to, which
tags its cells split into. `detect` decides from them and never sees data. Two surveys of parts of a table
merge into the survey of the whole.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.files.arrays import floats, is_list, lists, nulls
from xentcli.files.table import ReadAs, Table
from xentcli.task.values import count_values, integer_of

MANY_VALUES = 20_000
"""Distinct values kept of a column; with more, it is no list of classes."""

Mask = npt.NDArray[np.bool_]


@dataclass
class ColumnFacts:
    """What one column of plain cells holds.

    Attributes:
        name: the column.
        rows: cells seen.
        counts: rows by value, as text; no new values are added beyond `MANY_VALUES`.
        overflow: rows whose value did not fit in.
        booleans: whether the file types the cells as booleans.
        dates: whether the file types the cells as dates or times.
        classes: class names from the file's metadata.
    """

    name: str
    rows: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    overflow: int = 0
    booleans: bool = False
    dates: bool = False
    classes: tuple[str, ...] | None = None

    def add(self, array: pa.Array) -> None:
        """Add the cells of an array."""
        self.rows += len(array)
        seen: Counter[str] = Counter()
        count_values(array, seen)
        self._keep(seen)

    def _keep(self, seen: Counter[str]) -> None:
        for value, rows in seen.items():
            if value in self.counts or len(self.counts) < MANY_VALUES:
                self.counts[value] += rows
            else:
                self.overflow += rows

    def merge(self, other: "ColumnFacts") -> None:
        """Add the facts of another part of the same column."""
        self.rows += other.rows
        self.overflow += other.overflow
        self._keep(other.counts)

    @property
    def labelled(self) -> int:
        """Rows that hold a value."""
        return sum(self.counts.values()) + self.overflow

    @property
    def missing(self) -> int:
        """Rows that hold none."""
        return self.rows - self.labelled

    @property
    def distinct(self) -> int:
        """Number of distinct values, at least."""
        return len(self.counts) + bool(self.overflow)

    def integers(self) -> list[int] | None:
        """Return the distinct values as sorted integers, None if one is no integer."""
        found = [integer_of(text) for text in self.counts]
        if not found or any(value is None for value in found):
            return None
        return sorted({value for value in found if value is not None})

    def numbers(self) -> list[float] | None:
        """Return the distinct values as sorted numbers, None if one is no number."""
        try:
            values = sorted({float(text) for text in self.counts if "_" not in text})
        except ValueError:
            return None
        return values if values and len(values) >= 0.5 * len(self.counts) else None


@dataclass
class MatrixFacts:
    """What the rows of a block of number columns, or of a column of number lists, hold together.

    Attributes:
        names: what the columns are called; for a list column the positions.
        rows: rows seen.
        missing: rows in which every cell is empty.
        partial: rows in which some cells are empty, or -1 among 0 and 1.
        by_sum: rows of zeros and ones by their number of ones.
        ones: rows with a 1 (a positive share), by column.
        top: rows by the column of their largest number, the first on ties.
        zero_one: rows that hold zeros and ones only.
        in_unit: rows that lie in [0, 1].
        unit_sum: rows that lie in [0, 1] and sum to 1.
        whole: rows of whole numbers, none negative.
        totals: the distinct sums of such rows, up to a few.
        lengths: rows by number of cells (lists).
    """

    names: tuple[str, ...]
    rows: int = 0
    missing: int = 0
    partial: int = 0
    by_sum: Counter[int] = field(default_factory=Counter)
    ones: Counter[int] = field(default_factory=Counter)
    top: Counter[int] = field(default_factory=Counter)
    zero_one: int = 0
    in_unit: int = 0
    unit_sum: int = 0
    whole: int = 0
    totals: set[int] = field(default_factory=set)
    lengths: Counter[int] = field(default_factory=Counter)

    def add(self, values: npt.NDArray[np.float64]) -> None:
        """Add rows, shape (n, columns); NaN stands for an empty cell."""
        empty = np.isnan(values)
        none = empty.all(axis=1)
        unsure = (values == -1) & ((values == -1) | (values == 0) | (values == 1) | empty).all(axis=1)[:, None]
        some = (empty | unsure).any(axis=1) & ~none
        filled = np.where(empty | unsure, 0.0, values)
        self.rows += len(values)
        self.missing += int(none.sum())
        self.partial += int(some.sum())
        filled = filled[~none]
        bits = ((filled == 0) | (filled == 1)).all(axis=1)
        self.zero_one += int(bits.sum())
        self.by_sum.update(filled[bits].sum(axis=1).astype(int).tolist())
        for column, count in enumerate((filled[bits] == 1).sum(axis=0).tolist()):
            self.ones[column] += count
        if filled.size:
            self.top.update(filled.argmax(axis=1).tolist())
        total = filled.sum(axis=1)
        unit = ((filled >= 0) & (filled <= 1)).all(axis=1)
        self.in_unit += int(unit.sum())
        self.unit_sum += int((unit & (np.abs(total - 1) <= 1e-3)).sum())
        whole = ((filled >= 0) & (filled == np.floor(filled))).all(axis=1) & (total < 1e15)
        self.whole += int(whole.sum())
        self.totals.update(total[whole][:1000].astype(int).tolist()[:50])

    def merge(self, other: "MatrixFacts") -> None:
        """Add the facts of other rows of the same columns."""
        for name in ("rows", "missing", "partial", "zero_one", "in_unit", "unit_sum", "whole"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.by_sum.update(other.by_sum)
        self.ones.update(other.ones)
        self.top.update(other.top)
        self.lengths.update(other.lengths)
        self.totals |= other.totals

    @property
    def labelled(self) -> int:
        """Rows that hold something."""
        return self.rows - self.missing


def survey_column(table: Table, name: str) -> ColumnFacts:
    """Return the facts of one column of plain cells."""
    return survey_columns(table, (name,))[name]


def survey_columns(table: Table, names: Iterable[str]) -> dict[str, ColumnFacts]:
    """Return the facts of several columns of plain cells, in one pass."""
    wanted = tuple(names)
    facts = {name: _empty_facts(table, name) for name in wanted}
    for batch in table.batches(dict.fromkeys(wanted, ReadAs.NATIVE)):
        for name, array in zip(wanted, batch.columns, strict=True):
            facts[name].add(array)
    return facts


def _empty_facts(table: Table, name: str) -> ColumnFacts:
    column = table[name]
    return ColumnFacts(
        name,
        booleans=pa.types.is_boolean(column.type),
        dates=pa.types.is_temporal(column.type),
        classes=column.classes,
    )


def survey_block(table: Table, names: tuple[str, ...]) -> MatrixFacts:
    """Return the facts of several number columns as one block."""
    facts = MatrixFacts(names)
    for batch in table.batches(dict.fromkeys(names, ReadAs.NUMBER)):
        columns = []
        for name, array in zip(names, batch.columns, strict=True):
            values = floats(array, name).astype(np.float64)
            empty = nulls(array)
            columns.append(values if empty is None else np.where(empty, np.nan, values))
        facts.add(np.stack(columns, axis=1))
    return facts


def survey_lists(table: Table, name: str) -> MatrixFacts:
    """Return the facts of a column of number lists; lists of an unusual length count as missing."""
    size = _list_size(table, name)
    facts = MatrixFacts(tuple(str(at) for at in range(size)))
    for batch in table.batches({name: ReadAs.NATIVE}):
        cells = lists(batch.column(0))
        absent = np.zeros(len(cells.lengths), dtype=np.bool_) if cells.null is None else cells.null
        facts.lengths.update(cells.lengths[~absent].tolist())
        good = np.flatnonzero(~absent & (cells.lengths == size))
        values = floats(cells.values, name).astype(np.float64)
        empty = nulls(cells.values)
        if empty is not None:
            values = np.where(empty, np.nan, values)
        matrix = np.full((len(absent), size), np.nan)
        matrix[good] = values[cells.starts[good][:, None] + np.arange(size)]
        facts.add(matrix)
    return facts


def _list_size(table: Table, name: str) -> int:
    kind = table[name].type
    if pa.types.is_fixed_size_list(kind):
        return int(kind.list_size)
    lengths: Counter[int] = Counter()
    for batch in table.batches({name: ReadAs.NATIVE}):
        cells = lists(batch.column(0))
        lengths.update((cells.lengths if cells.null is None else cells.lengths[~cells.null]).tolist())
    return max(lengths, key=lambda length: (lengths[length], length), default=0)


def survey_tag_lists(table: Table, name: str) -> tuple[Counter[tuple[str, ...]], int, int]:
    """Return rows by tags, the rows seen, and the null ones, of a column of lists of tags."""
    found: Counter[tuple[str, ...]] = Counter()
    rows = missing = 0
    for batch in table.batches({name: ReadAs.NATIVE}):
        for cell in batch.column(0).to_pylist():
            rows += 1
            if cell is None:
                missing += 1
            else:
                found[tuple(str(tag) for tag in cell if tag is not None)] += 1
    return found, rows, missing


def is_number_list(kind: pa.DataType) -> bool:
    """Return whether cells of that type are lists of numbers."""
    if not is_list(kind):
        return False
    value = kind.value_type
    return bool(pa.types.is_integer(value) or pa.types.is_floating(value) or pa.types.is_boolean(value))
