"""Sample: what the first rows of the columns hold, read when somebody asks, a bounded number of cells.

Floor 3. Facts of the first rows suggest a reading; the labels of all rows and the checks of the pass decide. For a file
of fewer rows they are facts of all rows.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import cached_property

import numpy as np
import pyarrow as pa

from xentcli.arrays import Floats, Indices
from xentcli.files.arrays import floats, is_list, nulls, view
from xentcli.files.plain import is_text
from xentcli.files.table import ReadAs, Table
from xentcli.record import Record
from xentcli.task.first_rows import FIRST, first_rows
from xentcli.task.values import LabelValues, as_text, integer_of, values_of_columns

MOST_CELLS = 1 << 22
"""Cells looked at in one go; wider tables show fewer rows."""

LEAST_ROWS = 500

MOST_VALUES = 2_000
"""A column with more distinct values holds no classes that could be told from its first rows."""

IN_UNIT = 0.99
"""The share of rows that must fit; the others are bad rows."""


class Cells(StrEnum):
    """What kind of cells a column has."""

    NUMBERS = "numbers"
    WORDS = "words"
    BOOLEANS = "true and false"
    LISTS = "lists of numbers"
    TAGS = "lists of words"
    DATES = "dates"
    NOTHING = "nothing"


class ColumnSample(Record):
    """The first rows of one column.

    Attributes:
        name: of the column.
        cells: what they are.
        rows: how many.
        numbers: shape (rows,), NaN where there is none; None for words, dates and lists.
        codes: shape (rows,), position in `texts`, -1 where the cell is empty; None for lists and fractions.
        texts: the distinct cells as text.
        fractions: whether some numbers are not whole.
    """

    name: str
    cells: Cells
    rows: int
    numbers: Floats | None = None
    codes: Indices | None = None
    texts: tuple[str, ...] = ()
    fractions: bool = False

    @property
    def few(self) -> bool:
        """Whether the cells are plain and have few distinct values."""
        return self.codes is not None and 0 < len(self.texts) <= MOST_VALUES

    @cached_property
    def integers(self) -> bool:
        """Whether every cell is integer-valued."""
        return bool(self.texts) and all(integer_of(text) is not None for text in self.texts)

    @cached_property
    def held(self) -> Floats:
        """The numbers that are there."""
        assert self.numbers is not None  # noqa: S101  callers look
        return self.numbers[~np.isnan(self.numbers)]

    @cached_property
    def in_unit(self) -> bool:
        """Whether nearly all numbers lie in [0, 1]."""
        if self.numbers is None or not len(self.held):
            return False
        inside = np.count_nonzero((self.held >= -1e-6) & (self.held <= 1 + 1e-6))
        return bool(inside >= IN_UNIT * len(self.held))

    @cached_property
    def unique(self) -> bool:
        """Whether no cell repeats."""
        if self.codes is not None:
            return len(self.texts) == int(np.count_nonzero(self.codes >= 0)) > 1
        return self.numbers is not None and len(np.unique(self.held)) == len(self.held) > 1

    @cached_property
    def counts_rows(self) -> bool:
        """Whether the numbers go up by one from row to row."""
        if self.numbers is None or len(self.held) < max(2, self.rows):
            return False
        return bool((np.diff(self.held) == 1).all())


def kind_of(kind: pa.DataType) -> Cells:
    """Return what kind of cells a type of a typed format has."""
    if is_list(kind):
        value = kind.value_type
        number = pa.types.is_integer(value) or pa.types.is_floating(value) or pa.types.is_boolean(value)
        return Cells.LISTS if number or pa.types.is_decimal(value) else Cells.TAGS
    if pa.types.is_boolean(kind):
        return Cells.BOOLEANS
    if pa.types.is_temporal(kind):
        return Cells.DATES
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return Cells.NUMBERS
    return Cells.NOTHING if pa.types.is_null(kind) else Cells.WORDS


class Sample:
    """The first rows of a table, column by column."""

    def __init__(self, table: Table, rows: int | None = None, *, joined: bool = False) -> None:
        """Keep the table; nothing is read yet.

        Args:
            table: where the columns are.
            rows: how many to look at; None for as many as are worth it.
            joined: whether some columns come from a second file, which may be text.
        """
        self._written = joined or table.format.is_text
        self.table = table
        self.rows = rows or max(LEAST_ROWS, min(FIRST, MOST_CELLS // max(1, len(table.names))))
        self._seen: dict[str, ColumnSample] = {}
        self._values: dict[str, LabelValues] = {}
        self._types = {column.name: column.type for column in table.columns}

    def cells(self, name: str) -> Cells:
        """Return what kind of cells a column has; of a text format only its first rows tell."""
        kind = self._types[name]
        return self[name].cells if self._written and is_text(kind) else kind_of(kind)

    def fractional(self, name: str) -> bool:
        """Whether a column's type alone says that it holds floating numbers, so that no row need be read."""
        return bool(pa.types.is_floating(self._types[name]) or pa.types.is_decimal(self._types[name]))

    def __getitem__(self, name: str) -> ColumnSample:
        """Return the sample of one column."""
        if name not in self._seen:
            self.load((name,))
        return self._seen[name]

    def known(self, name: str) -> ColumnSample | None:
        """Return the sample of a column if somebody asked for it before."""
        return self._seen.get(name)

    def load(self, names: Iterable[str]) -> None:
        """Read some columns in one pass."""
        new = [name for name in names if name not in self._seen]
        plain = [name for name in new if not is_list(self._types[name])]
        for name in new:
            if is_list(self._types[name]):
                self._seen[name] = ColumnSample(name, kind_of(self._types[name]), 0)
        if not plain:
            return
        texts = [name for name in plain if self._written and is_text(self._types[name])]
        native = self._read(dict.fromkeys(plain, ReadAs.NATIVE))
        parsed = self._read(dict.fromkeys(texts, ReadAs.NUMBER)) if texts else {}
        # Of two joined tables one may be text and the other typed: the typed one's words stay words.
        numbers = {name: array for name, array in parsed.items() if not is_text(array.type)}
        for name in plain:
            number = numbers.get(name)
            if number is not None and pa.types.is_floating(number.type):
                self._seen[name] = _written(name, native[name], number)
            else:
                self._seen[name] = _typed(name, native[name], kind_of(self._types[name]))

    def _read(self, columns: Mapping[str, ReadAs]) -> dict[str, pa.Array]:
        batches = list(first_rows(self.table, columns, self.rows))
        return {name: _joined([batch.column(at) for batch in batches]) for at, name in enumerate(columns)}

    def load_values(self, names: Iterable[str]) -> None:
        """Count the distinct cells of some columns in all rows of the table, in one pass."""
        new = [name for name in dict.fromkeys(names) if name not in self._values]
        if new:
            self._values |= values_of_columns(self.table, new)

    def values(self, name: str) -> LabelValues:
        """Return the distinct cells of a column in all rows of the table."""
        if name not in self._values:
            self.load_values((name,))
        return self._values[name]


