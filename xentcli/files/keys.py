"""Keys: ids as they are compared, by number where every id is integer-valued, by exact text otherwise.

Floor 2. `1`, `1.0` and the number 1 are one id by number; `01` is a text of its own.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from xentcli.files.arrays import nulls, view
from xentcli.files.batches import LONGEST_CELL, refuse_long_cells
from xentcli.files.build import texts, vector
from xentcli.files.plain import is_text
from xentcli.files.table import Part, ReadAs, Table

INTEGER = r"^\s*[+-]?(0|[1-9][0-9]{0,17})(\.0*)?\s*$"
_DIGITS = r"^\s*\+?(-?[0-9]+)(\.0*)?\s*$"
_EXACT = float(1 << 53)


def all_integers(table: Table, column: str) -> bool:
    """Return whether every id of a column is integer-valued; missing ones do not count."""
    kind = table[column].type
    if pa.types.is_integer(kind) and kind != pa.uint64():
        return True
    return all(integer_valued(batch.column(0)) for batch in table.batches({column: ReadAs.NATIVE}))


def integer_valued(array: pa.Array) -> bool:
    """Return whether every id of an array is integer-valued; missing ones do not count."""
    import pyarrow.compute as pc  # noqa: PLC0415  60 ms that only joins by id pay

    array = _decoded(array)
    if pa.types.is_floating(array.type):
        values = view(array.cast(pa.float64()))
        missing = nulls(array)
        values = values if missing is None else values[~missing]
        values = values[~np.isnan(values)]
        return bool(np.all((np.abs(values) <= _EXACT) & (values == np.floor(values))))
    if is_text(array.type):
        return pc.all(pc.match_substring_regex(array, INTEGER)).as_py() is not False
    if pa.types.is_integer(array.type) or pa.types.is_null(array.type):
        return array.type != pa.uint64() or bool(np.all(view(array) < np.uint64(1 << 63)))
    return False


def _decoded(array: pa.Array) -> pa.Array:
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def keys(array: pa.Array, *, as_integers: bool) -> pa.Array:
    """Return ids as int64 or as large_string; NaN counts as missing.

    Args:
        array: ids of any scalar type.
        as_integers: whether all ids of both tables are integer-valued.
    """
    array = _decoded(array)
    if as_integers:
        return _as_integers(array)
    if is_text(array.type):
        return array.cast(pa.large_string())
    return texts(_text(cell) for cell in array.to_pylist()).cast(pa.large_string())


def id_texts(array: pa.Array) -> pa.Array:
    """Return ids as large_string, whole numbers in one form whatever the type: `1`, ` 1.0` and 1 are `1`."""
    import pyarrow.compute as pc  # noqa: PLC0415  60 ms that only joins by id pay

    array = _decoded(array)
    if is_text(array.type):
        digits = pc.replace_substring_regex(array, pattern=_DIGITS, replacement=r"\1")
        return digits.cast(pa.large_string())
    whole = pa.types.is_integer(array.type) or (pa.types.is_floating(array.type) and integer_valued(array))
    if not whole:
        return keys(array, as_integers=False)
    return (_as_integers(array) if array.type != pa.uint64() else array).cast(pa.large_string())


def _as_integers(array: pa.Array) -> pa.Array:
    import pyarrow.compute as pc  # noqa: PLC0415  60 ms that only joins by id pay

    if is_text(array.type):
        digits = pc.replace_substring_regex(array, pattern=_DIGITS, replacement=r"\1")
        return digits.cast(pa.int64())
    if pa.types.is_floating(array.type):
        wide = array.cast(pa.float64())
        values = view(wide).copy()
        missing = np.isnan(values)
        known = nulls(wide)
        missing = missing if known is None else missing | known
        values[missing] = 0
        return pc.if_else(vector(~missing), vector(values).cast(pa.int64()), pa.nulls(1, pa.int64())[0])
    return array.cast(pa.int64())


def _text(cell: object) -> str | None:
    if cell is None or cell != cell:  # noqa: PLR0124  NaN is a missing id
        return None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def rise(ids: pa.Array, last: pa.Scalar | None) -> bool:
    """Return whether each id is larger than the one before, so that none stands twice.

    Args:
        ids: as `keys` gives them, none missing.
        last: the one before the first; None if there is none.
    """
    import pyarrow.compute as pc  # noqa: PLC0415  60 ms that only joins by id pay

    if len(ids) == 0:
        return True
    rising = pc.all(pc.greater(ids[1:], ids[:-1])).as_py() is not False
    return rising and (last is None or pc.greater(ids[0], last).as_py())


def part_keys(part: Part, column: str, *, as_integers: bool) -> Iterator[pa.Array]:
    """Yield the keys of a part, batch by batch."""
    for batch in part.read({column: ReadAs.NATIVE}):
        ids = batch.column(0)
        if is_text(ids.type) and ids.nbytes > LONGEST_CELL:
            import pyarrow.compute as pc  # noqa: PLC0415  60 ms that only joins by id pay

            longest = pc.max(pc.binary_length(ids)).as_py() or 0
            if longest > LONGEST_CELL:
                refuse_long_cells((cell.as_py() for cell in ids), column)
        yield keys(ids, as_integers=as_integers)
