"""Batches: what all typed readers share: column checks, batches of bounded size, and their rows in pieces of any size.

Floor 2.

Cursor: the rows of a stream of batches in pieces of any size, so that streams can go side by side. Memory is a
batch of each stream.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from xentcli.errors import ColumnError, EmptyInputError, Place
from xentcli.files.arrays import is_list
from xentcli.files.plain import holds_objects, is_text, plain, plain_type
from xentcli.files.table import Column, Part, ReadAs
from xentcli.record import Record

NESTED = "nested columns left out"
"""How the note on columns of objects starts."""

BATCH_BYTES = 6 << 20
"""How much of a table is in memory at a time, for each thread that reads."""

PART_BYTES = 32 << 20
"""About how much of a file a part takes where it can be cut anywhere."""

MAX_ROWS = 1 << 17

MOST_CLASSES = 1 << 16
"""A dictionary with more values is an economy of the file, not its list of classes."""


MOST_CLASSES_A_ROW = 1 << 20
"""A longer row is none of scores: the vocabularies of the largest language models have a quarter of it."""

LONGEST_CELL = 1 << 20
"""A longer text is no label, no id and no slice, and would stand in every message that names it."""


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


def columns_of(path: str, schema: pa.Schema) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """Return the columns of an Arrow schema and notes on those left out; `nested.open` opens those of objects.

    Raises:
        ColumnError: a name stands twice, or no column is left.
    """
    refuse_duplicates(path, schema.names)
    classes = class_labels(schema)
    kept: list[Column] = []
    left: list[str] = []
    for field in schema:
        kind = field.type if holds_objects(field.type) else plain_type(field.type)
        if kind is None:
            left.append(field.name)
        else:
            kept.append(Column(field.name, kind, None if is_list(kind) else classes.get(field.name)))
    if not kept:
        raise ColumnError("holds no column of plain cells or lists", place=Place(path))
    notes = (f"{NESTED}: {', '.join(left)}",) if left else ()
    return tuple(kept), notes


def class_labels(schema: pa.Schema) -> dict[str, tuple[str, ...]]:
    """Return the class names that Hugging Face datasets keep in a schema's metadata, by column.

    The names of a list of class labels stand under the list's own name, those inside an object under `a.b`.
    """
    raw = (schema.metadata or {}).get(b"huggingface")
    if raw is None:
        return {}
    try:
        features: Any = json.loads(raw)["info"]["features"]
        return {name: names for name, names in _named_features(features, "", 0) if names}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


_DEEPEST = 32


def _named_features(features: Any, name: str, depth: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield (column, class names) of the features below one; lists stand for what they hold."""
    if depth > _DEEPEST:
        return
    if isinstance(features, list) and len(features) == 1:
        yield from _named_features(features[0], name, depth + 1)
    elif not isinstance(features, dict):
        return
    elif features.get("_type") == "ClassLabel":
        yield name, tuple(str(one) for one in features.get("names") or ())
    elif features.get("_type") in _LIST_FEATURES:
        yield from _named_features(features.get("feature"), name, depth + 1)
    elif not isinstance(features.get("_type"), str):
        for inner, feature in features.items():
            yield from _named_features(feature, f"{name}.{inner}" if name else str(inner), depth + 1)


_LIST_FEATURES = {"Sequence", "LargeList", "List"}


