"""Keys of their own: objects of which each has other keys end as status 2 within seconds, wherever they hide."""

import json

import pytest

import xentcli
from xentcli.errors import ColumnError
from xentcli.files.json.guard import checked
from xentcli.files.json.schema import keys_differ


def write_lines(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def differ(rows):
    block = "".join(json.dumps(row) + "\n" for row in rows).encode()
    return keys_differ(block, checked(block, "a", 1).ends)


def test_rows_of_the_same_keys_do_not_differ():
    assert not differ([{"label": "a", **{f"p_{at}": 0.1 for at in range(10)}}] * 500)


def test_a_key_in_the_text_of_a_cell_is_no_key():
    assert not differ([{"label": "a", "text": f'"k{at}": 1, \\"j{at}\\": 2'} for at in range(500)])


def test_keys_of_their_own_differ():
    assert differ([{"label": "a", f"k{at}": 1} for at in range(500)])


def test_new_keys_between_long_lines_are_refused(tmp_path):
    rows = [
        {"label": "a", "t": "x" * 60_000} if at % 2000 == 0 else {"label": "a", f"k{at}": 1} for at in range(40_000)
    ]

    with pytest.raises(ColumnError, match=r"has 39,982 different keys in 40,000 objects, so that nearly every cell"):
        xentcli.inspect(write_lines(tmp_path / "a.jsonl", rows))


def test_new_keys_inside_an_object_are_refused(tmp_path):
    rows = [{"label": "a", "x": {f"k{at}": 1}} for at in range(20_000)]

    with pytest.raises(ColumnError, match=r"has 20,002 different keys in 20,000 objects"):
        xentcli.inspect(write_lines(tmp_path / "a.jsonl", rows))


def test_new_keys_inside_the_objects_of_an_array_are_refused(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"label": "a", "x": [{f"k{at}": 1}]} for at in range(20_000)]))

    with pytest.raises(ColumnError, match=r"has 20,002 different keys in 20,000 objects"):
        xentcli.inspect(path)


def test_one_object_of_many_keys_among_short_ones_is_refused(tmp_path):
    rows = [{"label": "a", **{f"k{at}": 1 for at in range(20_000)}}, *[{"label": "a"}] * 20_000]

    with pytest.raises(ColumnError, match=r"has 20,001 different keys in 20,001 objects"):
        xentcli.inspect(write_lines(tmp_path / "a.jsonl", rows))
