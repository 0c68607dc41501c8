"""Opening: paths, folders, globs and URIs become one table of one format."""

import io
import json
import os
import sys
import threading

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xentcli.errors import ColumnError, EmptyInputError, UnreadableError, UsageError
from xentcli.files.columns import find_column
from xentcli.files.expand import expanded
from xentcli.files.format import Format, ReadOptions
from xentcli.files.open import as_table, open_table
from xentcli.files.table import ReadAs

CSV = "label,p\ncat,0.25\ndog,0.5\n"


def cells(table, how=ReadAs.NATIVE):
    return pa.Table.from_batches(list(table.batches(dict.fromkeys(table.names, how)))).to_pydict()


def parquet(path, **columns):
    pq.write_table(pa.table(columns), path)
    return str(path)


def test_a_text_file_is_read(tmp_path):
    (tmp_path / "a.csv").write_text(CSV)
    table = open_table([str(tmp_path / "a.csv")])
    assert cells(table) == {"label": ["cat", "dog"], "p": ["0.25", "0.5"]}
    assert table.path == str(tmp_path / "a.csv")


def test_json_lines_are_read(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"label": "cat", "p": 0.5}\n')
    assert cells(open_table([str(tmp_path / "a.jsonl")])) == {"label": ["cat"], "p": [0.5]}


@pytest.mark.parametrize("name", ["with blank ü.csv", "a*b[1].csv", "-.csv", "a?b.csv", "#x.csv"])
def test_odd_names_are_names(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_text(CSV)
    (tmp_path / "aXb1.csv").write_text("other,p\n1,2\n")
    assert open_table([name]).names == ("label", "p")


def test_stdin_without_a_format_says_what_it_was_read_as(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(CSV.encode())))
    table = open_table(["-"])
    assert cells(table)["label"] == ["cat", "dog"]
    assert "read as csv, as its content suggests (--input-format overrides)" in table.notes


def test_stdin_of_a_given_format_is_read_as_that(monkeypatch):
    sink = io.BytesIO()
    np.save(sink, np.arange(3))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(sink.getvalue())))
    assert cells(open_table(["-"], ReadOptions(input_format=Format.NPY))) == {"f0": [0, 1, 2]}


def test_a_pipe_can_be_read_twice(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_text, args=(CSV,))
    writer.start()
    table = open_table([str(path)])
    writer.join()
    assert cells(table) == cells(table) == {"label": ["cat", "dog"], "p": ["0.25", "0.5"]}


def test_an_empty_file_of_any_format_is_empty(tmp_path):
    for name in ("a.csv", "a.parquet", "a.npy", "a.json", "a.xlsx", "a.csv.gz"):
        (tmp_path / name).write_bytes(b"")
        with pytest.raises(EmptyInputError, match="is empty: 0 bytes"):
            open_table([str(tmp_path / name)])


def test_a_folder_is_one_table_in_natural_order(tmp_path):
    for at in (10, 2, 1):
        parquet(tmp_path / f"part-{at}.parquet", a=[at])
    (tmp_path / "_SUCCESS").write_bytes(b"")
    (tmp_path / ".part-1.parquet.crc").write_bytes(b"x")
    (tmp_path / "part-1.parquet.crc").write_bytes(b"x")
    (tmp_path / "_tmp").mkdir()
    (tmp_path / "_tmp" / "x.csv").write_text("x")
    (tmp_path / "fold=3").mkdir()
    parquet(tmp_path / "fold=3" / "part-0.pq", a=[0])
    table = open_table([str(tmp_path)])
    assert cells(table) == {"a": [0, 1, 2, 10]}
    assert (table.rows, table.path) == (4, str(tmp_path))
    assert table.notes == ("4 files as one table",)


def test_a_glob_matches_files_and_folders_once(tmp_path):
    (tmp_path / "b").mkdir()
    parquet(tmp_path / "a.parquet", a=[1])
    parquet(tmp_path / "b" / "c.parquet", a=[2])
    assert cells(open_table([str(tmp_path / "*")])) == {"a": [1, 2]}
    assert cells(open_table([str(tmp_path / "**")])) == {"a": [1, 2]}
    assert len(expanded(str(tmp_path / "**" / "*.parquet"))) == 2


def test_a_file_that_is_named_twice_is_refused(tmp_path):
    path, link = tmp_path / "a.csv", tmp_path / "b.csv"
    path.write_text(CSV)
    with pytest.raises(UsageError, match=r"a\.csv is named twice: its rows would be counted twice"):
        open_table([str(path), str(path)])
    with pytest.raises(UsageError, match="are one file"):
        open_table([str(path), f"{tmp_path}/./a.csv"])
    with pytest.raises(UsageError, match="is named twice"):
        open_table([str(tmp_path), str(path)])
    link.symlink_to(path)
    with pytest.raises(UsageError, match=r"a\.csv and .*b\.csv are one file"):
        open_table([str(path), str(link)])


