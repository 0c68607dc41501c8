"""Objects of labels that list only what holds."""

import json

import pytest

import xentcli

CATS = [{"A": 1}, {"B": 1}, {"A": 1, "B": 1}, {}, {"A": 1}, {"C": 1}]
NOTE = "cats: objects list only the labels that hold; the others are 0"


@pytest.fixture
def inspected(tmp_path):
    def run(cats, name="t.jsonl"):
        rows = [{"text": f"text {at}", "cats": one} for at, one in enumerate(cats)]
        (tmp_path / name).write_text("\n".join(map(json.dumps, rows)) if name == "t.jsonl" else json.dumps(rows))
        return xentcli.inspect(str(tmp_path / name)).to_dict()

    return run


@pytest.mark.parametrize("name", ["t.jsonl", "t.json"])
def test_what_they_lack_is_no(inspected, name):
    report = inspected(CATS * 5, name)
    assert (report["task"]["kind"], report["task"]["encoding"]) == ("multilabel", "multi-hot")
    assert {one["name"]: one["count"] for one in report["classes"]} == {"A": 15, "B": 10, "C": 5}
    assert report["rows"] == {"read": 30, "written": 30, "missing_label": 0, "bad": 0}
    assert NOTE in report["source"]["notes"]


def test_a_row_without_the_object_has_no_label(inspected):
    assert inspected([*CATS * 5, None])["rows"]["missing_label"] == 1


def test_objects_that_say_what_is_not_are_left_as_they_stand(inspected):
    report = inspected([*CATS * 5, {"A": 0, "B": 1, "C": 0}])
    assert NOTE not in report["source"]["notes"]


def test_one_name_in_every_row_is_one_class(inspected):
    assert inspected([{"A": 1}] * 9)["task"]["kind"] is None


def test_accept_is_the_positive_class(tmp_path):
    rows = [{"text": f"t {at}", "label": "SPAM", "answer": ["accept", "reject"][at % 2]} for at in range(20)]
    (tmp_path / "p.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert xentcli.inspect(str(tmp_path / "p.jsonl")).detection.task.positive == "accept"
