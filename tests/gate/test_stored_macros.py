"""A stored score as a baseline knows its confusion counts, so that macro metrics can be held against it, too."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

import xentcli
from xentcli.errors import AmbiguousError, InputError

CLASSES = ("cat", "dog", "eel")


def frame(seed, rows=400, order=CLASSES):
    rng = np.random.default_rng(seed)
    truth = np.random.default_rng(0).integers(0, 3, rows)
    logits = rng.normal(size=(rows, 3))
    logits[np.arange(rows), truth] += 1.0
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    held = {f"p_{name}": p[:, at] for at, name in enumerate(CLASSES)}
    return pd.DataFrame({"label": [CLASSES[at] for at in truth]} | {f"p_{name}": held[f"p_{name}"] for name in order})


def stored(predictions, path, **options):
    path.write_text(json.dumps(xentcli.score(predictions, **options).to_dict()), encoding="utf-8")
    return path


def decided(predictions):
    return predictions[[f"p_{name}" for name in CLASSES]].idxmax(axis=1).str.removeprefix("p_")


@pytest.mark.parametrize("order", [CLASSES, ("eel", "cat", "dog")])
def test_macro_metrics_are_compared_whatever_the_order_of_the_classes(tmp_path, order):
    a, b = frame(1, order=order), frame(2)
    report = xentcli.check(b, baseline=stored(a, tmp_path / "a.json"), max_regression={"f1_macro": 0.5, "mcc": 0.5})
    seen = {one.metric: one.baseline for one in report.models[0].checks}
    assert report.passed
    assert seen["f1_macro"].value == pytest.approx(metrics.f1_score(a["label"], decided(a), average="macro"))
    worse = metrics.matthews_corrcoef(a["label"], decided(a)) - metrics.matthews_corrcoef(b["label"], decided(b))
    assert seen["mcc"].worsening == pytest.approx(worse)
    assert seen["mcc"].interval[0] < worse < seen["mcc"].interval[1]
    assert not seen["mcc"].paired


@pytest.mark.parametrize("weights", [None, {"cat": 50.0}])
def test_a_baseline_of_another_threshold_or_other_class_weights_is_refused(tmp_path, refused, weights):
    rng = np.random.default_rng(3)
    binary = pd.DataFrame({"label": rng.integers(0, 2, 300), "p_1": rng.random(300)})
    predictions = binary if weights is None else frame(1)
    options = {"threshold": 0.1} if weights is None else {"class_weights": weights}
    before = stored(predictions, tmp_path / "a.json", **options)
    error = refused(xentcli.check, predictions, baseline=before, max_regression={"loss": 1.0})
    assert isinstance(error, AmbiguousError)
    assert ("threshold" if weights is None else "the reduction") in error.message


def test_class_weights_that_are_turned_round_make_another_loss(tmp_path, refused):
    before = stored(frame(1), tmp_path / "a.json", class_weights={"cat": 1.0, "dog": 50.0})
    how = {"max_regression": {"loss": 1.0}, "baseline": before}
    error = refused(xentcli.check, frame(1), class_weights={"cat": 50.0, "dog": 1.0}, **how)
    assert error.message.startswith("was scored with a class weight of 'cat' of 1.0, the predictions with 50.0")
    assert xentcli.check(frame(1), class_weights={"cat": 1.0, "dog": 50.0}, **how).passed


def test_damaged_counts_are_refused(tmp_path, refused):
    path = stored(frame(1), tmp_path / "a.json")
    document = json.loads(path.read_text(encoding="utf-8"))
    for counts in ([[1, -1, 0]] * 3, [["x", 1, 2]] * 3, [[1, 2]]):
        document["confusion"]["counts"] = counts
        path.write_text(json.dumps(document), encoding="utf-8")
        if counts != [[1, 2]]:
            assert isinstance(refused(xentcli.check, frame(1), baseline=path, max_regression={"loss": 1}), InputError)
