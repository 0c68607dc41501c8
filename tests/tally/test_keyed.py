"""Sums by key against dictionaries of fractions."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xentcli.tally import exact
from xentcli.tally.sums_by_key import KeyedSums, carried, coarsen, join, merged_keys, tabulate

WEIGHTS = st.one_of(st.floats(5e-324, 1e100), st.sampled_from([0.1, 1.0, 3.0]))
ROWS = st.lists(st.tuples(st.integers(-6, 6), WEIGHTS), max_size=25)
LEVEL = 2**exact.WIDTH


def summed(rows, *, weighted=True):
    if not rows:
        return KeyedSums()
    weights = np.array([weight for _, weight in rows])
    return tabulate(np.array([key for key, _ in rows], dtype=np.int64), weights if weighted else None)


def fractions(sums):
    totals = dict.fromkeys(sums.keys.tolist(), Fraction(0))
    for level, digit in sums.digits.items():
        assert digit.min() >= 0
        assert 0 < digit.max() < LEVEL
        for key, one in zip(sums.keys.tolist(), digit.tolist(), strict=True):
            totals[key] += one * Fraction(LEVEL) ** level
    return totals


def expected(rows, bits=0):
    totals = Counter()
    for key, weight in rows:
        totals[key >> bits] += Fraction(weight)
    return dict(sorted(totals.items()))


@given(ROWS)
def test_rows_add_up_exactly_by_key(rows):
    assert fractions(summed(rows)) == expected(rows)
    assert fractions(summed(rows, weighted=False)) == expected([(key, 1) for key, _ in rows])


@given(ROWS, ROWS, st.integers(0, 3))
def test_joining_and_coarsening_lose_nothing(one, other, bits):
    joined = join(summed(one), summed(other))
    assert fractions(joined) == expected(one + other)
    assert list(fractions(joined)) == sorted(fractions(joined))
    assert fractions(coarsen(joined, bits)) == expected(one + other, bits)


@given(ROWS, ROWS)
def test_joining_changes_neither_side(one, other):
    left, right = summed(one), summed(other)
    join(left, right)
    assert fractions(left) == expected(one)
    assert fractions(right) == expected(other)


def test_digits_are_carried_upwards_and_empty_levels_dropped():
    found = carried({0: np.array([LEVEL + 5, -3]), 1: np.array([0, 1]), 3: np.array([0, 0])})
    assert {level: digit.tolist() for level, digit in found.items()} == {0: [5, LEVEL - 3], 1: [1, 0]}
    assert carried({}) == {}


def test_running_totals_go_down_from_the_highest_key():
    sums = summed([(1, 0.5), (4, 2.0), (4, 1.0), (9, 0.25)])
    each, through = sums.descending(np.array([1, 3, 4, 9]))
    assert each.tolist() == [0.25, 3.0, 0.0, 0.5]
    assert through.tolist() == [0.25, 3.25, 3.25, 3.75]


def test_running_totals_are_rounded_but_once():
    rows = [(key, 0.1) for key in range(1000)]
    through = summed(rows).descending(np.arange(1000))[1]
    assert through[-1] == float(1000 * Fraction(0.1))
    assert through[6] == pytest.approx(float(7 * Fraction(0.1)), rel=1e-15)


def test_merged_keys_are_those_of_both():
    one, none = np.array([1, 5]), np.zeros(0, dtype=np.int64)
    assert merged_keys(one, np.array([0, 5, 7])).tolist() == [0, 1, 5, 7]
    assert merged_keys(none, none).tolist() == []
