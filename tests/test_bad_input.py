"""Bad input gets a clear error: what, where, how many, what to do; nothing is dropped in silence."""

import gzip

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import xentcli
from xentcli import errors
from xentcli.files.open import open_table

GOOD = "label,p_cat,p_dog\n" + "cat,0.9,0.1\ndog,0.2,0.8\n" * 60


def csv(tmp_path, text, name="preds.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_bad_cell_is_named_with_line_row_column_and_the_count(tmp_path, refused):
    path = csv(tmp_path, GOOD + "cat,n/a,0.5\ndog,,0.5\n")
    error = refused(xentcli.score, path)
    assert isinstance(error, errors.BadRowsError)
    assert str(error) == (
        f"{path}, line 122 (row 121): column p_cat holds no number: 'n/a'\n"
        "  2 of 122 rows (1.6 %) are bad; first rows: 121, 122\n"
        "help: mend them, or pass --skip-bad-rows to score the other 120 (they are counted in the report)"
    )


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("nan", "holds nan"),
        ("inf", "holds inf"),
        ("1.5", "not a probability in [0, 1]"),
        ("-0.1", "not a probability"),
        ("", "is empty"),
    ],
)
def test_each_kind_of_bad_score_is_told_apart(tmp_path, refused, cell, words):
    error = refused(xentcli.score, csv(tmp_path, GOOD + f"cat,{cell},0.5\n"))
    assert words in error.message
    assert (error.place.row, error.place.line, error.place.column) == (121, 122, "p_cat")


@pytest.mark.parametrize("cell", ["nan", "", "x", "7"])
def test_skipped_bad_rows_are_counted_and_found(tmp_path, cell):
    report = xentcli.score(csv(tmp_path, GOOD + f"cat,{cell},0.5\n"), skip_bad_rows=True)
    assert (report.score.rows.read, report.score.rows.scored, report.score.rows.bad) == (121, 120, 1)
    finding = report.findings[0]
    assert (finding.code, finding.count, finding.rows, finding.lines) == ("XE208", 1, (121,), (122,))
    assert report.score.loss == xentcli.score(csv(tmp_path, GOOD)).score.loss


def test_an_unseen_label_is_an_error_or_a_finding(tmp_path, refused):
    path = csv(tmp_path, GOOD + "eel,0.5,0.5\n")
    assert "'eel' (classes: cat, dog)" in refused(xentcli.score, path).message
    report = xentcli.score(path, skip_bad_rows=True, select="XE305")
    assert [finding.code for finding in report.findings] == ["XE305"]
    assert report.to_dict()["findings"][0]["lines"] == [122]


def test_labels_that_count_from_one_are_told_so(refused):
    frame = pd.DataFrame({"label": [1, 2, 3], "p_0": [1.0, 0, 0], "p_1": [0, 1.0, 0], "p_2": [0, 0, 1.0]})
    assert "count from 1" in refused(xentcli.score, frame).help


@pytest.mark.parametrize(
    ("labels", "flag"),
    [([2, 3, 2], "--classes 2,3"), ([7, 4, 7], "--classes 4,7"), ([1, 2, 1], "--classes 1,2"),
     ([2, 2, 2], "--classes 1,2")],
)  # fmt: skip
def test_the_help_names_the_classes_that_the_labels_hold_and_can_be_followed(labels, flag, refused):
    data = pd.DataFrame({"label": labels, "p_0": [0.4, 0.3, 0.6], "p_1": [0.6, 0.7, 0.4]})
    assert refused(xentcli.score, data).help.endswith(flag)
    names = flag.removeprefix("--classes ")
    assert xentcli.score(data, classes=names).score.task.classes == tuple(names.split(","))


