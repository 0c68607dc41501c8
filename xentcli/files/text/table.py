"""Text tables: a Blob of text becomes a Table, cut into ranges that are parsed on their own where it can be.

Floor 2. Two passes over the bytes: the scan decides what holds for the whole file, later reads follow.
Compressed text, and text that is not line-cuttable, is a single part that is streamed.
"""

import codecs
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import IO, Any

import pyarrow as pa

from xentcli.errors import EmptyInputError, Place, UnreadableError, UsageError
from xentcli.files.batches import refuse_duplicates
from xentcli.files.blob import Blob
from xentcli.files.format import Format, ReadOptions
from xentcli.files.streams import BROKEN, broken
from xentcli.files.table import Column, ReadAs, Table
from xentcli.files.text.dialect import Dialect, sniff
from xentcli.files.text.lines import (
    LONGEST_ROW,
    lines_of,
    long_row,
    numbered_rows,
    ragged_error,
    text_lines,
    unclosed_quote,
)
from xentcli.files.text.parse import RaggedBlockError, parse_block
from xentcli.files.text.recode import recoded
from xentcli.files.text.scan import Scan, scan

SAMPLE_BYTES = 1 << 18
LARGEST_SAMPLE = 64 << 20
BLOCK_BYTES = 4 << 20
FIRST_BLOCK_BYTES = 128 << 10
PART_BYTES = 16 << 20
SLOW_ROWS = 1 << 14

_COMMENTS = re.compile(rb"(?m)^#[^\n]*\n?")
_BLANKS = re.compile(rb"[ \t]+")
_EDGES = re.compile(rb"(?m)^ | $")


@dataclass(frozen=True)
class TextFile:
    r"""All that is decided about a text file.

    Attributes:
        blob: its bytes.
        opened: returns a stream of UTF-8 (or Latin-1) bytes with \\n line ends, from the start.
        encoding: of those bytes, for Python.
        dialect: how cells are written.
        scan: what the bytes show.
        body: offset of the first data row in the stream.
        null_values: texts that mean a missing cell, beside the blank one.
    """

    blob: Blob
    opened: Callable[[], IO[bytes]]
    encoding: str
    dialect: Dialect
    scan: Scan
    body: int
    null_values: tuple[str, ...]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield (line, cells) of every data row, the slow and exact way."""
        return numbered_rows(text_lines(self.opened, self.encoding), self.dialect)

    def lines(self, rows: tuple[int, ...]) -> dict[int, int]:
        """Return the line of each of some rows."""
        head = self._lines_before_rows(max(rows, default=0))
        return lines_of(self.rows(), rows) if head is None else {row: head + row for row in rows}

    def _lines_before_rows(self, rows: int) -> int | None:
        """Return the number of lines before the rows if each of the first `rows` rows is one line.

        None where that is not plain to see. No more is read than these rows.
        """
        if len(self.dialect.names) == 1 or self.dialect.comments or self.dialect.separator == " ":
            return None
        quote, head, left, last = self.dialect.quote.encode(), 0, self.body, b"\n"
        with self.opened() as stream:
            while left > 0 and (chunk := stream.read(left)):
                head += chunk.count(b"\n")
                left -= len(chunk)
            while rows > 0 and (chunk := stream.read(1 << 20)):
                if quote in chunk or b"\r" in chunk or b"\n\n" in last + chunk:
                    return None
                last = chunk[-1:]
                rows -= chunk.count(b"\n")
        return head

    def cleaned(self, block: bytes) -> bytes:
        """Return a block as Arrow's parser takes it."""
        if self.scan.latin1:
            block = block.decode("latin-1").encode("utf-8")
        if self.dialect.comments:
            block = _COMMENTS.sub(b"", block)
        if self.dialect.separator == " ":
            block = _EDGES.sub(b"", _BLANKS.sub(b" ", block.replace(b"\r\n", b"\n")))
        return block


