"""Finding label columns: names that a person would recognise, among features, ids and text."""

import numpy as np
import pandas as pd
import pytest

from xentcli.files.open import as_table
from xentcli.task.labels import find_labels

RNG = np.random.default_rng(31)
ROWS = 120


def features(**labels):
    """Return a frame of ids, text, splits and measurements with some label columns in the middle."""
    names = [f"customer {at}" for at in range(ROWS)]
    return pd.DataFrame(
        {"id": range(ROWS), "file_name": [f"img_{at}.png" for at in range(ROWS)], "fold": RNG.integers(0, 5, ROWS)}
        | labels
        | {"height": RNG.normal(170, 9, ROWS), "rooms": RNG.integers(1, 6, ROWS), "name": names}
        | {"smoker": RNG.choice(["yes", "no"], ROWS), "split": RNG.choice(["train", "test"], ROWS)}
    )


def chosen(frame):
    return find_labels(as_table(frame))


@pytest.mark.parametrize(
    "name",
    ["label", "labels", "Label", "target", "Target", "TARGET", "targets", "y", "y_true", "class", "Class", "category",
     "true_label", "trueLabel", "ground_truth", "survived", "Survived", "diagnosis", "species", "Species",
     "outcome", "genre", "churn", "Churn", "is_fraud", "spam", "sentiment", "default", "quality", "loan_status",
     "label_id", "class_name", "category_name", "target_class", "income", "grade", "verdict", "default_label", "topic",
     "ground truth", "variety", "image_label", "text category", "testClass"],
)  # fmt: skip
def test_a_name_that_a_person_would_recognise_is_found(name):
    found = chosen(features(**{name: RNG.choice(["a", "b", "c"], ROWS)}))
    assert found.columns == (name,)
    assert "by its name" in found.because[0]


def test_an_answer_comes_before_a_column_called_class():
    frame = features(**{"class": RNG.choice(["1st", "2nd", "3rd"], ROWS), "survived": RNG.integers(0, 2, ROWS)})
    found = chosen(frame)
    assert found.columns == ("survived",)
    assert "--label class" in found.because[0]


def test_a_name_and_its_index_are_said_to_be_one_answer():
    index = RNG.integers(0, 3, ROWS)
    found = chosen(features(label=index, label_name=np.array(["cat", "dog", "eel"])[index]))
    assert found.columns == ("label",)
    assert "label_name gives the same answer in other words" in found.because[0]
    other = chosen(features(label=index, label_name=RNG.choice(["cat", "dog", "eel"], ROWS)))
    assert "could be meant too" in other.because[0]


def test_ids_files_folds_splits_and_text_are_never_labels():
    found = chosen(features()[["id", "file_name", "fold", "height", "name", "split"]])
    assert found.columns == ("height",)
    assert chosen(features(mood=RNG.choice(["sad", "glad"], ROWS))[["id", "mood", "name"]]).columns == ("mood",)


def test_a_position_is_a_guess_and_says_so():
    frame = features()[["id", "rooms", "height", "smoker"]]
    found = chosen(frame)
    assert found.columns == ("smoker",)
    assert found.certainty == "guess"
    assert "no name tells" in found.because[0]
    assert "--label rooms" in found.because[0]


def test_blocks_are_found_by_what_they_share_or_sum_to():
    hot = np.eye(3, dtype=int)[RNG.integers(0, 3, ROWS)]
    named = {f"label_{name}": hot[:, at] for at, name in enumerate(["cat", "dog", "eel"])}
    assert chosen(features(**named)).columns == tuple(named)
    bare = dict(zip(["cat", "dog", "eel"], hot.T, strict=True))
    assert chosen(features(**bare)).columns == tuple(bare)
    flag = {"owner": RNG.integers(0, 2, ROWS)} | bare
    assert chosen(features(**flag)).columns == tuple(bare)
    shares = dict(zip(["cat", "dog", "eel"], RNG.dirichlet(np.ones(3), ROWS).T, strict=True))
    assert chosen(features(**shares)).columns == tuple(shares)


def test_a_coordinate_called_y_is_no_label():
    frame = pd.DataFrame({"x": RNG.normal(size=ROWS), "y": RNG.normal(size=ROWS), "kind": RNG.choice(["a", "b"], ROWS)})
    assert chosen(frame).columns == ("kind",)


def test_a_file_that_is_sorted_by_class_is_no_file_of_one_class():
    frame = pd.DataFrame(RNG.normal(size=(12_000, 8)), columns=[f"m{at}" for at in range(8)])
    frame["z"] = ["g"] * 9_000 + ["h"] * 3_000
    assert chosen(frame).columns == ("z",)


def test_features_of_zero_and_one_are_no_labels_beside_a_column_of_words():
    frame = pd.DataFrame(RNG.integers(0, 2, (ROWS, 7)), columns=[f"f{at}" for at in range(7)])
    frame["f7"] = RNG.choice(["positive", "negative"], ROWS)
    assert chosen(frame).columns == ("f7",)
    apart = RNG.integers(0, 2, ROWS)
    frame = pd.DataFrame({"a": RNG.normal(size=ROWS), "in": apart, "out": 1 - apart, "b": RNG.normal(size=ROWS)})
    frame["z"] = RNG.choice(["u", "v"], ROWS)
    assert chosen(frame).columns == ("z",)
