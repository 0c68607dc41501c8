"""Arrays: Arrow columns as numpy arrays, and Arrow arrays from numpy arrays and Python texts.

Floor 2. Arrow columns as numpy arrays, without copies where possible and without importing pandas. `Array.to_numpy`
imports pandas where it is installed; these functions view the buffers.

Building Arrow arrays from numpy arrays and Python texts. `pyarrow.array` imports pandas wherever it is installed,
which takes longer than most runs; these functions hand over buffers instead.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.arrays import AnyFloats, Mask
from xentcli.errors import ColumnError, Place
from xentcli.record import Record

_VIEWABLE = {
    pa.float64(): np.float64,
    pa.float32(): np.float32,
    pa.float16(): np.float16,
    pa.int8(): np.int8,
    pa.int16(): np.int16,
    pa.int32(): np.int32,
    pa.int64(): np.int64,
    pa.uint8(): np.uint8,
    pa.uint16(): np.uint16,
    pa.uint32(): np.uint32,
    pa.uint64(): np.uint64,
}


def view(array: pa.Array) -> npt.NDArray[np.generic]:
    """Return the values of a number array, shape (n,); what stands at null places is arbitrary."""
    dtype = np.dtype(_VIEWABLE[array.type])
    buffer = array.buffers()[1]
    if buffer is None:
        return np.zeros(len(array), dtype=dtype)
    values = np.frombuffer(buffer, dtype=dtype, count=array.offset + len(array))
    return values[array.offset :]


def nulls(array: pa.Array) -> Mask | None:
    """Return which cells are null, shape (n,), None if none is."""
    if array.null_count == 0:
        return None
    if pa.types.is_null(array.type):
        return np.ones(len(array), dtype=np.bool_)
    buffer = array.buffers()[0]
    if buffer is None:  # a dictionary may hold its nulls in its values
        return np.asarray([not cell.is_valid for cell in array], dtype=np.bool_)
    bits = np.unpackbits(np.frombuffer(buffer, dtype=np.uint8), bitorder="little")
    null: Mask = bits[array.offset : array.offset + len(array)] == 0
    return null


def floats(array: pa.Array, column: str) -> AnyFloats:
    """Return the values of a column of scores, shape (n,): float32 stays, other numbers become float64.

    What stands at null places is arbitrary.

    Raises:
        ColumnError: the column holds no numbers.
    """
    kind = array.type
    if kind in {pa.float32(), pa.float64()}:
        return view(array).view()  # type: ignore[return-value]
    if kind == pa.float16():
        return view(array).astype(np.float32)
    if kind in _VIEWABLE:
        return view(array).astype(np.float64)
    if pa.types.is_boolean(kind) or pa.types.is_decimal(kind) or pa.types.is_null(kind):
        if pa.types.is_boolean(kind):
            array = array.cast(pa.uint8())
        return view(array.cast(pa.float64())).view()  # type: ignore[return-value]
    raise ColumnError(f"holds {kind}, not numbers", place=Place(column=column))


class Lists(Record):
    """A list column as one flat array of child values.

    Attributes:
        values: the child values, from the first list's first to the last list's last.
        starts: shape (n,), where each list starts in `values`.
        lengths: shape (n,), how long it is.
        null: which lists are null, None if none is.
    """

    values: pa.Array
    starts: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]
    null: Mask | None


def is_list(kind: pa.DataType) -> bool:
    """Return whether cells of that type are lists."""
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def lists(array: pa.Array) -> Lists:
    """Return a list column by its offsets; a null list may own child values, which belong to no row."""
    count = len(array)
    if pa.types.is_fixed_size_list(array.type):
        size = array.type.list_size
        starts = np.arange(array.offset, array.offset + count, dtype=np.int64) * size
        return Lists(array.values, starts, np.full(count, size, dtype=np.int64), nulls(array))
    wide = np.int64 if pa.types.is_large_list(array.type) else np.int32
    buffer = array.buffers()[1]
    if buffer is None or count == 0:
        empty = np.zeros(count, dtype=np.int64)
        return Lists(array.values, empty, empty, nulls(array))
    offsets = np.frombuffer(buffer, dtype=wide, count=array.offset + count + 1)[array.offset :].astype(np.int64)
    return Lists(array.values, offsets[:-1], np.diff(offsets), nulls(array))


_INT32_MAX = (1 << 31) - 1


def vector(values: npt.NDArray[Any]) -> pa.Array:
    """Return a numpy vector, shape (n,), as an Arrow array of the same type in the machine's byte order.

    Text keeps what it holds; an empty text is a missing cell.

    Raises:
        ArrowException: Arrow has no such type.
    """
    if values.dtype.kind == "S":
        values = np.char.decode(values, "utf-8", "backslashreplace")
    if values.dtype.kind in "UT":
        return texts(text or None for text in values.tolist())
    if values.dtype.kind in "mM":
        return pa.array(values)
    if values.dtype.kind == "b":
        bits = np.packbits(values, bitorder="little")
        return pa.Array.from_buffers(pa.bool_(), len(values), [None, pa.py_buffer(bits)])
    native = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("="))
    kind = pa.from_numpy_dtype(native.dtype)
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(native)])


def masked(values: npt.NDArray[Any], null: npt.NDArray[np.bool_]) -> pa.Array:
    """Return a numpy vector of numbers or booleans, shape (n,), as an Arrow array with nulls where `null` says so."""
    array = vector(values)
    if not null.any():
        return array
    valid = pa.py_buffer(np.packbits(~null, bitorder="little"))
    return pa.Array.from_buffers(array.type, len(array), [valid, array.buffers()[1]])


def matrix(values: npt.NDArray[Any]) -> pa.Array:
    """Return a numpy matrix, shape (n, k), as an Arrow array of n lists of fixed size k."""
    flat = vector(np.ascontiguousarray(values).reshape(-1))
    kind = pa.list_(flat.type, values.shape[1])
    return pa.FixedSizeListArray.from_arrays(flat, type=kind)


def texts(values: Iterable[str | None]) -> pa.Array:
    """Return texts as an Arrow string array, None as a null."""
    cells = [None if value is None else value.encode("utf-8", "backslashreplace") for value in values]
    lengths = np.fromiter((0 if cell is None else len(cell) for cell in cells), np.int64, count=len(cells))
    offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    wide = int(offsets[-1]) > _INT32_MAX
    valid = np.fromiter((cell is not None for cell in cells), np.bool_, count=len(cells))
    buffers = [
        None if bool(valid.all()) else pa.py_buffer(np.packbits(valid, bitorder="little")),
        pa.py_buffer(offsets if wide else offsets.astype(np.int32)),
        pa.py_buffer(b"".join(cell for cell in cells if cell)),
    ]
    return pa.Array.from_buffers(pa.large_string() if wide else pa.string(), len(cells), buffers)
