"""A baseline that shows a trap itself is no measure: the check says so, though it fails nothing."""

import numpy as np
import pandas as pd
import pytest

import xentcli
from xentcli.views import concise, plain
from xentcli.views.check_page import check_page


@pytest.fixture
def twice(sample, tmp_path):
    """The path of predictions that went through the softmax a second time."""
    frame = pd.read_parquet(sample / "preds_main.parquet")
    names = [name for name in frame.columns if name.startswith("p_")]
    raised = np.exp(frame[names].to_numpy(dtype=np.float64))
    frame[names] = raised / raised.sum(axis=1, keepdims=True)
    path = tmp_path / "twice.parquet"
    frame.to_parquet(path)
    return path


def test_a_trap_in_the_baseline_is_told_before_the_numbers_and_fails_nothing(sample, twice):
    report = xentcli.check(sample / "preds_next.parquet", baseline=twice, max_regression={"loss": 0.0})
    assert report.passed
    assert [one.code for one in report.models[0].baseline_errors] == ["XE206"]
    screen = plain.render(check_page(report))
    assert screen.index("so that it is no measure") < screen.index("XE206") < screen.index("outcome")
    assert f"{twice}: error XE206" in concise.check(report)
    assert report.to_dict()["models"][0]["baseline_errors"][0]["code"] == "XE206"


def test_an_honest_baseline_shows_nothing(sample):
    report = xentcli.check(
        sample / "preds_next.parquet", baseline=sample / "preds_main.parquet", max_regression={"loss": 0.0}
    )
    assert report.models[0].baseline_errors == ()
