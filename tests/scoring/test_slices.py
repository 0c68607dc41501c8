"""Slices, the rows that cost most, ignored labels, at least one label, and one row step by step."""

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import xentcli
from xentcli.errors import InputError, UsageError

RNG = np.random.default_rng(23)


def made(rows=200, classes=3):
    chances = RNG.dirichlet(np.ones(classes), rows)
    labels = np.array([RNG.choice(classes, p=row) for row in chances])
    table = pd.DataFrame(chances, columns=[f"prob_{at}" for at in range(classes)])
    table["label"] = labels
    table["country"] = RNG.choice(["DE", "FR", None], rows)
    table["age"] = RNG.choice([3, 20, 100], rows)
    table["w"] = RNG.random(rows)
    return table, chances, labels


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("column", ["country", "age"])
def test_a_slice_is_the_score_of_its_rows(column, weighted):
    table, *_ = made()
    options = {"weight": "w"} if weighted else {}
    found = xentcli.score(table, by=column, **options).score.slices
    assert sum(one.rows for one in found) == len(table)
    for one in found:
        value = None if one.value is None else type(table[column].dropna().iloc[0])(one.value)
        rows = table[table[column].isna()] if value is None else table[table[column] == value]
        alone = xentcli.score(rows.drop(columns=["country", "age"]), classes="0,1,2", **options).score
        assert one.rows == len(rows)
        assert one.loss.value == alone.loss.value
        assert one.loss.interval == alone.loss.interval
        assert one.accuracy.value == alone.accuracy.value
        assert one.accuracy.interval == alone.accuracy.interval


def test_slices_come_in_the_order_of_their_values_with_the_empty_one_last():
    table, *_ = made()
    assert [one.value for one in xentcli.score(table, by="country").score.slices] == ["DE", "FR", None]
    assert [one.value for one in xentcli.score(table, by="age").score.slices] == ["3", "20", "100"]


def test_several_slicings_stand_apart_and_crossed_ones_pair_their_values():
    table, *_ = made()
    found = xentcli.score(table, by=["country", "age+country"]).score.slices
    assert {one.by for one in found} == {"country", "age+country"}
    crossed = {one.value: one.rows for one in found if one.by == "age+country"}
    expected = table.groupby(["age", "country"], dropna=False).size()
    assert crossed["3+DE"] == expected[3, "DE"]
    assert crossed["100+"] == (table["age"].eq(100) & table["country"].isna()).sum()


def test_a_multi_label_slice_counts_rows_with_all_labels_right():
    table = pd.DataFrame(
        {
            "y_a": [1, 1, 0, 0], "y_b": [0, 1, 0, 1], "p_a": [0.9, 0.2, 0.3, 0.1], "p_b": [0.1, 0.6, 0.2, 0.9],
            "site": ["x", "x", "y", "y"],
        }
    )  # fmt: skip
    found = {one.value: one for one in xentcli.score(table, by="site").score.slices}
    assert found["x"].accuracy.value == 0.5
    assert found["y"].accuracy.value == 1.0
    assert found["x"].loss.value == pytest.approx(-np.log([0.9, 0.9, 0.2, 0.6]).mean())


def test_slices_say_that_class_weights_do_not_enter_them(xent, tmp_path):
    table, *_ = made()
    said = "Class weights enter the loss of all rows, not the losses of slices."
    plain = xentcli.score(table, by="country").score
    weighed = xentcli.score(table, by="country", class_weights="0=2").score
    assert weighed.slices == plain.slices
    assert said in weighed.task.reasons
    assert said not in plain.task.reasons + xentcli.score(table, class_weights="0=2").score.task.reasons
    table.to_csv(tmp_path / "p.csv", index=False)
    out = xent("score", tmp_path / "p.csv", "--by", "country", "--class-weights", "0=2").out
    assert f"{said}\n\nBy country\n" in out


def test_one_row_step_by_step_leaves_slices_and_worst_rows_on_the_page(xent, tmp_path):
    table, *_ = made()
    table.to_csv(tmp_path / "p.csv", index=False)
    out = xent("score", tmp_path / "p.csv", "--row", "3", "--by", "country", "--worst", "2").out
    assert "p.csv, row 3\n" in out
    assert "By country\n" in out
    assert "Rows that cost most\n" in out
    assert "By country" not in xent("score", tmp_path / "p.csv", "--row", "3").out


def test_too_many_groups_are_refused(xent, tmp_path):
    rows = 1_200
    path = tmp_path / "p.csv"
    lines = "".join(f"{at % 2},0.{at % 9 + 1},user{at}\n" for at in range(rows))
    path.write_text(f"label,prob,who\n{lines}")
    ran = xent("score", path, "--by", "who")
    assert ran.status == 2
    assert "--by who makes more than 1,000 groups" in ran.err


def test_an_unknown_slicing_column_is_named_with_the_closest(xent, sample):
    ran = xent("score", sample / "preds_digits.csv", "--by", "lable")
    assert ran.status == 2
    assert "did you mean 'label'?" in ran.err


