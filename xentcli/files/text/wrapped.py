"""Wrapped rows: a file whose every line is one quoted cell that holds a row, as a table exported twice is.

Floor 2.
"""

from xentcli.files.format import Format, ReadOptions
from xentcli.files.text.dialect import Dialect
from xentcli.files.text.header import has_header
from xentcli.files.text.numbers import number
from xentcli.files.text.records import ONE_COLUMN, Cut, physical_lines, split
from xentcli.files.text.separator import SAMPLE_ROWS, USUAL


def is_wrapped(text: str, dialect: Dialect, form: Format, options: ReadOptions) -> bool:
    """Whether all lines of a sample are quoted cells, and what these hold are rows of the same number of cells.

    Without numbers there must be a header: rows of two words could be tags.
    """
    if dialect.cut.separator != ONE_COLUMN or dialect.quote is None or options.separator or options.quote:
        return False
    lines = [line.strip() for line in physical_lines(text)[:SAMPLE_ROWS] if line.strip()]
    if len(lines) < 3 or not all(len(line) > 1 and line[0] == dialect.quote == line[-1] for line in lines):
        return False
    inner = [row[0] for row in split((f"{line}\n" for line in lines), dialect.cut)]
    separator = USUAL.get(form, ",")
    rows = split((f"{line}\n" for line in inner), Cut(separator))
    width = len(rows[0])
    if width < 2 or len(rows) != len(lines) or any(len(row) != width for row in rows):
        return False
    return any(number(cell) is not None for cell in rows[-1]) or has_header(rows, width)
