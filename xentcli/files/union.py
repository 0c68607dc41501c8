"""Union: several tables of one format are one table, their columns aligned by name.

Floor 2. Types that differ are reconciled where nothing is lost (an integer file among float files, an
empty column among text); what cannot be is an error that names the file and the column.
"""

from collections.abc import Iterator, Mapping

import pyarrow as pa

from xentcli.errors import ColumnError, Place
from xentcli.files.arrays import is_list
from xentcli.files.batches import rows_of
from xentcli.files.format import Declared
from xentcli.files.plain import cast, is_text
from xentcli.files.table import Column, LeftOut, Part, ReadAs, Table
from xentcli.record import Record, replace


class CastPart(Record):
    """A part whose columns are cast to the types that the union decided on."""

    part: Part
    types: Mapping[str, pa.DataType]
    path: str

    @property
    def rows(self) -> int | None:
        """Number of rows, None if only reading tells."""
        return rows_of(self.part)

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`.

        Raises:
            ColumnError: a cell would change its meaning, such as an integer beyond the floats.
        """
        for batch in self.part.read(columns):
            arrays = [
                array if pa.types.is_floating(array.type) and how is ReadAs.NUMBER
                else cast(array, self.types[name], name, self.path)
                for array, (name, how) in zip(batch.columns, columns.items(), strict=True)
            ]  # fmt: skip
            yield pa.RecordBatch.from_arrays(arrays, names=list(columns))


def union(path: str, tables: list[Table]) -> Table:
    """Return the one table of several, in their order.

    Args:
        path: what to call it.
        tables: at least one.

    Raises:
        ColumnError: a table lacks a column, has one more, or one of a type that cannot be reconciled.
    """
    first = tables[0]
    for table in tables[1:]:
        _refuse_other_columns(first, table)
    columns = tuple(_reconciled(first, tables, column) for column in first.columns)
    types = {column.name: column.type for column in columns}
    parts: list[Part] = []
    for table in tables:
        same = all(table[name].type == kind for name, kind in types.items())
        parts += table.parts if same else [CastPart(part, types, table.path) for part in table.parts]
    rows = None if any(table.rows is None for table in tables) else sum(table.rows or 0 for table in tables)
    notes = tuple(dict.fromkeys(note for table in tables for note in table.notes))
    return Table(
        path,
        first.format,
        columns,
        tuple(parts),
        rows,
        (*([f"{len(tables)} files as one table"] if len(tables) > 1 else []), *notes),
        declared=_common_declared(tables),
        left_out=_left_out(tables),
    )


def _left_out(tables: list[Table]) -> LeftOut:
    most = max((table.left_out for table in tables), key=lambda one: one.count)
    return replace(most, count=sum(table.left_out.count for table in tables), lines=())


def _common_declared(tables: list[Table]) -> Declared | None:
    """Return what the files agree on about their labels; None if one of them says nothing.

    Raises:
        ColumnError: they say different things, so that one cell would have two meanings.
    """
    first = tables[0]
    for table in tables[1:]:
        if table.declared and first.declared and table.declared != first.declared:
            raise ColumnError(
                f"declares other classes or another encoding than {first.path}",
                place=Place(table.path),
                details=tuple(
                    f"{one.path}: {one.declared.encoding}, {', '.join(one.declared.classes[:8])}"
                    for one in (first, table)
                    if one.declared
                ),
                help="write the files again with one list of classes",
            )
    return first.declared if all(table.declared for table in tables) else None


def _refuse_other_columns(first: Table, table: Table) -> None:
    known, held = set(first.names), set(table.names)
    missing = [name for name in first.names if name not in held]
    extra = [name for name in table.names if name not in known]
    if missing or extra:
        what = f"lacks the column {missing[0]!r}" if missing else f"has a further column {extra[0]!r}"
        raise ColumnError(
            f"{what}, unlike {first.path}",
            place=Place(table.path),
            help="files that are one table must have the same columns",
        )


def _reconciled(first: Table, tables: list[Table], column: Column) -> Column:
    kind = column.type
    for table in tables[1:]:
        other = table[column.name].type
        common = common_type(kind, other)
        if common is None:
            raise ColumnError(
                f"holds {_words(other)} ({other}), but {_words(kind)} ({kind}) in {first.path}",
                place=Place(table.path, column=column.name),
                help="write the files again with one type for the column",
            )
        kind = common
    return Column(column.name, kind, _common_classes(tables, column.name, kind))


def _common_classes(tables: list[Table], column: str, kind: pa.DataType) -> tuple[str, ...] | None:
    """Return the class names that the files agree on.

    Raises:
        ColumnError: the column holds indices, and the files count different classes.
    """
    named = [table for table in tables if table[column].classes is not None]
    classes = {table[column].classes for table in named}
    if len(classes) > 1 and pa.types.is_integer(kind):
        other = next(table for table in named if table[column].classes != named[0][column].classes)
        raise ColumnError(
            f"counts other classes than in {named[0].path}",
            place=Place(other.path, column=column),
            details=tuple(
                f"{table.path}: {', '.join((table[column].classes or ())[:8])}" for table in (named[0], other)
            ),
            help="write the files again with one list of classes",
        )
    return classes.pop() if len(classes) == 1 else None


def common_type(one: pa.DataType, other: pa.DataType) -> pa.DataType | None:
    """Return the type that holds the cells of both without loss of meaning, None if there is none."""
    one, other = _decoded(one), _decoded(other)
    if one == other or pa.types.is_null(other):
        return one
    if pa.types.is_null(one):
        return other
    if is_list(one) and is_list(other):
        value = common_type(one.value_type, other.value_type)
        return None if value is None else pa.large_list(value)
    return _common_scalar(one, other)


def _common_scalar(one: pa.DataType, other: pa.DataType) -> pa.DataType | None:
    if is_text(one) and is_text(other):
        return pa.large_string()
    if pa.types.is_integer(one) and pa.types.is_integer(other):
        return pa.int64()
    if _is_number(one) and _is_number(other):
        return pa.float64()
    return None


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _decoded(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _words(kind: pa.DataType) -> str:
    kind = _decoded(kind)
    if is_list(kind):
        return "lists"
    return "text" if is_text(kind) else "numbers" if _is_number(kind) else "other cells"
