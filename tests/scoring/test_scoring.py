"""Intervals and rates against independent implementations and known values."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from xentcli.scoring import intervals, losses, rates


@given(st.integers(1, 500), st.floats(0, 1), st.sampled_from([0.8, 0.95, 0.99]))
def test_wilsons_interval_is_scipys(trials, share, level):
    successes = round(trials * share)
    expected = stats.binomtest(successes, trials).proportion_ci(level, method="wilson")
    low, high = intervals.wilson(successes, trials, level)
    assert low == pytest.approx(expected.low, abs=1e-9)
    assert high == pytest.approx(expected.high, abs=1e-9)
    assert 0.0 <= low <= successes / trials <= high <= 1.0


def test_an_interval_of_nothing_is_none():
    assert intervals.wilson(0, 0, 0.95) is None
    assert intervals.normal(1.0, None, 0.95) is None
    assert intervals.normal(1.0, 0.5, 0.95) == pytest.approx((1 - 0.5 * 1.959964, 1 + 0.5 * 1.959964), rel=1e-6)


def test_undefined_rates_are_none_and_never_zero():
    assert rates.ratio(0, 0) is None
    assert rates.f1(0, 0, 0) is None
    assert rates.macro_f1([0], [0], [0]) is None
    assert rates.weighted_f1([0], [0], [0]) is None
    assert rates.balanced_accuracy([0, 0], [0, 0]) is None
    assert rates.matthews([3, 0], [3, 0], [3, 0]) is None
    assert rates.cohen_kappa([3, 0], [3, 0], [3, 0]) is None


def test_moments_are_exact_until_the_end():
    values = [Fraction(1, 3), Fraction(1, 7), Fraction(5, 2)]
    found = losses.unweighted(3, sum(values), sum(value * value for value in values))
    assert found.mean == sum(values) / 3
    spread = sum((value - found.mean) ** 2 for value in values)
    assert found.standard_error == pytest.approx(math.sqrt(spread / 2 / 3), rel=1e-15)
    assert losses.weighted(Fraction(1), Fraction(2), (Fraction(1),) * 3, 1).standard_error is None
    assert losses.entropy([0.5, 0.5, 0.0]) == pytest.approx(math.log(2), rel=1e-15)
