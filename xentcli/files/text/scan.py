"""Scan: one look over all bytes of a text file, and the first lines of it that tell how it is written.

Floor 2. What is decided here holds for the whole file. Cuts are at line ends outside quotes; where quotes do not
stand as the format asks (a stray one inside a cell), nothing is cut. A line that never ends is refused.

Samples: the first lines of a text file, enough of them to tell how it is written. A file whose every line is one
quoted cell that holds a row, as a table that was exported twice is, is unwrapped.
"""

import codecs
from collections.abc import Callable
from typing import IO

import numpy as np

from xentcli.errors import Place, UnreadableError
from xentcli.files.format import Format, ReadOptions
from xentcli.files.text.dialect import Dialect
from xentcli.files.text.header import has_header
from xentcli.files.text.numbers import number
from xentcli.files.text.records import LONGEST_CELL, ONE_COLUMN, Cut, physical_lines, reader, split
from xentcli.files.text.separator import EDGES, SAMPLE_ROWS, USUAL
from xentcli.record import MutableRecord, Record, field

CHUNK_BYTES = 1 << 20
_NEWLINE = ord("\n")


class Scan(Record):
    """What the bytes of a file show.

    Attributes:
        latin1: whether they are not UTF-8 and so read as Latin-1.
        offence: the first byte that is not UTF-8 and its line, for the note.
        quoted: whether there are quotes at all.
        spanning: whether some quoted cell takes several lines and about as many separators as their rows would have.
        marked: whether a line of the data starts with the mark of comments.
        regular: whether every quote stands at the start or end of a cell, so that lines can be told.
        cuts: offsets right behind a line end outside quotes, ascending, about a part apart.
        size: number of bytes.
    """

    latin1: bool
    offence: tuple[int, int] | None
    quoted: bool
    spanning: bool
    marked: bool
    regular: bool
    cuts: tuple[int, ...]
    size: int


class _Quotes(MutableRecord):
    """The state of the quotes between chunks; `quote` is None where quotes are text."""

    quote: int | None
    before: frozenset[int]
    after: frozenset[int]
    separator: int
    width: int
    inside: bool = False
    previous: int = _NEWLINE
    closing: bool = False
    any: bool = False
    spanning: bool = False
    regular: bool = True

    def last_free_newline(self, chunk: bytes) -> int:
        """Advance over a chunk; return the last line end outside quotes, -1 if there is none."""
        if self.quote is None:
            return chunk.rfind(b"\n")
        if self.closing and chunk and chunk[0] not in self.after:
            self.regular = False
        self.closing = False
        data = np.frombuffer(chunk, dtype=np.uint8)
        at = np.flatnonzero(data == self.quote)
        if not self.spanning and (self.inside or len(at)):
            self.spanning = self._spans(data, at)
        if len(at) == 0:
            found = -1 if self.inside else chunk.rfind(b"\n")
        else:
            self.any = True
            self._check(chunk, at)
            found = self._last(chunk, at)
            self.inside ^= bool(len(at) % 2)
        self.previous = chunk[-1]
        return found

    def _spans(self, data: np.ndarray, at: np.ndarray) -> bool:
        """Whether a quoted stretch holds line ends, and separators as rows between them would."""
        ends = self._enclosed(np.flatnonzero(data == _NEWLINE), at)
        if not len(ends):
            return False
        separators = np.bincount(self._enclosed(np.flatnonzero(data == self.separator), at), minlength=ends.max() + 1)
        lines = np.bincount(ends)
        least = np.maximum((lines - 1) * (self.width - 1), 1)
        return bool(((lines > 0) & (separators[: len(lines)] >= least)).any())

    def _enclosed(self, places: np.ndarray, at: np.ndarray) -> np.ndarray:
        """Return the number of the quoted stretch of each place that stands in one."""
        stretch = np.searchsorted(at, places)
        return np.asarray(stretch[(stretch + self.inside) % 2 == 1])

    def _check(self, chunk: bytes, at: np.ndarray) -> None:
        opening = at[int(self.inside) :: 2]
        closing = at[int(not self.inside) :: 2]
        data = np.frombuffer(chunk, dtype=np.uint8)
        before = np.where(opening > 0, data[opening - 1], self.previous)
        follows = closing[closing + 1 < len(chunk)]
        self.closing = len(follows) < len(closing)
        allowed = np.zeros(256, dtype=np.bool_)
        allowed[list(self.before)] = True
        permitted = np.zeros(256, dtype=np.bool_)
        permitted[list(self.after)] = True
        if not (allowed[before].all() and permitted[data[follows + 1]].all()):
            self.regular = False

    def _last(self, chunk: bytes, at: np.ndarray) -> int:
        """Return the last line end with an even number of quotes before it."""
        end = len(chunk)
        for position in range(len(at), -1, -1):
            start = int(at[position - 1]) if position else 0
            outside = (position % 2 == 0) != self.inside
            found = chunk.rfind(b"\n", start, end) if outside else -1
            if found >= 0:
                return found
            end = start
        return -1


