"""PairedTally: a mergeable bag of sums of what two models make of the same rows, and the threads that fill it.

Floor 4. Rows come as `Pairs`, in any order and cut anywhere; every statement on two models is a view of this.

Adding up pairs of rows by several threads, into one PairedTally. Exact sums make the result the same whoever added
what.
"""

import heapq
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial

import numpy as np

from xentcli.arrays import Integers, Mask
from xentcli.record import MutableRecord, OrderedRecord, Record, field
from xentcli.tally.pairing import join
from xentcli.tally.pairing.join import Pairs
from xentcli.tally.pairing.recorder import Recorder, Records
from xentcli.tally.pairing.sums import BOTH, NEITHER, ONLY_A, ONLY_B, ComparedRows, JointRanks, PairedSums
from xentcli.tally.row_facts import FirstRows
from xentcli.tally.slices import MOST, Values

MOST_CELLS = 1 << 20
"""More kinds of rows than this, by true class and both decisions, are not counted."""

Cell = tuple[int, int, int]
"""True class, A's decision, B's decision."""


class PairedPlan(Record):
    """What is compared.

    Attributes:
        classes: names in index order; empty where a row has several labels.
        classes_a: shape (classes of A,), the index of each of A's classes in `classes`; None likewise.
        classes_b: likewise of B.
        losses: whether there are losses.
        brier: whether there are Brier scores.
        weighted: whether rows have weights; those of B count.
        slicings: the name of each slicing of B: its column, or several joined by `+`.
        groups: for each slicing the number of each group.
        groups_a: for each slicing, shape (groups of A,), B's number of each group of A, -1 where B has no such; None
            where A is not sliced so.
        worst: how many of the rows that differ most are remembered.
        positive: the index of the positive class whose scores rank the rows; None where no ranks are compared.
    """

    classes: tuple[str, ...]
    classes_a: Integers | None
    classes_b: Integers | None
    losses: bool
    brier: bool
    weighted: bool = False
    slicings: tuple[str, ...] = ()
    groups: tuple[dict[Values, int], ...] = ()
    groups_a: tuple[Integers | None, ...] = ()
    worst: int = 0
    positive: int | None = None

    @property
    def metrics(self) -> tuple[str, ...]:
        """Whose numbers are summed."""
        return (*(("loss",) if self.losses else ()), *(("brier",) if self.brier else ()))


class DifferingRow(OrderedRecord):
    """A row on which two models differ much; they are ordered by that, then by where they stand in B.

    Attributes:
        minus_gap: the size of the difference of the losses, with its sign turned.
        row_b: from 1, in B.
        row_a: from 1, in A.
        label: the true class.
        predicted_a: the decision of A.
        predicted_b: likewise of B.
        loss_a: of A.
        loss_b: of B.
    """

    minus_gap: float
    row_b: int
    row_a: int = field(compare=False)
    label: int = field(compare=False)
    predicted_a: int = field(compare=False)
    predicted_b: int = field(compare=False)
    loss_a: float = field(compare=False)
    loss_b: float = field(compare=False)


