"""Differences of ranking metrics: scikit-learn's values, DeLong's variance from its definition, resampled rows."""

from contextlib import contextmanager
from unittest import mock

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

import xentcli
from xentcli.metrics import METRICS
from xentcli.scoring.comparing import ranks as views
from xentcli.scoring.intervals import quantile
from xentcli.tally.pairing import sums as tallied

Z = quantile(0.95)


def pair(seed, rows=400, noise=(1.0, 0.7), digits=None):
    """Return labels and the scores of two models that see the same logits with noise of their own."""
    rng = np.random.default_rng(seed)
    logits = 2.0 * rng.normal(size=rows) - 1.0
    labels = (rng.random(rows) < 1.0 / (1.0 + np.exp(-logits))).astype(int)
    scores = [1.0 / (1.0 + np.exp(-(logits + one * rng.normal(size=rows)))) for one in noise]
    return labels, *(one if digits is None else np.round(one, digits) for one in scores)


def frames(labels, a, b):
    return tuple(pd.DataFrame({"id": np.arange(len(labels)), "label": labels, "score": one}) for one in (a, b))


def differences(labels, a, b, **options):
    return xentcli.compare(*frames(labels, a, b), **options).comparison.difference


def delong(labels, a, b):
    """Return the standard error of the difference of two areas, from all pairs of rows as DeLong et al. define it."""
    placed = []
    for scores in (a, b):
        up, down = scores[labels == 1][:, np.newaxis], scores[labels == 0][np.newaxis]
        won = (up > down) + 0.5 * (up == down)
        placed.append((won.mean(axis=1), won.mean(axis=0)))
    of_positive, of_negative = (np.cov(np.stack([placed[0][at], placed[1][at]])) for at in (0, 1))
    contrast = np.array([-1.0, 1.0])
    square = (
        contrast @ of_positive @ contrast / (labels == 1).sum()
        + contrast @ of_negative @ contrast / (labels == 0).sum()
    )
    return float(np.sqrt(square))


@contextmanager
def limits(cells, batch=100):
    with mock.patch.multiple(tallied, CELL_LIMIT=cells, _BATCH=batch):
        yield


@pytest.mark.parametrize("digits", [None, 2, 1])
def test_areas_are_those_of_scikit_learn_and_their_interval_is_delongs(digits):
    labels, a, b = pair(1, digits=digits)
    found = differences(labels, a, b)["roc_auc"]
    assert (found.a, found.b) == (pytest.approx(roc_auc_score(labels, a)), pytest.approx(roc_auc_score(labels, b)))
    half = Z * delong(labels, a, b)
    assert found.interval == pytest.approx((found.value - half, found.value + half))
    assert found.method == "DeLong's normal interval of the paired areas"


def test_logits_are_ranked_as_well():
    labels, a, b = pair(2)
    found = differences(labels, *(np.log(one / (1 - one)) for one in (a, b)))["roc_auc"]
    assert found.interval == pytest.approx(differences(labels, a, b)["roc_auc"].interval)


def test_a_single_model_has_delongs_interval_as_a_check_shows_it():
    labels, a, b = pair(3)
    (check,) = xentcli.check(frames(labels, a, b)[0], min={"roc_auc": 0.5}).models[0].checks
    up, down = a[labels == 1][:, np.newaxis], a[labels == 0][np.newaxis]
    won = (up > down) + 0.5 * (up == down)
    error = np.sqrt(won.mean(axis=1).var(ddof=1) / len(up) + won.mean(axis=0).var(ddof=1) / down.size)
    assert check.interval == pytest.approx((check.value - Z * error, check.value + Z * error))


def test_average_precisions_are_those_of_scikit_learn_with_the_interval_of_resampled_rows():
    labels, a, b = pair(4, rows=600)
    found = differences(labels, a, b)["average_precision"]
    assert found.a == pytest.approx(average_precision_score(labels, a))
    assert found.b == pytest.approx(average_precision_score(labels, b))
    rng, drawn = np.random.default_rng(0), []
    for _ in range(600):
        at = rng.integers(0, 600, 600)
        one, other = (average_precision_score(labels[at], each[at]) for each in (a, b))
        drawn.append(other - one)
    low, high = np.quantile(drawn, [0.025, 0.975])
    assert found.interval == pytest.approx((low, high), abs=0.15 * (high - low))


@pytest.mark.parametrize("metric", ["roc_auc", "average_precision"])
def test_bins_change_the_spread_by_little(metric):
    labels, a, b = pair(5, rows=3000)
    exact = differences(labels, a, b)[metric]
    with limits(1000):
        binned = differences(labels, a, b)[metric]
    assert (binned.a, binned.b) == (exact.a, exact.b)
    assert binned.interval == pytest.approx(exact.interval, abs=0.05 * (exact.interval[1] - exact.interval[0]))


