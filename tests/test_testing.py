"""The assertion for test suites: what holds is returned, what does not is told in the words of the report."""

import numpy as np
import pandas as pd
import pytest
from two_models import CLASSES, predictions, row_losses, scores_of

from xentcli import Limit, Margin
from xentcli.errors import UsageError
from xentcli.testing import assert_scores

A = predictions(1, rows=200)


def test_what_holds_is_returned():
    report = assert_scores(pd.DataFrame(A), min={"accuracy": 0.3}, max={"loss": 2.0})
    assert report.passed
    (model,) = report.models
    assert [one.name for one in model.checks] == ["min accuracy", "max loss"]
    assert model.report.score.loss.value == pytest.approx(row_losses(A).mean())


def test_arrays_are_judged_too():
    truth = np.array([CLASSES.index(name) for name in A["label"]])
    assert assert_scores((truth, scores_of(A)), min={"f1_macro": 0.1}).passed
    with pytest.raises(AssertionError, match="min accuracy"):
        assert_scores((truth, scores_of(A)), min={"accuracy": 0.999})


def test_what_fails_is_told():
    limits = [Limit("recall", "recall", min=0.999, by="class")]
    with pytest.raises(AssertionError) as caught:
        assert_scores(pd.DataFrame(A), min={"accuracy": 0.9}, max={"loss": 2.0}, limits=limits)
    told = str(caught.value)
    assert told.startswith("failed: 4 of 5 checks\n")
    assert "min accuracy" in told
    assert "failed recall[eel]" in told
    assert "failed: 4 of 5 checks" in told


def test_a_regression_fails():
    worse = pd.DataFrame(predictions(2, rows=3000, skill=0.5))
    before = pd.DataFrame(predictions(1, rows=3000))
    with pytest.raises(AssertionError, match="max-regression loss"):
        assert_scores(worse, baseline=before, max_regression={"loss": "1%"})
    assert assert_scores(before, baseline=before, max_regression={"loss": 0, "f1_macro": "0%"}).passed
    by_class = Limit("recall", "recall", max_regression=Margin(0.5), by="class")
    assert assert_scores(before, baseline=before, limits=[by_class]).passed


def test_a_finding_at_level_error_fails_unless_it_is_ignored():
    frame = pd.DataFrame(A)
    frame.loc[:4, "p_cat"] = np.nan
    with pytest.raises(AssertionError, match="XE208"):
        assert_scores(frame, min={"accuracy": 0.1}, skip_bad_rows=True)
    assert assert_scores(frame, min={"accuracy": 0.1}, skip_bad_rows=True, ignore=["XE208"]).passed


@pytest.mark.parametrize(
    "options",
    [{}, {"min": {"acuracy": 0.5}}, {"min": {"accuracy": "high"}}, {"max_regression": {"loss": -1}}],
)
def test_what_cannot_be_judged_is_no_failed_assertion(options):
    with pytest.raises(UsageError):
        assert_scores(pd.DataFrame(A), **options)
