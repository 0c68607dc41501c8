"""ColumnFacts: what one column of plain cells holds, counted in one pass, mergeable.

Floor 3. Facts only; hypotheses decide. Distinct values are kept up to a bound and sketched beyond it, in a fixed number
of bytes, so memory stays bounded whatever the column is.
"""

from collections import Counter

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.arrays import Hashes
from xentcli.files.arrays import nulls, view
from xentcli.record import MutableRecord, field, replace
from xentcli.task.tags import NO_TAGS, TagFacts, separator_of, split
from xentcli.task.values import as_text, count_cells, integer_of
from xentcli.task.vocabulary import NULL_WORDS

_BITS = 14
_REGISTERS = 1 << _BITS
_POSITIONS = 4096
"""Bytes of a text that its hash looks at; longer ones are told apart by their length as well."""


def _mixed(values: Hashes) -> Hashes:
    """Return 64 bits a value, each bit dependent on all of its bits (the finaliser of SplitMix64)."""
    mixed = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def hash_numbers(values: npt.NDArray[np.generic]) -> Hashes:
    """Return a hash a number, shape (n,); 1 and 1.0 have the same."""
    whole = np.asarray(values, dtype=np.float64) + 0.0  # minus zero is zero
    return _mixed(whole.view(np.uint64) + np.uint64(0x9E3779B97F4A7C15))


def hash_texts(array: pa.Array) -> Hashes:
    """Return a hash a text, shape (n,), of a string array without nulls."""
    wide = np.int64 if pa.types.is_large_string(array.type) else np.int32
    _, offsets, data = array.buffers()
    ends = np.frombuffer(offsets, dtype=wide)[array.offset : array.offset + len(array) + 1].astype(np.int64)
    lengths = np.diff(ends)
    if data is None or not lengths.any():
        return _mixed(lengths.astype(np.uint64))
    letters = np.frombuffer(data, dtype=np.uint8)[ends[0] : ends[-1]].astype(np.uint64)
    starts = ends[:-1] - ends[0]
    position = np.arange(len(letters)) - np.repeat(starts, lengths)
    keys = _mixed(np.arange(_POSITIONS, dtype=np.uint64) + np.uint64(1)) | np.uint64(1)
    products = (letters + np.uint64(1)) * keys[position % _POSITIONS]
    filled = np.flatnonzero(lengths)
    sums = np.zeros(len(array), dtype=np.uint64)
    sums[filled] = np.add.reduceat(products, starts[filled])
    return _mixed(sums + lengths.astype(np.uint64))


class Sketch(MutableRecord):
    """A HyperLogLog: for each of 2^14 groups of hashes the longest run of leading zeros plus one."""

    registers: npt.NDArray[np.uint8] = field(default_factory=lambda: np.zeros(_REGISTERS, dtype=np.uint8))

    def add(self, hashes: Hashes) -> None:
        """Add values by their hashes."""
        group = (hashes >> np.uint64(64 - _BITS)).astype(np.intp)
        # The rest of the hash as a float: its exponent tells the leading zeros.
        rest = (hashes << np.uint64(_BITS)) >> np.uint64(12)
        _, exponent = np.frexp(rest.astype(np.float64))
        rank = np.where(rest == 0, 53, 53 - exponent).astype(np.uint8)
        np.maximum.at(self.registers, group, rank)

    def add_cells(self, array: pa.Array) -> None:
        """Add the cells of an array of numbers or texts without nulls."""
        if pa.types.is_dictionary(array.type):
            array = array.dictionary_decode()
        if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
            self.add(hash_texts(array))
        elif pa.types.is_integer(array.type) or pa.types.is_floating(array.type):
            self.add(hash_numbers(view(array)))
        else:
            self.add(hash_texts(pa.array([str(value) for value in array.to_pylist()], pa.string())))

    def merge(self, other: "Sketch") -> None:
        """Add the values of another part."""
        np.maximum(self.registers, other.registers, out=self.registers)

    @property
    def distinct(self) -> int:
        """About how many distinct values were added."""
        weight = 0.7213 / (1 + 1.079 / _REGISTERS)
        estimate = weight * _REGISTERS**2 / float(np.sum(2.0 ** -self.registers.astype(np.float64)))
        empty = int(np.count_nonzero(self.registers == 0))
        if estimate <= 2.5 * _REGISTERS and empty:
            estimate = _REGISTERS * float(np.log(_REGISTERS / empty))
        return round(estimate)


