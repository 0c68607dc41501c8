"""Dialect: how a text file writes its cells, decided from a sample of its lines.

Floor 2. Pure functions of text. Whatever a person should hear of a decision is a note.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xentcli.files.format import Format, ReadOptions
from xentcli.files.text.header import has_header
from xentcli.files.text.numbers import decimal_comma, number, per_cent

_WORDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "blanks"}
_USUAL = {Format.CSV: ",", Format.TSV: "\t"}
ONE_COLUMN = "\x1f"
"""The separator of a file that has none: a character that text does not hold."""

SAMPLE_ROWS = 1000
LONGEST_CELL = 64 << 20
"""A quote that is never closed makes a cell of all rows behind it, which must be read for the quote to be told."""
csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))

_EDGES = (",", ";", "\t", "|", " ")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are written.

    Attributes:
        separator: one character; a blank stands for runs of blanks.
        quote: the quoting character.
        decimal_comma: whether numbers have a comma for a point.
        comments: whether lines that start with # are comments.
        skip: number of lines before the first data row (comments not counted): a count line, the header.
        names: the column names, as many as a row has cells.
        classes: class names from a scikit-learn count line, for the last column.
        trailing: whether every row ends with a separator, so that the last cell is none.
        notes: what a person should hear.
        per_cents: columns whose cells are numbers with a per cent sign, which are divided by 100.
    """

    separator: str
    quote: str
    decimal_comma: bool
    comments: bool
    skip: int
    names: tuple[str, ...]
    classes: tuple[str, ...] | None
    trailing: bool
    notes: tuple[str, ...]
    per_cents: frozenset[str] = frozenset()

    def number(self, cell: str, column: str) -> float | None:
        """Return the number that a cell of a column holds, None if it holds none; per cents are divided by 100."""
        plain = cell.replace(",", ".") if self.decimal_comma else cell
        return per_cent(plain) if column in self.per_cents else number(plain)


def split(lines: Iterable[str], separator: str, quote: str) -> list[list[str]]:
    """Return the rows of some lines; blank lines are none."""
    blanks = separator == " "
    cleaned = (line.strip(" \t\r\n") + "\n" if blanks else line for line in lines)
    if blanks:
        cleaned = (line.replace("\t", " ") for line in cleaned)
    reader = csv.reader(cleaned, delimiter=separator, quotechar=quote, skipinitialspace=blanks)
    return [row for row in reader if row]


def sniff(text: str, form: Format, options: ReadOptions, *, complete: bool) -> Dialect:
    """Return the dialect of a sample.

    Args:
        text: the first lines of the file, whole ones only.
        form: the format that suffix or caller name, a hint.
        options: what the caller fixes.
        complete: whether the sample is the whole file.
    """
    lines = text.splitlines(keepends=True)[: SAMPLE_ROWS + 50]
    body = [line for line in lines if not line.startswith("#")]
    quote = _quote(body or lines)
    separator = options.separator or _separator(body or lines, form, quote)
    comments = _has_comments(lines, separator, quote)
    rows = split((body if comments else lines), separator, quote)[:SAMPLE_ROWS]
    notes = _separator_note(separator, form)
    if comments:
        notes = (*notes, "lines that start with # are comments")
    return _with_names(rows, separator, quote, comments, options, notes, complete=complete)


def _separator_note(separator: str, form: Format) -> tuple[str, ...]:
    if separator in {ONE_COLUMN, _USUAL.get(form)}:
        return ()
    return (f"separator: {_WORDS.get(separator, repr(separator))}",)


def _quote(lines: list[str]) -> str:
    """Return ' if the first line or half the lines have cells wrapped in it, and none in the usual one."""
    sample = lines[:200]
    if any(_wrapped(line, '"') or f'"{edge}' in line or f'{edge}"' in line for line in sample for edge in _EDGES):
        return '"'
    wrapped = [_wrapped(line, "'") for line in sample]
    return "'" if any(wrapped[:1]) or 2 * sum(wrapped) >= max(2, len(wrapped)) else '"'


