"""Lines: the rows of a text file with their line numbers, by the standard library's reader.

Floor 2. The slow and exact way: it finds the line of a row for an error message, and reads files whose quotes
Arrow's parser and a cut at line ends could not follow.
"""

import codecs
import io
from collections.abc import Callable, Iterator
from itertools import islice
from typing import IO

from xentcli.files.text.dialect import Dialect
from xentcli.files.text.records import records


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
