"""Cells with a per cent sign are numbers where every cell of their column has one."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xentcli
from xentcli.errors import XentError
from xentcli.files.open import as_table
from xentcli.files.table import ReadAs


def numbers(path, column="p_a", how=ReadAs.NUMBER):
    return [cell for batch in as_table(path).batches({column: how}) for cell in batch.column(0).to_pylist()]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("label,p_a\na,70%\nb,2.5%\n", [0.7, 0.025]),
        ("label,p_a\na,70 %\nb, 2.5%\n,\n", [0.7, 0.025, None]),
        ("label,p_a\na,1e1%\nb,100%\n", [0.1, 1.0]),
        ('label;p_a\na;"70,5%"\nb;2%\n', [0.705, 0.02]),
        ('label,p_a\na"b,70%\nb,2%\n', [0.7, 0.02]),
    ],
)
def test_they_are_divided_by_100(tmp_path, text, wanted):
    (tmp_path / "p.csv").write_text(text)
    assert numbers(tmp_path / "p.csv") == pytest.approx(wanted, abs=1e-15)


def test_as_texts_they_stay_as_they_are(tmp_path):
    (tmp_path / "p.csv").write_text("label,p_a\na,70%\nb,2%\n")
    assert numbers(tmp_path / "p.csv", how=ReadAs.NATIVE) == ["70%", "2%"]


def test_the_report_says_that_they_were_divided(tmp_path):
    (tmp_path / "p.csv").write_text("label,p_a,p_b\na,70%,30%\nb,20%,80%\n")
    found = xentcli.score(tmp_path / "p.csv").score
    assert found.loss.value == pytest.approx(-np.log([0.7, 0.8]).mean())
    assert "numbers with a per cent sign are divided by 100: p_a, p_b" in found.task.reasons or any(
        "p_a, p_b" in note for note in as_table(tmp_path / "p.csv").notes
    )


@pytest.mark.parametrize("cells", [("70%", "0.2"), ("0.7", "20%")])
def test_a_column_in_which_some_cells_have_none_is_refused(tmp_path, xent, cells):
    (tmp_path / "p.csv").write_text(f"label,p_a,p_b\na,{cells[0]},0.3\nb,{cells[1]},0.8\n")
    ran = xent("score", tmp_path / "p.csv")
    assert ran.status == 2
    assert "either all cells have a per cent sign, or none" in ran.err


def test_a_cell_without_one_far_behind_is_a_bad_row(tmp_path):
    rows = ["a,70%,30%", "b,20%,80%"] * 2000
    rows[3333] = "b,0.2,80%"
    (tmp_path / "p.csv").write_text("label,p_a,p_b\n" + "\n".join(rows) + "\n")
    with pytest.raises(XentError, match=r"row 3334\).*holds '0.2', but of a column either all cells"):
        xentcli.score(tmp_path / "p.csv")


def test_per_cents_above_100_are_told_as_they_are_written(tmp_path, xent):
    rows = ["a,70%,30%", "b,20%,80%"] * 100
    rows[5] = "b,20%,180%"
    (tmp_path / "p.csv").write_text("label,p_a,p_b\n" + "\n".join(rows) + "\n")
    assert "holds '180%', not a probability in [0, 1]" in xent("score", tmp_path / "p.csv").err


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=40), st.booleans())
def test_a_file_of_per_cents_scores_as_one_of_shares(tmp_path_factory, cells, slow):
    folder = tmp_path_factory.mktemp("per_cents")
    note = 'x"y' if slow else "x"
    lines = [(f"{one / 100}%", f"{(10_000 - one) / 100}%", one % 2) for one in cells]
    plain = [(one / 10_000, (10_000 - one) / 10_000, one % 2) for one in cells]
    for name, rows in (("signs", lines), ("plain", plain)):
        body = "".join(f"{'ab'[label]},{p},{q},{note}\n" for p, q, label in rows)
        (folder / f"{name}.csv").write_text("label,p_a,p_b,note\n" + body)
    first, second = (xentcli.score(folder / f"{name}.csv").to_dict() for name in ("signs", "plain"))
    assert first["loss"]["value"] == pytest.approx(second["loss"]["value"], rel=1e-12)
    assert json.dumps(first["confusion"]) == json.dumps(second["confusion"])
