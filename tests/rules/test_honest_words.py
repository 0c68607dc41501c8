"""What findings and refusals say is true of the file: hard scores, grades, codes, confidences, classes to name."""

import warnings

import numpy as np
import pandas as pd
import pytest
from mistakes import sigmoid, skilled, softmax, wide
from sklearn.neighbors import KNeighborsClassifier

import xentcli
from xentcli.errors import XentError


def findings(frame, **options):
    return {one.code: one for one in xentcli.score(frame, **options).findings}


def hard(rows, skill, seed=3):
    truth, logits = skilled(4, rows=rows, seed=seed, skill=skill)
    scores = softmax(logits)
    return wide(truth, (scores == scores.max(axis=1, keepdims=True)).astype(float))


@pytest.mark.parametrize(("rows", "skill"), [(50, 1.5), (500, 3.0), (5000, 3.0)])
def test_decisions_with_ten_misses_or_more_are_warned(rows, skill):
    frame = hard(rows, skill)
    assert findings(frame)["XE211"].level == "warning"


def test_votes_of_three_neighbours_that_agree_in_all_of_few_rows_are_a_note():
    spoken = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        places = rng.normal(size=(3, 4)) * 2.0
        known, asked = rng.integers(0, 3, 300), rng.integers(0, 3, 30)
        model = KNeighborsClassifier(3).fit(places[known] + rng.normal(size=(300, 4)), known)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            votes = model.predict_proba(places[asked] + rng.normal(size=(30, 4)))
        found = findings(wide(asked, votes)).get("XE211")
        if found is not None:
            spoken += 1
            assert found.level == "note"
            assert "votes of few neighbours or trees that agree in all rows" in found.message
    assert spoken > 0


def test_what_hard_scores_cost_is_said_only_of_a_plain_loss():
    frame = hard(500, 3.0)
    assert "36.04" in findings(frame)["XE211"].message
    assert "36.04" not in findings(frame, label_smoothing=0.1)["XE211"].message


@pytest.mark.parametrize("letters", ["ABCDF", "ABCDEF", "ABCDE", "BDE", "ABCDEFG"])
def test_grades_may_skip_any_letter(letters):
    frame = pd.DataFrame({"grade": np.array(list(letters))[np.arange(400) % len(letters)]})
    found = {one.code: one for one in xentcli.inspect(frame).findings}["XE116"]
    assert " < ".join(sorted(letters, reverse=True)) in found.message
    plain = {one.code for one in xentcli.inspect(frame.rename(columns={"grade": "label"})).findings}
    assert "XE116" not in plain


@pytest.mark.parametrize("pattern", ["C{:05d}", "{:08x}", "img_{:04d}.png"])
def test_codes_that_come_back_are_not_said_to_hardly_repeat(pattern):
    frame = pd.DataFrame({"user_id": [pattern.format(at % 26 * 791) for at in range(4000)]})
    found = {one.code: one for one in xentcli.inspect(frame).findings}["XE115"]
    assert "hardly" not in found.message
    assert "26 distinct" in found.message
    assert "in 4,000 rows" in found.message


def test_ids_of_which_none_comes_back_are_said_to_hardly_repeat():
    found = {
        one.code: one for one in xentcli.inspect(pd.DataFrame({"label": [f"u{at:05d}" for at in range(400)]})).findings
    }
    assert "400 distinct values in 400 rows, hardly one repeats" in found["XE115"].message


def skewed(rows=2000):
    rng = np.random.default_rng(0)
    chances = sigmoid(2.0 * rng.normal(size=rows) - 2.0)
    truth = (rng.random(rows) < chances).astype(int)
    return truth, chances, np.maximum(chances, 1.0 - chances)


def test_the_one_score_that_is_a_confidence_is_not_to_be_swapped():
    truth, _, sure = skewed()
    sure[:20] = 0.45
    found = findings(pd.DataFrame({"label": truth, "confidence": sure}))["XE303"]
    assert found.help.startswith("if confidence is the confidence of the predicted label, write that label beside it;")
    other = findings(pd.DataFrame({"label": truth, "score": sure}))["XE303"]
    assert other.help.startswith("--positive 0, if the score is that of '0'")


