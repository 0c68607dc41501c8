"""Signed labels: columns of -1, 0 and 1 are scored as they are inspected: -1 says no, 0 leaves a label open."""

import math

import pytest

import xentcli
from xentcli.errors import InputError

ROWS = ((1, -1, -1), (-1, 1, -1), (-1, -1, 0), (-1, -1, -1), (1, 1, -1), (-1, -1, 1))
SURE, UNSURE = 0.9, 0.2


def scored(folder, rows):
    path = folder / "voc.csv"
    lines = (",".join(str(one) for one in (*row, *(SURE if cell == 1 else UNSURE for cell in row))) for row in rows)
    path.write_text("\n".join(("cat,dog,car,score_cat,score_dog,score_car", *lines, "")))
    return xentcli.score(str(path)).to_dict()


def test_a_row_with_a_0_among_signs_is_one_without_a_label(tmp_path):
    found = scored(tmp_path, ROWS)
    assert (found["task"]["kind"], found["rows"]["scored"], found["rows"]["missing_label"]) == ("multilabel", 5, 1)
    ones, noes = 5, 10
    assert found["loss"]["value"] == pytest.approx(-(ones * math.log(SURE) + noes * math.log(1 - UNSURE)) / 15)


def test_what_0_means_is_said(tmp_path):
    said = [one["message"] for one in scored(tmp_path, ROWS)["findings"] if one["code"] == "XE118"]
    assert len(said) == 1
    assert "1 of 6 rows leave some labels open (blank, or 0 among -1 and 1)" in said[0]


def test_the_numbers_are_those_of_0_and_1_without_the_open_row(tmp_path):
    plain = [tuple(int(cell == 1) for cell in row) for row in ROWS if 0 not in row]
    assert scored(tmp_path, ROWS)["loss"]["value"] == scored(tmp_path, plain)["loss"]["value"]


def test_a_rare_minus_among_0_and_1_is_still_refused(tmp_path):
    with pytest.raises(InputError, match="neither 0 nor 1"):
        scored(tmp_path, ((1, 0, 0), (0, 1, 0), (0, -1, 1), (1, 1, 0)))
