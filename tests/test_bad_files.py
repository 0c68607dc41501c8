"""Whole inputs that cannot be scored: status 2, one message on stderr, nothing on stdout, never a traceback."""

import gzip
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import xentcli

HALVES = np.full((4, 2), 0.5)
ZERO_ONE = np.array([0, 1, 0, 1])


def npy(path, array):
    np.save(path, array)
    return path


def text(path, content):
    path.write_text(content)
    return path


def parquet(path, **columns):
    pq.write_table(pa.table(columns), path)
    return path


def empty_columns():
    return {"label": pa.array([], pa.int64()), "p_0": pa.array([], pa.float64()), "p_1": pa.array([], pa.float64())}


def no_rows(folder):
    """Return every way to hold no rows, with what is said of it."""
    table = pa.table(empty_columns())
    with pa.ipc.new_file(str(folder / "a.arrow"), table.schema) as writer:
        writer.write_table(table)
    np.savez(folder / "z.npz", y_true=np.zeros(0, int), y_pred=np.zeros((0, 2)))
    return {
        "csv": ([text(folder / "a.csv", "label,p_0,p_1\n")], "holds a header and no rows"),
        "csv without an end of line": ([text(folder / "b.csv", "label,p_0,p_1")], "holds a header and no rows"),
        "blank lines": ([text(folder / "c.csv", "label,p_0,p_1\n\n\n")], "holds a header and no rows"),
        "parquet": ([parquet(folder / "a.parquet", **empty_columns())], "holds no rows"),
        "arrow": ([folder / "a.arrow"], "holds no rows"),
        "npz": ([folder / "z.npz"], "holds no rows"),
        "scores": ([npy(folder / "p.npy", np.zeros((0, 3))), "--labels", npy(folder / "y.npy", np.zeros(0, int))],
                   "p.npy: holds no rows"),
        "labels": ([npy(folder / "q.npy", HALVES), "--labels", npy(folder / "z.npy", np.zeros(0, int))],
                   "z.npy: holds no rows"),
        "json lines": ([text(folder / "a.jsonl", "")], "is empty: 0 bytes"),
        "blank json lines": ([text(folder / "b.jsonl", "\n\n")], "the file is empty"),
        "json": ([text(folder / "a.json", "[]")], "holds no objects"),
        "labels of ids": ([text(folder / "i.csv", "id,p_a,p_b\n1,.5,.5\n"),
                           "--labels", text(folder / "j.csv", "id,label\n")], "holds a header and no rows"),
        "a folder": ([folder / "none"], "no data files"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "form",
    ["csv", "csv without an end of line", "blank lines", "parquet", "arrow", "npz", "scores", "labels", "json lines",
     "blank json lines", "json", "labels of ids", "a folder"],
)  # fmt: skip
@pytest.mark.parametrize("more", [[], ["--skip-bad-rows"]])
def test_no_rows_are_no_score(tmp_path, xent, form, more):
    (tmp_path / "none").mkdir()
    arguments, words = no_rows(tmp_path)[form]
    ran = xent("score", *arguments, *more)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("error: ")
    assert words in ran.err


def missing_labels(folder):
    nothing = pa.array([None, None], pa.int64())
    halves = {"p_0": [0.5, 0.5], "p_1": [0.5, 0.5]}
    return {
        "csv": text(folder / "a.csv", "label,p_a,p_b\n,.5,.5\n,.5,.5\n"),
        "integers": parquet(folder / "a.parquet", label=nothing, **halves),
        "nulls": parquet(folder / "b.parquet", label=pa.nulls(2), **halves),
        "text": parquet(folder / "c.parquet", label=pa.array([None, None], pa.string()), **halves),
        "multi-label": parquet(folder / "d.parquet", y_0=nothing, y_1=nothing, **halves),
        "lists": parquet(folder / "e.parquet", labels=pa.array([None, None], pa.list_(pa.int64())), **halves),
        "NaN": parquet(folder / "f.parquet", label=np.array([np.nan, np.nan]), **halves),
    }


@pytest.mark.parametrize("form", ["csv", "integers", "nulls", "text", "multi-label", "lists", "NaN"])
def test_labels_that_are_all_missing_are_no_score(tmp_path, xent, form):
    ran = xent("score", missing_labels(tmp_path)[form], "--skip-bad-rows")
    assert (ran.status, ran.out) == (2, "")
    assert "every cell is empty" in ran.err or "every label is missing" in ran.err


def test_rows_that_are_all_bad_are_no_score_even_if_skipped(tmp_path, xent):
    path = text(tmp_path / "a.csv", "label,p_a,p_b\na,nan,.5\nb,.5,inf\n,.5,.5\n")
    ran = xent("score", path, "--skip-bad-rows")
    assert ran.status == 2
    assert "no row can be scored" in ran.err
    assert "3 rows read, 1 without a label, 2 bad" in ran.err
    assert "2 of 3 rows (67 %) are bad; first rows: 1, 2" in xent("score", path).err


@pytest.mark.parametrize("more", [[], ["--skip-bad-rows"]])
@pytest.mark.parametrize(("labels", "counts"), [(3, ("4 rows", "3")), (5, ("4 rows", "5"))])
def test_unequal_lengths_are_told_with_both(tmp_path, xent, labels, counts, more):
    scores = npy(tmp_path / "p.npy", HALVES)
    ran = xent("score", scores, "--labels", npy(tmp_path / "y.npy", np.arange(labels) % 2), *more)
    assert (ran.status, ran.out) == (2, "")
    assert f"p.npy: has {counts[0]}, but " in ran.err
    assert f"y.npy has {counts[1]}" in ran.err
    rows = text(tmp_path / "p.csv", "p_a,p_b\n" + ".5,.5\n" * 4)
    told = xent("score", rows, "--labels", text(tmp_path / "y.csv", "label\n" + "a\nb\nb\na\nb\n"[: 2 * labels]), *more)
    assert told.status == 2
    assert f"p.csv: has {counts[0]}, but " in told.err


def identified(folder, left, right):
    predictions = text(folder / "p.csv", "id,p_a,p_b\n" + "".join(f"{one},.6,.4\n" for one in left))
    labels = text(folder / "y.csv", "id,label\n" + "".join(f"{one},{'ab'[at % 2]}\n" for at, one in enumerate(right)))
    return ["score", predictions, "--labels", labels, "--select", "XE308", "-f", "json"]


def test_one_unmatched_id_in_a_hundred_is_counted_and_found(tmp_path, xent):
    document = xent(*identified(tmp_path, range(100), range(99))).document()
    assert document["rows"] == {
        "read": 99, "scored": 99, "missing_label": 0, "bad": 0, "unmatched": 1, "weight_sum": None,
    }  # fmt: skip
    assert ("XE308", 1) in [(one["code"], one["count"]) for one in document["findings"]]


@pytest.mark.parametrize(("left", "right", "unmatched"), [(98, 100, 2), (100, 98, 2)])
def test_more_unmatched_ids_are_refused_unless_bad_rows_are_skipped(tmp_path, xent, left, right, unmatched):
    arguments = identified(tmp_path, range(left), range(right))
    refused = xent(*arguments)
    assert (refused.status, refused.out) == (2, "")
    assert f"{unmatched} of 100 ids (2 %) stand in one of the two files only" in refused.err
    assert xent(*arguments, "--skip-bad-rows").document()["rows"]["unmatched"] == unmatched


def test_ids_of_which_none_matches_are_no_score_even_if_skipped(tmp_path, xent):
    ran = xent(*identified(tmp_path, [1, 2], [3, 4]), "--skip-bad-rows")
    assert (ran.status, ran.out) == (2, "")
    assert "4 of 4 ids (100 %) stand in one of the two files only" in ran.err
    assert "--skip-bad-rows" not in ran.err


@pytest.mark.parametrize("more", [[], ["--skip-bad-rows"]])
@pytest.mark.parametrize(
    ("left", "right", "words"),
    [([1, 2, 1], [1, 2], "p.csv, line 4 (row 3): column id holds the id 1"),
     ([1, 2], [1, 2, "2.0"], "y.csv, line 4 (row 3): column id holds the id 2")],
)  # fmt: skip
def test_an_id_that_stands_twice_is_refused(tmp_path, xent, left, right, words, more):
    ran = xent(*identified(tmp_path, left, right), *more)
    assert (ran.status, ran.out) == (2, "")
    assert f"{words} a second time" in ran.err
    assert "1 of 3 rows repeat an id" in ran.err


WEIGHTED = "label,p_a,p_b,w\na,.9,.1,1\nb,.2,.8,{}\nb,.4,.6,2\n"


@pytest.mark.parametrize(
    ("cell", "words"),
    [("-1", "holds a negative weight: '-1'"), ("nan", "holds nan"), ("inf", "holds inf"), ("", "is empty"),
     ("x", "holds no number: 'x'"), ("1_0", "holds no number: '1_0'")],
)  # fmt: skip
def test_a_weight_that_is_none_is_refused_with_its_place(tmp_path, xent, cell, words):
    path = text(tmp_path / "a.csv", WEIGHTED.format(cell))
    ran = xent("score", path, "--weight", "w")
    assert (ran.status, ran.out) == (2, "")
    assert f"{path}, line 3 (row 2): column w {words}\n" in ran.err
    assert "1 of 3 rows (33 %) are bad; first rows: 2" in ran.err


@pytest.mark.parametrize("more", [[], ["--skip-bad-rows"]])
def test_weights_that_sum_to_0_are_refused(tmp_path, xent, more):
    path = text(tmp_path / "a.csv", "label,p_a,p_b,w\na,.9,.1,0\nb,.2,.8,-0.0\n")
    ran = xent("score", path, "--weight", "w", *more)
    assert (ran.status, ran.out, ran.err) == (2, "", "error: the weights of column w sum to 0\n")


@pytest.mark.parametrize("weights", [["x", "y"], [[1.0], [2.0]]])
def test_a_column_that_holds_no_weights_is_refused(tmp_path, xent, weights):
    path = parquet(tmp_path / "a.parquet", label=[0, 1], p_0=[0.5, 0.4], p_1=[0.5, 0.6], w=weights)
    ran = xent("score", path, "--weight", "w")
    assert (ran.status, ran.out) == (2, "")
    assert "column w holds " in ran.err
    assert ", not numbers" in ran.err


def test_what_is_wrong_with_a_row_is_counted_by_kind(tmp_path, xent):
    lines = ["a,.9,.1,1", "a,nan,.1,1", "eel,.9,.1,1", "b,2,.1,1", "b,.2,.8,-1", "b,,.8,1", ",nan,nan,1"]
    path = text(tmp_path / "a.csv", "label,p_a,p_b,w\n" + "\n".join(lines) + "\n")
    options = [path, "--weight", "w", "--scale", "probabilities", "--classes", "a,b"]
    refused = xent("score", *options)
    assert refused.status == 2
    assert refused.err == (
        f"error: {path}, line 3 (row 2): column p_a holds nan\n"
        "  5 of 7 rows (71 %) are bad; first rows: 2, 3, 4, 5, 6\n"
        "  1 row: null or no number\n"
        "  1 row: NaN or infinite\n"
        "  1 row: out of range\n"
        "  1 row: a label that no score column has\n"
        "  1 row: a weight that is negative, missing, not finite or above 1e30\n"
        "help: mend them, or pass --skip-bad-rows to score the other 1 (they are counted in the report)\n"
    )
    document = xent(
        "score", *options, "--skip-bad-rows", "-f", "json", "--select", "XE208", "--select", "XE305"
    ).document()
    assert (document["rows"]["bad"], document["rows"]["missing_label"], document["rows"]["scored"]) == (5, 1, 1)
    found = [(one["code"], one["count"], one["rows"], one["lines"]) for one in document["findings"]]
    assert found == [("XE208", 4, [2, 4, 5, 6], [3, 5, 6, 7]), ("XE305", 1, [3], [4])]


SHORT = {"labels": [[0, 1, 0]] * 5 + [[0, 1], [1, 1, 0]], "probs": [[0.1, 0.9, 0.2]] * 7}


def test_a_list_of_labels_of_another_length_is_a_bad_row_and_no_list_of_tags(refused):
    error = refused(xentcli.score, pa.table(SHORT))
    assert error.message == "holds a list of 2 labels, there are 3 scores"
    assert (error.place.row, error.place.column) == (6, "labels")
    score = xentcli.score(pa.table(SHORT), skip_bad_rows=True).score
    assert (score.rows.bad, score.task.encoding) == (1, "multi-hot")
    assert [one.support for one in score.per_label] == [1, 6, 0]


def test_lists_of_tags_that_happen_to_be_0_and_1_stay_tags():
    table = pa.table({"labels": [[0], [0, 1], []], "probs": [[0.9, 0.1], [0.6, 0.7], [0.2, 0.3]]})
    score = xentcli.score(table).score
    assert (score.task.encoding, score.accuracy.correct) == ("tag-lists", 3)


@pytest.mark.parametrize("ones", [("True", "False"), ("yes", "no"), ("1", "0"), ("1.0", "0.0")])
def test_labels_in_columns_of_words_are_read_as_0_and_1(tmp_path, xent, ones):
    one, zero = ones
    rows = [(one, zero), (zero, zero), (one, one), ("", one)]
    content = "y_a,y_b,p_a,p_b\n" + "".join(f"{a},{b},.6,.2\n" for a, b in rows)
    lines = "\n".join(json.dumps({"y_a": a, "y_b": b, "p_a": 0.6, "p_b": 0.2}) for a, b in rows)
    for path in (text(tmp_path / "a.csv", content), text(tmp_path / "a.jsonl", lines)):
        document = xent("score", path, "-f", "json").document()
        assert (document["rows"]["scored"], document["rows"]["missing_label"]) == (3, 1)
        assert [one["support"] for one in document["per_label"]] == [2, 1]


@pytest.mark.parametrize("cell", ["x", "-", "2", "1_0"])
def test_a_label_cell_that_is_no_0_or_1_is_no_missing_label(tmp_path, xent, cell):
    content = f"y_a,y_b,p_a,p_b\n1,0,.6,.2\n{cell},1,.6,.2\n1,1,.6,.2\n"
    lines = "\n".join(json.dumps({"y_a": a, "y_b": "0", "p_a": 0.6, "p_b": 0.2}) for a in ["1", cell])
    for path in (text(tmp_path / "a.csv", content), text(tmp_path / "a.jsonl", lines)):
        ran = xent("score", path, "--skip-bad-rows")
        assert (ran.status, ran.out) == (2, "")
        assert "row 2: column y_a" in ran.err
        assert "neither 0 nor 1" in ran.err


@pytest.mark.parametrize("labels", [["1.0", "1.0"], ["TRUE", "TRUE"], ["1.", "1."]])
def test_a_class_that_stands_alone_is_known_however_it_is_written(labels):
    score = xentcli.score(pa.table({"label": labels, "score": [0.7, 0.4]})).score
    assert score.task.classes in {("0", "1"), ("false", "true")}
    assert score.confusion.counts == ((0, 0), (1, 1))


@pytest.mark.parametrize("command", ["inspect", "score"])
def test_a_cell_of_300_megabytes_ends_the_run_before_it_is_held(tmp_path, xent, command):
    path = tmp_path / "a.csv.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(b"id,label\n1,")
        for _ in range(300):
            file.write(b"a" * (1 << 20))
        file.write(b"\n2,b\n")
    ran = xent(command, path)
    assert (ran.status, ran.out) == (2, "")
    assert "a line does not end within 64 MiB" in ran.err


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"label,p_a,p_b\na,0.7,0.3\nb\0,0.2,0.8\n", "holds NUL bytes"),
        (b'label,p_a,p_b\na,0.7,0.3\n"b,0.2,0.8\na,0.6,0.4\n', 'line 3: the quote " that opens a cell here'),
    ],
    ids=["a null byte", "a quote that is never closed"],
)
@pytest.mark.parametrize(
    "command", [("inspect",), ("score",), ("encode", "--to", "one-hot", "-o", "y.csv"), ("check",)]
)
def test_what_no_reader_of_cells_can_take_is_told(tmp_path, monkeypatch, xent, command, content, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_bytes(content)
    limits = ("--max", "loss=9") if command == ("check",) else ()
    ran = xent(command[0], "a.csv", *command[1:], *limits)
    assert (ran.status, ran.out) == (2, "")
    assert says in ran.err
    assert not (tmp_path / "y.csv").exists()
