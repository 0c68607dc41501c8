"""Headers and separators that are not plain: what a person sees is what is read, and no row is a header."""

import pytest
from text_files import cells, opened

from xentcli import errors
from xentcli.files.format import Format


def rows(form, count=6):
    return "".join(form.format(at=at, class_=at % 3, one=int(at % 3 == 1), two=int(at % 3 == 2)) for at in range(count))


def read(tmp_path, text, form=Format.CSV, **options):
    table = opened(tmp_path / "t.csv", text, form, part_bytes=1 << 14, block_bytes=1 << 12, **options)
    return cells(table), table.notes


@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("image,0,1,2", "a{at}.png,0.{at},0.25,0.5\n"),
        ("image,0,1,2", "a{at}.png,0,{one},{two}\n"),
        ("image,0,1", "a{at}.png,{one},{two}\n"),
        (",0,1,2", "{at},0.{at},0.25,0.5\n"),
        (",0,1,2", "{at},0,{one},{two}\n"),
        (",0", "{at},{class_}\n"),
        (",0", "{at},c{class_}\n"),
        (",0", "a{at}.png,{class_}\n"),
        (",0,1", "a{at}.png,{class_},c{class_}\n"),
        ("0,1", "{at},c{class_}\n"),
        ("0,1", "text {at},{class_}\n"),
        ("label,2,0,1", "{class_},0.{at},0.25,0.5\n"),
        ("label,2,0,1", "c{class_},0.{at},0.25,0.5\n"),
        ("label,2,0,1", "c{class_},{two},0,{one}\n"),
        ("3,4,5,truth", "0.{at},0.25,0.5,{class_}\n"),
        ("3,4,5,truth", "0.{at},0.25,0.5,c{class_}\n"),
        ("3,4,5,truth", "-1.{at},2.25,7.5,{class_}\n"),
    ],
)
def test_a_header_of_numbers_is_one(tmp_path, header, form):
    found, _ = read(tmp_path, f"{header}\n{rows(form)}")
    names = header.split(",")
    assert list(found) == [name or "f0" for name in names]
    assert {len(column) for column in found.values()} == {6}


@pytest.mark.parametrize("separator", [";", "\t", "|", " "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("imageS0S1S2", "a{at}.pngS0.{at}S0.25S0.5\n"),
        ('"labelS2S0S1"'.replace("S", '"S"'), '"c{class_}"S{two}S0S{one}\n'),
        ("3S4S5Struth", "0.{at}S0.25S0.5Sc{class_}\n"),
    ],
)
def test_a_header_of_numbers_is_one_under_any_separator(tmp_path, separator, end, header, form):
    text = (header + "\n" + rows(form)).replace("S", separator).replace("\n", end)
    found, _ = read(tmp_path, text, Format.TXT)
    assert list(found) == header.replace('"', "").split("S")
    assert {len(column) for column in found.values()} == {6}


@pytest.mark.parametrize(
    "text",
    [
        "7,2,1\n" + rows("{at},{class_},{one}\n"),
        "1,0\n" + rows("{one},{two}\n"),
        "0,1\n" + rows("{one},{two}\n"),
        ",0\n" + rows("c{class_},{one}\n"),
        "a.png,1,0\n" + rows("b{at}.png,{one},{two}\n"),
        "5,3,8\n" + rows("{at},{at},{at}\n"),
    ],
)
def test_a_row_of_numbers_is_no_header(tmp_path, text):
    found, _ = read(tmp_path, text)
    assert {len(column) for column in found.values()} == {7}


@pytest.mark.parametrize(("separator", "form"), [(",", Format.CSV), (";", Format.CSV), ("\t", Format.TSV)])
@pytest.mark.parametrize(("head", "end"), [("", ""), ("", "S"), ("S", ""), ("S", "S")])
def test_a_separator_at_the_end_of_the_header_or_of_the_rows_makes_no_column(tmp_path, separator, form, head, end):
    text = f"idSlabel{head}\n" + rows("{at}Sx{class_}" + end + "\n")
    found, _ = read(tmp_path, text.replace("S", separator), form)
    assert list(found) == ["id", "label"]
    assert found["label"][:3] == ["x0", "x1", "x2"]