class PairedTally(MutableRecord):
    """The sums of rows that two models scored.

    Attributes:
        plan: what is compared.
        sums: by true class; of a single group where a row has several labels.
        slices: by the groups of each slicing.
        cells: rows by true class and both decisions; None where there are too many kinds, or several labels.
        wins: rows where A has the lower loss, where B has, and where they are equal.
        only_a: rows of A that B lacks.
        only_b: rows of B that A lacks.
        not_scored: rows of both that one could not score.
        conflict: the first of them in B: its row there and in A, its label there and in A.
        regrouped: shape (slicings,), rows that the files put into other groups.
        conflicts: rows whose true labels differ between the files, as rows of B.
        reweighted: rows whose weights differ between the files.
        worst: the rows that differ most.
        ranks: how both models rank the rows of a binary task; None where that is not compared.
    """

    plan: PairedPlan
    sums: PairedSums = field(init=False)
    slices: tuple[PairedSums, ...] = field(init=False)
    cells: Counter[Cell] | None = field(init=False)
    wins: Integers = field(init=False)
    regrouped: Integers = field(init=False)
    only_a: int = 0
    only_b: int = 0
    not_scored: int = 0
    conflicts: FirstRows = field(default_factory=FirstRows)
    conflict: tuple[int, int, int, int] | None = None
    reweighted: int = 0
    worst: list[DifferingRow] = field(default_factory=list)
    ranks: JointRanks | None = field(init=False)

    def __post_init__(self) -> None:
        """Start with all sums 0."""
        plan = self.plan
        self.sums = PairedSums(max(1, len(plan.classes)), plan.metrics, plan.weighted)
        self.slices = tuple(PairedSums(MOST, plan.metrics, plan.weighted) for _ in plan.slicings)
        self.cells = Counter() if plan.classes else None
        self.wins = np.zeros(3, dtype=np.int64)
        self.ranks = None if plan.positive is None else JointRanks()
        self.regrouped = np.zeros(len(plan.slicings), dtype=np.int64)

    @property
    def rows(self) -> int:
        """Number of compared rows."""
        return int(self.sums.rows.sum())

    @property
    def alike(self) -> int:
        """Number of compared rows with the same decision and the same loss under both models."""
        return int(self.sums.alike.sum())

    def add(self, pairs: Pairs) -> None:
        """Add some rows."""
        self.only_a += pairs.only_a
        self.only_b += pairs.only_b
        a, b = pairs.a, pairs.b
        scored: Mask = a.scored & b.scored
        if not scored.all():
            at = np.flatnonzero(scored)
            self.not_scored += len(scored) - len(at)
            a, b = a.of(at), b.of(at)
        if len(b) == 0:
            return
        if self.plan.classes_a is not None and self.plan.classes_b is not None:
            a, b = a.renumbered(self.plan.classes_a), b.renumbered(self.plan.classes_b)
        self._count_conflicts(a, b)
        if a.weight is not None and b.weight is not None:
            self.reweighted += int(np.count_nonzero(a.weight != b.weight))
        self._count_regrouped(a, b)
        self._count(a, b)

    def _count_conflicts(self, a: Records, b: Records) -> None:
        """Count the rows whose true labels differ, and remember the first."""
        differ = _other_truth(a, b)
        if not differ.any():
            return
        self.conflicts.add(differ, 0, 0, b.row)
        at = np.flatnonzero(differ)
        first = at[np.argmin(b.row[at])]
        found = (int(b.row[first]), int(a.row[first]), int(b.label[first]), int(a.label[first]))
        self.conflict = found if self.conflict is None else min(self.conflict, found)

    def _count_regrouped(self, a: Records, b: Records) -> None:
        """Count the rows that the two files put into other groups."""
        own = iter(a.groups)
        for at, (numbers, groups) in enumerate(zip(self.plan.groups_a, b.groups, strict=False)):
            if numbers is not None:
                self.regrouped[at] += np.count_nonzero(numbers[next(own)] != groups)

    def _count(self, a: Records, b: Records) -> None:
        values = {}
        if self.plan.losses:
            values["loss"] = (a.loss, b.loss)
        if self.plan.brier and a.brier is not None and b.brier is not None:
            values["brier"] = (a.brier, b.brier)
        right = np.where(a.right, np.where(b.right, BOTH, ONLY_A), np.where(b.right, ONLY_B, NEITHER))
        groups = b.label if self.plan.classes else np.zeros(len(b), dtype=np.int64)
        alike: Mask = (a.predicted == b.predicted) & (a.loss == b.loss)
        for sums, own in zip((self.sums, *self.slices), (groups, *b.groups), strict=True):
            sums.add(own, ComparedRows(right, alike, values, b.weight))
        if self.cells is not None:
            self._count_cells(a, b)
        if self.ranks is not None and a.places is not None and b.places is not None:
            self.ranks.add(a.places, b.places, b.label == self.plan.positive)
        if self.plan.losses:
            self.wins += (
                np.count_nonzero(a.loss < b.loss),
                np.count_nonzero(b.loss < a.loss),
                np.count_nonzero(a.loss == b.loss),
            )
            self._remember(a, b)

    def _count_cells(self, a: Records, b: Records) -> None:
        size = len(self.plan.classes)
        codes = (b.label * size + a.predicted) * size + b.predicted
        assert self.cells is not None  # noqa: S101  the caller has looked
        found, counts = np.unique(codes, return_counts=True)
        rest, ours = np.divmod(found, size)
        true, theirs = np.divmod(rest, size)
        cells = zip(true.tolist(), theirs.tolist(), ours.tolist(), strict=True)
        self.cells.update(dict(zip(cells, counts.tolist(), strict=True)))
        if len(self.cells) > MOST_CELLS:
            self.cells = None

    def _remember(self, a: Records, b: Records) -> None:
        most = self.plan.worst
        if most == 0:
            return
        gap = np.abs(b.loss - a.loss)
        least = -self.worst[-1].minus_gap if len(self.worst) == most else 0.0
        if len(gap) > most:
            least = max(least, float(np.partition(gap, len(gap) - most)[len(gap) - most]))
        found = np.flatnonzero((gap >= least) & (gap > 0.0))
        columns = (-gap, b.row, a.row, b.label, a.predicted, b.predicted, a.loss, b.loss)
        new = [DifferingRow(*one) for one in zip(*(each[found].tolist() for each in columns), strict=True)]
        self.worst = heapq.nsmallest(most, [*self.worst, *new])

    def merge(self, other: "PairedTally") -> None:
        """Add another one's sums to these; both must follow the same plan."""
        self.sums.merge(other.sums)
        for one, another in zip(self.slices, other.slices, strict=True):
            one.merge(another)
        if self.cells is not None and other.cells is not None:
            self.cells.update(other.cells)
        self.cells = None if other.cells is None or (self.cells and len(self.cells) > MOST_CELLS) else self.cells
        self.wins += other.wins
        if self.ranks is not None and other.ranks is not None:
            self.ranks.merge(other.ranks)
        self.only_a += other.only_a
        self.only_b += other.only_b
        self.not_scored += other.not_scored
        self.conflicts.merge(other.conflicts)
        held = [one for one in (self.conflict, other.conflict) if one is not None]
        self.conflict = min(held, default=None)
        self.reweighted += other.reweighted
        self.regrouped += other.regrouped
        self.worst = heapq.nsmallest(self.plan.worst, [*self.worst, *other.worst])


