"""The area under the ROC curve and the average precision against scikit-learn, and their bounds against both."""

from contextlib import contextmanager

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

import xentcli
from xentcli.scoring import ranking as views
from xentcli.tally import ranking as tallied
from xentcli.tally.ranking import Ranking

SEEDS = st.integers(0, 10**6)
SIZES = st.integers(2, 300)


@contextmanager
def limits(exact, bins, batch=1 << 18):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tallied, "EXACT_LIMIT", exact)
        patch.setattr(tallied, "WEIGHTED_LIMIT", exact)
        patch.setattr(tallied, "BIN_LIMIT", bins)
        patch.setattr(tallied, "BATCH", batch)
        yield


def held(scores, positive, weights=None, *, probabilities=False):
    found = Ranking(weighted=weights is not None, probabilities=probabilities)
    found.add(np.asarray(scores), np.asarray(positive, dtype=bool), weights)
    return views.thresholds(found)


def drawn(seed, size, *, weighted):
    """Return probabilities with ties, exact 0 and 1 among them, labels that they tell something of, and weights."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 4)
    scores = rng.random(size)
    if kind == 1:
        scores = np.round(scores, 1)
    elif kind == 2:
        scores = 1.0 / (1.0 + np.exp(-20 * rng.normal(size=size)))
    elif kind == 3:
        scores = rng.choice([0.0, 1e-300, 5e-324, 0.5, 1 - 2.0**-53, 1.0], size)
    positive = rng.random(size) < 0.1 + 0.8 * scores
    weights = rng.choice([0.0, 0.3, 1.0, 2.5], size) * rng.choice([1.0, 1e-3]) + rng.choice([0.0, rng.random()])
    return scores, positive, weights if weighted else None


def both_occur(positive, weights):
    weights = np.ones(len(positive)) if weights is None else weights
    return weights[positive].sum() > 0 and weights[~positive].sum() > 0


def reference(scores, positive, weights):
    """Return scikit-learn's values; it takes no infinities, so it is given ranks."""
    ranks = np.unique(scores, return_inverse=True)[1]
    return (
        roc_auc_score(positive, ranks, sample_weight=weights),
        average_precision_score(positive, ranks, sample_weight=weights),
    )


@given(SEEDS, SIZES, st.booleans(), st.booleans(), st.sampled_from([np.float64, np.float32]))
def test_they_are_scikit_learns(seed, size, weighted, probabilities, dtype):
    scores, positive, weights = drawn(seed, size, weighted=weighted)
    scores = scores.astype(dtype)
    assume(both_occur(positive, weights))
    found = held(scores, positive, weights, probabilities=probabilities)
    area, precision = reference(scores, positive, weights)
    assert views.roc_auc(found) == pytest.approx(area, abs=1e-12)
    assert views.average_precision(found) == pytest.approx(precision, abs=1e-12)
    assert views.roc_auc_bounds(found) is None
    assert views.average_precision_bounds(found) is None


@given(SEEDS, SIZES, st.booleans(), st.booleans(), st.integers(4, 40))
def test_bounds_hold_the_exact_value_and_the_one_of_the_bins(seed, size, weighted, probabilities, bins):
    scores, positive, weights = drawn(seed, size, weighted=weighted)
    assume(both_occur(positive, weights))
    area, precision = reference(scores, positive, weights)
    with limits(bins, bins):
        found = held(scores, positive, weights, probabilities=probabilities)
    assume(not found.exact)
    for value, exact, (low, high) in (
        (views.roc_auc(found), area, views.roc_auc_bounds(found)),
        (views.average_precision(found), precision, views.average_precision_bounds(found)),
    ):
        assert 0.0 <= low <= value <= high <= 1.0
        assert low <= exact <= high


@given(st.lists(st.booleans(), min_size=5, max_size=9), st.permutations(range(9)))
def test_bounds_hold_for_any_order_within_one_bin(labels, order):
    assume(any(labels) and not all(labels))
    scores = 1.0 + np.array(order[: len(labels)]) * 2.0**-52
    area, precision = reference(scores, np.array(labels), None)
    with limits(4, 4):
        found = held(scores, labels)
    low, high = views.average_precision_bounds(found)
    assert low <= precision <= high
    assert views.roc_auc_bounds(found)[0] <= area <= views.roc_auc_bounds(found)[1]


