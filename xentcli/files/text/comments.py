"""Comments: which lines at the top of a sample are no rows.

Floor 2. A line that starts with # is a comment where it has another number of cells than the rows, or stands
above a header; within the rows the reader of records decides line by line.
"""

from collections import Counter
from itertools import takewhile

from xentcli.files.text.header import has_header, names_numbers
from xentcli.files.text.quoting import opens
from xentcli.files.text.records import Cut, split

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
