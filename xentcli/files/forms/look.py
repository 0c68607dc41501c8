"""Look: which of the field's forms the lines of a text file have, before anything is taken for a separator.

Floor 2. A form that holds one answer a row becomes a table; one that does not is refused by its name. What the caller
says about separator or header goes first: then nothing is looked for here.
"""

import re
from collections.abc import Callable
from typing import IO

from xentcli.errors import Place, UnreadableError
from xentcli.files.blob import Blob
from xentcli.files.format import Format
from xentcli.files.table import Table

SAMPLE_LINES = 1000
SAMPLE_LETTERS = 1 << 16

_ENDS = re.compile(r"\r\n|\n|\r")
_COLUMNS_OF_BLANKS = re.compile(r"[^\s,;|]+(?:[ \t]+[^\s,;|]+){2,9}\s*")
_INDEXED = re.compile(r"(?:^|\s)\d+:[-+.\d]")


def table_of_form(
    text: str, blob: Blob, form: Format, opened: Callable[[], IO[bytes]], notes: tuple[str, ...]
) -> Table | None:
    """Return the table of a file in one of the known forms, None where it has none of them.

    Args:
        text: whole lines from the start of the file.
        blob: its bytes and their name.
        form: the text format that it is read as.
        opened: returns a stream of its UTF-8 bytes from the start.
        notes: what is to be said about these.

    Raises:
        UnreadableError: it has a form whose lines are no answers of one row each.
    """
    lines = _first_lines(text)
    filled = [line for line in lines if line.strip()]
    if not filled:
        return None
    if any("__label__" in line for line in filled[:3]):
        from xentcli.files.forms.lines import is_fasttext, open_fasttext  # noqa: PLC0415  few files need it

        return open_fasttext(blob, form, opened, notes) if is_fasttext(filled) else None
    if any(_INDEXED.search(line) for line in filled[:3]):
        from xentcli.files.forms.lines import is_libsvm, open_libsvm  # noqa: PLC0415  likewise

        return open_libsvm(blob, form, opened, notes) if is_libsvm(lines) else None
    _refuse(lines, filled, blob.name)
    return None


def _first_lines(text: str) -> list[str]:
    """Return the first lines, whole ones; the last is empty where all of the text is looked at."""
    lines = _ENDS.split(text[:SAMPLE_LETTERS])
    cut = len(text) > SAMPLE_LETTERS and len(lines) > 1
    return (lines[:-1] if cut else lines)[:SAMPLE_LINES]


def _refuse(lines: list[str], filled: list[str], name: str) -> None:
    """Raise if the lines are of a form that holds no answer a row.

    Raises:
        UnreadableError: which form it is, and how to read it as a table all the same.
    """
    gaps = len(filled) < len(lines) - 1  # nothing stands behind the last line end
    if not gaps and not _COLUMNS_OF_BLANKS.fullmatch(filled[0]):
        return
    from xentcli.files.forms.refused import refusal  # noqa: PLC0415  most files have cells

    found = refusal(lines, name)
    if found is not None:
        raise UnreadableError(found[0], place=Place(name), help=found[1])