@pytest.mark.parametrize(
    "scores",
    [
        [0.3] * 8,
        [-np.inf, np.inf, 0.0, -0.0, 1.0, -1.0, np.inf, -np.inf],
        [5e-324, 1e-323, 0.0, -5e-324, 1e-300, 2e-300, -1e-300, 0.0],
        [1e100, -1e100, 1e99, 1.0, 1.0 + 2**-52, 1.0 - 2**-53, 2.0, 3.0],
    ],
)
def test_odd_scores_are_ranked_as_numbers_are(scores):
    positive = np.array([1, 0, 0, 1, 1, 0, 1, 0], dtype=bool)
    area, precision = reference(np.array(scores) + 0.0, positive, None)
    found = held(scores, positive)
    assert views.roc_auc(found) == pytest.approx(area, abs=1e-15)
    assert views.average_precision(found) == pytest.approx(precision, abs=1e-15)


def test_ties_count_one_half():
    assert views.roc_auc(held([0.5, 0.5], [True, False])) == 0.5
    assert views.roc_auc(held([0.5, 0.5, 0.7], [True, False, False])) == 0.25


def test_perfect_and_reversed_orders_are_one_and_zero():
    scores = np.arange(1000) / 7
    positive = np.arange(1000) >= 300
    assert views.roc_auc(held(scores, positive)) == 1.0
    assert views.average_precision(held(scores, positive)) == 1.0
    assert views.roc_auc(held(-scores, positive)) == 0.0


def test_without_one_of_the_classes_they_are_undefined():
    for labels, precision in (([True, True], 1.0), ([False, False], None)):
        found = held([0.1, 0.2], labels)
        assert views.roc_auc(found) is None
        assert views.average_precision(found) == precision
    nothing = views.thresholds(Ranking(weighted=False, probabilities=True))
    assert views.roc_auc(nothing) is views.roc_auc_bounds(nothing) is None
    assert views.average_precision(nothing) is views.average_precision_bounds(nothing) is None


def test_in_bins_too_they_are_undefined_without_one_of_the_classes():
    with limits(4, 4):
        found = held(np.arange(9) / 9, [False] * 9)
    assert not found.exact
    assert set(views.roc_auc_bounds(found) or [None]) == {None}
    assert views.average_precision_bounds(found) is None


@pytest.mark.parametrize("unit", [1e-300, 1e-100, 1.0, 1e95])
def test_the_unit_of_weights_does_not_matter(unit):
    scores, positive, weights = drawn(11, 200, weighted=True)
    expected = held(scores, positive, weights)
    found = held(scores, positive, weights * unit)
    assert views.roc_auc(found) == pytest.approx(views.roc_auc(expected), rel=1e-12)
    assert views.average_precision(found) == pytest.approx(views.average_precision(expected), rel=1e-12)


def test_bounds_stand_weights_that_are_worlds_apart():
    weights = np.array([1e-300, 1e100, 1e-300, 1e100, 1.0, 1.0])
    scores = 1.0 + np.array([5, 4, 3, 2, 1, 0]) * 2.0**-52
    positive = np.array([0, 1, 1, 0, 1, 0], dtype=bool)
    area, precision = reference(scores, positive, weights)
    with limits(4, 4):
        found = held(scores, positive, weights)
    for (low, high), exact in (
        (views.roc_auc_bounds(found), area), (views.average_precision_bounds(found), precision),
    ):  # fmt: skip
        assert 0.0 <= low <= exact <= high <= 1.0


def test_bounds_of_many_bins_are_narrow():
    rng = np.random.default_rng(3)
    scores = rng.random(200_000)
    positive = rng.random(200_000) < scores
    area, precision = reference(scores, positive, None)
    with limits(20_000, 10_000):
        found = held(scores, positive, probabilities=True)
    for (low, high), exact in (
        (views.roc_auc_bounds(found), area), (views.average_precision_bounds(found), precision),
    ):  # fmt: skip
        assert low <= exact <= high
        assert high - low < 1e-3
    assert views.roc_auc(found) == pytest.approx(area, abs=1e-6)
    assert views.average_precision(found) == pytest.approx(precision, abs=1e-5)


def test_confident_probabilities_near_one_keep_fine_bins():
    rng = np.random.default_rng(4)
    odds = rng.normal(8.0, 2.0, 50_000)
    scores = 1.0 / (1.0 + np.exp(-odds))
    positive = rng.random(50_000) < scores
    with limits(2000, 1000):
        low, high = views.roc_auc_bounds(held(scores, positive, probabilities=True))
    assert low <= reference(scores, positive, None)[0] <= high
    assert high - low < 0.01


def scored(columns, **options):
    return xentcli.score(pd.DataFrame(columns), label="y", **options).score.metrics


