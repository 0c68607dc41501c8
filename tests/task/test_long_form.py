"""Long form: tables whose ids repeat are read a row per item where that is certain, and never judged as items else."""

import json

import pyarrow.parquet as pq
import pytest

import xentcli
from xentcli.errors import UsageError

TAGS = {"a1": ("oak", "elm"), "a2": ("fir",), "a3": ("oak", "fir", "ash"), "a4": ("elm", "ash")}
VOTES = {"t1": "xxy", "t2": "zzz", "t3": "yyx", "t4": "xxx"}


def written(folder, header, rows, name="long.csv"):
    path = folder / name
    path.write_text("\n".join((header, *rows, "")))
    return str(path)


def tagged(folder, header="image,label", more=""):
    return written(folder, header, [f"{item},{tag}{more}" for item, tags in TAGS.items() for tag in tags])


def crowd(folder):
    rows = [f"{task},w{at},{vote}" for task, votes in VOTES.items() for at, vote in enumerate(votes)]
    return written(folder, "task,worker,label", rows)


def counts(found):
    return {one["name"]: one["count"] for one in found["classes"]}


def test_a_row_per_item_and_label_is_read_as_a_row_per_item(tmp_path):
    found = xentcli.inspect(tagged(tmp_path)).to_dict()
    assert (found["task"]["kind"], found["task"]["encoding"]) == ("multilabel", "tag-lists")
    assert counts(found) == {"ash": 2, "elm": 2, "fir": 2, "oak": 2}
    assert found["labels_per_row"] == {"1": 1, "2": 2, "3": 1}
    assert found["source"]["rows"] == 8
    assert found["evidence"][0] == (
        "ids repeat: a row per item and label; the 8 rows of label are read as the labels of 4 items (image)"
    )


def test_the_rows_of_an_item_may_stand_apart(tmp_path):
    rows = ["a,oak", "b,elm", "a,elm", "c,fir", "b,ash", "a,ash"]
    found = xentcli.inspect(written(tmp_path, "image,label", rows)).to_dict()
    assert found["labels_per_row"] == {"1": 1, "2": 1, "3": 1}


def test_confidence_0_says_no_as_in_open_images(tmp_path):
    rows = ["a,human,oak,1", "a,human,elm,0", "b,human,elm,1", "b,human,oak,1", "c,human,fir,0", "c,human,oak,0"]
    found = xentcli.inspect(written(tmp_path, "ImageID,Source,LabelName,Confidence", rows)).to_dict()
    assert counts(found) == {"elm": 1, "oak": 2}
    assert found["labels_per_row"] == {"0": 1, "1": 1, "2": 1}
    assert {one["name"]: one["role"] for one in found["columns"]} == {
        "ImageID": "id", "Source": "unused", "LabelName": "label", "Confidence": "confidence",
    }  # fmt: skip
    assert "Confidence 0 says no, in 3 rows; a label without a row counts as no, too" in found["evidence"]


def test_a_confidence_of_shares_leaves_the_rows_as_they_are_and_nothing_certain(tmp_path):
    rows = ["a,oak,0.9", "a,elm,0.4", "b,elm,0.8", "b,oak,0.7", "c,fir,0.2", "c,oak,0.1"]
    found = xentcli.inspect(written(tmp_path, "ImageID,LabelName,Confidence", rows)).to_dict()
    assert found["evidence"][0].startswith("ids repeat: several rows per item")
    assert found["certainty"] != "certain"


def test_a_row_per_annotator_is_said_and_not_certain(tmp_path):
    found = xentcli.inspect(crowd(tmp_path)).to_dict()
    assert (found["task"]["kind"], found["task"]["encoding"]) == ("multiclass", "class-names")
    assert found["certainty"] != "certain"
    assert found["evidence"][0] == (
        "ids repeat: a row per annotator (worker); the 12 rows of label are answers on 4 items (task),"
        " and judged one by one here"
    )


