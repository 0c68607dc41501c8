"""JSON: lines of objects, arrays of objects, and what is neither."""

import json

import pytest

from xentcli import errors
from xentcli.files.blob import blob_of
from xentcli.files.format import Format
from xentcli.files.json.table import open_json
from xentcli.files.table import ReadAs


@pytest.fixture
def read(tmp_path):
    def run(text, form=Format.JSONL, block_bytes=40, part_bytes=60):
        path = tmp_path / "data.jsonl"
        path.write_text(text)
        table = open_json(blob_of(str(path)), form, block_bytes=block_bytes, part_bytes=part_bytes)
        rows = [row for batch in table.batches(dict.fromkeys(table.names, ReadAs.NATIVE)) for row in batch.to_pylist()]
        return rows, table

    return run


def test_lines_are_read_in_parts_with_types_of_the_whole_file(read):
    objects = [{"a": at, "b": at / 4} for at in range(20)] + [{"a": 0.5, "b": None}]
    rows, table = read("\n".join(json.dumps(one) for one in objects))
    assert rows == [{"a": float(one["a"]), "b": one["b"]} for one in objects]
    assert [str(column.type) for column in table.columns] == ["double", "double"]
    assert len(table.parts) > 1
    assert table.rows == 21
    assert table.lines((1, 21)) == {1: 1, 21: 21}


def test_nan_mixed_types_blank_lines_and_missing_keys_are_taken(read):
    rows, table = read('{"label": "a", "p": NaN}\n\n{"label": 3, "p": 1}\n{"label": true}')
    assert [row["label"] for row in rows] == ["a", "3", "true"]
    assert rows[1]["p"] == 1.0
    assert rows[2]["p"] is None
    assert table.notes == ("text and other values mixed, read as text: label",)
    assert table.lines((2,)) == {2: 3}


def test_lists_and_objects_keep_what_they_hold(read):
    rows, table = read(
        '{"t": ["a"], "s": {"x": 1}, "p": [1, 2.5]}\n{"t": [], "p": null}\n{"t": ["b", "c"], "p": [NaN]}'
    )
    assert [row["t"] for row in rows] == [["a"], [], ["b", "c"]]
    assert rows[0]["p"] == [1.0, 2.5]
    assert [row["s"] for row in rows] == [{"x": 1}, None, None]
    assert table.notes == ()


def test_times_and_large_numbers_stay_what_they_are(read):
    rows, _ = read(
        '{"d": "2020-01-01", "n": 18446744073709551616, "e": [["x"]]}\n{"d": "2020-01-02 03:04:05", "n": 1, "e": []}'
    )
    assert rows[0]["d"] == "2020-01-01"
    assert [row["n"] for row in rows] == ["18446744073709551616", "1"]


@pytest.mark.parametrize("form", [Format.JSONL, Format.JSON])
@pytest.mark.parametrize(
    ("numbers", "kind"),
    [
        ([3, 2**63 + 1, 2**63 + 3], "string"),
        ([-(2**63), 2**53 + 1], "int64"),
        ([2**53 + 1, 2**53 + 2, 0.5], "string"),
        ([0.5, 1, 2**53 + 1], "string"),
        ([2**53, 0.5, 1e300], "double"),
        ([[1, 2**63 + 1], [2**63 + 3]], "list<item: string>"),
    ],
    ids=["beyond 64 bits", "of 64 bits", "before a fraction", "behind a fraction", "that floats hold", "in lists"],
)
def test_no_integer_is_altered(read, form, numbers, kind):
    objects = [{"n": one} for one in numbers]
    lines = "\n".join(json.dumps(one) for one in objects)
    rows, table = read(lines if form is Format.JSONL else json.dumps(objects), form)
    assert str(table["n"].type) == kind
    kept = [str(row["n"]).replace("'", "") for row in rows] if "string" in kind else [row["n"] for row in rows]
    assert kept == ([str(one) for one in numbers] if "string" in kind else numbers)
    said = ("integers that no number holds exactly, read as text: n",) if "string" in kind else ()
    assert table.notes == said


@pytest.mark.parametrize("text", ['[{"a": 1, "b": [1, 2]}, {"a": 2.5}]', '{"a": [1, 2.5], "b": [[1, 2], null]}'])
def test_arrays_of_objects_and_objects_of_arrays_are_tables(read, text):
    rows, table = read(text, Format.JSON)
    assert rows == [{"a": 1.0, "b": [1, 2]}, {"a": 2.5, "b": None}]
    assert table.format is Format.JSON


def test_json_lines_under_the_suffix_of_json_are_read_as_lines(read):
    rows, table = read('{"a": 1}\n{"a": 2}\n', Format.JSON)
    assert rows == [{"a": 1}, {"a": 2}]
    assert table.notes == ("read as JSON lines, one object a line",)


@pytest.mark.parametrize(
    ("text", "form", "kind", "words"),
    [
        ("", Format.JSONL, errors.EmptyInputError, "empty"),
        ("[]", Format.JSON, errors.EmptyInputError, "no objects"),
        ('{"a": 1}\n{"a": 1\n', Format.JSONL, errors.UnreadableError, "line 2"),
        ('{"a": 1}\n[1]\n', Format.JSONL, errors.UnreadableError, "an array, not an object"),
        ('{"a": 1}\n3\n', Format.JSONL, errors.UnreadableError, "a number, not an object"),
        ('[{"a": 1},', Format.JSON, errors.UnreadableError, "no JSON"),
        ('[{"a": 1}, "x"]', Format.JSON, errors.UnreadableError, "a text, not an object"),
        ('"x"', Format.JSON, errors.UnreadableError, "no array of objects"),
        ('{"a": [1, 2], "b": [1]}', Format.JSON, errors.UnreadableError, "differ in length"),
        ("{}\n", Format.JSONL, errors.ColumnError, "no plain values"),
    ],
)  # fmt: skip
def test_what_is_no_table_says_why(read, refused, text, form, kind, words):
    error = refused(read, text, form)
    assert isinstance(error, kind)
    assert words in str(error)


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e"])
@pytest.mark.parametrize("rest", ["", ', "x": NaN'])
def test_only_line_feeds_and_carriage_returns_end_a_line(tmp_path, character, rest):
    text = json.dumps(f"a{character}b", ensure_ascii=character < " ")
    path = tmp_path / "t.jsonl"
    path.write_bytes(f'{{"text": {text}, "label": "a"{rest}}}\n'.encode() * 3)
    found = open_json(blob_of(str(path)), Format.JSONL)
    assert [row for batch in found.batches({"text": ReadAs.NATIVE}) for row in batch.column(0).to_pylist()] == [
        f"a{character}b"
    ] * 3


def test_a_list_of_lists_is_refused_with_the_orient_that_keeps_the_names(read):
    with pytest.raises(errors.UnreadableError, match="list of lists, whose columns have no names") as caught:
        read('[["ant", 0.8, 0.2], ["bee", 0.3, 0.7]]', Format.JSON)
    assert "orient='records'" in caught.value.help
