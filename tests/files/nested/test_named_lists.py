"""Lists of scores beside lists of the classes they are of, as Transformers' zero-shot pipeline writes them."""

import json
import math

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import xentcli

ROWS = [
    {"sequence": "a", "labels": ["cat", "dog", "eel"], "scores": [0.7, 0.2, 0.1], "label": "cat"},
    {"sequence": "b", "labels": ["dog", "eel", "cat"], "scores": [0.5, 0.3, 0.2], "label": "eel"},
    {"sequence": "c", "labels": ["eel", "cat", "dog"], "scores": [0.6, 0.3, 0.1], "label": "dog"},
    {"sequence": "d", "labels": ["dog", "cat", "eel"], "scores": [0.8, 0.1, 0.1], "label": "dog"},
]
LOSS = -sum(map(math.log, (0.7, 0.3, 0.1, 0.8))) / 4


@pytest.fixture(params=["jsonl", "json", "parquet"])
def write(tmp_path, request):
    def run(rows):
        path = tmp_path / f"t.{request.param}"
        if request.param == "parquet":
            pq.write_table(pa.Table.from_pylist(rows), path)
        else:
            lines = "\n".join(json.dumps(one) for one in rows)
            path.write_text(lines if request.param == "jsonl" else json.dumps(rows))
        return str(path)

    return run


def test_scores_sorted_by_size_are_read_by_the_names_beside_them(write):
    report = xentcli.score(write(ROWS))
    assert report.score.loss.value == pytest.approx(LOSS)
    assert (report.score.accuracy.correct, report.score.rows.scored) == (2, 4)
    assert "labels names the numbers of scores: a column per class" in report.source.notes


def test_the_order_of_the_rows_does_not_decide(write):
    assert xentcli.score(write(ROWS[::-1])).score.loss.value == pytest.approx(LOSS)


def test_lists_that_name_some_classes_only_are_refused(write):
    rows = [{**one, "labels": one["labels"][:2], "scores": one["scores"][:2]} for one in ROWS]
    with pytest.raises(xentcli.errors.XentError):
        xentcli.score(write(rows))