def cut(batch: pa.RecordBatch, path: str | None = None) -> Iterator[pa.RecordBatch]:
    """Yield a batch in slices of bounded size, with plain arrays.

    Raises:
        ColumnError: a column holds bytes that are no text.
    """
    if not batch.num_rows:
        return
    step = MAX_ROWS
    if batch.nbytes > 2 * BATCH_BYTES:  # readers aim at the budget; what misses it narrowly is not cut
        step = max(1, min(MAX_ROWS, BATCH_BYTES * batch.num_rows // batch.nbytes))
    names = batch.schema.names
    for start in range(0, batch.num_rows, step):
        piece = batch.slice(start, step)
        arrays = [plain(array, name, path) for name, array in zip(names, piece.columns, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, names=names)


def has_texts(kind: pa.DataType) -> bool:
    """Return whether cells of that type are texts or bytes of any length."""
    return is_text(kind) or bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def unfolded(batch: pa.RecordBatch, kinds: Mapping[str, pa.DataType]) -> pa.RecordBatch:
    """Return a batch in which some columns, read as dictionaries, hold the texts themselves where these are short.

    A few long texts that repeat stay a dictionary: a file of kilobytes may unfold to gigabytes.

    Args:
        batch: rows.
        kinds: those columns, with the types that the file gives them.
    """
    if not kinds:
        return batch
    arrays = batch.columns
    for name, kind in kinds.items():
        at = batch.schema.get_field_index(name)
        array = arrays[at]
        longest = array.dictionary.nbytes  # a text is no longer than all of them
        if len(array) * longest <= BATCH_BYTES or _text_bytes(array) <= BATCH_BYTES:
            decoded = array.dictionary_decode()
            arrays[at] = decoded if decoded.type == kind else decoded.cast(kind)  # a cast imports pyarrow.compute
        elif not is_text(array.type.value_type):
            known = plain(array.dictionary, name)
            arrays[at] = pa.DictionaryArray.from_arrays(array.indices, known)
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def _text_bytes(array: pa.DictionaryArray) -> int:
    """Return the bytes of all cells of a dictionary of texts."""
    import pyarrow.compute as pc  # noqa: PLC0415  60 ms that only long texts pay

    lengths = pc.fill_null(pc.binary_length(array.dictionary), 0)
    return int(pc.sum(lengths.take(array.indices.drop_null())).as_py() or 0)


def dictionary_classes(array: pa.Array | pa.ChunkedArray) -> tuple[str, ...] | None:
    """Return the values of a text dictionary that all chunks share, None if there is none."""
    if not pa.types.is_dictionary(array.type) or not is_text(array.type.value_type):
        return None
    chunks = array.chunks if isinstance(array, pa.ChunkedArray) else [array]
    if not chunks or any(not chunk.dictionary.equals(chunks[0].dictionary) for chunk in chunks[1:]):
        return None
    values = chunks[0].dictionary
    if len(values) > MOST_CLASSES or values.null_count:
        return None
    return tuple(values.to_pylist()) or None


class MemoryPart(Record):
    """Rows that are in memory already."""

    table: pa.Table

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.table.num_rows)

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        for batch in self.table.select(list(columns)).to_batches():
            yield from cut(batch)


def refuse_long_cells(texts: Iterable[str | None], column: str | None, path: str | None = None) -> None:
    """Raise if one of the texts of a label, id or slice column is longer than any name.

    Raises:
        ColumnError: one is.
    """
    longest = max((len(text) for text in texts if text is not None), default=0)
    if longest > LONGEST_CELL:
        raise ColumnError(
            f"holds a cell of {longest:,} characters; a label, an id or a slice has at most {LONGEST_CELL:,}",
            place=Place(path, column=column),
            help="name another column, with --label, --id or --by",
        )


def rows_of(part: Part) -> int | None:
    """Return the number of rows of a part, None if only reading it tells."""
    rows: int | None = getattr(part, "rows", None)
    return rows


class Cursor:
    """Hands out the rows of some batches in pieces of any size up to a batch."""

    def __init__(self, batches: Iterator[pa.RecordBatch]) -> None:
        """Stand before the first row."""
        self._batches = batches
        self._held: pa.RecordBatch | None = None
        self._taken = 0

    def available(self) -> int:
        """Return how many rows can be taken at once, 0 at the end."""
        while self._held is None or self._held.num_rows == 0:
            self._held = next(self._batches, None)
            if self._held is None:
                return 0
        return int(self._held.num_rows)

    def take(self, count: int) -> pa.RecordBatch:
        """Return the next rows, at most as many as are available."""
        assert self._held is not None  # noqa: S101  `available` said how many there are
        taken, self._held = self._held.slice(0, count), self._held.slice(count)
        self._taken += count
        return taken

    def first(self, count: int | None) -> Iterator[pa.RecordBatch]:
        """Yield the next `count` rows, all rows if it is None."""
        while available := self.available():
            piece = available if count is None else min(count, available)
            if piece == 0:
                return
            yield self.take(piece)
            count = None if count is None else count - piece

    def pass_over(self, count: int | None) -> None:
        """Leave out the next `count` rows, all rows if it is None."""
        for _ in self.first(count):
            pass

    def drained(self) -> int:
        """Return the number of all rows, reading the rest."""
        self.pass_over(None)
        return self._taken


def side_by_side(cursors: Sequence[Cursor]) -> Iterator[list[pa.RecordBatch]]:
    """Yield batches of equal length, one of each stream, until one of the streams ends."""
    while count := min(cursor.available() for cursor in cursors):
        yield [cursor.take(count) for cursor in cursors]
