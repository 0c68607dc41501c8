"""The headline loss is PyTorch's in float64, from logits of any size, to 1e-12."""

import numpy as np
import pandas as pd
import pytest

import xentcli

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]

ROWS = 500
SIZES = [1.0, 30.0, 1e4]


def close(value):
    return pytest.approx(float(value), rel=1e-12, abs=1e-12)


def columns(values, prefix):
    return {f"{prefix}_{at}": column for at, column in enumerate(values.T)}


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("classes", [2, 3, 10, 300])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_categorical_loss_is_cross_entropy_loss_of_logits(torch, classes, size, smoothing):
    random = np.random.default_rng(classes)
    logits, labels = random.normal(size=(ROWS, classes)) * size, random.integers(0, classes, ROWS)
    found = xentcli.score(
        pd.DataFrame({"label": labels} | columns(logits, "logit")), scale="logits", label_smoothing=smoothing
    )
    theirs = torch.nn.CrossEntropyLoss(label_smoothing=smoothing)(torch.from_numpy(logits), torch.from_numpy(labels))
    assert found.score.loss.value == close(theirs)


@pytest.mark.parametrize("size", SIZES)
def test_class_weighted_loss_is_that_of_cross_entropy_loss(torch, size):
    random = np.random.default_rng(7)
    logits, labels = random.normal(size=(ROWS, 4)) * size, random.integers(0, 4, ROWS)
    weights = [0.5, 3.0, 0.0, 1.7]
    found = xentcli.score(
        pd.DataFrame({"label": labels} | columns(logits, "logit")),
        scale="logits",
        class_weights={str(at): weight for at, weight in enumerate(weights)},
    )
    loss = torch.nn.CrossEntropyLoss(weight=torch.tensor(weights, dtype=torch.float64))
    assert found.score.loss.value == close(loss(torch.from_numpy(logits), torch.from_numpy(labels)))


@pytest.mark.parametrize("size", SIZES)
def test_binary_loss_is_bce_with_logits_loss(torch, size):
    random = np.random.default_rng(1)
    logits, labels = random.normal(size=ROWS) * size, random.integers(0, 2, ROWS)
    found = xentcli.score(pd.DataFrame({"label": labels, "logit_1": logits}), scale="logits")
    theirs = torch.nn.BCEWithLogitsLoss()(torch.from_numpy(logits), torch.from_numpy(labels.astype(float)))
    assert found.score.loss.value == close(theirs)


@pytest.mark.parametrize("size", SIZES)
def test_multi_label_loss_is_bce_with_logits_loss(torch, size):
    random = np.random.default_rng(2)
    logits, labels = random.normal(size=(ROWS, 5)) * size, random.integers(0, 2, (ROWS, 5))
    table = pd.DataFrame(columns(labels, "y") | columns(logits, "s"))
    found = xentcli.score(table, label=[f"y_{at}" for at in range(5)], scores="s_", scale="logits", task="multilabel")
    theirs = torch.nn.BCEWithLogitsLoss()(torch.from_numpy(logits), torch.from_numpy(labels.astype(float)))
    assert found.score.loss.value == close(theirs)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("classes", [2, 3, 10])
def test_soft_target_loss_is_cross_entropy_loss_of_probability_targets(torch, classes, size):
    random = np.random.default_rng(classes)
    logits, targets = random.normal(size=(ROWS, classes)) * size, random.dirichlet([0.5] * classes, ROWS)
    names = [f"target_{at}" for at in range(classes)]
    table = pd.DataFrame(columns(targets, "target") | columns(logits, "logit"))
    found = xentcli.score(table, label=names, scores="logit_", scale="logits")
    theirs = torch.nn.CrossEntropyLoss()(torch.from_numpy(logits), torch.from_numpy(targets))
    assert found.score.loss.value == close(theirs)


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_loss_of_probabilities_is_nll_loss_of_their_logarithms(torch, classes):
    random = np.random.default_rng(classes)
    chances, labels = random.dirichlet([0.5] * classes, ROWS), random.integers(0, classes, ROWS)
    chances = np.clip(chances, 1e-9, None)
    chances /= chances.sum(axis=1, keepdims=True)
    found = xentcli.score(pd.DataFrame({"label": labels} | columns(chances, "prob")))
    theirs = torch.nn.NLLLoss()(torch.log(torch.from_numpy(chances)), torch.from_numpy(labels))
    assert found.score.loss.value == close(theirs)


def test_loss_of_binary_probabilities_is_bce_loss(torch):
    random = np.random.default_rng(3)
    chances, labels = random.random(ROWS), random.integers(0, 2, ROWS)
    found = xentcli.score(pd.DataFrame({"label": labels, "prob_1": chances}))
    theirs = torch.nn.BCELoss()(torch.from_numpy(chances), torch.from_numpy(labels.astype(float)))
    assert found.score.loss.value == close(theirs)
