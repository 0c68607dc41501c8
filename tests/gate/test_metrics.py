"""The numbers that limits may name, and their groups."""

import pytest

import xentcli
from xentcli.gate.metrics import lower_is_better, measured, names
from xentcli.scoring.intervals import wilson

SAMPLES = (
    "preds_binary.csv", "preds_decisions.csv", "preds_digits.csv", "preds_keras_trap.parquet",
    "preds_multilabel.csv", "preds_outputs.csv", "preds_soft.csv",
)  # fmt: skip


@pytest.fixture(scope="module")
def score():
    """The scorer of a sample."""

    def run(sample, name, **options):
        return xentcli.score(str(sample / name), **options).score

    return run


@pytest.mark.parametrize("name", SAMPLES)
def test_names_are_the_keys_of_the_document(sample, name):
    report = xentcli.score(str(sample / name))
    document = report.to_dict()
    parts = [document["loss"] or {}, document["metrics"], document["rows"]]
    for metric in names(report.score, None):
        held = measured(report.score, metric, None)[None]
        where = [part[metric] for part in parts if metric in part]
        if metric in {"loss", "accuracy"}:
            where = [document[metric]["value"]]
        assert where == [held.value], metric


def test_only_decisions_have_no_loss(sample, score):
    held = names(score(sample, "preds_decisions.csv"), None)
    assert "loss" not in held
    assert "accuracy" in held
    assert "loss" not in names(score(sample, "preds_decisions.csv"), "class")
    assert "loss" in names(score(sample, "preds_digits.csv"), None)


@pytest.mark.parametrize("metric", ["recall", "precision", "f1", "loss", "support", "predicted"])
def test_a_number_of_a_class_is_that_of_its_row(sample, score, metric):
    found = score(sample, "preds_digits.csv")
    held = measured(found, metric, "class")
    assert list(held) == [one.name for one in found.per_class]
    for one in found.per_class:
        seen = held[one.name]
        assert (seen.value, seen.rows) == (getattr(one, metric), one.support)
        trials = {"recall": one.support, "precision": one.predicted}.get(metric)
        expected = None if trials is None else wilson(round(seen.value * trials), trials, 0.95)
        assert seen.interval == expected


def test_weighted_rates_have_no_interval(table):
    rows = {"label": ["a", "b", "c"] * 20, "w": [0.5, 1.0, 2.0] * 20}
    rows |= {"p_a": [0.6, 0.3, 0.1] * 20, "p_b": [0.3, 0.4, 0.2] * 20, "p_c": [0.1, 0.3, 0.7] * 20}
    found = xentcli.score(table(rows), weight="w").score
    assert all(one.interval is None for one in measured(found, "recall", "class").values())


def test_labels_of_a_multi_label_task_are_its_classes(sample, score):
    found = score(sample, "preds_multilabel.csv")
    for one in found.per_label:
        assert measured(found, "accuracy", "class")[one.name].value == one.accuracy
        low, high = measured(found, "accuracy", "class")[one.name].interval
        assert low <= one.accuracy <= high


def test_several_outputs_have_no_classes_in_common(sample, score):
    assert not measured(score(sample, "preds_outputs.csv"), "recall", "class")


def test_less_is_better_of_losses_and_of_rows_that_are_lost():
    lower = {"loss", "brier", "ece", "bits", "perplexity", "clipped", "bad", "missing_label", "unmatched"}
    assert all(lower_is_better(name) for name in lower)
    assert not any(lower_is_better(name) for name in ("accuracy", "f1_macro", "mcc", "roc_auc", "skill", "recall"))
