"""Decisions: predicted labels without scores give rates and no loss; beside scores they are compared with them."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sklearn import metrics

import xentcli

NAMES = np.array(["cat", "dog", "eel"])


def made(seed=0, count=50, names=NAMES):
    rng = np.random.default_rng(seed)
    return names[rng.integers(0, len(names), count)], names[rng.integers(0, len(names), count)]


@pytest.mark.parametrize(
    "name", ["pred", "y_pred", "predicted", "prediction", "predicted_label", "y_hat", "Predicted Class"]
)
@pytest.mark.parametrize("names", [NAMES, np.arange(4), np.array([3, 7])], ids=["names", "indices", "codes"])
def test_a_label_and_a_predicted_label_give_the_rates_of_scikit_learn(name, names):
    truth, guess = made(1, names=names)
    score = xentcli.score(pd.DataFrame({"label": truth, name: guess})).score
    assert score.loss is None
    assert score.task.scale is None
    assert score.calibration is None
    assert (score.accuracy.name, score.accuracy.value) == ("predicted-label", metrics.accuracy_score(truth, guess))
    found = score.metrics
    assert found["f1_macro"] == pytest.approx(metrics.f1_score(truth, guess, average="macro", zero_division=0))
    assert found["mcc"] == pytest.approx(metrics.matthews_corrcoef(truth, guess), abs=1e-12)
    assert found["cohen_kappa"] == pytest.approx(metrics.cohen_kappa_score(truth, guess), abs=1e-12)
    assert np.array_equal(score.confusion.counts, metrics.confusion_matrix(truth, guess))
    assert [one.loss for one in score.per_class] == [None] * len(score.task.classes)
    assert any("no loss can be had from decisions alone" in reason for reason in score.task.reasons)


def test_binary_decisions_have_a_positive_class():
    truth, guess = np.array(["no", "yes", "yes", "no"]), np.array(["no", "yes", "no", "yes"])
    score = xentcli.score(pd.DataFrame({"label": truth, "pred": guess})).score
    assert (score.task.kind, score.task.positive) == ("binary", "yes")
    assert (score.metrics["sensitivity"], score.metrics["specificity"]) == (0.5, 0.5)
    assert xentcli.score(pd.DataFrame({"label": truth, "pred": guess}), positive="no").score.task.positive == "no"


def test_options_name_the_columns_and_the_classes(refused):
    data = pd.DataFrame({"a": ["x", "y", "x"], "b": ["x", "x", "x"], "c": [1.5, 2.5, 3.5]})
    assert xentcli.score(data, label="a", scores="b").score.accuracy.correct == 2
    given = xentcli.score(data, label="a", scores="b", classes="y,x,z").score
    assert (given.task.classes, given.task.kind) == (("y", "x", "z"), "multiclass")
    assert "there are 2 classes" in refused(xentcli.score, data, label="a", scores="b", task="multiclass").message
    whole = pd.DataFrame({"label": [0, 1, 2], "guess": [0, 2, 2]})
    assert xentcli.score(whole, scores="guess").score.accuracy.correct == 2
    assert xentcli.score(whole, classes="a,b,c").score.task.classes == ("a", "b", "c")


def test_the_classes_are_those_of_both_columns_in_class_order():
    data = pd.DataFrame({"label": [10, 2, 4], "pred": [2, 2, 33]})
    assert xentcli.score(data).score.task.classes == ("2", "4", "10", "33")
    words = pd.DataFrame({"label": ["b", "c"], "pred": ["a", "c"]})
    assert xentcli.score(words).score.task.classes == ("a", "b", "c")


def test_labels_and_decisions_may_stand_in_two_files(tmp_path):
    truth, guess = made(2)
    pd.DataFrame({"id": range(50), "label": truth}).sample(frac=1, random_state=0).to_csv(
        tmp_path / "l.csv", index=False
    )
    pd.DataFrame({"id": range(50), "prediction": guess}).to_csv(tmp_path / "p.csv", index=False)
    score = xentcli.score(tmp_path / "p.csv", labels=tmp_path / "l.csv", id="id").score
    assert score.accuracy.correct == (truth == guess).sum()
    pd.DataFrame({"Id": range(50), "label": truth})[::-1].to_csv(tmp_path / "l.csv", index=False)
    for named in (None, "id", "Id", ":0"):
        found = xentcli.score(tmp_path / "p.csv", labels=tmp_path / "l.csv", id=named).score
        assert found.confusion == score.confusion
        assert "ids: id" in found.task.reasons
    np.save(tmp_path / "t.npy", np.array([0, 1, 2, 2]))
    np.save(tmp_path / "g.npy", np.array([0, 1, 1, 2]))
    assert xentcli.score(tmp_path / "g.npy", labels=tmp_path / "t.npy").score.accuracy.correct == 3
    np.savez(tmp_path / "a.npz", y_true=truth, y_pred=guess)
    assert xentcli.score(tmp_path / "a.npz").score.accuracy.correct == (truth == guess).sum()
    assert xentcli.score((np.array([0, 1, 1]), np.array([0, 0, 1]))).score.loss is None


def test_what_is_a_score_stays_one():
    truth = [0, 1, 1, 0]
    assert xentcli.score(pd.DataFrame({"y": truth, "pred": [0.0, 1.0, 0.0, 1.0]})).score.loss is not None
    assert xentcli.score(pd.DataFrame({"y": truth, "score": [0, 1, 0, 1]})).score.loss is not None
    assert xentcli.score(pd.DataFrame({"y": truth, "pred": [-3, 2, 0, 5]})).score.task.scale == "logits"
    asked = xentcli.score(pd.DataFrame({"y": truth, "pred": [0, 1, 0, 1]}), scale="probabilities").score
    assert asked.loss.clipped == 2
    hot = pd.DataFrame({"a": [1, 0], "b": [1, 1], "pred_a": [1, 0], "pred_b": [0, 1]})
    assert xentcli.score(hot, task="multilabel").score.metrics["hamming_accuracy"] == 0.75


@pytest.mark.parametrize(
    ("truth", "guess"),
    [([0, 0, 0], [1, 0, 0]), ([1, 1, 1], [0, 1, 1]), ([3, 3, 3], [0, 3, 3]), ([True] * 3, [True, False, True])],
)
def test_decisions_beside_labels_of_one_class_are_no_probabilities(truth, guess):
    score = xentcli.score(pd.DataFrame({"label": truth, "pred": guess})).score
    assert (score.loss, score.accuracy.correct) == (None, 2)
    floats = pd.DataFrame({"label": truth, "pred": np.array(guess, dtype=float) / 3})
    assert xentcli.score(floats, classes=None if truth[0] < 2 else "0,3").score.loss is not None


def test_predicted_labels_beside_scores_that_are_no_class_are_named():
    data = pd.DataFrame({"label": list("abab"), "p_a": [0.9, 0.2, 0.8, 0.1], "p_b": [0.1, 0.8, 0.2, 0.9]})
    reasons = xentcli.score(data.assign(pred=["a", "owl", None, "emu"])).score.task.reasons
    assert "2 predicted labels in pred are no class, first 'owl' in row 2: they count as disagreeing" in reasons
    reasons = xentcli.score(data.assign(pred=["a", "b", "a", "emu"])).score.task.reasons
    assert any(one.startswith("1 predicted label in pred is no class, first 'emu' in row 4") for one in reasons)
    assert not any("no class" in one for one in xentcli.score(data.assign(pred=list("abaa"))).score.task.reasons)


def test_float_indices_are_decisions_where_one_score_cannot_answer():
    data = pd.DataFrame({"y": [0.0, 1.0, 2.0], "pred": [0.0, 2.0, 2.0]})
    assert xentcli.score(data).score.accuracy.correct == 2


def test_predicted_labels_that_are_no_class_or_empty_are_bad_rows(refused):
    data = pd.DataFrame({"label": ["a", "b", "a", None, "b"], "pred": ["a", "z", None, "a", "b"]})
    error = refused(xentcli.score, data, classes="a,b")
    assert (error.place.row, error.place.column) == (2, "pred")
    assert "a predicted label that is no class: 'z' (classes: a, b)" in error.message
    report = xentcli.score(data, classes="a,b", skip_bad_rows=True)
    rows = report.score.rows
    assert (rows.read, rows.scored, rows.missing_label, rows.bad) == (5, 2, 1, 2)
    assert report.findings[0].rows == (2, 3)
    empty = refused(xentcli.score, data[data["pred"] != "z"])
    assert (empty.place.row, "is empty" in empty.message) == (2, True)


def test_labels_and_decisions_in_different_words_are_refused(refused):
    numbers = pd.DataFrame({"label": [0, 1], "pred": ["cat", "dog"]})
    assert "none of which is a label such as '0'" in refused(xentcli.score, numbers).message
    assert xentcli.score(numbers, classes="cat,dog").score.accuracy.value == 1.0
    cases = pd.DataFrame({"label": ["Cat", "Dog"], "pred": ["cat", "dog"]})
    assert "in the same way" in refused(xentcli.score, cases).help


TAGS = pd.DataFrame(
    {"label": ["rock|jazz", "jazz", "rock", "pop"] * 9, "pred": ["jazz|rock", "jazz", "pop", "pop"] * 9}
)


@pytest.mark.parametrize("separator", ["|", ";", ", "])
@pytest.mark.parametrize("options", [{}, {"task": "multilabel"}])
def test_decisions_of_several_tags_are_refused_with_a_way_out(refused, separator, options):
    cells = TAGS.apply(lambda column: column.str.replace("|", separator, regex=False))
    error = refused(xentcli.score, cells, **options)
    assert f"'jazz{separator}rock' and 'rock{separator}jazz' are one set and two texts" in error.message
    assert "xent encode --to multi-hot" in error.help
    assert xentcli.score(cells, task="multiclass").score.accuracy.correct == 18


def test_sets_that_are_always_written_alike_count_as_classes_and_that_is_said(refused):
    alike = TAGS.assign(pred=TAGS["pred"].str.replace("jazz|rock", "rock|jazz"))
    score = xentcli.score(alike).score
    assert (score.task.kind, score.accuracy.value) == ("multiclass", 0.75)
    assert any(one.startswith("cells hold several tags, and each set of them counts as") for one in score.task.reasons)
    assert "hold several tags a cell; without" in refused(xentcli.score, alike, task="multilabel").message


def test_lists_of_predicted_tags_are_shown_the_way_out_too(refused):
    lists = pd.DataFrame({"label": [["a", "b"], ["a"], []] * 5, "pred": [["b", "a"], ["b"], ["a"]] * 5})
    assert "xent encode --to multi-hot" in refused(xentcli.score, lists).help


def test_the_way_out_for_tags_gives_the_rates_of_sets():
    hot = {name: column.str.get_dummies("|") for name, column in TAGS.items()}
    both = pd.concat([hot["label"].add_prefix("true_"), hot["pred"].add_prefix("pred_")], axis=1)
    score = xentcli.score(both, scale="probabilities").score
    assert (score.task.kind, score.accuracy.value) == ("multilabel", 0.75)


def test_names_that_hold_a_separator_are_no_tags():
    names = np.array(["Paris, France", "Rome, Italy", "Oslo, Norway", "a / b", "very good"])
    truth, guess = made(3, names=names)
    assert xentcli.score(pd.DataFrame({"label": truth, "pred": guess})).score.task.kind == "multiclass"


def test_weights_weigh_the_accuracy_and_leave_the_counts():
    truth, guess = made(3)
    w = np.random.default_rng(0).random(50)
    score = xentcli.score(pd.DataFrame({"label": truth, "pred": guess, "w": w}), weight="w").score
    assert score.accuracy.value == pytest.approx(metrics.accuracy_score(truth, guess, sample_weight=w), rel=1e-13)
    assert score.metrics["f1_macro"] == pytest.approx(
        metrics.f1_score(truth, guess, sample_weight=w, average="macro"), rel=1e-12
    )
    assert sum(map(sum, score.confusion.counts)) == 50


def test_the_views_say_why_there_is_no_loss(xent, sample):
    file = sample / "preds_decisions.csv"
    page = xent("score", file)
    assert (page.status, page.err) == (0, "")
    assert "loss      none: no loss can be had from decisions alone" in page.out
    assert "there are no scores." in page.out
    assert xent("score", file, "-f", "concise").out.startswith(f"{file}: multiclass loss=none accuracy=0.6889 ")
    assert "no loss can be had" in xent("score", file, "-f", "markdown").out
    document = xent("score", file, "-f", "json").document()
    assert (document["loss"], document["task"]["scale"], document["calibration"]) == (None, None, None)
    assert document["accuracy"]["correct"] == 62


def beside(seed=4, count=40):
    rng = np.random.default_rng(seed)
    p = rng.dirichlet([1] * 3, count)
    columns = {"label": NAMES[rng.integers(0, 3, count)]} | {f"p_{name}": p[:, at] for at, name in enumerate(NAMES)}
    return pd.DataFrame(columns | {"pred": NAMES[p.argmax(1)]})


def test_a_predicted_label_beside_scores_is_compared_with_them():
    data = beside()
    found = xentcli.score(data).score
    assert found.predicted_label.agrees == 40
    assert found.predicted_label.accuracy == found.accuracy.value
    assert any("agree with the scores in all 40 rows" in reason for reason in found.task.reasons)
    data.loc[[3, 8], "pred"] = [NAMES[(list(NAMES).index(data["pred"][at]) + 1) % 3] for at in (3, 8)]
    data.loc[20, "pred"] = None
    other = xentcli.score(data).score
    assert (other.predicted_label.agrees, other.predicted_label.disagrees, other.predicted_label.missing) == (37, 2, 1)
    assert other.predicted_label.rows == (4, 9)
    expected = (data["pred"] == data["label"])[data["pred"].notna()].mean()
    assert other.predicted_label.accuracy == pytest.approx(expected)
    assert any("disagree with the scores in 2 of 39 rows (row 4, 9)" in reason for reason in other.task.reasons)
    assert other.accuracy == found.accuracy


def test_a_disagreement_is_shown_and_listed(tmp_path, xent):
    data = beside()
    data["pred"] = np.roll(data["pred"], 1)
    data.to_csv(tmp_path / "p.csv", index=False)
    wrong = int((data["pred"] != NAMES[data[[f"p_{name}" for name in NAMES]].to_numpy().argmax(1)]).sum())
    assert f"disagree with the scores in {wrong} of 40 rows" in xent("score", tmp_path / "p.csv").out
    assert f"predicted_label.disagrees={wrong}" in xent("score", tmp_path / "p.csv", "-f", "concise").out
    document = xent("score", tmp_path / "p.csv", "-f", "json").document()
    assert document["predicted_label"]["disagrees"] == wrong
    assert len(document["predicted_label"]["rows"]) == min(10, wrong)


def test_predicted_indices_and_binary_decisions_are_compared_too():
    p = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])
    table = pa.table({"label": [0, 1, 1], "probs": p.tolist(), "prediction": [0, 1, 1]})
    assert xentcli.score(table, scores="probs").score.predicted_label.rows == (3,)
    single = pd.DataFrame({"y": [0, 1, 1], "p": [0.1, 0.8, 0.6], "pred": [0, 1, 0]})
    assert xentcli.score(single).score.predicted_label.rows == (3,)
    assert xentcli.score(single, threshold=0.7).score.predicted_label.disagrees == 0


def test_columns_of_other_things_are_no_predicted_labels():
    data = beside().drop(columns="pred")
    assert xentcli.score(data).score.predicted_label is None
    assert xentcli.score(data.assign(pred=0.5)).score.predicted_label is None
    assert xentcli.score(data.assign(prediction="something else")).score.predicted_label is None


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, 10**6), st.integers(2, 60), st.integers(1, 7), st.integers(1, 9), st.integers(1, 3), st.booleans(),
    st.booleans(),
)  # fmt: skip
@example(288, 2, 2, 1, 1, False, True)  # noqa: FBT003  no predicted label that is a class in the first part
def test_any_cut_of_decisions_gives_the_same_bits(table, seed, count, parts, batch, jobs, weighted, scores):
    rng = np.random.default_rng(seed)
    truth, guess = made(seed, count)
    columns = {"label": truth.tolist(), "pred": [None if rng.random() < 0.1 else one for one in guess.tolist()]}
    if weighted:
        columns |= {"w": rng.random(count).tolist()}
    if scores:
        columns |= {f"p_{name}": rng.random(count) for name in NAMES}
    options = {"weight": "w" if weighted else None, "skip_bad_rows": True, "classes": tuple(NAMES)}
    last = {"label": "cat", "pred": "cat", "w": 1.0, "p_cat": 0.5, "p_dog": 0.2, "p_eel": 0.3}
    columns = {name: [*cells, last[name]] for name, cells in columns.items()}
    whole = xentcli.score(table(columns), **options).to_dict()
    assert xentcli.score(table(columns, parts=parts, rows=batch), jobs=jobs, **options).to_dict() == whole


def test_a_confidence_cannot_answer_for_more_than_two_classes():
    data = pd.DataFrame({"label": [*"abc"], "prediction": [*"abb"], "confidence": [0.9, 0.5, 0.6]})
    assert xentcli.score(data).score.accuracy.correct == 2
    digits = pd.DataFrame({"label": [0, 1, 2], "prediction": [0, 1, 1], "confidence": [0.9, 0.5, 0.6]})
    assert xentcli.score(digits).score.accuracy.correct == 2


def test_an_age_beside_predicted_labels_in_words_is_no_score():
    data = pd.DataFrame({"label": ["a", "b"], "pred": ["a", "a"], "age": [30, 40]})
    assert xentcli.score(data).score.loss is None
    sure = pd.DataFrame({"label": ["a", "b"], "pred": ["a", "a"], "sure": [0.2, 0.4]})
    unread = xentcli.score(sure)  # a share of something that no name calls a score
    assert unread.score.loss is None
    assert unread.columns[2].role == "unused"
    assert xentcli.score(sure, scores="sure").score.loss is not None
