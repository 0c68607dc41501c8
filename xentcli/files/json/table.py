"""JSON tables: lines of objects are read block by block, an array of objects or another known shape as a whole.

Floor 2. Here it is decided which of the two a file is.

JSON lines: objects, one a line, read block by block. A first pass over all lines decides the columns and their
types; later passes follow. What Arrow's reader does not take (NaN, mixed types) goes through the standard library,
block by block.

Whole JSON: an array of objects, an object of arrays, or another known shape, read at once. Outside the promise of
bounded memory, like every format that only a whole file makes sense of.
"""

import io
import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import IO, Any

import pyarrow as pa

from xentcli.errors import EmptyInputError, Place, UnreadableError
from xentcli.files.batches import MemoryPart, cut, refuse_duplicates
from xentcli.files.blob import Blob
from xentcli.files.format import Format, ReadOptions
from xentcli.files.json.guard import (
    BlockLines,
    checked,
    kind_of,
    note,
    parse,
    parse_object,
    too_deep,
    with_broken,
    without_broken,
)
from xentcli.files.json.schema import (
    MOST_BLOCK_CELLS,
    Unified,
    cells_of,
    columns_of,
    keys_differ,
    keys_of,
    leaves,
    may_alter,
    normal,
    refuse_sparse,
    refuse_sparse_block,
    type_of,
    unify,
)
from xentcli.files.streams import BROKEN, broken
from xentcli.files.table import LeftOut, ReadAs, Table
from xentcli.record import Record

BOM = b"\xef\xbb\xbf"
"""What some writers put before UTF-8 text."""

BLOCK_BYTES = 4 << 20
PART_BYTES = 16 << 20

_LONG_INTEGER = re.compile(rb"(?<![\d.eE+])\d{16,}(?![\d.eE])")
"""An integer that float64 may alter; among fractions with as many digits there are none."""


class LinesPart(Record):
    """The objects between two offsets.

    Attributes:
        blob: the file.
        start: offset of the first line.
        stop: offset behind the last line.
        first_line: number of the first line, from 1.
        types: type by column.
        block_bytes: how much is parsed at a time.
        skip_broken: whether lines that hold no object are left out.
    """

    blob: Blob
    start: int
    stop: int
    first_line: int
    types: Mapping[str, pa.DataType]
    block_bytes: int
    skip_broken: bool = False

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        schema = pa.schema([(name, self.types[name]) for name in columns])
        line = self.first_line
        for block in _blocks(self.blob, self.start, self.stop, self.block_bytes):
            text = block.removeprefix(BOM) if line == 1 else block
            size, batch = self._batch(text, schema, line)
            yield from cut(batch)
            line += size.lines

    def _batch(self, text: bytes, schema: pa.Schema, line: int) -> tuple[BlockLines, pa.RecordBatch]:
        name = self.blob.name
        try:
            return checked(text, name, line), _batch(text, schema, name, line)
        except UnreadableError:
            if not self.skip_broken:
                raise
        text, _ = without_broken(text, name, line)
        return checked(text, name, line), _batch(text, schema, name, line)


def _batch(block: bytes, schema: pa.Schema, name: str, line: int) -> pa.RecordBatch:
    table = _arrow(block, schema)
    if table is not None:
        batches = table.combine_chunks().to_batches()
        return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=schema)
    rows = [cells_of(one, schema) for one in _objects(block, name, line)]
    return pa.RecordBatch.from_pylist(rows, schema=schema)


def _arrow(block: bytes, schema: pa.Schema | None) -> pa.Table | None:
    """Return what Arrow's reader makes of a block, None where it gives up."""
    from pyarrow import json as arrow_json  # noqa: PLC0415  only JSON needs it

    if not block.strip():
        return pa.table({}) if schema is None else schema.empty_table()
    unexpected = "infer" if schema is None else "ignore"
    try:
        return arrow_json.read_json(
            io.BytesIO(block),
            read_options=arrow_json.ReadOptions(use_threads=False, block_size=len(block) + 1),
            parse_options=arrow_json.ParseOptions(explicit_schema=schema, unexpected_field_behavior=unexpected),
        )
    except pa.ArrowException:
        return None


def _objects(block: bytes, name: str, line: int) -> Iterator[dict[str, Any]]:
    """Yield the objects of a block by the standard library, which takes NaN and Infinity.

    Raises:
        UnreadableError: a line holds no JSON object.
    """
    lines = block.split(b"\n")
    for at, raw in enumerate(lines):
        text = raw.strip()
        if text:
            yield parse_object(text, name, line + at, open_end=at == len(lines) - 1)


