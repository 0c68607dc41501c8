"""What Arrow's JSON reader must not see: refused with its line before it crashes, and no sound line with it."""

import json

import pytest

import xentcli
from xentcli.errors import ColumnError, UnreadableError
from xentcli.files.json.guard import MOST_LEVELS, checked, levels

ROWS = '{"label": "a", "p_a": 0.7, "p_b": 0.3}\n{"label": "b", "p_a": 0.2, "p_b": 0.8}\n'


def scored(tmp_path, text, name="a.jsonl"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return xentcli.score(path)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("null", "holds null, not an object"),
        ("5", "holds a number, not an object"),
        ('"cat"', "holds a text, not an object"),
        ("true", "holds true or false, not an object"),
        ("[1]", "holds an array, not an object"),
        ('{"label": "a"} null', "is no JSON: Extra data"),
        ('{"label": "a"}{"label": "b"}', "holds another JSON value behind the first one"),
        ('{"label": "a"} null {"label": "b"}', "is no JSON: Extra data"),
        ('{"label": "a", "tail": "}"} 5 {"label": "b"}', "is no JSON: Extra data"),
        ('{"label":\n{"a": 1}}', "is no JSON: Expecting value"),
        ('{"label": "a"}\0', "is no JSON: Extra data"),
        ('{"label": "a", "label": "b", "p_a": 0.5, "p_b": 0.5}', "holds an object with the key 'label' twice"),
    ],
)
def test_a_line_that_is_not_one_object_is_refused_with_its_number(tmp_path, line, found):
    with pytest.raises(UnreadableError) as caught:
        scored(tmp_path, f"{ROWS}{line}\n{ROWS}")
    assert (caught.value.message, caught.value.place.line) == (found, 3)


@pytest.mark.parametrize(
    "text", ['{"a":' * 20_000 + "1" + "}" * 20_000, "[" * 1000 + "1" + "]" * 1000, "[" * 65 + "1" + "]" * 65]
)
def test_values_that_nest_deep_are_refused_with_their_line(tmp_path, text):
    with pytest.raises(UnreadableError, match="more than 64 levels deep") as caught:
        scored(tmp_path, f'{ROWS}{{"label": {text}}}\n')
    assert caught.value.place.line == 3


@pytest.mark.parametrize("depth", [64, 900, 30_000])
def test_an_array_whose_values_nest_deep_is_refused(tmp_path, depth):
    with pytest.raises(UnreadableError, match="more than 64 levels deep"):
        scored(tmp_path, f'[{{"label": {"[" * depth}1{"]" * depth}}}]', "a.json")


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a"])
def test_brackets_without_an_end_are_refused_wherever_they_are_looked_at(tmp_path, name):
    with pytest.raises(UnreadableError, match="more than 64 levels deep"):
        scored(tmp_path, '{"label": ' + "[" * 100_000 + "\n", name)


def test_many_lists_side_by_side_are_not_deep():
    boxes = json.dumps({"boxes": [[1, 2]] * 500, "label": "[[["})
    assert checked(f"{boxes}\n".encode(), "a", 1).rows == 1
    assert levels(boxes.encode()) == 3
    assert levels(b"[" * MOST_LEVELS) == MOST_LEVELS


def test_latin_1_is_refused_with_its_line(tmp_path):
    with pytest.raises(UnreadableError, match="is not UTF-8 text") as caught:
        scored(tmp_path, (ROWS + '{"label": "café", "p_a": 0.1, "p_b": 0.9}\n').encode("latin-1"))
    assert caught.value.place.line == 3
    with pytest.raises(UnreadableError, match="is not UTF-8 text"):
        scored(tmp_path, '[{"label": "café"}]'.encode("latin-1"), "a.json")


@pytest.mark.parametrize("text", [ROWS + '{"label": "\\ud83d", "p_a": 0.1, "p_b": 0.9}\n', '{"\\uDe00": 1}\n'])
def test_half_of_a_surrogate_pair_is_refused(tmp_path, text):
    with pytest.raises(UnreadableError, match=r"half of a surrogate pair, \\ud"):
        scored(tmp_path, text)


def test_half_of_a_surrogate_pair_in_an_array_is_refused(tmp_path):
    with pytest.raises(UnreadableError, match=r"half of a surrogate pair, \\ud83d"):
        scored(tmp_path, '[{"label": "b"}, {"label": "\\ud83d"}]', "a.json")


@pytest.mark.parametrize(
    "text",
    [
        ROWS.replace("\n", "\r\n"),
        "\ufeff" + ROWS,
        "\n \n" + ROWS.replace("\n", " \n\n\t"),
        ROWS.replace('"p_a"', '"more": {"x": [{}, {}] , "y": {} }, "p_a"'),
        ROWS.replace('"p_a"', '"note": "} x \\" {[", "p_a"'),
        ROWS.replace('"p_a"', '"note": "\\ud83d\\ude00 é", "p_a"'),
        ROWS.removesuffix("\n"),
    ],
    ids=["CRLF", "byte order mark", "blanks", "objects inside", "braces in text", "pairs and UTF-8", "no last end"],
)
def test_sound_lines_are_scored_whatever_stands_around_or_in_them(tmp_path, text):
    score = scored(tmp_path, text).score
    assert score.rows.read == score.rows.scored == 2
    assert score.loss.value == pytest.approx(0.28990925)


def test_a_whole_number_beyond_all_floats_is_no_score(tmp_path):
    for name, text in {
        "a.jsonl": ROWS + '{"label": "a", "p_a": %s, "p_b": 0.5}\n' % ("9" * 400),
        "a.json": '[{"label": "a", "p_a": 0.5, "p_b": 0.5}, {"label": "b", "p_a": %s, "p_b": 0.5}]' % ("9" * 400),
    }.items():
        with pytest.raises(
            ColumnError, match=f"row {3 if name == 'a.jsonl' else 2}: column p_a holds an integer .* 9999"
        ):
            scored(tmp_path, text, name)


def test_a_number_of_too_many_digits_is_named_as_such(tmp_path):
    with pytest.raises(UnreadableError, match="more than 4,300 digits"):
        scored(tmp_path, '[{"label": "a", "p_a": %s}]' % ("9" * 5000), "a.json")


def test_the_rows_and_lines_of_a_block_are_counted():
    found = checked(b'{"a": 1}\n\n  {"a": 1} \r\n{}', "a", 1)

    assert (found.lines, found.rows) == (4, 3)


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ('{"label": "a", "p": 0.1}{"label": "b", "p": 0.2}\n', "a.jsonl", "line 1: holds another JSON value"),
        ('{"label": "a"} {"label": "b"}', "a.json", "line 1: holds another JSON value"),
        ('{\n "label": "a"\n}\n{\n "label": "b"\n}\n', "a.json", "line 4: holds another JSON value"),
        ('{\n "label": "a"\n}\n{\n "label": "b"\n}\n', "a.jsonl", "line 1: holds only the start of an object"),
        ('[{"label": "a"}][{"label": "b"}]', "a.json", "line 1: holds another JSON value"),
    ],
)
def test_objects_that_are_not_one_a_line_are_refused_with_the_way_to_mend_them(tmp_path, text, name, place):
    with pytest.raises(UnreadableError) as caught:
        scored(tmp_path, text, name)
    assert place in str(caught.value)
    assert caught.value.help == "write one object a line, such as: jq -c . FILE > NEW.jsonl"
