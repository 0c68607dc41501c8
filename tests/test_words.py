"""Counts take the noun and the verb that fit them."""

import pandas as pd
import pytest

import xentcli
from xentcli.phrases import counted, losses, rates, verb


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


@pytest.mark.parametrize(
    ("values", "texts"),
    [((0.9, 0.8), ("0.9000", "0.8000")), ((0.99996, 0.99998), ("0.99996", "0.99998")), ((0.5, 0.5), ("0.5000",) * 2),
     ((0.1 + 0.2, 0.3, 0.25), ("0.3000", "0.3000", "0.2500"))],
)  # fmt: skip
def test_rates_that_differ_read_differently(values, texts):
    assert rates(*values) == texts


@pytest.mark.parametrize(
    ("values", "texts"),
    [((36.04365, 36.7), ("36.04", "36.7")), ((36.04365, 36.04312), ("36.044", "36.043")),
     ((1.198e-05, 0.0), ("1.198e-05", "0")), ((1.0004, 1.0002), ("1.0004", "1.0002")),
     ((2e-16, 2e-16), ("2e-16",) * 2)],
)  # fmt: skip
def test_losses_that_differ_read_differently(values, texts):
    assert losses(*values) == texts


def test_a_difference_that_decides_a_limit_is_never_noise():
    assert len(set(losses(0.9, 0.9 - 2**-53))) == 1
    assert len(set(losses(0.9, 0.9 - 2**-53, noise=0.0))) == 2


def test_one_row_is_not_one_rows(refused):
    bad = pd.DataFrame({"label": ["a", "b"], "p_a": [0.5, 1.5], "p_b": [0.5, 0.5]})
    assert refused(xentcli.score, bad).details[0].startswith("1 of 2 rows (50 %) are bad")
    alone = pd.DataFrame({"label": ["a"], "p_a": [0.5], "p_b": [1.5]})
    error = refused(xentcli.score, alone, scale="probabilities")
    assert error.details[0].startswith("1 of 1 row (100 %) is bad")
    assert "names 1 class (a), there are 2 scores (p_a, p_b)" in refused(xentcli.score, alone, classes="a").message
