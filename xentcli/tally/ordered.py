"""Ordered keys: floats as integers that sort the same way, and how far they can be told apart.

Floor 4. Pure functions. The bits of a float64, read as an integer, already ascend with the number where it is
positive; shifting keys to the right makes bins of those that share their leading bits.
"""

import numpy as np
import numpy.typing as npt

from xentcli.arrays import AnyFloats, Integers

MAX_BITS = 64
_ALL_BUT_SIGN = np.int64((1 << 63) - 1)
_PIECE = 1 << 16
_ONE = np.int64(2 * np.float64(0.5).view(np.int64))


def ordered_keys(scores: AnyFloats) -> Integers:
    """Return integers that ascend and coincide with the scores.

    Args:
        scores: shape (n,), no NaN; infinities are first and last, and -0.0 is 0.0. float32 gives the
            keys of the same numbers in float64.
    """
    bits = _bits(scores.astype(np.float64, copy=False) + 0.0)  # -0.0 + 0.0 is 0.0
    flipped = bits >> 63
    flipped &= _ALL_BUT_SIGN
    bits ^= flipped
    return bits


def folded_keys(chances: AnyFloats) -> Integers:
    """Return integers that ascend and coincide with probabilities, as fine near 1 as near 0.

    Above one half the distance from 1 is what counts, so that 1 - 1e-9 and 1 - 2e-9 differ in the leading bits as
    much as 1e-9 and 2e-9 do. 1 - p is exact for float64 p in [1/2, 1] (Sterbenz 1974), so no two scores coincide
    that did not before.

    Args:
        chances: shape (n,), within [0, 1].
    """
    wide = chances.astype(np.float64, copy=False)
    distance = np.subtract(1.0, wide)
    np.minimum(distance, wide, out=distance)
    distance += 0.0  # -0.0 becomes 0.0
    bits = _bits(distance)
    upper = _bits(np.subtract(0.5, wide))
    upper >>= 63  # all ones above one half, else 0
    bits ^= upper  # the rest makes -1 - bits into _ONE - bits
    upper &= _ONE + 1
    bits += upper
    return bits


def _bits(values: npt.NDArray[np.float64]) -> Integers:
    return values.view(np.int64)


def distinct_by_shift(keys: Integers) -> npt.NDArray[np.int64]:
    """Return how many distinct keys are left after a shift to the right by 0, 1, ... 63 bits, shape (64,).

    Args:
        keys: shape (n,), ascending and distinct.

    Neighbours a and b coincide from the shift on that is the number of bits of a xor b.
    """
    if len(keys) == 0:
        return np.zeros(MAX_BITS, dtype=np.int64)
    by_length = np.zeros(MAX_BITS + 1, dtype=np.int64)
    for start in range(0, len(keys) - 1, _PIECE):
        piece = keys[start : start + _PIECE + 1]
        differing = (piece[1:] ^ piece[:-1]).view(np.uint64)
        # With its second-highest bit cleared, no number rounds up to the next power of two.
        lengths = np.frexp((differing & ~(differing >> np.uint64(1))).astype(np.float64))[1]
        by_length += np.bincount(lengths, minlength=MAX_BITS + 1)
    longer: npt.NDArray[np.int64] = by_length[::-1].cumsum()[::-1][1:]
    return 1 + longer


def ordered_values(keys: Integers) -> npt.NDArray[np.float64]:
    """Return the float64 scores of ordered keys, shape (n,)."""
    flipped = keys >> 63
    flipped &= _ALL_BUT_SIGN
    values: npt.NDArray[np.float64] = (keys ^ flipped).view(np.float64)
    return values


def folded_values(keys: Integers) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the probabilities p of folded keys, shape (n,), and 1 - p, each as exact as its distance from 0."""
    upper = keys > _ONE // 2
    distance = np.where(upper, _ONE - keys, keys).view(np.float64)
    return np.where(upper, 1.0 - distance, distance), np.where(upper, distance, 1.0 - distance)
