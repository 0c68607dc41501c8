"""DecisionTally: a mergeable bag of counts for predicted labels without scores.

Floor 4. There is no loss to be had, so that it holds what accuracy and the rates need: rows by true and predicted
class.
"""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.files.table import ReadAs
from xentcli.tally.blocks import row_weights
from xentcli.tally.counts import CellCounts
from xentcli.tally.facts import Defect, RowFacts
from xentcli.tally.plan import with_slicings
from xentcli.tally.slices import Slices
from xentcli.tally.watch import RowWatch, WatchedRows
from xentcli.tally.weighted import WeightedSums
from xentcli.task.coding import Coded, ScalarCoder
from xentcli.task.model import Kind

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class DecisionPlan:
    """How rows of labels and predicted labels are counted.

    Attributes:
        kind: binary or multi-class.
        coder: turns the label column into class indices.
        predicted: likewise the column of predicted labels.
        classes: class names in index order.
        scores: the column of predicted labels.
        positive: index of the positive class (binary only).
        weight: column of row weights.
        slicings: groups of columns; the rows are sliced by the values of each group.
    """

    kind: Kind
    coder: ScalarCoder
    predicted: ScalarCoder
    classes: tuple[str, ...]
    scores: tuple[str, ...]
    positive: int | None
    weight: str | None = None
    slicings: tuple[tuple[str, ...], ...] = ()

    @property
    def columns(self) -> dict[str, ReadAs]:
        """All columns that a pass reads, and how."""
        wanted = {**self.coder.columns, **self.predicted.columns}
        if self.weight is not None:
            wanted[self.weight] = ReadAs.NUMBER
        return with_slicings(wanted, self.slicings)


@dataclass
class DecisionTally:
    """The counts of a table of labels and predicted labels.

    Attributes:
        plan: what the pass follows.
        facts: where every row went.
        lengths: empty, there are no lists of scores.
        cells: rows by (true class, predicted class).
        weighted: the sums that row weights add, of losses that are all 0; None without weights.
        slices: the counts of groups of rows by slicing, with losses that are all 0.
        watch: is told what became of each row; None if nobody asks.
    """

    plan: DecisionPlan
    facts: RowFacts = field(default_factory=RowFacts)
    lengths: Counter[int] = field(default_factory=Counter)
    cells: CellCounts = field(init=False)
    weighted: WeightedSums | None = field(init=False)
    slices: tuple[Slices, ...] = field(init=False)
    watch: RowWatch | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Size the counts by the number of classes."""
        weighted = self.plan.weight is not None
        self.cells = CellCounts(len(self.plan.classes))
        self.weighted = WeightedSums(len(self.plan.classes)) if weighted else None
        self.slices = tuple(Slices(columns, weighted=weighted) for columns in self.plan.slicings)

    def add(self, batch: pa.RecordBatch, part: int, offset: int) -> None:
        """Add the rows of a batch that starts at row `offset` of part number `part`."""
        labels, named = self.plan.coder.code(batch), self.plan.predicted.code(batch)
        weights, bad = None, None
        if self.plan.weight is not None:
            weights, bad = row_weights(batch, self.plan.weight)
        kept = self._sort(labels, named, bad, (part, offset))
        self.facts.part_rows[part] = self.facts.part_rows.get(part, 0) + batch.num_rows
        assert labels.index is not None  # noqa: S101  scalar coders give indices
        assert named.index is not None  # noqa: S101  likewise
        if self.watch is not None:
            self.watch.put(_watched(labels, named, kept, weights))
        true, guess = labels.index[kept], named.index[kept]
        self.cells.add(true, guess)
        if len(true) == 0:
            return
        none, own = np.zeros(len(true)), None if weights is None else weights[kept]
        if self.weighted is not None and own is not None:
            self.weighted.add(own, none, true, guess)
        for one in self.slices:
            one.add(one.code(batch)[kept], none, true == guess, own)

    def _sort(self, labels: Coded, named: Coded, bad: Mask | None, at: tuple[int, int]) -> Mask:
        """Count where the rows of a batch go; return which are scored, shape (n,)."""
        self.facts.read += len(labels.missing)
        self.facts.missing_label.add(labels.missing, *at)
        out = labels.missing.copy()
        defects = {
            Defect.UNSEEN_LABEL: labels.unseen,
            Defect.BAD_WEIGHT: bad,
            Defect.NO_PREDICTION: named.missing,
            Defect.UNSEEN_PREDICTION: named.unseen,
        }
        for defect, mask in defects.items():
            if mask is not None:
                self.facts.defects[defect].add(mask & ~out, *at)
                out |= mask
        self.facts.scored += int(np.count_nonzero(~out))
        return ~out

    def merge(self, other: "DecisionTally") -> None:
        """Add another one's counts to these; both must follow the same plan."""
        self.facts.merge(other.facts)
        self.cells.merge(other.cells)
        for one, another in zip(self.slices, other.slices, strict=True):
            one.merge(another)
        if self.weighted is not None and other.weighted is not None:
            self.weighted.merge(other.weighted)


def _watched(labels: Coded, named: Coded, kept: Mask, weights: npt.NDArray[np.float64] | None) -> WatchedRows:
    """Return what became of the rows of a batch."""
    assert labels.index is not None  # noqa: S101  scalar coders give indices
    assert named.index is not None  # noqa: S101  likewise
    none = np.zeros(len(kept), dtype=np.bool_)
    return WatchedRows(
        kept=kept,
        missing=labels.missing,
        labels=labels.index.astype(np.int64),
        predicted=named.index.astype(np.int64),
        right=kept & (labels.index == named.index),
        tied=none,
        loss=np.zeros(len(kept)),
        weights=weights,
    )
