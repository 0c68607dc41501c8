"""Ordered keys: integers that sort as the floats do, and how many of them a shift leaves apart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xentcli.tally.sums_by_key import distinct_by_shift, folded_keys, folded_values, ordered_keys, ordered_values

SCORES = st.floats(allow_nan=False, allow_infinity=True, allow_subnormal=True)
CHANCES = st.one_of(
    st.floats(0.0, 1.0, allow_subnormal=True),
    st.sampled_from([0.0, 5e-324, 0.5, 0.5 + 2**-53, 0.5 - 2**-54, 1.0 - 2**-53, 1.0]),
)


def compared(function, one, other):
    """Return -1, 0 or 1, as the key of `one` is below, at or above that of `other`."""
    keys = function(np.array([one, other]))
    return int(keys[0] > keys[1]) - int(keys[0] < keys[1])


@given(SCORES, SCORES)
def test_keys_compare_as_the_scores_do(one, other):
    assert compared(ordered_keys, one, other) == (one > other) - (one < other)


@given(CHANCES, CHANCES)
def test_folded_keys_compare_as_the_probabilities_do(one, other):
    assert compared(folded_keys, one, other) == (one > other) - (one < other)


@given(SCORES, CHANCES)
def test_keys_give_their_numbers_back(score, chance):
    assert ordered_values(ordered_keys(np.array([score])))[0] == score
    given_back, rest = folded_values(folded_keys(np.array([chance])))
    assert (given_back[0], rest[0]) == (chance, 1.0 - chance)


def test_infinities_are_the_ends_and_both_zeros_are_one():
    keys = ordered_keys(np.array([-np.inf, -1.7e308, -5e-324, -0.0, 0.0, 5e-324, 1.7e308, np.inf]))
    assert (np.diff(keys) > 0).tolist() == [True, True, True, False, True, True, True]
    assert folded_keys(np.array([-0.0, 0.0])).tolist() == [0, 0]


@pytest.mark.parametrize("function", [ordered_keys, folded_keys])
def test_a_float32_has_the_key_of_the_same_float64(function):
    narrow = np.random.default_rng(2).random(1000, dtype=np.float32)
    assert np.array_equal(function(narrow), function(narrow.astype(np.float64)))


def test_keys_leave_the_scores_alone():
    scores = np.array([-0.0, 0.75, 1.0])
    folded_keys(scores)
    ordered_keys(scores)
    assert np.signbit(scores).tolist() == [True, False, False]
    assert scores.tolist() == [0.0, 0.75, 1.0]


def test_near_one_probabilities_are_told_apart_as_near_zero():
    low = folded_keys(np.array([2.0**-40, 2.0**-39]))
    high = folded_keys(np.array([1 - 2.0**-39, 1 - 2.0**-40]))
    assert np.diff(low).tolist() == np.diff(high).tolist() == [1 << 52]


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=30, unique=True))
def test_the_keys_left_by_each_shift_are_counted(keys):
    held = np.array(sorted(keys), dtype=np.int64)
    assert distinct_by_shift(held).tolist() == [len({key >> bits for key in keys}) for bits in range(64)]


def test_long_runs_of_keys_are_counted_over_their_seams():
    held = np.arange(-100_000, 100_000, dtype=np.int64) * 3
    expected = [len(np.unique(held >> bits)) for bits in range(64)]
    assert distinct_by_shift(held).tolist() == expected
