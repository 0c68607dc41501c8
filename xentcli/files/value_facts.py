"""ValueFacts: what the values of a column show that may identify its rows, and a bounded sample of distinct values.

Floor 2. One pass over some columns; memory is bounded, and the sample is the same however the rows are cut or ordered.
The values are compared as ids are: `1`, `1.0` and the number 1 are one value, `01` is another.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.arrays import Hashes
from xentcli.files.arrays import nulls, view
from xentcli.files.keys import INTEGER, fingerprints, id_texts, integer_valued, mixed
from xentcli.files.plain import is_text
from xentcli.files.table import ReadAs, Table
from xentcli.record import MutableRecord, field

SIZE = 4096
"""With so many values a share of 99 % is known to about 0.2 points."""

_HIGHEST = np.uint64(0xFFFFFFFFFFFFFFFF)


class ValueSample(MutableRecord):
    """The values with the smallest hashes.

    Attributes:
        hashes: of the values, rising.
        counts: in how many rows each stands.
        limit: every value whose hash is at most so large is among them.
    """

    hashes: Hashes = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))
    counts: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    limit: np.uint64 = _HIGHEST

    def add(self, hashes: Hashes) -> None:
        """Add the values of some rows by their hashes, shape (n,)."""
        new, counts = np.unique(hashes[hashes <= self.limit], return_counts=True)
        self._add(new, counts.astype(np.int64))

    def merge(self, other: "ValueSample") -> None:
        """Add the values of another part."""
        self.limit = min(self.limit, other.limit)
        self._add(other.hashes, other.counts)

    def _add(self, values: Hashes, counts: npt.NDArray[np.int64]) -> None:
        both, places = np.unique(np.concatenate([self.hashes, values]), return_inverse=True)
        summed = np.zeros(len(both), dtype=np.int64)
        np.add.at(summed, places, np.concatenate([self.counts, counts]))
        kept = both <= self.limit
        self.hashes, self.counts = both[kept][:SIZE], summed[kept][:SIZE]
        if np.count_nonzero(kept) > SIZE:
            self.limit = self.hashes[-1]

    @property
    def repeats(self) -> bool:
        """Whether a value of the sample stands in several rows."""
        return bool(np.any(self.counts > 1))

    @property
    def distinct_share(self) -> float:
        """How many distinct values there are per row; 0 without rows."""
        rows = int(self.counts.sum())
        return len(self.hashes) / rows if rows else 0.0

    def shared_with(self, other: "ValueSample") -> tuple[float, float]:
        """Return which share of these distinct values the other column has, and the reverse; 0 without values."""
        limit = min(self.limit, other.limit)
        own, others = self.hashes[self.hashes <= limit], other.hashes[other.hashes <= limit]
        both = len(np.intersect1d(own, others, assume_unique=True))
        return both / max(1, len(own)), both / max(1, len(others))


_FRACTION = r"^\s*[+-]?([0-9]*[.,][0-9]*[1-9][0-9]*|[0-9]+[.,]?[0-9]*[eE][+-]?[0-9]+|[.,][0-9]+|nan|inf)\s*$"
"""A number that is no whole one, or is written as measurements are."""


class ValueFacts(MutableRecord):
    """What was seen of a column.

    Attributes:
        rows: number of rows.
        missing: rows without a value.
        fractions: rows whose value is a number and no whole one.
        integers: whether every value is a whole number.
        lowest: the smallest whole number; None without one.
        highest: the largest whole number; None without one.
        counting: whether the whole numbers rise by 1 from row to row.
        sample: some distinct values.
        order: a sum that depends on which value stands in which row; equal sums mean equal columns.
    """

    rows: int = 0
    missing: int = 0
    fractions: int = 0
    integers: bool = True
    lowest: int | None = None
    highest: int | None = None
    counting: bool = True
    sample: ValueSample = field(default_factory=ValueSample)
    order: np.uint64 = field(default_factory=np.uint64)

    def add(self, array: pa.Array) -> None:
        """Add the next rows."""
        array = array.dictionary_decode() if pa.types.is_dictionary(array.type) else array
        self.fractions += _fractions(array)
        texts = id_texts(array)
        numbers = _integers(texts)
        self.integers = self.integers and numbers is not None
        if numbers is not None and len(numbers):
            self._add_integers(numbers, whole=len(numbers) == len(array))
        own = hashes(texts)
        with np.errstate(over="ignore"):
            rows = np.arange(self.rows, self.rows + len(own), dtype=np.uint64)
            self.order += np.sum(mixed(own + mixed(rows + np.uint64(1))))
        missing = nulls(texts)
        self.sample.add(own if missing is None else own[~missing])
        self.rows += len(texts)
        self.missing += texts.null_count

    def _add_integers(self, numbers: "np.ndarray[tuple[int], np.dtype[np.int64]]", *, whole: bool) -> None:
        low, high = int(numbers.min()), int(numbers.max())
        first = self.lowest if self.lowest is not None else int(numbers[0])
        expected = first + self.rows
        self.counting = self.counting and whole and low == expected and bool(np.all(np.diff(numbers) == 1))
        self.lowest = low if self.lowest is None else min(self.lowest, low)
        self.highest = high if self.highest is None else max(self.highest, high)

    @property
    def unique(self) -> bool:
        """Whether no value of the sample stands twice."""
        return self.rows > 0 and not self.sample.repeats

    @property
    def counts_rows(self) -> bool:
        """Whether the values are 0, 1, 2 ... or 1, 2, 3 ... in the order of the rows."""
        return self.integers and self.counting and self.missing == 0 and self.lowest in {0, 1}

    @property
    def numbers_rows(self) -> bool:
        """Whether the values are the whole numbers 0 to n - 1 or 1 to n, in whatever order."""
        if not self.integers or self.missing or self.lowest not in {0, 1} or self.highest is None:
            return False
        return self.unique and self.highest - self.lowest + 1 == self.rows


def may_identify(kind: pa.DataType) -> bool:
    """Return whether values of a type may identify rows: whole numbers, texts and times.

    Whole numbers beside missing ones come as float64 out of pandas; narrower floats hold measurements.
    """
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(is_text(kind) or pa.types.is_integer(kind) or pa.types.is_float64(kind) or pa.types.is_temporal(kind))


def value_facts(table: Table, columns: Iterable[str], rows: int | None = None) -> dict[str, ValueFacts]:
    """Return the facts of some columns, of all rows or of the first ones."""
    facts = {name: ValueFacts() for name in columns}
    left = rows
    if not facts:
        return facts
    for batch in table.batches(dict.fromkeys(facts, ReadAs.NATIVE)):
        for name, own in facts.items():
            column = batch.column(batch.schema.get_field_index(name))
            own.add(column if left is None else column.slice(0, left))
        left = None if left is None else left - batch.num_rows
        if left is not None and left <= 0:
            break
    return facts


def hashes(texts: pa.Array) -> Hashes:
    """Return a well mixed number for each value, shape (n,); all missing ones have the same."""
    own = mixed(fingerprints(texts).view(np.uint64))
    missing = nulls(texts)
    return own if missing is None else np.where(missing, np.uint64(0), own)


def _integers(texts: pa.Array) -> "np.ndarray[tuple[int], np.dtype[np.int64]] | None":
    """Return the values as whole numbers, without missing ones; None if one is none."""
    import pyarrow.compute as pc  # noqa: PLC0415  60 ms that only joins pay

    known = texts.drop_null()
    if pc.all(pc.match_substring_regex(known, INTEGER)).as_py() is False:
        return None
    return view(known.cast(pa.int64())).astype(np.int64, copy=False)


def _fractions(array: pa.Array) -> int:
    import pyarrow.compute as pc  # noqa: PLC0415  60 ms that only joins pay

    if is_text(array.type):
        return pc.sum(pc.match_substring_regex(array, _FRACTION, ignore_case=True)).as_py() or 0
    if pa.types.is_floating(array.type) and not integer_valued(array):
        values = view(array.cast(pa.float64()))
        missing = nulls(array)
        values = values if missing is None else values[~missing]
        return int(np.count_nonzero(values != np.floor(values)))
    return 0
