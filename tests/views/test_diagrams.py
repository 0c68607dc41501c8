"""The diagrams of the page of score: bars where they can be drawn, digits where not."""

from xentcli.views import console, markdown, plain
from xentcli.views.page import Levels, Page
from xentcli.views.score_page import score_page

LEVELS = Page(
    (Levels((".5", "1"), (("said", (0.0, 1.0)), ("rows", (None, 0.5))), title="up to", counts=("7", "1,200")),)
)


def test_a_pipe_gets_tenths_as_digits():
    assert plain.render(LEVELS) == (
        "  up to  .5      1\n  said    0      9\n  rows    .      5\n  count   7  1,200\n"
    )  # fmt: skip


def test_a_terminal_gets_bars_unless_it_cannot_draw_them():
    drawn = console.render(LEVELS, width=80, colour=False)
    assert "  said    ▁      █\n  rows    ·      ▅\n" in drawn
    assert console.render(LEVELS, width=80, colour=False, ascii_only=True).isascii()


def test_digits_have_a_key_and_bars_need_none(made):
    page = score_page(made["scored"]())
    for text in (plain.render(page), console.render(page, width=200, colour=False, ascii_only=True)):
        assert "  digits: full tenths of 1 (rows: of the fullest column), 9 for all of it too; . for no rows\n" in text
        assert "  digits: full tenths of the fullest column, 9 for all of it too; . for no rows\n" in text
    assert "digits:" not in console.render(page, width=200, colour=False) + markdown.render(page)


def test_markdown_gets_bars_in_a_table():
    assert "| said | ▁ | █ |" in markdown.render(LEVELS)


def test_the_page_holds_both_diagrams_and_a_multi_label_page_only_the_losses(made):
    text = plain.render(score_page(made["scored"]()))
    assert "Reliability: what the highest score said, and what came true" in text
    assert "Loss of the rows, in nats" in text
    assert "Reliability" not in plain.render(score_page(made["multilabel"]()))
