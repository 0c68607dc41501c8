"""Hashing: a number for each id, the same for the same id on every machine.

Floor 4. It only spreads rows over partitions: equal ids must have equal numbers, others need not differ.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.files.arrays import nulls, view

Hashes = npt.NDArray[np.uint64]

_ODD = np.uint64(0x9E3779B97F4A7C15)
"""2^64 by the golden ratio, odd: multiplying by it is one-to-one and spreads neighbours (Knuth, vol. 3, 6.4)."""


def hashes(ids: pa.Array) -> Hashes:
    """Return a hash of each id, shape (n,); missing ids have that of 0.

    Args:
        ids: int64 or large_string.
    """
    if pa.types.is_integer(ids.type):
        values = view(ids).astype(np.uint64)
        missing = nulls(ids)
        return _mixed(values if missing is None else np.where(missing, np.uint64(0), values))
    return _mixed(_polynomials(ids))


def _mixed(values: Hashes) -> Hashes:
    """Return the values with their high bits brought down."""
    with np.errstate(over="ignore"):
        spread = values * _ODD
        return (spread ^ (spread >> np.uint64(32))) * _ODD >> np.uint64(20)


def _polynomials(ids: pa.Array) -> Hashes:
    """Return for each text the value of the polynomial whose coefficients are its bytes, modulo 2^64."""
    ends = np.frombuffer(ids.buffers()[1], dtype=np.int64)[ids.offset : ids.offset + len(ids) + 1]
    data = ids.buffers()[2]
    low, high = int(ends[0]), int(ends[-1])
    found = np.zeros(len(ids), dtype=np.uint64)
    if data is None or high == low:
        return found
    coded = np.frombuffer(data, dtype=np.uint8)[low:high].astype(np.uint64)
    lengths = np.diff(ends)
    place = np.arange(high - low, dtype=np.int64) - np.repeat(ends[:-1] - low, lengths)
    with np.errstate(over="ignore"):
        powers = np.cumprod(np.full(int(lengths.max()), _ODD, dtype=np.uint64))
        terms = (coded + np.uint64(1)) * powers[place]
        filled = lengths > 0
        found[filled] = np.add.reduceat(terms, (ends[:-1] - low)[filled])
    return found
