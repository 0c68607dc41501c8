"""Comments and quotes: no row is taken for a comment, none is swallowed by a quote, and what was decided is said."""

import json

import pytest
from text_files import cells, opened

import xentcli
from xentcli import errors
from xentcli.files.format import Format

COMMENTS = "lines that start with # are comments"
LABELS = ("neg", "pos")


def lines_of(count, form="text {at}\t{label}\n", first=0):
    return "".join(form.format(at=at, label=LABELS[at % 2]) for at in range(first, first + count))


def read(tmp_path, text, form=Format.CSV, **options):
    table = opened(tmp_path / "t.csv", text, form, part_bytes=1 << 14, block_bytes=1 << 12, **options)
    return cells(table), table.notes


@pytest.mark.parametrize(
    ("text", "label", "rows"),
    [
        ('label,text\nham,"one\n#cloud"\nspam,two\n', "label", ["ham", "spam"]),
        ('text,label\n"one\n# two, three\nfour",ham\nfive,spam\n', "label", ["ham", "spam"]),
        ('text,label\n"one\n#\n",ham\nfive,spam\n', "label", ["ham", "spam"]),
        ('text;label\n"#a\n#b\n#c";ham\n"#d";spam\n', "label", ["ham", "spam"]),
    ],
)
def test_a_line_inside_a_quoted_cell_is_no_comment(tmp_path, text, label, rows):
    found, notes = read(tmp_path, text)
    assert found[label] == rows
    assert COMMENTS not in notes


def test_a_ragged_comment_makes_no_comments_of_rows_that_start_alike(tmp_path):
    found, notes = read(tmp_path, "tag,label\n#x\n#cat,1\ndog,0\n#owl,1\n")
    assert found == {"tag": ["#cat", "dog", "#owl"], "label": ["1", "0", "1"]}
    assert notes == (COMMENTS, "2 rows (first: line 3) start with # and have the cells of a row (--comment decides)")


def test_a_comment_behind_the_sample_is_left_out_and_said(tmp_path):
    found, notes = read(tmp_path, "text\tlabel\n" + lines_of(40_000) + "# the end\n", Format.TSV)
    assert len(found["label"]) == 40_000
    assert notes == (COMMENTS,)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("# a, b\nlabel,score\nx,0.5\ny,0.25\n", ["label", "score"]),
        ("# made,of\n# two\nlabel,score\nx,1\ny,2\n", ["label", "score"]),
        ("#id,label\n1,x\n2,y\n", ["#id", "label"]),
        ("# one\n# YTID, start, end\na1, 0.5, 1.5\na2, 1.5, 2.5\n", ["# YTID", "start", "end"]),
        ("#happy,1\n#sad,0\nplain,1\n#happy,0\n", ["f0", "f1"]),
    ],
)
def test_lines_above_a_header_are_comments_and_a_marked_header_is_one(tmp_path, text, names):
    assert list(read(tmp_path, text)[0]) == names


@pytest.mark.parametrize(
    ("options", "rows"),
    [({"comment": "%"}, ["1", "3"]), ({"comment": "none"}, ["1", "%2", "3"]), ({}, ["1", "%2", "3"])],
)
def test_the_option_decides_which_lines_are_comments(tmp_path, options, rows):
    assert read(tmp_path, "id,label\n1,x\n%2,y\n3,x\n", **options)[0]["id"] == rows


def test_a_comment_of_the_option_is_none_inside_quotes(tmp_path):
    found, _ = read(tmp_path, 'a,b\n%x,y\n"1\n%z",2\n%q,r\n3,4\n', comment="%")
    assert found == {"a": ["1\n%z", "3"], "b": ["2", "4"]}


def test_without_comments_a_ragged_line_is_an_error(tmp_path, refused):
    assert "line 2 (row 1): 1 cell" in str(refused(lambda: read(tmp_path, "a,b\n# x\n1,2\n", comment="none")))


@pytest.mark.parametrize(
    "stray",
    [
        '"sail\tpos\nship\tneg\nfox "\tneg\n',
        '"sail\tpos\nbell"\tneg\n',
        '"sail\tpos\n' + lines_of(3000) + 'bell"\tneg\n',
        '"sail\tpos\nship\tneg\n"fox" and "bell"\tneg\n',
    ],
)
@pytest.mark.parametrize("before", [10, 20_000])
def test_a_stray_quote_swallows_no_row(tmp_path, stray, before):
    text = "text\tlabel\n" + lines_of(before) + stray + lines_of(10)
    found, notes = read(tmp_path, text, Format.TSV)
    assert len(found["label"]) == text.count("\n") - 1
    assert set(found["label"]) == set(LABELS)
    assert notes[0].startswith(f'quotes " are text: the one in line {before + 2} would take ')


