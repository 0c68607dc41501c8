"""Long names: a terminal shows them without their middle, in one line; pipes and Markdown keep them whole."""

import pytest

from xentcli.views import console, markdown, plain
from xentcli.views.page import Grid, Page
from xentcli.views.plain import cells
from xentcli.views.shorten import shared_out, shortened

LONG = "a name that goes on and on for the sake of a test " + "x" * 60 + " number "
TABLE = Page((Grid(("class", "rows"), ((f"{LONG}1", "20"), (f"{LONG}2", "3"), ("cat", "1")), (1,), names=(0,)),))
BARS = Page((Grid(("class", "rows"), ((f"{LONG}1", "20"), ("cat", "1")), (1,), (1.0, 0.5), names=(0,)),))


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [("cat", 3, "cat"), ("caterpillar", 7, "cat…lar"), ("caterpillar", 8, "cate…lar"), ("日本語の名前", 7, "日本…前")],
)
def test_a_long_text_loses_its_middle(text, width, expected):
    assert shortened(text, width, "…") == expected


def test_cells_are_shared_out_by_need_then_evenly():
    assert shared_out(40, (100, 4, 100), 10) == (18, 4, 18)
    assert shared_out(5, (100, 4), 10) == (10, 4)


@pytest.mark.parametrize("page", [TABLE, BARS])
@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_terminal_gives_every_row_one_line_that_fits(page, width):
    lines = console.render(page, width=width, colour=False).splitlines()
    assert len(lines) == 1 + len(page.blocks[0].rows)
    assert max(map(cells, lines)) <= width
    assert "1 " in lines[1]


def test_an_ascii_terminal_gets_dots():
    assert "..." in console.render(TABLE, width=60, colour=False, ascii_only=True)


def test_pipes_and_markdown_keep_names_whole():
    for text in (plain.render(TABLE), markdown.render(TABLE), console.render(TABLE, width=10_000, colour=True)):
        assert f"{LONG}1" in text
