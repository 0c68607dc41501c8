"""Label smoothing, focal factors and class weights, against their definitions and the frameworks' own values."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import log_loss
from sklearn.utils.class_weight import compute_class_weight

import xentcli
from xentcli.errors import UsageError

SPEC = importlib.util.spec_from_file_location("golden_cases", Path(__file__).parent.parent / "golden_cases.py")
golden = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(golden)

ROWS = 400


def softmax(logits):
    terms = np.exp(logits - logits.max(axis=1, keepdims=True))
    return terms / terms.sum(axis=1, keepdims=True)


def made(classes, rows=ROWS):
    rng = np.random.default_rng(classes)
    logits = rng.normal(size=(rows, classes)) * 2
    labels = rng.integers(0, classes, rows)
    logits[np.arange(rows), labels] += 1.0
    return labels, logits


def frame(labels, scores, prefix, weights=None):
    table = pd.DataFrame(scores, columns=[f"{prefix}_{at}" for at in range(scores.shape[1])])
    table["label"] = labels
    if weights is not None:
        table["w"] = weights
    return table


SCALES = {
    "prob": softmax,
    "log_prob": lambda logits: np.log(softmax(logits)),
    "logit": lambda logits: logits,
}


@pytest.mark.parametrize("prefix", SCALES)
@pytest.mark.parametrize("classes", [2, 3, 10, 230])
@pytest.mark.parametrize(("smoothing", "gamma"), [(0.1, 0.0), (0.0, 2.0), (0.0, 0.5), (0.2, 2.0)])
def test_a_row_costs_the_smoothed_and_focused_sum_over_the_classes(prefix, classes, smoothing, gamma):
    labels, logits = made(classes)
    found = xentcli.score(
        frame(labels, SCALES[prefix](logits), prefix), label_smoothing=smoothing, focal_gamma=gamma
    ).score.loss
    chances = softmax(logits)
    target = np.eye(classes)[labels] * (1 - smoothing) + smoothing / classes
    expected = (target * (1 - chances) ** gamma * -np.log(chances)).sum(axis=1)
    assert found.value == pytest.approx(expected.mean(), rel=1e-12)
    assert found.standard_error == pytest.approx(expected.std(ddof=1) / ROWS**0.5, rel=1e-10)
    assert ("focal" in found.name) is bool(gamma)
    floor = -(target[0] * np.log(np.where(target[0] > 0, target[0], 1))).sum()
    if smoothing and gamma:
        assert found.target_entropy is None, "the entropy is no floor of a focal loss"
    else:
        assert found.target_entropy == pytest.approx(floor, abs=1e-12)


@pytest.mark.parametrize("scale", ["probabilities", "logits"])
@pytest.mark.parametrize(("smoothing", "gamma"), [(0.1, 0.0), (0.0, 2.0), (0.2, 1.5)])
def test_several_labels_are_smoothed_each_by_itself(scale, smoothing, gamma):
    rng = np.random.default_rng(5)
    logits = rng.normal(size=(ROWS, 4))
    hot = rng.random((ROWS, 4)) < 0.4
    chance = 1 / (1 + np.exp(-logits))
    scores = chance if scale == "probabilities" else logits
    table = {f"y_{at}": hot[:, at].astype(int) for at in range(4)} | {f"s_{at}": scores[:, at] for at in range(4)}
    found = xentcli.score(
        pd.DataFrame(table),
        label=[f"y_{at}" for at in range(4)],
        scores="s_",
        scale=scale,
        label_smoothing=smoothing,
        focal_gamma=gamma,
    ).score.loss
    target = hot * (1 - smoothing) + smoothing / 2
    expected = target * (1 - chance) ** gamma * -np.log(chance) + (1 - target) * chance**gamma * -np.log(1 - chance)
    assert found.value == pytest.approx(expected.mean(), rel=1e-12)


def test_smoothed_and_focal_losses_are_those_of_keras():
    compared = 0
    for case in golden.cases():
        function, focus = "CategoricalCrossentropy", 0.0
        if "focal" in case.tags:
            function, focus = "BinaryFocalCrossentropy", 2.0
        elif case.task == "multilabel":
            function = "BinaryCrossentropy"
        values = case.values("keras", {"3.15.1"}, f"losses.{function}")
        if not (case.smoothing or focus) or case.prediction == "logit" or "exact_zero" in case.tags or not values:
            continue
        hot = case.y_true if case.y_true.ndim == 2 else case.y_true.astype(int)
        scores = case.y_pred
        report = xentcli.score(
            pd.DataFrame({"y_true": list(hot), "y_pred": list(scores)}),
            task="multilabel" if case.task == "multilabel" else None,
            classes="0,1" if case.task == "binary" else None,
            label_smoothing=case.smoothing,
            focal_gamma=focus,
        )
        for value in values:
            assert report.score.loss.value == pytest.approx(value, rel=1e-6, abs=1e-6), case.id
            compared += 1
    assert compared >= 5


@pytest.mark.parametrize("weighted", [False, True])
def test_class_weights_enter_the_mean_as_weights_of_the_rows(weighted):
    labels, logits = made(4)
    chances = softmax(logits)
    rows = np.random.default_rng(1).random(ROWS) + 0.1 if weighted else np.ones(ROWS)
    given = {"0": 2.0, "1": 0.5, "2": 0.0, "3": 1.25}
    found = xentcli.score(
        frame(labels, chances, "prob", rows if weighted else None),
        weight="w" if weighted else None,
        class_weights=given,
    ).score
    each = rows * np.array(list(given.values()))[labels]
    assert found.loss.value == pytest.approx(log_loss(labels, chances, sample_weight=each), rel=1e-12)
    losses = -np.log(chances[np.arange(ROWS), labels])
    error = np.sqrt((each**2 * (losses - found.loss.value) ** 2).sum()) / each.sum()
    assert found.loss.standard_error == pytest.approx(error, rel=1e-10)
    assert found.loss.class_weights == given
    plain = xentcli.score(frame(labels, chances, "prob", rows if weighted else None), weight="w" if weighted else None)
    assert found.accuracy == plain.score.accuracy


def test_an_accuracy_that_class_weights_weigh_is_told_from_one_of_other_rounding():
    labels, logits = made(3)
    chances = softmax(logits)
    weights = {"0": 1.0, "1": 5.0, "2": 0.5}
    table = xentcli.score(frame(labels, chances, "prob"), class_weights=weights).score.frameworks
    [entry] = [one for one in table if one.framework == "scikit-learn" and one.version.startswith("1.5")]
    each = np.array(list(weights.values()))[labels]
    assert entry.accuracy == pytest.approx(np.average(chances.argmax(1) == labels, weights=each), rel=1e-12)
    assert entry.accuracy_agrees is False
    assert entry.because == "weighs the accuracy by class, too"


def test_balanced_weights_are_those_of_scikit_learn():
    labels, logits = made(5)
    labels[labels == 3] = 4
    chances = softmax(logits)
    present = np.unique(labels)
    weights = dict(zip(present, compute_class_weight("balanced", classes=present, y=labels), strict=True))
    found = xentcli.score(frame(labels, chances, "prob"), class_weights="balanced").score.loss
    each = np.array([weights[label] for label in labels])
    assert found.value == pytest.approx(log_loss(labels, chances, labels=range(5), sample_weight=each), rel=1e-12)
    assert found.class_weights["3"] == 1.0
    assert found.reduction == "class-weighted mean over rows"


def test_class_weights_come_from_text_and_from_a_file(tmp_path):
    labels, logits = made(3)
    table = frame(labels, softmax(logits), "prob")
    path = tmp_path / "weights.txt"
    path.write_text("0=1\n1 = 2.5\n\n2=4\n")
    from_file = xentcli.score(table, class_weights=f"@{path}").score.loss
    from_text = xentcli.score(table, class_weights="0=1,1=2.5,2=4").score.loss
    assert from_file == from_text
    assert from_text.class_weights == {"0": 1.0, "1": 2.5, "2": 4.0}


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ("0=1,1", "is not of the form class=weight"),
        ("0=1,0=2", "names '0' twice"),
        ("0=-1", "no weight"),
        ("0=inf", "no weight"),
        ("nine=1", "which is no class"),
        ("0=0,1=0,2=0", "the weight 0"),
        ("@nowhere.txt", "No such file"),
    ],
)
def test_wrong_class_weights_are_refused(weights, words):
    labels, logits = made(3)
    with pytest.raises(Exception, match=words):
        xentcli.score(frame(labels, softmax(logits), "prob"), class_weights=weights)


def test_class_weights_need_one_label_a_row():
    table = pd.DataFrame({"y_a": [1, 1, 0], "y_b": [0, 1, 0], "p_a": [0.5, 0.6, 0.7], "p_b": [0.5, 0.6, 0.7]})
    with pytest.raises(UsageError, match="one label a row"):
        xentcli.score(table, class_weights="balanced")


@pytest.mark.parametrize(
    ("option", "value"), [("label_smoothing", 1.0), ("label_smoothing", -0.1), ("focal_gamma", -1.0), ("worst", -1)]
)
def test_numbers_outside_their_meaning_are_refused(option, value):
    labels, logits = made(3)
    with pytest.raises(UsageError, match=option.replace("_", "-")):
        xentcli.score(frame(labels, softmax(logits), "prob"), **{option: value})


@pytest.mark.parametrize(("smoothing", "gamma", "weighted"), [(0.0, 0.0, True), (0.0, 0.0, False)])
def test_the_loss_without_the_clip_counts_weights_too(smoothing, gamma, weighted):
    chances = np.array([[1e-30, 1 - 1e-30], [0.3, 0.7], [1.0, 0.0]])
    rows = np.array([2.0, 1.0, 0.5])
    found = xentcli.score(
        frame([0, 1, 0], chances, "prob", rows), weight="w" if weighted else None,
        label_smoothing=smoothing, focal_gamma=gamma,
    ).score.loss  # fmt: skip
    each = rows if weighted else np.ones(3)
    expected = (each * -np.log([1e-30, 0.7, 1.0])).sum() / each.sum()
    assert found.unclipped == pytest.approx(expected, rel=1e-12)
    assert found.clipped == 1
