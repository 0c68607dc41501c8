"""Colours on a terminal say what words say as well, and what comes of a check has a colour of its own."""

import re

import pytest

from xentcli.gate.model import Outcome
from xentcli.views import console
from xentcli.views.page import Facts, Grid, Page

RED, GREEN, YELLOW, MAGENTA = "1;31", "1;32", "1;33", "1;35"


def drawn(block):
    return console.render(Page((block,)), width=80, colour=True)


def test_every_outcome_has_a_style():
    assert set(console.OUTCOMES) == {one.value for one in Outcome}
    assert len(set(console.OUTCOMES.values())) == len(console.OUTCOMES)


@pytest.mark.parametrize(
    ("word", "code"), [("failed", RED), ("passed", GREEN), ("warned", YELLOW), ("inconclusive", MAGENTA)]
)
def test_outcomes_are_told_by_colour_in_tables_and_beside_messages(word, code):
    assert f"\x1b[{code}m{word}" in drawn(Facts(((word, "accuracy 0.9 is below min 0.97"),)))
    assert f"\x1b[{code}m{word}" in drawn(Grid(("outcome", "check"), ((word, "min accuracy"),)))


def test_a_class_that_is_called_failed_is_no_outcome():
    text = drawn(Grid(("class", "rows"), (("failed", "3"),)))
    assert re.search(r"\x1b\[1;3\dm *failed", text) is None
