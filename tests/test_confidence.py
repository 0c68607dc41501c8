"""The confidence of the predicted label: p or 1 - p of two classes; accuracy, calibration and no loss of more."""

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mistakes import sigmoid, softmax
from sklearn import metrics

import xentcli
from xentcli.api import passes
from xentcli.api.passes import read
from xentcli.api.reading import PassSettings
from xentcli.errors import AmbiguousError, BadRowsError, InputError, UsageError
from xentcli.files.open import as_table
from xentcli.tally.labels import Choices
from xentcli.task import roles
from xentcli.task.reading.model import Read
from xentcli.task.values import label_values

TWO, THREE = np.array(["legit", "fraud"]), np.array(["cat", "dog", "eel"])


def two(rows=500, seed=0, dtype=np.float64):
    """Return a table of labels, predicted labels and their confidence, and the probability of fraud."""
    rng = np.random.default_rng(seed)
    chance = sigmoid(2.0 * rng.normal(size=rows)).astype(dtype)
    truth, decided = rng.random(rows) < chance, chance > 0.5
    confidence = np.where(decided, chance, 1 - chance)
    wide = confidence.astype(np.float64)
    frame = pd.DataFrame({
        "label": TWO[truth.astype(int)], "predicted": TWO[decided.astype(int)], "confidence": confidence,
        "country": np.where(np.arange(rows) % 3, "DE", "FR"), "w": rng.exponential(size=rows),
    })  # fmt: skip
    return frame, np.where(decided, wide, 1.0 - wide)


def three(rows=600, seed=1):
    rng = np.random.default_rng(seed)
    chances = softmax(2.0 * rng.normal(size=(rows, 3)))
    truth = np.array([rng.choice(3, p=row) for row in chances])
    return pd.DataFrame({
        "label": THREE[truth], "predicted": THREE[chances.argmax(axis=1)], "confidence": chances.max(axis=1),
        "country": np.where(np.arange(rows) % 3, "DE", "FR"), "w": rng.exponential(size=rows),
    })  # fmt: skip


def rates(frame, **options):
    return xentcli.score(frame, positive="fraud", **options).score


def numbers(report):
    """Return the document without how the file was read."""
    found = report.to_dict()
    return {key: found[key] for key in found if key not in {"source", "task", "columns", "predicted_label"}}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_two_classes_give_the_very_numbers_of_a_column_of_probabilities(dtype):
    frame, chance = two(dtype=dtype)
    other = frame.drop(columns=["predicted", "confidence"]).assign(p_fraud=chance)
    for options in ({}, {"weight": "w"}, {"by": "country"}, {"worst": 5}, {"threshold": 0.3}, {"focal_gamma": 2.0}):
        found = numbers(xentcli.score(frame, positive="fraud", **options))
        assert found == numbers(xentcli.score(other, positive="fraud", **options))


def test_two_classes_agree_with_scikit_learn():
    frame, chance = two()
    score, truth = rates(frame), frame.label == "fraud"
    assert score.loss.value == pytest.approx(metrics.log_loss(truth, chance), abs=1e-12)
    assert score.accuracy.value == metrics.accuracy_score(frame.label, frame.predicted)
    assert score.metrics["roc_auc"] == pytest.approx(metrics.roc_auc_score(truth, chance), abs=1e-12)
    assert score.metrics["brier"] == pytest.approx(metrics.brier_score_loss(truth, chance), abs=1e-12)
    assert (score.task.scale, score.task.positive) == ("probabilities", "fraud")
    assert score.predicted_label.disagrees == 0


def test_the_positive_class_is_p_where_it_is_predicted_and_the_loss_is_of_both():
    frame, chance = two()
    legit = xentcli.score(frame, positive="legit").score
    assert legit.loss.value == rates(frame).loss.value
    assert legit.metrics["brier"] == pytest.approx(metrics.brier_score_loss(frame.label == "legit", 1.0 - chance))


def test_what_the_score_is_of_is_said_in_the_reasons_and_near_the_top(tmp_path, xent):
    frame, _ = two()
    said = "confidence holds the confidence of the predicted label: p where fraud is predicted, 1 - p where legit is"
    assert said in rates(frame).task.reasons
    frame.to_csv(tmp_path / "p.csv", index=False)
    for command in (("score",), ("check", "--min", "accuracy=0.5"), ("compare", str(tmp_path / "p.csv"))):
        name, *rest = command
        page = xent(name, str(tmp_path / "p.csv"), *rest, "--positive", "fraud").out
        assert said in page
    top = xent("score", str(tmp_path / "p.csv"), "--positive", "fraud").out.split("\n\n")[1]
    assert top == f"{said}."


