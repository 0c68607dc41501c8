"""Quoting: which character encloses cells, told from a sample of lines.

Floor 2. Whether quotes enclose cells at all is told from the whole file; see `stray`.
"""

import re

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
