"""Stray quotes: a look at all lines of a file tells quotes that enclose cells from quotes that are text.

Floor 2. A quote that no other closes on its line takes the rows behind it into one cell, up to the next quote. Where
the lines of such a cell are rows by themselves, it is a stray one.
"""

from collections.abc import Iterator
from itertools import islice

from xentcli.files.text.dialect import Dialect
from xentcli.files.text.numbers import number
from xentcli.files.text.records import Cut, reader, records, split
from xentcli.record import MutableRecord, Record, replace

_END = "\x1d"
"""A line behind the last one: where it is not a row of its own, a quote still stands open."""

_MOST_CELLS, _MOST_COLUMNS, _MOST_SPANS = 4096, 64, 100

_ENOUGH_ROWS = 20_000
"""So many rows, with so many cells of several lines that could be rows and are none, show that quotes enclose cells."""


class StrayLook(Record):
    """What a look at all lines shows.

    Attributes:
        unclosed: the line of a quote that opens a cell and is never closed, None if all are closed.
        stray: the first line of the first cell that holds whole rows, None if none does.
        swallowed: number of lines of that cell.
        even: whether all lines have as many cells as a row where quotes are text, and none encloses a name.
        comments: number of comments, and the line of the first.
        marked: number of rows that start as comments do, and the line of the first.
    """

    unclosed: int | None = None
    stray: int | None = None
    swallowed: int = 0
    even: bool = True
    comments: tuple[int, int] = (0, 0)
    marked: tuple[int, int] = (0, 0)


class _Gathered(MutableRecord):
    """What is known of the rows that stand on one line each, and of those that take several."""

    plain: Cut
    width: int
    known: list[set[str]]
    spans: list[tuple[int, list[str]]]
    even: bool = True
    rows: int = 0

    def add(self, line: int, taken: list[str], cells: list[str]) -> None:
        """Take in a row."""
        self.rows += 1
        rows = (
            [cells] if len(taken) == 1 and (self.plain.quote or "") not in taken[0] else split(taken, _text(self.plain))
        )
        even = all(len(row) == self.width for row in rows)
        self.even = self.even and even
        for known, cell in zip(self.known, cells, strict=False):
            if len(known) < _MOST_CELLS and (len(taken) == 1 or "\n" not in cell):
                known.add(cell)
        if len(taken) > 1 and even and len(self.spans) < _MOST_SPANS:
            self.spans.append((line, list(taken)))


def look(lines: Iterator[str], dialect: Dialect, *, to_the_end: bool) -> StrayLook:
    """Return what the lines of a file show about its quotes and comments.

    Args:
        lines: all lines of the file.
        dialect: how its cells are written.
        to_the_end: whether all are looked at; else no more than tell that cells of several lines are texts.
    """
    width, mark = len(dialect.names), dialect.comments.mark if dialect.comments else None
    gathered = _Gathered(dialect.cut, width, [set() for _ in range(min(width, _MOST_COLUMNS))], [])
    comments: list[int] = [dialect.above, 1]
    marked: list[int] = [0, 0]
    skipped, end, last = 0, dialect.above, []
    for at, taken, cells in records(_closed(islice(lines, dialect.above, None)), dialect.cut, dialect.comments):
        line = dialect.above + at
        _count(comments, line - end - 1, end + 1)
        end, last = line + len(taken) - 1, cells
        if not cells or cells == [_END]:
            continue
        if skipped < dialect.skip:
            skipped += 1
            gathered.even = gathered.even and (dialect.quote or "\n\n") not in taken[0]
            continue
        if mark is not None and taken[0].startswith(mark):
            _count(marked, 1, line)
        gathered.add(line, taken, cells)
        if not to_the_end and gathered.rows >= _ENOUGH_ROWS and len(gathered.spans) >= _MOST_SPANS:
            if not any(_is_stray(span, gathered) for _, span in gathered.spans):
                return StrayLook()
            to_the_end = True
    if last and last != [_END]:
        return StrayLook(unclosed=end - last[-1].count("\n"))
    found = StrayLook(None, None, 0, gathered.even, (comments[0], comments[1]), (marked[0], marked[1]))
    stray = next((span for span in gathered.spans if _is_stray(span[1], gathered)), None)
    return found if stray is None else replace(found, stray=stray[0], swallowed=len(stray[1]))


def _count(counter: list[int], more: int, line: int) -> None:
    if more and not counter[0]:
        counter[1] = line
    counter[0] += more


def _closed(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith(("\n", "\r")) else f"{line}\n"
    yield _END


def _text(cut: Cut) -> Cut:
    """Return the same cut with quotes as text."""
    return replace(cut, quote=None)


def _is_stray(taken: list[str], gathered: _Gathered) -> bool:
    """Whether the lines that a cell takes are rows: of what it holds of each, some cell is one of its column.

    That they have as many separators as rows may be chance, where a text of several lines holds commas; not so
    where the quote that closes the cell opens another, or where tabs stand between the cells. Lines of a file of one
    column may be several labels in one cell.
    """
    cut = gathered.plain
    if cut.quote is None:
        return False
    rows = [next(reader([line], _text(cut))) for line in taken]
    start, stop = _opening(rows[0], cut.quote), _closing(rows[-1], cut.quote)
    if cut.separator == "\t" or (stop is not None and not rows[-1][stop].endswith(cut.quote)):
        return True
    if gathered.width < 2:
        return False
    lines = [line for line in _swallowed(rows, start, stop or 0, cut.quote) if line]
    return bool(lines) and all(any(_fits(cell, at, gathered) for at, cell in line) for line in lines)


def _opening(cells: list[str], quote: str) -> int:
    """Return the column of the cell that a quote opens."""
    return next((at for at, cell in enumerate(cells) if cell.startswith(quote) and cell.count(quote) % 2), 0)


def _closing(cells: list[str], quote: str) -> int | None:
    """Return the column of the cell that holds the quote which closes."""
    return next((at for at, cell in enumerate(cells) if cell.count(quote) % 2), None)


def _swallowed(rows: list[list[str]], start: int, stop: int, quote: str) -> Iterator[list[tuple[int, str]]]:
    """Yield (column, cell) of the cells of each line that stand between the quotes that open and close a cell.

    The cells with these quotes are told beside others alone: by themselves they would be what any text is.
    """
    for at, row in enumerate(rows):
        cells = [(column, cell.strip(quote)) for column, cell in enumerate(row)]
        inner = cells[start:] if at == 0 else cells[: stop + 1] if at == len(rows) - 1 else cells
        yield inner if len(inner) > 1 or len(inner) == len(row) else []


def _fits(cell: str, column: int, gathered: _Gathered) -> bool:
    """Whether a cell is one that the rows have in that column, or a number in a column of numbers."""
    if column >= len(gathered.known) or not cell.strip():
        return False
    known = gathered.known[column]
    if cell in known:
        return True
    return bool(known) and number(cell) is not None and all(number(one) is not None for one in islice(known, 100))
