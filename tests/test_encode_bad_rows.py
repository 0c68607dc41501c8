"""`xent encode --skip-bad-rows`: rows that cannot be used are left out and counted."""

import json

import pyarrow.parquet as pq
import pytest

import xentcli
from xentcli import errors

GOOD = [f"{at},{'ab'[at % 2]}" for at in range(20)]


def written(tmp_path, lines, name="t.csv"):
    (tmp_path / name).write_text("\n".join(lines) + "\n")
    return str(tmp_path / name)


def test_ragged_rows_are_left_out_and_counted(xent, tmp_path):
    path = written(tmp_path, ["id,label", *GOOD[:7], "90,a,1", *GOOD[7:]])
    goal = tmp_path / "y.parquet"
    ran = xent("encode", path, "--to", "class-indices", "--id", "id", "-o", str(goal), "--skip-bad-rows", "-f", "json")
    assert ran.status == 0
    assert ran.document()["rows"] == {"read": 21, "written": 20, "missing_label": 0, "bad": 1}
    assert pq.read_table(goal)["label"].to_pylist() == [at % 2 for at in range(20)]


def test_without_the_option_they_are_refused(tmp_path):
    path = written(tmp_path, ["id,label", *GOOD, "90,a,1"])
    with pytest.raises(errors.RaggedRowError, match="3 cells where the other rows have 2") as caught:
        xentcli.encode(path, to="class-indices", label="label")
    assert "--skip-bad-rows" in caught.value.help


def test_broken_lines_of_json_are_left_out_and_counted(tmp_path):
    lines = [json.dumps({"label": "ab"[at % 2]}) for at in range(20)]
    report = xentcli.encode(written(tmp_path, [*lines, "null"], "t.jsonl"), to="one-hot", skip_bad_rows=True)
    assert (report.rows.read, report.rows.written, report.rows.bad) == (21, 20, 1)


def test_labels_that_are_none_of_the_declared_classes_are_left_out_and_said(tmp_path):
    coded = tmp_path / "y.csv"
    xentcli.encode(written(tmp_path, ["id,label", *GOOD]), to="class-indices", id="id", output=coded)
    lines = coded.read_text().splitlines()
    coded.write_text("\n".join([*lines[:4], "90,7", *lines[4:]]) + "\n")
    with pytest.raises(errors.BadRowsError):
        xentcli.encode(coded, to="class-names", id="id")
    report = xentcli.encode(coded, to="class-names", id="id", skip_bad_rows=True)
    assert (report.rows.read, report.rows.written, report.rows.bad) == (21, 20, 1)
    assert report.output.shape == (20,)
    assert report.table["label"].to_pylist() == ["ab"[at % 2] for at in range(20)]
    assert report.table["id"].to_pylist() == [str(at) for at in range(20)]
    assert any("1 row left out as bad" in one and "first rows: 4" in one for one in report.because)