def _wrapped(line: str, quote: str) -> bool:
    """Whether some cell of a line is wrapped in a quote, under any separator."""
    cells = (cell.strip() for separator in _EDGES for cell in line.split(separator))
    return any(len(cell) > 1 and cell[0] == quote == cell[-1] for cell in cells)


def _separator(lines: list[str], form: Format, quote: str) -> str:
    """Return the separator under which rows have the same number of cells, more than one."""
    usual = _USUAL.get(form, ",")
    candidates = [usual, *(one for one in (",", "\t", ";", "|") if one != usual)]
    found: list[tuple[float, str]] = []
    for candidate in candidates:
        fit = _fit(split(lines, candidate, quote)[:SAMPLE_ROWS], usual=candidate == usual)
        if fit:
            found.append((fit, candidate))
    if found:
        best = max(fit for fit, _ in found)
        equal = [candidate for fit, candidate in found if fit == best]
        return _not_decimal(_in_header(equal, lines, quote) or equal, lines, quote)
    rows = split(lines, " ", quote)[:SAMPLE_ROWS]
    cells = [cell for row in rows[1:] or rows for cell in row]
    numbers = sum(number(cell) is not None for cell in cells)
    even = len({len(row) for row in rows}) == 1
    if even and _fit(rows, usual=form is Format.TXT) == 1.0 and 2 * numbers >= len(cells):
        return " "
    return ONE_COLUMN


def _fit(rows: list[list[str]], *, usual: bool) -> float:
    """Return the share of rows with the most frequent number of cells; 0 where that cannot be a table.

    The separator that the suffix promises is believed as soon as one row has as many cells as the first:
    the others are ragged, and that is an error to be told, not another separator.
    """
    if not rows:
        return 0.0
    counts = Counter(len(row) for row in rows[1:] or rows)
    head = len(rows[0])
    width, number_of = max(counts.items(), key=lambda item: (item[1], item[0] == head, item[0]))
    share = number_of / max(1, len(rows) - 1)
    if usual and head > 1 and counts[head]:
        return max(share if head == width else 0.0, 0.5)
    if width < 2 or share < 0.9:
        return 0.0
    named = head in {width, width - 1} or _is_count_line(rows[0], width)
    return share if named or (usual and head > 1) else 0.0


def _in_header(equal: list[str], lines: list[str], quote: str) -> list[str]:
    """Return the candidates that cut the first line into as many cells as every other line.

    One that the rows hold and the header lacks stands inside their cells, as in tags such as `1|2`.
    """
    return [one for one in equal if len({len(row) for row in split(lines, one, quote)[:SAMPLE_ROWS]}) == 1]


def _not_decimal(equal: list[str], lines: list[str], quote: str) -> str:
    """Return the first candidate, but for a comma that stands inside numbers of another candidate."""
    if equal[0] == "," and len(equal) > 1:
        cells = [cell for row in split(lines, equal[1], quote)[1:] for cell in row]
        if cells and all(decimal_comma(cell) or number(cell) is not None for cell in cells if cell.strip()):
            return equal[1]
    return equal[0]


def _has_comments(lines: list[str], separator: str, quote: str) -> bool:
    """Whether lines that start with # are no data: they do not split into as many cells as the others."""
    marked = [line for line in lines if line.startswith("#")]
    others = split([line for line in lines if not line.startswith("#")], separator, quote)
    if not marked or not others:
        return False
    width = Counter(len(row) for row in others).most_common(1)[0][0]
    if lines[0].startswith("#") and len(marked) == 1 and width > 1:
        return all(len(row) != width for row in split(marked, separator, quote))
    if width == 1:
        return lines[0].startswith("#")
    return any(len(row) != width for row in split(marked, separator, quote))


