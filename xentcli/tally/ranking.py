"""Ranking: how the scores of two classes interleave, from which the ranking metrics of binary tasks follow.

Floor 4. A mergeable part of the Tally of binary tasks. While the distinct scores are few enough, it holds the
rows (weights) of each; beyond, scores that share their leading bits become one bin, and as many bits are kept as
the bins fit. How many depends on the scores alone: those of some of the rows never keep fewer bits than those of
all, so neither cuts nor threads nor their order can be seen in the result.
"""

import numpy as np

from xentcli.arrays import AnyFloats, Floats, Mask
from xentcli.tally.gathering import Gathering
from xentcli.tally.keyed import KeyedSums, coarsen, join
from xentcli.tally.ordered import distinct_by_shift, folded_keys, ordered_keys

EXACT_LIMIT = 1 << 20
"""Distinct pairs of score and class that are held one by one: any 2^20 rows, or any 2^19 distinct scores."""

WEIGHTED_LIMIT = 1 << 18
"""The same with weights, which take several times the memory."""

BIN_LIMIT = 1 << 17
"""Bins of both classes beyond; no more than either limit above."""


class Ranking:
    """Rows (weights) of both classes by score.

    Attributes:
        weighted: whether rows have weights.
        probabilities: whether scores lie in [0, 1]; bins are then as fine near 1 as near 0.
        sides: the rows of the negative and of the positive class.
        shift: how many trailing bits of a score's key its bin ignores; 0 while all scores are told apart.
    """

    def __init__(self, *, weighted: bool, probabilities: bool) -> None:
        """Start without rows."""
        self.weighted = weighted
        self.probabilities = probabilities
        self.shift = 0
        self.sides = (Gathering(), Gathering())

    def add(self, scores: AnyFloats, positive: Mask, weights: Floats | None) -> None:
        """Add rows.

        Args:
            scores: shape (n,), float32 or float64; no NaN, minus and plus infinity are scores as others.
            positive: shape (n,), whether a row is of the positive class.
            weights: shape (n,), finite and not negative; None without weights. Rows without weight leave no trace.
        """
        keys = folded_keys(scores) if self.probabilities else ordered_keys(scores)
        counted = np.ones(len(keys), dtype=np.bool_) if weights is None else weights > 0.0
        for side, members in zip(self.sides, (counted & ~positive, counted & positive), strict=True):
            rows = np.flatnonzero(members)
            if len(rows):
                side.new.add(keys.take(rows), None if weights is None else weights.take(rows))
                if side.new.count >= side.batch:
                    self._work_off(side)

    def _work_off(self, side: Gathering) -> None:
        side.look_up(self.shift)
        if side.missed.count >= side.batch:
            side.sort_missed(self.shift)
            self._fit()

    def _fit(self) -> None:
        """Ignore as many more bits as the limits ask for."""
        held = sum(len(side.held.keys) for side in self.sides)
        exact = WEIGHTED_LIMIT if self.weighted else EXACT_LIMIT
        if held <= (BIN_LIMIT if self.shift else exact):
            return
        distinct = sum(distinct_by_shift(side.held.keys) for side in self.sides)
        self._ignore(int(np.flatnonzero(distinct <= BIN_LIMIT)[0]))

    def _ignore(self, bits: int) -> None:
        """Ignore some more trailing bits."""
        if bits:
            self.shift += bits
            for side in self.sides:
                side.hold(coarsen(side.held, bits))

    def settle(self) -> None:
        """Bring everything that waits into the sums."""
        for side in self.sides:
            side.look_up(self.shift)
            side.sort_missed(self.shift)
            self._fit()

    def merge(self, other: "Ranking") -> None:
        """Add another one's rows to these; both must have been started alike."""
        self.settle()
        other.settle()
        self._ignore(max(0, other.shift - self.shift))
        for own, its in zip(self.sides, other.sides, strict=True):
            more = coarsen(its.held, self.shift - other.shift)
            own.hold(join(*sorted((own.held, more), key=lambda sums: -len(sums.keys))))
        self._fit()

    @property
    def exact(self) -> bool:
        """Whether all scores are told apart."""
        self.settle()
        return self.shift == 0

    @property
    def negative(self) -> KeyedSums:
        """Rows (weights) of the negative class by score or bin, ascending."""
        self.settle()
        return self.sides[0].held

    @property
    def positive(self) -> KeyedSums:
        """Rows (weights) of the positive class by score or bin, ascending."""
        self.settle()
        return self.sides[1].held
