"""Pooled models: ids that repeat once under each value of a column such as model."""

import numpy as np
import pandas as pd
import pytest

import xentcli
from xentcli.errors import DuplicateIdError
from xentcli.task.pooled import repeats

IDS, MODELS = [1, 2, 3, 4, 5, 6] * 2, ["a"] * 6 + ["b"] * 6


def test_ids_that_stand_once_under_each_model_repeat():
    assert repeats(IDS, MODELS)
    assert repeats(IDS[::-1], MODELS)
    assert repeats([*IDS, None], [*MODELS, "a"])


def test_an_id_twice_under_one_model_tells_nothing_apart():
    assert not repeats([*IDS, 3], [*MODELS, "b"])


def test_folds_in_which_every_row_stands_once_are_none():
    assert not repeats(range(12), MODELS)
    assert not repeats([1, 2, 3] * 4, ["a"] * 3 + ["b"] * 3 + ["c"] * 3 + ["d"] * 3)  # three ids are too few to tell


def test_a_model_that_failed_on_some_rows_is_one_all_the_same():
    ids = list(range(30))
    assert repeats([*ids, *ids[:28]], ["a"] * 30 + ["b"] * 28)
    assert not repeats([*ids, *range(25, 45)], ["a"] * 30 + ["b"] * 20)


def test_what_is_measured_twice_has_labels_of_its_own():
    labels = [0, 1, 0, 1, 0, 1]
    assert repeats(IDS, MODELS, labels * 2)
    assert not repeats(IDS, MODELS, [*labels, *labels[::-1]])


def pooled(models=("lr", "rf", "svm"), column="model", rows=60):
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 2, rows)
    frames = [
        pd.DataFrame({"sample_id": np.arange(rows), column: name, "label": truth, "p_1": rng.random(rows)})
        for name in models
    ]
    return pd.concat(frames, ignore_index=True)


def told(frame, **options):
    return next((one for one in xentcli.score(frame, **options).findings if one.code == "XE310"), None)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("model", ("lr", "rf")),
        ("algorithm", ("b", "a")),
        ("fold", (0, 1, 2)),
        ("threshold", (0.3, 0.5)),
        ("Seed", (7, 8)),
    ],
)
def test_the_finding_names_the_column_its_values_and_the_option(column, values):
    found = told(pooled(values, column))
    assert found.level == "warning"
    assert found.count == len(values)
    assert found.columns == (column, "sample_id")
    assert f"{len(values)} values of {column} ({', '.join(sorted(map(str, values)))})" in found.message
    assert f"--by {column};" in found.help


def test_slicing_by_the_column_is_what_the_finding_asks_for():
    assert told(pooled(), by="model") is None
    assert told(pooled().assign(country="DE"), by="country") is not None
    assert told(pooled().assign(country="DE"), by="country+model") is None


def test_models_and_seeds_together_tell_rows_apart():
    both = pd.concat([pooled().assign(seed=seed) for seed in (1, 2)], ignore_index=True)
    found = told(both)
    assert found.columns == ("model", "seed", "sample_id")
    assert "--by model+seed" in found.help
    assert told(both, by="model+seed") is None


@pytest.mark.parametrize("change", ["no ids", "no model", "one model", "a fold each", "of their own"])
def test_other_files_are_silent(change):
    frame = pooled()
    changes = {
        "no ids": frame.drop(columns="sample_id"),
        "no model": frame.drop(columns="model"),
        "one model": frame[frame.model == "rf"],
        "a fold each": frame.assign(sample_id=np.arange(len(frame))),
        "of their own": frame.assign(label=np.random.default_rng(1).integers(0, 2, len(frame))),
    }
    assert told(changes[change]) is None


def test_a_text_that_repeats_once_under_each_model_is_an_id_whatever_its_name():
    frame = pooled().rename(columns={"sample_id": "question"})
    assert told(frame) is None
    assert told(frame.assign(question="q" + frame.question.astype(str))).columns == ("model", "question")


def test_the_error_for_repeated_ids_names_the_column_that_tells_them_apart():
    frame = pooled()
    with pytest.raises(DuplicateIdError) as refused:
        xentcli.score(frame, id="sample_id")
    assert "model tells the repeats apart: lr, rf, svm" in refused.value.details
    assert "leave --id out and score each by itself: --by model" in refused.value.help
    assert len(xentcli.score(frame, by="model").score.slices) == 3
    labels = frame[frame.model == "lr"][["sample_id", "label"]]
    with pytest.raises(DuplicateIdError, match="a second time") as refused:
        xentcli.score(frame.drop(columns="label"), labels=labels)
    assert "keep the rows of one model" in refused.value.help
    with pytest.raises(DuplicateIdError) as refused:
        xentcli.score(pd.concat([frame, frame]), id="sample_id")
    assert "name another column with --id" in refused.value.help