class _Encoding(MutableRecord):
    """Whether all bytes so far are UTF-8, and where the first stands that is not."""

    decoder: codecs.IncrementalDecoder = field(default_factory=codecs.getincrementaldecoder("utf-8"))
    offset: int = 0
    pending: bool = False
    bad: int | None = None

    def look(self, chunk: bytes, *, final: bool = False) -> None:
        if self.bad is not None:
            return
        # Most files are plain ASCII, which is told apart much faster than it is decoded.
        if self.pending or not chunk.isascii():
            self._decode(chunk, final=final)
        self.offset += len(chunk)

    def _decode(self, chunk: bytes, *, final: bool) -> None:
        held = len(self.decoder.getstate()[0])
        try:
            self.decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            self.bad = self.offset - held + error.start
            return
        self.pending = bool(self.decoder.getstate()[0])


class _Lines(MutableRecord):
    """What is known of lines between chunks: how long the last one is so far, and whether one starts as comments do."""

    name: str
    mark: str | None
    body: int
    offset: int = 0
    length: int = 0
    marked: bool = False

    def look(self, chunk: bytes) -> None:
        """Take in a chunk.

        Raises:
            UnreadableError: a line is longer than any row of a table.
        """
        if self.mark is not None and not self.marked and self.body < self.offset + len(chunk):
            mark, start = self.mark.encode(), max(0, self.body - self.offset)
            at_start = start > 0 or not self.length
            self.marked = chunk.find(b"\n" + mark, start) >= 0 or (at_start and chunk.startswith(mark, start))
        self.offset += len(chunk)
        end = chunk.rfind(b"\n")
        self.length = self.length + len(chunk) if end < 0 else len(chunk) - end - 1
        if self.length > LONGEST_CELL:
            raise endless_line(self.name)


def endless_line(name: str) -> UnreadableError:
    """Return the error of a line that is longer than any row of a table."""
    return UnreadableError(
        f"a line does not end within {LONGEST_CELL >> 20} MiB, which no row of a table takes",
        place=Place(name),
        help="check that it is text with line ends, or name its format with --input-format",
    )


def _offence(open_stream: Callable[[], IO[bytes]], at: int) -> tuple[int, int]:
    """Return the byte at an offset and the line, from 1, that it stands in."""
    line = 1
    with open_stream() as stream:
        while chunk := stream.read(CHUNK_BYTES):
            if at < len(chunk):
                return chunk[at], line + chunk.count(b"\n", 0, at)
            line += chunk.count(b"\n")
            at -= len(chunk)
    raise AssertionError("the byte was there a moment ago")


def scan(
    open_stream: Callable[[], IO[bytes]],
    name: str,
    cut: Cut,
    part_bytes: int,
    *,
    width: int = 1,
    mark: str | None = None,
    body: int = 0,
) -> Scan:
    """Return what one pass over the bytes shows.

    Args:
        open_stream: opens them.
        name: of the file.
        cut: how lines are cut into cells.
        part_bytes: about how far cuts are apart.
        width: number of cells of a row.
        mark: what comments start with.
        body: offset of the first data row; comments are looked for behind it.

    Raises:
        UnreadableError: the content is binary, breaks off, or holds a line that does not end.
    """
    quotes, encoding, lines = _quotes(cut, width), _Encoding(), _Lines(name, mark, body)
    cuts: list[int] = []
    offset = 0
    with open_stream() as stream:
        while chunk := stream.read(CHUNK_BYTES):
            if b"\x00" in chunk:
                raise UnreadableError(
                    "holds NUL bytes: it is binary, not text",
                    place=Place(name),
                    help="name its format with --input-format, or convert it to UTF-8 text",
                )
            encoding.look(chunk)
            lines.look(chunk)
            newline = quotes.last_free_newline(chunk)
            if newline >= 0 and offset + newline + 1 - (cuts[-1] if cuts else 0) >= part_bytes:
                cuts.append(offset + newline + 1)
            offset += len(chunk)
    encoding.look(b"", final=True)
    offence = None if encoding.bad is None else _offence(open_stream, encoding.bad)
    regular = quotes.regular and not quotes.inside
    return Scan(offence is not None, offence, quotes.any, quotes.spanning, lines.marked, regular, tuple(cuts), offset)


