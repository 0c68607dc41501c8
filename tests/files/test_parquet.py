"""Parquet: row groups in bounded batches, odd types made plain, damage told."""

import gzip
import json
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xentcli.errors import ColumnError, EmptyInputError, UnreadableError
from xentcli.files.batches import BATCH_BYTES
from xentcli.files.open import open_table
from xentcli.files.table import ReadAs
from xentcli.files.typed import parquet as reader


def batches(table, *names):
    return list(table.batches(dict.fromkeys(names or table.names, ReadAs.NATIVE)))


def cells(table, *names):
    return pa.Table.from_batches(batches(table, *names)).to_pydict()


def written(tmp_path, table, **options):
    path = tmp_path / "a.parquet"
    pq.write_table(table, path, **options)
    return str(path)


def test_columns_come_in_the_order_asked_for(tmp_path):
    path = written(tmp_path, pa.table({"a": [1, 2], "b": ["x", "y"], "a.b": [0.5, 1]}))
    table = open_table([path])
    assert (table.names, table.rows) == (("a", "b", "a.b"), 2)
    assert list(cells(table, "a.b", "a")) == ["a.b", "a"]
    assert cells(table, "a.b", "a") == {"a.b": [0.5, 1.0], "a": [1, 2]}


def test_small_row_groups_are_read_together_and_large_ones_alone(tmp_path, monkeypatch):
    path = written(tmp_path, pa.table({"a": np.arange(1000)}), row_group_size=10)
    assert len(open_table([path]).parts) == 1
    monkeypatch.setattr(reader, "_PART_BYTES", 1)
    table = open_table([path])
    assert [part.rows for part in table.parts] == [10] * 100
    assert cells(table)["a"] == list(range(1000))
    assert cells(table)["a"][990:] == next(iter(table.parts[99].read({"a": ReadAs.NATIVE})))["a"].to_pylist()


def test_a_part_can_be_read_twice_and_left_in_the_middle(tmp_path):
    part = open_table([written(tmp_path, pa.table({"a": np.arange(300_000)}))]).parts[0]
    reading = part.read({"a": ReadAs.NATIVE})
    assert next(reading).num_rows < 300_000
    reading.close()
    assert sum(batch.num_rows for batch in part.read({"a": ReadAs.NATIVE})) == 300_000


@pytest.mark.parametrize("kind", ["wide", "lists", "constant lists"])
def test_batches_are_bounded_whatever_the_number_of_classes(tmp_path, kind):
    scores = np.random.default_rng(0).random((400, 20_000), dtype=np.float32)
    if kind == "wide":
        source = pa.table({f"p{at}": scores[:, at % 20_000] for at in range(2000)})
    else:
        flat = np.zeros(scores.size, np.float32) if kind == "constant lists" else scores.reshape(-1)
        source = pa.table({"p": pa.ListArray.from_arrays(np.arange(401, dtype=np.int32) * 20_000, flat)})
    table = open_table([written(tmp_path, source)])
    rows = 0
    for batch in table.batches(dict.fromkeys(table.names, ReadAs.NATIVE)):
        assert batch.nbytes <= 2 * BATCH_BYTES
        rows += batch.num_rows
    assert rows == 400


def test_every_scalar_type_survives(tmp_path):
    source = pa.table(
        {
            "f16": pa.array([1.5, None], pa.float16()),
            "dec": pa.array([1, None], pa.decimal128(21, 2)),
            "u8": pa.array([255, None], pa.uint8()),
            "bool": pa.array([True, None]),
            "null": pa.nulls(2),
        }
    )
    table = open_table([written(tmp_path, source)])
    assert [column.type for column in table.columns] == source.schema.types
    assert cells(table) == source.to_pydict()


def test_lists_with_nulls_and_of_fixed_size_survive(tmp_path):
    source = pa.table(
        {
            "l": pa.array([[0.5, None], None, []], pa.list_(pa.float32())),
            "f": pa.array([[1, 2], None, [3, 4]], pa.list_(pa.float16(), 2)),
            "tags": pa.array([["a"], None, ["b", "c"]], pa.large_list(pa.dictionary(pa.int8(), pa.string()))),
        }
    )
    table = open_table([written(tmp_path, source)])
    assert [str(column.type) for column in table.columns][1:] == [
        "fixed_size_list<item: halffloat>[2]",
        "large_list<item: string>",
    ]
    assert cells(table) == source.to_pydict()


def test_objects_and_maps_are_columns_and_lists_of_lists_are_left_out_and_named(tmp_path):
    source = pa.table(
        {"a": [1], "s": [{"x": 1}], "m": pa.array([[("k", 1)]], pa.map_("string", "int8")), "ll": [[[1]]]}
    )
    table = open_table([written(tmp_path, source)])
    assert table.names == ("a", "s.x", "m.k")
    assert table.notes == ("nested columns left out: ll",)
    assert cells(table) == {"a": [1], "s.x": [1], "m.k": [1]}


def test_only_nested_columns_are_an_error(tmp_path):
    with pytest.raises(ColumnError, match="no column of plain cells"):
        open_table([written(tmp_path, pa.table({"s": [{"x": [[1]]}]}))])


def test_lists_after_nested_columns_are_sized_by_their_own_elements(tmp_path):
    lists = pa.ListArray.from_arrays(np.arange(101, dtype=np.int32) * 50_000, np.zeros(5_000_000, np.float32))
    source = pa.table(
        {"s": [{"x": 1, "y": {"z": 2}}] * 100, "m": pa.array([[("k", 1)]] * 100, pa.map_("string", "int8")), "p": lists}
    )
    table = open_table([written(tmp_path, source)])
    assert max(batch.num_rows for batch in batches(table, "p")) == BATCH_BYTES // 200_000