@dataclass(frozen=True)
class RangePart:
    """The rows between two offsets."""

    file: TextFile
    start: int
    stop: int
    block_bytes: int

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        file = self.file
        one_column = len(file.dialect.names) == 1
        try:
            for block, last in self._blocks():
                plain = file.cleaned(block)
                if one_column and last:
                    plain = plain.rstrip(b"\r\n") + b"\n" if plain.strip(b"\r\n") else b""
                if plain:
                    batch = parse_block(plain, file.dialect, columns, file.null_values)
                    if batch.num_rows:
                        yield batch
        except RaggedBlockError as error:
            raise ragged_error(file.rows(), file.dialect, file.blob.name) from error
        except BROKEN as error:
            raise broken(file.blob.name, error) from error

    def _blocks(self) -> Iterator[tuple[bytes, bool]]:
        """Yield blocks of whole rows, and whether each is the last of the file.

        Those at the head of a file start small: often nothing but its first rows is looked at.
        """
        file, left, held = self.file, self.stop - self.start, b""
        size = min(FIRST_BLOCK_BYTES, self.block_bytes) if self.start == file.body else self.block_bytes
        with file.opened() as stream:
            _skip(stream, self.start)
            while left > 0:
                chunk = stream.read(min(size, left))
                if not chunk:
                    break
                size = min(4 * size, self.block_bytes)
                left -= len(chunk)
                held += chunk
                cut = len(held) if left == 0 else _safe_cut(held, file)
                if cut > 0:
                    yield held[:cut], left == 0 and self.stop >= file.scan.size
                    held = held[cut:]
                elif len(held) > LONGEST_ROW:
                    raise long_row(file.blob.name, len(held))
        if held:
            yield held, True


@dataclass(frozen=True)
class SlowPart:
    """All rows, read by the standard library: for quotes inside cells, which cannot be cut around."""

    file: TextFile

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        file = self.file
        width = len(file.dialect.names)
        nulls = {"", *file.null_values}
        at = {name: position for position, name in enumerate(file.dialect.names)}
        held: list[list[str]] = []
        for _, row in file.rows():
            if len(row) != width:
                raise ragged_error(file.rows(), file.dialect, file.blob.name)
            held.append(row)
            if len(held) >= SLOW_ROWS:
                yield self._batch(held, columns, at, nulls)
                held = []
        if held:
            yield self._batch(held, columns, at, nulls)

    def _batch(
        self, rows: list[list[str]], columns: Mapping[str, ReadAs], at: dict[str, int], nulls: set[str]
    ) -> pa.RecordBatch:
        arrays = []
        for name, how in columns.items():
            cells = [None if row[at[name]] in nulls else row[at[name]] for row in rows]
            if how is ReadAs.NUMBER:
                dialect = self.file.dialect
                numbers = [None if cell is None else dialect.number(cell, name) for cell in cells]
                arrays.append(pa.array(numbers, type=pa.float64()))
            else:
                arrays.append(pa.array(cells, type=pa.string()))
        return pa.RecordBatch.from_arrays(arrays, names=list(columns))


def _safe_cut(held: bytes, file: TextFile) -> int:
    """Return the offset behind the last line end outside quotes, 0 if there is none."""
    cut = held.rfind(b"\n") + 1
    quote = file.dialect.quote.encode()
    # Whether there is a quote is found out faster than how many there are.
    if not file.scan.quoted or quote not in held:
        return cut
    odd = held.count(quote, 0, cut) % 2
    while cut and odd:
        last = held.rfind(quote, 0, cut)  # the lines behind it change nothing, and a cell may hold millions
        previous = held.rfind(b"\n", 0, last) + 1
        odd ^= held.count(quote, previous, cut) % 2
        cut = previous
    return cut


def _skip(stream: IO[bytes], count: int) -> None:
    if count and hasattr(stream, "seekable") and stream.seekable():
        stream.seek(count)
        return
    while count > 0:
        count -= len(stream.read(min(count, 1 << 20)) or b" " * count)


def open_text(
    blob: Blob,
    form: Format,
    options: ReadOptions,
    *,
    part_bytes: int = PART_BYTES,
    block_bytes: int = BLOCK_BYTES,
) -> Table:
    """Return the table of a text file.

    Args:
        blob: its bytes.
        form: CSV, TSV or TXT, a hint for the separator.
        options: what the caller fixes.
        part_bytes: how large parts are.
        block_bytes: how much is parsed at a time.

    Raises:
        XentError: it is empty, binary, ragged, or has doubled column names.
    """
    try:
        opened, encoding, notes = recoded(blob)
        text, complete = _sample(opened, encoding, blob.name)
    except BROKEN as error:
        raise broken(blob.name, error) from error
    if not text.strip():
        raise EmptyInputError("the file is empty", place=Place(blob.name))
    _check_separator(options.separator)
    dialect = sniff(text, form, options, complete=complete)
    seen = _scanned(opened, blob, dialect, part_bytes)
    if seen.latin1 and encoding == "utf-8":
        encoding = "latin-1"
        byte, line = seen.offence or (0, 0)
        notes = (*notes, f"not UTF-8 (byte 0x{byte:02x} in line {line}): read as Latin-1")
        dialect = sniff(_sample(opened, encoding, blob.name)[0], form, options, complete=complete)
    names = dialect.names[: len(dialect.names) - dialect.trailing]
    if not seen.regular:
        _refuse_unclosed(blob.name, text_lines(opened, encoding), dialect)
    refuse_duplicates(blob.name, list(names))
    body = _body_offset(opened, dialect)
    file = TextFile(blob, opened, encoding, dialect, seen, body, options.null_values)
    parts = _parts(file, seekable=blob.seekable and opened is blob.open, block_bytes=block_bytes)
    first = next(iter(Table(blob.name, form, (), parts).batches({names[0]: ReadAs.NATIVE})), None)
    if first is None:
        raise EmptyInputError("holds a header and no rows", place=Place(blob.name))
    columns = [Column(name, pa.string()) for name in names]
    if dialect.classes is not None:
        columns[-1] = replace(columns[-1], classes=dialect.classes)
    return Table(blob.name, form, tuple(columns), parts, None, (*notes, *dialect.notes), file.lines)


