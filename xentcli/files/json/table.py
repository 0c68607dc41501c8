"""JSON tables: lines of objects are read block by block, an array of objects as a whole.

Floor 2. Here it is decided which of the two a file is.
"""

import json

from xentcli.errors import EmptyInputError, Place
from xentcli.files.blob import Blob
from xentcli.files.format import Format, ReadOptions
from xentcli.files.json.lines import BLOCK_BYTES, BOM, PART_BYTES, open_lines
from xentcli.files.json.whole import open_whole_json, parsed
from xentcli.files.table import Table


def open_json(
    blob: Blob,
    form: Format,
    options: ReadOptions | None = None,
    *,
    part_bytes: int = PART_BYTES,
    block_bytes: int = BLOCK_BYTES,
) -> Table:
    """Return the table of JSON lines, or of an array of objects.

    Args:
        blob: the bytes.
        form: JSONL or JSON, a hint; the first character decides.
        options: whether lines that hold no object are left out and counted; None refuses them.
        part_bytes: how large the parts of JSON lines are.
        block_bytes: how much is parsed at a time.

    Raises:
        XentError: it is empty, no JSON, or holds no objects.
    """
    start = blob.head(1 << 12).removeprefix(BOM).lstrip()
    if not start:
        raise EmptyInputError("the file is empty", place=Place(blob.name))
    if start.startswith(b"[") or (form is Format.JSON and not _first_line_is_object(blob)):
        return open_whole_json(blob, parsed(blob))
    if form is Format.JSON and _is_one_line(blob):
        from xentcli.files.json.shapes import shaped  # noqa: PLC0415  lines of objects do not need it

        value = parsed(blob)
        if shaped(value, blob.name) is not None:
            return open_whole_json(blob, value)
    return open_lines(blob, form, part_bytes, block_bytes, skip=options is not None and options.skip_bad_rows)


def _first_line_is_object(blob: Blob) -> bool:
    line = blob.head(1 << 20).removeprefix(BOM).lstrip().split(b"\n", 1)[0]
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and not (value and all(isinstance(one, list | dict) for one in value.values()))


def _is_one_line(blob: Blob) -> bool:
    """Whether the first line is all there is."""
    head = blob.head(1 << 20)
    return len(head) < 1 << 20 and not head.strip().count(b"\n")
