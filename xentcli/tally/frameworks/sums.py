"""FrameworkSums: the mergeable part of a Tally that holds what frameworks count differently.

Floor 4. Integers and exact sums only. Most frameworks agree with the headline loss on nearly all rows, so each
rule keeps the sum of its differences to it, and rows without a difference cost nothing.
"""

from collections import Counter

import numpy as np

from xentcli.arrays import Floats, Indices, Mask
from xentcli.tally.frameworks.class_sums import ClassSums
from xentcli.tally.frameworks.rules import Fact, Rule


class FrameworkSums:
    """Sums of differences by rule and true class, and counts.

    Attributes:
        size: number of classes; 1 for multi-label tasks.
        sums: unweighted sums by rule.
        weighted: sums of weight times difference; empty without weights.
        undefined: rows (elements) whose loss is infinite or no number, by rule.
        counts: what the reasons speak of.
        narrow: whether the file's scores are float32; None before the first row.
        smoothing: label smoothing, 0 without.
        gamma: the exponent of focal losses, 0 without.
        places: the column that scikit-learn takes for each class; None where that is its own. See `label_order`.
    """

    __slots__ = ("counts", "gamma", "narrow", "places", "size", "smoothing", "sums", "undefined", "weighted")

    def __init__(self, size: int, smoothing: float = 0.0, gamma: float = 0.0, places: Indices | None = None) -> None:
        """Start with nothing."""
        self.size = size
        self.smoothing = smoothing
        self.gamma = gamma
        self.places = places
        self.sums: dict[Rule, ClassSums] = {}
        self.weighted: dict[Rule, ClassSums] = {}
        self.undefined: Counter[Rule] = Counter()
        self.counts: Counter[Fact] = Counter()
        self.narrow: bool | None = None

    def add(self, rule: Rule, values: Floats, groups: Indices | None, weights: Floats | None) -> None:
        """Add differences of some rows.

        Args:
            rule: whose.
            values: shape (n,), may hold infinities and NaN, which are counted.
            groups: shape (n,), true classes; None for multi-label tasks.
            weights: shape (n,) or None.
        """
        if not values.any():
            return
        if weights is not None and len(weights) < len(values):
            weights = np.tile(weights, len(values) // len(weights))
        finite = np.isfinite(values)
        if not finite.all():
            used = np.flatnonzero(finite)
            self.undefined[rule] += len(values) - len(used)
            if len(used) == 0:
                return
            values = values[used]
            groups = None if groups is None else groups[used]
            weights = None if weights is None else weights[used]
        self._of(self.sums, rule).add(values, groups)
        if weights is not None:
            self._of(self.weighted, rule).add(values * weights, groups)

    def add_dense(self, rule: Rule, values: Floats, groups: Indices, weights: Floats | None) -> None:
        """Add finite values below 32 of all rows of a block, rounded to multiples of 2^-30; see `add`."""
        self._of(self.sums, rule).add_coarse(values, groups)
        if weights is not None:
            self._of(self.weighted, rule).add(values * weights, groups)

    def add_each(self, rule: Rule, values: Floats) -> None:
        """Add values of shape (size, n), row i to total i; infinities and NaN are counted."""
        finite = np.isfinite(values)
        if not finite.all():
            self.undefined[rule] += int(np.count_nonzero(~finite))
            values = np.where(finite, values, 0.0)
        self._of(self.sums, rule).add_each(values)

    def _of(self, held: dict[Rule, ClassSums], rule: Rule) -> ClassSums:
        if rule not in held:
            held[rule] = ClassSums(self.size)
        return held[rule]

    def count(self, fact: Fact, mask: Mask) -> None:
        """Count rows."""
        found = int(np.count_nonzero(mask))
        if found:
            self.counts[fact] += found

    def merge(self, other: "FrameworkSums") -> None:
        """Add another one's sums to these."""
        for own, others in ((self.sums, other.sums), (self.weighted, other.weighted)):
            for rule, sums in others.items():
                self._of(own, rule).merge(sums)
        self.undefined.update(other.undefined)
        self.counts.update(other.counts)
        if self.narrow is None:
            self.narrow = other.narrow
