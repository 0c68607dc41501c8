"""Reasons of the frameworks' table: they name a difference that there is, in rows that have it."""

import numpy as np
import pandas as pd
import pytest

import xentcli


def scored(p, labels, **options):
    data = pd.DataFrame(p, columns=[f"p_{at}" for at in range(p.shape[1])]).assign(label=labels)
    return xentcli.score(data, **options).score


def because(score, framework, version=None, call=""):
    return next(
        one.because
        for one in score.frameworks
        if one.framework == framework and version in {None, one.version} and call in (one.call or "")
    )


def test_the_headlines_own_clip_is_no_reason():
    p = np.array([[0.0, 0.6, 0.8], [0.5, 0.4, 0.2], [0.2, 0.3, 0.7]])
    found = scored(p, [0, 1, 2])
    assert because(found, "scikit-learn", "1.5 - 1.9") == "leaves 3 rows undivided that do not sum to 1"
    assert because(found, "scikit-learn", "0.19 - 1.0") == "clips at 1e-15: 1 row costs 34.54 instead of 36.04"
    assert because(found, "xgboost") == "clips at 1e-16: 1 row costs 36.84 instead of 36.04"


def test_rows_just_above_0_are_said_to_cost_up_to_the_clip():
    p = np.array([[0.0, 1.0], [1e-16, 1.0], [1e-9, 1.0 - 1e-9], [0.5, 0.5]])
    found = scored(p, [0, 0, 0, 1])
    assert because(found, "keras", "3", "CategoricalC") == "clips at 1e-7: 3 rows cost 16.12 instead of up to 36.04"
    assert because(found, "lightgbm") == "clips at 1e-15: 2 rows cost 34.54 instead of up to 36.04"
    assert because(found, "xgboost") == "clips at 1e-16: 2 rows cost up to 36.84 instead of 36.04"


def test_a_small_score_in_a_row_as_small_is_clipped_by_none_that_divides():
    p = np.array([[1e-9, 1e-12, 1e-12], [0.0, 0.5, 0.5]])
    found = scored(p, [0, 0])
    assert because(found, "keras", "3", "CategoricalC") == "clips at 1e-7: 1 row costs 16.12 instead of 36.04"


def test_logits_are_not_said_to_be_clipped_by_a_loss_that_takes_logits():
    data = pd.DataFrame({"label": [0, 1, 1], "logit_1": [60.0, 2.0, -1.0], "w": [1.0, 2.0, 3.0]})
    found = because(xentcli.score(data, weight="w").score, "torch")
    assert found.startswith("divides by 3 rows")
    assert "clips" not in found


# scikit-learn up to 1.0 clips every score, then divides


def old_log_loss(hot, p):
    clipped = np.clip(p, 1e-15, 1 - 1e-15)
    clipped /= clipped.sum(axis=1, keepdims=True)
    return float(-(hot * np.log(clipped)).sum(axis=1).mean())


def of_old_sklearn(score):
    return next(one for one in score.frameworks if (one.framework, one.version) == ("scikit-learn", "0.19 - 1.0"))


@pytest.mark.parametrize("classes", [3, 12, 210])
def test_sigmoids_as_small_as_the_clip_are_raised_before_rows_are_divided(classes):
    random = np.random.default_rng(4)
    labels = random.integers(0, classes, 50)
    p = 10.0 ** random.uniform(-18, -14, size=(50, classes))
    p[np.arange(50), labels] = 10.0 ** random.uniform(-16, -1, size=50)
    p[0] = 0.0
    score = scored(p, labels)
    entry = of_old_sklearn(score)
    assert entry.loss == pytest.approx(old_log_loss(np.eye(classes)[labels], p), rel=1e-11)
    assert "raises scores below 1e-15 to it before it divides" in entry.because


def test_labels_as_small_as_the_clip_are_raised_likewise():
    random = np.random.default_rng(6)
    hot = random.integers(0, 2, (40, 3))
    p = 10.0 ** random.uniform(-17, -1, size=(40, 3))
    data = pd.DataFrame(hot, columns=["y_a", "y_b", "y_c"])
    data[["p_a", "p_b", "p_c"]] = p
    score = xentcli.score(data, label=["y_a", "y_b", "y_c"], scores="p_", scale="probabilities").score
    assert of_old_sklearn(score).loss == pytest.approx(old_log_loss(hot, p), rel=1e-11)


@pytest.mark.parametrize("rows", [1, 7, 1000])
def test_no_entry_hangs_on_how_the_file_is_cut(rows, tmp_path):
    random = np.random.default_rng(9)
    p = 10.0 ** random.uniform(-17, 0, size=(1000, 3))
    p[::2] /= p[::2].sum(axis=1, keepdims=True)
    data = pd.DataFrame(p, columns=["p_owl", "p_ant", "p_fox"])
    data["label"] = np.array(["owl", "ant", "fox"])[random.integers(0, 3, 1000)]
    whole, cut = tmp_path / "whole.parquet", tmp_path / "cut.parquet"
    data.to_parquet(whole)
    data.to_parquet(cut, row_group_size=rows)
    assert xentcli.score(cut).score.frameworks == xentcli.score(whole).score.frameworks