def _other_truth(a: Records, b: Records) -> Mask:
    """Return which rows have other labels, or other soft targets; one file's targets are never the other's labels."""
    if a.targets is None and b.targets is None:
        return np.asarray(a.label != b.label)
    if a.targets is None or b.targets is None:
        return np.ones(len(b), dtype=np.bool_)
    return np.asarray((a.label != b.label) | (a.targets != b.targets))


Task = Callable[[], Pairs]


def paired_tally(plan: PairedPlan, a: Recorder, b: Recorder, *, by_id: bool, jobs: int | None = None) -> PairedTally:
    """Return the sums of the common rows of two files.

    Args:
        plan: what is compared.
        a: the rows of A.
        b: the rows of B.
        by_id: whether rows belong together by their ids, else by their place.
        jobs: number of threads; None for the machine's cores.

    Raises:
        XentError: the rows do not belong together.
    """
    if not by_id:
        return _added(plan, _ready(join.by_row(a, b)), jobs)
    with suppress(join.OrdersDiffer):
        return _added(plan, _ready(join.side_by_side(a, b)), jobs)
    with closing(join.by_hash(a, b)) as held:
        tally = _added(plan, (partial(held.pairs, partition) for partition in held.numbers), jobs)
        tally.only_a += held.nameless[0]
        tally.only_b += held.nameless[1]
        return tally


def _ready(pairs: Iterator[Pairs]) -> Iterator[Task]:
    for one in pairs:
        yield partial(_itself, one)


def _itself(pairs: Pairs) -> Pairs:
    return pairs


def _added(plan: PairedPlan, tasks: Iterator[Task], jobs: int | None) -> PairedTally:
    threads = jobs or os.cpu_count() or 1
    lock, failed = threading.Lock(), threading.Event()

    def fill() -> PairedTally:
        tally = PairedTally(plan)
        try:
            while not failed.is_set():
                with lock:
                    task = next(tasks, None)
                if task is None:
                    break
                tally.add(task())
        except BaseException:
            failed.set()
            raise
        return tally

    if threads <= 1:
        return fill()
    result = PairedTally(plan)
    with ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(fill) for _ in range(threads)]
        try:
            for future in futures:
                result.merge(future.result())
        except BaseException:
            failed.set()
            raise
    return result
