"""Schemas: what types the keys of JSON objects have, and how types of different objects come together.

Floor 2. Integers and floats become floats, null becomes anything, text and numbers become text (said in a
note), lists unify by their elements. Objects inside objects and lists of lists are no cells and are left out.
"""

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Unified:
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
    if _is_number(one) and _is_number(other):
        return pa.float64(), False
    return pa.string(), True


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def normal(kind: pa.DataType) -> pa.DataType:
    """Return the type that Arrow's reader inferred without guesses: times are text as they stand."""
    if pa.types.is_temporal(kind):
        return pa.string()
    return pa.list_(normal(kind.value_type)) if pa.types.is_list(kind) else kind


def is_cell(kind: pa.DataType) -> bool:
    """Whether values of that type are cells or lists of cells, and neither objects nor lists of lists."""
    return not pa.types.is_nested(kind.value_type if pa.types.is_list(kind) else kind)
