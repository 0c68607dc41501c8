"""Differences of accuracies: exact McNemar, Tango's and Newcombe's intervals, against independent computations."""

from math import isclose, log

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import optimize, stats
from statsmodels.stats.contingency_tables import mcnemar as reference_mcnemar
from statsmodels.stats.proportion import confint_proportions_2indep

from xentcli.scoring.comparing import proportions, statistics
from xentcli.scoring.intervals import quantile

COUNT = st.integers(0, 400)
LEVELS = st.sampled_from([0.8, 0.9, 0.95, 0.99])
TABLES = st.tuples(COUNT, st.integers(0, 300), st.integers(0, 300)).map(lambda t: (sum(t), t[1], t[2]))
"""Rows, only A right, only B right."""


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_mcnemar_is_scipys_binomial_test_and_statsmodels_exact_one(b, c):
    found = proportions.p_value(b, c)
    assert found == proportions.p_value(c, b)
    assert found == pytest.approx(reference_mcnemar([[0, b], [c, 0]], exact=True).pvalue, rel=1e-9, abs=1e-290)
    if b + c:
        assert found == pytest.approx(stats.binomtest(b, b + c, 0.5).pvalue, rel=1e-9, abs=1e-290)
    else:
        assert found == 1.0


@pytest.mark.parametrize("rows", [2001, 10**4, 10**6, 10**9])
@pytest.mark.parametrize("z", [0.0, 0.3, 1.96, 5.0, 20.0, 35.0])
def test_mcnemar_keeps_nine_digits_however_many_rows_speak(rows, z):
    least = int(rows / 2 - z * rows**0.5 / 2)
    found = proportions.p_value(least, rows - least)
    assert found == pytest.approx(min(1.0, 2 * stats.binom.cdf(least, rows, 0.5)), rel=1e-9)


@pytest.mark.parametrize("least", [700, 850, 950, 1000])
def test_mcnemar_for_many_rows_is_the_one_from_whole_numbers(least):
    rows = 2000
    assert proportions._probability(rows, least) * proportions._series(rows, least) == pytest.approx(
        proportions._counted(rows, least), rel=1e-12
    )


def test_mcnemar_is_1_without_a_row_that_speaks_and_0_below_the_least_float():
    assert proportions.p_value(0, 0) == proportions.p_value(10**9, 10**9) == 1.0
    assert proportions.p_value(0, 5) == 1 / 16
    assert proportions.p_value(0, 10**6) == proportions.p_value(7, 10**6) == 0.0
    assert proportions.p_value(0, 1050) == pytest.approx(2.0**-1049)


def most_likely_share(rows, b, c, difference):
    """Return the share of rows that only A has right which makes the counts most likely, found by a search."""
    low, high = max(0.0, -difference), (1.0 - difference) / 2

    def unlikely(share):
        terms = ((c, share + difference), (b, share), (rows - b - c, 1.0 - 2.0 * share - difference))
        if any(count and part <= 0.0 for count, part in terms):
            return 1e300
        return -sum(count * log(part) for count, part in terms if count)

    found = optimize.minimize_scalar(unlikely, bounds=(low, high), method="bounded", options={"xatol": 1e-14})
    return min((low, high, found.x), key=unlikely)


def reference_tango(rows, b, c, level):
    """Return the interval from a search for the most likely share inside a search for the root."""
    z = quantile(level)

    def limit(sign):
        def score(difference):
            share = most_likely_share(rows, b, c, difference)
            spread = rows * (2 * share + difference - difference**2)
            return c - b - rows * difference + sign * z * max(0.0, spread) ** 0.5

        middle, edge = (c - b) / rows, float(sign)
        inside = middle + sign * 1e-9  # at the estimate itself the test may be 0 / 0
        return edge if middle == edge else optimize.brentq(score, inside, edge, xtol=1e-13)

    return limit(-1), limit(1)


