"""Short memory: a typed file is not called damaged where there is no room to read it."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xentcli.errors import UnreadableError
from xentcli.files.open import open_table
from xentcli.files.table import ReadAs
from xentcli.files.typed import arrow
from xentcli.files.typed.damage import unread, validated

SHORT = pa.ArrowMemoryError("malloc of size 4096 failed")


@pytest.mark.parametrize(
    "error", [SHORT, MemoryError("short"), OSError("Memory map failed"), OSError("std::bad_alloc")]
)
def test_what_says_that_memory_is_short_is_told_so(error):
    told = unread("a.parquet", "Parquet", error)
    assert told.message.startswith("cannot be read as Parquet, out of memory: ")
    assert told.help.startswith("allow the process more memory")


def test_what_says_anything_else_is_damage():
    told = unread("a.parquet", "Parquet", pa.ArrowInvalid("no footer"))
    assert told.message == "cannot be read as Parquet: no footer"
    assert told.help == "the file is truncated or damaged; write it again"


def _raises(*_args, **_kwargs):
    raise SHORT


def test_parquet_says_that_memory_is_short(tmp_path, monkeypatch):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"label": ["a", "b"]}), path)
    table = open_table([str(path)])
    monkeypatch.setattr(pq, "ParquetFile", _raises)
    with pytest.raises(UnreadableError, match="out of memory: malloc of size 4096 failed"):
        list(table.batches({"label": ReadAs.NATIVE}))


def test_arrow_says_that_memory_is_short(tmp_path, monkeypatch):
    path = tmp_path / "a.arrow"
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, pa.schema({"label": pa.string()})) as writer:
        writer.write_table(pa.table({"label": ["a", "b"]}))
    table = open_table([str(path)])
    monkeypatch.setattr(arrow, "cut", _raises)
    with pytest.raises(UnreadableError, match="out of memory: malloc of size 4096 failed"):
        list(table.batches({"label": ReadAs.NATIVE}))


def test_a_check_of_arrays_that_runs_out_of_memory_does_not_call_them_damaged():
    class Batch:
        validate = _raises

    with pytest.raises(UnreadableError, match="out of memory: malloc of size 4096 failed"):
        validated(Batch(), "a.arrow")
