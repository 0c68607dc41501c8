"""Records: lines of text become rows of cells, with the lines that each row takes, whatever its quotes hold.

Floor 2. The slow and exact way, by the standard library's reader. A comment is told here and nowhere else, so that
a line inside a quoted cell is never one.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice

from xentcli.record import Record

ONE_COLUMN = "\x1f"
"""The separator of a file that has none, and the stand-in for one that no parser takes."""

LONGEST_CELL = 64 << 20
"""A quote that is never closed makes a cell of all rows behind it, which must be read for the quote to be told."""
csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))


class Cut(Record):
    """How lines are cut into cells.

    Attributes:
        separator: one ASCII character; a blank stands for runs of blanks.
        quote: the quoting character, None where quotes are text like any other.
        written: the separator as the file writes it, where that is not one ASCII character; else None.
        padded: whether blanks behind a separator belong to no cell.
    """

    separator: str
    quote: str | None = '"'
    written: str | None = None
    padded: bool = False


def cut_at(separator: str, quote: str | None, *, padded: bool = False) -> Cut:
    """Return how to cut at a separator of any characters."""
    if len(separator) == 1 and separator.isascii():
        return Cut(separator, quote, None, padded)
    return Cut(ONE_COLUMN, quote, separator, padded)


class Comments(Record):
    """Which lines are comments.

    Attributes:
        mark: the character that they start with.
        width: number of cells of a row: a line that has as many is one. None if every line with the mark is a comment.
    """

    mark: str
    width: int | None = None

    def holds(self, line: str, cut: Cut) -> bool:
        """Whether a line outside quotes is a comment."""
        if not line.startswith(self.mark):
            return False
        if self.width is None or line.strip() == self.mark:
            return True
        return self.width > 1 and len(next(reader([line], cut), ())) != self.width


def physical_lines(text: str) -> list[str]:
    """Return the lines of a text with their ends: LF, CRLF and CR end a line, no other character does."""
    return list(io.StringIO(text, newline=""))


def reader(lines: Iterable[str], cut: Cut) -> Iterator[list[str]]:
    """Return the rows of some lines; a blank line is a row without cells."""
    blanks = cut.separator == " "
    if blanks:
        lines = (line.replace("\t", " ").strip(" \r\n") + "\n" for line in lines)
    elif cut.written is not None:
        written = cut.written
        lines = (line.replace(written, cut.separator) for line in lines)
    bare = blanks or cut.padded
    if cut.quote is None:
        return csv.reader(lines, delimiter=cut.separator, quoting=csv.QUOTE_NONE, skipinitialspace=bare)
    rows = csv.reader(lines, delimiter=cut.separator, quotechar=cut.quote, skipinitialspace=bare)
    return rows if cut.written is None else _as_written(rows, cut.separator, cut.written)


def _as_written(rows: Iterable[list[str]], separator: str, written: str) -> Iterator[list[str]]:
    """Yield rows whose quoted cells hold the separator as the file writes it."""
    for row in rows:
        yield [cell.replace(separator, written) for cell in row]


def split(lines: Iterable[str], cut: Cut, most: int | None = None) -> list[list[str]]:
    """Return the rows of some lines, at most so many; blank lines are none."""
    return list(islice((row for row in reader(lines, cut) if row), most))


def records(lines: Iterable[str], cut: Cut, comments: Comments | None) -> Iterator[tuple[int, list[str], list[str]]]:
    """Yield (number of its first line, its lines, its cells) of every row, blank lines among them.

    The list of lines is good until the next row is asked for.
    """
    count = 0
    taken: list[str] = []

    def fed() -> Iterator[str]:
        nonlocal count
        for line in lines:
            count += 1
            if not taken and comments is not None and comments.holds(line, cut):
                continue
            taken.append(line)
            yield line

    for cells in reader(fed(), cut):
        yield count - len(taken) + 1, taken, cells
        taken.clear()
