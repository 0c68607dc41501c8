"""Text files: every dialect of the wild reads as the table that a person sees."""

import csv
import io
import json
import lzma
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from text_files import cells, opened

from xentcli import errors
from xentcli.files.blob import blob_of
from xentcli.files.format import Format, ReadOptions
from xentcli.files.table import ReadAs
from xentcli.files.text import dialect
from xentcli.files.text.table import open_text

LABELS = Path(__file__).parents[4] / "shared" / "labels"


@pytest.fixture
def read(tmp_path):
    def run(data, numbers=(), suffix=".csv", **options):
        table = opened(tmp_path / f"data{suffix}", data, **options)
        return cells(table, numbers), table

    return run


@pytest.mark.parametrize(
    ("data", "expected", "notes"),
    [
        ("a,b\n1,2\n3,4\n", {"a": ["1", "3"], "b": ["2", "4"]}, ()),
        ("a,b\r\n1,2\r\n3,4", {"a": ["1", "3"], "b": ["2", "4"]}, ()),
        ("a,b\r1,2\r3,4\r", {"a": ["1", "3"], "b": ["2", "4"]}, ("lines end in a lone carriage return",)),
        ("a\tb\n1\t2\n", {"a": ["1"], "b": ["2"]}, ("separator: tab",)),
        ("a|b\n1|2\n", {"a": ["1"], "b": ["2"]}, ("separator: bar",)),
        (b"\xef\xbb\xbfa,b\n1,2\n", {"a": ["1"], "b": ["2"]}, ()),
        ("\ufeffk\u00e4tz,b\nx,2\n".encode("utf-16-le"), {"kätz": ["x"], "b": ["2"]}, ("UTF-16",)),
        (
            "a,b\nkätz,2\n".encode("latin-1"),
            {"a": ["kätz"], "b": ["2"]},
            ("not UTF-8 (byte 0xe4 in line 2): read as Latin-1",),
        ),
        ('a,b\n"x\ny",2\n"q""r",3\n', {"a": ["x\ny", 'q"r'], "b": ["2", "3"]}, ()),
        ('a,b\n5" pipe,2\nx "y" z,3\n', {"a": ['5" pipe', 'x "y" z'], "b": ["2", "3"]}, ()),
        ("'a';'b'\n'x y';'2'\n", {"a": ["x y"], "b": ["2"]}, ("separator: semicolon",)),
        ("a b  c\n1 2 3\n 4  5 6 \n", {"a": ["1", "4"], "b": ["2", "5"], "c": ["3", "6"]}, ("separator: blanks",)),
        ("# hi\na,b\n1,2\n# mid\n3,4\n", {"a": ["1", "3"], "b": ["2", "4"]}, ("lines that start with # are comments",)),
        ("#id,label\n1,2\n3,4\n", {"#id": ["1", "3"], "label": ["2", "4"]}, ()),
        ("label\nclass 0\nclass 1\n", {"label": ["class 0", "class 1"]}, ()),
        ("# note\nlabel\ncat\n#\ndog\n", {"label": ["cat", "dog"]}, ("lines that start with # are comments",)),
        (
            "2\n1,x\n2,y\n",
            {"f0": ["1", "2"], "f1": ["x", "y"]},
            ("the first line holds counts, it is no header", "no header: columns are f0, ... f1"),
        ),
        ("x,y,z\n1,a,b,c\n2,d,e,f\n", {"f0": ["1", "2"], "x": ["a", "d"], "y": ["b", "e"], "z": ["c", "f"]}, ()),
        ("a,b,\n1,2,\n3,4,\n", {"a": ["1", "3"], "b": ["2", "4"]}, ()),
        ("a,b\n1,2,\n3,4,\n", {"a": ["1", "3"], "b": ["2", "4"]}, ()),
        (",b\n1,2\n", {"f0": ["1"], "b": ["2"]}, ()),
        ("0,1,2\n1,0,0\n0,1,0\n", {"0": ["1", "0"], "1": ["0", "1"], "2": ["0", "0"]}, ()),
        ("1,0\n0,1\n", {"f0": ["1", "0"], "f1": ["0", "1"]}, ("no header: columns are f0, ... f1",)),
        ("cat\ndog\ncat\n\ndog\n\n", {"f0": ["cat", "dog", "cat", None, "dog"]}, ("no header: the column is f0",)),
        ("labels\na,b\nc\na,b,c\n", {"labels": ["a,b", "c", "a,b,c"]}, ()),
        ('label\nNA\nnull\n""\n', {"label": ["NA", "null", None]}, ()),
        ("label,x\n\n\na,1\n\n b ,2\n", {"label": ["a", " b "], "x": ["1", "2"]}, ()),
        ("label,0,1,2\n7,.5,.2,.3\n", {"label": ["7"], "0": [".5"], "1": [".2"], "2": [".3"]}, ()),
        ("5.5,2,a\n", {"f0": ["5.5"], "f1": ["2"], "f2": ["a"]}, ("no header: columns are f0, ... f2",)),
    ],
)  # fmt: skip
def test_a_dialect_reads_as_a_person_sees_it(read, data, expected, notes):
    found, table = read(data)
    assert found == expected
    assert table.notes == notes


