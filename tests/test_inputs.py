"""What the library's functions take besides files and frames: dicts, rows, and labels and predictions side by side."""

import numpy as np
import pandas as pd
import pytest

import xentcli
from xentcli.errors import InputError, UsageError

RNG = np.random.default_rng(3)
CHANCES = RNG.dirichlet([1.0, 1.0, 1.0], 60)
LABELS = (CHANCES.cumsum(axis=1) < RNG.random((60, 1))).sum(axis=1)
COLUMNS = {"label": LABELS} | {f"p_{at}": CHANCES[:, at] for at in range(3)}
FRAME = pd.DataFrame(COLUMNS)


def numbers(report):
    return report.score.loss.value, report.score.accuracy.value, report.score.rows.scored


@pytest.mark.parametrize(
    "data",
    [
        COLUMNS,
        {name: list(map(float, cells)) if name != "label" else cells.tolist() for name, cells in COLUMNS.items()},
        FRAME.to_dict("records"),
        {"label": LABELS, "scores": CHANCES},
    ],
    ids=["arrays by name", "lists by name", "rows", "a matrix"],
)
def test_columns_and_rows_in_memory_give_the_numbers_of_the_frame(data):
    assert numbers(xentcli.score(data)) == numbers(xentcli.score(FRAME))


def test_a_frame_of_polars_gives_the_numbers_of_the_frame():
    polars = pytest.importorskip("polars")
    assert numbers(xentcli.score(polars.DataFrame(COLUMNS))) == numbers(xentcli.score(FRAME))


def test_a_row_that_lacks_a_key_has_a_missing_cell():
    rows = [*FRAME.to_dict("records"), {"p_0": 0.2, "p_1": 0.3, "p_2": 0.5}]
    assert xentcli.score(rows).score.rows.missing_label == 1


def test_columns_of_several_lengths_are_refused_with_each():
    with pytest.raises(InputError, match="label has 60, p_0 has 59"):
        xentcli.score({"label": LABELS, "p_0": CHANCES[:59, 0]})


def test_labels_and_predictions_may_be_two_arguments():
    assert numbers(xentcli.score(LABELS, CHANCES)) == numbers(xentcli.score((LABELS, CHANCES)))
    assert numbers(xentcli.score(np.eye(3)[LABELS], CHANCES))[:2] == numbers(xentcli.score(LABELS, CHANCES))[:2]


@pytest.mark.parametrize(
    ("truth", "predicted"),
    [(CHANCES, LABELS), (CHANCES, np.eye(3)[LABELS]), (CHANCES[:, 0], (LABELS == 0).astype(int))],
)
def test_a_swapped_pair_is_asked_about_and_never_scored(truth, predicted):
    with pytest.raises(UsageError, match="swapped"):
        xentcli.score(truth, predicted)


def test_two_arrays_of_scores_are_no_labels_unless_somebody_says_so():
    other = CHANCES[::-1]
    with pytest.raises(UsageError, match="which are the labels"):
        xentcli.score(CHANCES, other)
    assert xentcli.score(CHANCES, other, label="y_true").score.loss.value > 0


def test_two_paths_are_told_what_takes_them():
    with pytest.raises(UsageError, match="takes one file") as caught:
        xentcli.score("a.csv", "b.csv")
    assert "labels=FILE" in caught.value.help
