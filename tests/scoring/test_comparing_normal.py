"""The mean paired difference from exact sums, against numpy, SciPy and statsmodels on the rows themselves."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW

from xentcli.scoring.comparing import statistics

DIFFERENCES = st.lists(st.floats(-100, 100).map(lambda one: round(one, 6)), min_size=2, max_size=40)
WEIGHTS = st.lists(st.floats(0.01, 100), min_size=40, max_size=40)
LEVELS = st.sampled_from([0.8, 0.9, 0.95, 0.99])


def of(differences):
    exact = [Fraction(one) for one in differences]
    return statistics.paired(len(exact), sum(exact, Fraction(0)), sum((one * one for one in exact), Fraction(0)))


def of_weighted(differences, weights):
    d, w = [Fraction(one) for one in differences], [Fraction(one) for one in weights]
    rows = list(zip(d, w, strict=True))
    squares = (sum(v * v for v in w), sum(v * v * x for x, v in rows), sum(v * v * x * x for x, v in rows))
    return statistics.paired_weighted(len(d), sum(w), sum(v * x for x, v in rows), squares)


@given(DIFFERENCES, LEVELS)
def test_value_interval_and_p_are_those_of_the_z_test(differences, level):
    found = of(differences)
    assume(found.standard_error > 1e-6)
    reference = DescrStatsW(np.array(differences))
    assert found.value == pytest.approx(np.mean(differences), rel=1e-12, abs=1e-12)
    assert found.standard_error == pytest.approx(stats.sem(differences), rel=1e-9)
    assert found.interval(level) == pytest.approx(reference.zconfint_mean(alpha=1 - level), rel=1e-9, abs=1e-9)
    assert found.p_value() == pytest.approx(reference.ztest_mean(0.0)[1], rel=1e-6, abs=1e-300)


@given(DIFFERENCES)
def test_swapping_the_models_turns_the_sign_and_nothing_else(differences):
    found, swapped = of(differences), of([-one for one in differences])
    assert (swapped.value, swapped.standard_error) == (-found.value, found.standard_error)
    assert swapped.p_value() == found.p_value()
    assert swapped.interval(0.95) == tuple(-end for end in reversed(found.interval(0.95)))


@given(DIFFERENCES, st.integers(-20, 20))
def test_the_unit_of_the_loss_scales_the_numbers_and_leaves_p_alone(differences, power):
    found, scaled = of(differences), of([one * 2.0**power for one in differences])
    assert (scaled.value, scaled.standard_error) == (found.value * 2.0**power, found.standard_error * 2.0**power)
    assert scaled.p_value() == found.p_value()


@given(DIFFERENCES, LEVELS)
def test_the_interval_holds_the_value_and_leaves_out_0_just_when_p_is_small(differences, level):
    found = of(differences)
    low, high = found.interval(level)
    assert low <= found.value <= high
    p = found.p_value()
    if p is not None and abs(p - (1 - level)) > 1e-9:
        assert (p < 1 - level) == (low > 0 or high < 0)


@given(DIFFERENCES, st.floats(0.1, 10))
def test_equal_weights_give_the_plain_mean_and_the_error_with_n_in_place_of_n_minus_1(differences, weight):
    plain, found = of(differences), of_weighted(differences, [weight] * len(differences))
    rows = len(differences)
    assert found.value == plain.value
    assert found.standard_error == pytest.approx(plain.standard_error * np.sqrt((rows - 1) / rows), rel=1e-12)


@given(DIFFERENCES, WEIGHTS, st.integers(-9, 9))
def test_weighted_numbers_are_those_promised_and_the_weights_may_have_any_scale(differences, weights, power):
    weights = np.array(weights[: len(differences)])
    found = of_weighted(differences, weights)
    mean = np.average(differences, weights=weights)
    error = np.sqrt(np.sum(weights**2 * (np.array(differences) - mean) ** 2)) / weights.sum()
    assert found.value == pytest.approx(mean, rel=1e-9, abs=1e-9)
    assert found.standard_error == pytest.approx(error, rel=1e-6, abs=1e-6)
    assert of_weighted(differences, weights * 2.0**power) == found


def test_rows_that_are_the_same_under_both_models_differ_by_exactly_0():
    found = of([0.0] * 7)
    assert (found.value, found.standard_error, found.p_value()) == (0.0, 0.0, 1.0)
    assert found.interval(0.95) == (0.0, 0.0)


def test_the_same_difference_in_every_row_has_a_point_for_an_interval_and_no_p_value():
    found = of([0.1] * 1000)
    assert found.interval(0.95) == (0.1, 0.1)
    assert found.standard_error == 0.0
    assert found.p_value() is None


def test_a_single_row_has_a_value_only_and_none_has_nothing():
    found = statistics.paired(1, 0.25, 0.0625)
    assert found == statistics.MeanDifference(0.25, None)
    assert found.interval(0.95) is None
    assert found.p_value() is None
    assert statistics.paired(0, 0.0, 0.0) is None
    assert statistics.paired_weighted(3, 0.0, 0.0, (0.0, 0.0, 0.0)) is None


@pytest.mark.parametrize("z", [0.0, 1e-9, 1.0, 1.96, 8.0, 30.0, 37.5])
def test_p_keeps_its_digits_in_the_far_tail(z):
    assert statistics.p_value(-z * 0.01, 0.01) == pytest.approx(2 * stats.norm.sf(z), rel=1e-12)


def test_the_standard_error_keeps_its_digits_where_rows_differ_by_little():
    rng = np.random.default_rng(5)
    differences = rng.normal(1e-6, 1e-3, 4000)
    found = of(differences.tolist())
    assert found.standard_error == pytest.approx(stats.sem(differences), rel=1e-12)


MEANS, ERRORS = st.floats(-50, 50), st.floats(0.001, 10)


@given(MEANS, ERRORS, MEANS, ERRORS)
def test_means_of_unpaired_rows_differ_with_both_errors(a, error_a, b, error_b):
    found = statistics.means(a, error_a, b, error_b)
    assert found.value == b - a
    assert found.standard_error == pytest.approx(np.sqrt(error_a**2 + error_b**2), rel=1e-12)
    assert found.p_value() == pytest.approx(
        2 * stats.norm.sf(abs((b - a) / found.standard_error)), rel=1e-9, abs=1e-300
    )
    assert statistics.means(b, error_b, a, error_a).p_value() == found.p_value()


def test_means_without_a_standard_error_have_no_interval():
    assert statistics.means(0.5, None, 0.25, 0.1) == statistics.MeanDifference(-0.25, None)
    assert statistics.means(0.5, 0.1, 0.25, None).interval(0.95) is None
