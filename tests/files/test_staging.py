"""Staging: wide Parquet read in runs of columns gives what reading it at once gives."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xentcli.errors import UnreadableError
from xentcli.files.batches import BATCH_BYTES
from xentcli.files.open import open_table
from xentcli.files.table import ReadAs
from xentcli.files.typed import parquet


@pytest.fixture
def tiny(monkeypatch):
    for module, name, size in (
        (parquet, "STATE_BYTES", 1000),
        (parquet, "RUN_BYTES", 20_000),
        (parquet, "BATCH_BYTES", 1000),
    ):
        monkeypatch.setattr(module, name, size)


def source(rows=3000):
    random = np.random.default_rng(0)
    columns = {f"p{at}": pa.array(random.random(rows), mask=random.random(rows) < 0.1) for at in range(20)}
    columns["label"] = pa.array([f"class {at % 7}" for at in range(rows)]).dictionary_encode()
    columns["tags"] = pa.array([[f"t{at % 3}"] * (at % 4) if at % 5 else None for at in range(rows)])
    return pa.table(columns)


def test_runs_of_columns_give_the_rows_of_all_columns(tmp_path, tiny):  # noqa: ARG001  a fixture that sets sizes
    table = source()
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=1100)
    opened = open_table([str(tmp_path / "a.parquet")])
    batches = list(opened.batches(dict.fromkeys(table.column_names, ReadAs.NATIVE)))
    assert max(batch.num_rows for batch in batches) < 100
    for name in table.column_names:
        assert [cell for batch in batches for cell in batch[name].to_pylist()] == table[name].to_pylist()


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path, tiny, monkeypatch):  # noqa: ARG001  likewise
    def full(*_):
        raise OSError(28, "No space left on device")

    pq.write_table(source(), tmp_path / "a.parquet")
    opened = open_table([str(tmp_path / "a.parquet")])
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(parquet.pa.ipc, "new_stream", full)
    with pytest.raises(UnreadableError, match="temporary file: No space left on device"):
        list(opened.batches(dict.fromkeys(opened.names, ReadAs.NATIVE)))
    assert [one.name for one in tmp_path.iterdir()] == ["a.parquet"]


def test_columns_are_cut_into_runs_only_where_their_readers_hold_much():
    assert parquet.slices("abc", [1, 2, 3]) == [["a", "b", "c"]]
    much = parquet.RUN_BYTES
    assert parquet.slices("abcde", [much, much // 2, much // 2, 5 * much, 1]) == [["a"], ["b", "c"], ["d"], ["e"]]


def test_a_thousand_columns_come_in_batches_of_the_budget(tmp_path):
    wide = pa.table({f"p{at}": np.random.default_rng(at).random(20_000) for at in range(1000)})
    pq.write_table(wide, tmp_path / "a.parquet")
    opened = open_table([str(tmp_path / "a.parquet")])
    rows = 0
    for batch in opened.batches(dict.fromkeys(opened.names, ReadAs.NATIVE)):
        assert batch.nbytes <= BATCH_BYTES
        assert batch["p999"][0].as_py() == wide["p999"][rows].as_py()
        rows += batch.num_rows
    assert rows == 20_000
