"""Arrow files and streams, and ORC: batches of bounded size, projections, damage told."""

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import feather, orc

from xentcli.errors import ColumnError, EmptyInputError, UnreadableError
from xentcli.files.batches import BATCH_BYTES
from xentcli.files.format import Format
from xentcli.files.open import open_table
from xentcli.files.table import ReadAs

SOURCE = pa.table({"l": pa.array(["dog", "cat", None]).dictionary_encode(), "p": [[0.5, 0.5], None, [1.0]]})


def batches(table, *names):
    return list(table.batches(dict.fromkeys(names or table.names, ReadAs.NATIVE)))


def cells(table, *names):
    return pa.Table.from_batches(batches(table, *names)).to_pydict()


def written(tmp_path, source, kind="file", rows=2):
    path = tmp_path / ("a.arrow" if kind == "file" else "a.arrows")
    new = pa.ipc.new_file if kind == "file" else pa.ipc.new_stream
    with pa.OSFile(str(path), "wb") as sink, new(sink, source.schema) as writer:
        writer.write_table(source, rows)
    return str(path)


@pytest.mark.parametrize("kind", ["file", "stream"])
def test_files_and_streams_read_alike(tmp_path, kind):
    table = open_table([written(tmp_path, SOURCE, kind)])
    assert (table.format, table.names) == (Format.ARROW, ("l", "p"))
    assert table["l"].classes == ("dog", "cat")
    assert cells(table) == cells(table) == SOURCE.to_pydict()
    assert cells(table, "p") == {"p": SOURCE["p"].to_pylist()}
    assert list(cells(table, "p", "l")) == ["p", "l"]


@pytest.mark.parametrize("compression", ["uncompressed", "lz4", "zstd"])
def test_feather_files_are_arrow_files(tmp_path, compression):
    feather.write_feather(SOURCE, tmp_path / "a.feather", compression=compression)
    assert cells(open_table([str(tmp_path / "a.feather")])) == SOURCE.to_pydict()


def test_a_large_record_batch_is_cut(tmp_path):
    source = pa.table({"p": np.zeros(3 << 20)})
    table = open_table([written(tmp_path, source, rows=3 << 20)])
    assert max(batch.nbytes for batch in batches(table)) <= BATCH_BYTES + 8
    assert sum(batch.num_rows for batch in batches(table)) == 3 << 20


def test_many_batches_are_several_parts_in_order(tmp_path):
    source = pa.table({"p": np.arange(4 << 20)})
    table = open_table([written(tmp_path, source, rows=1 << 18)])
    assert len(table.parts) == 6
    firsts = [next(iter(part.read({"p": ReadAs.NATIVE})))[0][0].as_py() for part in table.parts]
    assert firsts == [at * 3 << 18 for at in range(6)]


def test_sliced_arrays_keep_their_rows(tmp_path):
    source = pa.table({"p": [[1.0], [2.0, 3.0], [4.0], None], "s": ["a", "b", "c", "d"]}).slice(1, 3)
    assert cells(open_table([written(tmp_path, source)])) == {"p": [[2, 3], [4], None], "s": ["b", "c", "d"]}


def test_dictionaries_that_change_in_a_stream_keep_their_labels(tmp_path):
    path = tmp_path / "a.arrows"
    kind = pa.dictionary(pa.int32(), pa.string())
    chunks = [pa.array(list(names)).dictionary_encode().cast(kind) for names in ("ab", "ca")]
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, pa.schema({"l": kind})) as writer:
        for chunk in chunks:
            writer.write_batch(pa.record_batch([chunk], names=["l"]))
    found = [text for batch in batches(open_table([str(path)])) for text in batch["l"].to_pylist()]
    assert found == ["a", "b", "c", "a"]


def test_run_end_encoded_and_view_columns_are_plain(tmp_path):
    runs = pa.RunEndEncodedArray.from_arrays(pa.array([2, 3], pa.int32()), pa.array(["a", "b"]))
    views = pa.array(["x", None, "z"], pa.string_view())
    lists = pa.array([[1], [], None], pa.list_view(pa.int8()))
    wide = pa.array([[1], [], None], pa.large_list_view(pa.int8()))
    blobs = pa.array([b"x", b"y", b"z"], pa.large_binary())
    numbers = pa.array([7, None, 7]).dictionary_encode()
    source = pa.table({"r": runs, "v": views, "l": lists, "w": wide, "b": blobs, "n": numbers})
    table = open_table([written(tmp_path, source, rows=3)])
    assert [str(column.type) for column in table.columns] == [
        "string",
        "string",
        "list<item: int8>",
        "large_list<item: int8>",
        "large_string",
        "int64",
    ]
    assert cells(table) == {
        "r": ["a", "a", "b"],
        "v": ["x", None, "z"],
        "l": [[1], [], None],
        "w": [[1], [], None],
        "b": ["x", "y", "z"],
        "n": [7, None, 7],
    }


@pytest.mark.parametrize("kind", ["file", "stream"])
@pytest.mark.parametrize("rows", [0, 1])
def test_no_rows_are_an_error(tmp_path, kind, rows):
    empty = SOURCE.slice(0, 0)
    path = written(tmp_path, empty, kind)
    if rows:
        with pa.OSFile(path, "wb") as sink, pa.ipc.new_file(sink, empty.schema) as writer:
            writer.write_batch(
                empty.to_batches()[0] if empty.to_batches() else pa.RecordBatch.from_pylist([], empty.schema)
            )
    with pytest.raises(EmptyInputError, match="holds no rows"):
        open_table([path])


@pytest.mark.parametrize("kind", ["file", "stream"])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_a_truncated_file_is_an_error(tmp_path, kind, share):
    path = written(tmp_path, pa.table({"p": np.random.default_rng(0).random(5000)}), kind, 5000)
    os.truncate(path, int(share * Path(path).stat().st_size))
    with pytest.raises(UnreadableError, match="cannot be read as Arrow"):
        batches(open_table([path]))


def test_feather_of_the_first_version_is_refused(tmp_path):
    path = tmp_path / "a.feather"
    path.write_bytes(b"FEA1" + bytes(100))
    with pytest.raises(UnreadableError, match="Feather file of version 1"):
        open_table([str(path)])


def test_doubled_names_are_an_error(tmp_path):
    source = pa.table([pa.array([1]), pa.array([2])], names=["a", "a"])
    with pytest.raises(ColumnError, match="same name: 'a'"):
        open_table([written(tmp_path, source)])


def test_stripes_of_orc_are_parts(tmp_path):
    source = pa.table({"a": np.arange(100_000), "b": np.arange(100_000) % 2 == 0})
    path = str(tmp_path / "a.orc")
    orc.write_table(source, path, stripe_size=64 << 10)
    table = open_table([path])
    assert (table.format, table.rows) == (Format.ORC, 100_000)
    assert len(table.parts) > 1
    assert cells(table, "b", "a") == {"b": source["b"].to_pylist(), "a": list(range(100_000))}


@pytest.mark.parametrize("share", [0.2, 0.9])
def test_truncated_orc_is_an_error(tmp_path, share):
    path = str(tmp_path / "a.orc")
    orc.write_table(pa.table({"a": np.random.default_rng(0).random(5000)}), path)
    os.truncate(path, int(share * Path(path).stat().st_size))
    with pytest.raises(UnreadableError, match="cannot be read as ORC"):
        open_table([path])


def test_orc_without_rows_is_an_error(tmp_path):
    path = str(tmp_path / "a.orc")
    orc.write_table(pa.table({"a": pa.array([], pa.int64())}), path)
    with pytest.raises(EmptyInputError, match="holds no rows"):
        open_table([path])
