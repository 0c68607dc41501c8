"""Exact sums: the same values give the same bits, however they are cut, ordered and merged."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xentcli.tally import exact
from xentcli.tally.exact import ExactSums

VALUES = st.lists(st.floats(-1e200, 1e200, allow_subnormal=True), max_size=40)


def summed(values, groups=None, size=1):
    sums = ExactSums(size)
    sums.add(np.array(values, dtype=np.float64), None if groups is None else np.array(groups, dtype=np.intp))
    return sums


@given(VALUES)
def test_the_total_is_the_sum_of_the_fractions(values):
    assert summed(values).total() == sum((Fraction(value) for value in values), Fraction(0))


@given(VALUES, st.integers(0, 40), st.randoms())
def test_any_split_and_any_order_give_the_same_total(values, cut, random):
    shuffled = list(values)
    random.shuffle(shuffled)
    left, right = summed(shuffled[:cut]), summed(shuffled[cut:])
    right.merge(left)
    assert right.total() == summed(values).total()


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(-1e9, 1e9)), max_size=40))
def test_groups_add_up_apart(pairs):
    groups = [group for group, _ in pairs]
    sums = summed([value for _, value in pairs], groups, size=5)
    for group in range(5):
        expected = sum((Fraction(value) for at, value in pairs if at == group), Fraction(0))
        assert sums.fractions()[group] == expected


@given(VALUES)
def test_carrying_changes_nothing(values):
    sums = summed(values)
    if values:
        sums._carry()
        sums._carry()
    assert sums.total() == summed(values).total()


def test_it_agrees_with_fsum_on_a_million_losses():
    losses = -np.log(np.random.default_rng(3).random(1_200_000))
    assert float(summed(losses).total()) == math.fsum(losses)


def test_a_long_run_is_carried_before_it_overflows(monkeypatch):
    monkeypatch.setattr(exact, "MAX_UNCARRIED", 10)
    sums = ExactSums()
    for _ in range(30):
        sums.add(np.array([2.0**31, -(2.0**20), 3.5]))
    other = ExactSums()
    other.merge(sums)
    assert other.total() == 30 * (2**31 - 2**20 + Fraction(7, 2))


def test_an_empty_sum_is_zero():
    assert ExactSums(3).fractions() == [0, 0, 0]
    assert ExactSums().total() == 0


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 1e300])
def test_what_cannot_be_summed_exactly_is_refused(value):
    with pytest.raises(OverflowError, match="finite"):
        summed([1.0, value])


@given(VALUES, st.integers(0, 3))
def test_totals_are_whole_numbers_of_their_unit_and_of_smaller_ones(values, levels):
    sums = summed(values)
    unit = sums.unit() / 2 ** (32 * levels)
    assert [one * unit for one in sums.wholes(unit)] == sums.fractions() == [sum(map(Fraction, values))]
