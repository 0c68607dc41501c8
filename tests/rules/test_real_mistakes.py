"""Mistakes made with real models on real data, written to files as people write them: each is found by its code."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.class_weight import compute_class_weight

import xentcli


@cache
def split(load, size=0.5):
    return train_test_split(*load(return_X_y=True), test_size=size, random_state=0)


def fitted(model, load=load_digits, size=0.5):
    train, test, labels, truth = split(load, size)
    return model.fit(train, labels), test, truth


def written(path, truth, scores, prefix="p_", form=None):
    first = 1 if scores.shape[1] == 1 else 0
    table = pd.DataFrame(scores, columns=[f"{prefix}{first + at}" for at in range(scores.shape[1])])
    table.insert(0, "label", truth)
    table.to_csv(path, index=False, float_format=form)
    return path


def linear():
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))


def found(path, **options):
    return {one.code: one for one in xentcli.score(path, **options).findings}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "predictions.csv"


def test_predict_log_proba_saved_under_the_name_of_predict_proba(path):
    model, test, truth = fitted(linear())
    assert found(written(path, truth, model.predict_log_proba(test), "prob_"))["XE202"].level == "warning"
    assert "XE202" not in found(written(path, truth, model.predict_proba(test), "prob_"))


def test_naive_bayes_is_certain_and_wrong(path):
    model, test, truth = fitted(GaussianNB())
    chances = model.predict_proba(test)
    seen = found(written(path, truth, chances))
    unlikely = np.flatnonzero(chances[np.arange(len(truth)), truth] < 1e-7) + 1
    assert seen["XE406"].rows == tuple(unlikely[:10])
    assert seen["XE406"].count == len(unlikely)
    assert "would bring the loss from" in seen["XE408"].message
    assert not {"XE406", "XE408"} & set(found(written(path, *_honest())))


def _honest():
    model, test, truth = fitted(linear())
    return truth, model.predict_proba(test)


def test_a_forest_that_never_saw_the_like_says_never(path):
    model, test, truth = fitted(RandomForestClassifier(5, random_state=0))
    chances = model.predict_proba(test)
    never = int((chances[np.arange(len(truth)), truth] == 0).sum())
    seen = found(written(path, truth, chances))["XE207"]
    assert never > 0
    assert (seen.level, seen.count) == ("warning", never)
    smoothed = (chances * 5 + 1) / 15
    assert "XE207" not in found(written(path, truth, smoothed))


def test_two_neighbours_that_disagree_are_a_tie(path):
    model, test, truth = fitted(KNeighborsClassifier(2), load_breast_cancer)
    chances = model.predict_proba(test)[:, 1:]
    seen = found(written(path, truth, chances))["XE411"]
    ties = chances[:, 0] == 0.5
    other = ((chances[:, 0] >= 0.5) == truth).mean()
    assert (seen.count, seen.rows) == (int(ties.sum()), tuple(np.flatnonzero(ties)[:10] + 1))
    assert f"with >= accuracy is {other:.4f}" in seen.message
    odd, test, truth = fitted(KNeighborsClassifier(3), load_breast_cancer)
    assert "XE411" not in found(written(path, truth, odd.predict_proba(test)[:, 1:]))


def test_votes_written_with_one_digit_tie(path):
    model, test, truth = fitted(RandomForestClassifier(30, max_depth=3, random_state=0))
    chances = model.predict_proba(test)
    assert found(written(path, truth, chances, form="%.1f"))["XE209"].count > 50
    assert "XE209" not in found(written(path, truth, chances))


def test_two_digits_of_ten_classes_are_another_loss(path):
    model, test, truth = fitted(RandomForestClassifier(30, max_depth=3, random_state=0))
    seen = found(written(path, truth, model.predict_proba(test), form="%.1f"))
    assert seen["XE407"].level == "warning"
    assert "the scores are rounded, which explains the sums" in seen["XE407"].help
    assert not {"XE203", "XE204"} & set(seen)
    assert "XE407" not in found(written(path, truth, model.predict_proba(test)))


def test_one_model_per_class_without_a_last_division_is_one_mistake_with_its_effect(path):
    train, test, labels, truth = split(load_digits)
    single = [linear().fit(train, labels == digit).predict_proba(test)[:, 1] for digit in range(10)]
    seen = found(written(path, truth, np.column_stack(single)))
    assert [one.code for one in seen.values() if one.level != "note" and one.code in {"XE203", "XE204", "XE407"}] in (
        ["XE203"],
        ["XE204"],
    )
    assert seen["XE407"].level == "note"


def test_a_split_that_leaves_a_class_out(path):
    truth, chances = _honest()
    kept = truth != 7
    assert found(written(path, truth[kept], chances[kept]))["XE306"].columns == ("7",)
    assert "XE306" not in found(written(path, truth, chances))


def test_a_class_that_is_rare_and_missed_parts_macro_from_micro(path):
    truth, chances = _honest()
    rare = np.flatnonzero((truth != 8) | (np.cumsum(truth == 8) <= 9))
    missed = chances.copy()
    missed[:, 8] *= 1e-4
    missed /= missed.sum(axis=1, keepdims=True)
    assert "the recall of '8' is" in found(written(path, truth[rare], missed[rare]))["XE403"].message
    assert "XE403" not in found(written(path, truth, chances))


def test_predictions_saved_from_a_shuffled_loader(path):
    model, test, truth = fitted(linear(), load_breast_cancer)
    chances = model.predict_proba(test)
    seen = found(written(path, np.random.default_rng(0).permutation(truth), chances))
    assert (seen["XE404"].level, seen["XE405"].level) == ("warning", "warning")
    assert not {"XE404", "XE405"} & set(found(written(path, truth, chances)))


def test_class_weights_of_a_loss_that_are_not_balanced(path):
    truth, chances = _honest()
    written(path, truth, chances)
    assert "XE409" in found(path, class_weights={"3": 2.5})
    balanced = compute_class_weight("balanced", classes=np.arange(10), y=truth)
    assert "XE409" not in found(path, class_weights={str(at): one for at, one in enumerate(balanced)})


def test_a_small_test_split_is_told(path):
    model, test, truth = fitted(GaussianNB(), size=100)
    assert "XE410" in found(written(path, truth, model.predict_proba(test)))
    assert "XE410" not in found(written(path, *_honest()))


@pytest.fixture
def labels():
    """Return multi-hot truth and scores of rare labels: the digits that a picture is near to, one model a label."""
    train, test, digits, truth = split(load_digits)
    held = lambda y: np.column_stack([(y == 3) | (y == 8), y == 8, (y == 5) | (y == 9), y == 1, y == 4])  # noqa: E731
    hot = held(truth)
    scores = [linear().fit(train[:, ::8], own).predict_proba(test[:, ::8])[:, 1] for own in held(digits).T]
    return hot.astype(int), np.column_stack(scores)


def _several(path, hot, scores):
    table = {f"is_{at}": hot[:, at] for at in range(hot.shape[1])} | {
        f"p_{at}": scores[:, at] for at in range(hot.shape[1])
    }
    pd.DataFrame(table).to_csv(path, index=False)
    return path


def test_the_arg_max_of_labels_is_no_accuracy(path, labels):
    hot, scores = labels
    assert f"would read {(hot.argmax(axis=1) == scores.argmax(axis=1)).mean():.4f}" in (
        found(_several(path, hot, scores))["XE402"].message
    )


def test_rare_labels_stay_below_the_threshold(path, labels):
    hot, scores = labels
    kept = hot.any(axis=1)
    seen = found(_several(path, hot[kept], scores[kept]))["XE412"]
    assert seen.count == int((~(scores[kept] > 0.5).any(axis=1)).sum())
    assert "XE412" not in found(_several(path, hot[kept], scores[kept]), at_least_one=True)
