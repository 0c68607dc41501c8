"""The encoding of a text file is told from all of its bytes, wherever chunks of them end."""

import io

import pytest

from xentcli.files.text import scan as module
from xentcli.files.text.records import Cut
from xentcli.files.text.scan import scan


def seen(data, monkeypatch, chunk_bytes):
    monkeypatch.setattr(module, "CHUNK_BYTES", chunk_bytes)
    return scan(lambda: io.BytesIO(data), "data.csv", Cut(","), 1 << 20)


@pytest.mark.parametrize("chunk_bytes", [1, 2, 3, 5, 1 << 20])
@pytest.mark.parametrize("filler", ["", "plain\n", "größer\n", "\U0001f40d\n" * 3])
def test_utf8_may_be_split_anywhere(monkeypatch, chunk_bytes, filler):
    found = seen(f"a,b\n{filler}kätz,2\n{filler}".encode(), monkeypatch, chunk_bytes)
    assert (found.latin1, found.offence) == (False, None)


@pytest.mark.parametrize("chunk_bytes", [1, 2, 3, 5, 1 << 20])
@pytest.mark.parametrize("filler", ["", "plain\n" * 3, "größer\n"])
@pytest.mark.parametrize(("cell", "byte"), [(b"k\xe4tz", 0xE4), (b"\xff", 0xFF), (b"k\xe4", 0xE4), (b"\xc3", 0xC3)])
def test_the_first_byte_that_is_not_utf8_is_named_with_its_line(monkeypatch, chunk_bytes, filler, cell, byte):
    head = b"a,b\n" + filler.encode()
    found = seen(head + cell + b",2\n\xfe,3\n", monkeypatch, chunk_bytes)
    assert (found.latin1, found.offence) == (True, (byte, head.count(b"\n") + 1))


def test_a_character_that_the_end_cuts_off_is_named(monkeypatch):
    assert seen(b"a\nb\n\xc3", monkeypatch, 4).offence == (0xC3, 3)
