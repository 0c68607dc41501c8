"""Arrow data that lie about themselves: refused with their column before anything looks into them."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import xentcli
from xentcli.errors import UnreadableError

ROWS = 40
HALF = pa.array(np.full(ROWS, 0.5))
LONG = pa.array(["a text of more than twelve bytes", "dog"] * (ROWS // 2))
NAMES = pa.array(["cat", "dog"] * (ROWS // 2))


def written(tmp_path, label, kind="arrow", **columns):
    path = tmp_path / f"a.{kind}"
    table = pa.table({"label": label, **(columns or {"score_0": HALF, "score_1": HALF})})
    new = pa.ipc.new_file if kind == "arrow" else pa.ipc.new_stream
    with pa.OSFile(str(path), "wb") as sink, new(sink, table.schema) as writer:
        writer.write_table(table)
    return path


def lying(path, old, new):
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new))
    return path


def with_one(buffer, dtype, at, value):
    """Return the bytes of a buffer, and the same with one number of another value."""
    numbers = np.frombuffer(buffer, dtype=dtype).copy()
    before = numbers.tobytes()
    numbers[at] = value
    return before, numbers.tobytes()


def offsets(at, value):
    return with_one(NAMES.buffers()[1], np.int32, at, value)


@pytest.mark.parametrize("kind", ["arrow", "arrows"])
@pytest.mark.parametrize(("at", "value"), [(ROWS, 3 * ROWS + 60), (5, 10**9), (5, -7)])
def test_offsets_that_lead_out_of_a_column_of_texts(tmp_path, kind, at, value):
    path = lying(written(tmp_path, NAMES, kind), *offsets(at, value))
    with pytest.raises(UnreadableError, match=r"label is damaged: .*offset"):
        xentcli.inspect(path)


def test_offsets_that_lead_out_of_a_column_of_lists(tmp_path):
    lists = pa.array([[0.5, 0.5]] * ROWS)
    path = written(tmp_path, NAMES, probs=lists)
    with pytest.raises(UnreadableError, match=r"probs is damaged: .*offset"):
        xentcli.score(lying(path, *with_one(lists.buffers()[1], np.int32, 9, 10**8)))


def test_views_that_lead_out_of_a_column(tmp_path):
    views = LONG.cast(pa.string_view())
    path = written(tmp_path, views)
    with pytest.raises(UnreadableError, match="label is damaged: View at slot 0 references buffer"):
        xentcli.inspect(lying(path, *with_one(views.buffers()[1], np.int32, 2, 5000)))


def test_indices_that_no_dictionary_holds(tmp_path):
    indices = np.array([0, 1] * (ROWS // 2), dtype=np.int8)
    path = written(tmp_path, pa.DictionaryArray.from_arrays(indices, ["cat", "dog"]))
    with pytest.raises(UnreadableError, match=r"label is damaged: .*out of bounds"):
        xentcli.inspect(lying(path, *with_one(indices, np.int8, 7, 90)))


@pytest.mark.parametrize("label", [NAMES, NAMES.dictionary_encode()], ids=["text", "dictionary"])
def test_texts_that_are_no_utf_8(tmp_path, label):
    path = lying(written(tmp_path, label), b"cat", b"c\xe9t")
    with pytest.raises(UnreadableError, match=r"label is damaged: .*Invalid UTF8 sequence"):
        xentcli.inspect(path)


def test_texts_in_parquet_that_are_no_utf_8(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"label": NAMES, "score_0": HALF}), path, compression="none")
    with pytest.raises(UnreadableError, match=r"label is damaged: .*Invalid UTF8 sequence"):
        xentcli.inspect(lying(path, b"cat", b"c\xe9t"))


@pytest.mark.parametrize("kind", ["arrow", "parquet"])
def test_names_of_columns_that_are_no_utf_8(tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    if kind == "parquet":
        pq.write_table(pa.table({"label": NAMES, "score_0": HALF}), path)
    else:
        path = written(tmp_path, NAMES)
    with pytest.raises(UnreadableError, match="cannot be read as"):
        xentcli.inspect(lying(path, b"score_0", b"sc\xf6re_0"))


@pytest.mark.parametrize("key", ["huggingface", "xent"])
def test_metadata_that_nest_deep_are_passed_over(tmp_path, key):
    schema = pa.schema([("label", pa.string())], metadata={key: "[" * 100_000})
    path = tmp_path / "a.arrow"
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        writer.write_batch(pa.record_batch([NAMES], schema=schema))
    assert xentcli.inspect(path).to_dict()["task"]["classes"] == ["cat", "dog"]