def test_a_header_that_is_not_utf8_is_read_as_latin1(read):
    found, table = read("label,p_caf\xe9\nb,1\n".encode("latin-1"))
    assert found == {"label": ["b"], "p_café": ["1"]}
    assert table.notes == ("not UTF-8 (byte 0xe9 in line 1): read as Latin-1",)


def test_a_separator_that_the_header_lacks_stands_inside_cells(read):
    found, table = read("y_true,y_pred\n1|2,1\n2,2|1\n")
    assert found == {"y_true": ["1|2", "2"], "y_pred": ["1", "2|1"]}
    assert table.notes == ()


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ('label,p_a,p_b\n"a,.9,.1\nb,.2,.8\n', 2),
        ('label,p_a,p_b\na,"x,.9\nb,.2,.8', 2),
        ('label,p\n"x\ny",1\na,1\nb,"2\n', 5),
        ('"label,p\na,1\n', 1),
    ],
)
def test_a_quote_that_is_never_closed_is_named_with_its_line(read, refused, data, line):
    error = refused(read, data)
    assert error.message == 'the quote " that opens a cell here is never closed'
    assert error.place.line == line


def test_scikit_learns_first_line_gives_the_class_names(read):
    found, table = read("3,2,setosa,virginica,x\n1.5,2.5,0\n1.0,2.0,1\n3.5,0.1,2\n")
    assert list(found) == ["f0", "f1", "f2"]
    assert table["f2"].classes == ("setosa", "virginica", "x")


def test_numbers_are_parsed_on_request_and_what_is_none_is_null(read):
    found, _ = read("p,q\n1e-3,+.5\n inf ,-Infinity\nn/a,\nNaN,1_0\n", numbers=["p", "q"])
    assert found["p"][:3] == [0.001, float("inf"), None]
    assert found["p"][3] != found["p"][3]
    assert found["q"] == [0.5, float("-inf"), None, None]


def test_decimal_commas_are_numbers_under_another_separator(read):
    found, table = read("a;b\n1,5;2,7\n3;x\n", numbers=["a", "b"])
    assert found == {"a": [1.5, 3.0], "b": [2.7, None]}
    assert "numbers have a decimal comma" in table.notes
    found, _ = read('a;b\n"1,5";5" x\n', numbers=["a"])
    assert found == {"a": [1.5], "b": ['5" x']}


def test_options_overrule_the_sniffer(read):
    assert read("1,2\n3,4\n", header=True)[0] == {"1": ["3"], "2": ["4"]}
    assert read("a,b\nc,d\n", header=False)[0] == {"f0": ["a", "c"], "f1": ["b", "d"]}
    assert read("a;b,c\n1;2,3\n", separator=";")[0] == {"a": ["1"], "b,c": ["2,3"]}
    assert read("a,b\n?,2\n-,3\n", null_values=("?", "-"))[0]["a"] == [None, None]


