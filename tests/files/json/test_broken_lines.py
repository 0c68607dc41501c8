"""Broken lines of JSON: an error, or bad rows that are counted and whose lines are said."""

import json

import pytest

import xentcli
from xentcli import errors
from xentcli.files.blob import blob_of
from xentcli.files.format import Format, ReadOptions
from xentcli.files.json.table import open_json
from xentcli.files.table import ReadAs

GOOD = [json.dumps({"id": at, "label": "ab"[at % 2], "p_a": 0.25, "p_b": 0.75}) for at in range(40)]
BROKEN = [
    '{"id": 90, "label": }',
    "null",
    '{"id": 91',
    "\udce9",
    '{"a": 1} {"a": 2}',
    '{"a": ' + "[" * 80 + "]" * 80 + "}",
]
NOTE = "2 lines without a JSON object are left out as bad (first lines: 4, 42)"


@pytest.fixture
def path(tmp_path):
    def write(lines, name="t.jsonl"):
        (tmp_path / name).write_bytes("\n".join(lines).encode(errors="surrogateescape"))
        return str(tmp_path / name)

    return write


def two_broken():
    return [*GOOD[:3], BROKEN[0], *GOOD[3:], '{"label": "a", "p_a": 0.']


@pytest.mark.parametrize("broken", BROKEN, ids=["no value", "null", "cut", "bytes", "two", "deep"])
@pytest.mark.parametrize("sizes", [(60, 100), (1 << 20, 1 << 20)])
def test_the_reader_leaves_them_out_wherever_it_reads(path, broken, sizes):
    lines = [*GOOD[:3], broken, "", *GOOD[3:]]
    table = open_json(
        blob_of(path(lines)), Format.JSONL, ReadOptions(skip_bad_rows=True), block_bytes=sizes[0], part_bytes=sizes[1]
    )
    ids = [one for batch in table.batches({"id": ReadAs.NATIVE}) for one in batch.column(0).to_pylist()]
    assert (ids, table.rows) == (list(range(40)), 40)
    assert (table.left_out.count, table.left_out.lines) == (1, (4,))
    assert table.lines((3, 4, 40)) == {3: 3, 4: 6, 40: 42}


def test_score_counts_them_among_the_bad_rows(path):
    report = xentcli.score(path(two_broken()), skip_bad_rows=True)
    rows = report.to_dict()["rows"]
    assert (rows["read"], rows["scored"], rows["bad"]) == (42, 40, 2)
    assert NOTE in report.source.notes
    said = next(one for one in report.findings if one.code == "XE208")
    assert (said.count, "2 no JSON object in the line" in said.message) == (2, True)
    assert report.score.loss.value == xentcli.score(path(GOOD, "good.jsonl")).score.loss.value


def test_rows_behind_them_are_named_by_their_lines(path):
    lines = two_broken()
    lines[10] = lines[10].replace("0.25", "7")
    said = xentcli.score(path(lines), skip_bad_rows=True)
    finding = next(one for one in said.findings if one.code == "XE208")
    assert (finding.count, finding.rows, finding.lines) == (3, (10,), (11,))


def test_inspect_counts_them_too(xent, path):
    ran = xent("inspect", path(two_broken()), "--label", "label", "--skip-bad-rows", "-f", "json")
    shown = ran.document()
    assert (ran.status, shown["rows"]["read"], shown["rows"]["bad"]) == (0, 42, 2)
    assert NOTE in shown["source"]["notes"]


def test_check_counts_them_too(xent, path):
    ran = xent("check", path(two_broken()), "--skip-bad-rows", "--max", "loss=9", "--ignore", "XE208", "-f", "json")
    assert ran.document()["models"][0]["score"]["rows"]["bad"] == 2


def test_objects_inside_keep_the_count(path):
    lines = [json.dumps({"label": "ab"[at % 2], "p": {"a": 0.25, "b": 0.75}}) for at in range(20)]
    report = xentcli.score(path([*lines, "null"]), skip_bad_rows=True)
    assert report.to_dict()["rows"]["bad"] == 1


def test_without_the_option_the_first_is_an_error_with_its_line(path):
    with pytest.raises(errors.UnreadableError, match="line 4: is no JSON: Expecting value"):
        xentcli.score(path(two_broken()))


def test_a_last_line_that_is_cut_is_called_so(path):
    with pytest.raises(errors.UnreadableError, match=r"line 41: .* truncated") as caught:
        xentcli.score(path([*GOOD, '{"label": "a", "p_a": 0.']))
    assert "--skip-bad-rows" in caught.value.help


def test_a_file_of_which_half_the_lines_are_broken_is_read_wrongly(path):
    with pytest.raises(errors.UnreadableError, match="line 1: holds only the start"):
        xentcli.score(path(["{", '"a": 1', "}"] * 3 + GOOD[:9]), skip_bad_rows=True)


def test_rows_beside_broken_lines_are_never_joined_by_order(path):
    labels = path([json.dumps({"truth": "a"})] * 40, "labels.jsonl")
    lines = [one.replace('"label"', '"group"') for one in two_broken()]
    with pytest.raises(errors.BadRowsError, match="2 rows without a JSON object are left out"):
        xentcli.score(path(lines), labels=labels, skip_bad_rows=True)
