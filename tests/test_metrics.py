"""The registry of metrics: complete, paired with its formulas, and read by whoever speaks of metrics."""

from pathlib import Path

import pytest

import xentcli
from xentcli.gate.metrics import measured, names
from xentcli.metrics import (
    BOUNDS,
    BY_CLASS,
    METRICS,
    Direction,
    DocumentPart,
    Metric,
    absence,
    full_name,
    lower_is_better,
    named_elsewhere,
    of_part,
    page,
    registered,
    split_name,
)
from xentcli.scoring import formulas
from xentcli.scoring.comparing import macros
from xentcli.terms import Kind

SAMPLES = {
    "preds_binary.csv": "binary", "preds_digits.csv": "multiclass", "preds_multilabel.csv": "multilabel",
    "preds_outputs.csv": "multioutput", "preds_decisions.csv": "multiclass",
}  # fmt: skip


def test_a_metric_without_a_direction_cannot_be_registered():
    with pytest.raises(TypeError):
        Metric("markedness", "markedness")
    nameless = Metric("markedness", "markedness", None, -1.0, 1.0, DocumentPart.METRICS, ("binary",))
    with pytest.raises(TypeError, match="'markedness' does not say which way it is better"):
        registered(nameless)
    twice = nameless._replace(direction=Direction.HIGHER)
    with pytest.raises(ValueError, match="two metrics 'markedness'"):
        registered(twice, twice)


def test_every_metric_of_the_document_has_a_formula_and_every_formula_a_metric():
    known = {*formulas.SINGLE, *formulas.LABELS, *formulas.OUTPUTS}
    assert known == set(of_part(DocumentPart.METRICS))
    one_label = {"binary", "multiclass"}
    for table, tasks in ((formulas.SINGLE, one_label), (formulas.LABELS, {"multilabel"})):
        assert set(table) == {key for key in of_part(DocumentPart.METRICS) if tasks & set(METRICS[key].tasks)}
    assert set(formulas.OUTPUTS) == {
        key for key in of_part(DocumentPart.METRICS) if "multioutput" in METRICS[key].tasks
    }


def test_tasks_are_the_kinds_of_the_document():
    named = {task for one in METRICS.values() for task in (*one.tasks, *one.by_class)}
    assert named == {kind.value for kind in Kind}


def test_no_name_means_two_metrics():
    aliases = [alias for one in METRICS.values() for alias in one.aliases]
    assert len(set(aliases)) == len(aliases)
    assert {*aliases} & {*METRICS} == {"f1"}  # by class it is a metric, of all rows a name for the macro average
    for one in METRICS.values():
        assert all(named_elsewhere(alias) == one.key for alias in one.aliases)
    assert named_elsewhere("AUROC") == named_elsewhere("roc-auc") == "roc_auc"


@pytest.mark.parametrize("name", SAMPLES)
def test_a_score_has_the_metrics_that_the_registry_says_and_in_its_range(sample, name):
    found = xentcli.score(str(sample / name)).score
    task, scores = SAMPLES[name], found.loss is not None
    expected = [
        key
        for key in of_part(DocumentPart.METRICS)
        if task in METRICS[key].tasks and (scores or not METRICS[key].needs_scores)
    ]
    assert [key for key in found.metrics if not key.endswith(BOUNDS)] == expected
    for key in names(found, None):
        one, value = METRICS[key], measured(found, key, None)[None].value
        assert value is None or (one.low is None or value >= one.low), key
        assert value is None or (one.high is None or value <= one.high), key


@pytest.mark.parametrize("name", SAMPLES)
def test_what_a_score_lacks_of_all_rows_has_a_reason_or_is_of_groups(sample, name):
    found = xentcli.score(str(sample / name)).score
    held = names(found, None)
    for key, one in METRICS.items():
        because = absence(key, SAMPLES[name], None, scores=found.loss is not None)
        assert (because is None) == (key in held or one.part is DocumentPart.GROUPS), key


def test_macro_metrics_that_are_compared_are_registered_as_such():
    assert all(METRICS[key].paired for key in macros.METRICS)


def test_directions():
    assert lower_is_better("loss")
    assert lower_is_better("bad")
    assert not lower_is_better("roc_auc")
    assert METRICS["support"].direction is Direction.NEITHER


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("recall", ("recall", None, None)),
        ("recall[eel]", ("recall", BY_CLASS, "eel")),
        ("recall[ two words ]", ("recall", BY_CLASS, " two words ")),
        ("recall[a[b]]", ("recall", BY_CLASS, "a[b]")),
        ("recall[class=a=b]", ("recall", BY_CLASS, "a=b")),
        ("accuracy[country=DE]", ("accuracy", "country", "DE")),
        ("accuracy[a+b=x+y]", ("accuracy", "a+b", "x+y")),
        ("accuracy[country=]", ("accuracy", "country", "")),
    ],
)
def test_a_name_may_speak_of_one_group(name, parts):
    assert split_name(name) == parts
    assert split_name(full_name(*parts)) == parts


@pytest.mark.parametrize("name", ["recall[", "recall[]", "recall[x", "recall]x["])
def test_brackets_that_do_not_hold_a_group_are_part_of_the_name(name):
    assert split_name(name) == (name, None, None)


def test_the_page_of_metrics_is_what_the_registry_says():
    written = (Path(__file__).parent.parent / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert written == page()
