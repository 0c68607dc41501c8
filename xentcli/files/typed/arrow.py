"""Arrow IPC (and Feather 2) files and streams, and ORC.

Floor 2. A few record batches of a file are a part; a stream is one part; a stripe of ORC is a part.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from xentcli.errors import EmptyInputError, Place, UnreadableError
from xentcli.files.batches import columns_of, cut, dictionary_classes, refuse_no_rows
from xentcli.files.blob import Blob, arrow_file, random_access
from xentcli.files.declared import of_schema
from xentcli.files.format import Format
from xentcli.files.table import Column, Part, ReadAs, Table
from xentcli.files.typed.damage import unread, validated
from xentcli.record import Record, replace

_FILE_MAGIC = b"ARROW1"
_PART_BYTES = 8 << 20


@contextmanager
def _damage_told(blob: Blob, form: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise unread(blob.name, form, error) from error


def _projection(schema: pa.Schema, columns: Mapping[str, ReadAs]) -> Any:
    """Return options that read some columns only, in the reading thread."""
    fields = [schema.get_field_index(name) for name in columns]
    return pa.ipc.IpcReadOptions(included_fields=fields, use_threads=False)


class FilePart(Record):
    """A range of the record batches of an IPC file."""

    blob: Blob
    schema: pa.Schema
    start: int
    stop: int

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        names = list(columns)
        with _damage_told(self.blob, "Arrow"), arrow_file(self.blob) as source:
            reader = pa.ipc.open_file(source, options=_projection(self.schema, columns))
            for at in range(self.start, self.stop):
                batch = validated(reader.get_batch(at).select(names), self.blob.name)
                yield from cut(batch, self.blob.name)


class StreamPart(Record):
    """An IPC stream."""

    blob: Blob
    schema: pa.Schema

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        names = list(columns)
        with _damage_told(self.blob, "Arrow"), arrow_file(self.blob) as source:
            for batch in pa.ipc.open_stream(source, options=_projection(self.schema, columns)):
                yield from cut(validated(batch.select(names), self.blob.name), self.blob.name)


class StripePart(Record):
    """One stripe of an ORC file."""

    blob: Blob
    stripe: int

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        names = list(columns)
        with _damage_told(self.blob, "ORC"), arrow_file(self.blob) as source:
            batch = _orc(source).read_stripe(self.stripe, columns=names)
            yield from cut(validated(batch.select(names), self.blob.name), self.blob.name)


def _orc(source: Any) -> Any:
    from pyarrow import orc  # noqa: PLC0415  only ORC needs it

    return orc.ORCFile(source)


def open_arrow(blob: Blob, form: Format) -> Table:
    """Return the table of an Arrow IPC file or stream, or a Feather 2 file.

    Raises:
        XentError: it is truncated, empty, of Feather's first version, or has doubled column names.
    """
    blob = random_access(blob)
    head = blob.head(len(_FILE_MAGIC))
    if head.startswith(b"FEA1"):
        raise UnreadableError(
            "is a Feather file of version 1, which nothing writes any more",
            place=Place(blob.name),
            help="write it again with DataFrame.to_feather or as Parquet",
        )
    with _damage_told(blob, "Arrow"), arrow_file(blob) as source:
        if head == _FILE_MAGIC:
            schema, parts = _file_parts(blob, pa.ipc.open_file(source))
        else:
            schema = pa.ipc.open_stream(source).schema
            parts = (StreamPart(blob, schema),)
        columns, notes = columns_of(blob.name, schema)
    table = Table(blob.name, form, columns, parts, None, notes)
    _refuse_no_rows(table)
    return of_schema(replace(table, columns=tuple(_with_classes(table, column) for column in columns)), schema)


def _file_parts(blob: Blob, reader: Any) -> tuple[pa.Schema, tuple[Part, ...]]:
    count = reader.num_record_batches
    size = (blob.size or 0) // max(1, count)
    step = max(1, _PART_BYTES // max(1, size))
    starts = range(0, count, step)
    return reader.schema, tuple(FilePart(blob, reader.schema, start, min(start + step, count)) for start in starts)


def _refuse_no_rows(table: Table) -> None:
    first = {table.columns[0].name: ReadAs.NATIVE}
    if next(table.batches(first), None) is None:
        raise EmptyInputError("holds no rows", place=Place(table.path))


def _with_classes(table: Table, column: Column) -> Column:
    """Return a column with the values of its dictionary, as the first batch has it."""
    if column.classes or not pa.types.is_dictionary(column.type):
        return column
    first = next(table.batches({column.name: ReadAs.NATIVE}))
    return replace(column, classes=dictionary_classes(first.column(0)))


def open_orc(blob: Blob, form: Format) -> Table:
    """Return the table of an ORC file.

    Raises:
        XentError: it is truncated, empty, or has doubled column names.
    """
    blob = random_access(blob)
    with _damage_told(blob, "ORC"), arrow_file(blob) as source:
        file = _orc(source)
        columns, notes = columns_of(blob.name, file.schema)
        refuse_no_rows(blob.name, file.nrows)
        parts = tuple(StripePart(blob, stripe) for stripe in range(file.nstripes))
        return Table(blob.name, form, columns, parts, file.nrows, notes)