def test_both_classes_are_known_where_the_labels_hold_one_only():
    frame, _ = two()
    alone = rates(frame[frame.label == "fraud"])
    assert alone.task.classes == ("fraud", "legit")
    assert alone.accuracy.correct == (frame.predicted == "fraud")[frame.label == "fraud"].sum()


@pytest.mark.parametrize("make", [two, three])
def test_bad_rows_are_refused_by_name_and_skipped_when_asked(make):
    frame = make()
    frame = frame[0] if isinstance(frame, tuple) else frame
    for row, column, value, says in (
        (3, "predicted", None, "is empty"),
        (5, "confidence", np.nan, "confidence"),
        (6, "confidence", 1.5, "holds 1.5, not a probability in [0, 1]"),
    ):
        broken = frame.copy()
        broken.loc[row, column] = value
        with pytest.raises(BadRowsError, match=r"1 of \d+ rows .* are bad") as refused:
            xentcli.score(broken)
        assert (refused.value.place.row, refused.value.place.column) == (row + 1, column)
        assert says in str(refused.value)
        kept = xentcli.score(broken, skip_bad_rows=True).score
        assert (kept.rows.bad, kept.accuracy) == (1, xentcli.score(frame.drop(index=row)).score.accuracy)


def test_a_predicted_label_that_is_no_class_is_a_bad_row():
    frame, _ = two()
    frame.loc[4, "predicted"] = "owl"
    with pytest.raises(BadRowsError) as refused:
        xentcli.score(frame, classes="legit,fraud")
    assert "predicted holds a predicted label that is no class: 'owl'" in str(refused.value)


def by_hand(frame):
    """Return the expected calibration error of the confidence over 15 bins (low, high]."""
    right, total = (frame.label == frame.predicted).to_numpy(), 0.0
    for at in range(15):
        held = ((frame.confidence > at / 15) & (frame.confidence <= (at + 1) / 15)).to_numpy()
        total += abs(right[held].sum() - frame.confidence[held].sum())
    return total / len(frame)


def test_more_classes_have_accuracy_and_calibration_but_no_loss():
    frame = three()
    report = xentcli.score(frame)
    score = report.score
    assert score.loss is None
    assert score.accuracy.value == metrics.accuracy_score(frame.label, frame.predicted)
    assert np.array_equal(score.confusion.counts, metrics.confusion_matrix(frame.label, frame.predicted))
    assert score.metrics["ece"] == pytest.approx(by_hand(frame), abs=1e-12)
    assert not {"brier", "top_2", "roc_auc"} & set(score.metrics)
    assert sum(one.count for one in score.calibration) == len(frame)
    assert score.calibration[0].count == 0
    filled = next(one for one in score.calibration if one.count)
    held = frame[(frame.confidence > filled.low) & (frame.confidence <= filled.high)]
    assert filled.mean_score == pytest.approx(held.confidence.mean())
    assert filled.accuracy == pytest.approx((held.label == held.predicted).mean())
    no_loss = "no loss can be had from the confidence of the predicted class alone; write a column per class"
    assert no_loss in score.task.reasons
    assert "confidence holds the confidence of the predicted label" in score.task.reasons
    assert json.loads(json.dumps(report.to_dict()))["loss"] is None


def test_weights_count_in_the_calibration_of_more_classes():
    frame = three()
    score = xentcli.score(frame, weight="w").score
    right = frame.label == frame.predicted
    at = np.ceil(frame.confidence * 15)
    total = (frame.w * (right - frame.confidence)).groupby(at).sum().abs().sum()
    assert score.metrics["ece"] == pytest.approx(total / frame.w.sum(), abs=1e-12)
    assert score.accuracy.value == pytest.approx((frame.w * right).sum() / frame.w.sum())


def test_groups_are_sliced_and_compared_and_gated(tmp_path, xent):
    frame = three()
    for one in xentcli.score(frame, by="country").score.slices:
        held = frame[frame.country == one.value]
        assert (one.loss.value, one.accuracy.value) == (None, (held.label == held.predicted).mean())
    worse = frame.assign(predicted=np.where(np.arange(600) % 5, frame.predicted, "eel"))
    found = xentcli.compare(frame, worse).comparison
    assert "loss" not in found.difference
    difference = (worse.label == worse.predicted).mean() - (frame.label == frame.predicted).mean()
    assert found.difference["accuracy"].value == pytest.approx(difference, abs=1e-12)
    frame.to_csv(tmp_path / "p.csv", index=False)
    assert xent("check", str(tmp_path / "p.csv"), "--min", "accuracy=0.5", "--max", "ece=0.2").status == 0
    assert xent("check", str(tmp_path / "p.csv"), "--max", "ece=0.000001").status == 1
    assert xent("check", str(tmp_path / "p.csv"), "--max", "loss=0.4").status == 2


