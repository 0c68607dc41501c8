"""The distinct values of a label column, each with its number of rows, gathered in one pass.

Floor 3. What matching labels with score columns needs, and nothing more; `survey` gathers the many facts
that recognising an unknown column takes.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from xentcli.errors import ColumnError, Place
from xentcli.files.arrays import nulls, view
from xentcli.files.table import ReadAs, Table
from xentcli.record import Record, field, replace

FEW_CELLS = 10_000
"""Up to here a loop is faster than the import of Arrow's compute functions, which encoding needs."""

MANY = 1_000_000
"""More distinct values than this are no classes."""


class LabelValues(Record):
    """The distinct values of one scalar column.

    Attributes:
        column: its name.
        counts: rows by value, as text (integer-valued numbers without a point, booleans as true/false).
        missing: null cells.
        integers: whether every value is integer-valued.
        booleans: whether the file types them as booleans.
        path: of the table, for messages.
        ignored: rows by value that counts as missing, as the caller asked.
        shares: whether the first rows hold fractions in [0, 1]; the values are then not counted.
    """

    column: str
    counts: dict[str, int]
    missing: int
    integers: bool
    booleans: bool
    path: str | None = None
    ignored: Mapping[str, int] = field(default_factory=dict)
    shares: bool = False

    def without(self, value: str) -> "LabelValues":
        """Return the values with one that counts as missing, matched by number if every value is a number."""
        number = integer_of(value) if self.integers else None
        found = tuple(one for one in self.counts if one == value or (number is not None and integer_of(one) == number))
        left = {one: rows for one, rows in self.counts.items() if one not in found}
        return replace(
            self,
            counts=left,
            missing=self.missing + sum(self.counts[one] for one in found),
            integers=bool(left) and all(integer_of(one) is not None for one in left),
            ignored={**self.ignored, **{one: self.counts[one] for one in found}},
        )