def test_threads_and_parts_give_the_same_slices_and_worst_rows(tmp_path):
    table, *_ = made(500)
    path = tmp_path / "p.parquet"
    documents = []
    for group, jobs in ((500, 1), (7, 4), (1, 3)):
        pq.write_table(pa.Table.from_pandas(table), path, row_group_size=group)
        report = xentcli.score(str(path), by=["country", "age"], worst=9, jobs=jobs)
        documents.append(json.dumps(report.to_dict(), sort_keys=True))
    assert len(set(documents)) == 1


def test_the_rows_that_cost_most_come_worst_first_with_id_and_line(tmp_path, xent):
    path = tmp_path / "p.csv"
    path.write_text("key,label,p_a,p_b\nr1,a,.5,.5\nr2,b,.9,.1\nr3,a,.2,.8\nr4,b,.9,.1\n")
    found = xent("score", path, "--worst", 3, "--id", "key", "-f", "json").document()["worst"]
    assert [(one["row"], one["line"], one["id"]) for one in found] == [(2, 3, "r2"), (4, 5, "r4"), (3, 4, "r3")]
    assert found[0] == {
        "row": 2, "line": 3, "id": "r2", "label": "b", "predicted": "a", "score": 0.1,
        "loss": pytest.approx(-np.log(0.1)),
    }  # fmt: skip


def test_worst_rows_are_numbered_in_the_file_although_bad_ones_are_left_out(tmp_path, xent):
    path = tmp_path / "p.csv"
    path.write_text("label,p_a,p_b\na,.5,.5\nb,x,.1\n,.2,.8\nb,.9,.1\n")
    found = xent("score", path, "--worst", 1, "--skip-bad-rows", "-f", "json").document()["worst"]
    assert [one["row"] for one in found] == [4]


def test_an_ignored_label_counts_as_missing(tmp_path, xent):
    path = tmp_path / "p.csv"
    path.write_text("label,p_0,p_1,p_2\n0,.5,.3,.2\n-100,.9,.05,.05\n2,.1,.1,.8\n-100,.9,.05,.05\n")
    document = xent("score", path, "--ignore-label=-100", "-f", "json").document()
    assert document["rows"] == {
        "read": 4, "scored": 2, "missing_label": 2, "bad": 0, "unmatched": 0, "weight_sum": None,
    }  # fmt: skip
    assert document["loss"]["value"] == pytest.approx(-np.log([0.5, 0.8]).mean(), rel=1e-12)
    assert "label -100 counts as missing, as given: 2 rows" in document["task"]["reasons"]


def test_without_it_such_a_label_is_unseen(tmp_path, xent):
    path = tmp_path / "p.csv"
    path.write_text("label,p_0,p_1,p_2\n0,.5,.3,.2\n-100,.9,.05,.05\n")
    assert xent("score", path).status == 2


def test_at_least_one_gives_an_empty_row_its_best_label():
    table = pd.DataFrame(
        {"y_a": [1, 0, 1], "y_b": [0, 1, 1], "p_a": [0.4, 0.1, 0.9], "p_b": [0.2, 0.3, 0.1]}
    )  # fmt: skip
    plain, raised = xentcli.score(table).score, xentcli.score(table, at_least_one=True).score
    assert plain.accuracy.correct == 0
    assert raised.accuracy.correct == 2
    assert raised.loss == plain.loss
    assert [one.predicted for one in raised.per_label] == [2, 1]


def test_at_least_one_is_for_several_labels(xent, sample):
    ran = xent("score", sample / "preds_digits.csv", "--at-least-one")
    assert ran.status == 2
    assert "--at-least-one is for multi-label tasks" in ran.err


@pytest.mark.parametrize(
    "options", [{}, {"label_smoothing": 0.1}, {"focal_gamma": 2.0}, {"label_smoothing": 0.3, "focal_gamma": 1.0}]
)
def test_the_steps_of_a_row_add_up_to_its_loss(options, sample):
    for name in ("preds_digits.csv", "preds_digits_logits.parquet", "preds_multilabel.csv", "preds_binary.csv"):
        report = xentcli.score(str(sample / name), row=7, worst=500, **options)
        row = report.row
        assert row.loss == next(one.loss for one in report.score.worst if one.row == 7)
        assert sum(step.contribution for step in row.steps) == pytest.approx(row.loss, rel=1e-9)


def test_a_row_that_is_not_there_or_has_no_label_is_an_error(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("label,p_a,p_b\na,.5,.5\n,.9,.1\nb,.2,.8\n")
    assert xentcli.score(str(path), row=3).row.label == ("b",)
    with pytest.raises(InputError, match="has no label"):
        xentcli.score(str(path), row=2)
    for row in (4, 0, -1):
        with pytest.raises(UsageError, match="no such row"):
            xentcli.score(str(path), row=row)


def test_a_row_is_shown_class_by_class(xent, sample):
    shown = xent("score", sample / "preds_digits.csv", "--row", 170).out
    assert "label      4\n" in shown
    assert "Only the true class counts: -log(0.0232" in shown
