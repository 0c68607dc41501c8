"""Long rows: the rows of a table in long form, held as whole numbers, and gathered into a row per item.

Floor 3. An item may have its rows anywhere in the file, so that all of them are held: four bytes a cell, and each item
once as text, up to a bound.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.files.arrays import nulls, view
from xentcli.files.batches import MemoryPart
from xentcli.files.build import texts
from xentcli.files.table import Column, ReadAs, Table
from xentcli.record import MutableRecord, field
from xentcli.task.matching import LabelOrder
from xentcli.task.values import as_text
from xentcli.arrays import Codes


MOST_ROWS = 10_000_000
MOST_VALUES = 2_000_000
MOST_VOTED = 1_000
"""Classes up to which votes are a column per class."""


class Coded(MutableRecord):
    """A column as whole numbers: the position of each cell among its distinct values, -1 where it is empty."""

    values: dict[str, int] = field(default_factory=dict)
    pieces: list[Codes] = field(default_factory=list)

    def add(self, array: pa.Array) -> None:
        """Add the cells of an array."""
        encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
        held = encoded.dictionary.to_pylist()
        known = [-1 if one is None else self.values.setdefault(as_text(one), len(self.values)) for one in held]
        table = np.array([*known, -1], dtype=np.int32)
        at = view(encoded.indices).astype(np.intp)
        empty = nulls(encoded.indices)
        self.pieces.append(table[at if empty is None else np.where(empty, len(known), at)])

    @property
    def codes(self) -> Codes:
        """Of all rows, shape (rows,)."""
        return np.concatenate(self.pieces) if self.pieces else np.zeros(0, dtype=np.int32)

    @property
    def texts(self) -> list[str]:
        """The distinct values, in the order of their numbers."""
        return list(self.values)


def coded(table: Table, columns: tuple[str, ...]) -> Mapping[str, Coded] | None:
    """Return some columns as whole numbers, None where they are more than is held."""
    found = {name: Coded() for name in columns}
    rows = 0
    for batch in table.batches(dict.fromkeys(columns, ReadAs.NATIVE)):
        rows += batch.num_rows
        for name, array in zip(columns, batch.columns, strict=True):
            found[name].add(array)
        if rows > MOST_ROWS or any(len(one.values) > MOST_VALUES for one in found.values()):
            return None
    return found


def pairs(one: Codes, other: Codes) -> npt.NDArray[np.int64]:
    """Return a number for each row that is the same for the same two values alone, shape (rows,)."""
    return (one.astype(np.int64) << 32) | (other.astype(np.int64) & 0xFFFFFFFF)


def distinct(numbers: npt.NDArray[Any]) -> int:
    """Return how many different numbers there are."""
    return len(np.unique(numbers))


def first_rows_of(items: Codes) -> npt.NDArray[np.intp]:
    """Return the first row, from 0, of each item, in the order of their numbers."""
    return np.unique(items, return_index=True)[1]


def tags_by_item(table: Table, item: str, label: str, rows: Mapping[str, Coded], held: npt.NDArray[np.bool_]) -> Table:
    """Return the table of items with the list of their labels, in the order in which the items come.

    Args:
        table: where the rows are.
        item: the column that names the item of a row.
        label: the column of its label.
        rows: both as whole numbers.
        held: shape (rows,), false for a row that says that its label does not hold.
    """
    items, labels = rows[item].codes, rows[label].codes
    kept = np.flatnonzero(held & (labels >= 0))
    kept = kept[np.argsort(items[kept], kind="stable")]
    names = rows[item].texts
    lengths = np.bincount(items[kept], minlength=len(names))
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    words = rows[label].texts
    flat = texts(words[at] for at in labels[kept].tolist())
    listed = pa.ListArray.from_arrays(pa.array(offsets), flat)
    return _in_memory(table, {item: texts(names), label: listed})


def votes_by_item(table: Table, item: str, label: str, rows: Mapping[str, Coded], order: LabelOrder) -> Table:
    """Return the table of items with the number of votes for each class, in columns `votes_CLASS`."""
    items, labels = rows[item].codes, rows[label].codes
    at = np.array([order.index[name] for name in rows[label].values])
    counts = np.zeros((len(rows[item].values), len(order.classes)), dtype=np.int64)
    filled = labels >= 0
    np.add.at(counts, (items[filled], at[labels[filled]]), 1)
    votes = {f"votes_{name}": pa.array(counts[:, column]) for column, name in enumerate(order.classes)}
    return _in_memory(table, {item: texts(rows[item].texts), **votes})


def _in_memory(table: Table, arrays: Mapping[str, pa.Array]) -> Table:
    held = pa.table(list(arrays.values()), names=list(arrays))
    columns = tuple(Column(name, array.type) for name, array in arrays.items())
    return Table(table.path, table.format, columns, (MemoryPart(held),), held.num_rows, table.notes)
