"""The positive class: one decision for every command, whatever the order of the columns."""

import numpy as np
import pandas as pd
import pytest

import xentcli
from xentcli.task.positive import PositiveBy, positive_class, score_names

ROWS = 80


def table(no, yes, negative, positive, seed=0):
    """Return rows of two classes with a score column for each, or one score column if `no` is None."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, ROWS)
    p = np.clip(0.5 + 0.2 * (2 * truth - 1) + rng.normal(0, 0.2, ROWS), 0.01, 0.99)
    held = {"label": np.where(truth, positive, negative), yes: p}
    return pd.DataFrame(held if no is None else held | {no: 1 - p})


@pytest.mark.parametrize(
    ("classes", "expected", "by"),
    [
        (("malignant", "benign"), "malignant", PositiveBy.SORTED),
        (("1", "0"), "1", PositiveBy.NUMBER),
        (("1", "-1"), "1", PositiveBy.NUMBER),
        (("10", "9"), "10", PositiveBy.NUMBER),
        (("Yes", "No"), "Yes", PositiveBy.WORD),
        (("control", "case"), "case", PositiveBy.WORD),
        (("Present", "absent"), "Present", PositiveBy.WORD),
        (("pos", "neg"), "pos", PositiveBy.WORD),
        (("y", "n"), "y", PositiveBy.WORD),
        (("positive", "suspect"), "positive", PositiveBy.WORD),
        (("negative", "abnormal"), "abnormal", PositiveBy.WORD),
        (("t", "x"), "x", PositiveBy.SORTED),
    ],
)
def test_two_names_decide_in_either_order(classes, expected, by):
    for order in (classes, classes[::-1]):
        found = positive_class(order, None)
        assert (order[found.index], found.by) == (expected, by)


def test_what_the_caller_states_comes_first():
    assert positive_class(("no", "yes"), "no", {"p_yes": "yes"}).index == 0
    assert positive_class(("1", "2"), "1.0").by is PositiveBy.STATED


def test_a_score_column_that_is_named_after_one_class_comes_before_the_names():
    found = positive_class(("fraud", "legit"), None, {"prob_Fraud": "Fraud"})
    assert (found.index, found.by) == (0, PositiveBy.SCORE)
    assert positive_class(("fraud", "legit"), None, {"p_fraud": "fraud", "p_legit": "legit"}).index == 1


def test_of_two_classes_that_differ_in_letter_case_a_score_names_the_one_it_spells():
    assert positive_class(("a", "A"), None, {"p_A": "A"}).index == 1
    assert positive_class(("a", "b"), None, {"p_A": "A"}).index == 0


def test_a_guess_by_order_says_how_to_choose_the_other_class():
    reason = positive_class(("ham", "not ham"), None).reason
    assert reason == "the last of the sorted names; --positive ham for the other"
    assert positive_class(("not ham", "spam"), None).reason.endswith("--positive 'not ham' for the other")


def test_labels_0_and_1_of_named_classes_make_the_second_positive():
    frame = table(None, "score", 0, 1)
    score = xentcli.score(frame, classes="malignant,benign").score
    assert score.task.positive == "benign"
    assert score.loss.value == xentcli.score(frame).score.loss.value


def test_only_names_with_a_known_affix_are_scores():
    columns = ["prob_fraud", "fraud_type", "age", "is_fraud", "legit"]
    assert score_names(columns, ("fraud", "legit")) == {"prob_fraud": "fraud"}


@pytest.mark.parametrize(("negative", "positive"), [("benign", "malignant"), ("suspect", "positive"), ("0", "1")])
def test_swapping_the_columns_changes_no_number(negative, positive):
    frame = table(f"p_{negative}", f"p_{positive}", negative, positive)
    found = [xentcli.score(frame[list(order)]).score for order in (frame.columns, frame.columns[::-1])]
    assert {one.task.positive for one in found} == {positive}
    for name in ("sensitivity", "specificity", "roc_auc", "average_precision", "brier"):
        assert found[0].metrics[name] == found[1].metrics[name]
    assert found[0].loss.value == found[1].loss.value
    assert found[0].accuracy == found[1].accuracy


@pytest.mark.parametrize(
    ("no", "yes", "negative", "positive"),
    [
        (None, "prob_fraud", "legit", "Fraud"),
        ("p_malignant", "p_benign", "malignant", "benign"),
        (None, "score", "control", "case"),
        (None, "p_0", 1, 0),
    ],
)
def test_every_command_takes_the_same_class(no, yes, negative, positive):
    frame = table(no, yes, negative, positive)
    scored = xentcli.score(frame).score.task.positive
    assert scored == xentcli.inspect(frame, label="label").detection.task.positive
    assert scored == xentcli.encode(frame, to="booleans", label="label").positive
    checked = xentcli.check(frame, min={"accuracy": 0.1}).models[0].report.score.task.positive
    compared = xentcli.compare(frame, frame)
    assert scored == checked == compared.a.score.task.positive == compared.b.score.task.positive


def test_a_share_of_one_class_is_that_of_the_positive_one_in_either_order():
    rng = np.random.default_rng(5)
    share = rng.random(ROWS)
    frame = pd.DataFrame({"soft_label": share, "p_benign": 1 - share, "p_malignant": share})
    losses = {xentcli.score(frame[list(order)]).score.loss.value for order in (frame.columns, frame.columns[::-1])}
    assert len(losses) == 1
    assert losses.pop() == pytest.approx(-(share * np.log(share) + (1 - share) * np.log(1 - share)).mean())
