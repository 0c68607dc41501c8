"""Keys: objects of which each has keys of its own are no rows of a table.

Floor 2. As a table they would be blank but for a diagonal: 20,000 rows of two keys would take 400 million cells.
"""

import json
from collections.abc import Sized

from xentcli.errors import ColumnError, Place

_LOOKS = 32
"""Objects of a block whose keys are compared before Arrow makes a column of each."""

_LONG_LINE = 1 << 16
"""Of longer lines a block has few, so that many keys make no large table."""

_MOST_CELLS = 1 << 26
"""Cells of a table that may be blank for the most part."""

_LEAST_BYTES = 4
"""What a cell takes in the file at least: two quotes, a colon, a comma; a table with more cells has blank ones."""


def keys_differ(block: bytes) -> bool:
    """Return whether some objects of a block of JSON lines, evenly spaced, have mostly keys of their own."""
    step = max(1, len(block) // _LOOKS)
    found: set[str] = set()
    most = end = 0
    for start in range(0, len(block), step):
        if start < end:
            continue
        begin = block.rfind(b"\n", 0, start) + 1
        end = block.find(b"\n", start) + 1 or len(block)
        if end - begin > _LONG_LINE:
            continue
        try:
            value = json.loads(block[begin:end])
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            found.update(value)
            most = max(most, len(value))
    return len(found) > 2 * most + _LOOKS // 4


def refuse_sparse(path: str, keys: Sized, rows: int, size: int) -> None:
    """Raise if a table of so many keys and rows would be blank for the most part, and large.

    Args:
        path: of the file.
        keys: those of all objects so far.
        rows: objects so far.
        size: bytes of the file so far.

    Raises:
        ColumnError: it would.
    """
    cells = len(keys) * rows
    if cells > _MOST_CELLS and cells * _LEAST_BYTES > size:
        raise ColumnError(
            f"has {len(keys):,} different keys in {rows:,} objects, so that nearly every cell would be blank",
            place=Place(path),
            help="keys are the columns of a table: write what differs from row to row as a value",
        )
