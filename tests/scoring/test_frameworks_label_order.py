"""Columns of scores in every order: scikit-learn's entries are run as their text says, with the labels as written.

scikit-learn up to 1.0 is not installed: `log_loss_old` is its formula, of which `test_frameworks` has recorded values.
"""

import warnings
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy import special
from sklearn import metrics, preprocessing

import xentcli

ROWS = 60
NAMES = {
    "sorted": ["ant", "fox", "owl"], "unsorted": ["owl", "ant", "fox"], "pair": ["dog", "cat"],
    "numbers": [0, 1, 2], "turned": [2, 0, 1], "large": [10, 9, 100], "texts": ["c10", "c9", "c1"],
}  # fmt: skip
PREFIXES = {"probabilities": "prob_", "logits": "logit_", "log-probabilities": "log_prob_"}


def log_loss_old(y, p, labels):
    """Return scikit-learn 0.19 - 1.0's loss: every score clipped to 1e-15 in its dtype, rows divided by their sum."""
    hot = preprocessing.LabelBinarizer().fit(labels).transform(y)
    hot = hot if hot.shape[1] > 1 else np.hstack([1 - hot, hot])
    eps = p.dtype.type(1e-15)
    p = np.clip(p, eps, p.dtype.type(1) - eps)
    p = p if p.ndim > 1 else np.column_stack([p.dtype.type(1) - p, p])
    p = p / p.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        loss = -(hot * np.log(p.astype(float))).sum(axis=1)
    return float(loss.mean()) if np.isfinite(loss).all() else None


def scores(scale, size, dtype, seed):
    random = np.random.default_rng(seed)
    logits = random.normal(size=(ROWS, size)) * 4
    if scale == "logits":
        return logits.astype(dtype)
    if scale == "log-probabilities":
        return special.log_softmax(logits, axis=1).astype(dtype)
    p = special.softmax(logits, axis=1)
    p[:4] = np.eye(size)[np.arange(4) % size]
    p[4:8] *= 0.9
    p[8:10] *= 1e-14
    return p.astype(dtype)


def names(file, classes, positive=None):
    """Return what the calls of the entries speak of."""
    return {
        "log_loss": metrics.log_loss, "accuracy_score": metrics.accuracy_score, "argsort": np.argsort, "take": np.take,
        "softmax": lambda one: special.softmax(one, axis=1), "expit": special.expit, "exp": np.exp, "sorted": sorted,
        "p": file, "logits": file, "log_p": file, "classes": classes, "positive": positive,
    }  # fmt: skip


def run(text, held):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(eval(text, {"__builtins__": {}}, held))  # noqa: S307  the texts are our own


def entries(score, version):
    return [one for one in score.frameworks if (one.framework, one.version) == ("scikit-learn", version)]


def in_order(classes):
    return list(classes) == sorted(classes)


@pytest.mark.parametrize(("kind", "scale", "dtype"), list(product(NAMES, PREFIXES, (np.float32, np.float64))), ids=str)
def test_the_calls_return_what_is_said_whatever_the_order_of_the_columns(kind, scale, dtype, tmp_path):
    classes = NAMES[kind]
    given = scores(scale, len(classes), dtype, 7)
    labels = np.array(classes)[np.random.default_rng(3).integers(0, len(classes), ROWS)]
    columns = {f"{PREFIXES[scale]}{name}": column for name, column in zip(classes, given.T, strict=True)}
    path = tmp_path / "p.parquet"
    pd.DataFrame({"label": labels, **columns}).to_parquet(path)
    score = xentcli.score(path, scale=scale).score
    assert score.task.classes == tuple(str(one) for one in classes)
    tolerance = 2e-6 if dtype is np.float32 else 1e-12
    new, old = entries(score, "1.5 - 1.9"), entries(score, "0.19 - 1.0")
    assert len(new) == len(old) == (1 if in_order(classes) else 2)
    for entry in new:
        held = names(given, classes) | {"y": labels}
        assert entry.loss == pytest.approx(run(entry.call, held), rel=tolerance, abs=tolerance)
        if entry.accuracy_call is not None:
            held["p"] = given
            assert entry.accuracy == run(entry.accuracy_call, held)
    assert [one.loss_agrees for one in new][1:] == [False] * (len(new) - 1)
    if scale == "probabilities":
        for entry in old:
            held = names(given, classes) | {"y": labels, "log_loss": log_loss_old}
            assert entry.loss == pytest.approx(run(entry.call, held), rel=tolerance, abs=tolerance)


