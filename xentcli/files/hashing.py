"""Hashing: a number for each id, the same for the same id on every machine.

Floor 2. Equal ids have equal numbers; others hardly ever share one.
"""

import numpy as np
import pyarrow as pa

from xentcli.arrays import Bytes, Hashes, Integers
from xentcli.files.arrays import nulls, view

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
