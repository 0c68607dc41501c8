"""Deriving: columns that are computed from others, batch by batch: the cells inside objects, numbers held as text.

Floor 2. What a column is made of is decided once, for the whole table; each part then follows on its own. Among
such columns are lists of class indices whose names the file's metadata list, and objects of labels that list only
what holds, such as spaCy's `{"cats": {"SPORT": 1}}`.

Leaves: the plain cells inside objects, and inside lists of objects, each a column of its own. `{"a": {"b": 1}}`
gives the column `a.b`; `{"a": [{"b": 1}, {"b": 2}]}` gives lists in a column of that name.

Text numbers: a column in which a format with types holds numbers as text, read as numbers. A cell that is no number
is blank, as it is in a text format; whoever asks for this says so.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol

import numpy as np
import pyarrow as pa

from xentcli.files.arrays import floats, lists, nulls, texts, view
from xentcli.files.batches import refuse_duplicates, rows_of
from xentcli.files.plain import is_list_of_objects, is_text, plain, plain_type, storage
from xentcli.files.table import Column, Part, ReadAs, Table
from xentcli.files.text.numbers import number
from xentcli.record import Record, replace

DEEPEST = 16
"""Objects inside more objects than that are left out."""

Path = tuple[str, ...]


def inner_paths(kind: pa.DataType, depth: int = 0) -> Iterator[tuple[Path, pa.DataType]]:
    """Yield every cell inside an object as (path, type): plain cells, and what is nested in another way."""
    for field in storage(kind):
        inner = storage(field.type)
        if pa.types.is_struct(inner) and depth < DEEPEST and not is_vector(inner):
            yield from (((field.name, *path), one) for path, one in inner_paths(inner, depth + 1))
        else:
            yield (field.name,), inner


def is_vector(kind: pa.DataType) -> bool:
    """Return whether objects of that type are the vectors of Spark's machine learning."""
    names = {field.name for field in kind} if pa.types.is_struct(kind) else set()
    return {"type", "values"} <= names <= {"type", "size", "indices", "values"}


def listed_types(kind: pa.DataType) -> dict[str, pa.DataType]:
    """Return the plain fields of the objects in a list, as the types of lists of each."""
    found = {}
    for field in storage(storage(kind).value_type):
        plain_kind = plain_type(pa.list_(field.type))
        if plain_kind is not None:
            found[field.name] = plain_kind
    return found


def inner(array: pa.Array, path: Path) -> pa.Array:
    """Return what stands at a path inside an array of objects; null where an object on the way is."""
    for name in path:
        if isinstance(array, pa.ExtensionArray):
            array = array.storage
        child = array.field(name)
        if array.null_count:
            import pyarrow.compute as pc  # noqa: PLC0415  60 ms that only missing objects pay

            child = pc.if_else(array.is_valid(), child, None)
        array = child
    return array.storage if isinstance(array, pa.ExtensionArray) else array


def listed(array: pa.Array, name: str) -> pa.Array:
    """Return one field of the objects in the lists of an array, as lists."""
    child = inner(array.values, (name,))
    kind = array.type
    if pa.types.is_fixed_size_list(kind):
        own, buffers = pa.list_(child.type, kind.list_size), array.buffers()[:1]
    else:
        large = pa.types.is_large_list(kind)
        own, buffers = (pa.large_list if large else pa.list_)(child.type), array.buffers()[:2]
    return pa.Array.from_buffers(own, len(array), buffers, offset=array.offset, children=[child])


class Leaves(Record):
    """The plain cells inside one column of objects.

    Attributes:
        source: the column of objects.
        columns: one for each cell.
        paths: where each stands; a field of listed objects is named last.
        in_lists: whether it is a field of listed objects.
        path: of the file, for messages.
        left: numbers that are left out, because other fields of their objects say what each is of.
    """

    source: str
    columns: tuple[Column, ...]
    paths: Mapping[str, Path]
    in_lists: frozenset[str]
    path: str
    left: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """See `Derivation.sources`."""
        return (self.source,)

    def arrays(self, sources: Sequence[pa.Array], names: Sequence[str]) -> Sequence[pa.Array]:
        """See `Derivation.arrays`."""
        return [self._array(sources[0], name) for name in names]

    def _array(self, array: pa.Array, name: str) -> pa.Array:
        path = self.paths[name]
        found = listed(inner(array, path[:-1]), path[-1]) if name in self.in_lists else inner(array, path)
        return plain(found, name, self.path) if plain_type(found.type) is not None else found


