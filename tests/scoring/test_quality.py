"""Ranks, Brier scores and calibration, against numpy and scikit-learn on the rows themselves."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import brier_score_loss, top_k_accuracy_score

import xentcli

RNG = np.random.default_rng(17)
ROWS = 700


def softmax(logits):
    terms = np.exp(logits - logits.max(axis=1, keepdims=True))
    return terms / terms.sum(axis=1, keepdims=True)


def multiclass(classes, rows=ROWS):
    """Return labels and logits that tell something about them."""
    labels = RNG.integers(0, classes, rows)
    logits = RNG.normal(size=(rows, classes))
    logits[np.arange(rows), labels] += 1.0
    return labels, logits


def scored(scores, labels, prefix="prob", **options):
    frame = pd.DataFrame(scores, columns=[f"{prefix}_{at}" for at in range(scores.shape[1])])
    frame["label"] = labels
    if "weights" in options:
        frame["w"] = options.pop("weights")
        options["weight"] = "w"
    return xentcli.score(frame, label="label", **options).score


def calibration(confidence, right, weights=None):
    """Return the expected calibration error of 15 bins (low, high], straight from its definition."""
    weights = np.ones(len(confidence)) if weights is None else weights
    error = 0.0
    for low in range(15):
        inside = (confidence > low / 15) & (confidence <= (low + 1) / 15)
        if inside.any():
            held = weights[inside]
            error += abs((held * right[inside]).sum() - (held * confidence[inside]).sum())
    return error / weights.sum()


@pytest.mark.parametrize("classes", [3, 10, 250])
def test_several_classes_against_the_definitions(classes):
    labels, logits = multiclass(classes)
    chances = softmax(logits)
    found = scored(chances, labels)
    hot = np.eye(classes)[labels]
    assert found.metrics["brier"] == pytest.approx(((chances - hot) ** 2).sum(axis=1).mean(), rel=1e-12)
    top = chances.argmax(axis=1)
    error = calibration(chances.max(axis=1), top == labels)
    assert found.metrics["ece"] == pytest.approx(error, rel=1e-10)
    for k in (2, 3, 5):
        expected = top_k_accuracy_score(labels, chances, k=k, labels=range(classes)) if k < classes else None
        assert found.metrics[f"top_{k}"] == (None if expected is None else pytest.approx(expected, rel=1e-12))
    assert sum(one.count for one in found.calibration) == ROWS
    assert found.calibration[0].low == 0.0
    assert found.calibration[-1].high == 1.0


@pytest.mark.parametrize("classes", [3, 250])
def test_logits_and_log_probabilities_give_the_same_quality(classes):
    labels, logits = multiclass(classes)
    plain = scored(softmax(logits), labels).metrics
    for scores, prefix in ((logits + 3.0, "logit"), (np.log(softmax(logits)), "log_prob")):
        other = scored(scores, labels, prefix).metrics
        for name in ("brier", "ece", "top_2"):
            assert other[name] == pytest.approx(plain[name], rel=1e-9)


def test_two_classes_put_the_positive_one_to_the_test():
    labels = RNG.integers(0, 2, ROWS)
    chance = np.clip(0.3 + 0.4 * labels + RNG.normal(0, 0.2, ROWS), 0.0, 1.0)
    frame = pd.DataFrame({"label": labels, "prob": chance})
    found = xentcli.score(frame).score
    assert found.metrics["brier"] == pytest.approx(brier_score_loss(labels, chance), rel=1e-12)
    inside = chance > 0
    assert inside.sum() < ROWS
    error = calibration(np.maximum(chance, 1e-300), labels)
    assert found.metrics["ece"] == pytest.approx(error, rel=1e-10)
    assert "top_2" not in found.metrics
    both = scored(np.c_[1 - chance, chance], labels).metrics
    assert both["brier"] == pytest.approx(found.metrics["brier"], rel=1e-12)
    assert both["ece"] == pytest.approx(found.metrics["ece"], rel=1e-10)


def test_ties_rank_as_arg_max_has_them():
    scores = np.array([[0.4, 0.4, 0.2], [0.4, 0.4, 0.2], [0.2, 0.4, 0.4], [1 / 3] * 3])
    found = scored(scores, np.array([0, 1, 2, 2]))
    assert found.accuracy.value == 0.25
    assert found.metrics["top_2"] == 0.75
    wide = np.zeros((4, 250))
    wide[:, :3] = scores
    assert scored(wide, np.array([0, 1, 2, 2])).metrics["top_2"] == 0.75


def test_rows_off_one_are_judged_as_they_are_scored():
    labels, logits = multiclass(4)
    chances = softmax(logits)
    stretched = chances.copy()
    stretched[::3] *= 0.5
    plain, other = scored(chances, labels).metrics, scored(stretched, labels).metrics
    for name in ("brier", "ece", "top_3"):
        assert other[name] == pytest.approx(plain[name], rel=1e-12)


def test_whole_weights_count_like_repeated_rows():
    labels, logits = multiclass(4, 200)
    chances = softmax(logits)
    weights = RNG.integers(1, 5, 200)
    weighted = scored(chances, labels, weights=weights.astype(float))
    repeated = scored(np.repeat(chances, weights, axis=0), np.repeat(labels, weights))
    for name in ("brier", "ece", "top_2", "top_3"):
        assert weighted.metrics[name] == pytest.approx(repeated.metrics[name], rel=1e-12)
    assert sum(one.count for one in weighted.calibration) == 200
    for one, other in zip(weighted.calibration, repeated.calibration, strict=True):
        assert one.accuracy == (None if other.accuracy is None else pytest.approx(other.accuracy, rel=1e-12))


def test_the_edges_of_a_bin_belong_to_the_lower_one():
    chance = np.array([0.0, 1 / 15, 0.2, 1.0])
    found = xentcli.score(pd.DataFrame({"label": [0, 0, 1, 1], "prob": chance})).score.calibration
    assert [one.count for one in found] == [2, 0, 1, *[0] * 11, 1]
    assert found[0].mean_score == pytest.approx(1 / 30)
    assert found[1].mean_score is None
