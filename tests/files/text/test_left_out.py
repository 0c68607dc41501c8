"""Rows of another number of cells: an error, or bad rows that are counted and whose lines are said."""

import json

import pytest
from text_files import cells, opened

import xentcli
from xentcli import errors

ROWS = "".join(f"{at},{'ab'[at % 2]},0.{at % 7 + 1},{1 - (at % 7 + 1) / 10:.1f}\n" for at in range(40))
RAGGED = f"id,label,p_a,p_b\n{ROWS}90,a,0.5\n{ROWS.replace(',a', ',b')}91,a,0.5,0.5,1\n".replace("\n1,", "\n41,", 1)
NOTE = "2 rows with another number of cells are left out as bad (first lines: 42, 83)"


@pytest.fixture
def path(tmp_path):
    def write(text=RAGGED, name="t.csv"):
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return write


@pytest.mark.parametrize("text", [RAGGED, RAGGED.replace("\n0,a", '\n5" 0,a'), RAGGED.replace("\n0,a", "\n# b\n0,a")])
def test_the_reader_leaves_them_out_wherever_it_reads(tmp_path, text):
    table = opened(tmp_path / "t.csv", text, part_bytes=200, block_bytes=100, skip_bad_rows=True)
    found = cells(table, ["p_a"])
    assert (len(found["id"]), table.left_out.count) == (80, 2)
    assert len(table.left_out.lines) == 2
    assert table.lines((40, 41))[41] == table.lines((40,))[40] + 2


def test_score_counts_them_among_the_bad_rows(path):
    report = xentcli.score(path(), skip_bad_rows=True)
    rows = report.to_dict()["rows"]
    assert (rows["read"], rows["scored"], rows["bad"], rows["missing_label"]) == (82, 80, 2, 0)
    assert NOTE in report.source.notes
    said = next(one for one in report.findings if one.code == "XE208")
    assert (said.count, "2 another number of cells than the other rows" in said.message) == (2, True)


def test_inspect_counts_them_too(xent, path):
    ran = xent("inspect", path(), "--label", "label", "--skip-bad-rows", "-f", "json")
    shown = json.loads(ran.out)
    assert (ran.status, shown["source"]["rows"]) == (0, 80)
    assert NOTE in shown["source"]["notes"]


def test_without_the_option_they_are_an_error_that_names_it(path, refused):
    error = refused(xentcli.inspect, path())
    assert isinstance(error, errors.RaggedRowError)
    assert "--skip-bad-rows" in error.help


def test_a_file_of_which_half_the_rows_are_ragged_is_read_wrongly(path, refused):
    text = "id,label,p\n" + "1,a\n2,b,.5\n" * 10
    assert isinstance(refused(xentcli.inspect, path(text), skip_bad_rows=True), errors.RaggedRowError)


def test_rows_left_out_are_never_joined_by_order(path, refused):
    labels = path("truth\n" + "a\n" * 80, "labels.csv")
    text = RAGGED.replace("label,", "x,")
    error = refused(xentcli.score, path(text), labels=labels, skip_bad_rows=True)
    assert (
        "2 rows with another number of cells are left out: the others cannot be joined by their order" in error.message
    )
    assert error.place.line == 42
    text = RAGGED.replace("id,", "group,")
    other = path(text.replace("\n90,a,0.5\n", "\n90,a,0.5,0.5\n"), "other.csv")
    error = refused(xentcli.compare, path(text), other, skip_bad_rows=True)
    assert "cannot be joined by their order" in error.message


def test_inspect_counts_the_rows_that_it_leaves_out(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,label\n1,a\n2,b\n3,a,x\n4,b\n5,a\n6,b\n")
    rows = xentcli.inspect(path, skip_bad_rows=True).rows
    assert (rows.read, rows.written, rows.missing_label, rows.bad) == (6, 5, 0, 1)
