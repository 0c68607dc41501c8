"""The numbers that limits may name, and their groups."""

import numpy as np
import pytest

import xentcli
from xentcli.gate.metrics import measured, names
from xentcli.metrics import METRICS, lower_is_better
from xentcli.scoring.intervals import wilson, wilson_f1

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
        if metric == "f1":
            low, high = seen.interval
            assert low < seen.value <= high
            continue
        assert (seen.because is None) is (trials is not None)
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


def asked(sample, name, **options):
    """Return a score with the intervals of all metrics."""
    every = frozenset(METRICS)
    return xentcli.score(str(sample / name), intervals=every, **options).score


@pytest.mark.parametrize("name", SAMPLES)
def test_every_number_has_an_interval_that_holds_it_or_says_why_not(sample, name):
    found = asked(sample, name)
    by = [None, "class"] if found.per_class or found.per_label else [None]
    for grouping in by:
        for metric in names(found, grouping):
            for seen in measured(found, metric, grouping).values():
                assert (seen.interval is None) == bool(seen.because), metric
                if seen.interval is not None:
                    assert seen.interval[0] <= seen.value <= seen.interval[1], metric


def test_the_interval_of_a_rate_of_counted_rows_is_wilsons(sample):
    found = asked(sample, "preds_binary.csv")
    support = {one.name: one.support for one in found.per_class}[found.task.positive]
    seen = measured(found, "sensitivity", None)[None]
    assert seen.interval == wilson(round(seen.value * support), support, 0.95)
    digits = asked(sample, "preds_digits.csv")
    top = measured(digits, "top_2", None)[None]
    assert top.interval == wilson(round(top.value * digits.rows.scored), digits.rows.scored, 0.95)


def test_what_follows_from_the_loss_has_its_interval(sample):
    found = asked(sample, "preds_digits.csv")
    low, high = found.loss.interval
    assert measured(found, "bits", None)[None].interval == pytest.approx((low / np.log(2), high / np.log(2)))
    assert measured(found, "perplexity", None)[None].interval == pytest.approx((np.exp(low), np.exp(high)))


def test_f1_of_a_class_has_the_interval_of_the_rows_of_the_class_or_given_it():
    low, high = wilson_f1(30, 40, 50, 0.95)
    share = wilson(30, 60, 0.95)
    assert (low, high) == tuple(2 * end / (1 + end) for end in share)
    assert low < 2 * 30 / 90 < high
    assert wilson_f1(0, 0, 0, 0.95) is None


def test_with_weights_the_reason_is_told(table):
    rows = {"label": ["a", "b", "c"] * 20, "w": [0.5, 1.0, 2.0] * 20}
    rows |= {"p_a": [0.6, 0.3, 0.1] * 20, "p_b": [0.3, 0.4, 0.2] * 20, "p_c": [0.1, 0.3, 0.7] * 20}
    found = xentcli.score(table(rows), weight="w", intervals=frozenset(METRICS)).score
    assert "rows have weights" in measured(found, "f1_macro", None)[None].because
    assert "rows have weights" in measured(found, "f1", "class")["a"].because