def _quotes(cut: Cut, width: int) -> _Quotes:
    if cut.quote is None:
        return _Quotes(None, frozenset(), frozenset(), 0, width)
    code, between = ord(cut.quote), (cut.written or cut.separator).encode()
    edges = {_NEWLINE, ord("\r"), code} | ({ord(" ")} if cut.separator == " " else set())
    before, after = edges | {between[-1]} | set(b"\xef\xbb\xbf"), edges | {between[0]}
    return _Quotes(code, frozenset(before), frozenset(after), between[0], width)


def is_wrapped(text: str, dialect: Dialect, form: Format, options: ReadOptions) -> bool:
    """Whether all lines of a sample are quoted cells, and what these hold are rows of the same number of cells.

    The header may stand without quotes, where the rows alone were exported twice. Without numbers there must be a
    header: rows of two words could be tags.
    """
    if dialect.cut.separator != ONE_COLUMN or dialect.quote is None or options.separator or options.quote:
        return False
    lines = [line.strip() for line in physical_lines(text)[:SAMPLE_ROWS] if line.strip()]
    body = lines[1:] if len(lines) > 2 else []
    if not body or not all(_is_one_cell(line, dialect.quote) for line in body):
        return False
    inner = [next(reader([f"{line}\n"], dialect.cut))[0] for line in lines]
    usual = USUAL.get(form, ",")
    return _holds_rows(inner, usual, 2) or any(_holds_rows(inner, one, 3) for one in EDGES if one != usual)


def _is_one_cell(line: str, quote: str) -> bool:
    return len(line) > 1 and line[0] == quote == line[-1]


def _holds_rows(lines: list[str], separator: str, least: int) -> bool:
    """Whether lines are rows under a separator, which have numbers or at least so many cells and a header."""
    rows = split((f"{line}\n" for line in lines), Cut(separator))
    width = len(rows[0])
    if width < 2 or len(rows) != len(lines) or any(len(row) != width for row in rows):
        return False
    return any(number(cell) is not None for cell in rows[-1]) or (width >= least and has_header(rows, width))


SAMPLE_BYTES = 1 << 18
LARGEST_SAMPLE = LONGEST_CELL
_ROWS = 20
_MOST_FOR_QUOTES = 8 << 20
"""How far a sample grows until enough rows end outside quotes; one quote inside a cell must not cost more."""


def sample(opened: Callable[[], IO[bytes]], encoding: str, name: str) -> tuple[str, bool]:
    """Return whole lines from the start of a file, and whether they are all of it.

    Raises:
        UnreadableError: it is binary, or its first line does not end.
    """
    size = SAMPLE_BYTES
    while True:
        with opened() as stream:
            data = stream.read(size)
            complete = not stream.read(1)
        if complete or size >= LARGEST_SAMPLE or _is_enough(data):
            break
        size *= 4
    if b"\x00" in data:
        raise UnreadableError(
            "holds NUL bytes: it is binary, not text",
            place=Place(name),
            help="name its format with --input-format, or convert it to UTF-8 text",
        )
    if not complete:
        data = data[: data.rfind(b"\n") + 1]
        if not data:
            raise endless_line(name)
    return data.removeprefix(codecs.BOM_UTF8).decode(encoding, "replace"), complete


def _is_enough(data: bytes) -> bool:
    """Whether enough lines end in a sample, outside of quotes as far as that can be told."""
    if data.count(b"\n") < _ROWS:
        return False
    if len(data) >= _MOST_FOR_QUOTES or b'"' not in data:
        return True
    return sum(outside.count(b"\n") for outside in data.split(b'"')[::2]) >= _ROWS
