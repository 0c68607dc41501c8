"""Rows and ids that stand several times, files that come near, and honest ones whose rows repeat by chance."""

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mistakes_values import SIZES, codes, honest_repeats, repeat_slip

import xentcli
from xentcli.api.id_columns import repeated_ids
from xentcli.files.open import as_table
from xentcli.record import replace
from xentcli.task.model import ColumnRole, Role

RNG = np.random.default_rng(4)


def file(rows, **columns):
    """Return a file of three classes with calibrated scores that do not repeat."""
    logits = 2.0 * RNG.normal(size=(rows, 3))
    odds = np.exp(logits)
    chances = odds / odds.sum(axis=1, keepdims=True)
    truth = (logits + RNG.gumbel(size=logits.shape)).argmax(axis=1)
    return pd.DataFrame({"label": truth} | {f"p_{at}": chances[:, at] for at in range(3)} | columns)


def finding(data, **options):
    return next((one for one in xentcli.score(data, **options).findings if one.code == "XE314"), None)


@pytest.mark.parametrize("rows", [50, 500, 5000])
def test_a_second_half_that_repeats_the_first_is_named_with_the_width_that_is_missing(rows):
    half = file(rows // 2)
    found = finding(pd.concat([half, half]))
    assert (found.level, found.count) == ("note", rows // 2)
    assert found.message == (
        "every row stands twice in the file with its label and scores: the second half repeats the first; if they are"
        f" copies, intervals are 1.41 times too narrow: those of {rows:,} rows, which tell as much as {rows // 2:,}"
        " that differ"
    )


def test_three_times_the_same_block_is_named():
    assert (
        "stands 3 times in the file with its label and scores: one block, 3 times;"
        in finding(pd.concat([file(40)] * 3)).message
    )


def test_another_order_of_a_doubled_file_is_named_without_the_halves():
    half = file(250)
    said = finding(pd.concat([half, half]).sample(frac=1.0, random_state=3)).message
    assert said.startswith("every row stands twice in the file with its label and scores; ")


@pytest.mark.parametrize(("copies", "width"), [(50, 1.1), (200, 1.41)])
def test_some_copies_are_counted(copies, width):
    plain = file(500)
    found = finding(pd.concat([plain, plain.iloc[:copies]]))
    assert found.count == copies
    assert found.message.startswith(f"{copies} of {500 + copies} rows repeat the label and scores of another row")
    rows = 500 + copies
    effect = (500 - copies + 4 * copies) / rows
    assert float(re.search(r"are (\S+) times too narrow", found.message)[1]) == pytest.approx(effect**0.5, rel=5e-3)
    assert f"as much as {round(rows / effect)} that" in found.message
    assert width >= effect**0.5 - 0.05


@pytest.mark.parametrize(("rows", "copies"), [(500, 2), (1000, 9), (50, 5)])
def test_a_few_copies_are_no_finding(rows, copies):
    plain = file(rows)
    assert finding(pd.concat([plain, plain.iloc[:copies]])) is None


@pytest.mark.parametrize("change", ["label", "p_0"])
def test_rows_that_differ_in_label_or_one_score_are_no_copies(change):
    half = file(250)
    other = half.copy()
    other[change] = (other[change] + 1) % 3 if change == "label" else other[change] * (1.0 - 1e-9)
    assert finding(pd.concat([half, other])) is None


def test_several_labels_repeat_likewise():
    held = (RNG.random((300, 4)) < 0.4).astype(int)
    scores = np.clip(0.2 + 0.5 * held + 0.1 * RNG.normal(size=held.shape), 0.01, 0.99)
    columns = {f"label_{at}": held[:, at] for at in range(4)} | {f"p_{at}": scores[:, at] for at in range(4)}
    frame = pd.DataFrame(columns)
    assert finding(frame) is None
    assert "every row stands twice" in finding(pd.concat([frame, frame])).message


def test_many_rows_are_sampled_and_their_copies_counted_exactly():
    plain = file(60_000)
    found = finding(pd.concat([plain, plain.iloc[:20_000]]))
    assert found.message.startswith("20,000 of 80,000 rows repeat the label and scores")
    assert (found.count, "estimate" in found.message) == (20_000, False)
    assert finding(plain) is None


def test_of_more_rows_than_are_counted_it_is_an_estimate_that_says_so(monkeypatch):
    monkeypatch.setattr("xentcli.tally.traps.kept_rows.MOST_HASHES", 79_999)
    plain = file(60_000)
    found = finding(pd.concat([plain, plain.iloc[:20_000]]))
    assert re.match(r"about 0\.2[3-7] of 80,000 rows repeat", found.message)
    assert re.search(r" \(an estimate: [\d,]+ rows were looked at\); ", found.message)
    assert found.count == pytest.approx(20_000, rel=0.06)


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("make", [lambda at: at, lambda at: [f"img{one}.png" for one in at]])
def test_ids_that_stand_twice_are_named_though_nobody_asked(tmp_path, form, make):
    frame = file(400, id=make([*range(390), *range(10)]))
    path = tmp_path / f"p.{form}"
    frame.to_csv(path, index=False) if form == "csv" else frame.to_parquet(path, index=False)
    found = finding(path)
    assert found.message.startswith(
        "10 of 400 rows have an id in 'id' that stands in another row, too; if they are copies"
    )
    assert (found.level, found.columns, found.rows) == ("note", ("id",), tuple(range(391, 401)))


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("id", [*range(398), 0, 1]),  # two of four hundred
        ("id", list(range(400))),
        ("id", list(range(400))[::-1]),
        ("id", [at % 80 for at in range(400)]),  # five rows each: groups
        ("id", [None, *range(199), *range(200)]),
        ("index", [at % 200 for at in range(400)]),  # starts again
        ("Unnamed: 0", [at % 200 for at in range(400)]),
    ],
)
def test_other_ids_are_not(name, ids):
    assert finding(file(400, **{name: ids})) is None


