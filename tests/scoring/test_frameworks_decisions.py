"""Decisions that frameworks take elsewhere than the headline: at other thresholds, in float32, without a best label."""

import numpy as np
import pandas as pd
import pytest

import xentcli

HOT = np.array([[1, 0], [0, 1], [1, 1], [0, 0]])


def entry(score, framework, call):
    found = [
        one for one in score.frameworks
        if one.framework == framework and call in (one.accuracy_call or "") and one.version in "3 2 1 4 1.2 1.5 - 1.9"
    ]  # fmt: skip
    return found[0]


def binary(scores, labels, **options):
    prefix = "logit" if options.get("scale") == "logits" else "prob"
    return xentcli.score(pd.DataFrame({"label": labels, f"{prefix}_1": scores}), **options).score


def several(scores, **options):
    table = {"y_a": HOT[:, 0], "y_b": HOT[:, 1], "s_a": scores[:, 0], "s_b": scores[:, 1]}
    return xentcli.score(pd.DataFrame(table), label=["y_a", "y_b"], scores="s_", task="multilabel", **options).score


def test_torch_decides_on_logits_at_the_threshold_by_their_sigmoid():
    score = binary([0.5, 1.0, -1.0, 2.0], [1, 1, 0, 1], scale="logits", threshold=0.7)
    found = entry(score, "torch", "sigmoid() > 0.7")
    assert (found.accuracy, score.accuracy.value) == (0.75, 0.75)


def test_torchmetrics_compares_logits_that_look_like_probabilities_with_the_threshold():
    score = binary([0.5, 0.8, 0.1, 0.75], [1, 1, 0, 0], scale="logits", threshold=0.7)
    assert entry(score, "torchmetrics", "threshold=0.7").accuracy == 0.5
    assert score.accuracy.value == 0.5
    score = binary([0.5, 0.8, 0.1, 0.9], [1, 1, 0, 1], scale="logits", threshold=0.6)
    found = entry(score, "torchmetrics", "threshold=0.6")
    assert (found.accuracy, score.accuracy.value) == (0.75, 1.0)


def test_keras_rounds_scores_to_float32_before_it_compares_them_with_a_threshold():
    score = binary([0.7 + 1e-12, 0.8, 0.1], [1, 1, 0], threshold=0.7)
    found = entry(score, "keras", "BinaryAccuracy(threshold=0.7)")
    assert (found.accuracy, score.accuracy.value) == (pytest.approx(2 / 3), 1.0)
    assert found.because == "rounds scores to float32 before it decides"


def test_the_macro_average_of_torchmetrics_is_of_the_arg_max_whatever_the_threshold():
    chances = np.array([[0.4, 0.6], [0.1, 0.9], [0.7, 0.3], [0.8, 0.2]])
    score = xentcli.score(
        pd.DataFrame({"label": [1, 1, 0, 1], "p_0": chances[:, 0], "p_1": chances[:, 1]}), threshold=0.7
    ).score
    assert score.accuracy.value == 0.5
    assert entry(score, "torchmetrics", "MulticlassAccuracy").accuracy == pytest.approx((1 + 2 / 3) / 2)


def test_catboost_has_no_threshold_for_several_labels():
    scores = np.array([[0.6, 0.1], [0.1, 0.9], [0.9, 0.8], [0.6, 0.1]])
    score = several(scores, threshold=0.7)
    found = entry(score, "catboost", "eval_metric(y, logit(p), 'Accuracy')")
    assert (found.accuracy, score.accuracy.value) == (0.75, 0.75)
    score = several(scores, threshold=0.55)
    assert entry(score, "catboost", "'Accuracy'").accuracy == score.accuracy.value == 0.75
    score = several(scores[[0, 1, 2, 1]], threshold=0.7)
    found = entry(score, "catboost", "'Accuracy'")
    assert (found.accuracy, score.accuracy.value) == (0.75, 0.5)
    assert found.because == "decides at 0.5, not at 0.7"


def test_xgboost_rounds_the_scores_of_several_labels_to_float32():
    score = several(np.array([[0.5 + 1e-12, 0.1], [0.1, 0.9], [0.9, 0.8], [0.2, 0.1]]))
    assert score.accuracy.value == 1.0
    assert entry(score, "xgboost", "error").accuracy == 0.875
    assert entry(score, "torchmetrics", "ExactMatch").accuracy == 1.0


@pytest.mark.parametrize("weighted", [False, True])
def test_no_framework_gives_a_row_its_best_label(weighted):
    scores = np.array([[0.4, 0.1], [0.1, 0.9], [0.9, 0.8], [0.2, 0.1]])
    table = {"y_a": HOT[:, 0], "y_b": HOT[:, 1], "s_a": scores[:, 0], "s_b": scores[:, 1], "w": [3.0, 1.0, 1.0, 1.0]}
    score = xentcli.score(
        pd.DataFrame(table), label=["y_a", "y_b"], scores="s_", task="multilabel", at_least_one=True,
        weight="w" if weighted else None,
    ).score  # fmt: skip
    assert score.accuracy.value == pytest.approx(5 / 6 if weighted else 0.75)
    elements, rows = (9 / 12, 0.5) if weighted else (7 / 8, 0.75)
    assert entry(score, "xgboost", "error").accuracy == pytest.approx(elements)
    assert entry(score, "catboost", "Accuracy").accuracy == pytest.approx(rows)
    found = entry(score, "scikit-learn", "accuracy_score")
    assert found.accuracy == pytest.approx(rows)
    assert entry(score, "torchmetrics", "ExactMatch").accuracy == pytest.approx(0.75)
    assert entry(score, "torchmetrics", "Accuracy").accuracy == pytest.approx(7 / 8)


def test_rows_that_the_headline_divides_for_being_asked_to_are_left_as_they_are_by_others():
    chances = np.array([[0.5, 0.5004], [0.2, 0.8]])
    score = xentcli.score((np.array([0, 1]), chances), normalize=True).score
    plain = entry(score, "scikit-learn", "accuracy_score")
    divided = entry(score, "keras", "CategoricalAccuracy")
    assert plain.loss == pytest.approx(-(np.log(0.5) + np.log(0.8)) / 2, rel=1e-12)
    assert plain.because == "leaves 1 row undivided that does not sum to 1"
    assert score.loss.value == pytest.approx(-(np.log(0.5 / 1.0004) + np.log(0.8)) / 2, rel=1e-12)
    assert (divided.loss_agrees, divided.because) == (True, None)


def test_a_focal_loss_from_an_infinite_logit_is_no_number():
    score = binary([0.0, 0.2, 0.9], [0, 0, 1], focal_gamma=2.0)
    found = next(one for one in score.frameworks if (one.call or "").startswith("sigmoid_focal_loss"))
    assert found.loss is None
    assert found.because == "infinite or no number for 1 row with a score of exactly 0 or 1"


def test_keras_clips_the_focal_loss_of_logits():
    score = binary([30.0, 1.0], [0, 1], scale="logits", focal_gamma=2.0)
    calls = {one.framework: one for one in score.frameworks if "BinaryFocal" in (one.call or "")}
    small = (1 - 1 / (1 + np.exp(-1.0))) ** 2 * np.log1p(np.exp(-1.0))
    assert calls["keras"].loss == pytest.approx((23 * np.log(2) + small) / 2, abs=1e-6)
    assert calls["tf_keras"].loss == pytest.approx((30.0 + small) / 2, abs=1e-6)
