"""A label that stands in a file several times, in other codings, is read once and never scored as the prediction."""

import numpy as np
import pandas as pd
import pytest

import xentcli
from xentcli.errors import AmbiguousError, XentError

RNG = np.random.default_rng(7)
ROWS = 60
CHANCES = RNG.uniform(0.05, 0.95, ROWS)
TRUTH = (CHANCES + RNG.normal(0, 0.3, ROWS) > 0.5).astype(int)
LOSS = -np.log(np.where(TRUTH == 1, CHANCES, 1 - CHANCES)).mean()


def one_hot(name, values):
    return {name.format(value): [cell == value for cell in values] for value in dict.fromkeys(values)}


def loss(columns, form, folder):
    frame = pd.DataFrame(columns)
    if form == "csv":
        frame.to_csv(folder / "p.csv", index=False)
        return xentcli.score(folder / "p.csv").score.loss.value
    return xentcli.score(frame).score.loss.value


@pytest.mark.parametrize("form", ["csv", "frame"])
@pytest.mark.parametrize("name", ["is_{}", "y_true_{}", "species_{}"])
def test_columns_of_true_and_false_that_copy_a_boolean_label_are_no_scores(tmp_path, form, name):
    truth = (TRUTH == 1).tolist()
    columns = {"y_true": truth} | one_hot(name, truth) | {"y_score": CHANCES}
    assert loss(columns, form, tmp_path) == pytest.approx(LOSS, rel=1e-12)


@pytest.mark.parametrize("form", ["csv", "frame"])
def test_dummies_of_a_label_are_no_scores_of_a_feature_with_the_same_values(tmp_path, form):
    truth = (TRUTH == 1).tolist()
    member = (RNG.random(ROWS) < 0.5).tolist()
    columns = {"label": truth, "member": member} | one_hot("is_{}", truth) | {"probability": CHANCES}
    assert loss(columns, form, tmp_path) == pytest.approx(LOSS, rel=1e-12)


def test_dummies_of_a_label_without_a_name_do_not_turn_the_positive_class_round():
    words = np.where(TRUTH == 1, "yes", "no").tolist()
    columns = {"status": words, "y_score": CHANCES} | one_hot("species_{}", words)
    for order in (list(columns), list(columns)[::-1]):
        found = xentcli.score(pd.DataFrame(columns)[order])
        assert (found.score.task.positive, found.score.loss.value) == ("yes", pytest.approx(LOSS, rel=1e-12))


def test_two_codings_of_a_label_whose_positive_classes_differ_are_two_readings():
    columns = {"gold": np.where(TRUTH == 1, "ant", "bee"), "target": TRUTH, "score": CHANCES}
    for order in (list(columns), list(columns)[::-1]):
        with pytest.raises(AmbiguousError, match="several labels"):
            xentcli.score(pd.DataFrame(columns)[order])


def test_the_coding_that_the_predicted_labels_share_is_read():
    decided = np.where(CHANCES > 0.5, 1, -1)
    columns = {
        "label_idx": TRUTH, "target": 2 * TRUTH - 1, "y_pred": decided, "confidence": np.maximum(CHANCES, 1 - CHANCES),
    }  # fmt: skip
    for order in (list(columns), list(columns)[::-1]):
        found = xentcli.score(pd.DataFrame(columns)[order])
        assert {one.name: one.role for one in found.columns if one.role != "unused"} == {
            "target": "label", "y_pred": "predicted", "confidence": "confidence",
        }  # fmt: skip
        assert found.score.loss.value == pytest.approx(LOSS, rel=1e-12)


def test_an_index_in_another_order_than_the_names_is_not_the_same_label_beside_a_list():
    names = np.array(["owl", "ant", "cat"])
    at = RNG.integers(0, 3, ROWS)
    columns = {"y_true": names[at], "target": at, "probs": RNG.dirichlet(np.ones(3), ROWS).tolist()}
    with pytest.raises(AmbiguousError, match="several labels"):
        xentcli.score(pd.DataFrame(columns))


