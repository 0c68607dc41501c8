"""Samples: the first lines of a text file, enough of them to tell how it is written.

Floor 2. A file whose every line is one quoted cell that holds a row, as a table that was exported twice is, is
unwrapped.
"""

import codecs
from collections.abc import Callable
from typing import IO

from xentcli.errors import Place, UnreadableError
from xentcli.files.format import Format, ReadOptions
from xentcli.files.text.dialect import Dialect
from xentcli.files.text.header import has_header
from xentcli.files.text.numbers import number
from xentcli.files.text.quoting import EDGES
from xentcli.files.text.records import LONGEST_CELL, ONE_COLUMN, Cut, physical_lines, reader, split
from xentcli.files.text.scan import endless_line
from xentcli.files.text.separator import SAMPLE_ROWS, USUAL


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
