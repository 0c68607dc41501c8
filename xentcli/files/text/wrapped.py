"""Wrapped rows: a file whose every line is one quoted cell that holds a row, as a table exported twice is.

Floor 2.
"""

from xentcli.files.format import Format, ReadOptions
from xentcli.files.text.dialect import Dialect
from xentcli.files.text.header import has_header
from xentcli.files.text.numbers import number
from xentcli.files.text.quoting import EDGES
from xentcli.files.text.records import ONE_COLUMN, Cut, physical_lines, reader, split
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
