"""LabelNeighbours: how labels go together with the scores of their own rows and of the rows next to them.

Floor 4. A mergeable part of TrapFacts, of tasks with several labels a row. Of a score nothing but whether it is likely
counts here: a byte an element, which costs a twentieth of what sums of scores do.
"""

from itertools import pairwise

import numpy as np

from xentcli.arrays import AnyFloats, Integers, Mask
from xentcli.record import MutableRecord, Record, field
from xentcli.tally.counts import bits, count_bits, following
from xentcli.tally.traps.shifts import Run, joined
from xentcli.terms import Scale

MOST_LABELS = 200
"""Beyond so many labels nothing is counted."""

_LIKELY = {Scale.PROBABILITIES: 0.25, Scale.LOGITS: -1.0, Scale.LOG_PROBABILITIES: -1.375}
"""Above this a score is likely: a quarter or about, numbers that float32 holds as they are. Labels are rare more often
than not, and many a calibrated score of a rare label never reaches one half."""


def likely_scores(scores: AnyFloats, scale: Scale) -> Mask:
    """Return which scores are likely."""
    found: Mask = scores > _LIKELY[scale]
    return found


class Edge(Record):
    """The labels of a row and which of its scores are likely, each 0 or 1, of shape (K,)."""

    hot: Integers
    likely: Integers


class LabelRange(Run):
    """A run of rows, with the first and the last scored one; None without."""

    edges: tuple[Edge, Edge] | None = field(compare=False)


_COUNTS = ("held", "likely", "own", "before", "after")


class LabelNeighbours(MutableRecord):
    """Counts of scored rows by their labels and likely scores, and those of the rows beside; by label of shape (K,).

    Attributes:
        labels: how many there are.
        rows: scored rows.
        held: rows that have the label.
        likely: rows whose score of it is likely.
        own: rows where both are so.
        before: rows whose score is likely and whose row before has the label.
        after: likewise whose row after has it.
        pairs: how many pairs of neighbours there are.
        runs: ascending; no two of them meet.
    """

    labels: int
    rows: int = 0
    held: Integers = field(init=False)
    likely: Integers = field(init=False)
    own: Integers = field(init=False)
    before: Integers = field(init=False)
    after: Integers = field(init=False)
    pairs: int = 0
    runs: list[LabelRange] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Size the counts by the number of labels."""
        for name in _COUNTS:
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
            likely = likely_scores(scores, scale)
            self._count(hot, likely)
            first, last = (Edge(hot[:, at].astype(np.int64), likely[:, at].astype(np.int64)) for at in (0, rows - 1))
            edges = (first, last)
        self._join([LabelRange(part, *span, edges)])

    def _count(self, hot: Mask, likely: Mask) -> None:
        self.rows += hot.shape[1]
        self.pairs += hot.shape[1] - 1
        labels, scores = bits(hot), bits(likely)
        self.held += count_bits(labels)
        self.likely += count_bits(scores)
        self.own += count_bits(labels & scores)
        self.before += count_bits(labels & following(scores))
        self.after += count_bits(following(labels) & scores)

    def _meet(self, last: Edge, first: Edge) -> None:
        self.pairs += 1
        self.before += last.hot * first.likely
        self.after += first.hot * last.likely

    def _join(self, more: list[LabelRange]) -> None:
        self.runs = joined(self.runs, more, self._across)

    def _across(self, left: LabelRange, right: LabelRange) -> LabelRange:
        edges = left.edges or right.edges
        if left.edges is not None and right.edges is not None:
            self._meet(left.edges[1], right.edges[0])
            edges = (left.edges[0], right.edges[1])
        return LabelRange(left.part, left.start, right.stop, edges)

    def merge(self, other: "LabelNeighbours") -> None:
        """Add another one's rows to these."""
        self.rows += other.rows
        self.pairs += other.pairs
        for name in _COUNTS:
            getattr(self, name)[:] += getattr(other, name)
        self._join(other.runs)

    def whole(self) -> "LabelNeighbours":
        """Return the counts with those across the parts; to be asked when all rows were added."""
        every = LabelNeighbours(self.labels)
        every.merge(self)
        edges = [run.edges for run in every.runs if run.edges is not None]
        for left, right in pairwise(edges):
            every._meet(left[1], right[0])
        return every

    def ends(self) -> tuple[Edge, Edge] | None:
        """Return the first and the last scored row; None without rows."""
        edges = [run.edges for run in self.runs if run.edges is not None]
        return (edges[0][0], edges[-1][1]) if edges else None