def _inferred(block: bytes, name: str, line: int, size: BlockLines) -> dict[str, Unified]:
    differ = keys_differ(block, size.ends)
    if differ:
        refuse_sparse_block(name, block)
    table = None if differ else _arrow(block, None)
    if table is not None:
        columns = {name: _whole(table[name]) for name in table.column_names}
        if not (any(map(may_alter, columns.values())) and _LONG_INTEGER.search(block)):
            return {name: Unified(normal(column)) for name, column in columns.items()}
    found: dict[str, Unified] = {}
    for row in _objects(block, name, line):
        for key, value in row.items():
            kind = type_of(value)
            found[key] = unify(found[key], kind) if key in found else kind
    return found


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)


def _blocks(blob: Blob, start: int, stop: int | None, size: int) -> Iterator[bytes]:
    """Yield blocks of whole lines; a line end inside a JSON text is always escaped."""
    held: list[bytes] = []
    try:
        with blob.open() as stream:
            _skip(stream, start)
            left = None if stop is None else stop - start
            while chunk := stream.read(size if left is None else min(size, left)):
                left = None if left is None else left - len(chunk)
                end = chunk.rfind(b"\n") + 1
                if end:
                    yield b"".join([*held, chunk[:end]])
                    held = [chunk[end:]]
                else:
                    held.append(chunk)
    except BROKEN as error:
        raise broken(blob.name, error) from error
    if any(held):
        yield b"".join(held)


def _skip(stream: IO[bytes], count: int) -> None:
    if count and stream.seekable():
        stream.seek(count)
        return
    while count > 0:
        count -= len(stream.read(min(count, 1 << 20)) or b" " * count)


def open_lines(blob: Blob, form: Format, part_bytes: int, block_bytes: int, *, skip: bool) -> Table:
    """Return the table of JSON lines; a first pass over all of them decides the columns and their types."""
    found: dict[str, Unified] = {}
    edges = [(0, 1)]
    offset, line, rows = 0, 1, 0
    left_out = LeftOut()
    first_error: UnreadableError | None = None
    for block in _blocks(blob, 0, None, block_bytes):
        if offset - edges[-1][0] >= part_bytes and blob.seekable:
            edges.append((offset, line))
        text = block.removeprefix(BOM) if line == 1 else block
        try:
            size = checked(text, blob.name, line)
            kinds = _inferred(text, blob.name, line, size)
        except UnreadableError as error:
            if not skip:
                raise
            first_error = first_error or error
            text, numbers = without_broken(text, blob.name, line)
            left_out = with_broken(left_out, numbers)
            size = checked(text, blob.name, line)
            kinds = _inferred(text, blob.name, line, size)
        for name, kind in kinds.items():
            found[name] = unify(found[name], kind) if name in found else kind
        refuse_sparse(blob.name, found, rows, offset)
        inner = range(sum(leaves(kind.type) for kind in found.values()))
        refuse_sparse(blob.name, inner, size.rows, len(block), MOST_BLOCK_CELLS)
        rows += size.rows
        offset += len(block)
        line += size.lines
    refuse_sparse(blob.name, found, rows, offset)
    if first_error is not None and left_out.count >= rows:
        raise first_error  # it is no file of JSON lines
    columns, notes = columns_of(blob.name, found, rows)
    if left_out.count:
        notes = (*notes, note(left_out))
    if form is Format.JSON:
        notes = (*notes, "read as JSON lines, one object a line")
    types = {column.name: column.type for column in columns}
    stops = [*(start for start, _ in edges[1:]), offset]
    parts = tuple(
        LinesPart(blob, start, stop, first, types, block_bytes, skip_broken=left_out.count > 0)
        for (start, first), stop in zip(edges, stops, strict=True)
    )
    lines = partial(_lines, blob, skip_broken=left_out.count > 0)
    return Table(blob.name, Format.JSONL, columns, parts, rows, notes, lines, left_out=left_out)


def _lines(blob: Blob, rows: tuple[int, ...], *, skip_broken: bool) -> dict[int, int]:
    """Return the line of each of some 1-based rows."""
    asked, found = set(rows), {}
    row, line = 0, 0
    for block in _blocks(blob, 0, None, BLOCK_BYTES):
        whole = block.removeprefix(BOM) if not line else block
        if skip_broken:
            whole = without_broken(whole, blob.name, line + 1)[0]
        for raw in whole.removesuffix(b"\n").split(b"\n"):
            line += 1
            if not raw.strip():
                continue
            row += 1
            if row in asked:
                found[row] = line
        if not asked or row >= max(asked):
            break
    return found


