"""Separator and quotes: what stands between the cells of a text file, and around them.

Floor 2. Separator: what stands between the cells of a text file, told from a sample of its lines. The suffix is a
hint; what rows of the same number of cells show comes before it.

Quoting: which character encloses cells, told from a sample of lines. Whether quotes enclose cells at all is told
from the whole file; see `table`.
"""

import re
from collections import Counter

from xentcli.files.format import Format
from xentcli.files.text.numbers import decimal_comma, number
from xentcli.files.text.records import ONE_COLUMN, Cut, cut_at, split

EDGES = (",", ";", "\t", "|")
"""What may stand between cells; a blank may where a line has none of them."""


def quote_of(lines: list[str]) -> str:
    """Return ' if the first line or half the lines have cells wrapped in it, and more than have the usual one."""
    sample = lines[:200]
    usual = sum(_edged(line, '"') for line in sample)
    wrapped = [_wrapped(line, "'") for line in sample]
    if sum(wrapped) <= usual:
        return '"'
    return "'" if wrapped[0] or 2 * sum(wrapped) >= max(2, len(wrapped)) else '"'


def opens(line: str, quote: str, *, inside: bool) -> bool:
    """Whether a quoted cell is open at the end of a line, given whether one is at its start; roughly."""
    if line.count(quote) % 2 == 0:
        return inside
    return not inside and _starts_cell(line, quote)


def _edges(line: str) -> tuple[str, ...]:
    found = tuple(edge for edge in EDGES if edge in line)
    return found or (" ",)


def _starts_cell(line: str, quote: str) -> bool:
    return line.startswith(quote) or any(edge + quote in line for edge in (*EDGES, " "))


def _edged(line: str, quote: str) -> bool:
    """Whether some cell of a line starts or ends with a quote."""
    bare = line.strip()
    if bare.startswith(quote) or bare.endswith(quote):
        return True
    return any(edge + quote in line or quote + edge in line for edge in _edges(line))


def _wrapped(line: str, quote: str) -> bool:
    """Whether some cell of a line is wrapped in a quote, under any separator, which may stand in the cell, too."""
    if quote not in line:
        return False
    edge = rf"[{re.escape(''.join(_edges(line)))}]"
    return re.search(rf"(?:^|{edge})\s*{quote}(?:[^{quote}]|{quote}{quote})*{quote}\s*(?:$|{edge})", line) is not None


SAMPLE_ROWS = 1000
USUAL = {Format.CSV: ",", Format.TSV: "\t"}
COLONS = "::"

_TOLD = re.compile(r'"?sep=([^\w\s"]|\t)\1*"?[ \t]*[\r\n]*', re.IGNORECASE)


def cut_of(lines: list[str], form: Format, quote: str | None) -> Cut:
    """Return how to cut lines that hold no comments so that rows have the same number of cells, more than one."""
    usual = USUAL.get(form, ",")
    candidates = [usual, *(one for one in EDGES if one != usual)]
    cuts = {one: Cut(one, quote, padded=_padded(lines, one, quote)) for one in candidates}
    fits = {one: _fit(_rows(lines, cut), usual=one == usual) for one, cut in cuts.items()}
    colons = _colons(lines)
    if colons and (
        fits[usual] < 1.0 or usual not in colons[0] or all(number(line.split(COLONS)[0]) is not None for line in colons)
    ):
        return cut_at(COLONS, None)
    best = max(fits.values())
    if best:
        equal = [candidate for candidate in candidates if fits[candidate] == best]
        chosen = _not_decimal(_in_header(equal, lines, quote) or equal, lines, quote)
        return cuts[chosen]
    if _by_blanks(_rows(lines, Cut(" ", quote)), lines, quote):
        return Cut(" ", quote)
    return Cut(next((one for one in candidates if broken_in_two(_rows(lines, Cut(one, quote)))), ONE_COLUMN), quote)


def told_separator(line: str) -> str | None:
    """Return the separator that a first line such as `sep=;` names for Excel, None where it names none.

    Excel fills the line up with separators where the table is saved again: `sep=;;;`.
    """
    found = _TOLD.fullmatch(line)
    return None if found is None else found[1]


