"""Plain text: the page for pipes, files and logs: unwrapped, untruncated, without a single escape code.

Floor 8. Does not know Rich, so that a piped run need not import it.
"""

import unicodedata

from xentcli.views.page import Block, Code, Facts, Grid, Heading, Items, Page, Remark, Sentence
from xentcli.views.safe import printable

BAR_CELLS = 24


def render(page: Page) -> str:
    """Return the page as text that ends in a line end."""
    return "\n".join(text for block in page.blocks if (text := _block(block))) + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading(text):
            return f"\n{printable(text)}\n"
        case Sentence(text):
            return f"{printable(text)}"
        case Facts(rows):
            width = max((cells(name) for name, _ in rows), default=0)
            return "\n" + "\n".join(f"  {pad(printable(name), width)}  {printable(text)}" for name, text in rows) + "\n"
        case Grid():
            return _grid(block)
        case Items(texts):
            return "\n".join(f"  - {printable(text)}" for text in texts)
        case Code(text):
            return "\n".join(f"  {printable(line)}" for line in text.splitlines())
        case Remark():
            return remark(block)


def remark(block: Remark) -> str:
    """Return a finding: code, level and message, its first rows, and the help."""
    one = block.finding
    rows = f" (first rows: {', '.join(str(row) for row in one.rows)})" if one.rows else ""
    head = f"{one.level.value} {one.code} {one.name}: {printable(one.message)}{rows}"
    return f"\n{head}\n  help: {printable(one.help)}\n"


def cells(text: str) -> int:
    """Return how many terminal cells a text takes: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(bool(unicodedata.combining(character)) for character in text)


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return the text filled with blanks to a number of cells."""
    fill = " " * max(0, width - cells(text))
    return fill + text if right else text + fill


def _grid(grid: Grid) -> str:
    table = [[printable(cell) for cell in row] for row in (grid.columns, *grid.rows)]
    widths = [max(cells(row[at]) for row in table) for at in range(len(grid.columns))]
    lines = []
    for number, row in enumerate(table):
        text = "  ".join(pad(cell, widths[at], right=at in grid.numeric) for at, cell in enumerate(row))
        bar = (
            "#" * max(1, round(BAR_CELLS * grid.bars[number - 1]))
            if grid.bars and number and grid.bars[number - 1]
            else ""
        )
        lines.append(f"  {text}  {bar}".rstrip())
    if grid.more:
        lines.append(f"  {printable(grid.more)}")
    return "\n".join(lines)