def parsed(blob: Blob) -> object:
    """Return the one value of a file."""
    try:
        with blob.open() as stream:
            raw = stream.read().removeprefix(BOM)
    except BROKEN as error:
        raise broken(blob.name, error) from error
    return parse(raw, blob.name, None, "the file is truncated or damaged")


def open_whole_json(blob: Blob, value: object) -> Table:
    """Return the table of a JSON array of objects, of an object of arrays, or of another known shape."""
    from xentcli.files.declared import with_declared  # noqa: PLC0415  lines of objects do not need it
    from xentcli.files.json.shapes import Shaped, shaped  # noqa: PLC0415  likewise

    form = shaped(value, blob.name) or Shaped(_rows_of(value, blob.name))
    objects = form.rows
    inner = set(keys_of(objects))
    refuse_sparse(blob.name, {key for row in objects for key in row}, len(objects), blob.size or 0)
    refuse_sparse(blob.name, inner, len(objects), blob.size or 0, MOST_BLOCK_CELLS)
    found: dict[str, Unified] = {}
    for at, row in enumerate(objects, start=1):
        try:
            for key, one in row.items():
                found[key] = unify(found[key], type_of(one)) if key in found else type_of(one)
        except RecursionError as error:
            raise too_deep(Place(blob.name, row=at)) from error
    columns, notes = columns_of(blob.name, found, len(objects))
    refuse_duplicates(blob.name, [column.name for column in columns])
    schema = pa.schema([(column.name, column.type) for column in columns])
    table = pa.Table.from_pylist([cells_of(row, schema) for row in objects], schema=schema)
    whole = Table(blob.name, Format.JSON, columns, (MemoryPart(table),), len(objects), (*form.notes, *notes))
    return whole if form.declared is None else with_declared(whole, form.declared)


def _rows_of(value: object, name: str) -> list[dict[str, Any]]:
    if isinstance(value, dict) and value and all(isinstance(one, list) for one in value.values()):
        lengths = {key: len(one) for key, one in value.items()}
        if len(set(lengths.values())) == 1:
            return [dict(zip(value, row, strict=True)) for row in zip(*value.values(), strict=True)]
        shown = ", ".join(f"{key} has {length:,}" for key, length in lengths.items())
        raise UnreadableError(f"its arrays differ in length: {shown}", place=Place(name))
    if not isinstance(value, list):
        raise UnreadableError(
            "holds no array of objects",
            place=Place(name),
            help='write [{"label": "cat", "probs": [0.2, 0.8]}, ...], or one object a line',
        )
    if value and all(isinstance(one, list) for one in value):
        raise UnreadableError(
            "holds a list of lists, whose columns have no names",
            place=Place(name),
            help="write objects instead, such as pandas' to_json(PATH, orient='records')",
        )
    for row, one in enumerate(value, start=1):
        if not isinstance(one, dict):
            raise UnreadableError(f"holds {kind_of(one)}, not an object", place=Place(name, row=row))
    return value


def open_json(
    blob: Blob,
    form: Format,
    options: ReadOptions | None = None,
    *,
    part_bytes: int = PART_BYTES,
    block_bytes: int = BLOCK_BYTES,
) -> Table:
    """Return the table of JSON lines, or of an array of objects.

    Args:
        blob: the bytes.
        form: JSONL or JSON, a hint; the first character decides.
        options: whether lines that hold no object are left out and counted; None refuses them.
        part_bytes: how large the parts of JSON lines are.
        block_bytes: how much is parsed at a time.

    Raises:
        XentError: it is empty, no JSON, or holds no objects.
    """
    start = blob.head(1 << 12).removeprefix(BOM).lstrip()
    if not start:
        raise EmptyInputError("the file is empty", place=Place(blob.name))
    if start.startswith(b"[") or (form is Format.JSON and not _first_line_is_object(blob)):
        return open_whole_json(blob, parsed(blob))
    if form is Format.JSON and _is_one_line(blob):
        from xentcli.files.json.shapes import shaped  # noqa: PLC0415  lines of objects do not need it

        value = parsed(blob)
        if shaped(value, blob.name) is not None:
            return open_whole_json(blob, value)
    return open_lines(blob, form, part_bytes, block_bytes, skip=options is not None and options.skip_bad_rows)


def _first_line_is_object(blob: Blob) -> bool:
    line = blob.head(1 << 20).removeprefix(BOM).lstrip().split(b"\n", 1)[0]
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and not (value and all(isinstance(one, list | dict) for one in value.values()))


def _is_one_line(blob: Blob) -> bool:
    """Whether the first line is all there is."""
    head = blob.head(1 << 20)
    return len(head) < 1 << 20 and not head.strip().count(b"\n")