def test_nothing_that_matches_is_an_error(tmp_path):
    with pytest.raises(UnreadableError, match="no file matches"):
        open_table([str(tmp_path / "*.csv")])
    with pytest.raises(UnreadableError, match="the folder holds no data files"):
        open_table([str(tmp_path)])
    with pytest.raises(UsageError, match="no file is given"):
        open_table([])


def test_a_folder_or_a_pattern_behind_a_uri_is_one_table(tmp_path):
    for at in (10, 2):
        parquet(tmp_path / f"part-{at}.parquet", a=[at])
    (tmp_path / "_meta").write_text("x")
    assert cells(open_table([tmp_path.as_uri()])) == {"a": [2, 10]}
    assert cells(open_table([f"{tmp_path.as_uri()}/part-1*.parquet"])) == {"a": [10]}
    assert cells(open_table([f"{tmp_path.as_uri()}/part-2.parquet"])) == {"a": [2]}
    with pytest.raises(UnreadableError, match="no file matches"):
        expanded(f"{tmp_path.as_uri()}/*.csv")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnreadableError, match="holds no data files"):
        expanded(f"{tmp_path.as_uri()}/empty")
    with pytest.raises(UnreadableError, match="cannot be opened"):
        open_table(["gopher://x/*.csv"])


def test_mixed_formats_name_the_number_of_each(tmp_path):
    parquet(tmp_path / "a.parquet", a=[1])
    parquet(tmp_path / "b.pq", a=[1])
    (tmp_path / "c.csv.gz").write_text("x")
    (tmp_path / "README.md").write_text("x")
    (tmp_path / "Makefile").write_text("x")
    with pytest.raises(UnreadableError, match=r"1 \.md, 1 csv, 2 parquet, 1 without a suffix"):
        open_table([str(tmp_path)])


def test_stdin_is_never_one_of_several():
    with pytest.raises(UsageError, match="stdin"):
        open_table(["-", "a.csv"])


def test_files_without_rows_are_passed_over_with_a_note(tmp_path):
    full = parquet(tmp_path / "b.parquet", a=[1])
    empty = [parquet(tmp_path / f"{name}.parquet", a=pa.array([], pa.int64())) for name in "acde"]
    table = open_table([empty[0], full, *empty[1:]])
    assert cells(table) == {"a": [1]}
    assert table.notes == (f"without rows and passed over: {empty[0]}, {empty[1]}, {empty[2]}, ...",)
    with pytest.raises(EmptyInputError, match="holds no rows"):
        open_table(empty)


def test_several_text_files_are_one_table(tmp_path):
    (tmp_path / "a.csv").write_text(CSV)
    (tmp_path / "b.csv").write_text("p,label\n1,eel\n")
    table = open_table([str(tmp_path / "a.csv"), str(tmp_path / "b.csv")])
    assert table.path == f"{tmp_path / 'a.csv'} and 1 more"
    assert cells(table, ReadAs.NUMBER)["p"] == [0.25, 0.5, 1.0]
    assert cells(table)["label"] == ["cat", "dog", "eel"]


@pytest.mark.parametrize(
    ("one", "other", "kind", "expected"),
    [
        (pa.array([1], pa.int32()), pa.array([2], pa.int64()), "int64", [1, 2]),
        (pa.array([1], pa.int32()), pa.array([0.5], pa.float32()), "double", [1.0, 0.5]),
        (pa.nulls(1), pa.array(["a"]), "string", [None, "a"]),
        (pa.array(["a"]), pa.nulls(1), "string", ["a", None]),
        (pa.array(["a"]), pa.array(["b"], pa.large_string()), "large_string", ["a", "b"]),
        (pa.array(["a"]).dictionary_encode(), pa.array(["b"]), "string", ["a", "b"]),
        (pa.array([[1, 2]], pa.list_(pa.int8(), 2)), pa.array([[0.5]]), "large_list<item: double>", [[1, 2], [0.5]]),
        (pa.array([1]).cast(pa.decimal128(21, 2)), pa.array([2]), "double", [1.0, 2.0]),
        (pa.array([True]), pa.array([False]), "bool", [True, False]),
    ],
)
def test_types_are_reconciled_where_nothing_is_lost(tmp_path, one, other, kind, expected):
    paths = [parquet(tmp_path / "a.parquet", x=one), parquet(tmp_path / "b.parquet", x=other)]
    table = open_table(paths)
    assert str(table["x"].type) == kind
    assert cells(table) == {"x": expected}
    assert [part.rows for part in table.parts] == [1, 1]


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (pa.array(["a"]), r"b.parquet: column x holds text \(string\), but numbers \(int64\) in .*a.parquet"),
        (pa.array([[1]]), r"holds lists \(list<item: int64>\), but numbers"),
        (pa.array([True]), r"holds other cells \(bool\), but numbers"),
    ],
)
def test_types_that_cannot_be_reconciled_name_file_column_and_both(tmp_path, other, words):
    paths = [parquet(tmp_path / "a.parquet", x=[1]), parquet(tmp_path / "b.parquet", x=other)]
    with pytest.raises(ColumnError, match=words):
        open_table(paths)


