"""Columns that stand beside labels by convention are no labels: weights, and the `Usage` of Kaggle's solutions."""

import pytest

import xentcli
from xentcli.errors import XentError

USES = ("Public", "Private", "Ignored")


def written(folder, header, rows):
    path = folder / "solution.csv"
    path.write_text("\n".join((header, *rows, "")))
    return str(path)


def roles(found):
    return {one["name"]: (one["role"], one["because"]) for one in found["columns"]}


def test_usage_is_no_label_though_no_other_column_is_named_like_one(tmp_path):
    rows = [f"{at},{'xyz'[at * at % 3]},{USES[at % 3]}" for at in range(60)]
    found = xentcli.inspect(written(tmp_path, "id,thing,Usage", rows)).to_dict()
    assert found["label_columns"] == ["thing"]
    assert roles(found)["Usage"] == ("unused", "Kaggle's public and private rows: --by Usage")


def test_label_columns_beside_usage_are_one_block(tmp_path):
    rows = [f"{at},{int(at % 3 == 0)},{int(at % 3 == 1)},{int(at % 3 == 2)},{USES[at % 2]}" for at in range(60)]
    found = xentcli.inspect(written(tmp_path, "id,won_a,won_b,tie,Usage", rows)).to_dict()
    assert found["task"]["encoding"] == "one-hot"
    assert found["label_columns"] == ["won_a", "won_b", "tie"]


def test_a_usage_of_other_words_may_be_a_label(tmp_path):
    rows = [f"{at},{('low', 'high')[at * at % 3 % 2]}" for at in range(60)]
    assert xentcli.inspect(written(tmp_path, "id,usage", rows)).to_dict()["label_columns"] == ["usage"]


def test_score_offers_usage_as_a_slice_and_reads_the_column_that_answers(tmp_path):
    rows = [f"{at},{at % 2},{0.25 + at % 2 / 2},{USES[at % 2]}" for at in range(40)]
    path = written(tmp_path, "id,answer,prediction,Usage", rows)
    found = xentcli.score(path).to_dict()
    assert roles(found)["answer"][0] == "label"
    assert roles(found)["Usage"] == ("unused", "Kaggle's public and private rows: --by Usage")
    assert {one["value"]: one["rows"] for one in xentcli.score(path, by=["Usage"]).to_dict()["slices"]} == {
        "Public": 20, "Private": 20,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["weight", "sample_weight", "Weights"])
def test_a_weight_is_no_label(tmp_path, name):
    rows = [f"{at},{'xyz'[at * at % 3]},{1 + at % 2}" for at in range(60)]
    found = xentcli.inspect(written(tmp_path, f"id,thing,{name}", rows)).to_dict()
    assert found["label_columns"] == ["thing"]
    assert roles(found)[name] == ("weight", "by its name; nothing is weighed here")


def test_a_weight_alone_beside_ids_and_text_is_no_label(tmp_path):
    rows = [f"{at},rain falls on {at},{1 + at % 2}" for at in range(60)]
    assert xentcli.inspect(written(tmp_path, "id,text,weight", rows)).to_dict()["task"]["kind"] is None


def test_encode_refuses_a_file_of_ids_and_weights(tmp_path):
    rows = [f"{at},{1 + at % 2}" for at in range(60)]
    with pytest.raises(XentError, match="no classification target"):
        xentcli.encode(written(tmp_path, "id,weight", rows), to="class-indices")


@pytest.mark.parametrize("cells", [("scan_1", "scan_2", "scan_3", "scan_4"), ("a/1", "a/2", "a/3", "a/4")])
def test_a_few_cells_of_a_column_of_paths_are_no_classes(tmp_path, cells):
    found = xentcli.inspect(written(tmp_path, "path", cells)).to_dict()
    assert found["task"]["not_a_target"] == "identifier"
