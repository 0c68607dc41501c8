"""Samples: the first lines of a text file, enough of them to tell how it is written.

Floor 2.
"""

import codecs
from collections.abc import Callable
from typing import IO

from xentcli.errors import Place, UnreadableError
from xentcli.files.text.records import LONGEST_CELL
from xentcli.files.text.scan import endless_line

SAMPLE_BYTES = 1 << 18
LARGEST_SAMPLE = LONGEST_CELL
_ROWS = 20
_MOST_FOR_QUOTES = 8 << 20
"""How far a sample grows until enough rows end outside quotes; one quote inside a cell must not cost more."""


def sample(opened: Callable[[], IO[bytes]], encoding: str, name: str) -> tuple[str, bool]:
    """Return whole lines from the start of a file, and whether they are all of it.

    Raises:
        UnreadableError: it is binary, or its first line does not end.
    """
    size = SAMPLE_BYTES
    while True:
        with opened() as stream:
            data = stream.read(size)
            complete = not stream.read(1)
        if complete or size >= LARGEST_SAMPLE or _is_enough(data):
            break
        size *= 4
    if b"\x00" in data:
        raise UnreadableError(
            "holds NUL bytes: it is binary, not text",
            place=Place(name),
            help="name its format with --input-format, or convert it to UTF-8 text",
        )
    if not complete:
        data = data[: data.rfind(b"\n") + 1]
        if not data:
            raise endless_line(name)
    return data.removeprefix(codecs.BOM_UTF8).decode(encoding, "replace"), complete


def _is_enough(data: bytes) -> bool:
    """Whether enough lines end in a sample, outside of quotes as far as that can be told."""
    if data.count(b"\n") < _ROWS:
        return False
    if len(data) >= _MOST_FOR_QUOTES or b'"' not in data:
        return True
    return sum(outside.count(b"\n") for outside in data.split(b'"')[::2]) >= _ROWS
