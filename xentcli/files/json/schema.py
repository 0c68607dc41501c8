"""Schemas: what types the keys of JSON objects have, and how types of different objects come together.

Floor 2. Integers and floats become floats, null becomes anything, text and numbers become text (said in a
note), lists unify by their elements, objects by their keys.
"""

import pyarrow as pa

from xentcli.record import Record


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
        return pa.float64(), False
    return pa.string(), True


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
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def normal(kind: pa.DataType) -> pa.DataType:
    """Return the type that Arrow's reader inferred without guesses: times are text as they stand."""
    if pa.types.is_temporal(kind):
        return pa.string()
    if pa.types.is_struct(kind):
        return pa.struct([(field.name, normal(field.type)) for field in kind])
    return pa.list_(normal(kind.value_type)) if pa.types.is_list(kind) else kind
