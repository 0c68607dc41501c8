"""Scores that stand as text in a format with types: refused with their column, row and remedy."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import xentcli
from xentcli.errors import ColumnError


def refused(tmp_path, rows, suffix=".jsonl"):
    path = tmp_path / f"a{suffix}"
    if suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(ColumnError) as caught:
        xentcli.score(path)
    return caught.value


def test_numbers_in_quotes_are_named_with_column_row_and_remedy(tmp_path):
    rows = [
        {"label": "ant", "p_ant": None, "p_bee": "0.2"},
        {"label": "bee", "p_ant": "0.3", "p_bee": "0.7"},
    ]
    error = refused(tmp_path, rows)
    assert (error.place.column, error.place.row) == ("p_ant", 2)
    assert "holds numbers as text: '0.3'" in str(error)
    assert error.help == "write every score without quotes, as 0.8"


def test_the_first_cell_that_is_no_number_among_numbers_is_named(tmp_path):
    rows = [{"label": "ant", "p_ant": 0.8, "p_bee": 0.2}, {"label": "bee", "p_ant": "n/a", "p_bee": 0.7}]
    error = refused(tmp_path, rows)
    assert (error.place.column, error.place.row) == ("p_ant", 2)
    assert "holds no number: 'n/a'" in str(error)


def test_one_score_column_of_text_is_named_likewise(tmp_path):
    error = refused(tmp_path, [{"label": "0", "score": "0.8"}, {"label": "1", "score": "0.3"}])
    assert (error.place.column, error.place.row) == ("score", 1)


def test_numbers_as_text_in_parquet_are_named_with_the_remedy_of_a_typed_file(tmp_path):
    rows = [{"label": "ant", "p_ant": "0.8", "p_bee": "0.2"}, {"label": "bee", "p_ant": "0.3", "p_bee": "0.7"}]
    error = refused(tmp_path, rows, ".parquet")
    assert error.place.row == 1
    assert error.help == "write every score as a column of floats, as 0.8"