def is_count_line(row: list[str], width: int) -> bool:
    """Whether a first line holds the number of rows alone, or scikit-learn's rows, features, class names."""
    whole = [cell.strip().isdecimal() for cell in row]
    if len(row) == 1 and width > 1:
        return whole[0]
    return (
        len(row) > 2 and all(whole[:2]) and int(row[1]) == width - 1 and not any(number(c) is not None for c in row[2:])
    )


def broken_in_two(rows: list[list[str]]) -> bool:
    """Whether each two rows have together the cells of the first: a line end stands inside each record."""
    head, body = len(rows[0]) if rows else 0, rows[1:]
    if head < 3 or len(body) < 2 or len(body) % 2 or _widths(body) == 1:
        return False
    return all(
        len(first) + len(second) - 1 == head and len(first) < head
        for first, second in zip(body[::2], body[1::2], strict=True)
    )


def _rows(lines: list[str], cut: Cut) -> list[list[str]]:
    return split(lines, cut, SAMPLE_ROWS)


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
    named = head in {width, width - 1} or ends_empty(rows[0], width) or is_count_line(rows[0], width)
    return share if named or (usual and head > 1) else 0.0


def ends_empty(first: list[str], width: int) -> bool:
    """Whether a first row has a cell more than the others, which is empty: it alone ends with a separator."""
    return len(first) == width + 1 and width > 1 and not first[-1].strip()


def _colons(lines: list[str]) -> list[str]:
    """Return the lines if two colons stand in nearly all of them, as often as in the first; else none."""
    filled = [line for line in lines[:SAMPLE_ROWS] if line.strip()]
    cuts = filled[0].count(COLONS) if filled else 0
    return filled if cuts and sum(line.count(COLONS) == cuts for line in filled) >= 0.9 * len(filled) else []


def _padded(lines: list[str], separator: str, quote: str | None) -> bool:
    """Whether cells only come out even if a quote behind a separator and a blank opens one."""
    if quote is None or not any(f"{separator} {quote}" in line for line in lines[:SAMPLE_ROWS]):
        return False
    plain, padded = (_widths(_rows(lines, Cut(separator, quote, padded=one))) for one in (False, True))
    return padded < plain


def _widths(rows: list[list[str]]) -> int:
    return len({len(row) for row in rows})


def _by_blanks(rows: list[list[str]], lines: list[str], quote: str | None) -> bool:
    """Whether blanks stand between cells: rows are even, and cells are mostly numbers, or words in quotes.

    A header may lack the name of the first column, as R and CelebA write it.
    """
    counted = len(rows) > 2 and is_count_line(rows[0], len(rows[-1]))
    rows = rows[counted:]
    head, body = len(rows[0]) if rows else 0, rows[1:] or rows
    width = len(body[0]) if body else 0
    if width < 2 or any(len(row) != width for row in body):
        return False
    quoted = quote is not None and all(line.lstrip().startswith(quote) for line in lines[counted:] if line.strip())
    if head == width - 1:
        return quoted or counted or (width > 2 and _mostly_numbers([row[1:] for row in body]))
    return head == width and (quoted or _mostly_numbers(body))


def _mostly_numbers(rows: list[list[str]]) -> bool:
    cells = [cell for row in rows for cell in row]
    return 2 * sum(number(cell) is not None for cell in cells) >= len(cells)


def _in_header(equal: list[str], lines: list[str], quote: str | None) -> list[str]:
    """Return the candidates that cut the first line into as many cells as every other line.

    One that the rows hold and the header lacks stands inside their cells, as in tags such as `1|2`.
    """
    return [one for one in equal if _widths(_rows(lines, Cut(one, quote))) == 1]


def _not_decimal(equal: list[str], lines: list[str], quote: str | None) -> str:
    """Return the first candidate, but for a comma that stands inside numbers of another candidate."""
    if equal[0] == "," and len(equal) > 1:
        cells = [cell for row in _rows(lines, Cut(equal[1], quote))[1:] for cell in row]
        if cells and all(decimal_comma(cell) or number(cell) is not None for cell in cells if cell.strip()):
            return equal[1]
    return equal[0]
