"""PairedSums: what two models cost on the same rows, by group of rows, as exact sums.

Floor 4. A mergeable part of `PairedTally`: one by true class, one by the groups of each slicing.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from xentcli.arrays import Floats, Indices, Integers, Mask
from xentcli.record import MutableRecord, Record, field
from xentcli.tally.counts import Grouping, grouped
from xentcli.tally.exact import ExactSums

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
