"""LibSVM: the label first, features as index:value behind it."""

import pytest

import xentcli
from xentcli.errors import UnreadableError
from xentcli.files.open import open_table
from xentcli.files.table import ReadAs

BINARY = ("+1 1:0.5 3:-1e-3", "-1 2:1 # a comment", "+1 4:.25", "-1")
SEVERAL = ("1,3 5:1 7:2", "2 1:0.5", " 2:1 3:4", "1 9:1")


def written(folder, lines, name="rows.libsvm"):
    path = folder / name
    path.write_text("\n".join((*lines, "")))
    return str(path)


def labels_of(table):
    name = table.names[0]
    return [cell for batch in table.batches({name: ReadAs.NATIVE}) for cell in batch.column(0).to_pylist()]


def test_the_label_stands_first_and_the_features_stay_text(tmp_path):
    table = open_table([written(tmp_path, BINARY, "rows.txt")])
    assert table.names == ("label", "features")
    assert labels_of(table) == ["+1", "-1", "+1", "-1"]
    assert table.notes == ("LibSVM: the label, then features as index:value, which are kept as text",)


def test_inspect_reads_the_signs_as_two_classes(tmp_path):
    found = xentcli.inspect(written(tmp_path, 10 * BINARY)).to_dict()
    assert found["task"]["kind"] == "binary"
    assert [one["count"] for one in found["classes"]] == [20, 20]


def test_labels_with_commas_between_them_are_tags_and_a_row_may_have_none(tmp_path):
    table = open_table([written(tmp_path, SEVERAL)])
    assert labels_of(table) == [["1", "3"], ["2"], [], ["1"]]
    found = xentcli.inspect(written(tmp_path, 10 * SEVERAL)).to_dict()
    assert (found["task"]["kind"], found["task"]["encoding"]) == ("multilabel", "tag-lists")
    assert {one["name"]: one["count"] for one in found["classes"]} == {"1": 20, "2": 10, "3": 10}
    assert found["labels_per_row"] == {"0": 10, "1": 20, "2": 10}


def test_fractions_as_labels_are_no_classes(tmp_path):
    rows = [f"{at / 7:.3f} 1:{at}.5 2:1" for at in range(60)]
    assert xentcli.inspect(written(tmp_path, rows)).to_dict()["task"]["not_a_target"] == "continuous"


def test_the_query_of_a_ranking_row_is_a_column_of_its_own(tmp_path):
    assert open_table([written(tmp_path, ("2 qid:1 1:0.5", "0 qid:1 1:0.25"))]).names == ("label", "qid", "features")


def test_a_line_that_is_none_is_named(tmp_path):
    with pytest.raises(UnreadableError, match=r"is no row of LibSVM") as error:
        open_table([written(tmp_path, (*(1200 * BINARY[:1]), "cat 1:2"))])
    assert error.value.place.line == 1201


@pytest.mark.parametrize("rows", [("12:30 a", "12:45 b"), ("3 2:1 1:5", "1 7:1 4:1"), ("a 1:2", "b 3:4")])
def test_times_and_indices_that_do_not_ascend_are_none_of_it(tmp_path, rows):
    assert "features" not in open_table([written(tmp_path, rows, "rows.txt")]).names
