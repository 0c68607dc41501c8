"""Nested columns: objects, maps, named numbers and Spark's vectors as columns like any other."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xentcli.errors import ColumnError
from xentcli.files.open import as_table, open_table
from xentcli.files.table import ReadAs


@pytest.fixture
def lines(tmp_path):
    def run(*rows):
        path = tmp_path / "data.jsonl"
        path.write_text("\n".join(map(json.dumps, rows)))
        return open_table([str(path)])

    return run


def cells(table):
    found = {name: [] for name in table.names}
    for batch in table.batches(dict.fromkeys(table.names, ReadAs.NATIVE)):
        for name, column in zip(table.names, batch.columns, strict=True):
            found[name] += column.to_pylist()
    return found


def test_objects_in_json_lines_are_columns_named_by_their_path(lines):
    table = lines({"a": {"b": 1, "c": {"d": "x"}}}, {"a": {"b": 2}}, {"a": None}, {"e": [1]})
    assert cells(table) == {
        "a.b": [1, 2, None, None],
        "a.c.d": ["x", None, None, None],
        "e": [None, None, None, [1]],
    }
    assert table.notes == ()


def test_one_column_of_an_object_is_read_without_the_others(lines):
    table = lines({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": 4, "c": 5}, "d": 6})
    read = {"d": ReadAs.NATIVE, "a.c": ReadAs.NATIVE}
    assert [row for batch in table.batches(read) for row in batch.to_pylist()] == [
        {"d": 3, "a.c": 2},
        {"d": 6, "a.c": 5},
    ]


def test_lists_of_objects_are_lists_of_each_field(lines):
    table = lines({"o": [{"n": "x", "box": 1, "s": 0.5}, {"n": "x", "box": 2, "s": 0.1}]}, {"o": []}, {"o": None})
    assert cells(table) == {"o.n": [["x", "x"], [], None], "o.box": [[1, 2], [], None]}
    assert "nested columns left out: o.s (rows do not name each class once" in table.notes[-1]


def test_names_and_numbers_in_any_order_are_a_column_per_name(lines):
    table = lines(
        {"s": [{"label": "dog", "score": 0.75}, {"label": "cat", "score": 0.25}]},
        {"s": [{"label": "cat", "score": 0.5}, {"label": "dog", "score": 0.5}]},
        {"s": None},
    )
    assert cells(table) == {"s.dog": [0.75, 0.5, None], "s.cat": [0.25, 0.5, None]}


def test_numbers_of_which_rows_name_some_only_are_left_out_and_that_is_said(lines):
    table = lines(
        {"s": [{"label": "dog", "score": 0.75}, {"label": "cat", "score": 0.25}]},
        {"s": [{"label": "cat", "score": 0.5}, {"label": "owl", "score": 0.5}]},
    )
    assert cells(table) == {"s.label": [["dog", "cat"], ["cat", "owl"]]}
    assert "nested columns left out: s.score (rows do not name each class once" in table.notes[-1]


def test_names_beside_numbers_in_one_object_are_a_column_per_name(lines):
    table = lines(
        {"p": {"classes": ["cat", "dog"], "scores": [0.25, 0.75]}},
        {"p": {"classes": ["dog", "cat"], "scores": [0.5, 0.5]}},
    )
    assert cells(table) == {"p.scores.cat": [0.25, 0.5], "p.scores.dog": [0.75, 0.5]}


def test_names_beside_numbers_of_another_length_stay_lists(lines):
    table = lines({"p": {"classes": ["cat", "dog"], "scores": [0.25]}})
    assert table.names == ("p.classes", "p.scores")


def test_maps_of_arrow_are_a_column_per_key(tmp_path):
    maps = pa.array([[("a", 0.5), ("b", 0.5)], [("b", 1.0)], None], pa.map_(pa.string(), pa.float64()))
    pq.write_table(pa.table({"m": maps, "k": [1, 2, 3]}), tmp_path / "m.parquet")
    expected = {"m.a": [0.5, None, None], "m.b": [0.5, 1.0, None], "k": [1, 2, 3]}
    assert cells(open_table([str(tmp_path / "m.parquet")])) == expected
    assert cells(as_table(pa.table({"m": maps, "k": [1, 2, 3]}))) == expected
    sliced = pa.table({"m": maps, "k": [1, 2, 3]}).slice(1)
    assert cells(as_table(sliced)) == {"m.b": [1.0, None], "k": [2, 3]}


def test_structs_keep_what_a_slice_and_a_null_leave_of_them(tmp_path):
    rows = [{"x": 1, "l": [{"y": 1}]}, None, {"x": 3, "l": [{"y": 3}, {"y": 4}]}, {"x": None, "l": None}]
    source = pa.table({"s": pa.array(rows, pa.struct({"x": pa.int64(), "l": pa.list_(pa.struct({"y": pa.int8()}))}))})
    pq.write_table(source, tmp_path / "s.parquet")
    expected = {"s.x": [1, None, 3, None], "s.l.y": [[1], None, [3, 4], None]}
    assert cells(open_table([str(tmp_path / "s.parquet")])) == expected
    assert cells(as_table(source.slice(1))) == {name: column[1:] for name, column in expected.items()}


def test_dense_and_sparse_vectors_of_spark_are_lists(lines):
    table = lines(
        {"v": {"type": 1, "values": [0.25, 0.5, 0.25]}},
        {"v": {"type": 0, "size": 3, "indices": [2], "values": [1.0]}},
        {"v": {"type": 0, "size": 3, "indices": [3], "values": [1.0]}},
        {"v": None},
    )
    assert cells(table) == {"v": [[0.25, 0.5, 0.25], [0.0, 0.0, 1.0], None, None]}


def test_two_columns_of_one_name_are_refused(lines):
    with pytest.raises(ColumnError, match=r"several columns have the same name: 'a\.b'"):
        lines({"a": {"b": 1}, "a.b": 2})


def test_empty_objects_and_lists_of_lists_are_left_out_and_named(lines):
    table = lines({"a": {}, "b": [[1]], "c": 1, "d": {"e": [[2]]}})
    assert table.names == ("c",)
    assert table.notes == ("nested columns left out: a, b, d.e",)