def leaves(column: Column, path: str, *, split: bool = False) -> Leaves:
    """Return the cells inside a column of objects, or of lists of objects; maps and vectors stay as they are.

    Args:
        column: the column.
        path: of the file, for messages.
        split: whether lists of a name and a number each become two lists, too.
    """
    kind = storage(column.type)
    own = [((), kind)] if not pa.types.is_struct(kind) else list(inner_paths(kind))
    columns: list[Column] = []
    paths: dict[str, Path] = {}
    in_lists: set[str] = set()
    left: list[str] = []
    for where, one in own:
        fields = listed_types(one) if is_list_of_objects(one) and (split or not keyed_fields(one)) else {}
        elsewhere = named_elsewhere(fields)
        left += [".".join((column.name, *where, name)) for name in elsewhere]
        for name, type_ in fields.items():
            if name in elsewhere:
                continue
            shown = ".".join((column.name, *where, name))
            columns.append(Column(shown, type_))
            paths[shown] = (*where, name)
            in_lists.add(shown)
        if not fields:
            shown = ".".join((column.name, *where))
            columns.append(Column(shown, plain_type(one) or one))
            paths[shown] = where
    return Leaves(column.name, tuple(columns), paths, frozenset(in_lists), path, tuple(left))


def keyed_fields(kind: pa.DataType) -> tuple[str, str] | None:
    """Return the fields (name, number) of listed objects that hold a name and a number each, None for others."""
    fields = list(storage(kind.value_type))
    texts = [field.name for field in fields if is_text(field.type)]
    floats = [field.name for field in fields if pa.types.is_floating(field.type)]
    integers = [field.name for field in fields if pa.types.is_integer(field.type)]
    names, numbers = (texts, floats + integers) if texts else (integers, floats)
    return (names[0], numbers[0]) if len(fields) == 2 and len(names) == len(numbers) == 1 else None


def named_elsewhere(fields: Mapping[str, pa.DataType]) -> list[str]:
    """Return which lists of fractions belong to what the same objects are called: by position they say nothing.

    Args:
        fields: of listed objects, as the types of lists of each.
    """
    names = [name for name, kind in fields.items() if not pa.types.is_floating(kind.value_type)]
    return [name for name in fields if name not in names] if names else []


_NAME_LIST = pa.large_list(pa.string())


class Derivation(Protocol):
    """Makes some columns of others."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns that it reads."""
        ...

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that it makes."""
        ...

    def arrays(self, sources: Sequence[pa.Array], names: Sequence[str]) -> Sequence[pa.Array]:
        """Return some of the columns, in the order of `names`, of the rows of a batch of sources."""
        ...


class DerivedPart(Record):
    """A part some of whose columns are made of others."""

    part: Part
    makers: Mapping[str, Derivation]

    @property
    def rows(self) -> int | None:
        """Number of rows, None if only reading tells."""
        return rows_of(self.part)

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        asked: dict[str, ReadAs] = {}
        wanted: dict[int, tuple[Derivation, list[str]]] = {}
        for name, how in columns.items():
            maker = self.makers.get(name)
            if maker is None:
                asked.setdefault(name, how)
            else:
                wanted.setdefault(id(maker), (maker, []))[1].append(name)
                asked.update(dict.fromkeys(maker.sources, ReadAs.NATIVE))
        for batch in self.part.read(asked):
            held = dict(zip(asked, batch.columns, strict=True))
            found = {name: held[name] for name in columns if name not in self.makers}
            for maker, names in wanted.values():
                arrays = maker.arrays([held[source] for source in maker.sources], names)
                found.update(zip(names, arrays, strict=True))
            yield pa.RecordBatch.from_arrays([found[name] for name in columns], names=list(columns))


def derived(table: Table, makers: Sequence[Derivation], without: Sequence[str] = ()) -> Table:
    """Return a table in which the columns of some derivations stand in the place of their first source.

    Args:
        table: where the sources are.
        makers: what makes the columns; every source gives way to them.
        without: columns that are left out besides.

    Raises:
        ColumnError: a name stands twice.
    """
    gone = {source for maker in makers for source in maker.sources} | set(without)
    first = {maker.sources[0]: maker for maker in makers}
    columns: list[Column] = []
    for column in table.columns:
        if column.name in first:
            columns += first[column.name].columns
        elif column.name not in gone:
            columns.append(column)
    refuse_duplicates(table.path, [column.name for column in columns])
    by_name = {column.name: maker for maker in makers for column in maker.columns}
    parts = tuple(DerivedPart(part, by_name) for part in table.parts)
    return replace(table, columns=tuple(columns), parts=parts)


class Converted(Record):
    """A column with its cells in another form, under its own name.

    Attributes:
        source: the column.
        type: of the cells that it then has.
        convert: returns the cells of a batch in that form.
        classes: what they name, where they are class names.
    """

    source: str
    type: pa.DataType
    convert: Callable[[pa.Array], pa.Array]
    classes: tuple[str, ...] | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """See `Derivation.sources`."""
        return (self.source,)

    @property
    def columns(self) -> tuple[Column, ...]:
        """See `Derivation.columns`."""
        return (Column(self.source, self.type, self.classes),)

    def arrays(self, sources: Sequence[pa.Array], names: Sequence[str]) -> Sequence[pa.Array]:
        """See `Derivation.arrays`."""
        return [self.convert(sources[0])] * len(names)


def class_lists(source: str, classes: tuple[str, ...]) -> Converted:
    """Return what makes lists of class names of a column of lists of class indices."""
    return Converted(source, _NAME_LIST, partial(_named, classes), classes)


def _named(classes: tuple[str, ...], array: pa.Array) -> pa.Array:
    """Return lists of indices as lists of the classes' names; -1 names none, other indices beyond them themselves."""
    held = lists(array)
    null = np.zeros(len(array), dtype=np.bool_) if held.null is None else held.null
    lengths = np.where(null, 0, held.lengths)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
    at = np.repeat(held.starts, lengths) + within
    codes = view(held.values)[at].tolist()
    empty = nulls(held.values)
    absent = np.zeros(len(codes), dtype=np.bool_) if empty is None else empty[at]
    named = texts(None if gone else _name(classes, code) for code, gone in zip(codes, absent.tolist(), strict=True))
    valid = pa.py_buffer(np.packbits(~null, bitorder="little")) if null.any() else None
    return pa.Array.from_buffers(_NAME_LIST, len(array), [valid, pa.py_buffer(offsets)], children=[named])


