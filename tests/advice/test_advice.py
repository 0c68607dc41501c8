"""Advice: numbers as numbers, words per kind of task, and code that runs."""

import math

import numpy as np
import pandas as pd
import pytest
from sklearn.utils.class_weight import compute_class_weight

import xentcli
from xentcli.advice.frameworks import FRAMEWORKS

RNG = np.random.default_rng(4)
X = RNG.normal(size=(60, 5)).astype(np.float32)
NAMES = RNG.choice(["cat", "dog", 'e"el\n'], 60)
HOT = RNG.integers(0, 2, (60, 4))


def advised(values, **options):
    frame = values if isinstance(values, pd.DataFrame) else pd.DataFrame({"label": values})
    return xentcli.inspect(frame, label=list(frame.columns), **options)


def test_weights_biases_and_baselines_are_those_of_the_shares():
    found = advised(NAMES)
    classes = np.unique(NAMES)
    weights = compute_class_weight("balanced", classes=classes, y=NAMES)
    assert found.advice.class_weights == pytest.approx(dict(zip(classes.tolist(), weights, strict=True)))
    shares = np.array([(one == NAMES).mean() for one in classes])
    assert found.advice.bias_init == pytest.approx(tuple(np.log(shares)))
    assert found.advice.expected_initial_loss == pytest.approx(math.log(3))
    assert found.priors.prior_loss == pytest.approx(-(shares * np.log(shares)).sum())
    assert found.priors.majority_accuracy == pytest.approx(shares.max())


def test_binary_advice_has_one_unit_and_the_logit_of_the_share():
    found = advised([0] * 30 + [1] * 10)
    assert (found.advice.loss, found.advice.units, found.advice.activation) == ("binary_cross_entropy", 1, "sigmoid")
    assert found.advice.bias_init == pytest.approx((math.log(1 / 3),))
    assert found.advice.expected_initial_loss == pytest.approx(math.log(2))


def test_multi_label_weights_are_those_of_positives():
    found = advised(pd.DataFrame(HOT, columns=list("abcd")))
    positive = HOT.sum(axis=0)
    expected = dict(zip("abcd", (60 - positive) / positive, strict=True))
    assert found.advice.class_weights == pytest.approx(expected)
    assert found.advice.bias_init == pytest.approx(tuple(np.log(positive / (60 - positive))))
    assert found.advice.target_shape == "(N, 4)"
    share = positive / 60
    bernoulli = -(share * np.log(share) + (1 - share) * np.log(1 - share))
    assert found.priors.prior_loss == pytest.approx(bernoulli.mean())


def test_soft_targets_keep_cross_entropy_and_have_no_counts():
    found = advised(pd.DataFrame(RNG.dirichlet(np.ones(3), 60), columns=list("abc")))
    assert found.advice.loss == "categorical_cross_entropy"
    assert found.advice.class_weights is None
    assert found.advice.bias_init is None
    assert found.priors.uniform_loss == pytest.approx(math.log(3))
    labels = advised(pd.DataFrame(RNG.random((60, 3)), columns=list("abc")))
    assert labels.priors.uniform_loss == pytest.approx(math.log(2))
    assert labels.detection.task.encoding == "label-probabilities"


def test_a_class_without_rows_has_no_weight_and_a_finite_bias():
    found = advised(pd.DataFrame(np.eye(3, dtype=int)[[0, 1] * 20], columns=list("abc")))
    assert set(found.advice.class_weights) == {"a", "b"}
    assert all(math.isfinite(bias) for bias in found.advice.bias_init)


INPUTS = {
    "binary": RNG.choice(["yes", "no"], 60),
    "multiclass": NAMES,
    "indices": RNG.integers(0, 3, 60),
    "one-hot": pd.DataFrame(np.eye(3, dtype=int)[RNG.integers(0, 3, 60)], columns=list("abc")),
    "multi-hot": pd.DataFrame(HOT, columns=list("abcd")),
    "many": np.array([f"c{at % 25:02d}" for at in range(60)]),
    "tags": [["a", "b"], ["b"], ["a", "c"], ["c", "b"]] * 15,
}


@pytest.mark.parametrize("kind", sorted(INPUTS))
def test_every_snippet_is_a_program_and_the_sklearn_ones_run(kind):
    values = INPUTS[kind]
    found = advised(values)
    for name in FRAMEWORKS:
        compile(found.advice.frameworks[name].snippet, name, "exec")
    held = {"x": X, "y": values.to_numpy() if isinstance(values, pd.DataFrame) else values}
    exec(found.advice.frameworks["sklearn"].snippet, held)  # noqa: S102  our own snippet
    assert 0.0 < held["loss"] < 5.0


def test_soft_snippets_are_programs_too():
    for frame in (RNG.dirichlet(np.ones(3), 60), RNG.random((60, 3))):
        advice = advised(pd.DataFrame(frame, columns=list("abc"))).advice
        for name in FRAMEWORKS:
            compile(advice.frameworks[name].snippet, name, "exec")


MODULES = {
    "keras": "keras",
    "torch": "torch",
    "jax": "optax",
    "xgboost": "xgboost",
    "lightgbm": "lightgbm",
    "catboost": "catboost",
}


@pytest.mark.frameworks
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", sorted(INPUTS))
@pytest.mark.parametrize("name", sorted(MODULES))
def test_the_snippets_run_on_the_frameworks_themselves(name, kind):
    pytest.importorskip(MODULES[name])
    values = INPUTS[kind]
    held = {"x": X, "y": values.to_numpy() if isinstance(values, pd.DataFrame) else values}
    exec(advised(values).advice.frameworks[name].snippet, held)  # noqa: S102  our own snippet
    assert 0.0 < float(held["loss"]) < 5.0