@pytest.mark.parametrize(
    "text",
    [
        "label\ttext\n" + lines_of(8, "{label}\ttext {at}\n") + 'neg\t"sail\npos\tship\nneg\tbell"\n',
        "id\ttext\tlabel\n" + lines_of(8, "{at}\ttext\t{label}\n") + '8\t"sail\tpos\n9\tship\tneg\n10\tfox"\tneg\n',
        "id,text,label\n" + lines_of(8, "{at},text,{label}\n") + '8,"sail,pos\n9,ship,neg\n10,fox",neg\n',
    ],
)
def test_a_stray_quote_is_told_in_any_column(tmp_path, text):
    form = Format.TSV if "\t" in text else Format.CSV
    assert set(read(tmp_path, text, form)[0]["label"]) == set(LABELS)


@pytest.mark.parametrize("count", [6, 30, 21_000])
@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("text,label", "text {at},Q{label}\n"),
        ("text\tlabel", "text {at}\tQ{label}\n"),
        ("text;label", "Qtext {at};{label}\n"),
        ("label|text", "{label}|Qtext {at}\n"),
    ],
)
def test_a_quote_that_another_opening_quote_closes_swallows_no_row(tmp_path, header, form, count):
    plain, strayed = form.replace("Q", ""), form.replace("Q", '"')
    lines = "".join(lines_of(1, strayed if at in {1, 4} else plain, at) for at in range(count))
    found, notes = read(tmp_path, f"{header}\n{lines}", Format.TXT)
    assert len(found["label"]) == count
    assert notes[0].startswith('quotes " are text: the one in line 3 would take 4 rows into one cell')


def test_a_stray_quote_swallows_no_row_of_one_column(tmp_path):
    lines = lines_of(30, "{label}\n").split("\n")
    lines[7], lines[20] = f'"{lines[7]}', f'"{lines[20]}'
    assert len(read(tmp_path, "label\n" + "\n".join(lines))[0]["label"]) == 30


def test_several_labels_on_lines_of_one_cell_stay_one(tmp_path):
    found, _ = read(tmp_path, 'label\ncat\n"cat\ndog"\ndog\n"dog\neel"\neel\n')
    assert found["label"] == ["cat", "cat\ndog", "dog", "dog\neel", "eel"]


@pytest.mark.parametrize("separator", [" ", ",", "\t"])
def test_a_stray_quote_under_quoted_names_is_refused(tmp_path, refused, separator):
    rows = [f'"{at}"S{LABELS[at % 2]}' for at in range(30)]
    rows[7], rows[20] = rows[7].replace('"S', "S"), rows[20].replace('"S', "S")
    text = '"id"S"label"\n' + "\n".join(rows) + "\n"
    error = refused(lambda: read(tmp_path, text.replace("S", separator), Format.TXT))
    assert (error.place.line, "--quote none" in error.help) == (9, True)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_stray_quote_in_the_last_column_of_a_few_rows_is_told(tmp_path, separator):
    text = 'labelStext\nposSone\nnegS"two\nposSthree\nnegSfour"\nposSfive\n'.replace("S", separator)
    assert read(tmp_path, text, Format.TXT)[0]["label"] == ["pos", "neg", "pos", "neg", "pos"]


def test_text_of_several_lines_with_commas_stays_one_cell(tmp_path):
    text = "text,label\n" + lines_of(6, '"Dear {at}, all\nthank you, bye\nyours",{label}\n')
    found, notes = read(tmp_path, text)
    assert found["label"] == ["neg", "pos"] * 3
    assert notes == ()


def test_a_stray_quote_among_quotes_that_enclose_cells_is_refused_with_both_ways_out(tmp_path, refused):
    text = 'text,label\n"Hello, you",pos\n' + lines_of(6, "text {at},{label}\n") + '"a,pos\nb,neg\nc",neg\n'
    error = refused(lambda: read(tmp_path, text))
    assert isinstance(error, errors.UnreadableError)
    assert error.place.line == 9
    assert "takes 3 lines into it that are rows themselves" in error.message
    assert "--quote none" in error.help
    assert "--quote '\"'" in error.help


def test_the_option_decides_what_encloses_cells(tmp_path):
    text = "text\tlabel\n" + lines_of(8) + '"sail\tpos\nship\tneg\nfox"\tneg\n'
    assert len(read(tmp_path, text, Format.TSV, quote='"')[0]["label"]) == 9
    assert len(read(tmp_path, text, Format.TSV, quote="none")[0]["label"]) == 11
    assert read(tmp_path, "a,b\n'x,y',1\nz,2\n", quote="'")[0] == {"a": ["x,y", "z"], "b": ["1", "2"]}
    assert read(tmp_path, "a,b\n|x,y|,1\nz,2\n", quote="|")[0] == {"a": ["x,y", "z"], "b": ["1", "2"]}


