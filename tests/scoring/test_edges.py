"""Edges of scoring where floating point, ties or absent classes once decided: numbers known by hand."""

import math

import numpy as np
import pyarrow as pa
import pytest

import xentcli


def score(columns, **options):
    return xentcli.score(pa.table(columns), **options).score


@pytest.mark.parametrize("seed", range(12))
def test_agreement_of_weighted_rows_that_get_one_class_is_undefined(seed):
    rng = np.random.default_rng(seed)
    scores = {f"p_{at}": [share] * 7 for at, share in enumerate((0.6, 0.3, 0.1))}
    found = score({"label": rng.integers(0, 3, 7), **scores, "w": rng.random(7)}, weight="w").metrics
    assert found["mcc"] is None
    assert found["cohen_kappa"] == 0.0


def test_agreement_of_tiny_weights_is_that_of_their_ratios():
    columns = {"label": [0, 1, 1, 0], "p": [0.2, 0.7, 0.6, 0.9], "w": np.array([1.0, 2.0, 1.0, 1.0])}
    plain = score(columns, weight="w").metrics
    tiny = score(columns | {"w": columns["w"] * 2.0**-900}, weight="w").metrics
    assert tiny["mcc"] == plain["mcc"] == pytest.approx((5 * 4 - 3 * 4 - 2 * 1) / math.sqrt(12 * 8), rel=1e-15)
    assert tiny["cohen_kappa"] == plain["cohen_kappa"]


@pytest.mark.parametrize("chance", [0.1, 0.3, 0.5, 0.7, 2 / 3])
@pytest.mark.parametrize("weights", [None, [0.1, 0.2, 0.7]])
def test_equal_losses_have_no_standard_error(chance, weights):
    columns = {"label": [1, 0, 1], "p": [chance, 1 - chance, chance]}
    columns["p"][1] = 1.0 - columns["p"][0]
    loss = score(columns | ({"w": weights} if weights else {}), weight="w" if weights else None, scores="p").loss
    assert loss.standard_error <= 2e-17
    assert loss.interval == pytest.approx((loss.value, loss.value), abs=1e-16)


def test_the_calibration_error_of_one_row_is_exact():
    found = score({"label": [1], "p_0": [1 / 7], "p_1": [6 / 7]})
    assert found.metrics["ece"] == pytest.approx(1 / 7, abs=1e-16)
    assert found.calibration[12].mean_score == pytest.approx(6 / 7, abs=1e-16)


@pytest.mark.parametrize("columns", [{"p_a": [0.5, 0.5]}, {"p_a": [0.5, 0.5], "p_b": [0.5, 0.5]}])
@pytest.mark.parametrize(("positive", "counts"), [("a", ((0, 1), (0, 1))), ("b", ((1, 0), (1, 0)))])
def test_a_tie_is_not_above_the_threshold_whatever_the_layout(columns, positive, counts):
    if positive == "b" and len(columns) == 1:
        columns = {"p_b": [0.5, 0.5]}
    found = score({"label": ["a", "b"], **columns}, positive=positive)
    assert found.confusion.counts == counts
    assert found.accuracy.ties == 2


def test_a_threshold_judges_rows_as_they_are_divided():
    found = score({"label": [0, 1], "p_0": [0.2, 0.1], "p_1": [0.2, 0.3]}, threshold=0.6)
    assert found.loss.renormalised == 2
    assert found.confusion.counts == ((1, 0), (0, 1))


def test_certain_log_probabilities_of_the_other_class_cost_what_certainty_costs():
    single = score({"label": [0, 1], "p": [0.0, -0.5]}, scores="p", scale="log-probabilities").loss
    assert single.value == pytest.approx((52 * math.log(2) + 0.5) / 2, rel=1e-15)
    several = xentcli.score((np.array([[0, 1]]), np.array([[0.0, -0.5]])), task="multilabel", scale="log-probabilities")
    assert several.score.loss.value == single.value


def test_the_loss_without_the_clip_weighs_its_rows():
    columns = {"label": [1, 0], "p": [1e-20, 0.5], "w": [3.0, 1.0]}
    expected = (-3 * math.log(1e-20) + math.log(2)) / 4
    assert score(columns, weight="w").loss.unclipped == pytest.approx(expected, rel=1e-15)
    assert score(columns | {"p": [0.0, 0.5]}, weight="w").loss.unclipped is None
    weightless = score(columns | {"p": [0.0, 0.5], "w": [0.0, 1.0]}, weight="w").loss
    assert (weightless.unclipped, weightless.clipped) == (pytest.approx(math.log(2), rel=1e-15), 1)


def test_labels_that_no_row_has_or_gets_leave_every_average_undefined():
    found = xentcli.score((np.zeros((3, 2), dtype=int), np.full((3, 2), 0.1)), task="multilabel").score
    undefined = dict.fromkeys(["jaccard", "f1_macro", "f1_micro", "f1_weighted"])
    assert found.metrics == {"hamming_accuracy": 1.0} | undefined


def test_the_largest_weights_and_logits_are_scored_and_larger_weights_are_bad(refused):
    columns = {"label": [0, 1], "logit": [1e100, -1e100], "w": [1e30, 1.0]}
    assert score(columns, weight="w").loss.value == 1e100
    error = refused(score, columns | {"w": [1e60, 1.0]}, weight="w")
    assert error.message == "holds a weight that is negative, missing, not finite or above 1e30"
    assert (error.place.row, error.place.column) == (1, "w")


def test_normalising_float32_divides_by_the_sum_that_float64_sees():
    chances = np.array([[0.6, 0.4]], dtype=np.float32)
    assert chances.sum() == 1.0
    wide = chances.astype(np.float64)
    loss = xentcli.score((np.array([0]), chances), normalize=True).score.loss
    assert loss.value == pytest.approx(-math.log(wide[0, 0] / wide.sum()), rel=1e-15)
