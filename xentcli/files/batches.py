"""Batches: what all typed readers share: column checks, parts over Arrow data, batches of bounded size.

Floor 2.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from xentcli.errors import ColumnError, EmptyInputError, Place
from xentcli.files.table import Column, ReadAs

BATCH_BYTES = 8 << 20
"""How much of a table is in memory at a time, for each thread that reads."""

MAX_ROWS = 1 << 17


def refuse_duplicates(path: str, names: list[str]) -> None:
    """Raise if a column name stands twice.

    Raises:
        ColumnError: naming those that do.
    """
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        shown = ", ".join(repr(name) for name in twice[:8])
        raise ColumnError(
            f"several columns have the same name: {shown}",
            place=Place(path),
            help="rename them; a name must say which column is meant",
        )


def refuse_no_rows(path: str, rows: int | None) -> None:
    """Raise if a table is known to hold no rows.

    Raises:
        EmptyInputError: it holds none.
    """
    if rows == 0:
        raise EmptyInputError("holds no rows", place=Place(path))


def width(kind: pa.DataType) -> int:
    """Return roughly how many bytes a cell of that type takes."""
    if pa.types.is_fixed_size_list(kind):
        return int(kind.list_size) * width(kind.value_type)
    try:
        return max(1, int(kind.bit_width) // 8)
    except ValueError:
        return 64


def rows_per_batch(kinds: list[pa.DataType]) -> int:
    """Return how many rows of these types fit into a batch."""
    return max(1, min(MAX_ROWS, BATCH_BYTES // max(1, sum(width(kind) for kind in kinds))))


def plain(array: pa.Array) -> pa.Array:
    """Return the array without what readers above need not know: extension types, views."""
    if isinstance(array, pa.ExtensionArray):
        return plain(array.storage)
    if pa.types.is_string_view(array.type):
        return array.cast(pa.string())
    return array


def plain_type(kind: pa.DataType) -> pa.DataType:
    """Return the type that `plain` gives."""
    if isinstance(kind, pa.BaseExtensionType):
        return plain_type(kind.storage_type)
    return pa.string() if pa.types.is_string_view(kind) else kind


def columns_of(path: str, schema: pa.Schema) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """Return the columns of an Arrow schema and notes on those left out (structs and maps are no cells).

    Raises:
        ColumnError: a name stands twice, or no column is left.
    """
    refuse_duplicates(path, schema.names)
    classes = _class_labels(schema)
    kept: list[Column] = []
    left: list[str] = []
    for field in schema:
        kind = plain_type(field.type)
        if pa.types.is_struct(kind) or pa.types.is_map(kind) or pa.types.is_union(kind):
            left.append(field.name)
        else:
            kept.append(Column(field.name, kind, classes.get(field.name)))
    if not kept:
        raise ColumnError("holds no column of plain cells or lists", place=Place(path))
    notes = (f"nested columns left out: {', '.join(left)}",) if left else ()
    return tuple(kept), notes


def _class_labels(schema: pa.Schema) -> dict[str, tuple[str, ...]]:
    """Return the class names that Hugging Face datasets keep in a schema's metadata, by column."""
    raw = (schema.metadata or {}).get(b"huggingface")
    if raw is None:
        return {}
    try:
        features: Any = json.loads(raw)["info"]["features"]
        return {
            name: tuple(str(one) for one in feature["names"])
            for name, feature in features.items()
            if isinstance(feature, dict) and feature.get("_type") == "ClassLabel" and feature.get("names")
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def cut(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Yield a batch in slices of bounded size, with plain arrays."""
    arrays = [plain(array) for array in batch.columns]
    if not batch.num_rows:
        return
    whole = pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)
    size = max(1, whole.nbytes // batch.num_rows)
    step = max(1, min(MAX_ROWS, BATCH_BYTES // size))
    for start in range(0, batch.num_rows, step):
        yield whole.slice(start, step)


@dataclass(frozen=True)
class MemoryPart:
    """Rows that are in memory already."""

    table: pa.Table

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        for batch in self.table.select(list(columns)).to_batches():
            yield from cut(batch)
