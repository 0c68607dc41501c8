"""The top of a text file: which lines are comments, whether the first row names the columns, and what their names are.

Floor 2. Whether a row is a header is told by the cells under it.
"""

import math
from collections import Counter
from itertools import takewhile

from xentcli.files.text.numbers import decimal_comma, number, per_cent
from xentcli.files.text.records import Cut, split
from xentcli.files.text.separator import SAMPLE_ROWS, ends_empty, is_count_line, opens
from xentcli.record import Record


def has_header(rows: list[list[str]], width: int) -> bool:
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
    if _names_index(first, columns) or _counts_words(first, columns):
        return True
    if any(numeric):
        return _names_numbers(first, values, numeric) or _numbers_name(first, columns, numeric)
    return not any(value is not None for value in values) and not _recurs(first, columns)


def names_numbers(rows: list[list[str]], width: int) -> bool:
    """Whether the first row is plainly a header: words that stand over columns of numbers."""
    if len(rows) < 2 or len(rows[0]) != width:
        return False
    first = [cell.strip() for cell in rows[0]]
    columns = list(zip(*(row for row in rows[1:] if len(row) == width), strict=True))
    numeric = [_mostly_numbers(column) for column in columns]
    return any(numeric) and _names_numbers(first, [_value(cell) for cell in first], numeric)


def _names_index(first: list[str], columns: list[tuple[str, ...]]) -> bool:
    """Whether the first cell is empty over an index, as pandas writes one without a name.

    An index is the row numbers 0, 1, 2 ..., or names of which none is empty and none comes twice; the latter are
    believed beside other columns without a name, which count up.
    """
    if len(first) < 2 or first[0]:
        return False
    index = [cell.strip() for cell in columns[0]]
    if _counts_up([number(cell) for cell in index]):
        return True
    return len(index) > 1 and all(index) and len(set(index)) == len(index) and _counts_from_0(first[1:])


def _counts_words(first: list[str], columns: list[tuple[str, ...]]) -> bool:
    """Whether the first cells are 0, 1 ... and one of them stands over words alone, as pandas counts columns."""
    if len(first) < 2 or not _counts_from_0(first):
        return False
    return any(
        len(column) > 1 and all(cell.strip() and _value(cell.strip()) is None for cell in column) for column in columns
    )


def _counts_from_0(cells: list[str]) -> bool:
    return cells == [str(at) for at in range(len(cells))]


def _names_numbers(first: list[str], values: list[float | None], numeric: list[bool]) -> bool:
    """Whether the first cells over columns of numbers are names: text, or numbers that count the columns."""
    over = [(cell, value) for cell, value, is_number in zip(first, values, numeric, strict=True) if is_number]
    names = sum(value is None and cell != "" for cell, value in over)
    numbers = [value for _, value in over if value is not None]
    if names:
        return not numbers or _counts_up(numbers) or names >= len(numbers)
    return not numbers


def _numbers_name(first: list[str], columns: list[tuple[str, ...]], numeric: list[bool]) -> bool:
    """Whether different whole numbers name columns of fractions or of 0 and 1, as those of classes do.

    Beside them there must be a sign that they are no values: a word over a column of numbers, whole numbers over
    columns that hold none, a number other than 0 and 1 over columns of 0 and 1, or a word that is none of its column.
    """
    cells = list(zip(first, columns, numeric, strict=True))
    over = [(_value(cell), column) for cell, column, is_number in cells if is_number]
    named = [value for value, _ in over if value is not None]
    under = [column for value, column in over if value is not None]
    if len(named) < 2 or len(set(named)) < len(named) or not all(value.is_integer() for value in named):
        return False
    if not all(_shares(column) for column in under):
        return False
    if any(value is None for value, _ in over) or all(_mostly_fractions(column) for column in under):
        return True
    if all(_is_binary(column) for column in under) and not set(named) <= {0.0, 1.0}:
        return True
    counts = sorted(named) == [min(named) + at for at in range(len(named))] and min(named) in {0.0, 1.0}
    apart = named == sorted(named) and any(
        _stands_apart(cell, column) for cell, column, is_number in cells if not is_number
    )
    return counts and (apart or any(_has_fractions(column) for column in under))


def _mostly_fractions(column: tuple[str, ...]) -> bool:
    """Whether nearly no cell is written as a whole number."""
    cells = [cell.strip() for cell in column if cell.strip()]
    return len(cells) > 1 and sum(cell.lstrip("+-").isdecimal() for cell in cells) <= 0.1 * len(cells)


def _is_binary(column: tuple[str, ...]) -> bool:
    return set(_finite(column)) <= {0.0, 1.0}


def _stands_apart(cell: str, column: tuple[str, ...]) -> bool:
    """Whether a word is none of its column: it has no digit where all cells have one, or is new where cells recur."""
    if not all(one.isalpha() or one in " _-" for one in cell) or any(cell == one.strip() for one in column):
        return False
    if all(any(one.isdecimal() for one in other) for other in column):
        return True
    return len(column) >= 4 and 2 * len(set(column)) <= len(column)


def _has_fractions(column: tuple[str, ...]) -> bool:
    return any(not value.is_integer() for value in _finite(column))


def _finite(column: tuple[str, ...]) -> list[float]:
    values = (number(cell.strip()) for cell in column)
    return [value for value in values if value is not None and math.isfinite(value)]


def _shares(column: tuple[str, ...]) -> bool:
    """Whether cells are numbers in [0, 1], or fractions, as whole numbers that count something are not."""
    cells = _finite(column)
    return bool(cells) and (all(0.0 <= one <= 1.0 for one in cells) or any(not one.is_integer() for one in cells))


