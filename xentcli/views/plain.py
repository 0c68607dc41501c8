"""Plain text: the page for pipes, files and logs: unwrapped, untruncated, without a single escape code.

Floor 8. Does not know Rich, so that a piped run need not import it.
"""

import unicodedata

from xentcli.views.page import (
    Block,
    Bullets,
    Code,
    Facts,
    Grid,
    Heading,
    Levels,
    Page,
    Prose,
    Remark,
    Sentence,
    apart,
    following,
    whereabouts,
)
from xentcli.views.safe import printable

BAR_CELLS = 24


def render(page: Page) -> str:
    """Return the page as text that ends in a line end."""
    lines: list[str] = []
    previous: Block | None = None
    for block in page.blocks:
        drawn = _lines(block)
        if not drawn:
            continue
        if previous is not None and apart(previous, block):
            lines.append("")
        lines += drawn
        previous = block
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _lines(block: Block) -> list[str]:
    match block:
        case Heading(text) | Sentence(text):
            return [printable(text)]
        case Facts(rows):
            width = max((cells(printable(name)) for name, _ in rows), default=0)
            return [f"  {pad(printable(name), width)}  {printable(text)}" for name, text in rows]
        case Grid():
            return _grid(block)
        case Levels():
            return _grid(block.grid(ascii_only=True))
        case Bullets(texts):
            return [f"  - {printable(text)}" for text in texts]
        case Code(text):
            return [printable(line) for line in text.split("\n")]
        case Prose(markdown):
            return markdown.rstrip().split("\n")
        case Remark(finding):
            tail = following(block)
            head = f"{finding.level.value} {finding.code} {finding.name}: {finding.message}{whereabouts(finding)}"
            below = [f"  {tail}"] if tail else []
            return [printable(head), f"  help: {printable(finding.help)}", *below]


def cells(text: str) -> int:
    """Return how many terminal cells a text takes: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return the text filled with blanks to a number of cells."""
    fill = " " * max(0, width - cells(text))
    return fill + text if right else text + fill


def bar(share: float) -> str:
    """Return a bar for a share in [0, 1]; a share that is not nothing shows."""
    return "#" * max(1 if share else 0, round(BAR_CELLS * share))


def _grid(grid: Grid) -> list[str]:
    table = [[printable(cell) for cell in row] for row in (grid.columns, *grid.rows)]
    widths = [max(cells(row[at]) for row in table) for at in range(len(grid.columns))]
    bars = ["", *(bar(share) for share in grid.bars)] if grid.bars else [""] * len(table)
    lines = [
        "  " + "  ".join([*(pad(cell, widths[at], right=at in grid.numeric) for at, cell in enumerate(row)), drawn])
        for row, drawn in zip(table, bars, strict=True)
    ]
    return [*lines, f"  {printable(grid.more)}"] if grid.more else lines
