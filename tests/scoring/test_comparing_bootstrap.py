"""The bootstrap over counts: its metrics against the scalar ones, its laws, and a bootstrap over rows."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from xentcli.scoring import rates
from xentcli.scoring.comparing import bootstrap, macros

SCALAR = {
    "balanced_accuracy": lambda support, _, right: rates.balanced_accuracy(support, right),
    "f1_macro": rates.macro_f1,
    "f1_weighted": rates.weighted_f1,
    "mcc": rates.matthews,
    "cohen_kappa": rates.cohen_kappa,
}
MATRIX = st.integers(2, 4).flatmap(
    lambda size: st.lists(st.lists(st.integers(0, 5), min_size=size, max_size=size), min_size=size, max_size=size)
)
INDEX = st.integers(0, 2)
TABLE = st.lists(st.tuples(INDEX, INDEX, INDEX, st.integers(1, 30)), min_size=1, max_size=12)


def split(table):
    array = np.array(table, dtype=np.int64)
    return array[:, :3], array[:, 3]


def intervals(found):
    return {name: one.interval for name, one in found.items()}


@given(MATRIX)
def test_the_metrics_are_those_of_a_single_matrix(matrix):
    counts = np.array(matrix)
    assume(counts.any())
    support, predicted, right = counts.sum(axis=1), counts.sum(axis=0), np.diagonal(counts)
    margins = macros.ResampledMargins(
        *(np.array([one, 3 * one], dtype=np.float64) for one in (support, predicted, right))
    )
    for name, metric in macros.METRICS.items():
        expected = SCALAR[name](support.tolist(), predicted.tolist(), right.tolist())
        for found in metric(margins):
            assert found == pytest.approx(np.nan if expected is None else expected, abs=1e-12, nan_ok=True), name


def test_they_hold_where_counts_are_beyond_what_their_squares_fit_in():
    counts = [[4_000_000_000, 7], [3, 900_000_000]]
    support, predicted, right = [4_000_000_007, 900_000_003], [4_000_000_003, 900_000_007], [counts[0][0], counts[1][1]]
    margins = macros.ResampledMargins(*(np.array([one], dtype=np.float64) for one in (support, predicted, right)))
    for name, metric in macros.METRICS.items():
        assert metric(margins)[0] == pytest.approx(SCALAR[name](support, predicted, right), rel=1e-12)


@settings(max_examples=30)
@given(TABLE, st.randoms())
def test_the_order_of_the_cells_and_how_they_are_cut_change_nothing(table, random):
    rows = [(t, a, b, part) for t, a, b, count in table for part in ((count, 0) if count < 2 else (1, count - 1))]
    random.shuffle(rows)
    assert bootstrap.paired(*split(rows), 0.95, 50) == bootstrap.paired(*split(table), 0.95, 50)


@settings(max_examples=30)
@given(TABLE)
def test_swapping_the_models_turns_the_interval(table):
    cells, counts = split(table)
    mirrored = cells[:, [0, 2, 1]]
    assume(bootstrap._before(bootstrap._sorted(cells, counts), bootstrap._sorted(mirrored, counts)))
    straight, turned = bootstrap.paired(cells, counts, 0.95, 99), bootstrap.paired(mirrored, counts, 0.95, 99)
    for name, one in straight.items():
        assert turned[name].p_value == one.p_value
        if one.interval is not None:
            assert turned[name].interval == pytest.approx((-one.interval[1], -one.interval[0]), abs=1e-12)


def test_memory_in_other_pieces_gives_the_same_numbers(monkeypatch):
    table = split([(0, 0, 1, 40), (1, 1, 1, 25), (2, 1, 2, 30), (2, 2, 2, 9)])
    whole = bootstrap.paired(*table, 0.95, 200), bootstrap.unpaired(*halves(*table), 0.95, 200)
    monkeypatch.setattr(bootstrap, "_HELD", 30)
    assert (bootstrap.paired(*table, 0.95, 200), bootstrap.unpaired(*halves(*table), 0.95, 200)) == whole


def halves(cells, counts):
    return (cells[:, :2], counts), (cells[:, [0, 2]], counts)


def test_identical_decisions_differ_by_exactly_0():
    found = bootstrap.paired(*split([(0, 0, 0, 50), (1, 0, 0, 7), (1, 1, 1, 40)]), 0.95)
    assert set(intervals(found).values()) == {(0.0, 0.0)}
    assert {one.p_value for one in found.values()} == {1.0}


def test_unpaired_models_that_decide_alike_still_have_an_interval():
    found = bootstrap.unpaired(*halves(*split([(0, 0, 0, 50), (1, 0, 0, 7), (1, 1, 1, 40)])), 0.95)
    for one in found.values():
        assert one.interval[0] < 0.0 < one.interval[1]


def f1_of_rows(true, decided, classes):
    counts = np.bincount(true * classes + decided, minlength=classes * classes).reshape(classes, classes)
    return rates.macro_f1(counts.sum(axis=1).tolist(), counts.sum(axis=0).tolist(), np.diagonal(counts).tolist())


@pytest.mark.parametrize("classes", [2, 5])
def test_it_is_the_bootstrap_over_rows(classes):
    """The same law by another road: whole rows drawn one by one."""
    rng = np.random.default_rng(3)
    true, one = rng.integers(0, classes, 400), np.ones(400, dtype=np.int64)
    a, b = (np.where(rng.random(400) < share, true, rng.integers(0, classes, 400)) for share in (0.5, 0.6))
    drawn = [rng.integers(0, 400, 400) for _ in range(2000)]
    of_a, of_b = ([f1_of_rows(true[at], model[at], classes) for at in drawn] for model in (a, b))
    paired = bootstrap.paired(np.column_stack([true, a, b]), one, 0.95)["f1_macro"]
    assert paired.interval == pytest.approx(np.quantile(np.subtract(of_b, of_a), [0.025, 0.975]), abs=0.01)
    cells_a, cells_b = (np.column_stack([true, model]) for model in (a, b))
    unpaired = bootstrap.unpaired((cells_a, one), (cells_b, one), 0.95)["f1_macro"]
    assert unpaired.interval == pytest.approx(np.quantile(np.subtract(of_b, of_a[::-1]), [0.025, 0.975]), abs=0.01)


@settings(max_examples=30)
@given(TABLE)
def test_p_is_small_just_when_0_is_outside(table):
    for one in bootstrap.paired(*split(table), 0.9, 199).values():
        if one.interval is not None and one.p_value > 0.1 + 0.011:
            assert one.interval[0] <= 0.0 <= one.interval[1]
        if one.interval is not None and one.p_value < 0.1 - 0.011:
            assert one.interval[0] > 0.0 or one.interval[1] < 0.0


def test_a_metric_that_most_resamples_leave_undefined_has_no_interval():
    found = bootstrap.paired(*split([(0, 0, 0, 9), (0, 1, 0, 1)]), 0.95)
    assert found["mcc"] == bootstrap.Resampled(None, None)
    assert found["balanced_accuracy"].interval is not None


def test_without_rows_there_is_nothing():
    nothing = np.zeros((0, 3), dtype=np.int64), np.zeros(0, dtype=np.int64)
    assert bootstrap.paired(*nothing, 0.95) == {}
    some = split([(0, 0, 0, 9)])
    assert bootstrap.unpaired((nothing[0][:, :2], nothing[1]), (some[0][:, :2], some[1]), 0.95) == {}


@settings(max_examples=20)
@given(TABLE, TABLE)
def test_unpaired_models_swapped_turn_the_interval(first, second):
    (a, rows_a), (b, rows_b) = split(first), split(second)
    a, b = (a[:, :2], rows_a), (b[:, :2], rows_b)
    assume(bootstrap._before(bootstrap._sorted(*a), bootstrap._sorted(*b)))
    straight, turned = bootstrap.unpaired(a, b, 0.95, 99), bootstrap.unpaired(b, a, 0.95, 99)
    for name, one in straight.items():
        if one.interval is not None:
            assert turned[name].interval == pytest.approx((-one.interval[1], -one.interval[0]), abs=1e-12)
