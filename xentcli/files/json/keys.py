"""Keys: objects of which each has keys of its own are no rows of a table.

Floor 2. As a table they would be blank but for a diagonal: 20,000 rows of two keys would take 400 million cells.
"""

import re
from collections.abc import Iterator, Sized
from typing import TypeGuard

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.errors import ColumnError, Place
from xentcli.files.json.guard import MOST_LEVELS

_LOOKS = 256
"""Lines of a block whose keys are compared before Arrow makes a column of each."""

_FEW_KEYS = 8
"""So many more keys than the lines have on average are no reason to count all."""

_LONG_LINE = 1 << 14
"""Longer lines are few, so that their keys are counted, not sampled."""

_MOST_CELLS = 1 << 26
"""Cells of a table that may be blank for the most part."""

MOST_BLOCK_CELLS = 1 << 25
"""Cells of a block that may be blank for the most part; Arrow takes a quarter of a microsecond for each."""

_LEAST_BYTES = 4
"""What a cell takes in the file at least: two quotes, a colon, a comma; a table with more cells has blank ones."""

_TEXT = re.compile(rb'"((?:[^"\\]|\\.)*+)"(\s*+:)?')


def keys_differ(block: bytes, ends: npt.NDArray[np.intp]) -> bool:
    """Return whether the lines of a block of JSON lines seem to have mostly keys of their own, at any depth.

    Lines are picked by their number, as padded ones would hide others from picks by place; long ones are all counted.

    Args:
        block: the lines.
        ends: of each line.
    """
    starts = np.concatenate(([0], ends[:-1] + 1))
    long = np.flatnonzero(ends - starts > _LONG_LINE)
    many = sum(block.count(b'":', starts[at], ends[at]) for at in long.tolist())
    if many * len(starts) > MOST_BLOCK_CELLS:
        return True
    picked = range(0, len(starts), max(1, len(starts) // _LOOKS))
    lines = [block[starts[at] : ends[at]] for at in picked if ends[at] - starts[at] <= _LONG_LINE]
    found = _keys(b"\n".join(lines))
    return len(set(found)) > 2 * len(found) // max(1, len(lines)) + _FEW_KEYS


def _keys(block: bytes) -> list[bytes]:
    return [text for text, colon in _TEXT.findall(block) if colon]


def keys_of(value: object, levels: int = MOST_LEVELS) -> Iterator[str]:
    """Yield the keys of an object and of those inside it."""
    if isinstance(value, dict):
        yield from value
    inner = value.values() if isinstance(value, dict) else value if _holds_objects(value) else ()
    if levels:
        for one in inner:
            if isinstance(one, dict | list):
                yield from keys_of(one, levels - 1)


def _holds_objects(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict | list)


def leaves(kind: pa.DataType) -> int:
    """Return how many plain values a cell of that type holds at least."""
    if pa.types.is_struct(kind):
        return sum(leaves(field.type) for field in kind)
    return leaves(kind.value_type) if pa.types.is_list(kind) else 1


def refuse_sparse_block(path: str, block: bytes) -> None:
    """Raise if the objects of a block, and those inside, have so many different keys that reading takes minutes.

    Args:
        path: of the file.
        block: JSON lines.

    Raises:
        ColumnError: they have.
    """
    refuse_sparse(path, set(_keys(block)), block.count(b"\n"), len(block), MOST_BLOCK_CELLS)


def refuse_sparse(path: str, keys: Sized, rows: int, size: int, most: int = _MOST_CELLS) -> None:
    """Raise if a table of so many keys and rows would be blank for the most part, and large.

    Args:
        path: of the file.
        keys: those of all objects so far.
        rows: objects so far.
        size: bytes of the file so far.
        most: cells that it may have.

    Raises:
        ColumnError: it would.
    """
    cells = len(keys) * rows
    if cells > most and cells * _LEAST_BYTES > size:
        raise ColumnError(
            f"has {len(keys):,} different keys in {rows:,} objects, so that nearly every cell would be blank",
            place=Place(path),
            help="keys are the columns of a table: write what differs from row to row as a value",
        )
