"""Forms: the files that annotation tools, libraries and services write, each as a miniature."""

import json

import pytest


@pytest.fixture
def inspected(tmp_path, xent):
    """Return the task, encoding and rows by class of a file of some text."""

    def run(name, text, *options):
        path = tmp_path / name
        path.write_text(text)
        ran = xent("inspect", path, "-f", "json", *options)
        assert ran.status in {0, 1}, ran.err
        found = json.loads(ran.out)
        rows = {one["name"]: one["count"] for one in found["classes"]}
        return found["task"]["kind"], found["task"]["encoding"], rows

    return run


def lines(*rows):
    return "\n".join(map(json.dumps, rows))


def test_cats_of_spacy_with_one_1_a_row_are_one_hot(inspected):
    rows = [{"text": f"t {one}", "cats": {name: float(name == one) for name in "ABC"}} for one in "ABCAAB"]
    assert inspected("train.jsonl", lines(*rows)) == ("multiclass", "one-hot", {"A": 3, "B": 2, "C": 1})


def test_cats_of_spacy_with_several_1_a_row_are_multi_hot(inspected):
    rows = [{"text": f"t {one}", "cats": {name: int(name in one) for name in "ABC"}} for one in ("AB", "", "C", "BC")]
    assert inspected("train.jsonl", lines(*rows)) == ("multilabel", "multi-hot", {"A": 1, "B": 2, "C": 2})


def test_cats_of_spacy_with_shares_are_class_probabilities(inspected):
    rows = [{"text": str(at), "cats": {"A": a, "B": 0.25, "C": 0.75 - a}} for at, a in enumerate((0.5, 0.25, 0.125))]
    assert inspected("train.jsonl", lines(*rows))[:2] == ("multiclass", "class-probabilities")
