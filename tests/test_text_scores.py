"""Scores that a format with types holds as text: refused, and numbers under --skip-bad-rows."""

import json
import math

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import xentcli
from xentcli import errors

LOSS = -math.log(0.8)


@pytest.fixture(params=["jsonl", "json", "parquet"])
def write(tmp_path, request):
    def run(cells):
        rows = [{"label": "ab"[at % 2], "p_a": cell, "p_b": [0.2, 0.8][at % 2]} for at, cell in enumerate(cells)]
        path = tmp_path / f"t.{request.param}"
        if request.param == "parquet":
            for row in rows:
                row["p_a"] = None if row["p_a"] is None else str(row["p_a"])
            pq.write_table(pa.Table.from_pylist(rows), path)
        elif request.param == "jsonl":
            path.write_text("\n".join(map(json.dumps, rows)))
        else:
            path.write_text(json.dumps(rows))
        return str(path)

    return run


def cells_with(cell, at=5):
    cells = [[0.8, 0.2][row % 2] for row in range(20)]
    cells[at] = cell
    return cells


def test_a_cell_without_a_number_is_an_error_that_names_the_option(write):
    with pytest.raises(errors.TextScoresError, match="row 6: column p_a holds no number: 'n/a'") as caught:
        xentcli.score(write(cells_with("n/a")))
    assert "--skip-bad-rows" in caught.value.help


@pytest.mark.parametrize("at", [0, 5, 19])
def test_it_is_a_bad_row_where_bad_rows_are_skipped(write, at):
    report = xentcli.score(write(cells_with("n/a", at)), skip_bad_rows=True)
    assert (report.score.rows.read, report.score.rows.scored, report.score.rows.bad) == (20, 19, 1)
    assert report.score.loss.value == pytest.approx(LOSS)
    said = next(one for one in report.findings if one.code == "XE208")
    assert (said.count, said.rows) == (1, (at + 1,))
    assert "p_a holds text: numbers are read from it, and cells that hold none are bad" in report.source.notes


def test_a_column_of_other_texts_is_never_read_as_numbers(tmp_path):
    rows = [{"label": "ab"[at % 2], "prob": "high" if at % 3 else "0.8"} for at in range(20)]
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, rows)))
    with pytest.raises(errors.XentError):
        xentcli.score(str(tmp_path / "t.jsonl"), skip_bad_rows=True)
