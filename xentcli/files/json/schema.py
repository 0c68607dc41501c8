"""Schemas: the types of the keys of JSON objects, and objects of which each has keys of its own.

Floor 2. Integers and floats become floats, null becomes anything, text and numbers become text (said in a note),
lists unify by their elements, objects by their keys. Integers that the type of their column would alter are kept as
text; two types of integers that no table holds stand for them until all objects are known.

Keys: objects of which each has keys of its own are no rows of a table. As a table they would be blank but for a
diagonal: 20,000 rows of two keys would take 400 million cells.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sized
from typing import Any, TypeGuard

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.errors import ColumnError, EmptyInputError, Place
from xentcli.files.json.guard import MOST_LEVELS
from xentcli.files.table import Column
from xentcli.record import Record

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


WIDE = pa.decimal128(19, 0)
"""Stands for integers of 64 bits of which some are altered as float64."""

INEXACT = pa.decimal256(76, 0)
"""Stands for numbers of which some are altered as int64 and as float64."""

_MOST_FLOAT = 1 << 53
"""Up to here float64 holds every integer."""

_MOST_INT = 1 << 63


class Unified(Record):
    """A type, and whether text and other values were mixed to get it."""

    type: pa.DataType
    mixed: bool = False


def unify(one: Unified, other: Unified) -> Unified:
    """Return the type that holds the values of both."""
    kind, mixed = _unify(one.type, other.type)
    return Unified(kind, mixed or one.mixed or other.mixed)


def _unify(one: pa.DataType, other: pa.DataType) -> tuple[pa.DataType, bool]:
    if one == other or pa.types.is_null(other):
        return one, False
    if pa.types.is_null(one):
        return other, False
    if pa.types.is_list(one) and pa.types.is_list(other):
        kind, mixed = _unify(one.value_type, other.value_type)
        return pa.list_(kind), mixed
    if pa.types.is_struct(one) and pa.types.is_struct(other):
        return _unify_objects(one, other)
    if _is_number(one) and _is_number(other):
        return _number(one, other), False
    return pa.string(), True


def _number(one: pa.DataType, other: pa.DataType) -> pa.DataType:
    """Return the type of two different types of numbers."""
    kinds = {one, other}
    if kinds == {pa.int64(), WIDE}:
        return WIDE
    return pa.float64() if kinds == {pa.int64(), pa.float64()} else INEXACT


def _unify_objects(one: pa.DataType, other: pa.DataType) -> tuple[pa.DataType, bool]:
    fields = {field.name: field.type for field in one}
    mixed = False
    for field in other:
        if field.name in fields:
            fields[field.name], inner = _unify(fields[field.name], field.type)
            mixed |= inner
        else:
            fields[field.name] = field.type
    return pa.struct(list(fields.items())), mixed


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or kind in {WIDE, INEXACT})


def kind_of_integer(value: int) -> pa.DataType:
    """Return the type that holds an integer as it stands."""
    if not -_MOST_INT <= value < _MOST_INT:
        return INEXACT
    return pa.int64() if abs(value) <= _MOST_FLOAT or int(float(value)) == value else WIDE


def settled(kind: pa.DataType) -> pa.DataType:
    """Return a type of which all objects are known as one that a table holds."""
    if kind == WIDE:
        return pa.int64()
    if kind == INEXACT:
        return pa.string()
    if pa.types.is_struct(kind):
        return pa.struct([(field.name, settled(field.type)) for field in kind])
    return pa.list_(settled(kind.value_type)) if pa.types.is_list(kind) else kind


def is_inexact(kind: pa.DataType) -> bool:
    """Whether a type stands for numbers that are kept as text, or holds such."""
    if pa.types.is_struct(kind):
        return any(is_inexact(field.type) for field in kind)
    return is_inexact(kind.value_type) if pa.types.is_list(kind) else bool(kind == INEXACT)


def may_alter(values: pa.Array) -> bool:
    """Whether Arrow's reader made floats of a column so large that some may stand for other integers."""
    kind = values.type
    if pa.types.is_struct(kind):
        return any(may_alter(values.field(at)) for at in range(kind.num_fields))
    if pa.types.is_list(kind):
        return may_alter(values.values)
    return bool(pa.types.is_floating(kind)) and _largest(values) >= _MOST_FLOAT


