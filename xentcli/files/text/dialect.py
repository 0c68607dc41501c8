"""Dialect: how a text file writes its cells, decided from a sample of its lines.

Floor 2. Pure functions of text. Whatever a person should hear of a decision is a note.
"""

from collections.abc import Iterator

from xentcli.files.format import NONE, Format, ReadOptions
from xentcli.files.text.header import MARK, lines_above, names_of, parted, width_of
from xentcli.files.text.numbers import has_decimal_commas, has_quoted_decimals, number, per_cent
from xentcli.files.text.records import ONE_COLUMN, Comments, Cut, cut_at, physical_lines, records, split
from xentcli.files.text.separator import SAMPLE_ROWS, USUAL, cut_of, quote_of, told_separator
from xentcli.record import Record

_WORDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "blanks"}


class Dialect(Record):
    """How cells are written.

    Attributes:
        cut: how lines are cut into cells.
        decimal_comma: whether numbers have a comma for a point.
        comments: which lines are comments, None if none is.
        above: number of lines at the top that are comments whatever they hold.
        skip: number of rows before the first of the data: a count line, the header.
        names: the column names, as many as a row has cells.
        classes: class names from a scikit-learn count line, for the last column.
        trailing: whether every row ends with a separator, so that the last cell is none.
        notes: what a person should hear.
        per_cents: columns whose cells are numbers with a per cent sign, which are divided by 100.
    """

    cut: Cut
    decimal_comma: bool
    comments: Comments | None
    above: int
    skip: int
    names: tuple[str, ...]
    classes: tuple[str, ...] | None
    trailing: bool
    notes: tuple[str, ...]
    per_cents: frozenset[str] = frozenset()

    @property
    def separator(self) -> str:
        """The character that stands between cells once lines are prepared for a parser."""
        return self.cut.separator

    @property
    def quote(self) -> str | None:
        """The quoting character, None where there is none."""
        return self.cut.quote

    def number(self, cell: str, column: str) -> float | None:
        """Return the number that a cell of a column holds, None if it holds none; per cents are divided by 100."""
        plain = cell.replace(",", ".") if self.decimal_comma else cell
        return per_cent(plain) if column in self.per_cents else number(plain)


def sniff(text: str, form: Format, options: ReadOptions, *, complete: bool) -> Dialect:
    """Return the dialect of a sample.

    Args:
        text: the first lines of the file, whole ones only.
        form: the format that suffix or caller name, a hint.
        options: what the caller fixes.
        complete: whether the sample is the whole file; else its last row may end inside quotes, and does not count.
    """
    lines = physical_lines(text)
    told = told_separator(lines[0]) if lines else None
    lines = lines if told is None else lines[1:]
    separator = options.separator or told
    mark = None if options.comment == NONE else options.comment or MARK
    quote = None if options.quote == NONE else options.quote or quote_of(parted(lines, mark, '"')[0] or lines)
    others, marked = parted(lines, mark, quote)
    body = others or lines
    cut = cut_of(body, form, quote) if separator is None else cut_at(separator, quote)
    above, comments = 0, None
    if mark is not None:
        sure = options.comment is not None
        above = 0 if sure else lines_above(lines, mark, cut)
        width = width_of(_whole(split(body, cut, SAMPLE_ROWS), complete=complete))
        comments = Comments(mark, None if sure else width)
    found = (list(cells) for _, _, cells in records(iter(lines[above:]), cut, comments) if cells)
    rows = _whole([row for row, _ in zip(found, range(SAMPLE_ROWS), strict=False)], complete=complete)
    named = names_of(rows, options.header, complete=complete)
    notes = [*_separator_note(cut, form)]
    if told is not None:
        notes.append(f"the first line names the separator (sep={told}), as Excel writes it, and is no row")
        above += 1
    if comments is not None and (above > (told is not None) or any(comments.holds(line, cut) for line in marked)):
        notes.append(comments_note(comments.mark))
    notes += named.notes
    if cut.padded:
        notes.append("blanks behind a separator belong to no cell")
    decimal = (has_quoted_decimals if cut.separator == "," else has_decimal_commas)(named.body)
    if decimal:
        notes.append("numbers have a decimal comma")
    per_cents = frozenset(_per_cents(named.names, named.body))
    if per_cents:
        notes.append(f"numbers with a per cent sign are divided by 100: {', '.join(sorted(per_cents))}")
    return Dialect(
        cut, decimal, comments, above, named.skip, named.names, named.classes, named.trailing, tuple(notes), per_cents
    )


def comments_note(mark: str) -> str:
    """Return what is said where a file has comments."""
    return f"lines that start with {mark} are comments"


def _whole(rows: list[list[str]], *, complete: bool) -> list[list[str]]:
    """Return the rows that surely end in the sample: one that opens a quote may go on behind it."""
    return rows if complete or len(rows) < 2 or len(rows) >= SAMPLE_ROWS else rows[:-1]


def _separator_note(cut: Cut, form: Format) -> tuple[str, ...]:
    if cut.written is not None:
        return (f"separator: {cut.written!r}",)
    if cut.separator in {ONE_COLUMN, USUAL.get(form)}:
        return ()
    return (f"separator: {_WORDS.get(cut.separator, repr(cut.separator))}",)


def _per_cents(names: tuple[str, ...], rows: list[list[str]]) -> Iterator[str]:
    """Yield the columns all of whose cells, but for empty ones, are numbers with a per cent sign."""
    for name, column in zip(names, zip(*(row for row in rows if len(row) == len(names)), strict=True), strict=False):
        if not any("%" in cell for cell in column):
            continue
        cells = [cell for cell in column if cell.strip()]
        if cells and all(per_cent(cell.replace(",", ".")) is not None for cell in cells):
            yield name