MANY_VALUES = 100_000
"""Distinct values kept of a column; with more, it is no list of classes."""

FIRST_ROWS = 10
"""Rows kept as examples of what a finding is about."""


class ColumnFacts(MutableRecord):
    """What one column of plain cells holds.

    Attributes:
        name: the column.
        rows: cells seen.
        counts: rows by value, as text; beyond `MANY_VALUES` distinct ones no new value is added.
        first: the first row, from 0, of each of these values.
        missing_rows: the first rows without a value.
        beyond: rows seen after the bound was reached.
        sketch: of all values, once the bound was reached.
        low: the smallest number of a column that the file types as numbers, once the bound was reached.
        high: the largest.
        whole: whether all those numbers are whole.
        tags: the tags of the cells, once the bound was reached, if a separator splits them.
        booleans: whether the file types the cells as booleans.
        dates: whether the file types the cells as dates or times.
        typed: whether the file types the cells as numbers.
        classes: class names from the file's metadata.
        dictionary: whether these are the entries of a dictionary, of which some may be unused.
    """

    name: str
    rows: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, int] = field(default_factory=dict)
    missing_rows: list[int] = field(default_factory=list)
    beyond: int = 0
    sketch: Sketch | None = None
    low: float | None = None
    high: float | None = None
    whole: bool = True
    tags: TagFacts | None = None
    booleans: bool = False
    dates: bool = False
    typed: bool = False
    classes: tuple[str, ...] | None = None
    dictionary: bool = False

    def add(self, array: pa.Array) -> None:
        """Add the cells of an array."""
        if self.sketch is not None:
            self._add_beyond(array)
        else:
            counted = count_cells(array)
            for value, (rows, first) in counted.items():
                self.counts[value] += rows
                self.first.setdefault(value, self.rows + first)
            self._note_missing(array, sum(rows for rows, _ in counted.values()))
            if len(self.counts) > MANY_VALUES:
                self._overflow()
        self.rows += len(array)

    def _note_missing(self, array: pa.Array, filled: int) -> None:
        if filled == len(array) or len(self.missing_rows) >= FIRST_ROWS:
            return
        empty = nulls(array)
        blank = np.zeros(len(array), dtype=np.bool_) if empty is None else empty
        if pa.types.is_float32(array.type) or pa.types.is_float64(array.type):
            blank = blank | np.isnan(view(array).astype(np.float64))
        self.missing_rows += (self.rows + np.flatnonzero(blank)[: FIRST_ROWS - len(self.missing_rows)]).tolist()

    def _overflow(self) -> None:
        """Go over to sketching: fold in what was counted."""
        self.sketch = Sketch()
        self.sketch.add_cells(pa.array(list(self.counts), pa.string()) if not self.typed else _numbers(self.counts))
        separator = None if self.typed else separator_of(self.counts)
        if separator is not None:
            self.tags = TagFacts(separator)
            for cell, rows in self.counts.items():
                self.tags.add_cell(split(cell, separator), rows)

    def _add_beyond(self, array: pa.Array) -> None:
        assert self.sketch is not None  # noqa: S101  the caller looked
        filled = array.drop_null()
        if pa.types.is_floating(filled.type):
            values = view(filled) if not pa.types.is_float16(filled.type) else view(filled).astype(np.float32)
            filled = pa.array(values[~np.isnan(values)])
        self.beyond += len(filled)
        if len(filled) == 0:
            return
        self.sketch.add_cells(filled)
        if self.typed and (pa.types.is_integer(filled.type) or pa.types.is_floating(filled.type)):
            self._widen(view(filled))
        if self.tags is not None:
            for cell, rows in Counter(filled.to_pylist()).items():
                self.tags.add_cell(split(as_text(cell), self.tags.separator or ""), rows)

    def _widen(self, values: "np.ndarray[tuple[int], np.dtype[np.generic]]") -> None:
        numbers = values.astype(np.float64)
        self.low = float(numbers.min()) if self.low is None else min(self.low, float(numbers.min()))
        self.high = float(numbers.max()) if self.high is None else max(self.high, float(numbers.max()))
        self.whole = self.whole and bool((numbers == np.floor(numbers)).all())

    def merge(self, other: "ColumnFacts") -> None:
        """Add the facts of the rows that follow, of the same column."""
        for value, rows in other.counts.items():
            self.counts[value] += rows
            self.first.setdefault(value, self.rows + other.first[value])
        self.missing_rows = (self.missing_rows + [self.rows + row for row in other.missing_rows])[:FIRST_ROWS]
        if self.sketch is None and (other.sketch is not None or len(self.counts) > MANY_VALUES):
            self._overflow()
        if self.sketch is not None and other.sketch is not None:
            self.sketch.merge(other.sketch)
        self.rows += other.rows
        self.beyond += other.beyond

    @property
    def labelled(self) -> int:
        """Rows that hold a value."""
        return sum(self.counts.values()) + self.beyond

    @property
    def missing(self) -> int:
        """Rows that hold none."""
        return self.rows - self.labelled

    @property
    def overflow(self) -> bool:
        """Whether there are more distinct values than were kept."""
        return self.sketch is not None

    @property
    def distinct(self) -> int:
        """Number of distinct values; an estimate beyond the bound."""
        return len(self.counts) if self.sketch is None else max(len(self.counts), self.sketch.distinct)

    def empty_tag_rows(self) -> list[int]:
        """Return the first rows, from 0, of cells that hold no tag: blank ones, and such as `none`."""
        first = [row for text, row in self.first.items() if text.strip().casefold() in NO_TAGS]
        return sorted({*self.missing_rows, *first})[:FIRST_ROWS]

    def integers(self) -> list[int] | None:
        """Return the distinct values kept as sorted integers, None if one is no integer."""
        found = [integer_of(text) for text in self.counts]
        if not found or not self.whole or any(value is None for value in found):
            return None
        return sorted({value for value in found if value is not None})

    def numbers(self) -> list[float] | None:
        """Return the distinct values kept as sorted numbers, None if one is no number."""
        if self.typed:
            return sorted({float(text) for text in self.counts}) or None
        return numbers_of(self.counts) or None