def test_a_quoted_word_does_not_hide_what_encloses_cells(tmp_path):
    lines = lines_of(6, "'word {at}, more','{label}'\n")
    found, _ = read(tmp_path, "'text','label'\n" + lines + "'say \"hi\" twice, \"bye\", ','pos'\n")
    assert found["label"] == [*LABELS * 3, "pos"]


def test_a_cell_that_is_one_quoted_word_does_not_hide_what_encloses_cells(tmp_path):
    text = "id,text,label\n" + lines_of(6, "{at},'word {at}, more',{label}\n") + '6,"word" ,pos\n'
    found, _ = read(tmp_path, text)
    assert (found["label"], found["text"][0]) == ([*LABELS * 3, "pos"], "word 0, more")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_inside_every_cell_do_not_hide_what_encloses_them(tmp_path, separator):
    text = "idSlabelStext\n" + lines_of(6, "{at}S{label}S'one, S {at}'\n")
    found, _ = read(tmp_path, text.replace("S", separator), Format.TXT)
    assert list(found) == ["id", "label", "text"]
    assert found["text"][3] == f"one, {separator} 3"


@pytest.mark.parametrize("lines", [1500, 12_000, 60_000])
def test_a_cell_longer_than_the_sample_does_not_mislead(tmp_path, lines):
    text = 'text,label\n"' + "one, two, three and some more\n" * lines + '",1\n' + '"a,b\nc",0\n' * 30
    found, notes = read(tmp_path, text)
    assert found["label"] == ["1", *["0"] * 30]
    assert notes == ()


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e"])
@pytest.mark.parametrize("quoted", ["", '5" '])
def test_only_line_feeds_and_carriage_returns_end_a_row(tmp_path, character, quoted):
    text = f"te{character}xt,label\n{quoted}one{character}two,ham\n{character}three{character},spam\n"
    found, notes = read(tmp_path, text)
    assert [name for name in found if name.endswith("label")] == ["label"]
    assert found["label"] == ["ham", "spam"]
    assert next(iter(found.values()))[0] == f"{quoted}one{character}two"
    assert notes == ()


def test_one_column_keeps_its_rows_too(tmp_path):
    assert read(tmp_path, "label\na\u2028b\nc\x0cd\n")[0] == {"label": ["a\u2028b", "c\x0cd"]}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"comment": "##"}, "--comment '##' is neither one ASCII character nor none"),
        ({"quote": ""}, "--quote ''"),
        ({"quote": ",", "separator": ","}, "--quote ','"),
        ({"separator": "\U0001f99c"}, "stands in none of the first lines"),
    ],
)
def test_characters_that_cannot_be_meant_are_refused(tmp_path, refused, options, words):
    assert words in str(refused(lambda: read(tmp_path, "a,b\n1,2\n", **options)))


def test_a_separator_of_any_characters_is_read(tmp_path):
    assert read(tmp_path, "a\U0001f99cb\n1\U0001f99c2\n", separator="\U0001f99c")[0] == {"a": ["1"], "b": ["2"]}
    assert read(tmp_path, 'a||b\n"1||x"||2\n', separator="||")[0] == {"a": ["1||x"], "b": ["2"]}


def test_labels_that_look_like_comments_are_written_and_read_again(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text('label\n"#"\ncat\n"# dog"\n#\n')
    written = xentcli.encode(path, to="class-names", output=tmp_path / "y.csv", label="label", comment="none")
    assert written.source.rows == 4
    found = xentcli.inspect(tmp_path / "y.csv").to_dict()
    assert {one["name"]: one["count"] for one in found["classes"]} == {"#": 2, "# dog": 1, "cat": 1}


def test_many_texts_of_several_lines_that_could_be_rows_stay_cells(tmp_path):
    text = "text,label\n" + lines_of(21_000, '"Dear {at}, all\nthank you, bye\nyours",{label}\n')
    assert len(read(tmp_path, text)[0]["label"]) == 21_000


def test_every_command_and_the_configuration_have_the_options(xent, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.tsv").write_text('text\tlabel\n"x\ta\n#y\tb\n#z\nz"\ta\n')
    (tmp_path / "xent.toml").write_text('comment = "#"\nquote = "none"\n')
    by_flag = xent("inspect", "t.tsv", "--comment", "#", "--quote", "none", "--label", "label", "-f", "json")
    by_file = xent("inspect", "t.tsv", "--label", "label", "-f", "json", isolated=False)
    assert json.loads(by_flag.out)["source"]["rows"] == json.loads(by_file.out)["source"]["rows"] == 2
    for command in ("score", "check", "compare", "encode"):
        assert {"--comment", "--quote"} <= set(xent(command, "--help").out.split())
