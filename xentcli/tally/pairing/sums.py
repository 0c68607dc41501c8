"""PairedSums and JointRanks: what two models cost on the same rows, and how they rank them.

Floor 4. PairedSums: what two models cost on the same rows, by group of rows, as exact sums. A mergeable part of
`PairedTally`: one by true class, one by the groups of each slicing.

JointRanks: how two models rank the same rows of a binary task, as counts of pairs of scores by class. A mergeable
part of `PairedTally`. While the distinct pairs are few, each is counted; beyond, scores that share their leading
bits become one bin, the same number of bits for both models, and as many bits are kept as the cells fit. The cells
of some of the rows never ask for fewer bits than those of all, so neither cuts nor threads nor their order can be
seen in the result.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from xentcli.arrays import Floats, Indices, Integers, Mask
from xentcli.record import MutableRecord, Record, field
from xentcli.tally.counts import Grouping, grouped
from xentcli.tally.exact import ExactSums
from xentcli.tally.sums_by_key import MAX_BITS

BOTH, ONLY_A, ONLY_B, NEITHER = range(4)
"""Which model is right; the order of `PairedSums.right`."""

_PLAIN = ("a", "b", "square")
_WEIGHTED = ("a", "b", "square_difference", "square")


class ComparedRows(Record):
    """What two models make of some rows; each array is of shape (n,).

    Attributes:
        right: which model is right: BOTH, ONLY_A, ONLY_B or NEITHER.
        alike: whether both decide for the same, at the same loss.
        values: by metric, the numbers of A and of B.
        weights: None without weights.
    """

    right: Integers
    alike: Mask
    values: Mapping[str, tuple[Floats, Floats]]
    weights: Floats | None

    def hits(self) -> tuple[Floats, Floats]:
        """Return 1 where A is right and where B is, else 0."""
        a = (self.right == BOTH) | (self.right == ONLY_A)
        b = (self.right == BOTH) | (self.right == ONLY_B)
        return a.astype(np.float64), b.astype(np.float64)


class PairedSums(MutableRecord):
    """The sums of some groups of rows; A's number is a, B's is b, d = b - a.

    Attributes:
        size: number of groups.
        metrics: whose numbers are summed: `loss`, `brier`; with weights also `accuracy`, 1 where right.
        weighted: whether rows have weights w.
        rows: shape (size,), compared rows.
        right: shape (4, size), rows by which model is right.
        alike: shape (size,), rows on which both decide for the same, at the same loss.
        sums: by metric, exact sums of a, b and d^2; with weights of w a, w b, w^2 d and w^2 d^2.
        weight: sums of w; None without weights.
        square_weight: sums of w^2; None without weights.
    """

    size: int
    metrics: tuple[str, ...]
    weighted: bool = False
    rows: Integers = field(init=False)
    right: Integers = field(init=False)
    alike: Integers = field(init=False)
    sums: dict[str, dict[str, ExactSums]] = field(init=False)
    weight: ExactSums | None = None
    square_weight: ExactSums | None = None

    def __post_init__(self) -> None:
        """Start with all sums 0."""
        self.rows = np.zeros(self.size, dtype=np.int64)
        self.right = np.zeros((4, self.size), dtype=np.int64)
        self.alike = np.zeros(self.size, dtype=np.int64)
        names = _WEIGHTED if self.weighted else _PLAIN
        metrics = (*self.metrics, "accuracy") if self.weighted else self.metrics
        self.sums = {metric: {name: ExactSums(self.size) for name in names} for metric in metrics}
        if self.weighted:
            self.weight, self.square_weight = ExactSums(self.size), ExactSums(self.size)

    def add(self, groups: Indices, rows: ComparedRows) -> None:
        """Add rows by their groups, shape (n,)."""
        self.rows += np.bincount(groups, minlength=self.size)
        counts = np.bincount(rows.right * self.size + groups, minlength=4 * self.size)
        self.right += counts.reshape(4, self.size)
        self.alike += np.bincount(groups[rows.alike], minlength=self.size)
        by_group = grouped(groups, self.size)
        if rows.weights is None or self.weight is None or self.square_weight is None:
            for metric, (a, b) in rows.values.items():
                difference = b - a
                self._add(metric, _PLAIN, (a, b, difference * difference), by_group)
            return
        weights, square = rows.weights, rows.weights * rows.weights
        self.weight.add(weights, by_group)
        self.square_weight.add(square, by_group)
        for metric, (a, b) in {**rows.values, "accuracy": rows.hits()}.items():
            difference = b - a
            numbers = (weights * a, weights * b, square * difference, square * (difference * difference))
            self._add(metric, _WEIGHTED, numbers, by_group)

    def _add(self, metric: str, names: Sequence[str], numbers: Sequence[Floats], by_group: Grouping) -> None:
        for name, each in zip(names, numbers, strict=True):
            self.sums[metric][name].add(each, by_group)

    def merge(self, other: "PairedSums") -> None:
        """Add another one's sums of the same groups to these."""
        self.rows += other.rows
        self.right += other.right
        self.alike += other.alike
        for metric, sums in self.sums.items():
            for name, one in sums.items():
                one.merge(other.sums[metric][name])
        if self.weight is not None and other.weight is not None:
            self.weight.merge(other.weight)
        if self.square_weight is not None and other.square_weight is not None:
            self.square_weight.merge(other.square_weight)


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
