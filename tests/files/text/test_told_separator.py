"""The first line `sep=;`, by which Excel is told what stands between cells."""

import pytest

import xentcli
from xentcli.errors import XentError

ROWS = ["label;p_a;p_b", "a;0.5;0.5", "b;0.25;0.75", "a;0.75;0.25", "b;0.5;0.5"]


def written(folder, first, rows, separator=";", **options):
    path = folder / "scores.csv"
    path.write_text("\n".join([first, *(row.replace(";", separator) for row in rows)]) + "\n", **options)
    return path


@pytest.mark.parametrize(
    ("first", "separator"), [("sep=;", ";"), ("SEP=|", "|"), ('"sep=;"', ";"), ("sep=,", ","), ("sep=\t", "\t")]
)
def test_the_line_names_the_separator_and_is_no_row(tmp_path, first, separator):
    plain = tmp_path / "plain.csv"
    plain.write_text("\n".join(ROWS).replace(";", ",") + "\n")
    found = xentcli.score(written(tmp_path, first, ROWS, separator)).to_dict()
    assert found["rows"]["read"] == 4
    assert found["loss"] == xentcli.score(plain).to_dict()["loss"]


def test_the_line_is_told_and_numbers_may_have_decimal_commas(tmp_path):
    rows = [row.replace(".", ",") for row in ROWS]
    found = xentcli.inspect(written(tmp_path, "sep=;", rows, encoding="utf-8-sig")).to_dict()
    assert any("sep=;" in note for note in found["source"]["notes"])
    assert xentcli.score(tmp_path / "scores.csv").to_dict()["rows"]["scored"] == 4


def test_an_error_counts_the_line(tmp_path):
    with pytest.raises(XentError, match="line 4"):
        xentcli.score(written(tmp_path, "sep=;", [*ROWS[:2], "b;oops;0.5", *ROWS[3:]]))
