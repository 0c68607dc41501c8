"""The first configuration file: it can be read back, and the score that it was written from keeps its limits."""

import re
import tomllib
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import xentcli
from xentcli import config
from xentcli.config.model import Margin
from xentcli.errors import UsageError
from xentcli.gate.init import _down, _up, first_file
from xentcli.record import replace

SAMPLES = (
    "preds_binary.csv", "preds_decisions.csv", "preds_digits.csv", "preds_keras_trap.parquet",
    "preds_multilabel.csv", "preds_outputs.csv", "preds_soft.csv",
)  # fmt: skip


def switched_on(text):
    """Return the text with all that is commented out switched on."""
    return re.sub(r"(?m)^#(?![ :])", "", text)


def read_back(text, folder):
    path = folder / "xent.toml"
    path.write_text(text, encoding="utf-8")
    (model,) = config.load_project(str(path)).models
    return model


def keeps(score, limit):
    """Whether a score keeps a limit on the loss, the accuracy, or the recall of its classes."""
    values = {"loss": [score.loss and score.loss.value], "accuracy": [score.accuracy.value]}
    values["recall"] = [one.recall for one in score.per_class if one.recall is not None]
    lowest = -float("inf") if limit.min is None else limit.min
    return all(lowest <= value <= (limit.max or float("inf")) for value in values[limit.metric])


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("changed", [str, switched_on])
def test_a_score_keeps_the_limits_that_were_written_from_it(sample, tmp_path, name, changed):
    score = xentcli.score(str(sample / name)).score
    model = read_back(changed(first_file(score, [name])), tmp_path)
    assert model.predictions == (str(tmp_path / name),)
    assert {"accuracy"} <= {limit.name for limit in model.limits}
    assert ("loss" in {limit.name for limit in model.limits}) == (score.loss is not None)
    for limit in model.limits:
        if limit.max_regression is None:
            assert keeps(score, limit), limit


def test_limits_stand_at_the_worse_end_of_the_interval(sample, tmp_path):
    score = xentcli.score(str(sample / "preds_digits.csv")).score
    loss, accuracy = read_back(first_file(score, ["p.csv"]), tmp_path).limits
    assert score.loss.interval[1] <= loss.max <= score.loss.interval[1] * 1.001
    assert accuracy.min <= score.accuracy.interval[0] <= accuracy.min + 1e-4
    assert len(f"{loss.max}".replace(".", "").strip("0")) <= 4


def test_what_is_switched_on_judges_regressions_classes_and_groups(sample, tmp_path):
    score = xentcli.score(str(sample / "preds_digits.csv")).score
    model = read_back(switched_on(first_file(score, ["p.csv"])), tmp_path)
    limits = {limit.name: limit for limit in model.limits}
    assert list(limits) == ["loss", "accuracy", "no-regression", "recall", "slices"]
    assert model.baseline == str(tmp_path / "baseline.parquet")
    assert limits["no-regression"].max_regression == Margin(0.02, relative=True)
    ((group, override),) = limits["recall"].overrides.items()
    weakest = min(score.per_class, key=lambda one: one.recall)
    assert group == weakest.name
    assert limits["recall"].by == "class"
    assert 0.89 * limits["recall"].min < override < 0.91 * limits["recall"].min
    assert (limits["slices"].by, limits["slices"].min_count) == ("COLUMN", 100)


def test_the_limit_by_column_says_that_its_column_must_be_written(sample):
    text = first_file(xentcli.score(str(sample / "preds_digits.csv")).score, ["p.csv"])
    assert "# or of two, A+B. Write a column of your files in the place of COLUMN, such as a country.\n" in text


def test_decisions_have_no_loss_to_limit(sample):
    text = first_file(xentcli.score(str(sample / "preds_decisions.csv")).score, ["p.csv"])
    assert "[checks.loss]" not in text
    assert '#metric = "accuracy"\n# How much worse it may be: a number, or a share' in text
    assert "#max-regression = 0.01\n" in text


def test_a_score_of_one_row_is_limited_by_its_value(tmp_path):
    score = xentcli.score(([1], [[0.25, 0.75]])).score
    assert score.loss.interval is None
    loss, _ = read_back(first_file(score, ["p.csv"]), tmp_path).limits
    assert loss.max == 0.2877


def test_weights_and_levels_are_told_from(sample, tmp_path):
    score = xentcli.score(str(sample / "preds_digits.csv"), confidence_level=0.99).score
    text = first_file(score, ["a.csv", "b.csv"], {"confidence-level": 0.99, "label": ("y",), "class-weights": {"a": 1}})
    assert f"# 99 % interval of {score.rows.scored} rows" in text
    model = read_back(text, tmp_path)
    assert (model.settings["confidence_level"], model.settings["label"]) == (0.99, ("y",))
    assert model.settings["class_weights"] == {"a": 1.0}
    assert model.predictions == (str(tmp_path / "a.csv"), str(tmp_path / "b.csv"))


def test_weighted_recalls_are_limited_below_what_they_are(tmp_path):
    table = {"label": ["a", "b", "c"] * 3, "a": [0.6, 0.3, 0.2] * 3, "b": [0.2, 0.4, 0.5] * 3, "c": [0.2, 0.3, 0.3] * 3}
    table["w"] = [0.1, 2.0, 3.0, 0.1, 0.2, 7.0, 1.0, 1.0, 1.0]
    table["b"][3] = 0.9
    score = xentcli.score(pa.table(table), weight="w").score
    limits = read_back(switched_on(first_file(score, ["p.csv"])), tmp_path).limits
    assert all(keeps(score, limit) for limit in limits if limit.max_regression is None)


@pytest.fixture(scope="module")
def plain():
    """The score of four rows of three classes."""
    return xentcli.score(([0, 1, 2, 0], [[0.5, 0.2, 0.3]] * 4)).score


@given(st.text(min_size=1), st.text(min_size=1), st.text())
def test_names_from_files_are_only_text(plain, path, name, positive):
    score = replace(plain, per_class=tuple(replace(one, name=name) for one in plain.per_class))
    text = first_file(score, [path], {"positive": positive})
    document = tomllib.loads(switched_on(text))
    assert (document["predictions"], document["positive"]) == (path, positive)
    assert list(document["checks"]["recall"]["overrides"]) == [name]
    assert all(line.isprintable() for line in text.split("\n"))


def test_a_path_that_is_no_unicode_is_refused(refused):
    score = xentcli.score(([1], [[0.25, 0.75]])).score
    error = refused(first_file, score, ["a\udc80.csv"])
    assert isinstance(error, UsageError)
    assert error.message == 'the path "a\\udc80.csv" is not Unicode text, which TOML cannot hold'


@given(st.floats(0, 1e300))
def test_limits_are_rounded_away_from_what_they_limit(value):
    assert value <= _up(value) <= value * 1.0011 + 5e-324
    low = value % 1.0
    assert low - 1.0001e-4 <= _down(low) <= low


def test_every_line_is_short_enough_to_read(sample):
    text = first_file(xentcli.score(str(sample / "preds_digits.csv")).score, [str(Path("out") / "p.csv")])
    assert max(map(len, text.splitlines())) <= 100
