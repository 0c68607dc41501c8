"""Table: what every input becomes, a re-iterable sequence of Arrow batches in independent parts.

Floor 2. A Table knows its columns and its parts but holds no rows. It is read as often as needed, a part at a time,
each part on its own (so parts can be read by several threads, or later machines). It never interprets: it does not know
what a label is.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Protocol

import pyarrow as pa

from xentcli.files.format import Declared, Format
from xentcli.record import Record, field, replace


class ReadAs(StrEnum):
    """How a column's cells are wanted.

    NATIVE: as the file types them; in a text format that is text, blank cells null.
    NUMBER: as float64 in a text format; a cell that is blank or no number becomes null (the reader
    never aborts: who needs to know why asks `Table.cells`). Typed formats give their own type.
    """

    NATIVE = "native"
    NUMBER = "number"


class Column(Record):
    """A column of a table.

    Attributes:
        name: its name, unique in the table; `f0, f1, ...` where the file names none.
        type: Arrow type of the file (string for text formats).
        classes: class names that the file's own metadata lists in index order (Arrow dictionary
            metadata, Hugging Face ClassLabel, a first line with class names), else None.
    """

    name: str
    type: pa.DataType
    classes: tuple[str, ...] | None = None


class Part(Protocol):
    """A piece of a table that can be read on its own, any number of times."""

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """Yield the part's rows in order, in batches of bounded size, with exactly `columns`."""
        ...


def _no_lines(_rows: tuple[int, ...]) -> dict[int, int]:
    return {}


class LeftOut(Record):
    """Bad rows that the reader left out because the caller asked for it; they are not among the table's rows.

    Attributes:
        count: how many.
        lines: the first text lines of them.
        what: what is wrong with them, such as "with another number of cells".
    """

    count: int = 0
    lines: tuple[int, ...] = ()
    what: str = "with another number of cells"


class Table(Record):
    """A table that can be read again and again.

    Attributes:
        path: the path or URI as the caller gave it.
        format: the format it was read as.
        columns: its columns in order.
        parts: its pieces in row order.
        rows: number of data rows where the format tells it without reading, else None.
        notes: decisions of the reader that a person should hear (separator, encoding, no header ...).
        lines: maps 1-based data rows to 1-based text lines, for text formats; empty otherwise.
        declared: what the file says about its own labels, None if nothing.
        inner_classes: class names, in index order, of numbers that stand in lists or objects: by the list's column,
            or by the column that comes out of the object, such as `a.b`.
            nested: columns of lists of lists in JSON, which are none of its columns.
        left_out: rows that the reader could not read and was asked to leave out, which are none of its rows.
    """

    path: str
    format: Format
    columns: tuple[Column, ...]
    parts: tuple[Part, ...]
    rows: int | None = None
    notes: tuple[str, ...] = ()
    lines: Callable[[tuple[int, ...]], dict[int, int]] = field(default=_no_lines, repr=False)
    declared: Declared | None = None
    inner_classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    nested: tuple[str, ...] = ()
    left_out: LeftOut = LeftOut()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def __getitem__(self, name: str) -> Column:
        """Return the column of that exact name; KeyError if there is none."""
        return self._by_name[name]

    def batches(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """Yield all rows in order."""
        for part in self.parts:
            yield from part.read(columns)

    def cells(self, rows: tuple[int, ...], column: str) -> dict[int, str | None]:
        """Return a column's cells as text for a few 1-based rows (null as None); reads up to the last."""
        wanted = sorted(set(rows))
        found: dict[int, str | None] = {}
        start = 1
        for batch in self.batches({column: ReadAs.NATIVE}):
            for row in wanted:
                if start <= row < start + batch.num_rows:
                    value = batch.column(0)[row - start].as_py()
                    found[row] = None if value is None else str(value)
            start += batch.num_rows
            if not wanted or start > wanted[-1]:
                break
        return found

    def with_notes(self, *notes: str) -> "Table":
        """Return the same table with further notes."""
        return replace(self, notes=(*self.notes, *notes))
