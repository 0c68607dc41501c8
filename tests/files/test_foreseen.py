"""Files that are read whole and certainly take more than the budget are refused before they are read."""

import struct
import zipfile

import pytest

from xentcli.errors import UnreadableError
from xentcli.files.format import ReadOptions
from xentcli.files.open import open_table


def refused(path, memory):
    with pytest.raises(UnreadableError) as caught:
        open_table([str(path)], ReadOptions(memory=memory))
    assert "--memory" in caught.value.help
    return caught.value.message


def workbook(path, sheet, texts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * sheet)
        archive.writestr("xl/sharedStrings.xml", b" " * texts)
    return path


def test_a_workbook_that_unfolds_to_more_than_the_budget_is_refused_by_its_directory(tmp_path):
    path = workbook(tmp_path / "a.xlsx", 48 << 20, 16 << 20)

    assert path.stat().st_size < 1 << 17
    assert refused(path, 63 << 20) == "is read whole, which takes at least 64.0 MiB; 63.0 MiB are allowed"


def test_an_array_of_objects_takes_its_size_twice(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("[" + '{"label": "a"},' * 200_000 + '{"label": "b"}]')

    assert refused(path, 5 << 20) == "is read whole, which takes at least 5.7 MiB; 5.0 MiB are allowed"


def test_lines_of_objects_are_not_read_whole(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"label": "a"}\n' * 200_000)

    assert open_table([str(path)], ReadOptions(memory=1 << 30)).rows == 200_000


def test_a_header_of_spss_that_tells_of_many_rows_is_refused(tmp_path):
    path = tmp_path / "a.sav"
    path.write_bytes(struct.pack("=4s60siiiii", b"$FL2", b"@(#) SPSS DATA FILE", 2, 1000, 1, 0, 2_000_000) + b" " * 999)

    assert refused(path, 1 << 30) == "is read whole, which takes at least 1.9 GiB; 1.0 GiB are allowed"


def test_a_file_of_stata_takes_its_size(tmp_path):
    path = tmp_path / "a.dta"
    path.write_bytes(b"<stata_dta>" + bytes(2 << 20))

    assert refused(path, 1 << 20) == "is read whole, which takes at least 2.0 MiB; 1.0 MiB are allowed"