def test_with_the_id_of_the_items_annotators_become_votes(tmp_path):
    found = xentcli.inspect(crowd(tmp_path), id="task").to_dict()
    assert (found["task"]["kind"], found["task"]["encoding"]) == ("multiclass", "class-probabilities")
    assert found["task"]["classes"] == ["x", "y", "z"]
    assert counts(found) == {"x": 2, "y": 1, "z": 1}
    assert [one["share"] for one in found["classes"]] == pytest.approx([6 / 12, 3 / 12, 3 / 12])


def test_encode_keeps_the_item_beside_its_labels_and_asks_for_it(tmp_path):
    output = tmp_path / "y.jsonl"
    with pytest.raises(UsageError, match="nothing would tell which item a row is of") as error:
        xentcli.encode(tagged(tmp_path), to="multi-hot", output=output)
    assert error.value.help == "keep it beside the labels: --id image"
    xentcli.encode(tagged(tmp_path), to="multi-hot", output=output, id="image")
    rows = [json.loads(line) for line in output.read_text().splitlines()]
    assert rows[0] == {"image": "a1", "ash": 0, "elm": 1, "fir": 0, "oak": 1}
    assert [row["image"] for row in rows] == list(TAGS)


def test_encoded_long_form_reads_back_as_the_same_labels(tmp_path):
    output = tmp_path / "y.parquet"
    xentcli.encode(tagged(tmp_path), to="tag-lists", output=output, id="image")
    assert [set(tags) for tags in pq.read_table(output)["label"].to_pylist()] == [set(tags) for tags in TAGS.values()]


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("patient,image,label", ["p1,i1,oak", "p1,i2,elm", "p2,i3,fir", "p2,i4,oak"]),
        ("user_id,item_id,rating", ["u1,i1,1", "u1,i2,3", "u2,i1,2", "u2,i2,5"]),
        ("subject_id,speed,activity", ["s1,1.5,oak", "s1,2.5,elm", "s2,1.25,fir", "s2,0.5,oak"]),
        ("tree_id,label", ["1,oak", "1,oak", "2,elm", "2,elm", "3,fir", "3,fir"]),
        ("class_id,label", ["1,oak", "1,elm", "2,elm", "2,oak", "3,fir", "3,oak"]),
        ("id,label", ["1,oak", "2,elm", "3,fir", "4,oak"]),
    ],
)
def test_rows_that_something_else_tells_apart_are_items_of_their_own(tmp_path, header, rows):
    found = xentcli.inspect(written(tmp_path, header, rows)).to_dict()
    assert not any("ids repeat" in one for one in found["evidence"])
    assert found["task"]["encoding"] != "tag-lists"


def test_two_opposite_answers_are_never_two_labels_of_an_item(tmp_path):
    rows = [f"c{at % 20},{('yes', 'no')[at // 20]}" for at in range(40)]
    found = xentcli.inspect(written(tmp_path, "customer_id,churn", rows)).to_dict()
    assert found["task"]["kind"] == "binary"
    assert found["evidence"][0].startswith("ids repeat: several rows per item")
    assert found["certainty"] != "certain"


def test_a_few_doubled_ids_do_not_make_a_long_form(tmp_path):
    rows = [f"i{at},{('oak', 'elm', 'fir')[at % 3]}" for at in range(100)]
    found = xentcli.inspect(written(tmp_path, "id,label", [*rows, "i0,fir", "i1,fir"])).to_dict()
    assert found["task"]["kind"] == "multiclass"
    assert found["source"]["rows"] == 102


def test_findings_name_the_rows_of_the_file(tmp_path):
    rows = ["a,oak,1", "a,elm,1", "b,elm,0", "b,oak,0", "c,fir,1", "c,oak,1"]
    found = xentcli.inspect(written(tmp_path, "image,label,confidence", rows)).to_dict()
    none = next(one for one in found["findings"] if one["code"] == "XE112")
    assert (none["rows"], none["lines"]) == ([3], [4])