def normal(values: pa.Array) -> pa.DataType:
    """Return the type of what Arrow's reader made of a column, without guesses: times are text as they stand."""
    kind = values.type
    if pa.types.is_temporal(kind):
        return pa.string()
    if pa.types.is_struct(kind):
        return pa.struct([(field.name, normal(values.field(at))) for at, field in enumerate(kind)])
    if pa.types.is_list(kind):
        return pa.list_(normal(values.values))
    return WIDE if pa.types.is_integer(kind) and _largest(values) > _MOST_FLOAT else kind


def _largest(values: pa.Array) -> float:
    """Return the largest magnitude among the numbers that Arrow's reader made; its blank cells hold 0."""
    raw = values.buffers()[1]
    if not len(values) or raw is None:
        return 0
    kind = np.float64 if pa.types.is_floating(values.type) else np.int64
    cells = np.frombuffer(raw, kind, len(values), values.offset * 8)
    largest: float = max(cells.max().item(), -cells.min().item())
    return largest


def type_of(value: object, levels: int = MOST_LEVELS) -> Unified:
    """Return the type of a value.

    Raises:
        RecursionError: it nests deeper than so many levels.
    """
    if not levels:
        raise RecursionError
    if isinstance(value, dict):
        fields = {key: type_of(one, levels - 1) for key, one in value.items()}
        kind = pa.struct([(key, one.type) for key, one in fields.items()])
        return Unified(kind, any(one.mixed for one in fields.values()))
    if isinstance(value, list):
        inner = Unified(pa.null())
        for one in value:
            inner = unify(inner, type_of(one, levels - 1))
        return Unified(pa.list_(inner.type), inner.mixed)
    if type(value) is int:
        return Unified(kind_of_integer(value))
    kinds = {bool: pa.bool_(), float: pa.float64(), str: pa.string()}
    return Unified(kinds.get(type(value), pa.null()))


def cells_of(row: Mapping[str, Any], schema: pa.Schema) -> dict[str, Any]:
    """Return the values of an object as the columns of a schema hold them."""
    return {field.name: _fit(row.get(field.name), field.type) for field in schema}


def _fit(value: Any, kind: pa.DataType) -> Any:
    if value is None:
        return None
    if pa.types.is_struct(kind):
        return {field.name: _fit(value.get(field.name), field.type) for field in kind}
    if pa.types.is_list(kind):
        return [_fit(one, kind.value_type) for one in (value if isinstance(value, list) else [value])]
    if pa.types.is_string(kind):
        return value if isinstance(value, str) else json.dumps(value)
    return _float(value) if pa.types.is_floating(kind) else value


def _float(value: float) -> float:
    """Return a number as a float; a whole number beyond all floats is infinite, as `1e400` is."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def columns_of(name: str, found: Mapping[str, Unified], rows: int) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """Return the columns of objects whose keys have these types, and notes on them.

    Raises:
        EmptyInputError: there are no objects.
        ColumnError: they hold nothing that could be a cell.
    """
    if not rows:
        raise EmptyInputError("holds no objects", place=Place(name))
    if not found:
        raise ColumnError("its objects hold no plain values", place=Place(name))
    columns = tuple(Column(key, settled(one.type)) for key, one in found.items())
    mixed = [key for key, one in found.items() if one.mixed]
    exact = [key for key, one in found.items() if is_inexact(one.type)]
    said = {
        "text and other values mixed, read as text": mixed,
        "integers that no number holds exactly, read as text": exact,
    }
    return columns, tuple(f"{what}: {', '.join(names)}" for what, names in said.items() if names)