def test_every_scale_and_layout_ranks_alike():
    rng = np.random.default_rng(6)
    margin = np.round(rng.normal(size=500) * 3, 1)
    y = (rng.random(500) < 1 / (1 + np.exp(-margin))).astype(int)
    chance = 1 / (1 + np.exp(-margin))
    area, precision = reference(margin, y == 1, None)
    shift = rng.integers(-3, 3, 500)
    for columns in (
        {"p_0": 1 - chance, "p_1": chance},
        {"prob": chance},
        {"logit": margin},
        {"logit_0": shift.astype(float), "logit_1": shift + margin},
    ):
        scale = "logits" if "logit" in next(iter(columns)) else "probabilities"
        found = scored({"y": y} | columns, scale=scale)
        # 0.1 + 2 - 2 is not 0.1: a difference of logits breaks ties that the numbers do not mean.
        exact = 1e-3 if "logit_0" in columns else 1e-12
        assert found["roc_auc"] == pytest.approx(area, abs=exact)
        assert found["average_precision"] == pytest.approx(precision, abs=exact)
        assert found["roc_auc_bounds"] is None


def test_log_probabilities_are_ranked_without_rounding_them_together():
    far = -np.array([1e-30, 2e-30, 3e-30, 1.0])
    other = np.log(-np.expm1(far))
    y = [1, 1, 0, 0]
    pair = scored({"y": y, "log_prob_0": other, "log_prob_1": far}, scale="log-probabilities")
    single = scored({"y": y, "score": far}, scale="log-probabilities")
    assert pair["roc_auc"] == single["roc_auc"] == 1.0


def test_a_masked_out_class_ranks_at_the_ends():
    found = scored({"y": [1, 0, 1, 0], "logit_0": [-np.inf, 1.0, 0.0, 0.5], "logit_1": [0.0, -np.inf, 2.0, 1.0]})
    assert found["roc_auc"] == 1.0


def test_bad_rows_have_no_rank():
    columns = {"y": [1, 0, 1, 0], "prob": [0.9, 0.1, 0.8, np.nan]}
    assert scored(columns, skip_bad_rows=True)["roc_auc"] == 1.0


def test_weights_reach_the_ranking():
    scores, positive, weights = drawn(21, 250, weighted=True)
    columns = {"y": positive.astype(int), "prob": scores, "w": weights}
    found = scored(columns, weight="w", scores="prob")
    area, precision = reference(scores, positive, weights)
    assert found["roc_auc"] == pytest.approx(area, abs=1e-12)
    assert found["average_precision"] == pytest.approx(precision, abs=1e-12)


def test_several_classes_have_no_ranking():
    frame = pd.DataFrame(np.random.default_rng(0).dirichlet([1, 1, 1], 30), columns=["p_0", "p_1", "p_2"])
    assert "roc_auc" not in scored({"y": np.arange(30) % 3} | dict(frame.items()))


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("parts", "rows", "jobs"), [(1, 7, 1), (5, 3, 1), (9, 1000, 3), (200, 1, 4)])
def test_in_bins_too_no_cut_and_no_thread_changes_a_bit(table, weighted, parts, rows, jobs):
    scores, positive, _ = drawn(40, 200, weighted=False)
    weights = np.random.default_rng(1).random(200)
    columns = pa.table({"y": positive.astype(int), "prob": scores, "w": weights})
    options = {"label": "y", "scores": "prob", "weight": "w" if weighted else None}
    with limits(30, 20, batch=32):
        whole = xentcli.score(table(columns), **options).to_dict()
        cut = xentcli.score(table(columns, parts=parts, rows=rows), jobs=jobs, **options).to_dict()
    assert whole["metrics"]["roc_auc_bounds"] is not None
    assert cut == whole


def test_the_document_and_the_page_tell_the_bounds(xent, tmp_path):
    rng = np.random.default_rng(2)
    chance = rng.random(3000)
    path = tmp_path / "preds.csv"
    pd.DataFrame({"y": (rng.random(3000) < chance).astype(int), "prob": chance}).to_csv(path, index=False)
    with limits(1000, 500):
        document = xent("score", path, "-f", "json").document()["metrics"]
        page = xent("score", path).out
    low, high = document["roc_auc_bounds"]
    assert low < document["roc_auc"] < high
    assert high - low < 0.01
    line = next(line for line in page.splitlines() if "area under the ROC curve" in line)
    assert "(proven in [0.8" in line
    assert "roc_auc_bounds" not in page
