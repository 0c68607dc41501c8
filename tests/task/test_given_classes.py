"""Names that an option gives twice, or too many of, are told by name."""

import pandas as pd
import pytest

import xentcli
from xentcli.errors import UsageError

SCORES = {"p_a": [0.5, 0.2, 0.2], "p_b": [0.3, 0.5, 0.3], "p_c": [0.2, 0.3, 0.5]}
NAMED = pd.DataFrame({"label": ["a", "b", "c"], **SCORES})
LISTED = pd.DataFrame({"label": ["a", "b", "c"], "probs": [[0.5, 0.3, 0.2], [0.2, 0.5, 0.3], [0.2, 0.3, 0.5]]})
BINARY = pd.DataFrame({"label": ["no", "yes"] * 5, "score": [0.25, 0.75] * 5})
DECIDED = pd.DataFrame({"label": ["a", "b", "c"] * 4, "prediction": ["a", "b", "b"] * 4})
HOT = pd.DataFrame({"a": [1, 0, 0] * 4, "b": [0, 1, 0] * 4, "c": [0, 0, 1] * 4})


@pytest.mark.parametrize(
    ("frame", "classes", "repeated"),
    [
        (NAMED, "a,b,b", "'b'"),
        (LISTED, "a,b,b", "'b'"),
        (BINARY, "yes,yes", "'yes'"),
        (DECIDED, "c,a,b,c,a", "'c', 'a'"),
    ],
)
def test_a_class_that_is_named_twice_is_told(frame, classes, repeated):
    with pytest.raises(UsageError) as caught:
        xentcli.score(frame, classes=classes)
    assert caught.value.message == f"--classes names {repeated} twice"
    assert "each class once" in caught.value.help


@pytest.mark.parametrize("command", [xentcli.inspect, lambda data, **how: xentcli.encode(data, to="one-hot", **how)])
def test_labels_have_each_class_once(command):
    with pytest.raises(UsageError, match="--classes names 'b' twice"):
        command(NAMED, label="label", classes="a,b,c,b")


@pytest.mark.parametrize(
    ("frame", "columns", "classes", "said"),
    [
        (NAMED, (), "a,b,c,d", "4 classes (a, b, c, d), there are 3 scores (p_a, p_b, p_c)"),
        (LISTED, "probs", "a,b,c,d", "4 classes (a, b, c, d), there are 3 scores in probs"),
        (NAMED, (), "0,1,2,3,4,5,6,7,8,9", "10 classes (0, 1, 2, 3, 4, 5, 6, 7, ...), there are 3 scores"),
        (NAMED, (), f"a,b,c,{'x' * 1000}", "4 classes (a, b, c, xxx"),
    ],
)
def test_more_names_than_scores_are_told_with_both(frame, columns, classes, said):
    with pytest.raises(UsageError) as caught:
        xentcli.score(frame, classes=classes, scores=columns)
    assert caught.value.message.startswith(f"--classes names {said}")
    assert len(caught.value.message) < 250


def test_more_names_than_label_columns_are_told_with_both():
    with pytest.raises(UsageError) as caught:
        xentcli.inspect(HOT, classes="x,y")
    assert caught.value.message == "--classes names 2 classes (x, y), there are 3 columns (a, b, c)"


@pytest.mark.parametrize(
    "command", [xentcli.inspect, xentcli.score, lambda data, **how: xentcli.encode(data, to="one-hot", **how)]
)
def test_a_column_that_is_named_twice_is_told(command):
    with pytest.raises(UsageError) as caught:
        command(NAMED, label=["label", "label"])
    assert caught.value.message == "--label names the column 'label' twice"


def test_a_score_column_that_is_named_twice_is_told():
    with pytest.raises(UsageError) as caught:
        xentcli.score(NAMED, scores=["p_a", ":1"])
    assert caught.value.message == "--scores names the column 'p_a' twice"