@pytest.mark.parametrize("options", [{"worst": 3}, {"label_smoothing": 0.1}, {"class_weights": "balanced"}, {"row": 1}])
def test_what_needs_a_loss_is_refused_for_more_classes(options):
    with pytest.raises(UsageError):
        xentcli.score(three(), **options)


def roles_of(table, predicted="predicted", confidence="confidence"):
    return roles.Roles(
        ("label",), (confidence,), roles.ScoreForm.CONFIDENCE, None, "", None, None, label_values(table, "label"), (),
        predicted,
    )  # fmt: skip


@pytest.mark.parametrize(("make", "size"), [(two, 2), (three, 3)])
def test_a_score_below_the_share_of_one_class_refutes_the_reading(monkeypatch, make, size):
    frame = make()
    frame = frame[0] if isinstance(frame, tuple) else frame
    frame.loc[[7, 41], "confidence"] = 0.2
    table = as_table(frame)
    monkeypatch.setattr(passes, "decide", lambda given, _wanted, _kind: Read(roles_of(given)))
    with pytest.raises(AmbiguousError) as refused:
        read(table, roles.Wanted(), Choices(), PassSettings(1, None))
    error = refused.value
    assert (error.place.row, error.place.column) == (8, "confidence")
    assert error.message == f"holds 0.2, but the most probable of {size} classes has 1/{size} at least"
    assert f"2 of {len(frame)} rows hold less than 1/{size}" in error.details
    assert "the confidence of the label in predicted, or " in error.details[1]


def test_the_other_reading_and_the_predicted_labels_alone_are_had_as_the_error_says():
    frame, _ = two()
    frame.loc[7, "confidence"] = 0.2
    assert xentcli.score(frame.drop(columns="predicted")).score.task.positive == "legit"
    frame = three()
    frame.loc[7, "confidence"] = 0.2
    alone = xentcli.score(frame, scores="predicted").score
    assert (alone.metrics.get("ece"), alone.accuracy.correct) == (None, (frame.label == frame.predicted).sum())


def test_a_scale_that_is_no_probability_is_refused(monkeypatch):
    monkeypatch.setattr(passes, "decide", lambda given, _wanted, _kind: Read(roles_of(given)))
    for frame in (two()[0], three()):
        with pytest.raises(
            UsageError, match="--scale logits: confidence holds the confidence of the label in predicted"
        ):
            xentcli.score(frame, scale="logits")
        assert xentcli.score(frame, scale="probabilities").score.task.scale == "probabilities"


def test_labels_and_predicted_labels_of_other_spellings_are_refused(monkeypatch):
    frame, _ = two()
    monkeypatch.setattr(passes, "decide", lambda given, _wanted, _kind: Read(roles_of(given)))
    with pytest.raises(InputError, match="none of which is a label"):
        xentcli.score(frame.assign(predicted=frame.predicted.str.upper()))


@pytest.mark.parametrize("make", [two, three])
def test_cuts_and_threads_change_no_bit(tmp_path, make):
    frame = make(rows=3000)
    frame = frame[0] if isinstance(frame, tuple) else frame
    frame.loc[[5, 2111], "predicted"] = None
    whole = pa.Table.from_pandas(frame, preserve_index=False)
    options = {"skip_bad_rows": True, "by": "country"}
    seen = numbers(xentcli.score(whole, **options))
    for size in (1, 64, 1000):
        file = tmp_path / f"{size}.parquet"
        pq.write_table(whole, file, row_group_size=size)
        for jobs in (1, 3):
            assert numbers(xentcli.score(file, jobs=jobs, **options)) == seen


def test_a_flipped_model_is_not_told_to_name_another_positive_class():
    frame, _ = two(rows=2000)
    turned = frame.assign(predicted=np.where(frame.predicted == "fraud", "legit", "fraud"))
    found = {one.code: one for one in xentcli.score(turned, positive="fraud").findings}
    assert found["XE303"].help == "look for labels, or predicted labels, that were inverted"
    assert "XE309" not in found
