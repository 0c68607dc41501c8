"""Lines: the rows of a text file with their line numbers, by the standard library's reader.

Floor 2. The slow and exact way: it finds the line of a row for an error message, finds ragged rows, and
reads files whose quotes Arrow's parser and a cut at line ends could not follow.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import IO

from xentcli.errors import Place, RaggedRowError, UnreadableError
from xentcli.files.text.dialect import Dialect
from xentcli.words import counted, verb

SHOWN = 5

LONGEST_ROW = 64 << 20
"""A longer row is none: a million columns of numbers take a third of it."""

_END = "\x1d"
"""A line behind the last one: where it is not a row of its own, a quote still stands open."""


def text_lines(open_stream: Callable[[], IO[bytes]], encoding: str) -> Iterator[str]:
    """Yield the lines of a stream as text, each with its line end."""
    with open_stream() as raw:
        stream = raw if isinstance(raw, io.BufferedIOBase) else io.BufferedReader(_Raw(raw), 1 << 20)
        with io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="") as text:
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
    blanks = dialect.separator == " "
    count = [0]

    def fed() -> Iterator[str]:
        for line in lines:
            count[0] += 1
            yield line.replace("\t", " ").strip(" \r\n") + "\n" if blanks else line

    reader = csv.reader(
        fed(), delimiter=dialect.separator, quotechar=dialect.quote, skipinitialspace=blanks, strict=False
    )
    skipped = 0
    start = 1
    for row in reader:
        line, start = start, count[0] + 1
        if dialect.comments and row and row[0].startswith("#"):
            continue
        if not row and (len(dialect.names) > 1 or skipped < dialect.skip):
            continue
        if skipped < dialect.skip:
            skipped += 1
            continue
        yield line, row


def unclosed_quote(lines: Iterable[str], dialect: Dialect) -> int | None:
    """Return the line, from 1, of the quote that opens a cell and is never closed; None if all are closed."""
    count = 0

    def fed() -> Iterator[str]:
        nonlocal count
        for line in lines:
            count += 1
            yield line if line.endswith(("\n", "\r")) else f"{line}\n"
        yield _END

    last: list[str] = []
    reader = csv.reader(
        fed(), delimiter=dialect.separator, quotechar=dialect.quote, skipinitialspace=dialect.separator == " "
    )
    for row in reader:
        last = row
    return None if last == [_END] else count + 1 - last[-1].count("\n")


def long_row(name: str, length: int, line: int | None = None) -> UnreadableError:
    """Return the error for a row that has gone on for longer than any row is.

    Args:
        name: of the file.
        length: bytes of the row so far.
        line: where it begins, None if that is not known.
    """
    return UnreadableError(
        f"holds a row that has no end after {length:,} bytes; a row has at most {LONGEST_ROW:,}",
        place=Place(name, line),
        help="a row ends at a line end outside quotes: mend the file, or write it again without that cell",
    )


def lines_of(rows: Iterator[tuple[int, list[str]]], wanted: tuple[int, ...]) -> dict[int, int]:
    """Return the line of each wanted 1-based row."""
    asked = set(wanted)
    found: dict[int, int] = {}
    for row, (line, _) in enumerate(islice(rows, max(asked, default=0)), start=1):
        if row in asked:
            found[row] = line
    return found


def ragged_error(rows: Iterator[tuple[int, list[str]]], dialect: Dialect, path: str) -> RaggedRowError:
    """Return the error that names the rows with another number of cells than the header."""
    width = len(dialect.names)
    found: list[tuple[int, int, int]] = []
    total = bad = 0
    for row, (line, cells) in enumerate(rows, start=1):
        total = row
        if len(cells) != width and not (width == 1 and not cells):
            bad += 1
            if len(found) < SHOWN:
                found.append((row, line, len(cells)))
    if not found:
        return RaggedRowError("its rows cannot be told apart", place=Place(path), help="check its quotes")
    row, line, cells_found = found[0]
    shown = ", ".join(str(one[1]) for one in found)
    return RaggedRowError(
        f"{counted(cells_found, 'cell')} where the other rows have {width}",
        place=Place(path, line, row),
        details=(f"{bad:,} of {counted(total, 'row')} {verb(total, 'are')} that way; first lines: {shown}",),
        help="quote cells that hold the separator, or name it with --separator",
    )