@pytest.mark.parametrize(
    ("labels", "said"),
    [([1, 2, 7], "the labels are 1, 2 and 7, the 3 scores count from 0"),
     ([4, 5, 5], "the labels are 4 and 5, the 3 scores count from 0")],
)  # fmt: skip
def test_labels_that_no_names_can_be_guessed_from_are_listed(labels, said, refused):
    p = np.full((len(labels), 3), 1 / 3)
    data = pd.DataFrame(p, columns=["p_0", "p_1", "p_2"]).assign(label=labels)
    assert refused(xentcli.score, data).help == f"{said}: name the class of each score, in their order, with --classes"


def test_more_labels_than_scores_are_no_names_of_scores(refused):
    data = pd.DataFrame(np.full((10, 3), 1 / 3), columns=["p_0", "p_1", "p_2"]).assign(label=[*range(4, 14)])
    assert refused(xentcli.score, data).help == (
        "the labels are 4, 5, 6, 7, 8, 9, 10, ... 13, the 3 scores count from 0: there are more labels than scores; is"
        " a score column missing, or named otherwise (--scores)?"
    )


def test_missing_labels_are_counted_and_never_bad(tmp_path):
    rows = xentcli.score(csv(tmp_path, GOOD + ",n/a,0.5\n,0.5,0.5\n")).score.rows
    assert (rows.read, rows.scored, rows.missing_label, rows.bad) == (122, 120, 2, 0)


def test_lists_of_another_length_and_null_elements_are_bad_rows(refused):
    probs = [[0.9, 0.1]] * 200 + [[1.0], None, [None, 0.5]]
    table = pa.table({"label": [0] * 203, "probs": pa.array(probs, pa.list_(pa.float32()))})
    error = refused(xentcli.score, table)
    assert "3 of 203 rows" in error.details[0]
    report = xentcli.score(table, skip_bad_rows=True)
    assert report.score.rows.bad == 3
    short = pa.table({"label": [0] * 4, "probs": [[0.9, 0.1], [1.0], [0.2, 0.8], [0.2, 0.8]]})
    assert "a list of 1 score, the others hold 2" in refused(xentcli.score, short).message


def test_the_most_frequent_length_decides_whatever_the_first_batch_holds(table):
    probs = [[0.2, 0.3, 0.5]] * 2 + [[0.9, 0.1]] * 300
    data = table(pa.table({"label": [0] * 302, "probs": pa.array(probs)}), rows=2)
    report = xentcli.score(data, skip_bad_rows=True)
    assert (len(report.score.task.classes), report.score.rows.bad) == (2, 2)


def test_between_probabilities_and_logits_the_user_must_say(refused):
    cat = np.full(100, 0.5)
    cat[:5] = 3.0
    frame = pd.DataFrame({"label": ["cat", "dog"] * 50, "cat": cat, "dog": 0.5})
    error = refused(xentcli.score, frame)
    assert isinstance(error, errors.AmbiguousError)
    assert "--scale" in error.help
    assert xentcli.score(frame, scale="logits").score.task.scale == "logits"
    assert xentcli.score(frame, scale="probabilities", skip_bad_rows=True).score.rows.bad == 5


def test_negative_missing_and_vanishing_weights_are_refused(refused):
    frame = pd.DataFrame({"y": [0, 1], "p": [0.1, 0.9], "w": [1.0, -1.0]})
    assert "negative weight" in refused(xentcli.score, frame, weight="w").message
    assert "is empty" in refused(xentcli.score, frame.assign(w=[1.0, None]), weight="w").message
    assert "sum to 0" in refused(xentcli.score, frame.assign(w=0.0), weight="w").message


