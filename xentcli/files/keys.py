"""Keys: ids as they are compared, and a number for each of them that is the same on every machine.

Floor 2. `1`, `1.0` and the number 1 are one id by number; `01` is a text of its own.

Hashing: a number for each id, the same for the same id on every machine. Equal ids have equal numbers; others
hardly ever share one.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from xentcli.arrays import Bytes, Hashes, Integers
from xentcli.files.arrays import nulls, texts, vector, view
from xentcli.files.batches import LONGEST_CELL, refuse_long_cells
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


_ODD = np.uint64(0x9E3779B97F4A7C15)
"""2^64 by the golden ratio, odd: multiplying by it is one-to-one and spreads neighbours (Knuth, vol. 3, 6.4)."""


def hashes(ids: pa.Array) -> Hashes:
    """Return a well mixed number for each id, shape (n,), below 2^44.

    Args:
        ids: int64 or large_string.
    """
    return mixed(fingerprints(ids).view(np.uint64)) >> np.uint64(20)


def fingerprints(ids: pa.Array) -> Integers:
    """Return a number for each id, shape (n,): a whole number is its own, different texts hardly ever share one.

    Args:
        ids: int64 or large_string; a missing id has any number, but always the same.
    """
    if not pa.types.is_integer(ids.type):
        return _polynomials(ids).view(np.int64)
    values = view(ids).astype(np.int64, copy=False)
    missing = nulls(ids)
    return values if missing is None else np.where(missing, 0, values)


def mixed(values: Hashes) -> Hashes:
    """Return the values, shape (n,), with their high bits brought down, one-to-one."""
    with np.errstate(over="ignore"):
        spread = values * _ODD
        return (spread ^ (spread >> np.uint64(32))) * _ODD


_SHORT = 64
"""Bytes of a text up to which going through them one after the other is the fastest."""


def _polynomials(ids: pa.Array) -> Hashes:
    """Return for each text the polynomial whose coefficients are its bytes plus 1, by Horner's rule modulo 2^64."""
    ends = np.frombuffer(ids.buffers()[1], dtype=np.int64)[ids.offset : ids.offset + len(ids) + 1]
    lengths = np.diff(ends)
    longest = int(lengths.max(initial=0))
    data = ids.buffers()[2]
    if longest == 0 or data is None:
        return np.zeros(len(ids), dtype=np.uint64)
    coded = np.frombuffer(data, dtype=np.uint8)
    with np.errstate(over="ignore"):
        if longest <= _SHORT:
            return _by_place(coded, ends[:-1], lengths, longest)
        return _by_power(coded[int(ends[0]) : int(ends[-1])], ends - ends[0], lengths, longest)


def _by_place(coded: Bytes, starts: Integers, lengths: Integers, longest: int) -> Hashes:
    """Return the polynomials, going through all texts at once, byte by byte."""
    found = np.zeros(len(starts), dtype=np.uint64)
    shortest = int(lengths.min())
    for place in range(longest):
        if place < shortest:
            found *= _ODD
            found += coded[starts + place]
            found += np.uint64(1)
        else:
            at = np.flatnonzero(lengths > place)
            found[at] = found[at] * _ODD + coded[starts[at] + place] + np.uint64(1)
    return found


def _by_power(coded: Bytes, ends: Integers, lengths: Integers, longest: int) -> Hashes:
    """Return the same for long texts, by the power of each byte."""
    powers = np.cumprod(np.concatenate([[np.uint64(1)], np.full(longest - 1, _ODD)]), dtype=np.uint64)
    power = np.repeat(ends[1:], lengths) - np.arange(len(coded)) - 1
    terms = (coded + np.uint64(1)) * powers[power]
    found = np.zeros(len(lengths), dtype=np.uint64)
    filled = lengths > 0
    found[filled] = np.add.reduceat(terms, ends[:-1][filled])
    return found