@pytest.mark.parametrize("name", ["prob_-1", "-1_score", "P(-1)"])
def test_a_score_of_the_class_minus_one_is_none_of_the_class_one(name):
    found = xentcli.score(pd.DataFrame({"target": 1 - 2 * TRUTH, name: CHANCES})).score
    assert (found.task.positive, found.loss.value) == ("-1", pytest.approx(LOSS, rel=1e-12))


def test_a_hyphen_before_a_number_is_no_sign():
    found = xentcli.score(pd.DataFrame({"target": 2 * TRUTH - 1, "score-1": CHANCES})).score
    assert (found.task.positive, found.loss.value) == ("1", pytest.approx(LOSS, rel=1e-12))


def test_scores_that_begin_with_true_and_false_are_those_of_two_classes():
    columns = {"gold": TRUTH, "False_prob": 1 - CHANCES, "True_prob": CHANCES}
    assert xentcli.score(pd.DataFrame(columns)).score.loss.value == pytest.approx(LOSS, rel=1e-12)


def test_words_beside_a_second_table_in_memory_stay_words():
    ids = [f"s{at}" for at in range(ROWS)]
    labels = pd.DataFrame({"id": ids, "label": TRUTH})
    scores = pd.DataFrame({"id": ids, "day": ["2024-01-01"] * ROWS, "prob": CHANCES})
    assert xentcli.score(scores, labels=labels).score.loss.value == pytest.approx(LOSS, rel=1e-12)


def test_dummies_beside_their_columns_are_no_outputs():
    truth = (TRUTH == 1).tolist()
    columns = one_hot("label_{}", truth) | {"label": truth, "prediction_label": (CHANCES > 0.5).tolist()}
    columns["prediction_score"] = np.maximum(CHANCES, 1 - CHANCES)
    found = xentcli.score(pd.DataFrame(columns)).score
    assert (found.task.kind, found.loss.value) == ("binary", pytest.approx(LOSS, rel=1e-12))
    animal, color = RNG.choice(["ant", "bee"], ROWS).tolist(), RNG.choice(["red", "blue"], ROWS).tolist()
    dummies = {"animal": animal, "color": color} | one_hot("animal_{}", animal) | one_hot("color_{}", color)
    with pytest.raises(XentError):
        xentcli.score(pd.DataFrame(dummies))
    both = dummies | {"label": TRUTH, "p_0": 1 - CHANCES, "p_1": CHANCES}
    assert xentcli.score(pd.DataFrame(both)).score.loss.value == pytest.approx(LOSS, rel=1e-12)


@pytest.mark.parametrize("names", [("0", "1"), ("x0", "x1"), ("p_0", "p_1")])
@pytest.mark.parametrize("given", [(), ("scores",)])
def test_true_and_false_are_no_label_beside_one_that_has_the_numbers_of_the_scores(names, given):
    member = (np.random.default_rng(3).random(ROWS) < 0.5).tolist()
    frame = pd.DataFrame({"label": TRUTH, names[0]: 1 - CHANCES, "member": member, names[1]: CHANCES})
    score = xentcli.score(frame, **{key: list(names) for key in given}).score
    assert score.loss.value == pytest.approx(LOSS, rel=1e-12)


@pytest.mark.parametrize("name", ["cat", "cats", "version", "versicolor"])
@pytest.mark.parametrize("constant", [False, True])
def test_a_column_named_after_one_of_many_scores_takes_none_out_of_their_block(name, constant):
    rng = np.random.default_rng(5)
    names = ("cat", "versicolor", "owl")
    held, chances = rng.integers(0, 2, (ROWS, 3)), rng.uniform(0.05, 0.95, (ROWS, 3))
    extra = np.ones(ROWS, dtype=int) if constant else rng.integers(0, 2, ROWS)
    columns = {f"y_{one}": held[:, at] for at, one in enumerate(names)}
    columns |= {f"p_{one}": chances[:, at] for at, one in enumerate(names)} | {name: extra}
    score = xentcli.score(pd.DataFrame(columns)).score
    assert score.loss.value == pytest.approx(-np.log(np.where(held == 1, chances, 1 - chances)).mean(), rel=1e-12)
