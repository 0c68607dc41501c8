"""Label columns of -1, 0 and 1: where -1 fills most cells it says no, and 0 leaves a label open."""

import json

import numpy as np
import pytest

import xentcli

VOC = np.array([
    [-1, 1, -1, -1], [1, -1, -1, -1], [-1, -1, -1, 0], [-1, 1, 1, -1], [-1, -1, -1, 1], [-1, -1, 0, -1],
    [1, 1, -1, -1], [-1, -1, -1, -1],
])  # fmt: skip
NAMES = ("cat", "dog", "car", "bus")


def in_csv(folder, rows):
    path = folder / "labels.csv"
    lines = [",".join(("image", *NAMES))]
    lines += [
        ",".join((f"{at:06d}", *("" if cell is None else str(cell) for cell in row))) for at, row in enumerate(rows)
    ]
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def in_npy(folder, rows):
    path = folder / "labels.npy"
    np.save(path, rows.astype(np.int8))
    return str(path)


@pytest.mark.parametrize("write", [in_csv, in_npy])
def test_where_minus_one_fills_most_cells_it_says_no_and_zero_is_open(tmp_path, write):
    found = xentcli.inspect(write(tmp_path, VOC)).to_dict()
    assert (found["task"]["kind"], found["task"]["encoding"]) == ("multilabel", "multi-hot")
    assert [one["count"] for one in found["classes"]] == [2, 3, 1, 1]
    assert [one["share"] for one in found["classes"]] == pytest.approx([2 / 8, 3 / 8, 1 / 7, 1 / 7])
    assert any("-1 fills most cells: it says no" in one for one in found["evidence"])
    assert found["missing_rows"] == 0


def test_a_rare_minus_one_beside_zeros_ones_and_blanks_stays_unknown(tmp_path):
    rows = 5 * [[0, 1, 0, None], [1, 1, -1, 0], [0, 0, 1, 1], [0, 1, 0, 0], [1, 0, 0, None], [0, 0, 1, -1]]
    found = xentcli.inspect(in_csv(tmp_path, rows)).to_dict()
    assert [one["share"] for one in found["classes"]] == pytest.approx([2 / 6, 3 / 6, 2 / 5, 1 / 3])
    assert not any("says no" in one for one in found["evidence"])


@pytest.mark.parametrize("write", [in_csv, in_npy])
def test_encode_writes_the_open_cells_as_unknown_and_minus_one_as_no(tmp_path, write):
    output = tmp_path / "y.jsonl"
    xentcli.encode(write(tmp_path, VOC), to="multi-hot", output=output)
    rows = [list(json.loads(line).values())[-4:] for line in output.read_text().splitlines()]
    assert rows[0] == [0, 1, 0, 0]
    assert rows[2] == [0, 0, 0, None]
    assert rows[7] == [0, 0, 0, 0]
