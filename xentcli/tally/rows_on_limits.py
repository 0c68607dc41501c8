"""Rows that stand on a limit: probabilities of 0 and 1, tied decisions, rows without a label.

Floor 4. A mergeable part of every Tally with scores. Only rows on a limit are looked at twice, so that clean rows cost
a minimum and a maximum. Arg-max takes the first of the classes that share the top score, so the order of the columns
decides a tie; `TieSets` holds which classes share it, from which the best and the worst order are found exactly.
"""

from typing import NamedTuple

import numpy as np

from xentcli.arrays import AnyFloats, Floats, Indices, Integers, Mask
from xentcli.record import MutableRecord, field
from xentcli.tally.blocks import Block
from xentcli.tally.exact import ExactSums
from xentcli.tally.row_facts import FirstRows
from xentcli.tally.scored import ScoredLabels, ScoredRows

MOST_CLASSES = 10
"""There are 2^classes sets."""


class Reach(NamedTuple):
    """How many tied rows are right in the worst and in the best order of the columns."""

    least: int
    most: int


class TieSets(MutableRecord):
    """Tied rows whose true class is among those that share the top score.

    Attributes:
        counts: shape (classes, 2^classes), rows by true class and by set; bit c of a set stands for class c. None
            before the first such row, and for tasks with more than `MOST_CLASSES` classes.
    """

    counts: Integers | None = None

    def add(self, scores: AnyFloats, true: Indices) -> None:
        """Add tied rows: `scores`, shape (classes, n), and their true classes, shape (n,)."""
        classes, rows = scores.shape
        if classes > MOST_CLASSES or rows == 0:
            return
        leads = scores == scores.max(axis=0)
        sets = np.zeros(rows, dtype=np.intp)
        for at, leading in enumerate(leads):
            sets |= leading.astype(np.intp) << at
        among = (sets >> true) & 1 == 1
        found = np.bincount((true[among] << classes) + sets[among], minlength=classes << classes)
        self._add(found.reshape(classes, -1))

    def _add(self, counts: Integers) -> None:
        self.counts = counts if self.counts is None else self.counts + counts

    def merge(self, other: "TieSets") -> None:
        """Add another one's rows to these."""
        if other.counts is not None:
            self._add(other.counts)

    def reach(self) -> Reach | None:
        """Return what the worst and the best order of the columns make right; None where the sets are not known.

        Columns are placed one after the other: a class that is placed wins every tie that it shares with classes
        placed later, whatever their order. Held and Karp (1962), J. SIAM 10, on such recursions over subsets.
        """
        if self.counts is None:
            return None
        classes = len(self.counts)
        wins = _sums_over_subsets(self.counts)
        every = (1 << classes) - 1
        least, most = [0] * (every + 1), [0] * (every + 1)
        for placed in range(every - 1, -1, -1):
            left = every & ~placed
            after = [(int(wins[at, left]), placed | 1 << at) for at in range(classes) if left >> at & 1]
            least[placed] = min(won + least[then] for won, then in after)
            most[placed] = max(won + most[then] for won, then in after)
        return Reach(least[0], most[0])


def _sums_over_subsets(counts: Integers) -> Integers:
    """Return for each class and set the rows whose tied classes all lie in that set, shape (classes, 2^classes)."""
    sums = counts.copy()
    for at in range(len(counts)):
        halves = sums.reshape(len(counts), -1, 2, 1 << at)
        halves[:, :, 1] += halves[:, :, 0]
    return sums


UNLIKELY = 1e-7
"""Keras' clip: what is below it costs something else there."""


def _remember(first: FirstRows, block: Block, at: Indices) -> None:
    """Add the rows of a block that stand at some places."""
    if len(at):
        mask = np.zeros(block.size, dtype=np.bool_)
        mask[at] = True
        first.add(mask, *block.at, block.rows)


def _any(mask: Mask) -> Mask:
    """Return which rows of a mask of shape (n,) or (labels, n) hold something."""
    return np.asarray(mask.any(axis=0)) if mask.ndim == 2 else mask


class WeightedCount(MutableRecord):
    """How many rows show something, and the sum of their weights where rows have weights."""

    rows: int = 0
    weight: ExactSums = field(default_factory=ExactSums)

    def add(self, mask: Mask, weights: Floats | None) -> None:
        """Add the rows where `mask` is true; both of shape (n,)."""
        self.rows += int(np.count_nonzero(mask))
        if weights is not None:
            self.weight.add(weights[mask])

    def merge(self, other: "WeightedCount") -> None:
        """Add another one's rows to these."""
        self.rows += other.rows
        self.weight.merge(other.weight)


