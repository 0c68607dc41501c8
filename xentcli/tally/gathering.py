"""Gathering: the rows of one class, summed by key as they come.

Floor 4. Rows whose key is held already are counted through a table without probing (a slot knows the last key
that hashed to it); only the others are sorted, which takes ten times as long.
"""

import numpy as np
import numpy.typing as npt

from xentcli.arrays import Floats, Indices, Integers
from xentcli.tally.keyed import KeyedSums, add_digits, carried, join, sums_at, tabulate

BATCH = 1 << 18
"""Rows that are gathered before they are looked up, or sorted."""

MAX_SLOT_BITS = 20
"""A table of 4 MB at most."""

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
"""2^64 / golden ratio, odd: the multiplicative hash of Knuth, The Art of Computer Programming 3, 6.4."""


class _Rows:
    """Rows that wait: their keys, and their weights where they have any."""

    def __init__(self) -> None:
        self.keys: list[Integers] = []
        self.weights: list[Floats] = []
        self.count = 0

    def add(self, keys: Integers, weights: Floats | None) -> None:
        self.keys.append(keys)
        self.count += len(keys)
        if weights is not None:
            self.weights.append(weights)

    def take(self) -> tuple[Integers, Floats | None]:
        """Return all rows, and hold none."""
        keys = np.concatenate(self.keys)
        weights = np.concatenate(self.weights) if self.weights else None
        self.keys, self.weights, self.count = [], [], 0
        return keys, weights


class Gathering:
    """The rows of one class: sums by key, and rows that wait to be added to them.

    Attributes:
        held: what is summed, by key.
        new: rows that came last, with their whole keys: how many bits are ignored may change while they wait.
        missed: rows whose key was not found through the table, likewise.
        slots: shape (2^bits,), the place in `held` of a key that has this hash, 0 where there is none.
    """

    def __init__(self) -> None:
        """Start without rows."""
        self.held = KeyedSums()
        self.new = _Rows()
        self.missed = _Rows()
        self.slots: npt.NDArray[np.int32] = np.zeros(1, dtype=np.int32)

    @property
    def batch(self) -> int:
        """How many rows are looked up, or sorted, at a time: more where that costs more."""
        return min(BATCH, max(BATCH >> 4, len(self.held.keys)))

    def hold(self, sums: KeyedSums) -> None:
        """Replace what is held."""
        self.held = sums
        bits = min(len(sums.keys).bit_length() + 3, MAX_SLOT_BITS)
        self.slots = np.zeros(1 << bits, dtype=np.int32)
        self.slots[self._hashes(sums.keys)] = np.arange(len(sums.keys), dtype=np.int32)

    def _hashes(self, keys: Integers) -> Indices:
        unused = np.uint64(65 - len(self.slots).bit_length())
        return ((keys.view(np.uint64) * _MULTIPLIER) >> unused).view(np.intp)

    def look_up(self, shift: int) -> None:
        """Count the new rows whose keys are held; the others have missed."""
        if self.new.count == 0:
            return
        keys, weights = self.new.take()
        size = len(self.held.keys)
        if size == 0:
            self.missed.add(keys, weights)
            return
        shifted = keys >> shift
        at = self.slots.take(self._hashes(shifted))
        known = self.held.keys.take(at) == shifted
        if not known.all():
            misses = np.flatnonzero(~known)
            self.missed.add(keys.take(misses), None if weights is None else weights.take(misses))
            hits = np.flatnonzero(known)
            at = at.take(hits)
            weights = None if weights is None else weights.take(hits)
        if len(at):
            digits = add_digits(self.held.digits, sums_at(at.astype(np.intp), size, weights))
            self.held = KeyedSums(self.held.keys, carried(digits))

    def sort_missed(self, shift: int) -> None:
        """Add the rows that missed to what is held."""
        if self.missed.count:
            keys, weights = self.missed.take()
            self.slots = np.zeros(1, dtype=np.int32)  # makes room for the join
            self.hold(join(self.held, tabulate(keys >> shift, weights)))
