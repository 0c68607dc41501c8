"""Golden screens: what a person sees on a terminal of 80 or 160 columns, in a pipe, and in Markdown."""

import judged
import pytest

from xentcli.task.model import Task
from xentcli.terms import Encoding, Kind
from xentcli.views import console, markdown, plain
from xentcli.views.check_page import check_page
from xentcli.views.compare_page import compare_page
from xentcli.views.inspect_page import inspect_page
from xentcli.views.score_page import score_page

PAGES = {
    "score_multiclass": lambda made: score_page(made["scored"]()),
    "score_full": lambda made: score_page(made["scored"](), everything=True),
    "score_frameworks": lambda made: score_page(made["trapped"]()),
    "score_binary": lambda made: score_page(made["binary"]()),
    "score_multilabel": lambda made: score_page(made["multilabel"]()),
    "score_decided_outputs": lambda made: score_page(made["decided_outputs"]()),
    "inspect_names": lambda made: inspect_page(made["inspected"](), framework="torch"),
    "inspect_binary": lambda made: inspect_page(made["inspected"](("not spam", "spam"), task=TWO)),
    "inspect_no_target": lambda made: inspect_page(made["none"]()),
    "check_failed": lambda made: check_page(judged.failed(made["scored"]())),
    "check_passed": lambda made: check_page(judged.passed(made["scored"]())),
    "check_models": lambda made: check_page(judged.several(made["scored"]())),
    "check_binary": lambda made: check_page(judged.sided(made["binary"](("benign", "malignant")))),
    "check_classes": lambda made: check_page(judged.many(made["scored"]())),
    "compare_close": lambda made: compare_page(judged.compared(made["scored"]())),
    "compare_full": lambda made: compare_page(judged.compared(made["scored"]()), everything=True),
    "compare_binary": lambda made: compare_page(judged.decisions(made["binary"]())),
    "compare_decisions": lambda made: compare_page(judged.decisions(made["scored"]())),
}
TWO = Task(Kind.BINARY, Encoding.CLASS_NAMES, ("not spam", "spam"), "spam")
WIDE = ("check_failed", "compare_close")


@pytest.mark.parametrize("name", PAGES)
def test_the_screen_of_a_terminal_of_80_columns_is_as_agreed(name, made, screen):
    drawn = console.render(PAGES[name](made), width=80, colour=False)
    assert drawn == screen(f"{name}.80.txt", drawn)


@pytest.mark.parametrize("name", WIDE)
def test_the_screen_of_a_terminal_of_160_columns_is_as_agreed(name, made, screen):
    drawn = console.render(PAGES[name](made), width=160, colour=False)
    assert drawn == screen(f"{name}.160.txt", drawn)


@pytest.mark.parametrize("name", PAGES)
def test_the_piped_screen_is_as_agreed(name, made, screen):
    drawn = plain.render(PAGES[name](made))
    assert drawn == screen(f"{name}.txt", drawn)


@pytest.mark.parametrize("name", PAGES)
def test_the_markdown_is_as_agreed(name, made, screen):
    drawn = markdown.render(PAGES[name](made))
    assert drawn == screen(f"{name}.markdown.txt", drawn)
