"""Spans: labels of parts of a text are refused by name, and another column is not judged in their place."""

import json

import pytest

import xentcli
from xentcli.errors import ColumnError

ROWS = [("Ann went", [[0, 3, "PER"]]), ("In Rome", [[3, 7, "LOC"]]), ("none", [])]


def written(folder, rows, name="data.jsonl"):
    path = folder / name
    path.write_text("\n".join(map(json.dumps, rows)) + "\n")
    return path


@pytest.mark.parametrize("name", ["label", "labels", "entities"])
@pytest.mark.parametrize("more", [{}, {"id": 7}])
def test_spans_are_refused_by_name(tmp_path, name, more):
    path = written(tmp_path, [more | {"text": text, name: spans} for text, spans in ROWS])
    with pytest.raises(ColumnError, match="as of spans in a text") as error:
        xentcli.inspect(path)
    assert error.value.place.column == name


def test_spans_of_pairs_of_spacy_are_refused(tmp_path):
    path = written(tmp_path, [[[text, {"entities": spans}] for text, spans in ROWS]], "train.json")
    with pytest.raises(ColumnError, match="as of spans in a text"):
        xentcli.inspect(path)


def test_a_label_beside_spans_is_read(tmp_path):
    rows = [{"text": text, "entities": spans, "label": "ab"[at % 2]} for at, (text, spans) in enumerate(ROWS)]
    found = xentcli.inspect(written(tmp_path, rows)).to_dict()
    assert found["label_columns"] == ["label"]


def test_the_label_that_the_caller_names_is_read(tmp_path):
    rows = [{"text": text, "entities": spans, "tone": "ab"[at % 2]} for at, (text, spans) in enumerate(ROWS)]
    assert xentcli.inspect(written(tmp_path, rows), label="tone").to_dict()["task"]["kind"] == "binary"
