"""Lines: the rows of a text file with their line numbers, and those that are too long or too short.

Floor 2. The slow and exact way: it finds the line of a row for an error message, and reads files whose quotes
Arrow's parser and a cut at line ends could not follow. Bytes that are not UTF-8 with line feeds become such, as a
stream.

Ragged rows: those with another number of cells than the header, named in an error or counted and left out.
"""

import codecs
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import IO, Any, Protocol, Self

from xentcli.errors import Place, RaggedRowError
from xentcli.files.blob import Blob
from xentcli.files.table import LeftOut, Part, ReadAs
from xentcli.files.text.dialect import Dialect
from xentcli.files.text.records import records
from xentcli.phrases import counted, verb

SHOWN = 5
_LINES = {2: "two", 3: "three", 4: "four", 5: "five"}


class _RaggedFile(Protocol):
    """What is asked of a text file."""

    @property
    def blob(self) -> Blob: ...

    @property
    def dialect(self) -> Dialect: ...

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield (line, cells) of every data row."""


def ragged_rows(file: _RaggedFile, parts: Iterable[Part]) -> LeftOut:
    """Return the rows that have another number of cells, to be left out.

    Raises:
        RaggedRowError: half the rows or more have: then it is the header, or the separator, that does not fit.
    """
    name = file.dialect.names[0]
    try:
        for part in parts:
            for _ in part.read({name: ReadAs.NATIVE}):
                pass
    except RaggedRowError as error:
        found, bad, total = _ragged(file.rows(), len(file.dialect.names))
        if 2 * bad >= total:
            raise error from None
        return LeftOut(bad, tuple(line for _, line, _ in found))
    return LeftOut()


def _ragged(rows: Iterator[tuple[int, list[str]]], width: int) -> tuple[list[tuple[int, int, int]], int, int]:
    """Return the first ragged rows as (row, line, cells), and how many there are of how many."""
    found: list[tuple[int, int, int]] = []
    total = bad = 0
    for row, (line, cells) in enumerate(rows, start=1):
        total = row
        if len(cells) != width and not (width == 1 and not cells):
            bad += 1
            if len(found) < SHOWN:
                found.append((row, line, len(cells)))
    return found, bad, total


def _pieces(found: Sequence[tuple[int, int, int]], width: int) -> list[int]:
    """Return the cells of the first ragged lines, one below the other, that are one row together; empty if none are."""
    sizes: list[int] = []
    for at, (row, _, cells) in enumerate(found):
        if row != found[0][0] + at:
            break
        sizes.append(cells)
        if at and sum(sizes) - at == width:
            return sizes
    return []


def ragged_error(rows: Iterator[tuple[int, list[str]]], dialect: Dialect, path: str) -> RaggedRowError:
    """Return the error that names the rows with another number of cells than the header."""
    width = len(dialect.names)
    found, bad, total = _ragged(rows, width)
    if not found:
        return RaggedRowError("its rows cannot be told apart", place=Place(path), help="check its quotes")
    row, line, cells_found = found[0]
    shown = ", ".join(str(one[1]) for one in found)
    details = (f"{bad:,} of {counted(total, 'row')} {verb(total, 'are')} that way; first lines: {shown}",)
    pieces = _pieces(found, width)
    if pieces and (bad < total or len(set(pieces)) > 1):
        sizes = ", ".join(map(str, pieces[1:-1]))
        return RaggedRowError(
            f"a record is broken into {_LINES[len(pieces)]} lines, of {counted(pieces[0], 'cell')}"
            f"{sizes and f', {sizes}'} and {pieces[-1]}: together they are the {width} of a row",
            place=Place(path, line, row),
            details=details,
            help="quote the cell that holds the line end, or join the lines",
        )
    return RaggedRowError(
        f"{counted(cells_found, 'cell')} where the other rows have {width}",
        place=Place(path, line, row),
        details=details,
        help="quote cells that hold the separator, or name it with --separator, quotes with --quote; "
        "--skip-bad-rows leaves such rows out",
    )


def text_lines(open_stream: Callable[[], IO[bytes]], encoding: str, *, errors: str = "replace") -> Iterator[str]:
    """Yield the lines of a stream as text, each with its line end; a mark of the byte order is no text."""
    with open_stream() as raw:
        stream = raw if isinstance(raw, io.BufferedIOBase) else io.BufferedReader(_Raw(raw), 1 << 20)
        with io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="") as text:
            bom = codecs.BOM_UTF8.decode(encoding)
            for first in islice(text, 1):
                yield first.removeprefix(bom)
            yield from text


class _Raw(io.RawIOBase):
    """What only has `read`, as a raw stream."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        found = self._stream.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)


