"""Naming: the names of the columns, from the first rows of a sample.

Floor 2. A count line, a header, a header that lacks a name or has one too many, a separator at the end of rows.
"""

from xentcli.files.text.comments import width_of
from xentcli.files.text.header import has_header
from xentcli.files.text.separator import SAMPLE_ROWS, ends_empty, is_count_line
from xentcli.record import Record

_JUDGED_ROWS, _JUDGED_CELLS = 20, 100_000
"""The rows that tell a header: all of a sample, fewer where they are wide."""


class Names(Record):
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


def names_of(rows: list[list[str]], header: bool | None, *, complete: bool) -> Names:
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
    return Names(names, skip + 1, classes, trailing, body, notes)


def _unnamed(
    rows: list[list[str]], width: int, skip: int, classes: tuple[str, ...] | None, notes: tuple[str, ...]
) -> Names:
    trailing = width > 1 and len(rows) > 1 and all(len(row) == width and not row[-1] for row in rows)
    if rows:
        last = f", ... f{width - 1 - trailing}" if width - trailing > 1 else ""
        notes = (*notes, "no header: " + (f"columns are f0{last}" if last else "the column is f0"))
    return Names(tuple(f"f{at}" for at in range(width)), skip, classes, trailing, rows, notes)


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
