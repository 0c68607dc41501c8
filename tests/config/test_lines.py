"""The lines of keys: a second reading of the text must find each key where a person sees it."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xentcli.config.table import key_lines
from xentcli.config.toml import toml_key, toml_text

VALUES = (
    "1",
    "-1.5e-3",
    "1979-05-27 07:32:00.999",
    "true",
    '"a = 1 # no comment"',
    "'[no.table]'",
    '"\\"]"',
    "'''\nlines = 1\n[no.table]\n'''",
    '"""\nlines = "1"\n\\"""\n"" # \n"""""',
    "[\n  1, # one ]\n  [2, '}'],\n]",
    '[{ inner = 1 }, { inner = "]" }]',
    "{}",
    "[]",
)


def paths(table, prefix=()):
    """Return the keys that lead to every value of nested tables, and to the tables."""
    found = set()
    for key, value in table.items():
        found.add((*prefix, key))
        if isinstance(value, dict):
            found |= paths(value, (*prefix, key))
    return found


@given(st.lists(st.tuples(st.sampled_from(("[]", "dotted", "inline")), st.text(max_size=3), st.sampled_from(VALUES))))
def test_every_key_is_found_on_the_line_where_it_was_written(statements):
    lines, expected, table = [], {}, ()
    for number, (kind, word, value) in enumerate(statements):
        name = f"{word}{number}"
        here = len(lines) + 1
        if kind == "[]":
            table = ("t", name)
            lines.append(f" [ t . {toml_key(name)} ] # [t.x]")
            expected[table] = here
        elif kind == "dotted":
            lines += f"{toml_key(name)} . 'x.y' = {value} # z = 1".split("\n")
            expected |= {(*table, name): here, (*table, name, "x.y"): here}
        else:
            lines += f"{toml_key(name)} = {{ a.b = 3.5, c = {value}, d = {{ e = 'x' }} }}".split("\n")
            inner = here + value.count("\n")
            expected |= {(*table, name, *keys): here for keys in ((), ("a",), ("a", "b"), ("c",))}
            expected |= {(*table, name, *keys): inner for keys in (("d",), ("d", "e"))}
    if ("t",) not in expected and any(kind == "[]" for kind, *_ in statements):
        expected["t",] = min(line for keys, line in expected.items() if keys[0] == "t")
    for text in ("\n".join(lines), "\r\n".join(lines)):
        assert key_lines(text) == expected
        assert set(expected) == paths(tomllib.loads(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("# a = 1\n\n", {}),
        ("[a.b]\nc = 1\n[a]\nd = 1", {("a",): 3, ("a", "b"): 1, ("a", "b", "c"): 2, ("a", "d"): 4}),
        ("[[a]]\nb = 1\n[[a]]\nb = 2\n", {("a",): 1, ("a", "b"): 2}),
        ('"\\u0061 \\"" = 1', {('a "',): 1}),
        ('"" = """"""\nb = 1\n', {("",): 1, ("b",): 2}),
        ("a = ''''''''\nb = 1\n", {("a",): 1, ("b",): 2}),
        ("1.2 = 3.4\n-a_ = +inf", {("1",): 1, ("1", "2"): 1, ("-a_",): 2}),
    ],
)
def test_odd_texts_are_read_as_tomllib_reads_them(text, expected):
    assert key_lines(text) == expected
    assert paths(tomllib.loads(text)) <= set(expected)


@given(st.text())
def test_every_text_is_read_back_as_it_was(text):
    written = f"{toml_key(text, 'x')} = {toml_text(text)}\n"
    assert tomllib.loads(written) == {text: {"x": text}}
    assert written.removesuffix("\n").isprintable()


SCALARS = st.text() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False)


@given(st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)))
def test_every_value_is_read_back_as_it_was(value):
    read = tomllib.loads(f"key = {toml_text(value)}")["key"]
    assert read == value
    assert type(read) is type(value)


def test_what_toml_cannot_hold_is_shown_but_not_passed_off():
    assert toml_text("a\udc80") == '"a\\udc80"'
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(f"key = {toml_text(chr(0xDC80))}")
    with pytest.raises(TypeError, match="TOML has no NoneType"):
        toml_text(None)
    assert toml_text(("a", 1.0)) == '["a", 1.0]'