def _joined(arrays: list[pa.Array]) -> pa.Array:
    if not arrays:
        return pa.nulls(0)
    if len(arrays) == 1:
        return arrays[0]
    if any(pa.types.is_dictionary(array.type) for array in arrays):
        arrays = [array.dictionary_decode() if pa.types.is_dictionary(array.type) else array for array in arrays]
    return pa.concat_arrays(arrays)


def _typed(name: str, array: pa.Array, cells: Cells) -> ColumnSample:
    """Return the sample of a column of a format that types its cells."""
    if cells in {Cells.DATES, Cells.NOTHING} or pa.types.is_null(array.type):
        return ColumnSample(name, cells if cells is Cells.DATES else Cells.NOTHING, len(array))
    if cells is Cells.WORDS:
        return _of_words(name, array)
    values = floats(array, name).astype(np.float64)
    empty = nulls(array)
    if empty is not None:
        values = np.where(empty, np.nan, values)
    return _of_numbers(name, cells, values, _plain_number if cells is Cells.NUMBERS else _plain_boolean)


def _plain_number(value: float) -> str:
    return as_text(value)


def _plain_boolean(value: float) -> str:
    return "true" if value else "false"


def _of_numbers(name: str, cells: Cells, values: Floats, text: Callable[[float], str]) -> ColumnSample:
    held = values[~np.isnan(values)]
    whole = bool((held == np.floor(held)).all())
    if not len(held):
        return ColumnSample(name, Cells.NOTHING, len(values))
    if not whole:
        return ColumnSample(name, cells, len(values), values, fractions=True)
    distinct, inverse = np.unique(held, return_inverse=True)
    codes = np.full(len(values), -1, dtype=np.intp)
    codes[~np.isnan(values)] = inverse
    return ColumnSample(name, cells, len(values), values, codes, tuple(text(one) for one in distinct.tolist()))


def _of_words(name: str, array: pa.Array) -> ColumnSample:
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    codes, texts = _codes(encoded)
    return ColumnSample(name, Cells.WORDS if texts else Cells.NOTHING, len(array), None, codes, texts)


def _codes(encoded: pa.Array) -> tuple[Indices, tuple[str, ...]]:
    """Return the code of each cell among those that occur, -1 for an empty one, and their texts."""
    at = view(encoded.indices).astype(np.intp)
    empty = nulls(encoded.indices)
    if empty is not None:
        at = np.where(empty, -1, at)
    used = np.unique(at[at >= 0])
    places = np.full(len(encoded.dictionary) + 1, -1, dtype=np.intp)
    places[used] = np.arange(len(used))
    known = encoded.dictionary.to_pylist()
    return places[at], tuple(as_text(known[one]) for one in used.tolist())


def _written(name: str, native: pa.Array, numbers: pa.Array) -> ColumnSample:
    """Return the sample of a column of a text format, whose cells are numbers where nearly all can be read as such."""
    blank = native.null_count
    held = len(native) - blank
    words = numbers.null_count - blank
    if held == 0:
        return ColumnSample(name, Cells.NOTHING, len(native))
    if 2 * words >= held:
        found = _of_words(name, native)
        folded = {text.strip().casefold() for text in found.texts}
        return found if not folded <= {"true", "false"} else ColumnSample(
            name, Cells.BOOLEANS, found.rows, _truths(found), found.codes, found.texts)  # fmt: skip
    values = floats(numbers, name).astype(np.float64)
    empty = nulls(numbers)
    if empty is not None:
        values = np.where(empty, np.nan, values)
    filled = values[~np.isnan(values)]
    if bool((filled != np.floor(filled)).any()):
        return ColumnSample(name, Cells.NUMBERS, len(native), values, fractions=True)
    encoded = _of_words(name, native)
    return ColumnSample(name, Cells.NUMBERS, len(native), values, encoded.codes, encoded.texts)


def _truths(found: ColumnSample) -> Floats:
    assert found.codes is not None  # noqa: S101  words have codes
    table = np.array([*(float(text.strip().casefold() == "true") for text in found.texts), np.nan])
    return table[found.codes]
