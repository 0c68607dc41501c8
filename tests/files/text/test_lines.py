"""The line of a row, whether rows are lines or not."""

import pytest

from xentcli.files.blob import blob_of
from xentcli.files.format import Format, ReadOptions
from xentcli.files.text.lines import lines_of
from xentcli.files.text.table import open_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\n1,2\n3,4\n", {1: 2, 2: 3}),
        ('"a","b"\n1,2\n3,4\n', {1: 2, 2: 3}),
        ('"a\nb",c\n1,2\n3,4', {1: 3, 2: 4}),
        ("a,b\n\n1,2\n3,4\n", {1: 3, 2: 4}),
        ("a,b\n1,2\n\n3,4\n", {1: 2, 2: 4}),
        ("a,b\r\n1,2\r\n3,4\r\n", {1: 2, 2: 3}),
        ('a,b\n"1\n",2\n3,4\n', {1: 2, 2: 4}),
        ("# note\na,b\n1,2\n# more\n3,4\n", {1: 3, 2: 5}),
        ("1,2\n3,4\n", {1: 1, 2: 2}),
    ],
)
def test_rows_are_found_in_their_lines(tmp_path, text, expected):
    path = tmp_path / "data.csv"
    path.write_bytes(text.encode())
    header = None if text[0] != "1" else False
    table = open_text(blob_of(str(path)), Format.CSV, ReadOptions(header=header))
    assert table.lines((1, 2)) == expected
    file = table.parts[0].file
    assert lines_of(file.rows(), (1, 2)) == expected
