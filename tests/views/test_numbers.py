"""Numbers as people read them: enough digits, never a lie, never minus nought."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xentcli.views import numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.17694, "1.177"), (0.0, "0"), (-0.0, "0"), (None, "undefined"), (0.043214, "0.04321"), (9.9996, "10.00"),
        (36.04365, "36.04"), (123456.7, "123457"), (2.5e7, "2.500e+07"), (1e-20, "1.000e-20"), (0.0001, "0.0001000"),
    ],
)  # fmt: skip
def test_a_loss_has_four_significant_digits(value, text):
    assert numbers.loss(value) == text


@pytest.mark.parametrize(
    ("value", "text", "cell"),
    [
        (0.98765, "0.9877", "0.9877"), (0.5, "0.5", "0.5000"), (1.0, "1", "1.0000"), (0.0, "0", "0.0000"),
        (-0.0, "0", "0.0000"), (0.99996, "0.99996", "0.99996"), (1e-5, "1e-05", "1e-05"), (-1e-5, "-1e-05", "-1e-05"),
        (-0.25, "-0.25", "-0.2500"), (-1.0, "-1", "-1.0000"), (-0.99997, "-0.99997", "-0.99997"),
        (1.0 - 1e-9, "0.999999999", "0.999999999"), (1.0 - 2.0**-53, "1", "1.0000"), (-1e-17, "0", "0.0000"),
        (None, "undefined", "undefined"),
    ],
)  # fmt: skip
def test_a_rate_has_four_decimals_at_most_but_for_what_would_look_like_all_or_nothing(value, text, cell):
    assert numbers.rate(value) == text
    assert numbers.rate_cell(value) == cell


@given(st.floats(-1, 1))
def test_only_all_or_nothing_is_shown_as_such(value):
    for text in (numbers.rate(value), numbers.rate_cell(value)):
        assert (float(text) in {-1.0, 0.0, 1.0}) == (abs(value - round(value)) <= 1e-12)
        assert not text.startswith("-") or value < 0


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.333, "33.3 %"), (0.0, "0.0 %"), (0.0004, "<0.1 %"), (0.9999, ">99.9 %"), (1.0, "100.0 %"), (None, "undefined")],
)
def test_a_share_is_per_cent(value, text):
    assert numbers.share(value) == text


def test_counts_weights_and_intervals_read_well():
    assert numbers.count(1234567) == "1,234,567"
    assert [numbers.counted(n, noun) for n, noun in ((1, "row"), (2, "row"), (3, "class"))] == [
        "1 row", "2 rows", "3 classes",
    ]  # fmt: skip
    assert numbers.loss_interval((0.304, 0.32)) == "[0.3040, 0.3200]"
    assert numbers.rate_interval((0.304, 1.0)) == "[0.3040, 1.0000]"
    assert (numbers.weight(0.66666), numbers.weight(None)) == ("0.667", "undefined")
    assert numbers.loss_interval(None) == numbers.rate_interval(None) == ""


@pytest.mark.parametrize(
    ("bounds", "text"),
    [
        ((0.812341, 0.812362), "[0.812341, 0.812362]"), ((0.5, 0.75), "[0.5000, 0.7500]"),
        ((0.9123449, 0.9123551), "[0.912344, 0.912356]"), ((0.25, 0.25), "[0.2500, 0.2500]"),
        ((0.3, 0.3 + 1e-15), "[0.300000000000, 0.300000000001]"),
    ],
)  # fmt: skip
def test_bounds_are_rounded_outwards_to_decimals_that_tell_them_apart(bounds, text):
    assert numbers.rate_bounds(bounds) == text


@pytest.mark.parametrize(
    ("text", "value", "other", "shown"),
    [(numbers.loss, 0.31214, 0.31212, "0.31214"), (numbers.loss, 0.3121, 0.4, "0.3121"),
     (numbers.loss, 0.3121, None, "0.3121"), (numbers.loss, 1.0004, 1.0, "1.0004"), (numbers.loss, 0.3, 0.3, "0.3000"),
     (numbers.rate_cell, 0.98768, 0.98766, "0.98768"), (numbers.rate, None, 0.5, "undefined")],
)  # fmt: skip
def test_a_number_beside_another_one_has_the_digits_that_tell_them_apart(text, value, other, shown):
    assert numbers.beside(text, value, other) == shown