def test_a_number_that_the_common_type_cannot_hold_is_an_error(tmp_path):
    big = pa.array([(1 << 63) + 1], pa.uint64())
    table = open_table([parquet(tmp_path / "a.parquet", x=big), parquet(tmp_path / "b.parquet", x=[1])])
    with pytest.raises(ColumnError, match=r"a.parquet: column x holds uint64 that cannot be read as int64"):
        cells(table)


@pytest.mark.parametrize(
    ("columns", "words"),
    [({"x": [1]}, "lacks the column 'y'"), ({"x": [1], "y": [2], "z": [3]}, "has a further column 'z'")],
)
def test_other_columns_name_the_column_and_the_file(tmp_path, columns, words):
    paths = [parquet(tmp_path / "a.parquet", x=[1], y=[2]), parquet(tmp_path / "b.parquet", **columns)]
    with pytest.raises(ColumnError, match=f"b.parquet: {words}, unlike .*a.parquet"):
        open_table(paths)


def labelled(path, *names):
    features = {"label": {"names": names, "_type": "ClassLabel"}}
    metadata = {"huggingface": json.dumps({"info": {"features": features}})}
    pq.write_table(pa.table({"label": [0]}).replace_schema_metadata(metadata), path)
    return str(path)


def test_files_that_count_other_classes_are_an_error(tmp_path):
    one = labelled(tmp_path / "a.parquet", "cat", "dog")
    assert open_table([one, labelled(tmp_path / "b.parquet", "cat", "dog")])["label"].classes == ("cat", "dog")
    with pytest.raises(ColumnError, match="column label counts other classes than in") as caught:
        open_table([one, labelled(tmp_path / "c.parquet", "dog", "cat")])
    assert caught.value.details == (f"{one}: cat, dog", f"{tmp_path / 'c.parquet'}: dog, cat")


def test_dictionaries_of_several_files_give_no_classes(tmp_path):
    paths = [parquet(tmp_path / f"{name}.parquet", l=pa.array([name]).dictionary_encode()) for name in "ab"]
    table = open_table(paths)
    assert table["l"].classes is None
    assert cells(table) == {"l": ["a", "b"]}


def test_the_library_takes_paths_and_sequences_of_them(tmp_path):
    paths = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    for at, path in enumerate(paths):
        parquet(path, x=[at])
    assert cells(as_table(paths[0])) == {"x": [0]}
    assert cells(as_table(tuple(paths))) == {"x": [0, 1]}
    assert cells(as_table([str(path) for path in paths])) == {"x": [0, 1]}


def test_columns_are_found_by_name_and_position():
    table = as_table(pa.table({"label": [1], ":1": [2], "p": [3]}))
    assert [find_column(table, one) for one in ("label", ":1", ":0", ":2", ":-1", ":-3")] == [
        "label",
        ":1",
        "label",
        "p",
        "p",
        "label",
    ]


@pytest.mark.parametrize("reference", [":3", ":-4", ":x", ":", "P", "weight"])
def test_a_column_that_is_not_there_lists_those_that_are(reference):
    table = as_table(
        pa.table({f"p{at}": [1] for at in range(13)} if reference == "P" else {"p": [1], "q": [2], "r": [3]})
    )
    with pytest.raises(ColumnError, match="there is no column") as caught:
        find_column(table, reference)
    assert caught.value.details[0].startswith("columns: p")
    assert caught.value.details[0].endswith("..." if reference == "P" else "r")
    assert caught.value.help == (
        "did you mean 'p9'?" if reference == "P" else "name one of the columns, or its position such as :0"
    )


def test_a_format_that_is_no_file_format_is_a_usage_error(tmp_path):
    (tmp_path / "a.csv").write_text(CSV)
    with pytest.raises(UsageError, match="--input-format arrays is no format of files"):
        open_table([str(tmp_path / "a.csv")], ReadOptions(input_format=Format.ARRAYS))
