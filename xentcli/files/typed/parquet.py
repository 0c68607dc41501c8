"""Parquet: a part is a run of row groups, streamed through buffered batches, never read at once.

Floor 2. Reading a wide row group whole can take ten times its size; `iter_batches` without pre-buffering takes a batch.
Very wide files are read some columns at a time, through a temporary file. Column statistics are never asked: they leave
out NaN.
"""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property, partial
from itertools import chain
from typing import Any

import pyarrow as pa

from xentcli.errors import UnreadableError
from xentcli.files.batches import (
    BATCH_BYTES,
    MAX_ROWS,
    Cursor,
    columns_of,
    cut,
    dictionary_classes,
    has_texts,
    refuse_no_rows,
    side_by_side,
    unfolded,
    width,
)
from xentcli.files.blob import Blob, arrow_file, random_access
from xentcli.files.declared import of_schema
from xentcli.files.format import Format
from xentcli.files.plain import holds_objects, is_text
from xentcli.files.streams import first_line
from xentcli.files.table import Column, ReadAs, Table
from xentcli.files.typed.damage import unread, validated
from xentcli.record import Record, replace

STATE_BYTES = 96 << 20
"""What a reader of all columns may hold beside the batch; if it would hold more, columns are read in runs."""

RUN_BYTES = 32 << 20
"""What a reader of a run of columns may hold."""


def slices(names: Sequence[str], state: Sequence[int]) -> list[list[str]]:
    """Return the columns in runs whose readers together hold no more than they may.

    Args:
        names: columns.
        state: bytes that a reader of each holds.
    """
    if sum(state) <= STATE_BYTES:
        return [list(names)]
    runs: list[list[str]] = [[]]
    held = 0
    for name, size in zip(names, state, strict=True):
        if runs[-1] and held + size > RUN_BYTES:
            runs.append([])
            held = 0
        runs[-1].append(name)
        held += size
    return runs