@pytest.mark.parametrize(
    ("rows", "b", "c"),
    [
        (21, 7, 1),
        (44, 1, 0),
        (50, 12, 2),
        (100, 0, 0),
        (100, 0, 7),
        (2000, 130, 90),
        (30, 30, 0),
        (12, 6, 6),
        (1, 0, 1),
    ],
)
@pytest.mark.parametrize("level", [0.9, 0.99])
def test_tango_is_the_constrained_likelihood_score_interval(rows, b, c, level):
    assert proportions.interval(rows, b, c, level) == pytest.approx(reference_tango(rows, b, c, level), abs=2e-6)


def test_tango_is_the_published_interval_of_the_airway_data():
    """Fagerland, Lydersen and Laake, Statistics in Medicine 33 (2014) 2850-2875: Bentur's 1, 1, 7, 12 children."""
    low, high = proportions.interval(21, 1, 7, 0.95)
    assert (round(low, 3), round(high, 3)) == (0.026, 0.517)


@given(TABLES, LEVELS)
def test_tango_stays_within_bounds_holds_the_estimate_and_turns_with_the_models(table, level):
    rows, b, c = table
    assume(rows)
    low, high = proportions.interval(rows, b, c, level)
    assert -1.0 <= low <= (c - b) / rows <= high <= 1.0
    assert proportions.interval(rows, c, b, level) == (-high, -low)


@given(TABLES, LEVELS)
def test_tango_leaves_out_0_just_when_the_score_test_of_mcnemar_does(table, level):
    rows, b, c = table
    assume(b + c)
    statistic, z = abs(c - b) / (b + c) ** 0.5, quantile(level)
    assume(abs(statistic - z) > 1e-9)
    low, high = proportions.interval(rows, b, c, level)
    assert (statistic > z) == (low > 0 or high < 0)


@given(st.integers(1, 10**9), LEVELS)
def test_tango_without_a_row_that_differs_still_has_width(rows, level):
    z = quantile(level)
    edge = z * z / (rows + z * z)
    assert proportions.interval(rows, 0, 0, level) == pytest.approx((-edge, edge), rel=1e-9)


@given(TABLES)
def test_tango_grows_with_the_level(table):
    assume(table[0])
    narrow, wide = proportions.interval(*table, 0.8), proportions.interval(*table, 0.99)
    assert wide[0] <= narrow[0] <= narrow[1] <= wide[1]


def test_tango_of_a_thousand_million_rows_is_the_normal_interval():
    rows, b, c = 10**9, 500_000, 502_500
    half = quantile(0.95) * ((b + c - (c - b) ** 2 / rows) ** 0.5) / rows
    assert proportions.interval(rows, b, c, 0.95) == pytest.approx(
        ((c - b) / rows - half, (c - b) / rows + half), rel=1e-3
    )
    assert proportions.interval(0, 0, 0, 0.95) is None


SHARES = st.tuples(st.integers(1, 500), st.floats(0, 1)).map(lambda t: (round(t[0] * t[1]), t[0]))


@given(SHARES, SHARES, LEVELS)
def test_newcombe_is_statsmodels(a, b, level):
    found = statistics.proportions(*a, *b, level)
    expected = confint_proportions_2indep(*b, *a, method="newcomb", compare="diff", alpha=1 - level)
    assert found == pytest.approx(expected, abs=1e-12)
    assert -1.0 <= found[0] <= b[0] / b[1] - a[0] / a[1] <= found[1] <= 1.0


@given(SHARES, SHARES, LEVELS)
def test_newcombe_turns_with_the_models(a, b, level):
    low, high = statistics.proportions(*a, *b, level)
    swapped = statistics.proportions(*b, *a, level)
    assert all(isclose(x, y, abs_tol=1e-15) for x, y in zip(swapped, (-high, -low), strict=True))


def test_newcombe_is_the_published_example():
    """Newcombe 1998, example (a): 56/70 against 48/80 gives 0.0524 to 0.3339 by method 10."""
    assert np.round(statistics.proportions(48, 80, 56, 70, 0.95), 4).tolist() == [0.0524, 0.3339]
    assert statistics.proportions(0, 0, 5, 10, 0.95) is None
    assert statistics.proportions(5, 10, 0, 0, 0.95) is None
