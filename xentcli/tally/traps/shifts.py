"""Shifts: how often a prediction agrees with the label of the row before or after it.

Floor 4. A mergeable part of TrapFacts. Neighbours are consecutive scored rows. Of a run of rows whose neighbours are
still unknown only both ends are kept; runs that meet become one, and what is left is joined in the order of the parts
at the end, so that it does not matter how the rows were cut.
"""

from itertools import pairwise

import numpy as np

from xentcli.arrays import Indices
from xentcli.record import MutableRecord, OrderedRecord, Record, field, replace


class End(Record):
    """The label and the prediction of a row."""

    label: int
    predicted: int


class RowRange(OrderedRecord):
    """The rows [start, stop) of a part, scored or not.

    Attributes:
        part: its ordinal.
        start: the first row.
        stop: one beyond the last.
        ends: the first and the last scored row; None if none was scored.
    """

    part: int
    start: int
    stop: int
    ends: tuple[End, End] | None = field(compare=False)


class NeighbourAgreement(Record):
    """Agreement of neighbours.

    Attributes:
        pairs: how many pairs of neighbours there are.
        before: pairs where a row's prediction is the label of the row before it.
        after: pairs where it is the label of the row after it.
    """

    pairs: int = 0
    before: int = 0
    after: int = 0

    def plus(self, pairs: int, before: int, after: int) -> "NeighbourAgreement":
        """Return the agreement with more pairs."""
        return NeighbourAgreement(self.pairs + pairs, self.before + before, self.after + after)


def _across(held: NeighbourAgreement, left: RowRange, right: RowRange) -> tuple[NeighbourAgreement, RowRange]:
    """Return the agreement with the seam of two runs, and their union; it keeps the part and start of the left one."""
    joined = replace(left, stop=right.stop, ends=left.ends or right.ends)
    if left.ends is None or right.ends is None:
        return held, joined
    last, first = left.ends[1], right.ends[0]
    held = held.plus(1, int(first.predicted == last.label), int(last.predicted == first.label))
    return held, replace(joined, ends=(left.ends[0], right.ends[1]))


class Shifts(MutableRecord):
    """Agreement of neighbours so far, and the runs of rows that it was counted in.

    Attributes:
        agreement: of the neighbours within the runs.
        runs: ascending; no two of them meet.
    """

    agreement: NeighbourAgreement = field(default_factory=NeighbourAgreement)
    runs: list[RowRange] = field(default_factory=list)

    def add(self, part: int, span: tuple[int, int], labels: Indices, predicted: Indices) -> None:
        """Add consecutive rows.

        Args:
            part: its ordinal.
            span: the first row, scored or not, and one beyond the last.
            labels: shape (n,), the true classes of the scored ones.
            predicted: shape (n,), their decisions.
        """
        ends = None
        if len(labels):
            before = int(np.count_nonzero(predicted[1:] == labels[:-1]))
            after = int(np.count_nonzero(predicted[:-1] == labels[1:]))
            self.agreement = self.agreement.plus(len(labels) - 1, before, after)
            first, last = (End(int(labels[row]), int(predicted[row])) for row in (0, -1))
            ends = (first, last)
        self._join([RowRange(part, *span, ends)])

    def merge(self, other: "Shifts") -> None:
        """Add another one's rows to these."""
        its = other.agreement
        self.agreement = self.agreement.plus(its.pairs, its.before, its.after)
        self._join(other.runs)

    def _join(self, more: list[RowRange]) -> None:
        runs: list[RowRange] = []
        for run in sorted([*self.runs, *more]):
            if runs and (runs[-1].part, runs[-1].stop) == (run.part, run.start):
                self.agreement, runs[-1] = _across(self.agreement, runs[-1], run)
            else:
                runs.append(run)
        self.runs = runs

    def whole(self) -> NeighbourAgreement:
        """Return the agreement of all neighbours, with those across the runs; to be asked when all rows were added."""
        held, seen = self.agreement, [run for run in self.runs if run.ends is not None]
        for left, right in pairwise(seen):
            held, _ = _across(held, left, right)
        return held
