"""Parquet, Arrow and NumPy: labels as typed columns, or as one array.

Floor 2. Small batches are gathered until they are worth a row group; nothing else is kept.
"""

import shutil
import tempfile
from typing import IO, Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import numpy as np
import numpy.lib.format as npy
import numpy.typing as npt
import pyarrow as pa

from xentcli.errors import UsageError, XentError
from xentcli.files.arrays import is_list, nulls, view
from xentcli.files.plain import is_text

_ROWS = 1 << 17
_BYTES = 32 << 20

Array = npt.NDArray[Any]


class ParquetWriter:
    """A Parquet file with the schema's metadata."""

    def __init__(self, stream: IO[bytes], schema: pa.Schema) -> None:
        """Start the file."""
        import pyarrow.parquet as pq  # noqa: PLC0415  30 ms that only Parquet pays

        self._schema = schema
        self._file = pq.ParquetWriter(stream, schema)
        self._held: list[pa.RecordBatch] = []

    def write(self, batch: pa.RecordBatch) -> None:
        """Write the rows of a batch, later if they are few."""
        self._held.append(decoded(batch, self._schema))
        if sum(one.num_rows for one in self._held) >= _ROWS or sum(one.nbytes for one in self._held) >= _BYTES:
            self._flush()

    def _flush(self) -> None:
        if self._held:
            self._file.write_table(pa.Table.from_batches(self._held, self._schema))
            self._held = []

    def finish(self) -> None:
        """Write the footer."""
        self._flush()
        self._file.close()


class ArrowWriter:
    """An Arrow IPC file, which is Feather 2."""

    def __init__(self, stream: IO[bytes], schema: pa.Schema) -> None:
        """Start the file."""
        self._schema = schema
        self._file = pa.ipc.new_file(stream, schema)

    def write(self, batch: pa.RecordBatch) -> None:
        """Write the rows of a batch."""
        self._file.write_batch(decoded(batch, self._schema))

    def finish(self) -> None:
        """Write the footer."""
        self._file.close()


class NpyWriter:
    """One array: shape (n,), or (n, columns) for several; the header is written again once n is known."""

    def __init__(self, stream: IO[bytes], names: tuple[str, ...]) -> None:
        """Start the file; `names` are the class names that name cells hold."""
        self._stream = stream
        self._names = np.array(names or [""], dtype=np.str_)
        self._start = stream.tell()
        self._rows = 0
        self._shape: tuple[int, ...] = ()
        self._dtype: np.dtype[Any] | None = None
        self._header_bytes = 0

    def write(self, batch: pa.RecordBatch) -> None:
        """Write the rows of a batch; a missing name is the empty text."""
        block = dense(batch, self._names)
        if self._dtype is None:
            self._shape, self._dtype = block.shape[1:], block.dtype
            self._header()
            self._header_bytes = self._stream.tell() - self._start
        self._rows += len(block)
        self._stream.write(np.ascontiguousarray(block).data.cast("B"))

    def _header(self) -> None:
        if self._dtype is None:
            return
        said = {"shape": (self._rows, *self._shape), "fortran_order": False, "descr": npy.dtype_to_descr(self._dtype)}
        npy.write_array_header_1_0(self._stream, said)

    def finish(self) -> None:
        """Write the number of rows into the header."""
        self._stream.seek(self._start)
        self._header()
        if self._stream.tell() - self._start != self._header_bytes:
            raise XentError("the array's header has no room for its number of rows")
        self._stream.seek(0, 2)


class NpzWriter:
    """An archive of the array `y` and of the class names, `classes`."""

    def __init__(self, stream: IO[bytes], names: tuple[str, ...]) -> None:
        """Start the array in a temporary file: a member of an archive cannot be written again."""
        self._stream = stream
        self._names = names
        self._held = tempfile.TemporaryFile()  # noqa: SIM115  closed by finish, or by its end
        self._array = NpyWriter(self._held, names)

    def write(self, batch: pa.RecordBatch) -> None:
        """Write the rows of a batch."""
        self._array.write(batch)

    def finish(self) -> None:
        """Write the archive."""
        self._array.finish()
        self._held.seek(0)
        with self._held, ZipFile(self._stream, "w", ZIP_STORED) as archive:
            with archive.open(ZipInfo("y.npy"), "w", force_zip64=True) as member:
                shutil.copyfileobj(self._held, member, 1 << 20)
            with archive.open(ZipInfo("classes.npy"), "w") as member:
                npy.write_array(member, np.array(self._names, dtype=np.str_), allow_pickle=False)


def decoded(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Return a batch whose names are plain text, as the schema has them."""
    arrays = [_decoded(array, field.type) for array, field in zip(batch.columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _decoded(array: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(array.type) and not pa.types.is_dictionary(kind):
        return array.dictionary_decode()
    if is_list(array.type) and pa.types.is_dictionary(array.type.value_type):
        child = array.values.dictionary_decode()
        return pa.Array.from_buffers(kind, len(array), array.buffers()[:2], children=[child], offset=array.offset)
    return array


def dense(batch: pa.RecordBatch, names: Array) -> Array:
    """Return label columns as one array: shape (n,) for one column, (n, k) for 0/1 cells of k columns.

    Args:
        batch: numbers or booleans without nulls, or one column of names.
        names: the class names by index, for names; a missing one becomes the empty text.
    """
    columns = [_values(array, names) for array in batch.columns]
    return columns[0] if len(columns) == 1 else np.stack(columns, axis=1)


def array_of(table: pa.Table) -> Array:
    """Return label columns, names as text, as one array.

    Raises:
        UsageError: they are lists, or a number is missing.
    """
    kind = table.schema.field(0).type
    if is_list(kind):
        raise UsageError("lists of different lengths are no array", help='encode to="multi-hot" for one')
    if is_text(kind):
        return np.array([name or "" for name in table.column(0).to_pylist()], dtype=np.str_)
    missing = sum(column.null_count > 0 for column in table.columns)
    if missing:
        raise UsageError("some cells are missing, which an array cannot say", help="use the table, or drop those rows")
    batches = table.combine_chunks().to_batches()
    return dense(batches[0], np.array([""])) if batches else np.zeros(0)


def _values(array: pa.Array, names: Array) -> Array:
    if pa.types.is_dictionary(array.type):
        null = nulls(array.indices)
        found = names[view(array.indices)] if null is None else names[np.where(null, 0, view(array.indices))]
        if null is not None:
            found[null] = ""
        return found
    if pa.types.is_boolean(array.type):
        return view(array.cast(pa.uint8())).astype(np.bool_)
    return view(array)
