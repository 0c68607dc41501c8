"""Options that do nothing for the scores at hand, or change what they are read as, are named in the reasons."""

import numpy as np
import pandas as pd
import pytest

import xentcli

RNG = np.random.default_rng(4)
LOGITS = RNG.normal(size=(30, 3)) * 4.0
THREE = pd.DataFrame(LOGITS, columns=["logit_a", "logit_b", "logit_c"]).assign(label=list("abc") * 10)
SINGLE = pd.DataFrame({"label": [0, 1] * 15, "prob": RNG.random(30)})
SEVERAL = pd.DataFrame({"y_a": [0, 1] * 15, "y_b": [0, 0, 1] * 10, "p_a": RNG.random(30), "p_b": RNG.random(30)})
DECISIONS = pd.DataFrame({"label": list("ab") * 15, "pred": list("aab") * 10})
CHANCES = pd.DataFrame(RNG.dirichlet(np.ones(3), 30), columns=["p_a", "p_b", "p_c"]).assign(label=list("abc") * 10)


def idle(data, **options):
    return [one for one in xentcli.score(data, **options).score.task.reasons if "is not used" in one]


@pytest.mark.parametrize(
    ("data", "options", "reason"),
    [
        (THREE, {"threshold": 0.7}, "--threshold 0.7 is not used: of several classes the highest score wins"),
        (DECISIONS, {"threshold": 0.7}, "--threshold 0.7 is not used: the decisions are made already"),
        (
            THREE, {"normalize": True},
            "--normalize is not used: it divides probabilities, and logits go through log-softmax",
        ),
        (SINGLE, {"normalize": True}, "--normalize is not used: one score and its complement sum to 1"),
        (SEVERAL, {"normalize": True}, "--normalize is not used: the labels of a row are no shares of one whole"),
        (DECISIONS, {"normalize": True}, "--normalize is not used: it divides probabilities, and there are none"),
    ],
)  # fmt: skip
def test_an_option_that_does_nothing_says_so(data, options, reason):
    assert idle(data, **options) == [reason]


@pytest.mark.parametrize(
    ("data", "options"),
    [
        (SINGLE, {"threshold": 0.7}), (SEVERAL, {"threshold": 0.7}), (CHANCES, {"normalize": True}), (THREE, {}),
        (DECISIONS, {}),
    ],
)  # fmt: skip
def test_an_option_that_does_something_does_not(data, options):
    assert idle(data, **options) == []


def test_a_default_of_the_configuration_is_no_error(xent, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    CHANCES.to_csv(tmp_path / "p.csv", index=False)
    (tmp_path / "xent.toml").write_text("threshold = 0.7\n")
    ran = xent("score", tmp_path / "p.csv", isolated=False)
    assert ran.status == 0
    assert "--threshold 0.7 is not used" in ran.out


TWO = pd.DataFrame({"label": ["cat", "dog"] * 15, "p_cat": RNG.random(30)})
TWO["p_dog"] = 1.0 - TWO["p_cat"]


@pytest.mark.parametrize(("option", "flag"), [("weight", "--weight"), ("id", "--id"), ("by", "--by")])
def test_a_score_column_that_an_option_takes_away_is_named(option, flag):
    reasons = xentcli.score(TWO, **{option: "p_dog"}).score.task.reasons
    assert f"p_dog is named like a score, but given to {flag} and so none" in reasons


def test_a_class_name_that_an_option_takes_away_is_named():
    bare = TWO.rename(columns={"p_cat": "cat", "p_dog": "dog"})
    reasons = xentcli.score(bare, weight="dog").score.task.reasons
    assert "dog is named like a score, but given to --weight and so none" in reasons


def test_a_column_of_another_kind_or_beside_given_scores_is_not():
    plain = TWO.assign(w=1.0)
    for options in ({"weight": "w"}, {"weight": "p_dog", "scores": "p_cat"}):
        assert not any("named like" in one for one in xentcli.score(plain, **options).score.task.reasons)
