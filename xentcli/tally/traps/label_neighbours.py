"""LabelNeighbours: how labels go together with the scores of their own rows and of the rows next to them.

Floor 4. A mergeable part of TrapFacts, of tasks with several labels a row. Scores are rounded to one of 64 levels: the
square root of a probability, or a logit within +-8; only order and rough distance matter here, and whole numbers add up
exactly, also in float32 while their sums stay below 2^24.
"""

from itertools import pairwise

import numpy as np

from xentcli.arrays import AnyFloats, Integers, Mask
from xentcli.record import MutableRecord, OrderedRecord, Record, field
from xentcli.terms import Scale

MOST_LABELS = 200
"""Beyond so many labels nothing is counted."""

LEVELS = 63
"""The highest level; the lowest is 0."""

PIECE = 1 << 12
"""Rows of one sum: 4,096 squares of a level stay below 2^24."""

_LEVELS_A_LOGIT = 4.0

Levels = AnyFloats
"""Whole numbers from 0 to `LEVELS`, as float32."""


def levels(scores: AnyFloats, scale: Scale) -> Levels:
    """Return the level of each score, of the same shape."""
    narrow = scores.astype(np.float32)
    if scale is Scale.LOGITS:
        np.multiply(narrow, np.float32(_LEVELS_A_LOGIT), out=narrow)
        np.add(narrow, np.float32(LEVELS // 2 + 1), out=narrow)
        np.clip(narrow, 0.0, LEVELS, out=narrow)
    else:
        narrow = np.exp(narrow * np.float32(0.5)) if scale is Scale.LOG_PROBABILITIES else np.sqrt(narrow, out=narrow)
        np.multiply(narrow, np.float32(LEVELS), out=narrow)
    return np.rint(narrow, out=narrow)


class Edge(Record):
    """The labels and the levels of a row, each of shape (K,)."""

    hot: Integers
    level: Integers


class LabelRange(OrderedRecord):
    """The rows [start, stop) of a part, scored or not, with the first and the last scored one; None without."""

    part: int
    start: int
    stop: int
    edges: tuple[Edge, Edge] | None = field(compare=False)


_SUMS = ("held", "level", "square", "own", "before", "after")


class LabelNeighbours(MutableRecord):
    """Labels and levels of scored rows, and of those next to them; all but the counts of shape (K,).

    Attributes:
        labels: how many there are.
        rows: scored rows.
        held: rows that have the label.
        level: sums of the levels of its column.
        square: sums of their squares.
        own: sums of the levels of rows that have the label.
        before: sums of the levels of rows whose row before has the label.
        after: likewise whose row after has it.
        pairs: how many pairs of neighbours there are.
        runs: ascending; no two of them meet.
    """

    labels: int
    rows: int = 0
    held: Integers = field(init=False)
    level: Integers = field(init=False)
    square: Integers = field(init=False)
    own: Integers = field(init=False)
    before: Integers = field(init=False)
    after: Integers = field(init=False)
    pairs: int = 0
    runs: list[LabelRange] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Size the sums by the number of labels."""
        for name in _SUMS:
            setattr(self, name, np.zeros(self.labels, dtype=np.int64))

    def add(self, part: int, span: tuple[int, int], hot: Mask, scores: AnyFloats, scale: Scale) -> None:
        """Add consecutive rows of a part, of which some may not be scored.

        Args:
            part: its ordinal.
            span: the first row, scored or not, and one beyond the last.
            hot: shape (K, n), the labels of the scored ones.
            scores: likewise, their scores.
            scale: of the scores.
        """
        rows, edges = hot.shape[1], None
        if rows:
            held, found = hot.astype(np.float32), levels(scores, scale)
            self._add_sums(hot, held, found)
            first, last = (Edge(hot[:, at].astype(np.int64), found[:, at].astype(np.int64)) for at in (0, rows - 1))
            edges = (first, last)
        self._join([LabelRange(part, *span, edges)])

    def _add_sums(self, hot: Mask, held: AnyFloats, found: Levels) -> None:
        rows = hot.shape[1]
        self.rows += rows
        self.pairs += rows - 1
        self.held += np.count_nonzero(hot, axis=1)
        for at in range(0, rows, PIECE):
            here, there = held[:, at : at + PIECE], found[:, at : at + PIECE]
            self.level += there.sum(axis=1).astype(np.int64)
            self.square += _products(there, there)
            self.own += _products(here, there)
            stop = min(at + PIECE, rows - 1)
            self.before += _products(held[:, at:stop], found[:, at + 1 : stop + 1])
            self.after += _products(held[:, at + 1 : stop + 1], found[:, at:stop])

    def _meet(self, last: Edge, first: Edge) -> None:
        self.pairs += 1
        self.before += last.hot * first.level
        self.after += first.hot * last.level

    def _join(self, more: list[LabelRange]) -> None:
        runs: list[LabelRange] = []
        for run in sorted([*self.runs, *more]):
            left = runs[-1] if runs else None
            if left is None or (left.part, left.stop) != (run.part, run.start):
                runs.append(run)
                continue
            edges = left.edges or run.edges
            if left.edges is not None and run.edges is not None:
                self._meet(left.edges[1], run.edges[0])
                edges = (left.edges[0], run.edges[1])
            runs[-1] = LabelRange(left.part, left.start, run.stop, edges)
        self.runs = runs

    def merge(self, other: "LabelNeighbours") -> None:
        """Add another one's rows to these."""
        self.rows += other.rows
        self.pairs += other.pairs
        for name in _SUMS:
            getattr(self, name)[:] += getattr(other, name)
        self._join(other.runs)

    def whole(self) -> "LabelNeighbours":
        """Return the sums with those across the parts; to be asked when all rows were added."""
        joined = LabelNeighbours(self.labels)
        joined.merge(self)
        edges = [run.edges for run in joined.runs if run.edges is not None]
        for left, right in pairwise(edges):
            joined._meet(left[1], right[0])
        return joined

    def ends(self) -> tuple[Edge, Edge] | None:
        """Return the first and the last scored row; None without rows."""
        edges = [run.edges for run in self.runs if run.edges is not None]
        return (edges[0][0], edges[-1][1]) if edges else None


def _products(left: AnyFloats, right: AnyFloats) -> Integers:
    """Return the sums over the rows of the products, by label; both of shape (K, n) with n up to 4,096."""
    found: Integers = np.einsum("ij,ij->i", left, right).astype(np.int64)
    return found
