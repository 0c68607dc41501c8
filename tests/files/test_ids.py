"""Ids that are named stand for one row each, whatever their type and order."""

import pandas as pd
import pytest

import xentcli
from xentcli.errors import BadRowsError
from xentcli.files.ids import refuse_duplicates

SCORES = {"label": ["a", "b", "a", "b"], "p_a": [0.9, 0.2, 0.7, 0.4], "p_b": [0.1, 0.8, 0.3, 0.6]}


@pytest.mark.parametrize(
    "ids",
    [
        [1, 2, 3, 4],
        [4, 2, 3, 1],
        ["a", "b", "c", "d"],
        ["d", "b", "c", "a"],
        [None, 1.0, None, 2.0],
        ["1", "01", "2", ""],
    ],
)
@pytest.mark.parametrize("rows", [1, 3, 10])
def test_different_ids_pass(table, ids, rows):
    refuse_duplicates(table({"id": pd.Series(ids).tolist()} | SCORES, parts=2, rows=rows), "id")


@pytest.mark.parametrize("ids", [[1, 2, 2, 3], [2, 1, 3, 2], ["x", "y", "x", "z"], ["1", "1.0", "2", "3"]])
@pytest.mark.parametrize("rows", [1, 3, 10])
def test_an_id_that_stands_twice_is_refused_with_its_row(table, refused, ids, rows):
    error = refused(refuse_duplicates, table({"id": ids} | SCORES, parts=2, rows=rows), "id")
    assert isinstance(error, BadRowsError)
    assert "a second time" in error.message
    assert error.place.row == (2 if ids[1] == "1.0" else 3 if ids[2] in {2, "x"} else 4)


def test_scoring_refuses_rows_that_count_twice_where_an_id_is_named(refused):
    frame = pd.DataFrame(SCORES | {"id": [1, 2, 2, 3]})
    assert "holds the id 2 a second time" in refused(xentcli.score, frame, id="id").message
    assert xentcli.score(frame).score.rows.scored == 4
