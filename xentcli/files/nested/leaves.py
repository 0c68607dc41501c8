"""Leaves: the plain cells inside objects, and inside lists of objects, each a column of its own.

Floor 2. `{"a": {"b": 1}}` gives the column `a.b`; `{"a": [{"b": 1}, {"b": 2}]}` gives lists in a column of that name.
"""

from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa

from xentcli.files.plain import is_list_of_objects, is_text, plain, plain_type, storage
from xentcli.files.table import Column
from xentcli.record import Record

DEEPEST = 16
"""Objects inside more objects than that are left out."""

Path = tuple[str, ...]


def inner_paths(kind: pa.DataType, depth: int = 0) -> Iterator[tuple[Path, pa.DataType]]:
    """Yield every cell inside an object as (path, type): plain cells, and what is nested in another way."""
    for field in storage(kind):
        inner = storage(field.type)
        if pa.types.is_struct(inner) and depth < DEEPEST and not is_vector(inner):
            yield from (((field.name, *path), one) for path, one in inner_paths(inner, depth + 1))
        else:
            yield (field.name,), inner


def is_vector(kind: pa.DataType) -> bool:
    """Return whether objects of that type are the vectors of Spark's machine learning."""
    names = {field.name for field in kind} if pa.types.is_struct(kind) else set()
    return {"type", "values"} <= names <= {"type", "size", "indices", "values"}


def listed_types(kind: pa.DataType) -> dict[str, pa.DataType]:
    """Return the plain fields of the objects in a list, as the types of lists of each."""
    found = {}
    for field in storage(storage(kind).value_type):
        plain_kind = plain_type(pa.list_(field.type))
        if plain_kind is not None:
            found[field.name] = plain_kind
    return found


def inner(array: pa.Array, path: Path) -> pa.Array:
    """Return what stands at a path inside an array of objects; null where an object on the way is."""
    for name in path:
        if isinstance(array, pa.ExtensionArray):
            array = array.storage
        child = array.field(name)
        if array.null_count:
            import pyarrow.compute as pc  # noqa: PLC0415  60 ms that only missing objects pay

            child = pc.if_else(array.is_valid(), child, None)
        array = child
    return array.storage if isinstance(array, pa.ExtensionArray) else array


def listed(array: pa.Array, name: str) -> pa.Array:
    """Return one field of the objects in the lists of an array, as lists."""
    child = inner(array.values, (name,))
    kind = array.type
    if pa.types.is_fixed_size_list(kind):
        own, buffers = pa.list_(child.type, kind.list_size), array.buffers()[:1]
    else:
        large = pa.types.is_large_list(kind)
        own, buffers = (pa.large_list if large else pa.list_)(child.type), array.buffers()[:2]
    return pa.Array.from_buffers(own, len(array), buffers, offset=array.offset, children=[child])


class Leaves(Record):
    """The plain cells inside one column of objects.

    Attributes:
        source: the column of objects.
        columns: one for each cell.
        paths: where each stands; a field of listed objects is named last.
        in_lists: whether it is a field of listed objects.
        path: of the file, for messages.
        left: numbers that are left out, because other fields of their objects say what each is of.
    """

    source: str
    columns: tuple[Column, ...]
    paths: Mapping[str, Path]
    in_lists: frozenset[str]
    path: str
    left: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """See `Derivation.sources`."""
        return (self.source,)

    def arrays(self, sources: Sequence[pa.Array], names: Sequence[str]) -> Sequence[pa.Array]:
        """See `Derivation.arrays`."""
        return [self._array(sources[0], name) for name in names]

    def _array(self, array: pa.Array, name: str) -> pa.Array:
        path = self.paths[name]
        found = listed(inner(array, path[:-1]), path[-1]) if name in self.in_lists else inner(array, path)
        return plain(found, name, self.path) if plain_type(found.type) is not None else found


def leaves(column: Column, path: str, *, split: bool = False) -> Leaves:
    """Return the cells inside a column of objects, or of lists of objects; maps and vectors stay as they are.

    Args:
        column: the column.
        path: of the file, for messages.
        split: whether lists of a name and a number each become two lists, too.
    """
    kind = storage(column.type)
    own = [((), kind)] if not pa.types.is_struct(kind) else list(inner_paths(kind))
    columns: list[Column] = []
    paths: dict[str, Path] = {}
    in_lists: set[str] = set()
    left: list[str] = []
    for where, one in own:
        fields = listed_types(one) if is_list_of_objects(one) and (split or not keyed_fields(one)) else {}
        elsewhere = named_elsewhere(fields)
        left += [".".join((column.name, *where, name)) for name in elsewhere]
        for name, type_ in fields.items():
            if name in elsewhere:
                continue
            shown = ".".join((column.name, *where, name))
            columns.append(Column(shown, type_))
            paths[shown] = (*where, name)
            in_lists.add(shown)
        if not fields:
            shown = ".".join((column.name, *where))
            columns.append(Column(shown, plain_type(one) or one))
            paths[shown] = where
    return Leaves(column.name, tuple(columns), paths, frozenset(in_lists), path, tuple(left))


def keyed_fields(kind: pa.DataType) -> tuple[str, str] | None:
    """Return the fields (name, number) of listed objects that hold a name and a number each, None for others."""
    fields = list(storage(kind.value_type))
    texts = [field.name for field in fields if is_text(field.type)]
    floats = [field.name for field in fields if pa.types.is_floating(field.type)]
    integers = [field.name for field in fields if pa.types.is_integer(field.type)]
    names, numbers = (texts, floats + integers) if texts else (integers, floats)
    return (names[0], numbers[0]) if len(fields) == 2 and len(names) == len(numbers) == 1 else None


def named_elsewhere(fields: Mapping[str, pa.DataType]) -> list[str]:
    """Return which lists of fractions belong to what the same objects are called: by position they say nothing.

    Args:
        fields: of listed objects, as the types of lists of each.
    """
    names = [name for name, kind in fields.items() if not pa.types.is_floating(kind.value_type)]
    return [name for name in fields if name not in names] if names else []
