"""Shifts: how often a prediction agrees with the label of the row before or after it, and from which row on.

Floor 4. A mergeable part of TrapFacts. Neighbours are consecutive scored rows. Of a run of rows whose neighbours
are still unknown only both ends are kept, and what was counted within; runs that meet become one, and what is left
is joined in the order of the parts at the end, so that it does not matter how the rows were cut.

Runs: stretches of rows whose neighbours beyond their ends are still unknown, joined as they meet.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import TypeVar

import numpy as np

from xentcli.arrays import AnyIntegers, Codes, Indices
from xentcli.record import MutableRecord, OrderedRecord, Record, field, replace
from xentcli.tally.traps.kept_rows import KeptRows, as_array
from xentcli.tally.traps.walk import Walk, single_step, walk


class Run(OrderedRecord):
    """The rows [start, stop) of a part, scored or not.

    Attributes:
        part: its ordinal.
        start: the first row.
        stop: one beyond the last.
    """

    part: int
    start: int
    stop: int


AnyRun = TypeVar("AnyRun", bound=Run)


def joined(runs: list[AnyRun], more: list[AnyRun], across: Callable[[AnyRun, AnyRun], AnyRun]) -> list[AnyRun]:
    """Return runs and others, ascending, those that meet as one.

    What comes after all runs is added to them in place, without a look at any but the last: files have thousands of
    parts.

    Args:
        runs: ascending, no two of them meet.
        more: likewise.
        across: returns the union of two runs that meet, the left one first.
    """
    follow = not runs or not more or runs[-1] < more[0]
    found = runs if follow else []
    for run in more if follow else sorted([*runs, *more]):
        if found and (found[-1].part, found[-1].stop) == (run.part, run.start):
            found[-1] = across(found[-1], run)
        else:
            found.append(run)
    return found


_AT_ONCE = 1 << 16
"""So many rows are looked at together, since blocks of many classes hold few rows each."""


class End(Record):
    """The label and the prediction of a row, and where it stands in its part."""

    label: int
    predicted: int
    row: int


class NeighbourWalks(Record):
    """The walks over pairs of neighbours.

    Attributes:
        before: the second row's prediction held against the label of the first, which stands before it.
        after: the first row's prediction held against the label of the second.
    """

    before: Walk = Walk()
    after: Walk = Walk()

    def then(self, more: "NeighbourWalks") -> "NeighbourWalks":
        """Return these walks with others after them."""
        return NeighbourWalks(self.before.then(more.before), self.after.then(more.after))

    @property
    def pairs(self) -> int:
        """How many pairs of neighbours there are."""
        return self.before.whole.pairs


class RowRange(Run):
    """A run of rows.

    Attributes:
        ends: the first and the last scored row; None if none was scored.
        walks: over the pairs of neighbours in it.
    """

    ends: tuple[End, End] | None = field(compare=False)
    walks: NeighbourWalks = field(default=NeighbourWalks(), compare=False)


def _across(left: RowRange, right: RowRange) -> RowRange:
    """Return the union of two runs, with their seam; it keeps the part and start of the left one."""
    union = replace(left, stop=right.stop, ends=left.ends or right.ends)
    if left.ends is None or right.ends is None:
        return replace(union, walks=left.walks.then(right.walks))
    last, first = left.ends[1], right.ends[0]
    turn = (right.part, first.row)
    seam = NeighbourWalks(
        single_step(first.predicted == first.label, first.predicted == last.label, turn),
        single_step(last.predicted == last.label, last.predicted == first.label, turn),
    )
    return replace(union, ends=(left.ends[0], right.ends[1]), walks=left.walks.then(seam).then(right.walks))


def walks_apart(
    labels: AnyIntegers,
    predicted: AnyIntegers,
    shift: int = 1,
    part: int = 0,
    places: Sequence[int] | Indices | None = None,
) -> NeighbourWalks:
    """Return the walks over the pairs of consecutive rows that lie `shift` apart.

    Args:
        labels: shape (n,), the true classes.
        predicted: shape (n,), the decisions.
        shift: by how many rows.
        part: the ordinal of the rows' part.
        places: n, where they stand in it; None if it begins with them, and none is left out.
    """
    right = predicted == labels
    second = (range(len(labels)) if places is None else places)[shift:]
    return NeighbourWalks(
        walk(right[shift:], predicted[shift:] == labels[:-shift], part, second),
        walk(right[:-shift], predicted[:-shift] == labels[shift:], part, second),
    )


class _Piece(Record):
    """The scored rows of a block: where they stand, shape (n,) or consecutive, their labels and decisions."""

    places: range | Indices
    labels: AnyIntegers
    predicted: AnyIntegers


def _together(pieces: list[_Piece]) -> _Piece:
    """Return the rows of some pieces as those of one."""
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1:
        return first
    rows = sum(len(one.labels) for one in pieces)
    places: range | Indices = range(int(first.places[0]), int(last.places[-1]) + 1)
    if len(places) > rows:  # some rows in between were not scored
        places = np.concatenate([as_array(one.places) for one in pieces])
    return _Piece(
        places, np.concatenate([one.labels for one in pieces]), np.concatenate([one.predicted for one in pieces])
    )


class _Waiting(MutableRecord):
    """Blocks that follow each other in a part, until there are enough rows to look at.

    Attributes:
        span: the part, its first row of these and one beyond the last; None if there are none.
        pieces: those of them that have scored rows.
        rows: how many rows these hold.
    """

    span: tuple[int, int, int] | None = None
    pieces: list[_Piece] = field(default_factory=list)
    rows: int = 0


class Shifts(MutableRecord):
    """Agreement of neighbours so far, and the runs of rows that it was counted in.

    Attributes:
        classes: how many there are.
        runs: ascending; no two of them meet.
        kept: the rows themselves, while they are few.
        waiting: rows that are not among the runs yet.
        joined: the walks over all of them, once asked for.
    """

    classes: int
    runs: list[RowRange] = field(default_factory=list)
    kept: KeptRows = field(default_factory=KeptRows)
    waiting: _Waiting = field(default_factory=_Waiting)
    joined: NeighbourWalks | None = field(default=None, compare=False)

    def add(
        self,
        part: int,
        span: tuple[int, int],
        labels: Indices,
        predicted: Indices,
        places: range | Indices,
    ) -> None:
        """Add consecutive rows.

        Args:
            part: its ordinal.
            span: the first row, scored or not, and one beyond the last.
            labels: shape (n,), the true classes of the scored ones.
            predicted: shape (n,), their decisions.
            places: n, where they stand in the part.
        """
        held = self.waiting.span
        if held is not None and (held[0], held[2]) != (part, span[0]):
            self.look()
            held = None
        self.waiting.span = (part, span[0] if held is None else held[1], span[1])
        if len(labels):
            kind = np.min_scalar_type(self.classes)
            self.waiting.pieces.append(_Piece(places, labels.astype(kind), predicted.astype(kind)))
            self.waiting.rows += len(labels)
        if self.waiting.rows >= _AT_ONCE:
            self.look()

    def look(self) -> None:
        """Look at the rows that wait."""
        waiting, self.waiting = self.waiting, _Waiting()
        if waiting.span is None:
            return
        part, start, stop = waiting.span
        if not waiting.pieces:
            self._join([RowRange(part, start, stop, None)])
            return
        rows = _together(waiting.pieces)
        first, last = (End(int(rows.labels[at]), int(rows.predicted[at]), int(rows.places[at])) for at in (0, -1))
        walks = walks_apart(rows.labels, rows.predicted, 1, part, rows.places)
        self.kept.add(part, rows.places, rows.labels, rows.predicted)
        self._join([RowRange(part, start, stop, (first, last), walks)])

    def merge(self, other: "Shifts") -> None:
        """Add another one's rows to these."""
        self.look()
        other.look()
        self.kept.merge(other.kept)
        self._join(other.runs)

    def _join(self, more: list[RowRange]) -> None:
        self.runs, self.joined = joined(self.runs, more, _across), None

    def in_order(self, part_rows: Mapping[int, int]) -> tuple[Codes, Codes] | None:
        """Return the classes of all rows, as `KeptRows` has them; to be asked when all rows were added."""
        self.look()
        return self.kept.in_order(part_rows)

    def whole(self) -> NeighbourWalks:
        """Return the walks over all neighbours, with those across the runs; to be asked when all rows were added."""
        self.look()
        if self.joined is None:
            seen = [run for run in self.runs if run.ends is not None]
            self.joined = reduce(_across, seen).walks if seen else NeighbourWalks()
        return self.joined
