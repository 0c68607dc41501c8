"""The curves of a binary task: vertices that lie on those of scikit-learn, few of them, and the threshold's point."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import precision_score, recall_score, roc_auc_score, roc_curve
from statsmodels.stats.proportion import proportion_confint

import xentcli


def scored(rows, seed=5, **options):
    """Return labels, scores and the score of a model that is right more often than not."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 2, rows)
    scores = 1 / (1 + np.exp(-(random.normal(size=rows) + 1.5 * labels - 0.75)))
    return labels, scores, xentcli.score((labels, scores), **options).score


def test_few_scores_give_every_vertex_of_the_curve():
    labels, scores, found = scored(60)
    false, true, _ = roc_curve(labels, scores, drop_intermediate=False)
    assert found.curves.exact
    assert found.curves.thresholds == 60
    assert found.curves.false_positive_rate == pytest.approx(false, abs=1e-15)
    assert found.curves.true_positive_rate == pytest.approx(true, abs=1e-15)


def test_many_scores_are_thinned_to_vertices_of_the_curve_that_keep_its_area():
    labels, scores, found = scored(20_000)
    curves = found.curves
    assert curves.thresholds == len(set(scores))
    assert len(curves.false_positive_rate) == len(curves.precision) == 200
    every = set(zip(*roc_curve(labels, scores, drop_intermediate=False)[:2], strict=True))
    thinned = list(zip(curves.false_positive_rate, curves.true_positive_rate, strict=True))
    assert thinned[0] == (0.0, 0.0)
    assert thinned[-1] == (1.0, 1.0)
    assert set(thinned) <= every
    area = np.trapezoid(curves.true_positive_rate, curves.false_positive_rate)
    assert area == pytest.approx(roc_auc_score(labels, scores), abs=1e-4)


def test_precision_stands_beside_each_vertex_and_is_undefined_where_nothing_is_called_positive():
    labels, scores, found = scored(60)
    assert found.curves.precision[0] is None
    ordered = labels[np.argsort(-scores)]
    assert found.curves.precision[1:] == pytest.approx(np.cumsum(ordered) / np.arange(1, 61))


def test_the_point_of_the_threshold_is_that_of_the_decisions():
    labels, scores, found = scored(500, threshold=0.7)
    decided = found.curves.decided
    assert decided.true_positive_rate == pytest.approx(recall_score(labels, scores > 0.7))
    assert decided.precision == pytest.approx(precision_score(labels, scores > 0.7))
    assert decided.false_positive_rate == pytest.approx(1 - found.metrics["specificity"])


def test_several_classes_have_no_curves():
    scores = np.random.default_rng(1).dirichlet([1, 1, 1], 30)
    assert xentcli.score((np.arange(30) % 3, scores)).score.curves is None


def test_intervals_of_recalls_and_of_reliability_are_those_of_wilson():
    _, _, found = scored(500)
    shares = [(one.recall, one.support, one.recall_interval) for one in found.per_class]
    shares += [(one.accuracy, one.count, one.interval) for one in found.calibration if one.count]
    for share, rows, interval in shares:
        assert interval == pytest.approx(proportion_confint(round(share * rows), rows, method="wilson"), abs=1e-12)


def test_weights_leave_recalls_and_reliability_without_intervals():
    random = np.random.default_rng(2)
    labels, weights = random.integers(0, 2, 40), random.random(40) + 0.5
    table = {"label": labels, "score": random.random(40), "w": weights}
    found = xentcli.score(pd.DataFrame(table), weight="w").score
    assert {one.recall_interval for one in found.per_class} == {None}
    assert {one.interval for one in found.calibration} == {None}
