"""Advice: numbers as numbers, words per kind of task, and code that runs."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import log_loss
from sklearn.utils.class_weight import compute_class_weight

import xentcli
from xentcli.advice.recommend import FRAMEWORKS

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


def test_soft_targets_keep_cross_entropy_and_have_a_floor():
    shares = RNG.dirichlet(np.ones(3), 60)
    found = advised(pd.DataFrame(shares, columns=list("abc")))
    assert found.advice.loss == "categorical_cross_entropy"
    assert found.advice.class_weights is None
    assert found.advice.bias_init == pytest.approx(np.log(shares.mean(axis=0)), abs=1e-6)
    assert found.priors.uniform_loss == pytest.approx(math.log(3))
    assert found.priors.prior_loss == pytest.approx(stats.entropy(shares.mean(axis=0)), abs=1e-6)
    floor = stats.entropy(shares, axis=1).mean()
    assert any(f"{floor:.4g}" in one.because for one in found.advice.hints)
    cells = RNG.random((60, 3))
    labels = advised(pd.DataFrame(cells, columns=list("abc")))
    means = cells.mean(axis=0)
    bernoulli = [stats.entropy([mean, 1 - mean]) for mean in means]
    assert labels.priors.uniform_loss == pytest.approx(math.log(2))
    assert labels.priors.prior_loss == pytest.approx(np.mean(bernoulli), abs=1e-6)
    assert labels.advice.bias_init == pytest.approx(np.log(means / (1 - means)), abs=1e-6)
    assert labels.detection.task.encoding == "label-probabilities"


def test_several_outputs_sum_their_baselines():
    frame = pd.DataFrame({"color": RNG.choice(["red", "blue", "green"], 60), "flat": RNG.choice([0, 1], 60)})
    found = advised(frame)
    single = [advised(frame[[name]]) for name in frame]
    assert found.advice.units == 5
    assert found.advice.target_shape == "(N, 2)"
    assert found.advice.expected_initial_loss == pytest.approx(math.log(3) + math.log(2))
    assert found.priors.prior_loss == pytest.approx(sum(one.priors.prior_loss for one in single))
    assert found.advice.bias_init[:3] == pytest.approx(single[0].advice.bias_init)
    assert found.advice.hints[0].what == "one softmax per column, losses summed"


def test_positive_weights_count_the_rows_that_say():
    assert advised([0] * 30 + [1] * 10).advice.pos_weight == {"1": 3.0}
    assert advised(NAMES).advice.pos_weight is None
    matrix = pd.DataFrame({"a": [1, 0, 0, None] * 15, "b": [1, 0, 1, 0] * 15})
    assert advised(matrix).advice.pos_weight == {"a": 2.0, "b": 1.0}


def test_hints_are_given_where_the_numbers_call_for_them():
    def hints(values):
        return " | ".join(f"{one.what}: {one.because}" for one in advised(values).advice.hints)

    assert hints(NAMES) == ""
    assert "100 times the rows" in hints([0] * 1000 + [1] * 10)
    many = [f"c{at % 20:02d}" for at in range(400)]
    smoothed = np.full(20, 0.1 / 20)
    smoothed[0] += 0.9
    assert f"{stats.entropy(smoothed):.4g}" in hints(many)
    assert "low < medium < high" in hints(["low", "medium", "high"] * 30)
    assert "rows for 3 classes are few" in hints(["a", "b", "c"] * 5)
    rare = pd.DataFrame((RNG.random((400, 250)) < 0.004).astype(int)).add_prefix("t")
    assert "negative sampling" in hints(rare)


def test_what_to_avoid_is_about_these_labels():
    def avoided(values):
        return " | ".join(f"{one.what}: {one.because}" for one in advised(values).advice.avoid)

    assert "-1/1" in avoided([-1, 1] * 30)
    assert "as they stand" not in avoided([0, 1] * 30)
    assert "1 - 1/10 = 0.9" in avoided(list(range(10)) * 30)
    assert f"already earns {1 - HOT.mean():.4g}" in avoided(pd.DataFrame(HOT, columns=list("abcd")))


def test_the_losses_called_equal_are_equal():
    probabilities = RNG.dirichlet(np.ones(2), 50)
    labels = RNG.integers(0, 2, 50)
    binary = -np.mean(labels * np.log(probabilities[:, 1]) + (1 - labels) * np.log(1 - probabilities[:, 1]))
    categorical = -np.mean((np.eye(2)[labels] * np.log(probabilities)).sum(axis=1))
    sparse = -np.mean(np.log(probabilities[np.arange(50), labels]))
    assert binary == pytest.approx(categorical, rel=1e-12)
    assert sparse == pytest.approx(categorical, rel=1e-12)
    assert log_loss(labels, probabilities) == pytest.approx(sparse, rel=1e-12)
    targets = RNG.dirichlet(np.ones(2), 50)
    soft = -np.mean((targets * np.log(probabilities)).sum(axis=1))
    divergence = np.mean(stats.entropy(targets, probabilities, axis=1))
    assert soft - divergence == pytest.approx(np.mean(stats.entropy(targets, axis=1)), rel=1e-12)


def test_a_class_without_rows_has_no_weight_and_a_finite_bias():
    found = advised(pd.DataFrame(np.eye(3, dtype=int)[[0, 1] * 20], columns=list("abc")))
    assert set(found.advice.class_weights) == {"a", "b"}
    assert all(math.isfinite(bias) for bias in found.advice.bias_init)


def frame(matrix, dtype=object):
    return pd.DataFrame(np.asarray(matrix), columns=list("abcd")[: np.shape(matrix)[1]], dtype=dtype)


ONE_HOT = np.eye(3, dtype=int)[np.arange(60) % 3]
INPUTS = {
    "yes and no": RNG.choice(["yes", "no"], 60),
    "booleans": RNG.choice([True, False], 60),
    "minus one and one": RNG.choice([-1, 1], 60),
    "one and two": RNG.choice([1, 2], 60),
    "names": NAMES,
    "names with holes": [*NAMES[:55].tolist(), None, None, float("nan"), None, None],
    "indices": np.arange(60) % 3,
    "masked indices": np.where(np.arange(60) % 7 == 0, -100, np.arange(60) % 3),
    "codes": RNG.choice([3, 7, 12], 60),
    "one-hot": frame(ONE_HOT, int),
    "one-hot with holes": frame(np.where(np.arange(60)[:, None] % 20 == 0, np.nan, ONE_HOT), float),
    "one-hot of words": frame(np.where(ONE_HOT == 1, "yes", "no")),
    "multi-hot": frame(HOT, int),
    "multi-hot with unknown cells": frame(np.where(RNG.random((60, 4)) < 0.1, -1.0, HOT), float),
    "multi-hot with blanks": frame(np.where(RNG.random((60, 4)) < 0.1, np.nan, HOT), float),
    "minus one and one in columns": frame(2 * HOT - 1, int),
    "options": frame(np.where(HOT == 1, ["Cake", "Pie", "Tart", "Rolls"], "Not selected")),
    "shares": frame(RNG.dirichlet(np.ones(3), 60), float),
    "votes": frame(RNG.multinomial(9, [0.5, 0.3, 0.2], 60), int),
    "shares per label": frame(RNG.random((60, 3)), float),
    "many": np.array([f"c{at % 25:02d}" for at in range(60)]),
    "tags": [["a", "b"], ["b"], ["a", "c"], ["c", "b"]] * 15,
    "tags with holes": [["a", "b"], ["b"], ["a", "c"], None, ["c", "b"], []] * 10,
    "delimited tags": ["a|b", "b", "a|c", None, "c|b|a"] * 12,
    "tags in angles": ["<a><b>", "<b>", "<a><c>", "<c>"] * 15,
    "tags in brackets": ["['a', 'b']", "['b']", "[]", "['c', 'a']"] * 15,
    "outputs": pd.DataFrame({"color": ["red", "blue", "green"] * 20, "size": [0, 1] * 30}),
    "outputs with holes": pd.DataFrame({"a": ["x", "y", None] * 20, "b": ["u", "v", "w", "u", None] * 12}),
}  # fmt: skip


def as_held(values):
    """Return labels as a snippet finds them: rows of cells for several columns."""
    if isinstance(values, pd.DataFrame):
        numbers = all(pd.api.types.is_numeric_dtype(kind) for kind in values.dtypes) and len(set(values.dtypes)) == 1
        return values.to_numpy() if numbers else values.to_numpy(dtype=object).tolist()
    return values


def ran(snippet, values):
    held = {"x": X, "y": as_held(values)}
    exec(snippet, held)  # noqa: S102  our own snippet
    return float(held["loss"])


@pytest.mark.parametrize("kind", sorted(INPUTS))
def test_every_snippet_is_a_program_and_the_sklearn_one_runs(kind):
    values = INPUTS[kind]
    found = advised(values)
    for name in FRAMEWORKS:
        snippet = found.advice.frameworks[name].snippet
        compile(snippet, name, "exec")
        assert max(len(line) for line in snippet.splitlines()) <= 120
    assert 0.0 < ran(found.advice.frameworks["sklearn"].snippet, values) < 5.0


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
    assert 0.0 < ran(advised(values).advice.frameworks[name].snippet, values) < 6.0


@pytest.mark.frameworks
@pytest.mark.parametrize("kind", ["yes and no", "names", "multi-hot", "shares"])
def test_the_bias_makes_an_untrained_model_of_torch_cost_what_the_shares_cost(kind):
    torch = pytest.importorskip("torch")
    values = INPUTS[kind]
    found = advised(values)
    snippet = found.advice.frameworks["torch"].snippet
    bias = f"model.weight.data.zero_(); model.bias.data = torch.tensor({list(found.advice.bias_init)})"
    once = snippet.replace("criterion = ", f"{bias}\ncriterion = ", 1).replace("range(20)", "range(1)")
    assert torch is not None
    assert ran(once, values) == pytest.approx(found.priors.prior_loss, rel=1e-5)