@pytest.mark.parametrize(
    ("metric", "score"), [("roc_auc", roc_auc_score), ("average_precision", average_precision_score)]
)
def test_where_bins_bound_a_value_the_interval_grows_by_the_bound(metric, score):
    labels, a, b = pair(6, rows=3000)
    one, other = frames(labels, a, b)
    less = other.iloc[:2990]
    exact = xentcli.compare(one, less).comparison.difference[metric]
    assert exact.a == pytest.approx(score(labels[:2990], a[:2990]))
    with limits(500):
        binned = xentcli.compare(one, less).comparison.difference[metric]
    assert binned.method.endswith("wider by what bins of scores leave open")
    assert binned.interval[0] < exact.interval[0]
    assert exact.interval[1] < binned.interval[1]


@pytest.mark.parametrize("metric", ["roc_auc", "average_precision"])
def test_models_in_each_others_place_turn_the_signs(metric):
    labels, a, b = pair(7)
    there, back = differences(labels, a, b)[metric], differences(labels, b, a)[metric]
    assert there.interval == pytest.approx((-back.interval[1], -back.interval[0]), abs=1e-12)
    assert there.p_value == pytest.approx(back.p_value)


def test_identical_scores_and_scores_in_the_same_order_have_no_difference():
    labels, a, _ = pair(8)
    for other in (a, a**2):
        for found in (differences(labels, a, other)[name] for name in ("roc_auc", "average_precision")):
            assert (found.value, found.interval, found.p_value) == (0.0, (0.0, 0.0), 1.0)


def test_perfect_orders_show_no_spread():
    labels = np.arange(40) % 2
    rng = np.random.default_rng(1)
    a, b = (0.5 * labels + 0.4 * rng.random(40) for _ in range(2))
    for name in ("roc_auc", "average_precision"):
        found = differences(labels, a, b)[name]
        assert (found.value, found.interval) == (0.0, None)
        assert found.because.startswith("both models order every pair of rows alike")


def test_rows_with_weights_have_no_paired_ranking():
    labels, a, b = pair(9)
    one, other = (frame.assign(w=1.0 + frame.id % 3) for frame in frames(labels, a, b))
    assert "roc_auc" not in xentcli.compare(one, other, weight="w").comparison.difference


def test_a_limit_on_regression_is_held():
    labels, a, b = pair(10, rows=4000, noise=(0.5, 3.0))
    good, bad = frames(labels, a, b)
    (failed,) = xentcli.check(bad, baseline=good, max_regression={"roc_auc": 0.01}).models[0].checks
    assert failed.outcome == "failed"
    assert "worse by at least" in failed.message
    (passed,) = xentcli.check(good, baseline=bad, max_regression={"average_precision": "1%"}).models[0].checks
    assert passed.outcome == "passed"


def test_ranks_are_kept_only_where_they_are_asked_for():
    labels, a, b = pair(11)
    one, other = frames(labels, a, b)
    with mock.patch.object(views, "rank_differences", side_effect=AssertionError):
        xentcli.check(one, baseline=other, max_regression={"loss": 1.0})
    assert METRICS["roc_auc"].paired


@pytest.mark.parametrize("jobs", [1, 2])
def test_threads_and_the_order_of_rows_change_nothing(jobs):
    labels, a, b = pair(12, rows=2000)
    one, other = frames(labels, a, b)
    with limits(300):
        whole = xentcli.compare(one, other).comparison.difference
        shuffled = other.sample(frac=1.0, random_state=1)
        again = xentcli.compare(one, shuffled, id="id", jobs=jobs).comparison.difference
    for name in ("roc_auc", "average_precision"):
        assert whole[name].interval == again[name].interval


@pytest.mark.simulation
@pytest.mark.parametrize("rows", [500, 3000])
def test_intervals_hold_the_truth_as_often_as_they_say(rows):
    """The truth is that of 400,000 rows; 400 pairs of models, of which 95 % of the intervals must hold it."""
    labels, a, b = pair(0, rows=400_000)
    truth = {
        "roc_auc": roc_auc_score(labels, b) - roc_auc_score(labels, a),
        "average_precision": average_precision_score(labels, b) - average_precision_score(labels, a),
    }
    pairs, held = 400, dict.fromkeys(truth, 0)
    for seed in range(1, pairs + 1):
        found = differences(*pair(seed, rows=rows))
        for name, value in truth.items():
            low, high = found[name].interval
            held[name] += low <= value <= high
    error = 3.0 * np.sqrt(0.95 * 0.05 / pairs)
    assert {name: abs(count / pairs - 0.95) <= 0.01 + error for name, count in held.items()} == dict.fromkeys(
        held, True
    ), held
