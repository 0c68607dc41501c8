"""Deriving: columns that are computed from others, batch by batch, as a table like any other.

Floor 2. What a column is made of is decided once, for the whole table; each part then follows on its own. Among such
columns are lists of class indices whose names the file's metadata list, and objects of labels that list only what
holds, such as spaCy's `{"cats": {"SPORT": 1}}`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol

import numpy as np
import pyarrow as pa

from xentcli.files.arrays import floats, lists, nulls, view
from xentcli.files.batches import refuse_duplicates, rows_of
from xentcli.files.build import texts
from xentcli.files.nested.leaves import Leaves
from xentcli.files.table import Column, Part, ReadAs, Table
from xentcli.record import Record, replace

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