def as_text(value: object) -> str:
    """Return a label as text: `3` for 3 and 3.0, `true` for True, text as it stands."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def integer_of(text: str) -> int | None:
    """Return the integer that a text such as `1`, `-1`, `1.0`, `1e0` or ` 2 ` stands for, else None; `01` is a name."""
    stripped = text.strip()
    if "e" in stripped or "E" in stripped:
        return _from_exponent(stripped)
    whole, _, rest = stripped.partition(".")
    digits = whole.removeprefix("-").removeprefix("+")
    if digits.startswith("0") and digits != "0":
        return None
    if digits.isascii() and digits.isdigit() and not rest.strip("0") and len(digits) <= 18:
        return int(whole)
    return None


_EXACT = 1 << 53
"""Below it every integer is a float64 of its own."""

_RANGE = 1 << 20
"""Integers that span no more than this are counted by a table."""

Cells = dict[str, tuple[int, int]]
"""Rows and first row, from 0, by value as text."""


def _from_exponent(text: str) -> int | None:
    """Return the integer of a text such as `1.000e+00`, as numpy writes it by default."""
    mantissa, _, exponent = text.casefold().partition("e")
    digits = mantissa.lstrip("+-").replace(".", "", 1)
    power = exponent.lstrip("+-")
    if not (digits.isascii() and digits.isdigit() and power.isascii() and power.isdigit() and len(power) < 4):
        return None
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < _EXACT else None


def count_cells(array: pa.Array) -> Cells:
    """Return the distinct values of an array with their rows; null and NaN cells are missing."""
    if pa.types.is_integer(array.type) and array.type != pa.uint64():
        return _count_integers(array)
    return _count_any(array)


def count_values(array: pa.Array, counts: Counter[str]) -> None:
    """Add the rows of each distinct value of an array; null and NaN cells are missing."""
    if pa.types.is_integer(array.type) and array.type != pa.uint64():
        low, rows = _table(array)
        if rows is not None:
            held = np.flatnonzero(rows)
            for value, number in zip((held + low).tolist(), rows[held].tolist(), strict=True):
                counts[str(value)] += number
            return
    for text, (cells, _) in count_cells(array).items():
        counts[text] += cells


def _table(array: pa.Array) -> tuple[int, np.ndarray[tuple[int], np.dtype[np.int64]] | None]:
    """Return the smallest integer of an array and the rows of it and those that follow; None if they span too far."""
    values = view(array)
    missing = nulls(array)
    values = (values if missing is None else values[~missing]).astype(np.int64, copy=False)
    if len(values) == 0:
        return 0, np.zeros(0, dtype=np.int64)
    low = int(values.min())
    if int(values.max()) - low >= _RANGE:
        return low, None
    return low, np.bincount(values - low)


def _count_integers(array: pa.Array) -> Cells:
    values = view(array)
    missing = nulls(array)
    at = np.arange(len(values)) if missing is None else np.flatnonzero(~missing)
    values = values[at].astype(np.int64, copy=False)
    if len(values) == 0:
        return {}
    low = int(values.min())
    if int(values.max()) - low >= _RANGE:
        distinct, first, rows = np.unique(values, return_index=True, return_counts=True)
    else:
        offsets = values - low
        rows = np.bincount(offsets)
        first = np.zeros(len(rows), dtype=np.intp)
        first[offsets[::-1]] = np.arange(len(offsets))[::-1]  # the last assignment stands: the first row
        held = np.flatnonzero(rows)
        distinct, first, rows = held + low, first[held], rows[held]
    texts = [str(value) for value in distinct.tolist()]
    return dict(zip(texts, zip(rows.tolist(), at[first].tolist(), strict=True), strict=True))


def _count_any(array: pa.Array) -> Cells:
    found: Cells = {}
    if len(array) <= FEW_CELLS and not pa.types.is_dictionary(array.type):
        cells = array.to_pylist()
        counted = Counter(cells)
        firsts: dict[object, int] = {}
        for row, value in enumerate(cells):
            firsts.setdefault(value, row)
        for value, rows in counted.items():
            _found(found, value, rows, firsts[value])
        return found
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    missing = nulls(encoded.indices)
    at = view(encoded.indices).astype(np.intp)
    where = np.arange(len(at)) if missing is None else np.flatnonzero(~missing)
    at = at[where]
    number = np.bincount(at, minlength=len(encoded.dictionary))
    first = np.zeros(len(number), dtype=np.intp)
    first[at[::-1]] = where[::-1]
    values = encoded.dictionary.to_pylist()
    for value, rows, row in zip(values, number.tolist(), first.tolist(), strict=False):
        if rows:
            _found(found, value, rows, row)
    return found


def _found(found: Cells, value: object, rows: int, first: int) -> None:
    if value is None or value != value:  # noqa: PLR0124  NaN is a missing label
        return
    text = as_text(value)
    before = found.get(text, (0, first))
    found[text] = (before[0] + rows, min(before[1], first))


def label_values(table: Table, column: str) -> LabelValues:
    """Return the distinct values of a scalar column.

    Raises:
        ColumnError: there are more than a million of them.
    """
    return values_of_columns(table, (column,))[column]


def values_of_columns(table: Table, columns: Sequence[str]) -> dict[str, LabelValues]:
    """Return the distinct values of some scalar columns, read together.

    Raises:
        ColumnError: there are more than a million of one.
    """
    counted: dict[str, Counter[str]] = {name: Counter() for name in columns}
    rows = 0
    for batch in table.batches(dict.fromkeys(columns, ReadAs.NATIVE)):
        rows += batch.num_rows
        for (name, counts), array in zip(counted.items(), batch.columns, strict=True):
            count_values(array, counts)
            if len(counts) > MANY:
                raise ColumnError(
                    f"holds more than {MANY:,} distinct values: an identifier, not a label",
                    place=Place(table.path, column=name),
                    help="name the label column with --label",
                )
    return {name: _label_values(table, name, counts, rows) for name, counts in counted.items()}


def _label_values(table: Table, column: str, counts: Counter[str], rows: int) -> LabelValues:
    integers = bool(counts) and all(integer_of(value) is not None for value in counts)
    missing = rows - sum(counts.values())
    booleans = pa.types.is_boolean(table[column].type)
    return LabelValues(column, dict(counts), missing, integers, booleans, table.path)
