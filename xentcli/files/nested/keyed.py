"""Keyed numbers: maps, lists of a name and a number each, and lists of names beside lists of numbers.

Floor 2. `{"scores": [{"label": "cat", "score": 0.8}, {"label": "dog", "score": 0.2}]}` gives the columns `scores.cat`
and `scores.dog`, in whatever order a row lists them. The names are gathered over the whole table first.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.files.arrays import Lists, lists, nulls, view
from xentcli.files.nested.derive import keyed_fields
from xentcli.files.plain import storage
from xentcli.files.table import Column, ReadAs, Table
from xentcli.record import Record

MOST_NAMES = 10_000
"""With more names than that, the numbers are no columns."""


class NamedNumbers(Record):
    """The named numbers of a batch, one after the other.

    Attributes:
        row: shape (cells,), the row of each.
        code: shape (cells,), the position of its name in `names`, -1 for none.
        at: shape (cells,), its position in `numbers`.
        names: the distinct names.
        numbers: the child values.
        empty: shape (rows,), the rows that hold nothing.
    """

    row: npt.NDArray[np.intp]
    code: npt.NDArray[np.intp]
    at: npt.NDArray[np.int64]
    names: list[str]
    numbers: pa.Array
    empty: npt.NDArray[np.bool_]


class Keyed(Record):
    """Named numbers as a column per name.

    Attributes:
        sources: a column of maps or of lists of objects; or one of lists of names and one of lists of numbers.
        names: in the order in which they first occur.
        prefix: what stands before each name.
        type: of the numbers.
    """

    sources: tuple[str, ...]
    names: tuple[str, ...]
    prefix: str
    type: pa.DataType

    @property
    def columns(self) -> tuple[Column, ...]:
        """See `Derivation.columns`."""
        return tuple(Column(f"{self.prefix}.{name}", self.type) for name in self.names)

    def arrays(self, sources: Sequence[pa.Array], names: Sequence[str]) -> Sequence[pa.Array]:
        """See `Derivation.arrays`."""
        cells = cells_of(sources)
        places = {name: at for at, name in enumerate(cells.names)}
        order = np.argsort(cells.code, kind="stable")
        edges = np.searchsorted(cells.code[order], np.arange(len(cells.names) + 1))
        found = []
        for name in names:
            code = places.get(name.removeprefix(f"{self.prefix}."))
            held = order[edges[code] : edges[code + 1]] if code is not None else order[:0]
            at = np.full(len(cells.empty), -1, dtype=np.int64)
            at[cells.row[held]] = cells.at[held]
            found.append(_taken(cells.numbers, at, self.type))
        return found


def _taken(numbers: pa.Array, at: npt.NDArray[np.int64], kind: pa.DataType) -> pa.Array:
    """Return the numbers at some positions, null where the position is -1."""
    valid = pa.py_buffer(np.packbits(at >= 0, bitorder="little"))
    where = pa.Array.from_buffers(pa.int64(), len(at), [valid, pa.py_buffer(np.ascontiguousarray(at))])
    return numbers.take(where).cast(kind)


def cells_of(sources: Sequence[pa.Array]) -> NamedNumbers:
    """Return the named numbers of a batch.

    Where a list of names and a list of numbers differ in length, the row holds nothing.
    """
    first = sources[0].storage if isinstance(sources[0], pa.ExtensionArray) else sources[0]
    held = lists(_as_list(first))
    lengths = _lengths(held)
    starts = held.starts
    if len(sources) == 2:
        keys, other = held.values, lists(sources[1])
        lengths = np.where(_lengths(other) == lengths, lengths, 0)
        items, item_starts = other.values, other.starts
    else:
        objects = held.values.storage if isinstance(held.values, pa.ExtensionArray) else held.values
        name, number = _fields(sources[0].type)
        keys, items, item_starts = objects.field(name), objects.field(number), starts
    row = np.repeat(np.arange(len(first)), lengths)
    within = np.arange(len(row)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    codes, names = _coded(keys)
    code = codes[np.repeat(starts, lengths) + within] if len(row) else np.zeros(0, dtype=np.intp)
    return NamedNumbers(row, code, np.repeat(item_starts, lengths) + within, names, items, lengths == 0)


def _as_list(array: pa.Array) -> pa.Array:
    """Return a map as lists of objects, with the same buffers."""
    if not pa.types.is_map(array.type):
        return array
    kind = pa.list_(pa.struct([pa.field("key", array.type.key_type), pa.field("value", array.type.item_type)]))
    entries = pa.StructArray.from_arrays([array.keys, array.items], fields=list(kind.value_type))
    return pa.Array.from_buffers(kind, len(array), array.buffers()[:2], offset=array.offset, children=[entries])


def _fields(kind: pa.DataType) -> tuple[str, str]:
    kind = storage(kind)
    fields = ("key", "value") if pa.types.is_map(kind) else keyed_fields(kind)
    assert fields is not None  # noqa: S101  callers look
    return fields


def _coded(keys: pa.Array) -> tuple[npt.NDArray[np.intp], list[str]]:
    """Return the code of each name, -1 for null, and the distinct names."""
    encoded = keys if pa.types.is_dictionary(keys.type) else keys.dictionary_encode()
    codes = view(encoded.indices).astype(np.intp)
    empty = nulls(encoded.indices)
    if empty is not None:
        codes[empty] = -1
    return codes, [str(name) for name in encoded.dictionary.to_pylist()]


class NumberNames(Record):
    """The names of a table's named numbers.

    Attributes:
        names: in the order in which they first occur.
        full: whether every row that holds any holds them all.
    """

    names: tuple[str, ...]
    full: bool


def names_of(table: Table, sources: tuple[str, ...]) -> NumberNames | None:
    """Return the names in some columns; None where one stands twice in a row, is missing, or there are too many."""
    found: dict[str, None] = {}
    sizes: set[int] = set()
    for batch in table.batches(dict.fromkeys(sources, ReadAs.NATIVE)):
        cells = cells_of(batch.columns)
        if (cells.code < 0).any() or (len(sources) == 2 and _differ(batch.columns)):
            return None
        pairs = cells.row * max(1, len(cells.names)) + cells.code
        if len(np.unique(pairs)) < len(pairs):
            return None
        used = np.unique(cells.code).tolist()
        found.update(dict.fromkeys(name for at, name in enumerate(cells.names) if at in set(used)))
        sizes |= set(np.unique(np.bincount(cells.row, minlength=len(cells.empty))[~cells.empty]).tolist())
        if len(found) > MOST_NAMES:
            return None
    return NumberNames(tuple(found), full=sizes == {len(found)})


def are_as_long(table: Table, one: str, other: str) -> bool:
    """Return whether the lists of two columns are as long as each other in every row."""
    return not any(_differ(batch.columns) for batch in table.batches(dict.fromkeys((one, other), ReadAs.NATIVE)))


def _differ(columns: Sequence[pa.Array]) -> bool:
    """Whether a list of names and the list of numbers beside it differ in length somewhere."""
    one, other = (_lengths(lists(column)) for column in columns)
    return not np.array_equal(one, other)


def _lengths(held: Lists) -> npt.NDArray[np.int64]:
    """Return how long each list is, a null one as 0."""
    return held.lengths if held.null is None else np.where(held.null, 0, held.lengths)


def keyed(table: Table, name: str) -> Keyed | None:
    """Return the named numbers of a column of maps or of listed objects, None where they are no columns."""
    kind = storage(table[name].type)
    is_map = pa.types.is_map(kind)
    found = names_of(table, (name,))
    if found is None or not found.names or not (is_map or found.full):
        return None
    number = kind.item_type if is_map else storage(kind.value_type).field(_fields(kind)[1]).type
    return Keyed((name,), found.names, name, number)


def beside(table: Table, names: str, numbers: str) -> Keyed | None:
    """Return the numbers in lists that other lists name, None where a row does not name each class once."""
    found = names_of(table, (names, numbers))
    if found is None or len(found.names) < 2 or not found.full:
        return None
    return Keyed((names, numbers), found.names, numbers, table[numbers].type.value_type)
