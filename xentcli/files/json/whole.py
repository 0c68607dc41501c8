"""Whole JSON: an array of objects, an object of arrays, or another known shape, read at once.

Floor 2. Outside the promise of bounded memory, like every format that only a whole file makes sense of.
"""

from typing import Any

import pyarrow as pa

from xentcli.errors import Place, UnreadableError
from xentcli.files.batches import MemoryPart, refuse_duplicates
from xentcli.files.blob import Blob
from xentcli.files.format import Format
from xentcli.files.json.guard import kind_of, parse, too_deep
from xentcli.files.json.keys import MOST_BLOCK_CELLS, keys_of, refuse_sparse
from xentcli.files.json.lines import BOM
from xentcli.files.json.schema import Unified, cells_of, columns_of, type_of, unify
from xentcli.files.streams import BROKEN, broken
from xentcli.files.table import Table


def parsed(blob: Blob) -> object:
    """Return the one value of a file."""
    try:
        with blob.open() as stream:
            raw = stream.read().removeprefix(BOM)
    except BROKEN as error:
        raise broken(blob.name, error) from error
    return parse(raw, blob.name, None, "the file is truncated or damaged")


def open_whole_json(blob: Blob, value: object) -> Table:
    """Return the table of a JSON array of objects, of an object of arrays, or of another known shape."""
    from xentcli.files.declared import with_declared  # noqa: PLC0415  lines of objects do not need it
    from xentcli.files.json.shapes import Shaped, shaped  # noqa: PLC0415  likewise

    form = shaped(value, blob.name) or Shaped(_rows_of(value, blob.name))
    objects = form.rows
    inner = set(keys_of(objects))
    refuse_sparse(blob.name, {key for row in objects for key in row}, len(objects), blob.size or 0)
    refuse_sparse(blob.name, inner, len(objects), blob.size or 0, MOST_BLOCK_CELLS)
    found: dict[str, Unified] = {}
    for at, row in enumerate(objects, start=1):
        try:
            for key, one in row.items():
                found[key] = unify(found[key], type_of(one)) if key in found else type_of(one)
        except RecursionError as error:
            raise too_deep(Place(blob.name, row=at)) from error
    columns, notes = columns_of(blob.name, found, len(objects))
    refuse_duplicates(blob.name, [column.name for column in columns])
    schema = pa.schema([(column.name, column.type) for column in columns])
    table = pa.Table.from_pylist([cells_of(row, schema) for row in objects], schema=schema)
    whole = Table(blob.name, Format.JSON, columns, (MemoryPart(table),), len(objects), (*form.notes, *notes))
    return whole if form.declared is None else with_declared(whole, form.declared)


def _rows_of(value: object, name: str) -> list[dict[str, Any]]:
    if isinstance(value, dict) and value and all(isinstance(one, list) for one in value.values()):
        lengths = {key: len(one) for key, one in value.items()}
        if len(set(lengths.values())) == 1:
            return [dict(zip(value, row, strict=True)) for row in zip(*value.values(), strict=True)]
        shown = ", ".join(f"{key} has {length:,}" for key, length in lengths.items())
        raise UnreadableError(f"its arrays differ in length: {shown}", place=Place(name))
    if not isinstance(value, list):
        raise UnreadableError(
            "holds no array of objects",
            place=Place(name),
            help='write [{"label": "cat", "probs": [0.2, 0.8]}, ...], or one object a line',
        )
    if value and all(isinstance(one, list) for one in value):
        raise UnreadableError(
            "holds a list of lists, whose columns have no names",
            place=Place(name),
            help="write objects instead, such as pandas' to_json(PATH, orient='records')",
        )
    for row, one in enumerate(value, start=1):
        if not isinstance(one, dict):
            raise UnreadableError(f"holds {kind_of(one)}, not an object", place=Place(name, row=row))
    return value
