"""Every number of a Score equals scikit-learn's, or the plain formula's, on random data of every task."""

from dataclasses import replace

import numpy as np
import pytest
import references
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import make, samples

import xentcli

KINDS = ("single", "binary", "multiclass", "multilabel")
ONE_LABEL = ("single", "binary", "multiclass")


def scored(sample):
    """Return the Score of a sample; columns of many rows without any score could be several models' as well."""
    columns = {"scores": "p_"} if sample.kind == "multiclass" else {}
    return xentcli.score(sample.table(), **sample.arguments(), **columns).score


def same(value):
    """Return what a value must be close to; None and numbers of rows must be met exactly."""
    if value is None or isinstance(value, int):
        return value
    return pytest.approx(value, rel=1e-12, abs=1e-12)


def law(kinds, examples=25, **drawn):
    """Try a test on samples of each kind of task."""

    def over(function):
        @pytest.mark.parametrize("kind", kinds)
        @settings(max_examples=examples)
        @given(st.data())
        def test(kind, data):
            function(data.draw(samples(kind, **drawn)))

        test.__doc__ = function.__doc__
        return test

    return over


def check_loss(found, sample):
    expected = references.loss(sample)
    error = expected.pop("standard_error")
    expected.pop("interval")
    for name, value in expected.items():
        assert getattr(found, name) == same(value), name
    if error is None:
        assert (found.standard_error, found.interval) == (None, None)
        return
    assert found.standard_error == pytest.approx(error, rel=1e-12, abs=references.blur(sample, error))
    assert found.interval == same(references.normal(found.value, found.standard_error, 0.95))


@law(KINDS, 60)
def test_the_loss_and_all_beside_it(sample):
    check_loss(scored(sample).loss, sample)


@law(KINDS, scales=("probabilities",))
def test_the_loss_is_log_loss(sample):
    assert scored(sample).loss.value == same(references.log_loss(sample))


@law(KINDS)
def test_accuracy_and_its_interval(sample):
    found = scored(sample).accuracy
    value, interval, correct = references.accuracy(sample)
    assert found.correct == correct
    assert found.value == same(value)
    assert found.interval == same(interval)


@law(KINDS, 40)
def test_averages_and_agreement(sample):
    found = scored(sample).metrics
    for name, value in references.rates(sample).items():
        assert found[name] == same(value), name


@law(ONE_LABEL)
def test_each_class(sample):
    for found, expected in zip(scored(sample).per_class, references.per_class(sample), strict=True):
        for name, value in expected.items():
            assert getattr(found, name) == same(value), name


@law(["multilabel"], 40)
def test_each_label(sample):
    for found, expected in zip(scored(sample).per_label, references.per_class(sample), strict=True):
        for name, value in expected.items():
            assert getattr(found, name) == same(value), name


@law(ONE_LABEL)
def test_the_confusion_matrix(sample):
    found = scored(sample).confusion
    assert [list(row) for row in found.counts] == references.confusion(sample)
    if sample.weights is None:
        assert found.weights is None
        return
    for row, expected in zip(found.weights, references.confusion(sample, weighted=True), strict=True):
        assert list(row) == same(expected)


@law(ONE_LABEL)
def test_the_brier_score(sample):
    assert scored(sample).metrics["brier"] == same(references.brier(sample))


@law(ONE_LABEL)
def test_reliability_bins_and_the_calibration_error(sample):
    expected = references.reliability(sample)
    if expected is None:
        return
    score = scored(sample)
    for found, (rows, mean, share) in zip(score.calibration, expected[0], strict=True):
        assert (found.count, found.mean_score, found.accuracy) == (rows, same(mean), same(share))
    assert score.metrics["ece"] == same(expected[1])


@law(["multiclass"], 40)
def test_top_k(sample):
    found = scored(sample).metrics
    for k in (2, 3, 5):
        assert found[f"top_{k}"] == same(references.top_k(sample, k))


def check_all(found, sample):
    """Check the parts of a Score that every task has."""
    check_loss(found.loss, sample)
    value, interval, correct = references.accuracy(sample)
    assert (found.accuracy.value, found.accuracy.interval, found.accuracy.correct) == (
        same(value), same(interval), correct,
    )  # fmt: skip
    expected = references.rates(sample)
    if sample.kind != "multilabel":
        expected["brier"] = references.brier(sample)
    if sample.kind == "multiclass":
        expected |= {f"top_{k}": references.top_k(sample, k) for k in (2, 3, 5)}
    for name, value in expected.items():
        assert found.metrics[name] == same(value), name
    tables = found.per_class if found.per_label is None else found.per_label
    for one, values in zip(tables, references.per_class(sample), strict=True):
        for name, value in values.items():
            assert getattr(one, name) == same(value), name


@law(KINDS)
def test_float32_scores_count_as_the_float64_numbers_that_they_are(sample):
    narrow = replace(sample, scores=sample.scores.astype(np.float32))
    options = dict(sample.options)
    if sample.scale == "probabilities" and "threshold" in options:
        options["threshold"] = float(np.float32(options["threshold"]))
    check_all(scored(narrow), replace(narrow, scores=narrow.scores.astype(np.float64), options=options))


@pytest.mark.parametrize("classes", [200, 201, 260])
@pytest.mark.parametrize("scale", ["probabilities", "logits"])
@pytest.mark.parametrize("weighting", [None, "some zero"])
def test_hundreds_of_classes(classes, scale, weighting):
    styles = ["smooth", "tied", "off one"] if scale == "probabilities" else ["smooth", "tied", "masked"]
    sample = make(classes, "multiclass", 400, classes, scale, styles, weighting)
    found = scored(sample)
    check_all(found, sample)
    matrix = references.confusion(sample)
    if classes <= 200:
        assert [list(row) for row in found.confusion.counts] == matrix
        return
    cells = tuple((i, j, rows) for i, row in enumerate(matrix) for j, rows in enumerate(row) if rows)
    assert (found.confusion.counts, found.confusion.cells, found.confusion.weights) == (None, cells, None)