def test_a_confidence_beside_its_predicted_label_is_read_as_such_and_inverted_labels_are_named():
    truth, chances, sure = skewed()
    frame = pd.DataFrame({"label": truth, "predicted": (chances > 0.5).astype(int), "confidence": sure})
    assert "XE303" not in findings(frame)
    turned = findings(frame.assign(label=1 - truth))["XE303"]
    assert turned.help == "look for labels, or predicted labels, that were inverted"


@pytest.mark.parametrize(
    ("labels", "columns", "options", "said"),
    [
        ((2, 3), ("p_0", "p_1"), {}, "--classes 2,3"),
        ((1, 2, 3), ("p_0", "p_1", "p_2"), {}, "--classes 1,2,3"),
        ((0, 2), ("p_0", "p_1"), {}, "the labels are 0 and 2, the classes of the scores 0 and 1"),
        ((2, 3), ("p_1", "p_2"), {}, "the labels are 2 and 3, the classes of the scores 1 and 2"),
        ((2, 3), ("p_0", "p_1"), {"classes": ["1", "2"]}, "the labels are 2 and 3, the classes of the scores 1 and 2"),
        ((1, 2, 3, 4), ("p_0", "p_1", "p_2"), {}, "there are more labels than scores"),
    ],
)
def test_help_names_the_classes_that_the_labels_hold(labels, columns, options, said):
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.dirichlet(np.ones(len(columns)), 60), columns=list(columns))
    with pytest.raises(XentError) as found:
        xentcli.score(frame.assign(label=np.array(labels)[np.arange(60) % len(labels)]), **options)
    help_ = str(found.value.help)
    assert said in help_
    assert "skip-bad-rows" not in help_
    proposed = help_.partition("--classes ")[2].partition(" ")[0]
    if "," in proposed and proposed[0].isdigit():
        assert proposed.split(",") == [str(one) for one in labels]
        xentcli.score(frame.assign(label=np.array(labels)[np.arange(60) % len(labels)]), classes=proposed.split(","))


def test_one_odd_label_in_many_rows_is_a_bad_row_and_no_other_class():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.dirichlet(np.ones(3), 60), columns=["p_0", "p_1", "p_2"])
    with pytest.raises(XentError) as found:
        xentcli.score(frame.assign(label=[*(np.arange(59) % 2), 7]))
    assert "--skip-bad-rows" in str(found.value.help)


@pytest.mark.parametrize("value", [1, 1.0])
@pytest.mark.parametrize("options", [{}, {"scores": ["prob"]}])
@pytest.mark.parametrize("names", [(0, 1), (1, 2), ("no", "yes")])
def test_a_column_of_ones_is_a_softmax_of_one_output_also_where_it_is_named(value, options, names):
    frame = pd.DataFrame({"label": np.array(names)[np.arange(60) % 2], "prob": value})
    assert findings(frame, **options)["XE210"].level == "error"


def test_a_column_of_ones_beside_three_labels_is_no_column_of_decisions():
    frame = pd.DataFrame({"label": np.arange(60) % 3, "prob": 1.0})
    with pytest.raises(XentError, match=r"is 1 in every row, as a softmax over a single output always is \(XE210\)"):
        xentcli.score(frame, scores=["prob"])
    assert xentcli.score(frame.rename(columns={"prob": "predicted"})).score.loss is None
    frame.loc[7, "prob"] = 2.0
    assert xentcli.score(frame, scores=["prob"]).score.loss is None


def test_rows_off_one_are_said_to_be_divided_but_not_to_have_two_losses_where_they_have_one():
    truth, logits = skilled(3, rows=60)
    scores = softmax(logits) * 0.9
    told = findings(wide(truth, scores))
    assert "XE407" in told
    scores[np.arange(60), truth] = 0.0
    same = findings(wide(truth, scores))
    assert "XE407" not in same
    for found in (told, same):
        code = "XE203" if "XE203" in found else "XE204"
        assert "another loss" not in found[code].message
