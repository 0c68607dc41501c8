"""Building Arrow arrays from numpy arrays and Python texts.

Floor 2. `pyarrow.array` imports pandas wherever it is installed, which takes longer than most runs; these
functions hand over buffers instead.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

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