def test_tensors_are_lists_and_bytes_are_text(tmp_path):
    tensor = pa.fixed_shape_tensor(pa.float32(), [2, 2])
    storage = pa.array([[1, 2, 3, 4]], pa.list_(pa.float32(), 4))
    source = pa.table({"t": pa.ExtensionArray.from_storage(tensor, storage), "b": pa.array([b"cat"])})
    table = open_table([written(tmp_path, source)])
    assert [str(column.type) for column in table.columns] == ["fixed_size_list<item: float>[4]", "string"]
    assert cells(table) == {"t": [[1, 2, 3, 4]], "b": ["cat"]}


def test_bytes_that_are_no_text_are_told_when_they_are_read(tmp_path):
    table = open_table([written(tmp_path, pa.table({"a": [1], "image": [b"\xff\xd8"]}))])
    assert cells(table, "a") == {"a": [1]}
    with pytest.raises(ColumnError, match="column image holds binary that cannot be read as string"):
        batches(table, "image")


def test_class_labels_of_hugging_face_name_the_classes(tmp_path):
    features = {
        "label": {"names": ["cat", "dog"], "_type": "ClassLabel"},
        "text": {"dtype": "string", "_type": "Value"},
    }
    metadata = {"huggingface": json.dumps({"info": {"features": features}})}
    source = pa.table({"label": [1, 0], "text": ["a", "b"]}).replace_schema_metadata(metadata)
    table = open_table([written(tmp_path, source)])
    assert table["label"].classes == ("cat", "dog")
    assert table["text"].classes is None


@pytest.mark.parametrize("metadata", ["{", "[]", '{"info": {"features": []}}', '{"info": {"features": {"label": 3}}}'])
def test_metadata_of_another_shape_is_passed_over(tmp_path, metadata):
    source = pa.table({"label": [1]}).replace_schema_metadata({"huggingface": metadata})
    assert open_table([written(tmp_path, source)])["label"].classes is None


def test_a_dictionary_gives_the_classes_in_its_order_with_the_unused(tmp_path):
    labels = pa.DictionaryArray.from_arrays(pa.array([1, 0, None], pa.int8()), ["dog", "cat", "eel"])
    table = open_table([written(tmp_path, pa.table({"label": labels}), row_group_size=2)])
    assert table["label"].classes == ("dog", "cat", "eel")
    assert cells(table) == {"label": ["cat", "dog", None]}


def test_dictionaries_that_differ_between_row_groups_give_no_classes(tmp_path):
    path = tmp_path / "a.parquet"
    one, other = (pa.table({"l": pa.array(list(names)).dictionary_encode()}) for names in ("ab", "cb"))
    with pq.ParquetWriter(path, one.schema) as writer:
        writer.write_table(one)
        writer.write_table(other)
    table = open_table([str(path)])
    assert table["l"].classes is None
    assert [text for batch in batches(table) for text in batch["l"].to_pylist()] == ["a", "b", "c", "b"]


def test_large_dictionaries_and_those_of_numbers_give_no_classes(tmp_path):
    ids = pa.array([f"a name of some length {at}" for at in range(70_000)]).dictionary_encode()
    numbers = pa.array(np.arange(70_000) % 3).dictionary_encode()
    table = open_table([written(tmp_path, pa.table({"id": ids, "n": numbers}))])
    assert [column.classes for column in table.columns] == [None, None]
    assert table["n"].type == pa.int64()
    assert cells(table.__class__(table.path, table.format, table.columns[1:], table.parts))["n"][:4] == [0, 1, 2, 0]


def test_no_rows_and_doubled_names_are_errors(tmp_path):
    with pytest.raises(EmptyInputError, match="holds no rows"):
        open_table([written(tmp_path, pa.table({"a": pa.array([], pa.int8())}))])
    with pytest.raises(ColumnError, match="same name: 'a'"):
        open_table([written(tmp_path, pa.table([pa.array([1]), pa.array([2])], names=["a", "a"]))])


def test_empty_row_groups_are_passed_over(tmp_path):
    path = tmp_path / "a.parquet"
    source = pa.table({"a": [1, 2]})
    with pq.ParquetWriter(path, source.schema) as writer:
        writer.write_table(source)
        writer.write_table(source.slice(0, 0))
        writer.write_table(source)
    assert cells(open_table([str(path)]))["a"] == [1, 2, 1, 2]


@pytest.mark.parametrize("cut", [1, 9, 200, 10_000])
def test_a_truncated_file_is_an_error(tmp_path, cut):
    path = written(tmp_path, pa.table({"a": np.random.default_rng(0).random(5000)}))
    os.truncate(path, Path(path).stat().st_size - cut)
    with pytest.raises(UnreadableError, match="cannot be read as Parquet"):
        open_table([path])


def test_damaged_pages_are_told_when_they_are_read(tmp_path):
    path = written(tmp_path, pa.table({"a": np.random.default_rng(0).random(5000)}), compression="zstd")
    with Path(path).open("r+b") as file:
        file.seek(4)
        file.write(bytes(2000))
    table = open_table([path])
    with pytest.raises(UnreadableError, match="cannot be read as Parquet"):
        batches(table)


def test_a_compressed_file_is_read_through_a_copy(tmp_path):
    path = written(tmp_path, pa.table({"a": [1, 2]}))
    packed = tmp_path / "b.parquet.gz"
    packed.write_bytes(gzip.compress(Path(path).read_bytes()))
    table = open_table([str(packed)])
    assert cells(table) == cells(table) == {"a": [1, 2]}
