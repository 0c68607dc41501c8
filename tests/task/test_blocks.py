"""Several label columns together: votes, columns that never vary, smoothed labels, six labels at once."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import xentcli
from xentcli.files.open import as_table
from xentcli.task.detect import detect
from xentcli.task.matrix_facts import MANY_TOTALS, MatrixFacts
from xentcli.task.model import NotATarget
from xentcli.terms import Encoding, Kind

RNG = np.random.default_rng(5)


def found(values, names="abc", **options):
    frame = pd.DataFrame(values, columns=list(names))
    return detect(as_table(frame), tuple(frame.columns), **options)


def votes(totals):
    return np.array([RNG.multinomial(total, [0.5, 0.3, 0.2]) for total in totals])


@pytest.mark.parametrize("prefix", ["", "votes_"])
def test_votes_are_votes_where_one_row_of_four_holds_another_number(prefix):
    rows = [[3, 0, 0], [1, 1, 1], [0, 2, 1], [4, 3, 2]]
    seen = found(rows, [f"{prefix}{name}" for name in "abc"])
    assert seen.task.encoding is Encoding.CLASS_PROBABILITIES
    assert seen.soft.votes
    assert seen.evidence[0].startswith("3 of 4 rows hold 3 votes, but 9 in row 4")


@pytest.mark.parametrize("rows", [12, 40, 300])
def test_a_few_rows_of_another_total_are_said(rows):
    odd = max(1, rows // 25)
    seen = found(votes([5] * (rows - odd) + [11] * odd))
    assert seen.soft.votes
    where = f"row {rows}" if odd == 1 else f"{odd} rows (the first is row {rows - odd + 1})"
    assert f"{rows - odd} of {rows} rows hold 5 votes, but 11 in {where}" in seen.evidence[0]


def test_rows_of_one_vote_are_odd_rows_too():
    rows = RNG.multinomial(1, [0.5, 0.3, 0.2], 100) * 3
    rows[7] = [1, 0, 0]
    assert "99 of 100 rows hold 3 votes, but 1 in row 8" in found(rows).evidence[0]


@pytest.mark.parametrize("names", [("votes_a", "votes_b", "votes_c"), ("a_count", "b_count", "c_count")])
def test_totals_may_vary_where_the_names_say_votes(names):
    seen = found(votes(RNG.integers(1, 12, 200)), names)
    assert seen.soft.votes
    assert "every row holds 1 to 11 votes" in seen.evidence[0]


def test_counts_of_many_totals_and_the_answers_of_single_raters_are_no_votes():
    assert found(votes(RNG.integers(1, 40, 200))).soft is None
    answers = found(RNG.integers(1, 5, (200, 3)), ("rater_1", "rater_2", "rater_3"))
    assert answers.task.kind is Kind.MULTIOUTPUT


def test_score_reads_the_votes_that_inspect_reads(tmp_path):
    rows = votes([5] * 59 + [9])
    scores = RNG.dirichlet(np.ones(3), 60)
    held = {f"label_{name}": rows[:, at] for at, name in enumerate("abc")}
    pd.DataFrame(held | {f"p_{name}": scores[:, at] for at, name in enumerate("abc")}).to_csv(tmp_path / "p.csv")
    report = xentcli.score(str(tmp_path / "p.csv"))
    shares = rows / rows.sum(axis=1, keepdims=True)
    assert report.score.task.encoding is Encoding.CLASS_PROBABILITIES
    assert report.score.loss.value == pytest.approx(-(shares * np.log(scores)).sum(axis=1).mean())
    assert any("59 of 60 rows hold 5 votes, but 9 in row 60" in one for one in report.score.task.reasons)


def test_totals_are_the_same_however_the_rows_are_cut():
    rows = votes([1, 3, 3, 9, 3, MANY_TOTALS + 1, 2, 0]).astype(float)
    whole = MatrixFacts(("a", "b", "c"))
    whole.add(rows)
    for cut in range(len(rows) + 1):
        one, other = MatrixFacts(whole.names), MatrixFacts(whole.names)
        one.add(rows[:cut])
        other.add(rows[cut:])
        one.merge(other)
        assert one.whole_totals == whole.whole_totals
        assert one.first_by_total == whole.first_by_total
    assert whole.whole_totals == {0: 1, 1: 1, 2: 1, 3: 3, 9: 1}
    assert whole.first_by_total == {0: 7, 1: 0, 2: 6, 3: 1, 9: 3}


@pytest.mark.parametrize("row", [[1, 0], [0, 0, 1], [1, 1, 0], [0, 0, 0]])
@pytest.mark.parametrize("rows", [3, 50])
def test_columns_of_0_and_1_that_never_vary_are_one_class(row, rows):
    assert found([row] * rows, "abc"[: len(row)]).task.not_a_target is NotATarget.SINGLE_CLASS
    vectors = as_table(pa.table({"y": [row] * rows}))
    assert detect(vectors, ("y",)).task.not_a_target is NotATarget.SINGLE_CLASS


def test_one_hot_takes_two_columns_that_hold_the_1():
    assert found([[1, 0, 0]] * 97 + [[0, 0, 0]] * 3).task.encoding is Encoding.MULTI_HOT
    assert found([[1, 0, 0], [0, 1, 0]] * 40).task.encoding is Encoding.ONE_HOT


def test_the_caller_may_read_one_class_as_one_hot():
    assert found([[1, 0, 0]] * 40, kind=Kind.MULTICLASS).task.encoding is Encoding.ONE_HOT
    assert found([[1, 0, 0]] * 40, encoding=Encoding.MULTI_HOT).task.kind is Kind.MULTILABEL


@pytest.mark.parametrize("named", [True, False])
def test_six_labels_of_a_comment_are_multi_label(named):
    names = ("toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate")
    rows = (RNG.random((400, 6)) < [0.1, 0.01, 0.05, 0.003, 0.05, 0.009]).astype(int)
    seen = found(rows, names, named=named)
    assert (seen.task.kind, seen.task.encoding) == (Kind.MULTILABEL, Encoding.MULTI_HOT)
    assert seen.task.classes == names


def smoothed(size, smoothing, digits, rows=60):
    held = np.full((rows, size), smoothing / size)
    held[np.arange(rows), RNG.integers(0, size, rows)] += 1 - smoothing
    return np.round(held, digits)


SMOOTHED = [(2, 0.1, 2), (3, 0.1, 4), (3, 0.05, 3), (3, 0.1, 2), (7, 0.1, 3), (10, 0.1, 2), (30, 0.1, 4), (43, 0.1, 4)]


@pytest.mark.parametrize(("size", "smoothing", "digits"), SMOOTHED)
@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_smoothed_labels_are_distributions_in_every_format_though_rounding_takes_them_off_1(
    tmp_path, size, smoothing, digits, suffix
):
    labels, scores = smoothed(size, smoothing, digits), RNG.dirichlet(np.ones(size), 60)
    names = [f"c{at}" for at in range(size)]
    both = pd.DataFrame(labels, columns=[f"label_{name}" for name in names])
    both = both.join(pd.DataFrame(scores, columns=[f"p_{name}" for name in names]))
    path = str(tmp_path / f"preds.{suffix}")
    if suffix == "parquet":
        both.to_parquet(path)
    elif suffix == "csv":
        both.to_csv(path, index=False)
    else:
        both.to_json(path, orient="records", lines=True, double_precision=15)
    seen = xentcli.inspect(path, label=list(both.columns[:size])).detection
    report = xentcli.score(path)
    assert seen.task.encoding is report.score.task.encoding is Encoding.CLASS_PROBABILITIES
    total = labels.sum(axis=1)
    total[np.abs(total - 1) <= 1e-3 + 1e-9] = 1.0
    expected = -(labels / total[:, None] * np.log(scores / scores.sum(axis=1, keepdims=True))).sum(axis=1).mean()
    assert report.score.loss.value == pytest.approx(expected, rel=1e-6)


def test_rounding_is_said_where_it_takes_rows_off_1():
    assert "60 of 60 rows sum to 1 within the rounding of 2 digits" in found(smoothed(3, 0.1, 2)).evidence[0]


def test_shares_of_labels_that_may_meet_are_no_distributions():
    for digits in (2, 3):
        assert found(np.round(RNG.random((80, 3)), digits)).task.encoding is Encoding.LABEL_PROBABILITIES