def _name(classes: tuple[str, ...], code: int) -> str | None:
    if code == -1:
        return None
    return classes[code] if 0 <= code < len(classes) else str(code)


NAMES = frozenset({"cats", "labels", "tags"})
"""Objects that hold labels: spaCy's, and those that are named so."""


class Positives(Record):
    """The labels inside one column of objects, 0 where an object lacks one."""

    leaves: Leaves

    @property
    def sources(self) -> tuple[str, ...]:
        """See `Derivation.sources`."""
        return self.leaves.sources

    @property
    def columns(self) -> tuple[Column, ...]:
        """See `Derivation.columns`."""
        return tuple(Column(column.name, pa.float64()) for column in self.leaves.columns)

    def arrays(self, sources: Sequence[pa.Array], names: Sequence[str]) -> Sequence[pa.Array]:
        """See `Derivation.arrays`."""
        absent = nulls(sources[0])
        found = []
        for array in self.leaves.arrays(sources, names):
            gone = nulls(array)
            held = np.ones(len(array)) if gone is None else np.where(gone, 0.0, 1.0)
            found.append(pa.array(held, mask=absent))
        return found


def positives(table: Table, leaves: Leaves) -> Positives | None:
    """Return the labels of a column of objects that list only what holds, None if they say more, or lack nothing."""
    names = tuple(column.name for column in leaves.columns)
    if leaves.source not in NAMES or leaves.in_lists or leaves.left or not names:
        return None
    if not all(pa.types.is_integer(one.type) or pa.types.is_floating(one.type) or pa.types.is_boolean(one.type)
               for one in leaves.columns):  # fmt: skip
        return None
    lacking = False
    for batch in table.batches({leaves.source: ReadAs.NATIVE}):
        absent = nulls(batch.column(0))
        for name, array in zip(names, leaves.arrays(batch.columns, names), strict=True):
            gone = nulls(array)
            values = floats(array, name)
            held = np.ones(len(values), dtype=np.bool_) if gone is None else ~gone
            if (values[held] != 1).any():
                return None
            lacking = lacking or bool((~held if absent is None else ~held & ~absent).any())
    return Positives(leaves) if lacking else None


def with_numbers(table: Table, column: str) -> Table:
    """Return a table in which a column of text is one of numbers, with a note."""
    said = f"{column} holds text: numbers are read from it, and cells that hold none are bad"
    return derived(table, (Converted(column, pa.float64(), _numbers),)).with_notes(said)


def _numbers(array: pa.Array) -> pa.Array:
    return pa.array([None if cell is None else number(cell) for cell in array.to_pylist()], pa.float64())
