"""The console fits its terminal, loses nothing, and colours only when told."""

import pytest

from xentcli.scoring.model import Confusion
from xentcli.views import console, plain
from xentcli.views.page import Bullets, Grid, Page, Sentence
from xentcli.views.score_page import score_page

LONG = ("a very long name of a class", "another name that does not end at all", "eel")


@pytest.mark.parametrize("width", [1, 10, 40, 60, 80, 100])
def test_no_number_and_no_name_is_cut_at_any_width(width, made):
    report = made["scored"](LONG)
    text = console.render(score_page(report), width=width, colour=False)
    for row in report.score.per_class:
        assert f"{row.support:,}" in text
    letters = "".join(text.split())
    for name in LONG:
        found = [name[:8].replace(" ", ""), name[-3:].replace(" ", "")]
        assert all(piece in letters for piece in found)


def test_long_class_names_have_letters_in_the_confusion_counts(made):
    text = plain.render(score_page(made["scored"](tuple(f"{name} and more" for name in LONG)), everything=True))
    assert "     true                                                a      b      c\n" in text
    assert "  c  eel and more                                        2      2  1,000\n" in text


@pytest.mark.parametrize(
    ("size", "title"), [(9, "Confusion: true"), (12, "Most frequent mistakes"), (13, "Most frequent mistakes")]
)
def test_counts_that_do_not_fit_a_screen_become_the_most_frequent_mistakes(made, size, title):
    page = score_page(made["scored"](tuple(f"c{at}" for at in range(size))), everything=True)
    assert title in plain.render(page)
    assert max(len(line) for line in console.render(page, width=80, colour=False).splitlines()) <= 80


def test_mistakes_are_listed_by_their_number_then_in_class_order(made):
    names = tuple(f"class{at}" for at in range(300))
    sparse = Confusion(names, None, ((0, 0, 9000), (5, 2, 7), (1, 2, 7), (3, 299, 1200)), None)
    text = plain.render(score_page(made["scored"](names, confusion=sparse), everything=True))
    listed = text[text.index("Most frequent mistakes") :].splitlines()[1:5]
    assert listed == [
        "  true    predicted   rows",
        "  class3  class299   1,200",
        "  class1  class2         7",
        "  class5  class2         7",
    ]
    short = plain.render(score_page(made["scored"](names, confusion=sparse)))
    assert "Most frequent mistakes: class3 taken for class299 (1,200 rows); class1 taken for class2 (7 rows)" in short
    right = Confusion(names, None, ((0, 0, 9000),), None)
    assert "mistakes" not in plain.render(score_page(made["scored"](names, confusion=right)))


def test_bars_leave_where_the_terminal_is_narrow_and_are_ascii_where_it_must_be():
    page = Page((Grid(("class", "rows"), (("cat", "2"), ("dog", "0")), numeric=(1,), bars=(1.0, 0.0), more="1 more"),))
    assert console.render(page, width=80, colour=False) == (
        f"  class  rows\n  cat       2  {'█' * 24}\n  dog       0\n  1 more\n"
    )
    assert console.render(page, width=80, colour=False, ascii_only=True).count("#") == 24
    assert console.render(page, width=30, colour=False) == "  class  rows\n  cat       2\n  dog       0\n  1 more\n"


def test_a_share_that_is_not_nothing_shows_in_its_bar():
    page = Page((Grid(("a",), (("x",),), bars=(1e-9,)),))
    assert console.render(page, width=80, colour=False) == "  a\n  x  ▏\n"
    assert plain.render(page) == "  a\n  x  #\n"


def test_a_coloured_pipe_wraps_nothing():
    page = Page((Sentence("word " * 100, strong=True), Bullets(("word " * 100,))))
    lines = console.render(page, width=console.UNBOUNDED, colour=True).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("\x1b[1mword")


def test_an_empty_page_is_empty():
    assert console.render(Page(()), width=80, colour=False) == plain.render(Page(())) == ""


@pytest.mark.parametrize("everything", [False, True])
def test_labels_are_listed_worst_first_and_all_on_demand(made, everything):
    text = plain.render(score_page(made["multilabel"](25), everything=everything))
    assert text.index("tag24") < text.index("tag10")
    assert ("5 more labels: --full shows them" in text) is not everything
