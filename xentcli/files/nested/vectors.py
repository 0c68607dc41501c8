"""Vectors of Spark's machine learning: objects of a type, a size, indices and values become lists of numbers.

Floor 2. Type 1 is dense and holds all values; type 0 is sparse, the values that are not there are 0.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.arrays import Floats
from xentcli.files.arrays import floats, lists, nulls
from xentcli.files.build import vector
from xentcli.files.nested.derive import Converted
from xentcli.files.nested.leaves import inner

LONGEST = 1 << 20
"""A sparse vector that says it is longer is damaged."""


def vectors(source: str) -> Converted:
    """Return what makes lists of numbers of a column of vectors."""
    return Converted(source, pa.list_(pa.float64()), _dense)


def _dense(array: pa.Array) -> pa.Array:
    """Return vectors as lists; a row whose parts do not fit together becomes null."""
    held = {field.name for field in array.type}
    values = lists(inner(array, ("values",)))
    numbers = floats(values.values, "values").astype(np.float64)
    kinds = inner(array, ("type",))
    null = np.zeros(len(array), dtype=np.bool_)
    for mask in (values.null, nulls(kinds), nulls(array)):
        null |= False if mask is None else mask
    sparse = (floats(kinds, "type") == 0) & ~null
    lengths = np.where(null, 0, values.lengths)
    rows = [numbers[start : start + size] for start, size in zip(values.starts, lengths, strict=True)]
    if sparse.any() and {"size", "indices"} <= held:
        places = lists(inner(array, ("indices",)))
        at = floats(places.values, "indices").astype(np.int64)
        sizes = floats(inner(array, ("size",)), "size").astype(np.int64)
        for row in np.flatnonzero(sparse):
            where = at[places.starts[row] : places.starts[row] + places.lengths[row]]
            full = _full(rows[row], where, int(sizes[row]))
            null[row] = full is None
            rows[row] = np.zeros(0) if full is None else full
    return _lists(rows, null)


def _full(values: Floats, where: npt.NDArray[np.int64], size: int) -> Floats | None:
    """Return a sparse vector with its zeros, None where its parts do not fit together."""
    if len(where) != len(values) or not 0 <= size <= LONGEST or ((where < 0) | (where >= size)).any():
        return None
    found = np.zeros(size)
    found[where] = values
    return found


def _lists(rows: Sequence[Floats], null: npt.NDArray[np.bool_]) -> pa.Array:
    """Return vectors as an Arrow array of lists."""
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int32)
    flat = vector(np.concatenate(rows) if rows else np.zeros(0))
    valid = pa.py_buffer(np.packbits(~null, bitorder="little")) if null.any() else None
    return pa.Array.from_buffers(pa.list_(pa.float64()), len(rows), [valid, pa.py_buffer(offsets)], children=[flat])
