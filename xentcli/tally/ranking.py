"""Ranking: how the scores of two classes interleave, from which the ranking metrics of binary tasks follow.

Floor 4. A mergeable part of the Tally of binary tasks. While the distinct scores are few enough, it holds the
rows (weights) of each; beyond, scores that share their leading bits become one bin, and as many bits are kept as
the bins fit. How many depends on the scores alone: those of some of the rows never keep fewer bits than those of
all, so neither cuts nor threads nor their order can be seen in the result.

The number that ranks a row is the positive class's score where it stands alone, its probability where both classes have
one, and for two logits or log-probabilities their difference, which grows with the probability and never saturates.
Rows whose key is held already are counted through a table without probing (a slot knows the last key that hashed to
it); only the others are sorted, which takes ten times as long.
"""

import numpy as np
import numpy.typing as npt

from xentcli.arrays import AnyFloats, Floats, Indices, Integers, Mask
from xentcli.tally.blocks import Block
from xentcli.tally.plan import Plan
from xentcli.tally.scored import ScoredRows
from xentcli.tally.sums_by_key import (
    KeyedSums,
    add_digits,
    carried,
    coarsen,
    distinct_by_shift,
    folded_keys,
    join,
    ordered_keys,
    sums_at,
    tabulate,
)
from xentcli.terms import Kind, Scale

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


def empty_ranking(plan: Plan) -> Ranking | None:
    """Return the Ranking of no rows; None for tasks without a positive class."""
    if plan.kind is not Kind.BINARY or plan.positive is None:
        return None
    return Ranking(weighted=plan.weight is not None, probabilities=plan.scale is Scale.PROBABILITIES)


def add_ranked(ranking: Ranking | None, plan: Plan, block: Block, rows: ScoredRows) -> None:
    """Add the rows of a block to a Ranking, where there is one."""
    if ranking is not None:
        ranking.add(_places(plan, block, rows.confidence), rows.came_true, rows.weights)


def place_keys(plan: Plan, block: Block, rows: ScoredRows) -> Integers:
    """Return the places of the rows of a block in a Ranking, as its keys, shape (n,); of binary tasks alone."""
    places = _places(plan, block, rows.confidence)
    return folded_keys(places) if plan.scale is Scale.PROBABILITIES else ordered_keys(places)


def _places(plan: Plan, block: Block, chance: Floats) -> AnyFloats:
    if plan.scale is Scale.PROBABILITIES:
        return chance
    own: AnyFloats = block.scores[plan.positive or 0]
    if plan.single and plan.own == plan.positive:
        return own
    other: AnyFloats = block.scores[1 - (plan.positive or 0)]
    with np.errstate(invalid="ignore"):  # rows whose scores are both masked out are not kept
        return np.subtract(own, other, dtype=np.float64)
