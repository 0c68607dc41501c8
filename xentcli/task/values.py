"""The distinct values of a label column, each with its number of rows, gathered in one pass.

Floor 3. What matching labels with score columns needs, and nothing more; `survey` gathers the many facts
that recognising an unknown column takes.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from xentcli.errors import ColumnError, Place
from xentcli.files.arrays import nulls, view
from xentcli.files.table import ReadAs, Table

FEW_CELLS = 10_000
"""Up to here a loop is faster than the import of Arrow's compute functions, which encoding needs."""

MANY = 1_000_000
"""More distinct values than this are no classes."""


@dataclass(frozen=True, slots=True)
class LabelValues:
    """The distinct values of one scalar column.

    Attributes:
        column: its name.
        counts: rows by value, as text (integer-valued numbers without a point, booleans as true/false).
        missing: null cells.
        integers: whether every value is integer-valued.
        booleans: whether the file types them as booleans.
        path: of the table, for messages.
    """

    column: str
    counts: dict[str, int]
    missing: int
    integers: bool
    booleans: bool
    path: str | None = None


def as_text(value: object) -> str:
    """Return a label as text: `3` for 3 and 3.0, `true` for True, text as it stands."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def integer_of(text: str) -> int | None:
    """Return the integer that a text such as `1`, `-1`, `1.0` or ` 2 ` stands for, else None; `01` is a name."""
    stripped = text.strip()
    whole, _, rest = stripped.partition(".")
    digits = whole.removeprefix("-").removeprefix("+")
    if digits.startswith("0") and digits != "0":
        return None
    if digits.isascii() and digits.isdigit() and not rest.strip("0") and len(digits) <= 18:
        return int(whole)
    return None


def _count_integers(array: pa.Array, counts: Counter[str]) -> None:
    values = view(array)
    missing = nulls(array)
    if missing is not None:
        values = values[~missing]
    distinct, number = np.unique(values, return_counts=True)
    for value, rows in zip(distinct.tolist(), number.tolist(), strict=True):
        counts[str(value)] += rows


def _count_any(array: pa.Array, counts: Counter[str]) -> None:
    if len(array) <= FEW_CELLS:
        for value, rows in Counter(array.to_pylist()).items():
            _count(value, rows, counts)
        return
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    missing = nulls(encoded.indices)
    at = view(encoded.indices)
    number = np.bincount(at if missing is None else at[~missing], minlength=len(encoded.dictionary))
    for value, rows in zip(encoded.dictionary.to_pylist(), number.tolist(), strict=True):
        if rows:
            _count(value, rows, counts)


def _count(value: object, rows: int, counts: Counter[str]) -> None:
    if value is not None and value == value:  # noqa: PLR0124  NaN is a missing label
        counts[as_text(value)] += rows


def count_values(array: pa.Array, counts: Counter[str]) -> None:
    """Add the rows of each distinct value of an array; null and NaN cells are missing."""
    if pa.types.is_integer(array.type):
        _count_integers(array, counts)
    else:
        _count_any(array, counts)


def label_values(table: Table, column: str) -> LabelValues:
    """Return the distinct values of a scalar column.

    Raises:
        ColumnError: there are more than a million of them.
    """
    counts: Counter[str] = Counter()
    rows = 0
    kind = table[column].type
    for batch in table.batches({column: ReadAs.NATIVE}):
        array = batch.column(0)
        rows += len(array)
        count_values(array, counts)
        if len(counts) > MANY:
            raise ColumnError(
                f"holds more than {MANY:,} distinct values: an identifier, not a label",
                place=Place(table.path, column=column),
                help="name the label column with --label",
            )
    integers = bool(counts) and all(integer_of(value) is not None for value in counts)
    missing = rows - sum(counts.values())
    return LabelValues(column, dict(counts), missing, integers, pa.types.is_boolean(kind), table.path)
