"""The console: the page on a terminal, drawn by Rich within its width and colours.

Floor 8, and the only module that knows Rich. Text from files goes in as plain text objects, never as markup.
"""

import io

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from xentcli.views.page import Block, Code, Facts, Grid, Heading, Items, Page, Remark, Sentence
from xentcli.views.safe import printable

_LEVELS = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}
_BAR_CELLS = 24


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
        file=buffer, width=width, force_terminal=colour, no_color=not colour, highlight=False, markup=False,
        emoji=False, legacy_windows=False, color_system="standard" if colour else None,
    )  # fmt: skip
    for block in page.blocks:
        for piece in _pieces(block, width, ascii_only=ascii_only):
            console.print(piece, soft_wrap=False)
    return buffer.getvalue()


def _pieces(block: Block, width: int, *, ascii_only: bool) -> list[RenderableType]:
    match block:
        case Heading(text):
            return [Text(), Text(printable(text), style="bold")]
        case Sentence(text, strong):
            return [Text(printable(text), style="bold green" if strong else "")]
        case Facts(rows):
            return [_facts(rows)]
        case Grid():
            return [_grid(block, width, ascii_only=ascii_only)]
        case Items(texts):
            return [_items(texts)]
        case Code(text, language):
            return [Padding(Syntax(text, language, background_color="default", word_wrap=True), (0, 2))]
        case Remark(finding):
            return _remark(finding.level.value, f"{finding.code} {finding.name}", _message(block), finding.help)


def _message(block: Remark) -> str:
    rows = block.finding.rows
    return block.finding.message + (f" (first rows: {', '.join(str(row) for row in rows)})" if rows else "")


def _remark(level: str, title: str, message: str, help_text: str) -> list[RenderableType]:
    head = Text.assemble((f"{level} ", _LEVELS[level]), (f"{title}: ", "bold"), printable(message))
    return [Text(), head, Padding(Text(f"help: {printable(help_text)}", style="dim"), (0, 2))]


def _facts(rows: tuple[tuple[str, str], ...]) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in rows:
        table.add_row(Text(printable(name)), Text(printable(text)))
    return Padding(table, (1, 2))


def _items(texts: tuple[str, ...]) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_column()
    table.add_column(overflow="fold")
    for text in texts:
        table.add_row(Text("-"), Text(printable(text)))
    return Padding(table, (0, 2))


def _grid(grid: Grid, width: int, *, ascii_only: bool) -> RenderableType:
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="cyan", collapse_padding=True)
    for at, title in enumerate(grid.columns):
        right = at in grid.numeric
        table.add_column(Text(printable(title)), justify="right" if right else "left", overflow="fold", no_wrap=right)
    bars = grid.bars if width >= 50 else ()
    if bars:
        table.add_column("", no_wrap=True)
    for number, row in enumerate(grid.rows):
        drawn = [Text(printable(cell)) for cell in row]
        if bars:
            drawn.append(Text(_bar(bars[number], ascii_only=ascii_only), style="blue"))
        table.add_row(*drawn)
    if grid.more:
        table.caption = Text(printable(grid.more), style="dim")
        table.caption_justify = "left"
    return Padding(table, (0, 2))


def _bar(share: float, *, ascii_only: bool) -> str:
    """Return a bar with eighths of a cell where the terminal can draw them."""
    eighths = round(8 * _BAR_CELLS * share)
    if ascii_only:
        return "#" * max(1 if share else 0, round(_BAR_CELLS * share))
    full, part = divmod(max(eighths, 1 if share else 0), 8)
    return "█" * full + ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")[part]