@pytest.mark.parametrize(
    ("text", "names", "last"),
    [
        ('"len" "kind"\n' + rows('"{at}" {at}.5 "owl {class_}"\n'), ["f0", "len", "kind"], "owl 0"),
        ('"kind"\n' + rows('"{at}" "owl"\n'), ["f0", "kind"], "owl"),
        ('"len" "kind"\n' + rows('{at}.5 "owl"\n'), ["len", "kind"], "owl"),
        ('"len","kind"\n' + rows('"{at}",{at}.5,"owl"\n'), ["f0", "len", "kind"], "owl"),
        ("len\tkind\n" + rows("{at}\t{at}.5\towl\n"), ["f0", "len", "kind"], "owl"),
    ],
)
def test_a_header_without_the_name_of_the_row_names_is_that_of_r(tmp_path, text, names, last):
    found, _ = read(tmp_path, text, Format.TXT)
    assert list(found) == names
    assert found[names[-1]][0] == last
    assert len(found["f0" if "f0" in found else "kind"]) == 6


@pytest.mark.parametrize("count", [6, 3000])
def test_blanks_and_a_count_line_are_read_as_celeba_writes_them(tmp_path, count):
    found, notes = read(tmp_path, f"{count}\nSmiling Young \n" + rows("{at:06}.jpg -1  {one} \n", count), Format.TXT)
    assert list(found) == ["f0", "Smiling", "Young"]
    assert (len(found["f0"]), found["Young"][:2]) == (count, ["0", "1"])
    assert notes == ("separator: blanks", "the first line holds counts, it is no header")


def test_a_count_line_over_rows_without_a_header_is_read(tmp_path):
    found, _ = read(tmp_path, "6\n" + rows("{at:06}.jpg {class_}\n"), Format.TXT)
    assert found["f1"] == ["0", "1", "2"] * 2


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (rows('{at}::The "Word" {at} (1990)::A|B\n'), ["f0", "f1", "f2"]),
        (rows('{at}::"Word" {at}, more::A|B\n'), ["f0", "f1", "f2"]),
        (rows("{at}::M::{class_}::4::48067\n"), ["f0", "f1", "f2", "f3", "f4"]),
        ("user::item::rating\n" + rows("{at}::7::{class_}\n"), ["user", "item", "rating"]),
    ],
)
def test_two_colons_separate_as_in_movielens(tmp_path, text, names):
    found, notes = read(tmp_path, text, Format.TXT)
    assert list(found) == names
    assert notes[0] == "separator: '::'"


def test_a_ragged_row_among_two_colons_is_named(tmp_path, refused):
    text = "user::item::rating\n" + rows("{at}::7::{class_}\n", 30) + "31::7\n"
    error = refused(lambda: read(tmp_path, text, Format.TXT))
    assert "2 cells where the other rows have 3" in error.message
    assert error.place.line == 32


def test_commas_in_each_text_leave_two_colons_the_separator(tmp_path):
    text = "title::label\n" + rows("The Owl, {at}::c{class_}\n")
    for form in (Format.TXT, Format.CSV):
        assert read(tmp_path, text, form)[0]["label"][:3] == ["c0", "c1", "c2"]


def test_two_colons_inside_cells_separate_nothing(tmp_path):
    assert list(read(tmp_path, "name,label\n" + rows("std::v{at},{class_}\n"))[0]) == ["name", "label"]


def test_blanks_behind_separators_before_quotes_are_read(tmp_path):
    found, notes = read(tmp_path, "id, labels\n" + rows('a{at}, "x{class_},y"\n'))
    assert found["labels"][:2] == ["x0,y", "x1,y"]
    assert notes == ("blanks behind a separator belong to no cell",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"label,score"\n' + rows('"{class_},0.{at}"\n'), ["0", "1", "2"] * 2),
        ('"label,text"\n' + rows('"c{class_},""hello, {at}"""\n'), ["c0", "c1", "c2"] * 2),
        ("label,text\n" + rows('"c{class_},""hello, {at}"""\n'), ["c0", "c1", "c2"] * 2),
    ],
)
def test_a_file_whose_every_row_is_one_quoted_cell_is_unwrapped(tmp_path, text, expected):
    found, notes = read(tmp_path, text)
    assert found["label"] == expected
    assert notes == ("every row is one quoted cell, which is read as the row that it holds",)


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_wrapped_rows_may_have_any_separator(tmp_path, separator):
    text = '"idSlabelStext"\r\n' + rows('"{at}Sc{class_}S""helloS {at}"""\r\n')
    found, notes = read(tmp_path, text.replace("S", separator))
    assert (found["label"], found["text"][5]) == (["c0", "c1", "c2"] * 2, f"hello{separator} 5")
    assert notes[0] == "every row is one quoted cell, which is read as the row that it holds"


