"""Deriving: columns that are computed from others, batch by batch, as a table like any other.

Floor 2. What a column is made of is decided once, for the whole table; each part then follows on its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import pyarrow as pa

from xentcli.files.batches import refuse_duplicates, rows_of
from xentcli.files.table import Column, Part, ReadAs, Table
from xentcli.record import Record, replace


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
