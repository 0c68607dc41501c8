"""Dialect: how a text file writes its cells, decided from a sample of its lines.

Floor 2. Pure functions of text. Whatever a person should hear of a decision is a note.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xentcli.files.format import Format, ReadOptions

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


def number(text: str) -> float | None:
    """Return the number that a cell holds, None if it holds none; `1_000` is no number."""
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None


def per_cent(text: str) -> float | None:
    """Return the share that a cell such as `70%` or `70 %` holds, None if it holds none."""
    bare = text.strip()
    found = number(bare[:-1]) if bare.endswith("%") else None
    return None if found is None else found / 100.0


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
        if cells and all(_decimal_comma(cell) or number(cell) is not None for cell in cells if cell.strip()):
            return equal[1]
    return equal[0]


def _decimal_comma(cell: str) -> bool:
    """Whether a cell is a number with a comma for a point."""
    return cell.count(",") == 1 and "." not in cell and number(cell.replace(",", ".")) is not None


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
    header = options.header if options.header is not None else _has_header(rows, width)
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
    return int(first[0]) in {len(rows) - 1, len(rows) - 2}


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
        commas = [_decimal_comma(cell) for cell in cells]
        if any(commas) and all(comma or number(cell) is not None for comma, cell in zip(commas, cells, strict=True)):
            return True
    return False


def _has_header(rows: list[list[str]], width: int) -> bool:
    """Whether the first row names the columns."""
    if not rows:
        return True
    first, body = [cell.strip() for cell in rows[0]], rows[1:]
    values = [_value(cell) for cell in first]
    if not body:
        return not any(value is not None for value in values)
    columns = list(zip(*(row for row in body if len(row) == len(first)), strict=True))
    if len(first) == width - 1 or not columns:
        return True
    if len(values) > 2 and _counts_up(values) and not all(_counts_up([_value(c) for c in row]) for row in body[:3]):
        return True
    numeric = [_mostly_numbers(column) for column in columns]
    if any(numeric):
        return _names_numbers(first, values, numeric) or _numbers_name(values, columns, numeric)
    return not any(value is not None for value in values) and not _recurs(first, columns)


def _names_numbers(first: list[str], values: list[float | None], numeric: list[bool]) -> bool:
    """Whether the first cells over columns of numbers are names: text, or numbers that count the columns."""
    over = [(cell, value) for cell, value, is_number in zip(first, values, numeric, strict=True) if is_number]
    names = sum(value is None and cell != "" for cell, value in over)
    numbers = [value for _, value in over if value is not None]
    if names:
        return not numbers or _counts_up(numbers) or names >= len(numbers)
    return not numbers


def _numbers_name(values: list[float | None], columns: list[tuple[str, ...]], numeric: list[bool]) -> bool:
    """Whether different whole numbers name columns of fractions or of 0 and 1, as those of classes do.

    A word must stand over another column of numbers, or the numbers must count from 0 or 1, some over fractions.
    """
    over = [(value, column) for value, column, is_number in zip(values, columns, numeric, strict=True) if is_number]
    named = [value for value, _ in over if value is not None]
    if len(named) < 2 or len(set(named)) < len(named) or not all(value.is_integer() for value in named):
        return False
    if not all(_shares(column) for value, column in over if value is not None):
        return False
    if any(value is None for value, _ in over):
        return True
    counts = sorted(named) == [min(named) + at for at in range(len(named))] and min(named) in {0.0, 1.0}
    return counts and any(_has_fractions(column) for _, column in over)


def _has_fractions(column: tuple[str, ...]) -> bool:
    return any(value is not None and not value.is_integer() for value in map(number, map(str.strip, column)))


def _shares(column: tuple[str, ...]) -> bool:
    """Whether cells are numbers in [0, 1], or fractions, as whole numbers that count something are not."""
    cells = [value for cell in column if (value := number(cell.strip())) is not None]
    return bool(cells) and (all(0.0 <= one <= 1.0 for one in cells) or any(not one.is_integer() for one in cells))


def _recurs(first: list[str], columns: list[tuple[str, ...]]) -> bool:
    """Whether the first cells stand again in their own columns, so that they are values and no names."""
    again = sum(
        cell != "" and any(cell == one.strip() for one in column) for cell, column in zip(first, columns, strict=True)
    )
    distinct_names = len(set(first)) == len(first) > 3
    return again > 0 and not (distinct_names and 2 * again < len(first))


def _value(cell: str) -> float | None:
    share = per_cent(cell.replace(",", "."))
    return share if share is not None else number(cell.replace(",", ".")) if _decimal_comma(cell) else number(cell)


def _mostly_numbers(column: tuple[str, ...]) -> bool:
    cells = [cell for cell in column if cell.strip()]
    return bool(cells) and sum(_value(cell.strip()) is not None for cell in cells) >= 0.9 * len(cells)


def _counts_up(values: list[float | None] | list[float]) -> bool:
    """Whether the values are 0, 1, 2 ... or 1, 2, 3 ..."""
    return (
        bool(values)
        and values[0] in {0.0, 1.0}
        and all(value is not None and value == (values[0] or 0.0) + at for at, value in enumerate(values))
    )