@pytest.mark.parametrize(
    ("classes", "scale", "dtype"),
    list(product([("no", "yes"), ("legit", "fraud"), ("control", "case"), (0, 1), (1, 0)],
                 ("probabilities", "logits"), (np.float32, np.float64))),
    ids=str,
)  # fmt: skip
def test_one_score_is_that_of_the_second_label_in_scikit_learns_order(classes, scale, dtype, tmp_path):
    random = np.random.default_rng(11)
    labels = np.array(classes)[random.integers(0, 2, ROWS)]
    given = (random.normal(size=ROWS) * 3).astype(dtype)
    if scale == "probabilities":
        given = special.expit(given)
        given[:2] = [0.0, 1e-18]
    path = tmp_path / "p.parquet"
    pd.DataFrame({"label": labels, f"{PREFIXES[scale]}{classes[1]}": given}).to_parquet(path)
    score = xentcli.score(path, scale=scale, positive=str(classes[1])).score
    assert score.task.positive == str(classes[1])
    new = entries(score, "1.5 - 1.9")
    assert len(new) == len(entries(score, "0.19 - 1.0")) == (1 if in_order(classes) else 2)
    tolerance = 2e-6 if dtype is np.float32 else 1e-12
    for entry in new:
        held = names(given, sorted(classes), classes[1]) | {"y": labels}
        assert entry.loss == pytest.approx(run(entry.call, held), rel=tolerance, abs=tolerance)
        if entry.accuracy_call is not None:
            assert entry.accuracy == run(entry.accuracy_call, held)
    for entry in entries(score, "0.19 - 1.0") if scale == "probabilities" else ():
        held = names(given, sorted(classes), classes[1]) | {"y": labels}
        held["log_loss"] = log_loss_old
        expected = eval(entry.call, {"__builtins__": {}}, held)  # noqa: S307  likewise
        assert entry.loss == (None if expected is None else pytest.approx(expected, rel=tolerance, abs=tolerance))


def test_labels_that_are_the_numbers_of_their_columns_need_no_names(tmp_path):
    path = tmp_path / "p.parquet"
    pd.DataFrame({"label": [0, 1, 0], "p_0": [0.7, 0.2, 0.6], "p_1": [0.3, 0.8, 0.4]}).to_parquet(path)
    found = entries(xentcli.score(path, classes="0,1").score, "1.5 - 1.9")
    assert [one.call for one in found] == ["log_loss(y, p, labels=classes)"]
    assert [one.accuracy_call for one in found] == ["accuracy_score(y, p.argmax(1))"]


def test_names_that_integer_labels_stand_for_do_not_turn_the_columns(tmp_path):
    path = tmp_path / "p.parquet"
    pd.DataFrame({"label": [0, 1, 2], "probs": [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.3, 0.3, 0.4]]}).to_parquet(path)
    found = entries(xentcli.score(path, classes="owl,fox,ant").score, "1.5 - 1.9")
    assert [one.loss_agrees for one in found] == [True]


def test_the_loss_of_columns_out_of_order_is_weighted_as_the_others_are(tmp_path):
    random = np.random.default_rng(5)
    p, labels = special.softmax(random.normal(size=(ROWS, 3)), axis=1), random.integers(0, 3, ROWS)
    classes, weights = ["owl", "ant", "fox"], random.random(ROWS) * 3
    path = tmp_path / "p.parquet"
    frame = pd.DataFrame({"label": np.array(classes)[labels], "w": weights})
    frame[["p_owl", "p_ant", "p_fox"]] = p
    frame.to_parquet(path)
    held = names(p, classes) | {"y": np.array(classes)[labels], "w": weights}
    for entry in entries(xentcli.score(path, weight="w").score, "1.5 - 1.9"):
        assert entry.loss == pytest.approx(run(entry.call, held), rel=1e-12)
    by_class = {"owl": 2.0, "ant": 0.5, "fox": 1.0}
    held["w"] = np.array([2.0, 0.5, 1.0])[labels]
    for entry in entries(xentcli.score(path, scores="p_", class_weights=by_class).score, "1.5 - 1.9"):
        assert entry.loss == pytest.approx(run(entry.call, held), rel=1e-12)
