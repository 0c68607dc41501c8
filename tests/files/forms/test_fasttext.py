"""fastText: every word that starts with `__label__` is a label of its line."""

import json

import pytest

import xentcli
from xentcli.errors import UnreadableError
from xentcli.files.open import open_table
from xentcli.files.table import ReadAs

ONE = ("__label__ale dark and sweet", "__label__rye dry , with a bite", "__label__ale hops")
SEVERAL = ("__label__ale __label__dark sweet", "no label here", "dry __label__rye", "__label__ale\thops", "")


def written(folder, lines, name="notes.txt", encoding="utf-8"):
    path = folder / name
    path.write_bytes("\n".join((*lines, "")).encode(encoding))
    return str(path)


def columns(table):
    asked = dict.fromkeys(table.names, ReadAs.NATIVE)
    held = [batch.to_pydict() for batch in table.batches(asked)]
    return {name: [cell for batch in held for cell in batch[name]] for name in table.names}


def test_one_label_a_line_becomes_a_column_of_labels_beside_the_text(tmp_path):
    table = open_table([written(tmp_path, ONE)])
    assert columns(table) == {
        "label": ["ale", "rye", "ale"],
        "text": ["dark and sweet", "dry , with a bite", "hops"],
    }
    assert table.notes == ("fastText: a label a line, as a word that starts with __label__",)


def test_several_labels_a_line_become_lists_and_a_line_without_one_has_no_label(tmp_path):
    table = open_table([written(tmp_path, 6 * SEVERAL[:1] + SEVERAL)])
    found = columns(table)
    assert found["labels"][5:] == [["ale", "dark"], ["ale", "dark"], None, ["rye"], ["ale"]]
    assert found["text"][-2:] == ["dry", "hops"]


def test_inspect_counts_the_labels_of_all_lines(tmp_path):
    found = xentcli.inspect(written(tmp_path, 20 * ONE)).to_dict()
    assert (found["task"]["kind"], found["task"]["encoding"]) == ("binary", "class-names")
    assert {one["name"]: one["count"] for one in found["classes"]} == {"ale": 40, "rye": 20}


def test_encode_writes_a_row_for_each_line_that_is_not_blank(tmp_path):
    output = tmp_path / "y.jsonl"
    xentcli.encode(written(tmp_path, 10 * (SEVERAL[0], SEVERAL[2])), to="multi-hot", output=output)
    rows = [json.loads(line) for line in output.read_text().splitlines()]
    assert len(rows) == 20
    assert rows[:2] == [{"ale": 1, "dark": 1, "rye": 0}, {"ale": 0, "dark": 0, "rye": 1}]


def test_a_finding_names_the_line_of_a_row_behind_blank_lines(tmp_path):
    table = open_table([written(tmp_path, (ONE[0], "", ONE[1], "", "", ONE[2]))])
    assert table.lines((1, 2, 3)) == {1: 1, 2: 3, 3: 6}


def test_predicted_labels_with_their_probability_are_scored_against_the_labels(tmp_path):
    labels = written(tmp_path, 10 * ONE)
    predicted = written(tmp_path, 10 * ("__label__ale 0.9", "__label__ale 0.55", "__label__ale 0.75"), "predicted.txt")
    found = xentcli.score(predicted, labels=labels).to_dict()
    assert found["accuracy"]["value"] == pytest.approx(2 / 3)
    assert found["rows"]["scored"] == 30


def test_several_predicted_labels_a_line_are_refused_by_name(tmp_path):
    path = written(tmp_path, 4 * ("__label__ale 0.9 __label__rye 0.1",))
    with pytest.raises(UnreadableError, match="as fasttext predict-prob prints them"):
        open_table([path])


def test_a_byte_that_is_not_utf_8_makes_the_file_latin_1_and_is_said(tmp_path):
    table = open_table([written(tmp_path, (ONE[0], "__label__rosé dry"), encoding="latin-1")])
    assert columns(table)["label"] == ["ale", "rosé"]
    assert "not UTF-8 (byte 0xe9): read as Latin-1" in table.notes[0]


def test_labels_in_the_cells_of_a_table_stay_cells(tmp_path):
    path = written(tmp_path, ("__label__ale,dark", "__label__rye,dry", "__label__ale,sweet"), "notes.csv")
    assert open_table([path]).names == ("f0", "f1")


def test_a_separator_that_the_caller_names_goes_first(tmp_path):
    found = xentcli.inspect(
        written(tmp_path, 9 * ("__label__ale\tdark", "__label__rye\tdry")), separator="\t"
    ).to_dict()
    assert found["source"]["columns"] == ["f0", "f1"]
