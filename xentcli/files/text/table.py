"""Text tables: a Blob of text becomes a Table, cut into ranges that are parsed on their own.

Floor 2. Two passes over the bytes: the scan decides what holds for the whole file, later reads follow. Compressed
text, and text that is not line-cuttable, is a single part that is streamed.

Stray quotes: a look at all lines of a file tells quotes that enclose cells from quotes that are text. A quote that
no other closes on its line takes the rows behind it into one cell, up to the next quote. Where the lines of such a
cell are rows by themselves, it is a stray one.
"""

import csv
from collections.abc import Callable, Iterator
from itertools import islice
from typing import IO

import pyarrow as pa

from xentcli.errors import EmptyInputError, Place, UnreadableError, UsageError
from xentcli.files.batches import refuse_duplicates
from xentcli.files.blob import Blob
from xentcli.files.doubt import Doubt
from xentcli.files.format import NONE, Format, ReadOptions
from xentcli.files.forms.look import table_of_form
from xentcli.files.streams import BROKEN, broken
from xentcli.files.table import Column, LeftOut, ReadAs, Table
from xentcli.files.text.dialect import Dialect, comments_note, sniff
from xentcli.files.text.lines import body_offset, ragged_rows, recoded, text_lines, unwrapped
from xentcli.files.text.numbers import number
from xentcli.files.text.parts import TextFile, parts_of
from xentcli.files.text.records import Cut, reader, records, split
from xentcli.files.text.scan import Scan, is_wrapped, sample, scan
from xentcli.phrases import counted, verb
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


BLOCK_BYTES = 4 << 20
PART_BYTES = 16 << 20


class _Source(Record):
    """The bytes as they are read, and what is said of them so far."""

    blob: Blob
    form: Format
    opened: Callable[[], IO[bytes]]
    encoding: str
    options: ReadOptions
    part_bytes: int
    notes: tuple[str, ...]

    def sniffed(self) -> tuple[Dialect, str]:
        """Return the dialect of the first lines, and these lines."""
        text, complete = sample(self.opened, self.encoding, self.blob.name)
        if not text.strip():
            raise EmptyInputError("the file is empty", place=Place(self.blob.name))
        dialect = sniff(text, self.form, self.options, complete=complete)
        written = dialect.cut.written
        if self.options.separator is not None and written is not None and written not in text:
            raise UsageError(
                f"{written!r} stands in none of the first lines",
                option="separator",
                help="give the one character that stands between cells, or the several as the file has them",
            )
        if not dialect.names:
            raise EmptyInputError("holds comments and no rows", place=Place(self.blob.name))
        return dialect, text

    def scanned(self, dialect: Dialect) -> tuple[Scan, int]:
        """Return what all bytes show, and the offset of the first data row."""
        body = body_offset(self.opened, self.encoding, dialect)
        mark = None if dialect.comments is None else dialect.comments.mark
        seen = scan(
            self.opened, self.blob.name, dialect.cut, self.part_bytes, width=len(dialect.names), mark=mark, body=body
        )
        return seen, body


def open_text(
    blob: Blob,
    form: Format,
    options: ReadOptions,
    *,
    part_bytes: int = PART_BYTES,
    block_bytes: int = BLOCK_BYTES,
) -> Table:
    """Return the table of a text file.

    Args:
        blob: its bytes.
        form: CSV, TSV or TXT, a hint for the separator.
        options: what the caller fixes.
        part_bytes: how large parts are.
        block_bytes: how much is parsed at a time.

    Raises:
        XentError: it is empty, binary, ragged, or has doubled column names.
    """
    _check_characters(options)
    try:
        opened, encoding, notes = recoded(blob)
        if not options.tells_cells:
            known = table_of_form(sample(opened, encoding, blob.name)[0], blob, form, opened, notes)
            if known is not None:
                return known
        source = _Source(blob, form, opened, encoding, options, part_bytes, notes)
        source, dialect, seen, body = _decided(source)
    except BROKEN as error:
        raise broken(blob.name, error) from error
    except csv.Error as error:
        raise UnreadableError(f"its cells cannot be told apart: {error}", place=Place(blob.name)) from error
    names = dialect.names[: len(dialect.names) - dialect.trailing]
    refuse_duplicates(blob.name, list(names))
    file = TextFile(blob, source.opened, source.encoding, dialect, seen, body, options.null_values)
    seekable = blob.seekable and source.opened is blob.open
    parts = parts_of(file, seekable=seekable, block_bytes=block_bytes)
    left_out = ragged_rows(file, parts) if options.skip_bad_rows else LeftOut()
    if left_out.count:
        parts = parts_of(replace(file, skip_ragged=True), seekable=seekable, block_bytes=block_bytes)
    first = next(iter(Table(blob.name, form, (), parts).batches({names[0]: ReadAs.NATIVE})), None)
    if first is None:
        raise EmptyInputError("holds a header and no rows", place=Place(blob.name))
    columns = [Column(name, pa.string()) for name in names]
    if dialect.classes is not None:
        columns[-1] = replace(columns[-1], classes=dialect.classes)
    lines = replace(file, skip_ragged=left_out.count > 0).lines
    notes = (*source.notes, *dialect.notes, *_left_out_note(left_out))
    return Table(blob.name, form, tuple(columns), parts, None, notes, lines, left_out=left_out)