def numbered_rows(lines: Iterator[str], dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of every data row; the line is the one where the row starts.

    Comments, skipped lines and blank lines are passed over; in a file of one column a blank line is a
    row with an empty cell.
    """
    skipped = 0
    body = islice(lines, dialect.above, None)
    for line, _, cells in records(body, dialect.cut, dialect.comments):
        if not cells and (len(dialect.names) > 1 or skipped < dialect.skip):
            continue
        if skipped < dialect.skip:
            skipped += 1
            continue
        yield dialect.above + line, cells


def body_offset(open_stream: Callable[[], IO[bytes]], encoding: str, dialect: Dialect) -> int:
    """Return the offset of the first data row: behind the mark of the byte order, comments and skipped rows."""
    lines = text_lines(open_stream, encoding, errors="surrogateescape")
    sizes: list[int] = []

    def fed() -> Iterator[str]:
        for line in lines:
            sizes.append(len(line.encode(encoding, "surrogateescape")))
            yield line

    left, end = dialect.skip, dialect.above
    if left:
        for line, taken, cells in records(islice(fed(), dialect.above, None), dialect.cut, dialect.comments):
            left -= bool(cells)
            if not left:
                end = dialect.above + line + len(taken) - 1
                break
    else:
        list(islice(fed(), dialect.above))
    with open_stream() as stream:
        bom = len(codecs.BOM_UTF8) if stream.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8 else 0
    return bom + sum(sizes[:end])


def lines_of(rows: Iterator[tuple[int, list[str]]], wanted: tuple[int, ...]) -> dict[int, int]:
    """Return the line of each wanted 1-based row."""
    asked = set(wanted)
    found: dict[int, int] = {}
    for row, (line, _) in enumerate(islice(rows, max(asked, default=0)), start=1):
        if row in asked:
            found[row] = line
    return found


_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def recoded(blob: Blob) -> tuple[Callable[[], IO[bytes]], str, tuple[str, ...]]:
    r"""Return a stream opener whose bytes have \\n line ends and no zeros, its encoding, and notes."""
    head = blob.head(1 << 16)
    for bom, encoding in _BOMS:
        if head.startswith(bom) and encoding == "utf-16":
            return (lambda: _transcoded(blob, "utf-16")), "utf-8", ("UTF-16",)
    if b"\r" in head[:-1] and b"\n" not in head:
        return (lambda: _transcoded(blob, "latin-1")), "utf-8", ("lines end in a lone carriage return",)
    return blob.open, "utf-8", ()


def _transcoded(blob: Blob, encoding: str) -> IO[bytes]:
    r"""Return a stream of the text in UTF-8; Latin-1 stands for any bytes, with lone \\r made line ends."""
    raw: Any = blob.open()
    buffered: Any = raw if isinstance(raw, io.BufferedIOBase) else io.BufferedReader(raw)
    text = io.TextIOWrapper(buffered, encoding=encoding, newline=None)
    return _Recoder(text, encoding)  # type: ignore[return-value]


def unwrapped(opened: Callable[[], IO[bytes]], encoding: str, quote: str) -> Callable[[], IO[bytes]]:
    r"""Return a stream opener of what the one quoted cell of each line holds, in UTF-8 with \\n line ends."""

    def lines() -> Iterator[str]:
        for line in text_lines(opened, encoding):
            bare = line.rstrip("\r\n")
            whole = len(bare) > 1 and bare[0] == quote == bare[-1]
            yield (bare[1:-1].replace(quote * 2, quote) if whole else bare) + "\n"

    return lambda: _Recoder(_CsvLines(lines()), "utf-8")  # type: ignore[return-value]


class _CsvLines:
    """Lines of text, read a few at a time."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines

    def read(self, _count: int = -1) -> str:
        """Return some more lines, all of them if that is asked for."""
        return "".join(self._lines if _count < 0 else islice(self._lines, 1000))

    def close(self) -> None:
        """Nothing is held open once the lines are at an end."""


class _Recoder:
    """A binary stream over a text stream."""

    def __init__(self, text: io.TextIOWrapper | _CsvLines, encoding: str) -> None:
        self._text = text
        self._encoding = "utf-8" if encoding == "utf-16" else encoding
        self._held = b""

    def read(self, count: int = -1) -> bytes:
        if count < 0:
            found, self._held = self._held + self._text.read().encode(self._encoding), b""
            return found
        try:
            while len(self._held) < count and (more := self._text.read(count)):
                self._held += more.encode(self._encoding)
        except UnicodeError as error:
            raise OSError(f"not {self._encoding}: {error}") from error
        found, self._held = self._held[:count], self._held[count:]
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._text.close()