def test_ids_of_remote_files_are_not_read_again():
    table = as_table(file(400, id=[*range(390), *range(10)]))
    account = (ColumnRole("id", Role.ID, None, "by its name"),)
    assert repeated_ids(table, account).copies == 10
    assert repeated_ids(replace(table, path="https://example.org/p.csv"), account) is None


def test_copies_and_ids_are_one_finding():
    half = file(100, id=np.arange(100))
    said = finding(pd.concat([half, half])).message
    assert said.endswith("that differ; 100 of 200 rows have an id in 'id' that stands in another row, too")


@pytest.mark.parametrize("name", ["doubled", "doubled coarse", "mixed", "thrice", "10%", "20%", "40%"])
def test_repeats_are_named_in_most_draws(name):
    hits = ["XE314" in codes(repeat_slip(name, np.random.default_rng([6, draw]), 500)) for draw in range(12)]
    assert np.mean(hits) >= 0.8


def accused(rows, draws, seed):
    files = (honest_repeats(np.random.default_rng([seed, rows, draw]), rows) for draw in range(draws))
    return [draw for draw, one in enumerate(files) if "XE314" in codes(one)]


@pytest.mark.parametrize("rows", SIZES)
def test_rows_that_repeat_by_chance_are_none(rows):
    assert not accused(rows, 24, 5)


@pytest.mark.simulation
@pytest.mark.parametrize("rows", SIZES)
def test_rows_that_repeat_by_chance_are_none_in_many_draws(rows):
    assert not accused(rows, 300, 7)


@pytest.mark.parametrize("ids", [
    pa.array([[1, 2]] * 300),
    pa.array([{"of": 1}] * 300),
    pa.array([bytes([255, row % 7]) for row in range(300)]),
    pa.array([2**63 + row for row in range(300)], pa.uint64()),
    pa.array([None] * 300, pa.int64()),
], ids=["lists", "structs", "bytes", "beyond int64", "missing"])  # fmt: skip
def test_an_unused_column_that_holds_no_ids_to_compare_is_passed_over(tmp_path, ids):
    path = tmp_path / "preds.parquet"
    plain = pa.Table.from_pandas(file(300), preserve_index=False)
    pq.write_table(plain.append_column("id", ids), path)
    report = xentcli.score(path)
    assert report.score.loss == xentcli.score(plain).score.loss
    assert not [one for one in report.findings if one.code == "XE314"]
