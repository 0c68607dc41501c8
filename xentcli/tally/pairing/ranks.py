"""JointRanks: how two models rank the same rows of a binary task, as counts of pairs of scores by class.

Floor 4. A mergeable part of `PairedTally`. While the distinct pairs are few, each is counted; beyond, scores that share
their leading bits become one bin, the same number of bits for both models, and as many bits are kept as the cells fit.
The cells of some of the rows never ask for fewer bits than those of all, so neither cuts nor threads nor their order
can be seen in the result.
"""

from typing import NamedTuple

import numpy as np

from xentcli.arrays import Integers, Mask
from xentcli.tally.sums_by_key import MAX_BITS

CELL_LIMIT = 1 << 17
"""JointScores of both classes."""

_BATCH = 1 << 17
"""Rows that wait before they are counted."""

_PACKED = 34
"""From this shift on two keys fit into one integer, which sorts several times as fast as two columns."""

_WIDTH = 31
_HALF = np.int64(1 << (_WIDTH - 1))
_LOW = np.int64((1 << _WIDTH) - 1)


class JointScores(NamedTuple):
    """Rows by the scores of both models, in rising order of A's, then of B's; each of shape (k,)."""

    a: Integers
    b: Integers
    rows: Integers


def tabulated(a: Integers, b: Integers, rows: Integers | None, shift: int) -> JointScores:
    """Return the distinct pairs of keys with their rows.

    Args:
        a: shape (n,), keys of A's scores after `shift`.
        b: likewise of B's.
        rows: shape (n,), of each pair; None for one each.
        shift: how many bits the keys have lost.
    """
    if len(a) == 0:
        return JointScores(a, b, np.zeros(0, dtype=np.int64))
    if shift >= _PACKED:
        codes = (a << _WIDTH) + (b + _HALF)
        order = None if rows is None else np.argsort(codes, kind="stable")
        codes = np.sort(codes) if order is None else codes[order]
        fresh = codes[1:] != codes[:-1]
        a, b = codes >> _WIDTH, (codes & _LOW) - _HALF
    else:
        order = np.lexsort((b, a))
        a, b = a[order], b[order]
        fresh = (a[1:] != a[:-1]) | (b[1:] != b[:-1])
    starts = np.concatenate(([0], np.flatnonzero(fresh) + 1))
    if rows is None:
        counts = np.diff(starts, append=len(a))
    else:
        counts = np.add.reduceat(rows if order is None else rows[order], starts)
    return JointScores(a[starts], b[starts], counts)


def coarsened(cells: JointScores, shift: int, bits: int) -> JointScores:
    """Return cells whose keys lose some more bits than `shift`."""
    return cells if bits == 0 else tabulated(cells.a >> bits, cells.b >> bits, cells.rows, shift + bits)


def fewest_bits(sides: tuple[JointScores, JointScores], shift: int, limit: int) -> int:
    """Return how many more bits must be ignored until the cells of both classes are within a limit."""

    def fits(bits: int) -> bool:
        return sum(len(coarsened(one, shift, bits).rows) for one in sides) <= limit

    low, high = -1, MAX_BITS - 1 - shift
    if fits(0):
        return 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(middle) else (middle, high)
    return high


class JointRanks:
    """Rows of both classes by the scores of two models.

    Attributes:
        shift: how many trailing bits of a score's key its bin ignores; 0 while all scores are told apart.
        same: rows whose scores have the same key under both models.
    """

    def __init__(self) -> None:
        """Start without rows."""
        none = np.zeros(0, dtype=np.int64)
        self.shift = 0
        self.same = 0
        self._sides = (JointScores(none, none, none), JointScores(none, none, none))
        self._waiting: list[tuple[Integers, Integers, Mask]] = []
        self._count = 0

    def add(self, a: Integers, b: Integers, positive: Mask) -> None:
        """Add rows by the keys of their scores, each of shape (n,), and whether they are of the positive class."""
        self.same += int(np.count_nonzero(a == b))
        self._waiting.append((a, b, positive))
        self._count += len(a)
        if self._count >= _BATCH:
            self.settle()

    def settle(self) -> None:
        """Count the rows that wait."""
        if not self._waiting:
            return
        a, b, positive = (np.concatenate(columns) for columns in zip(*self._waiting, strict=True))
        self._waiting, self._count = [], 0
        new = tuple(
            tabulated(a[members] >> self.shift, b[members] >> self.shift, None, self.shift)
            for members in (~positive, positive)
        )
        self._join((new[0], new[1]))

    def _join(self, other: tuple[JointScores, JointScores]) -> None:
        """Add cells of the same shift, and ignore as many more bits as the limit asks for."""
        joined = []
        for own, its in zip(self._sides, other, strict=True):
            a, b, rows = (np.concatenate(pair) for pair in zip(own, its, strict=True))
            joined.append(tabulated(a, b, rows, self.shift))
        self._sides = (joined[0], joined[1])
        self._ignore(fewest_bits(self._sides, self.shift, CELL_LIMIT))

    def _ignore(self, bits: int) -> None:
        """Ignore some more trailing bits."""
        first, second = (coarsened(one, self.shift, bits) for one in self._sides)
        self._sides = (first, second)
        self.shift += bits

    def merge(self, other: "JointRanks") -> None:
        """Add another one's rows to these."""
        self.settle()
        its = other.sides
        self._ignore(max(0, other.shift - self.shift))
        first, second = (coarsened(one, other.shift, self.shift - other.shift) for one in its)
        self.same += other.same
        self._join((first, second))

    @property
    def sides(self) -> tuple[JointScores, JointScores]:
        """The cells of the negative and of the positive class."""
        self.settle()
        return self._sides
