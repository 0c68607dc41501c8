"""`xent compare` as a pipeline sees it: its status, its streams, its files, its document."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT, validated
from two_models import decisions, predictions, row_losses, saved, taken, without, worse

TOOL = [sys.executable, "-m", "xentcli", "compare"]
A = predictions(1, rows=300)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder of its own: a.csv, better.csv and worse.csv, and the root of a repository."""
    (tmp_path / ".git").mkdir()
    saved(A, tmp_path / "a.csv")
    saved(worse(A, 0.4), tmp_path / "worse.csv")
    saved(predictions(1, rows=300, skill=3.0), tmp_path / "better.csv")
    saved(worse(A, 0.001) | {"p_cat": A["p_cat"]}, tmp_path / "like.csv")
    saved(predictions(2, rows=300), tmp_path / "other.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def environment():
    return {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}


@pytest.mark.parametrize(
    ("arguments", "status", "verdict"),
    [
        (["a.csv", "a.csv"], 0, "inconclusive"),
        (["a.csv", "a.csv", "--fail-if-worse"], 0, "inconclusive"),
        (["a.csv", "other.csv", "--fail-if-worse"], 0, "inconclusive"),
        (["a.csv", "better.csv", "--fail-if-worse"], 0, "b-better"),
        (["a.csv", "worse.csv"], 0, "a-better"),
        (["a.csv", "worse.csv", "--fail-if-worse"], 1, "a-better"),
        (["a.csv", "worse.csv", "--fail-if-worse", "--exit-zero"], 0, "a-better"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_the_status_is_1_only_where_b_is_worse_and_that_is_to_fail(xent, arguments, status, verdict):
    ran = xent("compare", *arguments, "-f", "json")
    assert (ran.status, ran.document()["verdict"], ran.err) == (status, verdict, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["a.csv"],
        [],
        ["a.csv", "nofile.csv"],
        ["nofile.csv", "a.csv"],
        ["a.csv", "other.csv", "--worst", "many"],
        ["a.csv", "other.csv", "--by", "country"],
        ["a.csv", "other.csv", "-f", "junit"],
        ["a.csv", "other.csv", "-o", "x.xml"],
        ["a.csv", "other.csv", "better.csv"],
        ["-", "-"],
        ["a.csv", "other.csv", "--labels", "-"],
        ["a.csv", "other.csv", "--config", "x.toml"],
        ["a.csv", "other.csv", "--fail-if-wrose"],
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_cannot_run_is_status_2(xent, arguments):
    ran = xent("compare", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("error: ")
    assert "is empty" not in ran.err


def test_the_document_is_the_one_that_is_promised(xent, folder):
    del folder
    document = xent("compare", "a.csv", "other.csv", "--worst", "2", "-f", "json").document()
    assert document["schema"] == "xent.compare/1"
    assert (document["a"]["schema"], document["a"]["source"]["path"]) == ("xent.score/1", "a.csv")
    assert document["b"]["source"]["path"] == "other.csv"
    assert document["rows"] == {"paired": 300, "only_a": 0, "only_b": 0, "not_scored": 0}
    assert document["paired_by"] == "id"
    gaps = row_losses(predictions(2, rows=300)) - row_losses(A)
    assert document["difference"]["loss"]["value"] == pytest.approx(gaps.mean())
    assert sum(document["table"].values()) == 300
    assert [abs(one["difference"]) for one in document["worst"]] == pytest.approx(sorted(abs(gaps))[:-3:-1])


@pytest.mark.parametrize("form", ["full", "concise", "markdown"])
def test_every_form_says_which_is_better(xent, folder, form):
    del folder
    ran = xent("compare", "a.csv", "worse.csv", "-f", form)
    assert ran.status == 0
    assert ("a-better" if form == "concise" else "A is better") in ran.out.replace("\\", "")


def test_rows_are_paired_by_id_in_any_order_and_by_row_without(xent, folder):
    saved(taken(predictions(2, rows=300), np.random.default_rng(1).permutation(300)), folder / "mixed.csv")
    one = xent("compare", "a.csv", "other.csv", "-f", "json").document()
    two = xent("compare", "a.csv", "mixed.csv", "-f", "json").document()
    assert two["difference"] == one["difference"]
    assert two["per_class"] == one["per_class"]
    for name, columns in (("x.csv", A), ("y.csv", predictions(2, rows=300))):
        saved(without(columns, "id"), folder / name)
    bare = xent("compare", "x.csv", "y.csv", "-f", "json").document()
    assert (bare["paired_by"], bare["pairing"]) == ("row", "paired by row")
    assert bare["difference"] == one["difference"]


def test_rows_in_another_order_are_not_paired_by_row(xent, folder):
    saved(without(A, "id"), folder / "x.csv")
    saved(without(taken(A, slice(None, None, -1)), "id"), folder / "y.csv")
    ran = xent("compare", "x.csv", "y.csv")
    assert ran.status == 2
    assert "y.csv, line " in ran.err
    assert "has another true label than x.csv in " in ran.err
    assert "are the rows in another order? --id COLUMN pairs them by a column" in ran.err


def test_the_id_column_may_have_any_name(xent, folder):
    renamed = {("who" if name == "id" else name): values for name, values in A.items()}
    saved(renamed, folder / "x.csv")
    saved(taken(renamed, slice(None, None, -1)), folder / "y.csv")
    document = xent("compare", "x.csv", "y.csv", "--id", "who", "-f", "json").document()
    assert (document["pairing"], document["wins"]["equal"]) == ("paired by the column who", 300)


def test_an_id_that_stands_twice_is_told_with_its_line(xent, folder):
    saved(A | {"id": [*range(299), 7]}, folder / "twice.csv")
    ran = xent("compare", "a.csv", "twice.csv")
    assert ran.status == 2
    assert ran.err.startswith("error: twice.csv, line 301 (row 300): column id holds the id 7 a second time\n")


def test_slices_are_those_of_b(xent, folder):
    saved(predictions(2, rows=300) | {"country": ["DE", "FR", "US"] * 100}, folder / "c.csv")
    document = xent("compare", "a.csv", "c.csv", "--by", "country", "-f", "json").document()
    assert [(one["by"], one["value"], one["rows"]) for one in document["slices"]] == [
        ("country", name, 100) for name in ("DE", "FR", "US")
    ]


def test_decisions_are_compared(xent, folder):
    saved(decisions(A), folder / "x.csv")
    saved(decisions(predictions(1, rows=300, skill=3.0)), folder / "y.csv")
    document = xent("compare", "x.csv", "y.csv", "-f", "json").document()
    assert (document["verdict"], document["wins"]) == ("b-better", None)
    assert xent("compare", "y.csv", "x.csv", "--fail-if-worse").status == 1


def test_reports_are_written_beside_stdout(xent, folder):
    ran = xent("compare", "a.csv", "worse.csv", "-o", "r.json", "-o", "r.md", "-o", "concise=c", "-f", "concise")
    assert ran.status == 0
    assert validated((folder / "r.json").read_text())["verdict"] == "a-better"
    assert (folder / "c").read_text() == ran.out
    assert "A is better" in (folder / "r.md").read_text()


@pytest.mark.parametrize("over", ["a.csv", "other.csv"])
def test_no_report_is_written_over_an_input(xent, folder, over):
    before = (folder / over).read_text()
    ran = xent("compare", "a.csv", "other.csv", "-o", f"full={over}", "-o", "r.json")
    assert (ran.status, (folder / over).read_text()) == (2, before)
    assert validated(Path("r.json").read_text())["error"]["kind"] == "OverwriteError"


def test_an_error_is_written_to_every_report(xent, folder):
    (folder / "r.json").write_text("green")
    assert xent("compare", "a.csv", "nofile.csv", "-o", "r.json").status == 2
    assert validated((folder / "r.json").read_text())["error"]["path"] == "nofile.csv"


def test_the_shared_options_of_the_file_hold(xent, folder):
    renamed = {("truth" if name == "label" else name): values for name, values in A.items()}
    saved(renamed | {"label": ["cat"] * 300}, folder / "x.csv")
    (folder / "xent.toml").write_text('label = "truth"\nconfidence-level = 0.9\n')
    document = xent("compare", "x.csv", "x.csv", "-f", "json", isolated=False).document()
    assert (document["confidence_level"], document["a"]["confidence_level"]) == (0.9, 0.9)
    assert document["difference"]["loss"]["a"] == pytest.approx(row_losses(A).mean())


@pytest.mark.parametrize(("b", "status"), [("better.csv", 0), ("worse.csv", 1)])
@pytest.mark.parametrize("how", ['"$@" | head -c 1 >/dev/null; exit ${PIPESTATUS[0]}', 'exec "$@" >&-'])
def test_a_reader_that_goes_away_does_not_change_the_verdict(folder, b, status, how):
    command = ["bash", "-c", how, "bash", *TOOL, "a.csv", b, "--fail-if-worse"]
    ran = subprocess.run(command, cwd=folder, env=environment(), check=False, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (status, "")


@pytest.mark.parametrize("side", ["a", "b"])
def test_one_side_may_come_from_stdin(folder, side):
    named = ["-", "other.csv"] if side == "a" else ["a.csv", "-"]
    text = (folder / ("a.csv" if side == "a" else "other.csv")).read_bytes()
    command = [*TOOL, *named, "-f", "concise", "--input-format", "csv"]
    ran = subprocess.run(command, input=text, cwd=folder, env=environment(), check=False, capture_output=True)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert b"inconclusive" in ran.stdout
