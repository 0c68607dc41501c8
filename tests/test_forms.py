"""Forms: the files that annotation tools, libraries and services write, each as a miniature."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest


@pytest.fixture
def read(xent):
    """Return the task, encoding and rows by class of a file."""

    def run(path, *options):
        ran = xent("inspect", path, "-f", "json", *options)
        assert ran.status in {0, 1}, ran.err
        found = json.loads(ran.out)
        rows = {one["name"]: one["count"] for one in found["classes"]}
        return found["task"]["kind"], found["task"]["encoding"], rows

    return run


@pytest.fixture
def inspected(tmp_path, read):
    """Return what `read` says of a file of some text."""

    def run(name, text, *options):
        (tmp_path / name).write_text(text)
        return read(tmp_path / name, *options)

    return run


@pytest.fixture
def inspected_table(tmp_path, read):
    """Return what `read` says of an Arrow table that is written as Parquet."""

    def run(table):
        pq.write_table(table, tmp_path / "data.parquet")
        return read(tmp_path / "data.parquet")

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


def features(**named):
    return {b"huggingface": json.dumps({"info": {"features": named}}).encode()}


NAMES = {"names": ["owl", "fox", "hen", "elk"], "_type": "ClassLabel"}


@pytest.mark.parametrize(
    "feature", [{"feature": NAMES, "_type": "Sequence"}, {"feature": NAMES, "_type": "List"}, [NAMES]]
)
def test_a_sequence_of_class_labels_is_tags_by_their_names(inspected_table, feature):
    source = pa.table({"text": list("abcd"), "labels": [[0, 2], [], [1], [2, 1]]})
    found = inspected_table(source.replace_schema_metadata(features(labels=feature)))
    assert found == ("multilabel", "tag-lists", {"owl": 1, "fox": 2, "hen": 2, "elk": 0})


def test_class_labels_inside_listed_objects_are_tags_by_their_names(inspected_table):
    objects = [[{"box": [1.0], "category": 0}, {"box": [2.0], "category": 0}], [], [{"box": [3.0], "category": 2}]]
    boxes = {"feature": {"_type": "Value"}, "_type": "Sequence"}
    known = features(objects={"feature": {"box": boxes, "category": NAMES}, "_type": "Sequence"})
    source = pa.table({"image": ["a.png", "b.png", "c.png"], "objects": objects}).replace_schema_metadata(known)
    assert inspected_table(source) == ("multilabel", "tag-lists", {"owl": 1, "fox": 0, "hen": 1, "elk": 0})


def test_class_labels_inside_an_object_have_their_names(inspected_table):
    source = pa.table({"text": list("abcd"), "meta": [{"label": at} for at in (0, 1, 1, 2)]})
    found = inspected_table(source.replace_schema_metadata(features(meta={"label": NAMES})))
    assert found == ("multiclass", "class-indices", {"owl": 1, "fox": 2, "hen": 1, "elk": 0})


def test_scores_beside_a_sequence_of_class_labels_stand_in_the_order_of_the_names(tmp_path, xent):
    probs = [[0.9, 0.1, 0.8, 0.1], [0.1, 0.2, 0.1, 0.1], [0.1, 0.9, 0.2, 0.1], [0.1, 0.9, 0.9, 0.1]]
    source = pa.table({"labels": [[0, 2], [], [1], [2, 1]], "probs": probs})
    known = source.replace_schema_metadata(features(labels={"feature": NAMES, "_type": "Sequence"}))
    pq.write_table(known, tmp_path / "preds.parquet")
    ran = xent("score", tmp_path / "preds.parquet", "-f", "json")
    assert json.loads(ran.out)["accuracy"]["value"] == 1.0
