"""Sections: the blocks of a page under their titles.

Floor 8. The tables and sentences are those of every other form; here they are only put into another order: the answer
stands at the head of the sheet, diagrams that are rows of characters give way to figures.
"""

from xentcli.views.html.model import Section
from xentcli.views.page import Block, Code, Facts, Grid, Heading, Levels, Page, Remark, Sentence

LAST = ("Columns",)
"""Titles of sections that stand at the end."""

HALF = 580.0
"""Pixels of a table that stands beside another section."""

_CHARACTER, _PADDING, _LONG = 7.6, 24.0, 34
"""Pixels of a character and around a cell, and the characters from which a cell is broken into lines."""


def answer(page: Page) -> str:
    """Return the sentences that carry the answer of a page; empty if it has none."""
    return " ".join(block.text for block in page.blocks if isinstance(block, Sentence) and block.strong)


def sections(page: Page, first: str) -> tuple[Section, ...]:
    """Return the sections of a page.

    Args:
        page: whose findings were left out; its first heading is the title of the sheet.
        first: the title of what stands before the second heading.
    """
    opening: list[Block] = []
    found: list[tuple[str, list[Block]]] = [(first, opening)]
    titled = False
    for block in page.blocks:
        blocks = found[-1][1]
        match block:
            case Heading(text):
                if titled or blocks:
                    found.append((text, []))
                titled = True
            case Sentence(strong=True) | Levels() | Remark():
                pass
            case Facts() if any(isinstance(one, Grid) for one in blocks):
                opening.append(block)  # the numbers that follow a table have no title of their own
            case _:
                blocks.append(block)
    made = [
        Section(title, tuple(blocks), blocks is opening or any(map(_wide, blocks))) for title, blocks in found if blocks
    ]
    return tuple(sorted(made, key=lambda one: one.title in LAST))


def _wide(block: Block) -> bool:
    """Whether a block is a table that half the width would not hold, or program text."""
    if isinstance(block, Code):
        return True
    if not isinstance(block, Grid):
        return False
    rows = (block.columns, *block.rows)
    widest = (min(_LONG, max(map(len, cells))) for cells in zip(*rows, strict=True))
    return sum(_PADDING + _CHARACTER * width for width in widest) > HALF


def runs(found: tuple[Section, ...]) -> list[list[Section]]:
    """Return sections in runs: a wide one alone, others together with those that follow them."""
    made: list[list[Section]] = []
    for one in found:
        if made and not one.wide and not made[-1][-1].wide:
            made[-1].append(one)
        else:
            made.append([one])
    return made