def staged(
    runs: Sequence[Sequence[str]], rows: int, read: Callable[[Sequence[str], int], Iterator[pa.RecordBatch]]
) -> Iterator[pa.RecordBatch]:
    """Yield the batches of all columns, having read one run of columns after the other.

    Args:
        runs: names of columns.
        rows: rows of a batch of all columns.
        read: yields the batches of some columns with about so many rows.

    Raises:
        UnreadableError: there is no room for the temporary file.
    """
    names = [name for run in runs for name in run]
    with ExitStack() as stack:
        readers = []
        for run in runs:
            share = max(1, len(names) // len(run))  # a batch costs time by its columns: few columns, many rows
            file = stack.enter_context(_written(read(run, rows * share), rows))
            readers.append(pa.ipc.open_stream(file))
        for pieces in side_by_side([Cursor(iter(reader)) for reader in readers]):
            arrays = [array for piece in pieces for array in piece.columns]
            yield pa.RecordBatch.from_arrays(arrays, names=names)


def _written(batches: Iterator[pa.RecordBatch], rows: int) -> Any:
    """Write batches, `rows` rows at a time, and return the file, which has no name any more."""
    first = next(batches)
    descriptor, name = tempfile.mkstemp(prefix="xent-")
    os.close(descriptor)
    try:
        with pa.OSFile(name, "wb") as file, pa.ipc.new_stream(file, first.schema) as writer:
            for batch in chain([first], batches):
                for start in range(0, batch.num_rows, rows):
                    writer.write_batch(batch.slice(start, rows))
        return pa.OSFile(name, "rb")
    except OSError as error:
        raise UnreadableError(
            f"cannot be copied to a temporary file: {first_line(error)}",
            help="TMPDIR names the folder for temporary files",
        ) from error
    finally:
        os.unlink(name)  # noqa: PTH108  an open file lives on without its name


_PART_BYTES = 4 << 20
"""Row groups smaller than this are read together: opening a file costs more than reading them."""

_STREAM_BYTES = 16 << 20
"""What the buffers of all columns of a part take together."""

_PAGES_BYTES = 2 << 20
"""More than a page and a dictionary of a column usually take."""

_CLASSES_BYTES = 1 << 20
"""A larger dictionary page holds no class names."""


class _File(Record):
    """A Parquet file whose footer was read once."""

    blob: Blob
    footer: Any = None

    @cached_property
    def schema(self) -> pa.Schema:
        """The columns by the footer; pyarrow converts all of them each time that it is asked."""
        return self.footer.schema.to_arrow_schema()

    @cached_property
    def leaves(self) -> dict[str, int]:
        """The index of the first Parquet column of every column."""
        return _first_leaves(self.schema)

    @contextmanager
    def opened(self, columns: int = 1, dictionaries: Sequence[str] = ()) -> Iterator[Any]:
        """Give a reader whose buffers suit that many columns, for as long as it is needed.

        Args:
            columns: how many are read.
            dictionaries: those whose texts are read as a dictionary.

        Raises:
            UnreadableError: the file is damaged; also where that shows up in the body.
        """
        import pyarrow.parquet as pq  # noqa: PLC0415  30 ms that only Parquet pays

        size = max(1 << 12, min(1 << 20, _STREAM_BYTES // max(1, columns)))
        try:
            with arrow_file(self.blob) as source:
                yield pq.ParquetFile(
                    source, metadata=self.footer, pre_buffer=False, buffer_size=size,
                    read_dictionary=list(dictionaries),
                )  # fmt: skip
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise unread(self.blob.name, "Parquet", error) from error


class ParquetPart(Record):
    """A run of row groups."""

    file: _File
    groups: tuple[int, ...]
    rows: int

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        names = list(columns)
        _refuse_lying_chunks(self.file, self.groups, names)
        rows = _rows_per_batch(self.file, self.groups, names)
        runs = slices(names, _state(self.file, self.groups, names))
        read = partial(self._batches, _repeating(self.file, self.groups, names))
        if len(runs) == 1:
            yield from read(names, rows)
        else:
            yield from staged(runs, rows, read)

    def _batches(
        self, repeating: Mapping[str, pa.DataType], names: Sequence[str], rows: int
    ) -> Iterator[pa.RecordBatch]:
        """Yield some columns in batches of about so many rows; of those that repeat texts, each text is read once."""
        groups, asked = list(self.groups), list(names)
        own = {name: repeating[name] for name in names if name in repeating}
        with self.file.opened(len(names), tuple(own)) as file:
            for batch in file.iter_batches(rows, row_groups=groups, columns=asked, use_threads=False):
                known = validated(batch.select(asked), self.file.blob.name)
                yield from cut(unfolded(known, own), self.file.blob.name)


def _refuse_lying_chunks(file: _File, groups: Sequence[int], names: Sequence[str]) -> None:
    """Read a row of the columns of text and of nested values, whose sizes are asked afterwards.

    `RowGroupMetaData.column` ends the whole process where what the footer says of a column is inconsistent; a reader
    of the column checks the same and raises.

    Raises:
        UnreadableError: the footer is inconsistent about one of them, or the file is damaged.
    """
    asked = [name for name in names if _asks_chunk(file.schema.field(name).type)]
    if not asked:
        return
    with file.opened(len(asked)) as reader:
        for group in groups:
            next(reader.iter_batches(1, row_groups=[group], columns=asked, use_threads=False), None)


def _asks_chunk(kind: pa.DataType) -> bool:
    """Return whether the size of a column is seen only from its chunks, not from its rows."""
    return pa.types.is_nested(kind) or isinstance(kind, pa.BaseExtensionType) or has_texts(kind)


def _leaves(kind: pa.DataType) -> int:
    """Return how many Parquet columns a column of that type takes."""
    if isinstance(kind, pa.BaseExtensionType):
        return _leaves(kind.storage_type)
    if pa.types.is_dictionary(kind) or not pa.types.is_nested(kind):
        return 1
    if pa.types.is_map(kind):
        return _leaves(kind.key_type) + _leaves(kind.item_type)
    if pa.types.is_struct(kind):
        return sum(_leaves(field.type) for field in kind)
    return _leaves(kind.value_type)


def _leaf_type(kind: pa.DataType) -> pa.DataType:
    while True:
        if isinstance(kind, pa.BaseExtensionType):
            kind = kind.storage_type
        elif pa.types.is_dictionary(kind) or pa.types.is_nested(kind):
            kind = kind.value_type
        else:
            return kind


def _first_leaves(schema: pa.Schema) -> dict[str, int]:
    """Return the index of the first Parquet column of every column."""
    found: dict[str, int] = {}
    at = 0
    for field in schema:
        found[field.name] = at
        at += _leaves(field.type)
    return found


def _rows_per_batch(file: _File, groups: tuple[int, ...], names: list[str]) -> int:
    """Return how many rows of some columns fit into a batch; lists count by their elements."""
    leaves = file.leaves
    kinds = {name: file.schema.field(name).type for name in names}
    largest = 1
    for group in groups:
        row_group = file.footer.row_group(group)
        total = 0
        for name, kind in kinds.items():
            if holds_objects(kind):
                sizes = (row_group.column(leaves[name] + at) for at in range(_leaves(kind)))
                total += sum(chunk.total_uncompressed_size + chunk.num_values for chunk in sizes)
                continue
            nested = pa.types.is_nested(kind) or isinstance(kind, pa.BaseExtensionType)
            values = row_group.column(leaves[name]).num_values if nested else row_group.num_rows
            size = values * width(_leaf_type(kind))
            if has_texts(kind):  # how long texts are is seen from what they take
                size = max(size, row_group.column(leaves[name]).total_uncompressed_size)
            total += size
        largest = max(largest, total // max(1, row_group.num_rows))
    return max(1, min(MAX_ROWS, BATCH_BYTES // largest))


def _repeating(file: _File, groups: tuple[int, ...], names: list[str]) -> dict[str, pa.DataType]:
    """Return the types of the columns of text that have a dictionary, of which few bytes may mean many."""
    kinds = {name: file.schema.field(name).type for name in names}
    held = [file.footer.row_group(group) for group in groups]
    return {
        name: kind
        for name, kind in kinds.items()
        if has_texts(kind) and any(group.column(file.leaves[name]).dictionary_page_offset is not None for group in held)
    }


def _state(file: _File, groups: tuple[int, ...], names: list[str]) -> list[int]:
    """Return about how many bytes a reader of each column holds, by the mean of all: a page and a dictionary."""
    if len(names) * _PAGES_BYTES <= STATE_BYTES:
        return [0] * len(names)
    held = [file.footer.row_group(group) for group in groups]
    largest = max(group.total_byte_size // max(1, group.num_columns) for group in held)
    return [min(_PAGES_BYTES, largest)] * len(names)


def open_parquet(blob: Blob, form: Format) -> Table:
    """Return the table of a Parquet file.

    Raises:
        XentError: it is truncated, empty, or has doubled column names.
    """
    blob = random_access(blob)
    with _File(blob).opened() as file:
        footer = file.metadata
        columns, notes = columns_of(blob.name, file.schema_arrow)
        refuse_no_rows(blob.name, footer.num_rows)
        columns = tuple(_with_classes(file, column, blob.name) for column in columns)
        schema = file.schema_arrow
    parts = tuple(_parts(_File(blob, footer)))
    return of_schema(Table(blob.name, form, columns, parts, footer.num_rows, notes), schema)


def _parts(file: _File) -> Iterator[ParquetPart]:
    """Yield the parts: runs of row groups that together are worth opening the file for."""
    groups: list[int] = []
    rows = size = 0
    for group in range(file.footer.num_row_groups):
        row_group = file.footer.row_group(group)
        if row_group.num_rows == 0:
            continue
        groups.append(group)
        rows += row_group.num_rows
        size += row_group.total_byte_size
        if size >= _PART_BYTES:
            yield ParquetPart(file, tuple(groups), rows)
            groups, rows, size = [], 0, 0
    if groups:
        yield ParquetPart(file, tuple(groups), rows)


def _with_classes(file: Any, column: Column, path: str) -> Column:
    """Return a column with the values of its dictionary, if it is a small one that all row groups share."""
    kind = column.type
    if column.classes or not pa.types.is_dictionary(kind) or not is_text(kind.value_type):
        return column
    leaf = _first_leaves(file.schema_arrow)[column.name]
    found: set[tuple[str, ...] | None] = set()
    for group in range(file.metadata.num_row_groups):
        # reading comes first: it raises where the footer lies about a chunk, `column` would end the process
        batches = file.iter_batches(1, row_groups=[group], columns=[column.name], use_threads=False)
        first = next(batches, None)
        chunk = file.metadata.row_group(group).column(leaf)
        start, end = chunk.dictionary_page_offset, chunk.data_page_offset
        if start is None or end - start > _CLASSES_BYTES or len(found) > 1:
            return column
        if first is not None:
            found.add(dictionary_classes(validated(first, path).column(0)))
    return replace(column, classes=found.pop()) if len(found) == 1 else column
