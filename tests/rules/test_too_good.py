"""Files in which every row is right, or a column holds the label in other words, and files that only come near."""

import numpy as np
import pandas as pd
import pytest

import xentcli

RNG = np.random.default_rng(5)


def perfect(rows, wrong=0, positives=None):
    """Return a file of two classes in which some rows are wrong."""
    truth = np.arange(rows) % 2 if positives is None else (np.arange(rows) < positives).astype(int)
    chance = np.where(truth, 0.55, 0.05) + RNG.uniform(0.0, 0.4, rows)
    chance[:wrong] = 1.0 - chance[:wrong]
    return pd.DataFrame({"label": truth, "p_1": chance})


def finding(data, **options):
    return next((one for one in xentcli.score(data, **options).findings if one.code == "XE415"), None)


@pytest.mark.parametrize("rows", [200, 500, 5000])
def test_all_rows_right_are_too_good(rows):
    found = finding(perfect(rows))
    assert (found.level, found.count) == ("note", rows)
    assert f"all of {rows:,} rows are right" in found.message


@pytest.mark.parametrize(("rows", "wrong"), [(199, 0), (50, 0), (200, 1), (5000, 1)])
def test_fewer_rows_or_one_wrong_row_are_not(rows, wrong):
    assert finding(perfect(rows, wrong)) is None


@pytest.mark.parametrize(("positives", "said"), [(19, False), (20, True), (500, False)])
def test_rows_that_are_nearly_all_of_one_class_are_not(positives, said):
    assert (finding(perfect(500, positives=positives)) is not None) == said


def test_decisions_that_copy_the_label_are_too_good():
    words = RNG.choice(["ant", "bee", "owl"], 300)
    assert "all of 300 rows" in finding(pd.DataFrame({"label": words, "predicted_label": words})).message


@pytest.mark.parametrize("held", [150, 10])
def test_several_labels_need_one_that_is_held_by_some_rows_and_not_by_others(held):
    truth = np.zeros((400, 3), dtype=int)
    for at in range(3):
        truth[at * 20 : at * 20 + held, at] = 1
    scores = np.where(truth, 0.9, 0.1) + RNG.uniform(-0.05, 0.05, truth.shape)
    frame = pd.DataFrame(
        {f"label_{at}": truth[:, at] for at in range(3)} | {f"p_{at}": scores[:, at] for at in range(3)}
    )
    assert (finding(frame) is not None) == (held == 150)


def beside(columns, rows=120):
    """Return a file with columns beside the label, which say of each row what `columns` make of its class."""
    truth = RNG.integers(0, 2, rows)
    chance = np.clip(RNG.normal(0.4 + 0.2 * truth, 0.2), 0.01, 0.99)
    return pd.DataFrame({"label": truth, "p_1": chance} | {name: make(truth) for name, make in columns.items()})


def test_a_feature_that_says_what_the_label_says_is_named(tmp_path):
    path = tmp_path / "p.csv"
    beside({"ward": lambda truth: 3 + 4 * truth, "age": lambda truth: 40 + 7 * truth + RNG.integers(0, 9, 120)}).to_csv(
        path, index=False
    )
    report = xentcli.score(path)
    found = {one.code: one for one in report.findings}["XE415"]
    assert found.message.startswith("'ward' says in the first rows what the label says")
    assert (found.level, found.columns) == ("note", ("ward",))
    assert {one.name: one.because for one in report.columns}["ward"] == "says in the first rows what the label says"


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        ({"ward": lambda truth: np.where(np.arange(len(truth)) == 7, 1 - truth, truth)}, 120),  # one row differs
        ({"ward": lambda truth: 3 + 4 * truth}, 40),  # too few rows
        ({"ward": np.ones_like}, 120),
        ({"is_0": lambda truth: 1 - truth, "is_1": lambda truth: truth}, 120),  # the label's own dummies
        ({"outcome_of_case": lambda truth: np.where(truth, "Pass", "Fail")}, 120),  # names the classes
        ({"predicted": lambda truth: truth}, 120),
        ({"site": lambda truth: RNG.integers(0, 2, len(truth))}, 120),
    ],
)
def test_other_columns_are_not(tmp_path, columns, rows):
    path = tmp_path / "p.csv"
    beside(columns, rows).to_csv(path, index=False)
    assert finding(path) is None


def test_a_column_that_nothing_looked_at_is_left_alone(tmp_path):
    path = tmp_path / "p.parquet"
    beside({"ward": lambda truth: 3 + 4 * truth}).to_parquet(path, index=False)
    assert finding(path) is None


@pytest.mark.parametrize("rows", [50, 500, 5000])
def test_honest_files_are_not_too_good(rows):
    for draw in range(10):
        rng = np.random.default_rng([rows, draw])
        logits = rng.normal(size=rows) * 3.0
        truth = (rng.random(rows) < 1.0 / (1.0 + np.exp(-logits))).astype(int)
        frame = pd.DataFrame({"label": truth, "p_1": 1.0 / (1.0 + np.exp(-logits)), "site": rng.integers(0, 2, rows)})
        assert finding(frame) is None