def test_lines_are_those_of_the_file(read):
    _, table = read('# c\na,b\n\n"x\n\ny",1\n\nz,2\n')
    assert table.lines((1, 2)) == {1: 4, 2: 8}
    assert table.lines(()) == {}


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        ("", errors.EmptyInputError, "empty"),
        (" \n\n", errors.EmptyInputError, "empty"),
        ("a,b\n", errors.EmptyInputError, "header and no rows"),
        ("a,a\n1,2\n", errors.ColumnError, "'a'"),
        ("a,b\n1,2\n1,2,3\n1\n", errors.RaggedRowError, "line 3 (row 2): 3 cells where the other rows have 2"),
        ('a,b\n5" x,1\n1,2,3\n', errors.RaggedRowError, "line 3 (row 2)"),
        ("a,b,c\n1,2\n3,4\n", errors.RaggedRowError, "2 cells where the other rows have 3"),
        ("a,b\n\x00,2\n", errors.UnreadableError, "binary"),
    ],
)
def test_what_cannot_be_a_table_says_why(read, refused, data, kind, words):
    error = refused(lambda: read(data))
    assert isinstance(error, kind)
    assert words in str(error)


def test_binary_content_behind_the_sample_is_told_too(read, refused):
    assert "binary" in str(refused(read, "a,b\n" + "1,2\n" * 200_000 + "\x00,1\n"))


def test_compressed_text_streams_in_one_part(read):
    found, table = read(lzma.compress(b"a,b\n" + b"1,2\n" * 50), suffix=".csv.xz")
    assert found["a"] == ["1"] * 50
    assert len(table.parts) == 1


def test_a_wide_file_and_a_long_one_are_read_in_parts(read):
    wide, _ = read(",".join(f"c{at}" for at in range(3000)) + "\n" + ",".join(["0.5"] * 3000) + "\n")
    assert len(wide) == 3000
    _, table = read("a,b\n" + "x,1\n" * 600_000, part_bytes=1 << 20, block_bytes=1 << 16)
    assert len(table.parts) > 1
    assert sum(batch.num_rows for batch in table.batches({"a": ReadAs.NATIVE})) == 600_000


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=6)


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=12), st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]), st.integers(1, 40), st.integers(1, 64),
)  # fmt: skip
def test_what_the_standard_library_writes_reads_back(tmp_path, rows, separator, end, block_bytes, part_bytes):
    rows = [[cell.replace("\n", " ") if end == "\r\n" else cell for cell in row] for row in rows]
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(["one", "two", "three"])
    writer.writerows(rows)
    table = opened(
        tmp_path / "t.csv",
        buffer.getvalue(),
        separator=separator,
        header=True,
        block_bytes=block_bytes,
        part_bytes=part_bytes,
    )
    found = list(zip(*cells(table).values(), strict=True))
    assert found == [tuple(cell or None for cell in row) for row in rows]


def test_a_quote_must_open_and_close_at_the_edges_to_be_trusted(read):
    text = "a,b\n" + 'x,"y\nz"\n' * 9 + '"p"q,1\n'
    found, table = read(text)
    assert found["a"][-1] == "pq"
    assert len(found["a"]) == 10
    assert len(table.parts) == 1


def test_small_helpers_hold_their_word():
    assert dialect.number("1_0") is None
    assert dialect.sniff("x\n1\n2\n", Format.CSV, ReadOptions(), complete=True).separator == dialect.ONE_COLUMN


@pytest.mark.skipif(not LABELS.exists(), reason="the folder of real label files is not here")
@pytest.mark.parametrize("name", sorted(json.loads((LABELS / "readhints.json").read_text())) if LABELS.exists() else [])
def test_real_files_have_the_shape_that_their_hints_give(name):
    if ".csv" not in name:
        pytest.skip("no text")
    hints = json.loads((LABELS / "readhints.json").read_text())[name]["kw"]
    frame = pd.read_csv(LABELS / name, dtype=str, keep_default_na=False, **hints)
    table = open_text(blob_of(str(LABELS / name)), Format.CSV, ReadOptions())
    rows = sum(batch.num_rows for batch in table.batches({table.names[-1]: ReadAs.NATIVE}))
    assert (rows, len(table.names)) == frame.shape
    if hints.get("header", "infer") == "infer":
        assert re.sub(r"\s+", " ", table.names[-1]) == re.sub(r"\s+", " ", str(frame.columns[-1]))