def _check_separator(separator: str | None) -> None:
    if separator is not None and (len(separator) != 1 or separator in '\r\n"'):
        raise UsageError(f"--separator {separator!r} is not one character that can stand between cells")


def _refuse_unclosed(name: str, lines: Iterator[str], dialect: Dialect) -> None:
    """Raise if a quote is never closed: all rows behind it would be one cell.

    Raises:
        UnreadableError: naming its line.
    """
    line = unclosed_quote(lines, dialect)
    if line is not None:
        raise UnreadableError(
            f"the quote {dialect.quote} that opens a cell here is never closed",
            place=Place(name, line),
            help="close it behind the cell, or take it away; a quote inside a quoted cell is written twice",
        )


def _scanned(opened: Callable[[], IO[bytes]], blob: Blob, dialect: Dialect, part_bytes: int) -> Scan:
    try:
        return scan(opened, blob.name, dialect.separator, dialect.quote, part_bytes)
    except BROKEN as error:
        raise broken(blob.name, error) from error


def _sample(opened: Callable[[], IO[bytes]], encoding: str, name: str) -> tuple[str, bool]:
    """Return whole lines from the start of a file, and whether they are all of it."""
    size = SAMPLE_BYTES
    while True:
        with opened() as stream:
            data = stream.read(size)
            complete = not stream.read(1)
        if complete or data.count(b"\n") >= 20 or size >= LARGEST_SAMPLE:
            break
        size *= 8
    last = len(data) - (data.rfind(b"\n") + 1)
    if not complete and last > LONGEST_ROW:
        raise long_row(name, last, 1 + data.count(b"\n"))
    if b"\x00" in data:
        raise UnreadableError(
            "holds NUL bytes: it is binary, not text",
            place=Place(name),
            help="name its format with --input-format, or convert it to UTF-8 text",
        )
    if not complete:
        data = data[: data.rfind(b"\n") + 1]
    return data.removeprefix(codecs.BOM_UTF8).decode(encoding, "replace"), complete


def _body_offset(opened: Callable[[], IO[bytes]], dialect: Dialect) -> int:
    """Return the offset of the first data row: behind the BOM, leading comments and skipped rows."""
    offset = skipped = 0
    pending = b""
    quote = dialect.quote.encode()
    with opened() as stream:
        for line in _byte_lines(stream):
            bare = line.removeprefix(codecs.BOM_UTF8) if offset == 0 else line
            comment = not pending and dialect.comments and bare.startswith(b"#")
            if not comment and skipped == dialect.skip:
                return offset + len(line) - len(bare)
            offset += len(line)
            pending = b"" if comment else pending + bare
            if pending.strip() and pending.count(quote) % 2 == 0:
                skipped += 1
                pending = b""
    return offset


def _byte_lines(stream: IO[bytes]) -> Iterator[bytes]:
    held = b""
    while chunk := stream.read(1 << 16):
        held += chunk
        *whole, held = held.split(b"\n")
        for line in whole:
            yield line + b"\n"
    if held:
        yield held


def _parts(file: TextFile, *, seekable: bool, block_bytes: int) -> tuple[Any, ...]:
    cuttable = file.scan.regular and not (file.dialect.separator == " " and file.scan.quoted)
    if not cuttable:
        return (SlowPart(file),)
    if not seekable:
        return (RangePart(file, file.body, file.scan.size, block_bytes),)
    inner = [cut for cut in file.scan.cuts if file.body < cut < file.scan.size]
    edges = [file.body, *inner, file.scan.size]
    return tuple(RangePart(file, start, stop, block_bytes) for start, stop in pairwise(edges) if start < stop)
