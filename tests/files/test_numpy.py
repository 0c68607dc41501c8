"""NumPy arrays: read in blocks, in either order, never unpickled."""

import io
import os
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from xentcli.errors import ColumnError, EmptyInputError, InputError, UnreadableError
from xentcli.files.open import open_table
from xentcli.files.table import ReadAs
from xentcli.files.typed import numpy as reader


def batches(table):
    return list(table.batches(dict.fromkeys(table.names, ReadAs.NATIVE)))


def cells(table):
    return pa.Table.from_batches(batches(table)).to_pydict()


def saved(tmp_path, array, name="a.npy"):
    path = tmp_path / name
    np.save(path, array, allow_pickle=array.dtype == object)
    return str(path)


DTYPES = st.one_of(
    npst.integer_dtypes(endianness="?"),
    npst.unsigned_integer_dtypes(endianness="?"),
    npst.floating_dtypes(endianness="?", sizes=(16, 32, 64)),
    npst.boolean_dtypes(),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(npst.arrays(DTYPES, st.tuples(st.integers(1, 9), st.integers(2, 5))), st.booleans(), st.integers(1, 64))
def test_any_matrix_reads_as_it_was_saved_in_any_block_size(tmp_path, monkeypatch, array, fortran, budget):
    monkeypatch.setattr(reader, "BATCH_BYTES", budget)
    monkeypatch.setattr(reader, "PART_BYTES", 2 * budget)
    table = open_table([saved(tmp_path, np.asfortranarray(array) if fortran else array)])
    assert table.rows == len(array)
    assert sum(part.rows for part in table.parts) == len(array)
    read = np.array(cells(table)["f0"], dtype=array.dtype.newbyteorder("="))
    np.testing.assert_array_equal(read, array)
    assert table.columns[0].type == pa.list_(pa.from_numpy_dtype(read.dtype), array.shape[1])
    for part in table.parts:
        assert sum(batch.num_rows for batch in part.read({"f0": ReadAs.NATIVE})) == part.rows


@pytest.mark.parametrize(
    ("array", "kind", "expected"),
    [
        (np.array([True, False, True]), pa.bool_(), [True, False, True]),
        (np.array([1.5, 2], dtype=np.float16), pa.float16(), [1.5, 2.0]),
        (np.array([1, 2], dtype=">u4"), pa.uint32(), [1, 2]),
        (np.array(["a", "", "ü"]), pa.string(), ["a", None, "ü"]),
        (np.array([b"a", b"\xff"]), pa.string(), ["a", "\\xff"]),
        (np.array([[4], [5]]), pa.int64(), [4, 5]),
    ],
)
def test_vectors_keep_their_types(tmp_path, array, kind, expected):
    table = open_table([saved(tmp_path, array)])
    assert (table.names, table.columns[0].type) == (("f0",), kind)
    assert cells(table) == {"f0": expected}


def test_dates_are_read(tmp_path):
    table = open_table([saved(tmp_path, np.array(["2020-01-31"], dtype="M8[D]"))])
    assert str(cells(table)["f0"][0]) == "2020-01-31"


def test_a_structured_array_has_a_column_per_field(tmp_path):
    array = np.array([(1, 0.5, "x"), (2, 0.25, "y")], dtype=[("id", "<i4"), ("p", ">f8"), ("größe", "U3")])
    assert cells(open_table([saved(tmp_path, array)])) == {
        "id": [1, 2],
        "p": [0.5, 0.25],
        "größe": ["x", "y"],
    }


def test_field_names_beyond_latin_1_are_read(tmp_path):
    with pytest.warns(UserWarning, match=r"format 3\.0"):
        path = saved(tmp_path, np.array([(1,), (2,)], dtype=[("類", "<i4")]))
    assert cells(open_table([path])) == {"類": [1, 2]}


def test_a_block_holds_no_more_than_its_budget(tmp_path):
    path = saved(tmp_path, np.zeros((300, 50_000), dtype=np.float32))
    for batch in open_table([path]).batches({"f0": ReadAs.NATIVE}):
        assert batch.nbytes <= 8 << 20


@pytest.mark.parametrize(
    ("array", "error", "words"),
    [
        (np.array([1, "a"], dtype=object), UnreadableError, "only be loaded by unpickling"),
        (np.array(3.0), UnreadableError, r"has shape \(\)"),
        (np.zeros((2, 2, 2)), UnreadableError, r"has shape \(2, 2, 2\)"),
        (np.zeros((0, 3)), EmptyInputError, "holds no rows"),
        (np.zeros((3, 0)), ColumnError, r"has shape \(3, 0\): no columns"),
        (np.zeros(2, dtype=complex), UnreadableError, "elements of type complex128"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path, array, error, words):
    with pytest.raises(error, match=words):
        open_table([saved(tmp_path, array)])


@pytest.mark.parametrize("length", [20, 100, 150])
def test_a_truncated_array_is_an_error(tmp_path, length):
    path = saved(tmp_path, np.arange(10.0))
    os.truncate(path, length)
    with pytest.raises(UnreadableError, match=r"cannot be read as a NumPy array|header promises 208"):
        open_table([path])


def test_an_array_that_shrinks_after_opening_is_an_error(tmp_path):
    path = saved(tmp_path, np.arange(10.0))
    table = open_table([path])
    os.truncate(path, 150)
    with pytest.raises(UnreadableError, match="ends before its last row"):
        batches(table)


def test_a_disk_that_fails_in_mid_read_is_told(tmp_path):
    def broken(*_):
        raise OSError(5, "Input/output error")

    part = open_table([saved(tmp_path, np.arange(10.0))]).parts[0].part
    stream = io.BytesIO()
    stream.seek = broken
    with pytest.raises(UnreadableError, match="Input/output error"):
        part.files[0].arrays(stream, 0, 1)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_an_archive_has_a_column_per_array(tmp_path, monkeypatch, save):
    monkeypatch.setattr(reader, "BATCH_BYTES", 64)
    monkeypatch.setattr(reader, "PART_BYTES", 128)
    scores = np.arange(30.0).reshape(10, 3)
    save(tmp_path / "a.npz", y_true=np.arange(10), y_pred=np.asfortranarray(scores))
    table = open_table([str(tmp_path / "a.npz")])
    assert (table.names, table.rows) == (("y_true", "y_pred"), 10)
    assert len(table.parts) > 1
    assert cells(table) == {"y_true": list(range(10)), "y_pred": scores.tolist()}
    last = list(table.parts[-1].read({"y_true": ReadAs.NATIVE}))[-1]
    assert last.column(0).to_pylist()[-1] == 9


def test_arrays_of_different_length_name_their_lengths(tmp_path):
    np.savez(tmp_path / "a.npz", y_true=np.arange(5), y_pred=np.arange(4))
    with pytest.raises(InputError, match="y_true has 5, y_pred has 4"):
        open_table([str(tmp_path / "a.npz")])


def test_fields_and_members_of_one_name_are_an_error(tmp_path):
    np.savez(tmp_path / "a.npz", p=np.arange(1), q=np.array([(1,)], dtype=[("p", "i4")]))
    with pytest.raises(ColumnError, match="same name: 'p'"):
        open_table([str(tmp_path / "a.npz")])


def test_an_archive_without_arrays_is_an_error(tmp_path):
    np.savez(tmp_path / "a.npz")
    with pytest.raises(ColumnError, match="holds no arrays"):
        open_table([str(tmp_path / "a.npz")])


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_damaged_archive_is_an_error(tmp_path, save):
    path = tmp_path / "a.npz"
    save(path, a=np.random.default_rng(0).random(1000))
    whole = path.read_bytes()
    path.write_bytes(whole[:-30])
    with pytest.raises(UnreadableError, match=r"cannot be read as \.npz"):
        open_table([str(path)])
    path.write_bytes(b"PK\x03\x05.npy" + whole[8:] if save is np.savez else whole[:500] + bytes(99) + whole[599:])
    with pytest.raises(UnreadableError):
        open_table([str(path)])


def test_arrays_are_read_without_pandas(tmp_path):
    np.savez(tmp_path / "a.npz", a=np.arange(3), b=np.zeros((3, 2)), c=np.array(["x", "y", "z"]))
    code = (
        "import sys\nfrom xentcli.files.open import open_table\nfrom xentcli.files.table import ReadAs\n"
        f"table = open_table([{str(tmp_path / 'a.npz')!r}])\n"
        "list(table.batches(dict.fromkeys(table.names, ReadAs.NATIVE)))\nassert 'pandas' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