@pytest.mark.parametrize(
    ("name", "content", "kind", "words"),
    [
        ("empty.csv", b"", errors.EmptyInputError, "empty"),
        ("head.csv", b"label,p_cat,p_dog\n", errors.EmptyInputError, "no rows"),
        ("ragged.csv", b"label,p_cat,p_dog\ncat,.1,.9\ndog,.2\n", errors.RaggedRowError, "2 cells"),
        ("twice.csv", b"label,p_cat,p_cat\ncat,.1,.9\n", errors.ColumnError, "p_cat"),
        ("lfs.parquet", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", errors.UnreadableError, "LFS"),
        ("dvc.csv", b"outs:\n- md5: 0\n  path: x\n", errors.UnreadableError, "DVC"),
        ("text.parquet", b"a,b\n1,2\n", errors.UnreadableError, "text"),
        ("model.pkl", b"\x80\x04", errors.UnreadableError, "run"),
        ("data.xyz", b"a,b\n", errors.UnreadableError, "suffix"),
        ("binary.csv", b"a,b\n\x00\x01,2\n", errors.UnreadableError, "binary"),
    ],
)  # fmt: skip
def test_unreadable_files_say_why(tmp_path, refused, name, content, kind, words):
    error = refused(xentcli.score, csv(tmp_path, content, name))
    assert isinstance(error, kind)
    assert words in str(error)
    assert name in str(error)


def test_a_missing_file_is_met_with_the_closest_name(tmp_path, refused):
    csv(tmp_path, GOOD)
    error = refused(xentcli.score, tmp_path / "pred.csv")
    assert "no such file" in error.message
    assert "preds.csv" in error.help


def test_a_truncated_parquet_and_a_truncated_gzip_are_told(tmp_path, refused, sample):
    whole = (sample / "preds_digits.parquet").read_bytes()
    assert "Parquet" in str(refused(xentcli.score, csv(tmp_path, whole[:2000], "cut.parquet")))
    zipped = gzip.compress((GOOD * 50).encode())
    assert isinstance(
        refused(xentcli.score, csv(tmp_path, zipped[: len(zipped) // 2], "cut.csv.gz")), errors.UnreadableError
    )


def test_a_folder_of_mixed_formats_is_refused(tmp_path, refused):
    csv(tmp_path, GOOD)
    pq.write_table(pa.table({"a": [1]}), tmp_path / "x.parquet")
    assert "several formats" in str(refused(xentcli.score, tmp_path))


def test_object_arrays_are_never_unpickled(tmp_path, refused):
    np.save(tmp_path / "o.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    assert "running code" in str(refused(xentcli.score, tmp_path / "o.npy")) or "code" in str(
        refused(xentcli.score, tmp_path / "o.npy")
    )


def test_labels_and_predictions_of_unequal_length_are_told_with_both_lengths(tmp_path, refused):
    np.save(tmp_path / "p.npy", np.full((5, 2), 0.5))
    np.save(tmp_path / "y.npy", np.zeros(4, dtype=int))
    text = str(refused(xentcli.score, tmp_path / "p.npy", labels=tmp_path / "y.npy"))
    assert "5" in text
    assert "4" in text
    assert "differ" in str(refused(xentcli.score, (np.zeros(4), np.full((5, 2), 0.5))))


def test_unmatched_ids_are_an_error_above_one_per_cent(tmp_path, refused):
    csv(tmp_path, "id,p_a,p_b\n" + "".join(f"{at},0.5,0.5\n" for at in range(10)), "p.csv")
    csv(tmp_path, "id,label\n" + "".join(f"{at},a\n" for at in range(8)), "l.csv")
    assert "2 of 10 ids" in refused(xentcli.score, tmp_path / "p.csv", labels=tmp_path / "l.csv").message
    report = xentcli.score(tmp_path / "p.csv", labels=tmp_path / "l.csv", skip_bad_rows=True, select="XE308")
    assert report.score.rows.unmatched == 2
    assert [finding.code for finding in report.findings] == ["XE308"]
    csv(tmp_path, "id,label\n1,a\n1,b\n", "twice.csv")
    assert "1" in str(refused(xentcli.score, tmp_path / "p.csv", labels=tmp_path / "twice.csv"))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"label": "lable"}, "did you mean 'label'"),
        ({"label": ":9"}, "no column"),
        ({"scores": "q_"}, "no column 'q_'"),
        ({"weight": "w"}, "no column 'w'"),
        ({"scale": "probability"}, "did you mean 'probabilities'"),
        ({"task": "multi-class"}, "did you mean 'multiclass'"),
        ({"task": "multilabel"}, "0/1 column per label"),
        ({"classes": "a,b,c"}, "3 classes"),
        ({"classes": "cat,cat"}, "twice"),
        ({"classes": "ape,bee"}, "no label that is one of the classes"),
        ({"classes": "@nowhere.txt"}, "No such file"),
        ({"positive": "dogs"}, "did you mean 'dog'"),
        ({"threshold": 1.5}, "must lie in [0, 1]"),
        ({"confidence_level": 1.0}, "between 0 and 1"),
        ({"input_format": "exel"}, "--input-format"),
        ({"separator": ";;"}, "stands in none of the first lines"),
        ({"label": "p_cat", "scores": ["p_cat", "p_dog"]}, "both label and score"),
        ({"scores": ["p_cat", "p_cat"]}, "twice"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(tmp_path, refused, options, words):
    assert words in str(refused(xentcli.score, csv(tmp_path, GOOD), **options))


def test_files_without_labels_or_scores_say_what_they_hold(tmp_path, refused):
    assert "--label" in refused(xentcli.score, csv(tmp_path, "p_cat,p_dog\n.1,.9\n.3,.7\n")).help
    error = refused(xentcli.score, csv(tmp_path, "label,text\ncat,hello\ndog,world\n"))
    assert "--scores" in error.help
    assert "columns: text; label: label" in error.details[0]


def test_every_label_missing_or_one_class_without_a_name_is_told(tmp_path, refused):
    assert "every cell is empty" in str(refused(xentcli.score, csv(tmp_path, "label,p\n,.1\n,.2\n")))
    assert "--classes" in refused(xentcli.score, csv(tmp_path, "label,p\nspam,.1\nspam,.2\n")).help
    three = refused(xentcli.score, csv(tmp_path, "label,p\na,.1\nb,.2\nc,.3\n"))
    assert "3 distinct labels" in three.message
    assert xentcli.score(csv(tmp_path, "label,p\n1,.1\n1,.2\n")).score.task.classes == ("0", "1")


def test_names_without_an_order_need_the_classes(refused):
    table = pa.table({"label": ["a", "b"], "probs": [[0.2, 0.3, 0.5]] * 2})
    error = refused(xentcli.score, table)
    assert isinstance(error, errors.AmbiguousError)
    assert "--classes" in error.help


def test_label_cells_that_are_neither_zero_nor_one_are_named(refused):
    frame = pd.DataFrame({"a": [1, 2], "b": [0, 1], "p_a": [0.1, 0.2], "p_b": [0.1, 0.2]})
    error = refused(xentcli.score, frame)
    assert error.place.row == 2
    one_hot = pd.DataFrame({"a": [1, 1], "b": [0, 1], "p_a": [0.1, 0.2], "p_b": [0.1, 0.2]})
    assert "one label a row" in refused(xentcli.score, one_hot, task="multiclass").message


def test_what_is_no_table_is_refused(refused):
    assert "nothing that can be read" in str(refused(xentcli.score, 3.5))
    assert "nothing that can be read" in str(refused(xentcli.score, []))


def test_extreme_scores_are_scores_by_their_type_or_name():
    assert xentcli.score(pd.DataFrame({"y": [1, 0], "y_pred": [1.0, 0.0]})).score.accuracy.value == 1.0
    assert xentcli.score(pd.DataFrame({"y": [1, 0], "p": [1, 0]})).score.accuracy.value == 1.0
    assert xentcli.score(pd.DataFrame({"y": [1, 0], "pred": [1, 0]}), scores="pred").score.accuracy.value == 1.0


def test_an_empty_path_names_no_file(refused):
    assert "empty path" in str(refused(xentcli.score, ""))
    assert "no file is given" in str(refused(open_table, []))