def _recurs(first: list[str], columns: list[tuple[str, ...]]) -> bool:
    """Whether the first cells stand again in their own columns, so that they are values and no names."""
    again = sum(
        cell != "" and any(cell == one.strip() for one in column) for cell, column in zip(first, columns, strict=True)
    )
    distinct_names = len(set(first)) == len(first) > 3
    return again > 0 and not (distinct_names and 2 * again < len(first))


def _value(cell: str) -> float | None:
    found = number(cell)
    if found is not None:
        return found
    plain = cell.replace(",", ".")
    return number(plain) if decimal_comma(cell) else per_cent(plain)


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


MARK = "#"
"""What comments start with unless the caller says otherwise."""


def parted(lines: list[str], mark: str | None, quote: str | None) -> tuple[list[str], list[str]]:
    """Return the lines that do not start with the mark outside quotes, and those that do."""
    others: list[str] = []
    marked: list[str] = []
    inside = False
    for line in lines:
        if mark is not None and not inside and line.startswith(mark):
            marked.append(line)
            continue
        others.append(line)
        inside = quote is not None and opens(line, quote, inside=inside)
    return others, marked


def lines_above(lines: list[str], mark: str, cut: Cut) -> int:
    """Return the number of lines at the top that are comments whatever they hold, because a header follows them.

    In a file of one column, where every line could be a row, those are comments whose mark a blank follows.
    """
    top = sum(1 for _ in takewhile(lambda line: not line.strip() or line.startswith(mark), lines))
    if not any(line.startswith(mark) for line in lines[:top]):
        return 0
    rows = split(lines[top:], cut, 1000)
    width = width_of(rows)
    if width == 1:
        return sum(1 for _ in takewhile(lambda line: line[1:2].strip() == "", lines[:top]))
    last = max(at for at in range(top) if lines[at].strip())
    spaced = lines[last][1:2].strip() == ""
    if names_numbers(rows, width) or (spaced and has_header(rows, width)):
        return top
    return last if _names_columns(lines[: last + 1], mark, cut, rows) else 0


def _names_columns(above: list[str], mark: str, cut: Cut, rows: list[list[str]]) -> bool:
    """Whether the last of several comments names the columns of the rows, as AudioSet's segments do.

    Those before it are plain comments, which a blank or a second mark shows, even if one has the cells of a row.
    """
    before = [line for line in above[:-1] if line.strip()]
    if not before or not all(line[1:2].strip() in {"", mark} for line in before):
        return False
    named = split(above[-1:], cut)
    width = width_of(rows)
    return len(named[0]) == width and has_header([*named, *rows], width)


def width_of(rows: list[list[str]]) -> int:
    """Return how many cells most rows have, the first apart."""
    return Counter(len(row) for row in rows[1:] or rows).most_common(1)[0][0] if rows else 0


_JUDGED_ROWS, _JUDGED_CELLS = 20, 100_000
"""The rows that tell a header: all of a sample, fewer where they are wide."""


class ColumnNames(Record):
    """What the first rows say.

    Attributes:
        names: the column names, as many as a row has cells.
        skip: number of rows before the first of the data.
        classes: class names from a scikit-learn count line, for the last column.
        trailing: whether every row ends with a separator, so that the last cell is none.
        body: the rows of the data.
        notes: what a person should hear.
    """

    names: tuple[str, ...]
    skip: int
    classes: tuple[str, ...] | None
    trailing: bool
    body: list[list[str]]
    notes: tuple[str, ...]


def names_of(rows: list[list[str]], header: bool | None, *, complete: bool) -> ColumnNames:
    """Return the names that the first rows of a sample give.

    Args:
        rows: of the sample.
        header: what the caller says.
        complete: whether the sample is the whole file.
    """
    width = width_of(rows)
    skip, classes = 0, None
    notes: tuple[str, ...] = ()
    if len(rows) > 1 and header is None and _counts(rows, width, complete=complete):
        classes = tuple(cell.strip() for cell in rows[0][2:]) or None
        notes = ("the first line holds counts, it is no header",)
        rows, skip = rows[1:], 1
    judged = rows[: max(_JUDGED_ROWS, _JUDGED_CELLS // max(1, width))]
    if not rows or not (has_header(judged, width) if header is None else header):
        return _unnamed(rows, width, skip, classes, notes)
    first, body = rows[0], rows[1:]
    if body and ends_empty(first, width):
        first = first[:-1]
        notes = (*notes, "the header ends with a separator, the rows do not")
    width = max(width, len(first))
    trailing = bool(body) and width > 1 and all(len(row) == width and not row[-1] for row in body)
    names, trailing = _names(first, width, trailing=trailing)
    return ColumnNames(names, skip + 1, classes, trailing, body, notes)


def _unnamed(
    rows: list[list[str]], width: int, skip: int, classes: tuple[str, ...] | None, notes: tuple[str, ...]
) -> ColumnNames:
    trailing = width > 1 and len(rows) > 1 and all(len(row) == width and not row[-1] for row in rows)
    if rows:
        last = f", ... f{width - 1 - trailing}" if width - trailing > 1 else ""
        notes = (*notes, "no header: " + (f"columns are f0{last}" if last else "the column is f0"))
    return ColumnNames(tuple(f"f{at}" for at in range(width)), skip, classes, trailing, rows, notes)


def _counts(rows: list[list[str]], width: int, *, complete: bool) -> bool:
    first = rows[0]
    if not is_count_line(first, width):
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
