"""KeyedSums: exact sums by key, as sorted distinct keys and digits; the sparse kin of `ExactSums`.

Floor 4. Values are immutable in spirit: every function returns new ones, and the same rows give the same
arrays however they were cut and joined.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from xentcli.arrays import Floats, Indices, Integers
from xentcli.tally.exact import OFFSET, WIDTH, ExactSums

Digits = dict[int, Integers]

_BASE = 1 << WIDTH


def _no_keys() -> Integers:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class KeyedSums:
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
