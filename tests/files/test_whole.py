"""Excel, Stata and SPSS: read whole, with the file's own names of categories."""

import datetime as dt
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyreadstat
import pytest

from xentcli.errors import ColumnError, EmptyInputError, UnreadableError
from xentcli.files.open import open_table
from xentcli.files.table import ReadAs


def cells(table):
    return pa.Table.from_batches(list(table.batches(dict.fromkeys(table.names, ReadAs.NATIVE)))).to_pydict()


def workbook(tmp_path, *sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for at, rows in enumerate(sheets):
        sheet = book.create_sheet(f"sheet {at}")
        for row in rows:
            sheet.append(row)
    path = tmp_path / "a.xlsx"
    book.save(path)
    return str(path)


def test_a_sheet_keeps_types_and_only_the_blank_cell_is_missing(tmp_path):
    rows = [
        ["label", "n", "p", "ok", "mixed", 3],
        ["NA", 1, 0.5, True, 1, None],
        ["null", None, 1, False, "x", None],
        [None, None, None, None, None, None],
        [" ", 3, 2, None, 1.5, "z"],
    ]
    table = open_table([workbook(tmp_path, rows)])
    assert cells(table) == {
        "label": ["NA", "null", None],
        "n": [1, None, 3],
        "p": [0.5, 1.0, 2.0],
        "ok": [True, False, None],
        "mixed": ["1", "x", "1.5"],
        "3": [None, None, "z"],
    }
    assert [str(table[name].type) for name in ("label", "n", "p", "ok")] == ["string", "int64", "double", "bool"]
    assert (table.rows, table.notes) == (3, ())


def test_the_first_of_several_sheets_is_read_and_that_is_said(tmp_path):
    table = open_table([workbook(tmp_path, [["a", None], [1, 2, None]], [["b"], [2]])])
    assert cells(table) == {"a": [1], "f1": [2]}
    assert table.notes == ("read the first of 2 sheets, 'sheet 0'",)


def test_dates_of_a_sheet_are_dates(tmp_path):
    table = open_table([workbook(tmp_path, [["d"], [dt.datetime(2020, 1, 31)]])])  # noqa: DTZ001  Excel has no zones
    assert cells(table)["d"][0].isoformat() == "2020-01-31T00:00:00"


def test_doubled_names_and_empty_sheets_are_errors(tmp_path):
    with pytest.raises(ColumnError, match="same name: 'a'"):
        open_table([workbook(tmp_path, [["a", "a"], [1, 2]])])
    with pytest.raises(EmptyInputError, match="its first sheet is empty"):
        open_table([workbook(tmp_path, [])])
    with pytest.raises(EmptyInputError, match="holds no rows"):
        open_table([workbook(tmp_path, [["a"]])])


def test_a_truncated_workbook_is_an_error(tmp_path):
    path = workbook(tmp_path, [["a"], [1]])
    with Path(path).open("r+b") as file:
        file.truncate(3000)
    with pytest.raises(UnreadableError, match="cannot be read as xlsx"):
        open_table([path])


def test_stata_categories_keep_their_names_and_order(tmp_path):
    labels = pd.Categorical(["no", "yes", None], categories=["no", "yes", "maybe"])
    frame = pd.DataFrame({"y": labels, "p": [0.1, 0.9, 0.5], "n": [1, 2, 3]})
    frame.to_stata(tmp_path / "a.dta", write_index=False)
    table = open_table([str(tmp_path / "a.dta")])
    assert cells(table) == {"y": ["no", "yes", None], "p": [0.1, 0.9, 0.5], "n": [1, 2, 3]}
    assert table["y"].classes == ("no", "yes")


@pytest.mark.parametrize("version", [114, 117, 118, 119])
def test_every_stata_version_is_recognised(tmp_path, version):
    path = tmp_path / "a.dta"
    pd.DataFrame({"a": [1, 2]}).to_stata(path, write_index=False, version=version)
    assert cells(open_table([str(path)])) == {"a": [1, 2]}


def test_stata_value_labels_that_are_not_unique_leave_the_codes(tmp_path):
    path = tmp_path / "a.dta"
    frame = pd.DataFrame({"y": [0, 1, 2]})
    frame.to_stata(path, write_index=False, value_labels={"y": {0: "no", 1: "yes", 2: "no"}})
    table = open_table([str(path)])
    assert cells(table) == {"y": [0, 1, 2]}
    assert table.notes == ("value labels are not unique: codes are kept",)


def test_truncated_stata_files_are_errors(tmp_path):
    path = tmp_path / "a.dta"
    pd.DataFrame({"a": range(1000)}).to_stata(path, write_index=False)
    path.write_bytes(path.read_bytes()[:800])
    with pytest.raises(UnreadableError, match="cannot be read as dta"):
        open_table([str(path)])


def test_spss_value_labels_are_names_in_the_order_of_their_codes(tmp_path):
    path = tmp_path / "a.sav"
    frame = pd.DataFrame({"y": [2.0, 1.0, None], "age": [30.0, 99.0, 41.0], "s": ["a", "b", "c"]})
    labels = {"y": {1.0: "yes", 2.0: "no", 3.0: "maybe"}, "age": {99.0: "refused"}}
    pyreadstat.write_sav(frame, path, variable_value_labels=labels)
    table = open_table([str(path)])
    assert cells(table) == {"y": ["no", "yes", None], "age": [30.0, 99.0, 41.0], "s": ["a", "b", "c"]}
    assert table["y"].classes == ("yes", "no", "maybe")
    assert table.notes == ("value labels do not name every code and are left out: age",)


def test_truncated_spss_files_are_errors(tmp_path):
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(pd.DataFrame({"a": [1.0] * 100}), path)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(UnreadableError, match="cannot be read as sav"):
        open_table([str(path)])


def test_spss_without_its_package_says_what_to_install(tmp_path, monkeypatch):
    path = tmp_path / "a.sav"
    path.write_bytes(b"$FL2")
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    with pytest.raises(UnreadableError, match="takes the package pyreadstat") as caught:
        open_table([str(path)])
    assert caught.value.help == "pip install 'xentcli[spss]'"