def test_rows_wrapped_in_the_other_quote_are_unwrapped(tmp_path):
    found, _ = read(tmp_path, "'id,text,label'\n" + rows("'{at},hello,c{class_}'\n"))
    assert found["label"] == ["c0", "c1", "c2"] * 2


@pytest.mark.parametrize(
    "text", ['"x;y"\n"a;b"\n"c;d"\n"a;c"\n', '"tags"\n"a,b"\n"c,d"\n"a,c"\n', '"a,b"\n"c,a"\n"a,b"\n"b,c"\n']
)
def test_tags_in_quotes_stay_one_cell(tmp_path, text):
    assert len(read(tmp_path, text)[0]) == 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("id,text,label,p\n" + rows("{at},hello\nworld,{class_},.5\n"), 2),
        ("id,text,label,p\n1,a,x,.5\n2,b\nc,x,.5\n3,d,x,.5\n", 3),
        ("id,text,label\n1,a,x\n2,b\nc,x\n3,d,x\n", 3),
        ("id;text;label;p\n" + rows("{at};hello\nworld;{class_};.5\n"), 2),
        ("id\ttext\tlabel\tp\r\n" + rows("{at}\thello\r\nworld\t{class_}\t.5\r\n"), 2),
    ],
)
def test_a_record_that_is_broken_into_two_lines_is_named(tmp_path, refused, text, line):
    error = refused(lambda: read(tmp_path, text))
    assert isinstance(error, errors.RaggedRowError)
    assert "a record is broken into two lines" in error.message
    assert error.place.line == line


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("id,text,label\n1,a,x\n2,b\nc\nd,x\n3,d,x\n", "three lines, of 2 cells, 1 and 2:"),
        ("id,text,label,p\n1,a,x,1\n2,b\nc\nd\ne,x,1\n3,d,x,1\n", "four lines, of 2 cells, 1, 1 and 3:"),
    ],
)
def test_a_record_that_is_broken_into_more_lines_is_named(tmp_path, refused, text, pieces):
    error = refused(lambda: read(tmp_path, text))
    assert f"a record is broken into {pieces} together they are the" in error.message
    assert error.place.line == 3


def test_ragged_lines_that_are_no_row_together_are_named_one_by_one(tmp_path, refused):
    error = refused(lambda: read(tmp_path, "id,text,label\n1,a,x\n2,b\n3,d,x\nc,x\n4,b,y\n"))
    assert error.message == "2 cells where the other rows have 3"


def test_a_header_longer_than_any_block_is_read(tmp_path):
    names = ["label", *(f"{'feature' * 40}_{at}" for at in range(2000))]
    found, _ = read(tmp_path, ",".join(names) + "\n" + rows("{class_}" + ",0.5" * 2000 + "\n"))
    assert list(found) == names
    assert len(found["label"]) == 6


def test_a_header_that_ends_where_the_first_look_does_has_its_line_end(tmp_path):
    text = "a" * 65533 + ",b\r\n1,2\r\n"
    assert read(tmp_path, text)[1] == ()


@pytest.mark.parametrize("start", ["", "a,b\n" + "1,2\n" * 30])
def test_a_line_without_an_end_is_refused_as_that(tmp_path, refused, monkeypatch, start):
    monkeypatch.setattr("xentcli.files.text.scan.LONGEST_CELL", 1 << 20)
    monkeypatch.setattr("xentcli.files.text.scan.LARGEST_SAMPLE", 1 << 20)
    error = refused(lambda: read(tmp_path, start + "a" * (3 << 20)))
    assert error.message == "a line does not end within 1 MiB, which no row of a table takes"


def test_comments_alone_are_no_table(tmp_path, refused):
    assert refused(lambda: read(tmp_path, "# a\n# b\n")).message == "holds comments and no rows"
