"""Differences of precision and F1 by class: scikit-learn's values, a bootstrap over rows, and both orders of models."""

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

import xentcli
from xentcli.scoring.comparing.model import Difference

CLASSES = ["cat", "dog", "eel"]


def decided(seed, rows, right):
    """Return decisions that are right with some probability; labels are the same for every seed."""
    truth = np.random.default_rng(0).integers(0, 3, rows)
    rng = np.random.default_rng(seed)
    guess = np.where(rng.random(rows) < right, truth, rng.integers(0, 3, rows))
    return pd.DataFrame({"label": np.array(CLASSES)[truth], "predicted": np.array(CLASSES)[guess]})


A, B = decided(1, 600, 0.7), decided(2, 600, 0.8)


def by_class(a, b):
    return {one.value: one for one in xentcli.compare(a, b).comparison.per_class}


@pytest.mark.parametrize(("name", "score"), [("precision", metrics.precision_score), ("f1", metrics.f1_score)])
def test_values_are_those_of_scikit_learn(name, score):
    expected = [score(one.label, one.predicted, labels=CLASSES, average=None) for one in (A, B)]
    for at, (_, one) in enumerate(sorted(by_class(A, B).items())):
        found = getattr(one, name)
        assert (found.a, found.b) == (pytest.approx(expected[0][at]), pytest.approx(expected[1][at]))
        assert found.value == found.b - found.a
        assert found.interval[0] < found.value < found.interval[1]


def precision(has, given):
    return (has & given).sum() / given.sum()


def f1(has, given):
    return 2 * (has & given).sum() / (has.sum() + given.sum())


@pytest.mark.parametrize("rate", [precision, f1])
def test_intervals_are_those_of_resampled_rows(rate):
    rng = np.random.default_rng(5)
    has, *given = (np.array(one == "dog") for one in (A.label, A.predicted, B.predicted))
    drawn = []
    for _ in range(1000):
        at = rng.integers(0, 600, 600)
        one, other = (rate(has[at], each[at]) for each in given)
        drawn.append(other - one)
    found = getattr(by_class(A, B)["dog"], rate.__name__).interval
    assert found == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.012)


def test_models_in_each_others_place_turn_the_signs():
    one, other = by_class(A, B), by_class(B, A)
    for name in CLASSES:
        for metric in ("precision", "f1"):
            there, back = getattr(one[name], metric), getattr(other[name], metric)
            assert there.interval == pytest.approx((-back.interval[1], -back.interval[0]), abs=1e-12)
            assert there.p_value == back.p_value


def test_identical_predictions_have_no_difference():
    for one in by_class(A, A).values():
        assert (one.precision.interval, one.f1.interval, one.f1.p_value) == ((0.0, 0.0), (0.0, 0.0), 1.0)


def test_p_values_are_corrected_for_the_number_of_classes():
    found = [one.f1 for one in by_class(A, B).values()]
    assert all(isinstance(one, Difference) and one.adjusted >= one.p_value for one in found)
    least = min(one.p_value for one in found)
    assert min(one.adjusted for one in found) == pytest.approx(3 * least)


def test_a_class_that_a_model_never_says_has_no_precision():
    never = A.assign(predicted=A.predicted.where(A.predicted != "eel", "cat"))
    found = by_class(never, B)["eel"].precision
    assert (found.a, found.value, found.interval) == (None, None, None)
    assert found.because == "too many resamples leave it undefined"


@pytest.mark.parametrize("metric", ["recall", "precision", "f1"])
def test_a_limit_on_one_class_is_held_against_the_baseline(metric):
    report = xentcli.check(A, baseline=B, max_regression={f"{metric}[cat]": 0.01})
    (check,) = report.models[0].checks
    one = by_class(B, A)["cat"]
    found = one.accuracy if metric == "recall" else getattr(one, metric)
    assert check.group.value == "cat"
    assert check.baseline.worsening == pytest.approx(-found.value)
    assert check.baseline.interval == (-found.interval[1], -found.interval[0])
    assert check.interval is not None


@pytest.mark.parametrize("metric", ["recall", "precision", "f1"])
def test_a_stored_score_tells_the_same_with_wider_intervals(metric, tmp_path):
    import json  # noqa: PLC0415  only here

    path = tmp_path / "b.json"
    path.write_text(json.dumps(xentcli.score(B).to_dict()))
    limits = {"max_regression": {f"{metric}[cat]": 0.5}}
    (stored,), (paired,) = (xentcli.check(A, baseline=one, **limits).models[0].checks for one in (str(path), B))
    assert stored.baseline.worsening == pytest.approx(paired.baseline.worsening)
    assert stored.baseline.interval[0] < stored.baseline.worsening < stored.baseline.interval[1]
    assert not stored.baseline.paired


def test_the_page_of_everything_shows_them():
    from xentcli.views import plain  # noqa: PLC0415  only here
    from xentcli.views.compare_page import compare_page  # noqa: PLC0415  likewise

    report = xentcli.compare(A, B)
    assert "Precision by class" in plain.render(compare_page(report, everything=True))
    assert "Precision by class" not in plain.render(compare_page(report))
