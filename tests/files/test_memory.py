"""Frames, Arrow tables and arrays are tables like any other."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from xentcli.errors import ColumnError, EmptyInputError, InputError, UsageError
from xentcli.files.arrays import texts, vector
from xentcli.files.format import Format
from xentcli.files.open import as_table
from xentcli.files.table import ReadAs


def cells(table):
    return pa.Table.from_batches(list(table.batches(dict.fromkeys(table.names, ReadAs.NATIVE)))).to_pydict()


def test_a_frame_keeps_its_types_and_its_named_index():
    frame = pd.DataFrame(
        {
            "y": pd.Categorical(["b", None, "a"], categories=["b", "a", "c"]),
            "n": pd.array([1, None, 3], dtype="Int64"),
            "p": np.array([0.5, np.nan, 1], dtype=np.float32),
            "l": [[1], None, [2, 3]],
            5: ["x", 1, 2.5],
        },
        index=pd.Index([7, 8, 9], name="id"),
    )
    table = as_table(frame)
    assert (table.format, table.rows) == (Format.FRAME, 3)
    assert table["y"].classes == ("b", "a", "c")
    assert str(table["p"].type) == "float"
    assert cells(table) == {
        "id": [7, 8, 9],
        "y": ["b", None, "a"],
        "n": [1, None, 3],
        "p": [0.5, None, 1.0],
        "l": [[1], None, [2, 3]],
        "5": ["x", "1", "2.5"],
    }


def test_a_sparse_frame_holds_numbers():
    frame = pd.DataFrame({"p": pd.arrays.SparseArray([0.0, 1.0, 0.0])})
    assert cells(as_table(frame)) == {"p": [0.0, 1.0, 0.0]}


def test_a_series_is_a_column():
    assert cells(as_table(pd.Series([1, 2], name="y"))) == {"y": [1, 2]}


def test_a_frame_of_objects_or_of_doubled_names_is_an_error():
    with pytest.raises(ColumnError, match="column a holds objects that are no cells"):
        as_table(pd.DataFrame({"a": [object()]}))
    with pytest.raises(ColumnError, match="same name: 'a'"):
        as_table(pd.DataFrame([[1, 2]], columns=["a", "a"]))


def test_an_empty_frame_is_an_error():
    with pytest.raises(EmptyInputError, match="holds no rows"):
        as_table(pd.DataFrame({"a": []}))


def test_arrow_tables_and_batches_are_tables():
    source = pa.table({"a": pa.chunked_array([[1], [2, 3]]), "v": pa.array(["x", "y", "z"], pa.string_view())})
    assert cells(as_table(source)) == {"a": [1, 2, 3], "v": ["x", "y", "z"]}
    assert cells(as_table(source.combine_chunks().to_batches()[0])) == {"a": [1, 2, 3], "v": ["x", "y", "z"]}


def test_whatever_streams_arrow_is_a_table():
    class Frame:
        def __arrow_c_stream__(self, requested_schema=None):
            return pa.table({"a": [1]}).__arrow_c_stream__(requested_schema)

    assert cells(as_table(Frame())) == {"a": [1]}


def test_chunks_with_different_dictionaries_give_no_classes():
    chunks = [pa.array(list(names)).dictionary_encode() for names in ("ab", "ca")]
    table = as_table(pa.table({"l": pa.chunked_array(chunks)}))
    assert table["l"].classes is None
    assert [text for batch in table.batches({"l": ReadAs.NATIVE}) for text in batch[0].to_pylist()] == list("abca")


def test_large_tables_have_parts_that_know_their_rows():
    table = as_table(pa.table({"a": np.arange(1_000_000)}))
    assert sum(part.rows for part in table.parts) == 1_000_000
    assert len(table.parts) == 8


class Tensor:
    """What torch hands out, as far as it matters here."""

    def __init__(self, values, dtype="torch.float32"):
        """Hold values on a device."""
        self.values, self.dtype, self.on_cpu = values, dtype, False

    def detach(self):
        """Leave the gradient."""
        return self

    def cpu(self):
        """Leave the device."""
        self.on_cpu = True
        return self

    def float(self):
        """Become float32."""
        moved = Tensor(self.values.astype(np.float32))
        moved.on_cpu = self.on_cpu
        return moved

    def __array__(self, dtype=None, copy=None):
        """Become numpy, as far as numpy has the type."""
        if self.dtype == "torch.bfloat16" or not self.on_cpu:
            raise TypeError("unsupported")
        return np.asarray(self.values, dtype=dtype)


@pytest.mark.parametrize(
    ("true", "pred", "expected"),
    [
        ([0, 1], np.array([[0.5, 0.5], [0, 1]]), {"y_true": [0, 1], "y_pred": [[0.5, 0.5], [0, 1]]}),
        (["a", None], [0.25, 0.5], {"y_true": ["a", None], "y_pred": [0.25, 0.5]}),
        (np.array([[1], [0]]), ((0.5,), (0.25,)), {"y_true": [1, 0], "y_pred": [0.5, 0.25]}),
        ([["a"], ["b", "c"]], Tensor(np.eye(2)), {"y_true": [["a"], ["b", "c"]], "y_pred": [[1, 0], [0, 1]]}),
        ([["a", "b"], ["b", "c"]], [1, 2], {"y_true": [["a", "b"], ["b", "c"]], "y_pred": [1, 2]}),
        (pd.Series(["x", None]), pa.array([1, 2]), {"y_true": ["x", None], "y_pred": [1, 2]}),
        (pa.chunked_array([[1], [2]]), pd.DataFrame([[1, 2], [3, 4]]), {"y_true": [1, 2], "y_pred": [[1, 2], [3, 4]]}),
        (
            np.array(["a", None], dtype=object),
            Tensor(np.ones(2), "torch.bfloat16"),
            {"y_true": ["a", None], "y_pred": [1, 1]},
        ),
        ([True, False], [[1, 2], [3, 4]], {"y_true": [True, False], "y_pred": [[1, 2], [3, 4]]}),
    ],
)
def test_two_arrays_are_a_table_of_truth_and_prediction(true, pred, expected):
    table = as_table((true, pred))
    assert (table.format, table.names) == (Format.ARRAYS, ("y_true", "y_pred"))
    assert cells(table) == expected


def test_arrays_of_different_length_name_both_lengths():
    with pytest.raises(InputError, match="y_true has 3, y_pred has 2"):
        as_table(([1, 2, 3], [1, 2]))


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.zeros((2, 2, 2)), r"column y_pred has shape \(2, 2, 2\)"),
        (np.array(1.0), r"has shape \(\)"),
        (np.zeros((2, 0)), r"has shape \(2, 0\)"),
        (np.zeros(2, dtype=complex), "elements of type complex128"),
        ([[1, 2], 3], "is no array"),
    ],
)
def test_what_is_no_array_of_rows_says_why(array, words):
    with pytest.raises(InputError, match=words):
        as_table(([0, 1], array))


def test_one_array_is_the_column_f0():
    assert cells(as_table(np.array([1, 2]))) == {"f0": [1, 2]}
    assert cells(as_table([1, 2, 3])) == {"f0": [1, 2, 3]}
    assert cells(as_table(pa.array([1, 2]))) == {"f0": [1, 2]}
    assert cells(as_table(Tensor(np.array([1, 2])))) == {"f0": [1, 2]}


def test_a_table_stays_itself_and_an_unknown_thing_is_an_error():
    table = as_table([1, 2, 3])
    assert as_table(table) is table
    with pytest.raises(UsageError, match="object is nothing that can be read as a table"):
        as_table(object())
    with pytest.raises(InputError, match="column a has shape"):
        as_table({"a": 1})


def test_texts_beyond_two_gigabytes_would_be_wide(monkeypatch):
    monkeypatch.setattr("xentcli.files.arrays._INT32_MAX", 3)
    assert texts(["ab", None, "cd"]).type == pa.large_string()
    assert texts(["ab", None, "cd"]).to_pylist() == ["ab", None, "cd"]
    assert vector(np.array([], dtype="U3")).to_pylist() == []
