"""The console: the page on a terminal, drawn by Rich within its width and colours.

Floor 8, and the only module that knows Rich. Text from files goes in as plain text objects, never as markup.
"""

import io
import re

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from xentcli.record import replace
from xentcli.rules.rule import Level
from xentcli.views import plain
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
from xentcli.views.plain import BAR_CELLS
from xentcli.views.safe import printable
from xentcli.views.shorten import shared_out, shortened

_LEVELS = {Level.ERROR: "bold red", Level.WARNING: "bold yellow", Level.NOTE: "bold blue"}
_NAMES = "bold"
"""Of facts and columns. No colour of a terminal's palette is easy to read on light and dark alike."""
OUTCOMES = {"passed": "bold green", "failed": "bold red", "warned": "bold yellow", "inconclusive": "bold magenta"}
"""The styles of what comes of checks; see `gate.model.Outcome`, for which no other command should wait."""
UNBOUNDED = 10_000
"""A width for coloured pipes: nothing wraps."""
_COMMAND = re.compile(r"^((?:\s|\x1b\[[0-9;]*m)*):(?=:)")
"""What a runner takes for a command: a line that is broken inside a name may start so."""
_LEAST = 10
"""Cells that a column of text is left with before lines grow beyond the terminal."""


def render(page: Page, *, width: int, colour: bool, ascii_only: bool = False) -> str:
    """Return the page as terminal text.

    Args:
        page: what to draw.
        width: the terminal's width in cells.
        colour: whether escape codes may be used.
        ascii_only: whether the terminal shows ASCII alone.
    """
    buffer = io.StringIO()
    console = Console(
        file=buffer, width=UNBOUNDED, force_terminal=colour, no_color=not colour, highlight=False, markup=False,
        emoji=False, legacy_windows=False, color_system="standard" if colour else None,
    )  # fmt: skip
    previous: Block | None = None
    for whole in page.blocks:
        block = _fitted(whole, width, ascii_only=ascii_only) if isinstance(whole, Grid) else whole
        if previous is not None and apart(previous, block):
            console.print()
        needed = _needed(block) if isinstance(block, (Grid, Code)) else 0
        for piece in _pieces(block, width, ascii_only=ascii_only):
            console.print(piece, width=max(width, needed))
        previous = block
    lines = (_COMMAND.sub(r"\1\\x3a", line.rstrip()) for line in buffer.getvalue().splitlines())
    return "".join(f"{line}\n" for line in lines)


def _pieces(block: Block, width: int, *, ascii_only: bool) -> list[RenderableType]:
    match block:
        case Heading(text):
            return [Text(printable(text), style="bold", overflow="fold")]
        case Sentence(text, strong):
            return [Text(printable(text), style="bold" if strong else "", overflow="fold")]
        case Facts(rows):
            return [_facts(rows)]
        case Grid():
            return [_grid(block, width, ascii_only=ascii_only)]
        case Levels():
            return [_grid(block.grid(ascii_only=ascii_only), width, ascii_only=ascii_only)]
        case Bullets(texts):
            return [_items(texts)]
        case Code(text, language):
            return [Syntax("\n".join(_lines(text)), language, background_color="default")]
        case Prose(markdown):
            return [Markdown(markdown, code_theme="ansi_dark", hyperlinks=False)]
        case Remark():
            return _remark(block)


def _remark(remark: Remark) -> list[RenderableType]:
    finding, tail = remark.finding, following(remark)
    level = finding.level.value
    head = Text.assemble(
        (f"{level} ", _LEVELS[finding.level]), (f"{finding.code} {printable(finding.name)}: ", "bold"),
        printable(f"{finding.message}{whereabouts(finding)}"), overflow="fold",
    )  # fmt: skip
    below = [f"help: {printable(finding.help)}", *([tail] if tail else [])]
    return [head, *(Padding(Text(line, style="dim", overflow="fold"), (0, 2)) for line in below)]


def _facts(rows: tuple[tuple[str, str], ...]) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    for name, text in rows:
        table.add_row(Text(printable(name), style=OUTCOMES.get(name, _NAMES)), Text(printable(text)))
    return Padding(table, (0, 2))


def _items(texts: tuple[str, ...]) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_column()
    table.add_column(overflow="fold")
    for text in texts:
        table.add_row(Text("-"), Text(printable(text)))
    return Padding(table, (0, 2))


def _fitted(grid: Grid, width: int, *, ascii_only: bool) -> Grid:
    """Return the table with its names short enough for the terminal, as far as names are to blame."""
    if not grid.names:
        return grid
    widths = _widths(grid)
    others = sum(2 + cells for at, cells in enumerate(widths) if at not in grid.names)
    room = width - 2 - others - 2 * len(grid.names) - (2 + BAR_CELLS if _drawn(grid, width) else 0)
    allowed = dict(zip(grid.names, shared_out(room, [widths[at] for at in grid.names], _LEAST), strict=True))
    mark = "..." if ascii_only else "…"
    rows = tuple(
        tuple(shortened(printable(cell), allowed[at], mark) if at in allowed else cell for at, cell in enumerate(row))
        for row in grid.rows
    )
    return replace(grid, rows=rows)


def _widths(grid: Grid) -> list[int]:
    """Return how many cells each column takes."""
    table = [[printable(cell) for cell in row] for row in (grid.columns, *grid.rows)]
    return [max(cell_len(row[at]) for row in table) for at in range(len(grid.columns))]


def _drawn(grid: Grid, width: int) -> tuple[float, ...]:
    """Return the bars if there is room for them."""
    return grid.bars if width >= _needed(grid) + BAR_CELLS else ()


def _lines(code: str) -> list[str]:
    return [printable(line) for line in code.split("\n")]


def _needed(block: Grid | Code) -> int:
    """Return the least width at which no number and no line of code is broken; a terminal breaks lines by itself."""
    if isinstance(block, Code):
        return max(map(cell_len, _lines(block.text)))
    grid = block
    return 4 + sum(2 + (width if at in grid.numeric else min(width, _LEAST)) for at, width in enumerate(_widths(grid)))


def _grid(grid: Grid, width: int, *, ascii_only: bool) -> RenderableType:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=_NAMES)
    for at, title in enumerate(grid.columns):
        right = at in grid.numeric
        table.add_column(Text(printable(title)), justify="right" if right else "left", overflow="fold", no_wrap=right)
    bars = _drawn(grid, width)
    if bars:
        table.add_column("", no_wrap=True)
    for number, row in enumerate(grid.rows):
        drawn = [Text(printable(cell)) for cell in row]
        if grid.columns[0] == "outcome":
            drawn[0].stylize(OUTCOMES.get(row[0], ""))
        if bars:
            drawn.append(Text(_bar(bars[number], ascii_only=ascii_only), style="blue"))
        table.add_row(*drawn)
    if grid.more:
        return Padding(Group(table, Text(printable(grid.more), style="dim")), (0, 2))
    return Padding(table, (0, 2))


def _bar(share: float, *, ascii_only: bool) -> str:
    """Return a bar with eighths of a cell where the terminal can draw them."""
    if ascii_only:
        return plain.bar(share)
    full, part = divmod(max(round(8 * BAR_CELLS * share), 1 if share else 0), 8)
    return "█" * full + ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")[part]
