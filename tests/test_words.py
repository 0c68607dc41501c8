"""Counts take the noun and the verb that fit them."""

import pandas as pd
import pytest

import xentcli
from xentcli.words import counted, verb


@pytest.mark.parametrize(
    ("value", "noun", "expected"),
    [(0, "row", "0 rows"), (1, "row", "1 row"), (12345, "row", "12,345 rows"), (1, "class", "1 class"),
     (2, "class", "2 classes")],
)  # fmt: skip
def test_a_count_and_its_noun(value, noun, expected):
    assert counted(value, noun) == expected


def test_a_count_and_its_verb():
    assert [verb(1, one) for one in ("hold", "are", "have", "do")] == ["holds", "is", "has", "does"]
    assert [verb(2, one) for one in ("hold", "are")] == ["hold", "are"]


def test_one_row_is_not_one_rows(refused):
    bad = pd.DataFrame({"label": ["a", "b"], "p_a": [0.5, 1.5], "p_b": [0.5, 0.5]})
    assert refused(xentcli.score, bad).details[0].startswith("1 of 2 rows (50 %) are bad")
    alone = pd.DataFrame({"label": ["a"], "p_a": [0.5], "p_b": [1.5]})
    error = refused(xentcli.score, alone, scale="probabilities")
    assert error.details[0].startswith("1 of 1 row (100 %) is bad")
    assert "names 1 class, there are 2 scores" in refused(xentcli.score, alone, classes="a").message
