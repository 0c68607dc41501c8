"""Exact sums by key, as sorted distinct keys and digits: the sparse kin of `ExactSums`.

Floor 4. Values are never changed in place: every function returns new ones, and the same rows give the same arrays
however they were cut and joined. Keys are floats as integers that sort the same way: the bits of a float64, read as an
integer, already ascend with the number where it is positive; shifting them to the right makes bins of those that share
their leading bits.
"""

import numpy as np
import numpy.typing as npt

from xentcli.arrays import AnyFloats, Floats, Indices, Integers
from xentcli.record import Record, field
from xentcli.tally.exact import OFFSET, WIDTH, ExactSums

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


Digits = dict[int, Integers]

_BASE = 1 << WIDTH


def _no_keys() -> Integers:
    return np.zeros(0, dtype=np.int64)


class KeyedSums(Record):
    """Non-negative totals by key.

    Attributes:
        keys: shape (k,), ascending and distinct.
        digits: by level, shape (k,), within [0, 2^WIDTH): total i is the sum of digits[level][i] * 2^(WIDTH * level);
            levels that are all 0 are left out. Numbers of rows have level 0 alone.
    """

    keys: Integers = field(default_factory=_no_keys)
    digits: Digits = field(default_factory=dict)

    def descending(self, keys: Integers) -> tuple[Floats, Floats]:
        """Return the totals from the highest key down, and those of each key and all higher ones.

        Args:
            keys: shape (m,), ascending and distinct, own keys among them; others have the total 0.

        Returns:
            Two arrays of shape (m,). Running totals are summed as integers: each is rounded once a level only.
        """
        at = len(keys) - 1 - np.searchsorted(keys, self.keys)
        each, through = np.zeros(len(keys)), np.zeros(len(keys))
        for level in sorted(self.digits):
            digit = np.zeros(len(keys), dtype=np.int64)
            digit[at] = self.digits[level]
            each += np.ldexp(digit.astype(np.float64), WIDTH * level)
            through += np.ldexp(digit.cumsum().astype(np.float64), WIDTH * level)
        return each, through


def carried(digits: Digits) -> Digits:
    """Return the digits of the same totals in their one canonical form; totals must not be negative."""
    if all(digit.min() >= 0 and 0 < digit.max() < _BASE for digit in digits.values()):
        return digits
    found: Digits = {}
    level, top = min(digits), max(digits)
    excess: Integers = np.zeros_like(digits[level])
    while level <= top or excess.any():
        total = excess if level not in digits else digits[level] + excess
        excess = total >> WIDTH
        digit = total - (excess << WIDTH)
        if digit.any():
            found[level] = digit
        level += 1
    return found


def sums_at(at: Indices, size: int, weights: Floats | None) -> Digits:
    """Return how many rows (which weight) each of `size` totals gets.

    Args:
        at: shape (n,), the total of each row, n > 0.
        size: number of totals.
        weights: shape (n,), positive; None counts rows.
    """
    if weights is None:
        return {0: np.bincount(at, minlength=size).astype(np.int64, copy=False)}
    sums = ExactSums(size)
    sums.add(weights, at)
    # A level of ExactSums stands OFFSET bits above the one of that number here: its digits belong to two of them.
    found: Digits = {}
    for level, digit in sums.levels.items():
        high = digit >> (WIDTH - OFFSET)
        low = (digit - (high << (WIDTH - OFFSET))) << OFFSET
        found = add_digits(found, {level: low, level + 1: high})
    return found


def tabulate(keys: Integers, weights: Floats | None) -> KeyedSums:
    """Return the sums of rows in any order; `keys` and `weights` have shape (n,), n > 0."""
    if weights is None:
        ordered = np.sort(keys)
        starts = _starts(ordered)
        return KeyedSums(ordered[starts], carried({0: np.diff(starts, append=len(ordered))}))
    order = np.argsort(keys)
    ordered = keys[order]
    starts = _starts(ordered)
    first = np.zeros(len(ordered), dtype=np.intp)
    first[starts[1:]] = 1
    return KeyedSums(ordered[starts], carried(sums_at(first.cumsum(), len(starts), weights[order])))


def _starts(ordered: Integers) -> Indices:
    """Return where each distinct key begins."""
    return np.concatenate(([0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1))


def merged_keys(one: Integers, other: Integers) -> Integers:
    """Return the keys of both, ascending and distinct, as each of them is."""
    ordered = np.sort(np.concatenate((one, other)), kind="stable")  # merges runs, where others sort anew
    return ordered[_starts(ordered)] if len(ordered) else ordered


def add_digits(into: Digits, other: Digits) -> Digits:
    """Return the sums of two sets of digits, not yet carried."""
    found = dict(into)
    for level, digit in other.items():
        found[level] = found[level] + digit if level in found else digit
    return found


def join(held: KeyedSums, new: KeyedSums) -> KeyedSums:
    """Return the sums of both; best with the smaller one as `new`."""
    if len(held.keys) == 0 or len(new.keys) == 0:
        return new if len(held.keys) == 0 else held
    at = np.searchsorted(held.keys, new.keys)
    fresh = held.keys.take(at, mode="clip") != new.keys
    at += fresh.cumsum() - fresh
    old = np.ones(len(held.keys) + int(np.count_nonzero(fresh)), dtype=np.bool_)
    old[at[fresh]] = False
    keys = _spread(held.keys, old)
    keys[at] = new.keys
    digits = {level: _spread(digit, old) for level, digit in held.digits.items()}
    for level, digit in new.digits.items():
        if level not in digits:
            digits[level] = np.zeros(len(keys), dtype=np.int64)
        digits[level][at] += digit
    return KeyedSums(keys, carried(digits))


def _spread(values: Integers, where: npt.NDArray[np.bool_]) -> Integers:
    found = np.zeros(len(where), dtype=np.int64)
    found[where] = values
    return found


def coarsen(held: KeyedSums, bits: int) -> KeyedSums:
    """Return the sums by what is left of the keys after a shift to the right by some bits."""
    if bits == 0 or len(held.keys) == 0:
        return held
    shifted = held.keys >> bits
    starts = _starts(shifted)
    # A digit is below 2^32 and the keys are fewer than 2^31: no sum overflows.
    digits = {level: np.add.reduceat(digit, starts) for level, digit in held.digits.items()}
    return KeyedSums(shifted[starts], carried(digits))
