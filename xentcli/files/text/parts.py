"""Parts of text files: what is decided about a file, and its rows between two offsets, or all of them.

Floor 2. Ranges are parsed on their own by Arrow where lines can be told apart; else all rows are read by the
standard library, in order.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import IO, Any

import pyarrow as pa

from xentcli.errors import Place, UnreadableError
from xentcli.files.blob import Blob
from xentcli.files.streams import BROKEN, broken
from xentcli.files.table import ReadAs
from xentcli.files.text.dialect import Dialect
from xentcli.files.text.lines import lines_of, numbered_rows, ragged_error, text_lines
from xentcli.files.text.parse import RaggedBlockError, parse_block
from xentcli.files.text.scan import Scan
from xentcli.record import Record

FIRST_BLOCK_BYTES = 128 << 10
SLOW_ROWS = 1 << 14

_BLANKS = re.compile(rb"[ \t]+")
_EDGES = re.compile(rb"(?m)^ | $")


class TextFile(Record):
    r"""All that is decided about a text file.

    Attributes:
        blob: its bytes.
        opened: returns a stream of UTF-8 (or Latin-1) bytes with \\n line ends, from the start.
        encoding: of those bytes, for Python.
        dialect: how cells are written.
        scan: what the bytes show.
        body: offset of the first data row in the stream.
        null_values: texts that mean a missing cell, beside the blank one.
        skip_ragged: whether rows with another number of cells are left out.
    """

    blob: Blob
    opened: Callable[[], IO[bytes]]
    encoding: str
    dialect: Dialect
    scan: Scan
    body: int
    null_values: tuple[str, ...]
    skip_ragged: bool = False

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield (line, cells) of every data row, the slow and exact way."""
        try:
            width, found = len(self.dialect.names), numbered_rows(text_lines(self.opened, self.encoding), self.dialect)
            yield from (one for one in found if len(one[1]) in {width, width == 1}) if self.skip_ragged else found
        except csv.Error as error:
            raise UnreadableError(f"its cells cannot be told apart: {error}", place=Place(self.blob.name)) from error

    def lines(self, rows: tuple[int, ...]) -> dict[int, int]:
        """Return the line of each of some rows."""
        head = self._lines_before_rows(max(rows, default=0))
        return lines_of(self.rows(), rows) if head is None else {row: head + row for row in rows}

    def _lines_before_rows(self, rows: int) -> int | None:
        """Return the number of lines before the rows if each of the first `rows` rows is one line.

        None where that is not plain to see. No more is read than these rows.
        """
        if len(self.dialect.names) == 1 or self.scan.marked or self.skip_ragged or self.dialect.separator == " ":
            return None
        quote, head, left, last = (self.dialect.quote or "\n\n").encode(), 0, self.body, b"\n"
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
        cut = self.dialect.cut
        if cut.written is not None:
            block = block.replace(cut.written.encode(), cut.separator.encode())
        if self.dialect.separator == " ":
            block = _EDGES.sub(b"", _BLANKS.sub(b" ", block.replace(b"\r\n", b"\n")))
        return block


class RangePart(Record):
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
                    batch = parse_block(plain, file.dialect, columns, file.null_values, skip_ragged=file.skip_ragged)
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
        if held:
            yield held, True


class SlowPart(Record):
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
    quote = (file.dialect.quote or "").encode()
    # Whether there is a quote is found out faster than how many there are.
    if not quote or not file.scan.quoted or quote not in held:
        return cut
    odd = held.count(quote, 0, cut) % 2
    while cut and odd:
        # All line ends behind the last quote stand inside it: the next to try is the one before it.
        last = held.rfind(quote, 0, cut)
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


def parts_of(file: TextFile, *, seekable: bool, block_bytes: int) -> tuple[Any, ...]:
    """Return the parts of a file; one that cannot be cut at line ends is one part."""
    cut, comments = file.dialect.cut, file.dialect.comments
    # Arrow asks only about rows with another number of cells: other comments are for the reader of records.
    hidden_comments = file.scan.marked and (comments is None or (comments.width or 1) == 1)
    quoted_stand_ins = (cut.separator == " " or cut.written is not None) and file.scan.quoted
    if not file.scan.regular or hidden_comments or cut.padded or quoted_stand_ins:
        return (SlowPart(file),)
    if not seekable:
        return (RangePart(file, file.body, file.scan.size, block_bytes),)
    inner = [cut for cut in file.scan.cuts if file.body < cut < file.scan.size]
    edges = [file.body, *inner, file.scan.size]
    return tuple(RangePart(file, start, stop, block_bytes) for start, stop in pairwise(edges) if start < stop)
