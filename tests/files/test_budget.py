"""The budget of memory: what is allowed, and what is refused before it fills the machine."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import xentcli
from xentcli.config.load import load
from xentcli.errors import ColumnError, ConfigError, UnreadableError, UsageError
from xentcli.files import budget
from xentcli.files.batches import LONGEST_CELL
from xentcli.files.format import ReadOptions
from xentcli.files.open import open_table
from xentcli.files.table import ReadAs


@pytest.mark.parametrize(
    ("size", "count"),
    [("512M", 512 << 20), ("4GiB", 4 << 30), ("1.5g", 3 << 29), ("100", 100), (4096, 4096), ("2 kB", 2048)],
)
def test_a_size_is_a_number_and_a_unit(size, count):
    assert budget.bytes_of(size) == count


@pytest.mark.parametrize("size", ["", "much", "-1G", "0", "1X", "0.1"])
def test_what_is_no_size_is_refused(size):
    with pytest.raises(UsageError, match="is no size"):
        budget.bytes_of(size)


def test_a_container_with_little_memory_halves_its_own(monkeypatch):
    monkeypatch.setattr(budget, "container_limits", lambda: iter(()))
    machine = budget.default_size()
    monkeypatch.setattr(budget, "container_limits", lambda: iter((6 << 30, 8 << 30)))
    assert budget.default_size() == min(machine, 3 << 30)
    monkeypatch.setattr(budget, "container_limits", lambda: iter((1 << 30,)))
    assert budget.default_size() == 2 << 30


def test_what_needs_more_than_the_budget_names_file_column_and_size(tmp_path, monkeypatch):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"label": [1, 2], "long": ["x" * 999, "y"]}), path)
    table = open_table([str(path)], ReadOptions(memory=5 << 20))
    monkeypatch.setattr(budget, "held", lambda: 1 << 40)
    with pytest.raises(UnreadableError) as caught:
        list(table.batches(dict.fromkeys(table.names, ReadAs.NATIVE)))
    assert str(caught.value.place) == f"{path}: column long"
    assert caught.value.message.endswith("5.0 MiB are allowed")
    assert "--memory" in caught.value.help


def test_long_texts_that_repeat_are_read_once_each(tmp_path):
    path = tmp_path / "a.parquet"
    texts = pa.array(["a" * 100_000, "b" * 100_000])
    rows = pa.DictionaryArray.from_arrays(pa.array([0, 1, None] * 2_000, pa.int32()), texts)
    pq.write_table(pa.table({"label": rows}), path, store_schema=False)
    before = pa.total_allocated_bytes()
    table = open_table([str(path)])
    batches = list(table.batches({"label": ReadAs.NATIVE}))
    assert pa.total_allocated_bytes() - before < 20 << 20
    assert [one for batch in batches for one in batch.column(0).to_pylist()][:3] == ["a" * 100_000, "b" * 100_000, None]
    assert xentcli.inspect(str(path), memory="1G").detection.task.classes == ("a" * 100_000, "b" * 100_000)


def test_short_texts_that_repeat_stay_texts_of_the_type_of_the_file(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"label": pa.array(["cat", "dog"] * 50, pa.large_string())}), path)
    batch = next(open_table([str(path)]).batches({"label": ReadAs.NATIVE}))
    assert batch.column(0).type == pa.large_string()


def test_a_label_longer_than_a_mebibyte_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("label,p\n" + "cat,0.1\n" * 20 + "d" * (LONGEST_CELL + 1) + ",0.2\n")
    with pytest.raises(ColumnError, match=r"column label holds a cell of 1,048,577 characters"):
        xentcli.inspect(str(path))


def test_an_id_longer_than_a_mebibyte_is_refused_with_its_column(tmp_path):
    for name, column in (("p.csv", "id,p\n"), ("l.csv", "id,label\n")):
        cells = f"a,1\nb,0\n{'c' * (LONGEST_CELL + 1)},1\n"
        (tmp_path / name).write_text(column + cells)
    with pytest.raises(ColumnError, match=r"column id holds a cell of 1,048,577 characters"):
        xentcli.score(str(tmp_path / "p.csv"), labels=str(tmp_path / "l.csv"), id="id")


def test_a_slice_longer_than_a_mebibyte_is_refused_with_its_column(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"label,p,site\n1,0.9,a\n0,0.1,{'b' * (LONGEST_CELL + 1)}\n")
    with pytest.raises(ColumnError, match=r"column site holds a cell of 1,048,577 characters"):
        xentcli.score(str(path), by=["site"])


def test_a_cell_of_a_mebibyte_is_a_slice(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"label,p,site\n1,0.9,a\n0,0.1,{'b' * LONGEST_CELL}\n")
    assert xentcli.score(str(path), by=["site"]).score.rows.scored == 2


def test_an_array_of_millions_of_values_a_row_is_refused(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros((2, (1 << 20) + 1), np.int8))
    with pytest.raises(ColumnError, match=r"holds 1,048,577 values a row"):
        open_table([str(tmp_path / "a.npy")])


@pytest.mark.parametrize("suffix", ["jsonl", "json"])
def test_objects_with_keys_of_their_own_are_refused(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    rows = [{"label": "a", f"k{at}": at} for at in range(10_000)]
    path.write_text("\n".join(map(json.dumps, rows)) if suffix == "jsonl" else json.dumps(rows))
    with pytest.raises(ColumnError, match=r"different keys in [0-9,]+ objects"):
        open_table([str(path)])


def test_objects_of_a_few_kinds_are_read(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps({"label": "a", f"k{at % 50}": at}) for at in range(1_000)))
    table = open_table([str(path)])
    assert (len(table.names), table.rows) == (51, 1_000)


@pytest.mark.parametrize("text", [".".join("a" * 300) + " = 1\n", "[" + ".".join("a" * 300) + "]\nb = 1\n"])
def test_keys_that_are_nested_too_deep_are_refused_before_they_are_parsed(tmp_path, text):
    path = tmp_path / "xent.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match="nested too deep"):
        load(str(path))


def test_a_configuration_file_sets_the_budget(tmp_path):
    path = tmp_path / "xent.toml"
    path.write_text('memory = "3G"\n')
    assert load(str(path))["memory"] == "3G"
    path.write_text("memory = 1000000\n")
    assert load(str(path))["memory"] == "1000000"
