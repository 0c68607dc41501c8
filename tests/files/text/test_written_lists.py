"""Printed lists: cells of text in which Python, NumPy, Spark and PyTorch write lists of numbers."""

import csv

import pytest

from xentcli.errors import ColumnError
from xentcli.files.open import open_table
from xentcli.files.table import ReadAs


@pytest.fixture
def column(tmp_path):
    """Return what a CSV file holds in a column of some cells."""

    def run(*cells):
        path = tmp_path / "data.csv"
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerows([("at", "p"), *enumerate(cells)])
        table = open_table([str(path)])
        found = [row["p"] for batch in table.batches({"p": ReadAs.NATIVE}) for row in batch.to_pylist()]
        return found, table.notes

    return run


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[0.75, 0.25]", "[1e-3, 0.999]"),
        ("[0.75,0.25]", "[1e-3,0.999]"),
        ("[0.75 0.25]", "[ 0.001\n 0.999]"),
        ("(0.75, 0.25)", "(0.001, 0.999)"),
        ("[np.float64(0.75), np.float64(0.25)]", "[np.float64(0.001), np.float64(0.999)]"),
        ("array([0.75, 0.25], dtype=float32)", "array([0.001, 0.999], dtype=float32)"),
        ("tensor([0.75, 0.25], device='cuda:0')", "tensor([0.001, 0.999], device='cuda:0')"),
        ("[tensor(0.75), tensor(0.25)]", "[tensor(0.001), tensor(0.999)]"),
        ("DenseVector([0.75, 0.25])", "DenseVector([0.001, 0.999])"),
        ("0.75,0.25", "0.001,0.999"),
    ],
)
def test_every_way_of_printing_is_the_same_list(column, one, other):
    found, notes = column(one, other, "")
    assert found == [[0.75, 0.25], [0.001, 0.999], None]
    assert notes[-1] == "printed lists read as lists of numbers: p"


def test_sparse_vectors_of_spark_stand_among_dense_ones(column):
    found, _ = column(*["[0.75,0.25]"] * 9, "(2,[1],[1.0])", "SparseVector(2, {0: 1.0})", "(2,[2],[1.0])")
    assert found[8:] == [[0.75, 0.25], [0.0, 1.0], [1.0, 0.0], None]


def test_a_later_cell_that_is_no_list_is_null(column):
    found, _ = column(*["[0.5, 0.5]"] * 300, "n/a", "[]", "[0.25, 0.75]")
    assert found[299:] == [[0.5, 0.5], None, None, [0.25, 0.75]]


@pytest.mark.parametrize("cell", ["[1, 0]", "['a', 'b']", "[0.5]", "12.5,7.25", "(unknown)", "[3 rows] 0.5, 0.5"])
def test_tags_zeros_and_ones_places_and_texts_stay_text(column, cell):
    assert column(cell, cell)[0] == [cell, cell]


def test_lists_that_numpy_cut_short_are_refused(column):
    with pytest.raises(ColumnError, match="lists that NumPy cut short"):
        column("[0.1 0.2 ... 0.3 0.4]", "[0.1 0.2 ... 0.3 0.4]")