_FIRST = ("impossible", "unlikely", "tied", "bare")
_OTHERS = ("tied_right", "tied_otherwise", "tie_sets", "bare_right", "bare_best")


class RowsOnLimits(MutableRecord):
    """Rows on a limit, and the first of them.

    Attributes:
        impossible: rows that give what happened (multi-label: for some label) the probability 0.
        unlikely: rows that give it less than 1e-7.
        certain: rows that give what happened (multi-label: for every label) the probability 1.
        tied: rows where another decision was as good.
        tied_right: of those, rows that are right and would not be if the tie went the other way.
        tied_otherwise: of those, rows that are wrong and could be right then.
        tie_sets: of those, which classes share the top score; of tasks with several classes, but not many.
        bare: multi-label rows that are given no label.
        bare_right: of those without a label, rows where that is right.
        bare_best: of those without a label, rows where their best label alone would be right.
    """

    impossible: FirstRows = field(default_factory=FirstRows)
    unlikely: FirstRows = field(default_factory=FirstRows)
    certain: int = 0
    tied: FirstRows = field(default_factory=FirstRows)
    tied_right: WeightedCount = field(default_factory=WeightedCount)
    tied_otherwise: WeightedCount = field(default_factory=WeightedCount)
    tie_sets: TieSets = field(default_factory=TieSets)
    bare: FirstRows = field(default_factory=FirstRows)
    bare_right: WeightedCount = field(default_factory=WeightedCount)
    bare_best: WeightedCount = field(default_factory=WeightedCount)

    def add(self, block: Block, rows: ScoredRows) -> None:
        """Add rows with one label each."""
        if rows.losses.probability is not None and block.targets is None:
            self._add_chances(block, rows.losses.probability)
        if rows.tied is not None:
            at = np.flatnonzero(rows.tied)
            true, top = rows.labels[at], rows.leaders.arg[at].astype(np.intp)
            right = true == rows.predicted[at]
            scores = block.scores if block.class_major else block.scores.T
            shares = np.ones(len(at), np.bool_) if len(scores) <= 2 else scores[true, at] == scores[top, at]
            self._add_tied(block, at, right, shares & ~right)
            if len(scores) > 2:
                self.tie_sets.add(scores[:, at], true)

    def add_labels(self, block: Block, rows: ScoredLabels) -> None:
        """Add rows with any number of labels."""
        if rows.probability is not None and rows.targets is None and len(rows.probability):
            self._add_chances(block, rows.probability)
        if rows.on_threshold is not None:
            at = np.flatnonzero(rows.on_threshold.any(axis=0))
            otherwise = ((rows.above[:, at] | rows.on_threshold[:, at]) == rows.hot[:, at]).all(axis=0)
            right = rows.subset[at]
            self._add_tied(block, at, right & ~otherwise, otherwise & ~right)
        if rows.raised == 0:
            self._add_bare(block, rows)

    def _add_tied(self, block: Block, at: Indices, right: Mask, otherwise: Mask) -> None:
        """Add the rows at some places, of which some are right now, and some could be."""
        _remember(self.tied, block, at)
        weights = None if block.weights is None else block.weights[at]
        self.tied_right.add(right, weights)
        self.tied_otherwise.add(otherwise, weights)

    def _add_chances(self, block: Block, chance: Floats) -> None:
        """Add rows by the probability of what happened, shape (n,) or (labels, n)."""
        if float(chance.min()) < UNLIKELY:
            _remember(self.unlikely, block, np.flatnonzero(_any(chance < UNLIKELY)))
            _remember(self.impossible, block, np.flatnonzero(_any(chance <= 0.0)))
        if float(chance.max()) >= 1.0:
            certain = chance >= 1.0
            self.certain += int(np.count_nonzero(certain.all(axis=0) if chance.ndim == 2 else certain))

    def _add_bare(self, block: Block, rows: ScoredLabels) -> None:
        at = np.flatnonzero(~rows.above.any(axis=0))
        if len(at) == 0:
            return
        _remember(self.bare, block, at)
        scores = block.scores[:, at].T if block.class_major else block.scores[at]
        held = np.count_nonzero(rows.hot[:, at], axis=0)
        best = rows.hot[scores.argmax(axis=1), at]
        weights = None if rows.weights is None else rows.weights[at]
        self.bare_right.add(held == 0, weights)
        self.bare_best.add(best & (held == 1), weights)

    def merge(self, other: "RowsOnLimits") -> None:
        """Add another one's rows to these."""
        for name in (*_FIRST, *_OTHERS):
            getattr(self, name).merge(getattr(other, name))
        self.certain += other.certain