def _left_out_note(left_out: LeftOut) -> tuple[str, ...]:
    if not left_out.count:
        return ()
    rows, shown = counted(left_out.count, "row"), ", ".join(str(line) for line in left_out.lines)
    said = f"{verb(left_out.count, 'are')} left out"
    return (f"{rows} with another number of cells {said} as bad (first lines: {shown})",)


def _decided(source: _Source) -> tuple[_Source, Dialect, Scan, int]:
    """Return the bytes as they are to be read, how they are written, what they show, and where the rows start."""
    dialect, text = source.sniffed()
    if is_wrapped(text, dialect, source.form, source.options):
        note = "every row is one quoted cell, which is read as the row that it holds"
        opened = unwrapped(source.opened, source.encoding, dialect.quote or '"')
        source = replace(source, opened=opened, encoding="utf-8", notes=(*source.notes, note))
        dialect, _ = source.sniffed()
    seen, body = source.scanned(dialect)
    if seen.latin1 and source.encoding == "utf-8":
        byte, line = seen.offence or (0, 0)
        note = Doubt(f"not UTF-8 (byte 0x{byte:02x} in line {line}): read as Latin-1", source.blob.name)
        source = replace(source, encoding="latin-1", notes=(*source.notes, note))
        dialect, _ = source.sniffed()
        body = body_offset(source.opened, source.encoding, dialect)
    if not (seen.spanning or seen.marked or not seen.regular):
        return source, dialect, seen, body
    found = look(text_lines(source.opened, source.encoding), dialect, to_the_end=seen.marked or not seen.regular)
    if found.unclosed is not None:
        raise _unclosed(source.blob.name, found.unclosed, dialect)
    if found.stray is not None and source.options.quote is None:
        return _decided(_without_quotes(source, found, dialect))
    return source, replace(dialect, notes=_with_comments(dialect, found)), seen, body


def _with_comments(dialect: Dialect, found: StrayLook) -> tuple[str, ...]:
    """Return the notes of a dialect with what all lines show of comments."""
    if dialect.comments is None or not found.comments[0]:
        return dialect.notes
    mark = dialect.comments.mark
    notes = dict.fromkeys((*dialect.notes, comments_note(mark)))
    count, line = found.marked
    if count:
        rows = f"{counted(count, 'row')} (first: line {line}) {'starts' if count == 1 else 'start'}"
        notes[f"{rows} with {mark} and {'has' if count == 1 else 'have'} the cells of a row (--comment decides)"] = None
    return tuple(notes)


def _without_quotes(source: _Source, found: StrayLook, dialect: Dialect) -> _Source:
    """Return the bytes to be read with quotes as text, because one of them takes rows into a cell.

    Raises:
        UnreadableError: other quotes do enclose cells.
    """
    quote = dialect.quote
    if not found.even:
        raise UnreadableError(
            f"the quote {quote} that opens a cell here takes {found.swallowed} lines into it that are rows themselves",
            place=Place(source.blob.name, found.stray),
            help=f"take it away or double it inside quotes; --quote none reads all quotes as text, "
            f"--quote '{quote}' reads the lines as one cell",
        )
    note = (
        f"quotes {quote} are text: the one in line {found.stray} would take {found.swallowed} rows into one cell "
        f"(--quote {quote!r} would let it)"
    )
    return replace(source, options=replace(source.options, quote=NONE), notes=(*source.notes, note))


def _unclosed(name: str, line: int, dialect: Dialect) -> UnreadableError:
    """Return the error of a quote that is never closed: all rows behind it would be one cell."""
    return UnreadableError(
        f"the quote {dialect.quote} that opens a cell here is never closed",
        place=Place(name, line),
        help="close it behind the cell, or take it away; a quote inside a quoted cell is written twice; "
        "if quotes are text in this file, pass --quote none",
    )


def _check_characters(options: ReadOptions) -> None:
    """Raise if an option cannot stand where it should.

    Raises:
        UsageError: naming it.
    """
    separator = options.separator
    if separator is not None and (not separator or len(separator) > 8 or set(separator) & set('\r\n"\0')):
        raise UsageError(
            f"{separator[:40]!r} cannot stand between cells", option="separator", help="such as ',' or '::'"
        )
    for option, value in (("comment", options.comment), ("quote", options.quote)):
        fits = value is None or value == NONE or (len(value) == 1 and value.isascii() and value.isprintable())
        if not fits or value == " " or (value is not None and value == separator):
            raise UsageError(
                f"{(value or '')[:40]!r} is neither one ASCII character nor none",
                option=option,
                help="such as --comment '#', --quote '\"', or none where there is none",
            )
