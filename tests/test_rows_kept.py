"""No row is lost: text files that are hard to cut give the numbers of a plain file, in every command."""

import gzip
import io

import pytest

import xentcli

COUNT = 60
ROWS = [("eel" if at % 3 else "owl", 0.25 if at % 3 else 0.625) for at in range(COUNT)]
PLAIN = "text,label,p_eel,p_owl\n" + "".join(f"text {at},{label},{1 - p},{p}\n" for at, (label, p) in enumerate(ROWS))


def written(text_of, separator=",", header="text,label,p_eel,p_owl", end="\n", last="", whole="{}"):
    """Return the plain rows, written with other texts, separators and line ends."""
    lines = [header.replace(",", separator) + last]
    for at, (label, p) in enumerate(ROWS):
        lines.append(separator.join([text_of(at), label, str(1 - p), str(p)]) + last)
    return end.join(whole.format(line) for line in lines) + end


def stray(at):
    return f'"text {at}' if at in {5, 9} else f"text {at}"


HARD = {
    "plain.csv": PLAIN,
    "mark_in_cell.csv": written(lambda at: f'"one\n# two {at}\n#, three"'),
    "mark_in_cell.tsv": written(lambda at: f'"one\r\n# two {at}"' if at == 3 else f"#{at}", "\t", end="\r\n"),
    "marked.txt": written(lambda at: f"#tag{at}", "|").replace("\n#tag7|", "\n# a comment\n#tag7|"),
    "above.csv": "# made by a tool\n# version 2, of many, many parts, and more\n" + PLAIN,
    "stray.tsv": written(stray, "\t"),
    "stray.csv": written(stray, ";", end="\r\n"),
    "inches.csv": written(lambda at: f'{at}" wide' if at % 7 == 0 else f"text {at}"),
    "apostrophes.csv": written(lambda at: '"word" ' if at == 4 else f"'text, {at}'"),
    "line_marks.csv": written(lambda at: f"a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\x1dh\x1ei{at}"),
    "line_marks.tsv": written(lambda at: f'"a\u2028b\x85\n\x0c{at}"', "\t", end="\r\n"),
    "long_cell.csv": written(lambda at: '"' + "word, and more\n" * 40_000 + '"' if at == 1 else f'"a, {at}"'),
    "old_mac.csv": written(lambda at: f"text {at}", end="\r"),
    "ends_empty.csv": written(lambda at: f"text {at}", ";", last=";"),
    "no_first_name.txt": written(lambda at: f'"{at + 1}"', " ", header="label,p_eel,p_owl"),
    "counted.txt": f"{COUNT}\n" + written(lambda at: f"{at:06}.jpg", " ", header="label,p_eel,p_owl", last=" "),
    "colons.txt": written(lambda at: f'The "Text": {at}, again', "::"),
    "wrapped.csv": written(lambda at: f'""text, {at}""', whole='"{}"'),
    "wrapped.txt": written(lambda at: f"text {at}", ";", whole='"{}"', end="\r\n"),
}


@pytest.fixture(params=HARD)
def path(request, tmp_path):
    path = tmp_path / request.param
    path.write_bytes(HARD[request.param].encode())
    return path


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    path = tmp_path_factory.mktemp("plain") / "plain.csv"
    path.write_text(PLAIN)
    return path


def test_score_gives_the_number_of_the_plain_file(path, plain):
    found, expected = xentcli.score(path).score, xentcli.score(plain).score
    assert (found.rows.read, found.rows.scored) == (COUNT, COUNT)
    assert found.loss.value == expected.loss.value
    assert found.accuracy.value == expected.accuracy.value


def test_inspect_counts_the_classes_of_the_plain_file(path):
    found = xentcli.inspect(path, label="label").to_dict()
    assert found["rows"] == {"read": COUNT, "written": COUNT, "missing_label": 0, "bad": 0}
    assert {one["name"]: one["count"] for one in found["classes"]} == {"eel": 40, "owl": 20}


def test_encode_writes_a_line_for_each_row(path, tmp_path):
    output = tmp_path / "encoded.csv"
    found = xentcli.encode(path, to="class-names", label="label", output=output).to_dict()
    assert found["rows"] == {"read": COUNT, "written": COUNT, "missing_label": 0, "bad": 0}
    assert output.read_text().split("\n")[1:-1] == [label for label, _ in ROWS]


def test_compressed_and_piped_it_is_the_same(path, plain, monkeypatch):
    packed = path.with_name(f"{path.name}.gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    expected = xentcli.score(plain).score.loss.value
    assert xentcli.score(packed).score.loss.value == expected
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(path.read_bytes())))
    assert xentcli.score("-", input_format=path.suffix[1:]).score.loss.value == expected


def test_check_and_compare_judge_all_rows(path, plain):
    assert xentcli.check(path, max={"loss": 0.5}).to_dict()["models"][0]["score"]["rows"]["scored"] == COUNT
    other = path.with_name(f"other_{path.name}")
    other.write_bytes(path.read_bytes())
    same = xentcli.compare(path, other).to_dict()
    assert (same["rows"]["paired"], same["rows"]["only_a"], same["rows"]["only_b"]) == (COUNT, 0, 0)
    assert same["a"]["loss"]["value"] == xentcli.score(plain).score.loss.value