def _is_count_line(row: list[str], width: int) -> bool:
    """Whether a first line holds the number of rows alone, or scikit-learn's rows, features, class names."""
    whole = [cell.strip().isdigit() for cell in row]
    if len(row) == 1 and width > 1:
        return whole[0]
    return (
        len(row) > 2 and all(whole[:2]) and int(row[1]) == width - 1 and not any(number(c) is not None for c in row[2:])
    )


def _with_names(
    rows: list[list[str]],
    separator: str,
    quote: str,
    comments: bool,
    options: ReadOptions,
    notes: tuple[str, ...],
    *,
    complete: bool,
) -> Dialect:
    width = Counter(len(row) for row in rows[1:] or rows).most_common(1)[0][0] if rows else 0
    skip, classes = 0, None
    if len(rows) > 1 and options.header is None and _counts(rows, width, complete=complete):
        classes = tuple(cell.strip() for cell in rows[0][2:]) or None
        notes = (*notes, "the first line holds counts, it is no header")
        rows, skip = rows[1:], 1
    header = options.header if options.header is not None else has_header(rows, width)
    if header and rows and len(rows[0]) > width:
        width = len(rows[0])
    trailing = width > 1 and len(rows) > 1 and all(len(row) == width and not row[-1] for row in rows[1:])
    if header and rows:
        names, trailing = _names(rows[0], width, trailing=trailing)
        skip += 1
        body = rows[1:]
    else:
        trailing = trailing and not rows[0][-1]
        names, body = tuple(f"f{at}" for at in range(width)), rows
        if rows:
            last = f", ... f{width - 1 - trailing}" if width - trailing > 1 else ""
            columns = f"columns are f0{last}" if last else "the column is f0"
            notes = (*notes, f"no header: {columns}")
    decimal = separator != "," and _has_decimal_commas(body)
    if decimal:
        notes = (*notes, "numbers have a decimal comma")
    per_cents = frozenset(_per_cents(names, body))
    if per_cents:
        notes = (*notes, f"numbers with a per cent sign are divided by 100: {', '.join(sorted(per_cents))}")
    return Dialect(separator, quote, decimal, comments, skip, names, classes, trailing, notes, per_cents)


def _per_cents(names: tuple[str, ...], rows: list[list[str]]) -> Iterator[str]:
    """Yield the columns all of whose cells, but for empty ones, are numbers with a per cent sign."""
    for name, column in zip(names, zip(*(row for row in rows if len(row) == len(names)), strict=True), strict=False):
        cells = [cell for cell in column if cell.strip()]
        if cells and all(per_cent(cell.replace(",", ".")) is not None for cell in cells):
            yield name


def _counts(rows: list[list[str]], width: int, *, complete: bool) -> bool:
    first = rows[0]
    if not _is_count_line(first, width):
        return False
    if not complete or len(first) > 1 or len(rows) >= SAMPLE_ROWS:
        return True
    return int(first[0].split()[0]) in {len(rows) - 1, len(rows) - 2}


def _names(first: list[str], width: int, *, trailing: bool) -> tuple[tuple[str, ...], bool]:
    """Return a name per cell, and whether the last cell is none."""
    names = [cell.strip() for cell in first]
    if trailing and len(names) == width - 1:
        names.append("")
    elif len(names) == width - 1:
        return ("f0", *names), False
    drop = trailing and len(names) == width and not names[-1]
    return tuple(name or f"f{at}" for at, name in enumerate(names)), drop


def _has_decimal_commas(rows: list[list[str]]) -> bool:
    """Whether some column holds numbers with a comma, and no cell of those columns contradicts it."""
    for column in zip(*(row for row in rows if len(row) == len(rows[0])), strict=True) if rows else ():
        cells = [cell.strip().removesuffix("%") for cell in column if cell.strip()]
        commas = [decimal_comma(cell) for cell in cells]
        if any(commas) and all(comma or number(cell) is not None for comma, cell in zip(commas, cells, strict=True)):
            return True
    return False
