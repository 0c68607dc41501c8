"""Opening nested columns: a table whose readers found objects becomes one of plain cells and lists.

Floor 2. What cannot become a column, such as lists of lists, is left out and named in a note.

Vectors of Spark's machine learning: objects of a type, a size, indices and values become lists of numbers. Type 1
is dense and holds all values; type 0 is sparse, the values that are not there are 0.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.arrays import Floats
from xentcli.errors import ColumnError, Place
from xentcli.files.arrays import floats, is_list, lists, nulls, vector
from xentcli.files.batches import NESTED
from xentcli.files.columns import by_prefix
from xentcli.files.nested import derive, keyed
from xentcli.files.nested.derive import Converted, Derivation, class_lists, derived, inner, positives
from xentcli.files.plain import holds_objects, is_list_of_objects, is_text, named_lists, plain_type, storage
from xentcli.files.table import Column, Table
from xentcli.record import replace

LONGEST = 1 << 20
"""A sparse vector that says it is longer is damaged."""


def vectors(source: str) -> Converted:
    """Return what makes lists of numbers of a column of vectors."""
    return Converted(source, pa.list_(pa.float64()), _dense)


def _dense(array: pa.Array) -> pa.Array:
    """Return vectors as lists; a row whose parts do not fit together becomes null."""
    held = {field.name for field in array.type}
    values = lists(inner(array, ("values",)))
    numbers = floats(values.values, "values").astype(np.float64)
    kinds = inner(array, ("type",))
    null = np.zeros(len(array), dtype=np.bool_)
    for mask in (values.null, nulls(kinds), nulls(array)):
        null |= False if mask is None else mask
    sparse = (floats(kinds, "type") == 0) & ~null
    lengths = np.where(null, 0, values.lengths)
    rows = [numbers[start : start + size] for start, size in zip(values.starts, lengths, strict=True)]
    if sparse.any() and {"size", "indices"} <= held:
        places = lists(inner(array, ("indices",)))
        at = floats(places.values, "indices").astype(np.int64)
        sizes = floats(inner(array, ("size",)), "size").astype(np.int64)
        for row in np.flatnonzero(sparse):
            where = at[places.starts[row] : places.starts[row] + places.lengths[row]]
            full = _full(rows[row], where, int(sizes[row]))
            null[row] = full is None
            rows[row] = np.zeros(0) if full is None else full
    return _as_lists(rows, null)


def _full(values: Floats, where: npt.NDArray[np.int64], size: int) -> Floats | None:
    """Return a sparse vector with its zeros, None where its parts do not fit together."""
    if len(where) != len(values) or not 0 <= size <= LONGEST or ((where < 0) | (where >= size)).any():
        return None
    found = np.zeros(size)
    found[where] = values
    return found


def _as_lists(rows: Sequence[Floats], null: npt.NDArray[np.bool_]) -> pa.Array:
    """Return vectors as an Arrow array of lists."""
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int32)
    flat = vector(np.concatenate(rows) if rows else np.zeros(0))
    valid = pa.py_buffer(np.packbits(~null, bitorder="little")) if null.any() else None
    return pa.Array.from_buffers(pa.list_(pa.float64()), len(rows), [valid, pa.py_buffer(offsets)], children=[flat])


def opened(table: Table) -> Table:
    """Return a table without nested columns: what they hold stands in columns named `a.b`.

    Raises:
        ColumnError: nothing is left, or two columns come to the same name.
    """
    flat = _with_classes(_flattened(table))
    named = _named(_with_vectors(flat))
    left = [column.name for column in named.columns if _is_left(column)]
    if len(left) == len(named.columns):
        raise ColumnError("holds no column of plain cells or lists", place=Place(table.path))
    kept = derived(named, (), left) if left else named
    note = (f"{NESTED}: {', '.join(left)}",) if left else ()
    lists = tuple(name for name in left if _holds_lists(named[name]))
    return replace(kept, nested=lists).with_notes(*note)


def _holds_lists(column: Column) -> bool:
    return is_list(column.type) and is_list(column.type.value_type)


def _flattened(table: Table) -> Table:
    """Return a table whose objects are columns; maps, vectors, and lists of a name and a number are still there."""
    plain = [
        derive.leaves(column, table.path) for column in table.columns
        if _is_open(column) and not derive.is_vector(storage(column.type))
    ]  # fmt: skip
    made = {one.source: positives(table, one) for one in plain}
    listed = ", ".join(name for name, found in made.items() if found is not None)
    flat = _derived(table, [made[one.source] or one for one in plain])
    return flat.with_notes(f"{listed}: objects list only the labels that hold; the others are 0") if listed else flat


def _derived(table: Table, makers: Sequence[Derivation]) -> Table:
    """Return a table with derived columns; numbers whose names they cannot have are left out, which a note says."""
    left = [name for one in makers if isinstance(one, derive.Leaves) for name in one.left]
    table = derived(table, makers) if makers else table
    return table.with_notes(_unnamed(left)) if left else table


def _unnamed(left: Sequence[str]) -> str:
    return f"{NESTED}: {', '.join(left)} (rows do not name each class once: nothing tells what a number is of)"


def _is_open(column: Column) -> bool:
    """Whether a column holds objects, or lists of objects that are no named numbers."""
    kind = storage(column.type)
    if is_list_of_objects(kind):
        return derive.keyed_fields(kind) is None and bool(derive.listed_types(kind))
    return bool(pa.types.is_struct(kind)) and kind.num_fields > 0


def _with_classes(table: Table) -> Table:
    """Return a table whose class indices inside lists and objects have the names that the metadata list."""
    named = {name: classes for name, classes in table.inner_classes.items() if name in table.names}
    listed: list[Derivation] = [
        class_lists(name, classes) for name, classes in named.items()
        if is_list(table[name].type) and pa.types.is_integer(table[name].type.value_type)
    ]  # fmt: skip
    columns = tuple(
        replace(column, classes=column.classes or named.get(column.name))
        if pa.types.is_integer(column.type)
        else column
        for column in table.columns
    )
    table = replace(table, columns=columns)
    return derived(table, listed) if listed else table


def _with_vectors(table: Table) -> Table:
    makers = [vectors(column.name) for column in table.columns if derive.is_vector(storage(column.type))]
    return derived(table, makers) if makers else table


def _named(table: Table) -> Table:
    """Return a table in which numbers that are named in every row are a column per name."""
    makers: list[Derivation] = []
    for column in table.columns:
        kind = storage(column.type)
        pairs = is_list_of_objects(kind) and derive.keyed_fields(kind) is not None
        if pairs or (pa.types.is_map(kind) and _is_plain_map(kind)):
            found = keyed.keyed(table, column.name)
            if found is not None:
                makers.append(found)
            elif pairs:
                makers.append(derive.leaves(column, table.path, split=True))
    table = _derived(table, makers)
    beside = [found for names in by_prefix(table.names).values() if (found := _beside(table, names))]
    table = derived(table, beside) if beside else table
    table = _named_at_top(table)
    left = [name for names in by_prefix(table.names).values() if (name := _named_in_part(table, names))]
    return derived(table, (), left).with_notes(_unnamed(left)) if left else table


def _named_at_top(table: Table) -> Table:
    """Return a table whose list of scores, beside a list that names all classes in every row, is a column per class.

    Transformers' zero-shot pipeline writes `{"labels": [...], "scores": [...]}`, sorted by score.
    """
    lists = named_lists({column.name: column.type for column in table.columns})
    found = None if lists is None else keyed.beside(table, *lists)
    if lists is None or found is None:
        return table
    return derived(table, (found,)).with_notes(f"{lists[0]} names the numbers of {lists[1]}: a column per class")


def _is_plain_map(kind: pa.DataType) -> bool:
    value = kind.item_type
    number = pa.types.is_floating(value) or pa.types.is_integer(value) or pa.types.is_boolean(value)
    return is_text(kind.key_type) and bool(number)


def _named_in_part(table: Table, names: list[str]) -> str | None:
    """Return the list of fractions of an object that a list of names beside it is as long as, in every row."""
    numbers, texts = _lists(table, names)
    if len(numbers) != 1:
        return None
    return numbers[0] if any(keyed.are_as_long(table, one, numbers[0]) for one in texts) else None


def _lists(table: Table, names: list[str]) -> tuple[list[str], list[str]]:
    """Return which columns are lists of fractions, and which lists of texts."""
    listed = [name for name in names if is_list(table[name].type)]
    numbers = [name for name in listed if pa.types.is_floating(table[name].type.value_type)]
    return numbers, [name for name in listed if is_text(table[name].type.value_type)]


def _beside(table: Table, names: list[str]) -> keyed.Keyed | None:
    """Return the numbers of an object that holds one list of fractions and beside it their names."""
    numbers, texts = _lists(table, names)
    if len(numbers) != 1:
        return None
    found = [one for name in texts if (one := keyed.beside(table, name, numbers[0]))]
    return found[-1] if found else None


def _is_left(column: Column) -> bool:
    return holds_objects(column.type) or plain_type(storage(column.type)) is None