_NUMBERLESS = NULL_WORDS | {"?", ".", "-", "--", "missing", "unknown"}
"""What people write for a missing number; `?` and `.` are those of old repositories and of SAS."""


def null_words(facts: ColumnFacts) -> tuple[str, ...]:
    """Return the words that stand for a missing number: `NA` and its like, where all other values are numbers."""
    if facts.typed or facts.booleans or facts.dates or len(facts.counts) < 2:
        return ()
    found = tuple(text for text in facts.counts if text.strip().casefold() in _NUMBERLESS)
    others = [text for text in facts.counts if text not in found] if found else []
    return found if others and all(number_of(text) is not None for text in others) else ()


def without(facts: ColumnFacts, values: tuple[str, ...]) -> ColumnFacts:
    """Return the facts without the rows of some values, which then hold none; the same facts if there are none."""
    if not values:
        return facts
    rows = sorted({*facts.missing_rows, *(facts.first[text] for text in values)})[:FIRST_ROWS]
    kept = Counter({text: count for text, count in facts.counts.items() if text not in values})
    return replace(facts, counts=kept, missing_rows=rows)


def numbers_of(texts: "Counter[str]") -> list[float] | None:
    """Return texts as sorted distinct numbers, None if one is no number.

    A leading zero (`01`), an underscore, `nan` and `inf` make names of them, not numbers.
    """
    found = set()
    for text in texts:
        value = number_of(text)
        if value is None:
            return None
        found.add(value)
    return sorted(found)


def number_of(text: str) -> float | None:
    """Return the number that a text stands for, None if it is a name; `01`, `nan`, `1_000` are names."""
    stripped = text.strip()
    digits = stripped.lstrip("+-")
    if not digits or digits[0] not in ".0123456789" or "_" in digits or not digits.isascii():
        return None
    if digits[0] == "0" and digits[1:2].isdigit():
        return None
    try:
        return float(stripped)
    except ValueError:
        return None


def _numbers(counts: "Counter[str]") -> pa.Array:
    return pa.array([float(text) for text in counts], pa.float64())
