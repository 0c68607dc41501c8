"""What is made of intervals and p-values: Holm's correction, power, the three-way decision."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from xentcli.scoring.comparing import decide, means, proportions, statistics
from xentcli.scoring.comparing.decide import Decision

P = st.floats(0, 1)


@given(st.lists(P, min_size=1, max_size=30))
def test_holm_is_statsmodels(values):
    assert means.adjusted(values) == pytest.approx(multipletests(values, method="holm")[1].tolist(), rel=1e-12)


@given(st.lists(st.none() | P, max_size=30))
def test_holm_leaves_out_what_has_no_p_value(values):
    found = means.adjusted(values)
    assert [one is None for one in found] == [one is None for one in values]
    assert [one for one in found if one is not None] == means.adjusted([one for one in values if one is not None])


@given(st.lists(P, min_size=1, max_size=30))
def test_holm_never_lowers_a_p_value_nor_changes_their_order(values):
    found = means.adjusted(values)
    assert all(p <= q <= 1.0 for p, q in zip(values, found, strict=True))
    assert [found[at] for at in np.argsort(values, kind="stable")] == sorted(found)


def test_with_the_rows_needed_the_difference_is_told_four_times_in_five():
    rows = statistics.rows_needed(1000, 0.02, 0.015, 0.95)
    error = 0.015 * (1000 / rows) ** 0.5
    assert stats.norm.sf(stats.norm.ppf(0.975) - 0.02 / error) == pytest.approx(0.8, abs=1e-3)


def test_with_the_rows_needed_mcnemars_test_tells_the_accuracies_four_times_in_five():
    rows = statistics.rows_needed_for_accuracy(1000, 60, 40, 0.95)
    counts = np.random.default_rng(2).multinomial(rows, [0.06, 0.04, 0.9], size=20_000)
    statistic = (counts[:, 0] - counts[:, 1]) / np.sqrt(counts[:, 0] + counts[:, 1])
    assert np.mean(np.abs(statistic) > stats.norm.ppf(0.975)) == pytest.approx(0.8, abs=0.015)


def test_without_a_difference_no_number_of_rows_tells_it():
    assert statistics.rows_needed(100, 0.0, 0.1, 0.95) is None
    assert statistics.rows_needed(1, 0.5, None, 0.95) is None
    assert statistics.rows_needed_for_accuracy(100, 7, 7, 0.95) is None


def test_a_difference_in_every_row_needs_the_two_rows_of_a_spread():
    assert statistics.rows_needed(100, 0.5, 0.0, 0.95) == 2
    assert statistics.rows_needed_for_accuracy(10, 0, 10, 0.95) == 4


@given(st.integers(2, 10**6), st.floats(1e-6, 1), st.floats(1e-6, 1), st.sampled_from([2.0, 4.0]))
def test_a_difference_half_as_large_needs_four_times_the_rows(rows, difference, error, times):
    found = statistics.rows_needed(rows, difference, error, 0.95)
    assume(found > 2)
    assert statistics.rows_needed(rows, -difference, error, 0.95) == found
    more = statistics.rows_needed(rows, difference / times, error, 0.95)
    assert more == pytest.approx(found * times**2, abs=times**2)


def test_half_the_interval_is_what_the_rows_can_tell():
    assert statistics.resolvable((-0.25, 0.75)) == 0.5


@pytest.mark.parametrize(
    ("interval", "margin", "expected"),
    [
        ((0.02, 0.04), 0.01, Decision.FAIL),
        ((0.01, 0.04), 0.01, Decision.INCONCLUSIVE),
        ((-0.03, 0.01), 0.01, Decision.PASS),
        ((-0.03, 0.02), 0.01, Decision.INCONCLUSIVE),
        ((0.0, 0.0), 0.0, Decision.PASS),
        ((-0.5, -0.1), 0.0, Decision.PASS),
    ],
)
def test_a_regression_fails_passes_or_stays_open(interval, margin, expected):
    assert decide.decide(interval, margin) is expected


def test_the_worse_direction_depends_on_the_metric():
    assert decide.worsening((-0.02, 0.01), higher_is_better=True) == (-0.01, 0.02)
    assert decide.worsening((-0.02, 0.01), higher_is_better=False) == (-0.02, 0.01)


@pytest.mark.parametrize(("rows", "expected"), [(100, Decision.INCONCLUSIVE), (100_000, Decision.FAIL)])
def test_a_slight_regression_fails_with_many_rows_and_stays_open_with_few(rows, expected):
    found = statistics.paired(rows, 0.01 * rows, (0.01**2 + 0.3**2) * rows)
    assert found.value == pytest.approx(0.01)
    assert decide.decide(found.interval(0.95), 0.0) is expected


@given(st.integers(1, 10**9))
def test_identical_models_pass_at_margin_0_by_loss_and_by_accuracy(rows):
    loss = statistics.paired(max(2, rows), 0.0, 0.0).interval(0.95)
    accuracy = decide.accuracy_interval(rows, 0, 0, 0.95, identical=True)
    assert loss == accuracy == (0.0, 0.0)
    for interval, higher in ((loss, False), (accuracy, True)):
        assert decide.decide(decide.worsening(interval, higher_is_better=higher), 0.0) is Decision.PASS


def test_models_that_are_right_on_the_same_rows_by_other_decisions_stay_open_at_margin_0():
    found = decide.accuracy_interval(500, 0, 0, 0.95, identical=False)
    assert found == proportions.interval(500, 0, 0, 0.95)
    assert decide.decide(found, 0.0) is Decision.INCONCLUSIVE
    assert decide.accuracy_interval(0, 0, 0, 0.95, identical=True) is None
