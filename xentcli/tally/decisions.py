"""DecisionTally: a mergeable bag of counts for predicted labels without scores of all classes.

Floor 4. There is no loss to be had, so that it holds what accuracy and the rates need: rows by true and predicted
class; and the reliability bins of the predicted class's score, where that stands beside it.
"""

from collections import Counter

import numpy as np
import pyarrow as pa

from xentcli.arrays import Floats, Mask
from xentcli.files.arrays import floats, nulls
from xentcli.files.table import ReadAs
from xentcli.record import MutableRecord, Record, field
from xentcli.tally.blocks import row_weights
from xentcli.tally.counts import CellCounts
from xentcli.tally.plan import with_slicings
from xentcli.tally.quality import Quality
from xentcli.tally.row_facts import Defect, RowFacts
from xentcli.tally.row_outcomes import RowOutcomes, RowResults
from xentcli.tally.slices import Slices
from xentcli.tally.weighted import WeightedSums
from xentcli.task.coding import Coded, ScalarCoder
from xentcli.task.roles import least_confidence
from xentcli.terms import Kind


class DecisionPlan(Record):
    """How rows of labels and predicted labels are counted.

    Attributes:
        kind: binary or multi-class.
        coder: turns the label column into class indices.
        predicted: likewise the column of predicted labels.
        classes: class names in index order.
        scores: the column of predicted labels, or the one of their confidence.
        positive: index of the positive class (binary only).
        weight: column of row weights.
        slicings: groups of columns; the rows are sliced by the values of each group.
        confidence: the column of the predicted class's score; None without one.
    """

    kind: Kind
    coder: ScalarCoder
    predicted: ScalarCoder
    classes: tuple[str, ...]
    scores: tuple[str, ...]
    positive: int | None
    weight: str | None = None
    slicings: tuple[tuple[str, ...], ...] = ()
    confidence: str | None = None

    @property
    def columns(self) -> dict[str, ReadAs]:
        """All columns that a pass reads, and how."""
        wanted = {**self.coder.columns, **self.predicted.columns}
        if self.weight is not None:
            wanted[self.weight] = ReadAs.NUMBER
        if self.confidence is not None:
            wanted[self.confidence] = ReadAs.NUMBER
        return with_slicings(wanted, self.slicings)


class DecisionTally(MutableRecord):
    """The counts of a table of labels and predicted labels.

    Attributes:
        plan: what the pass follows.
        facts: where every row went.
        lengths: empty, there are no lists of scores.
        cells: rows by (true class, predicted class).
        quality: the reliability bins of the confidence; None without it.
        weighted: the sums that row weights add, of losses that are all 0; None without weights.
        slices: the counts of groups of rows by slicing, with losses that are all 0.
        outcomes: keeps what became of each row; None if nobody asks.
    """

    plan: DecisionPlan
    facts: RowFacts = field(default_factory=RowFacts)
    lengths: Counter[int] = field(default_factory=Counter)
    cells: CellCounts = field(init=False)
    quality: Quality | None = field(init=False)
    weighted: WeightedSums | None = field(init=False)
    slices: tuple[Slices, ...] = field(init=False)
    outcomes: RowOutcomes | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Size the counts by the number of classes."""
        weighted = self.plan.weight is not None
        self.cells = CellCounts(len(self.plan.classes))
        self.quality = None if self.plan.confidence is None else Quality(weighted=weighted)
        self.weighted = WeightedSums(len(self.plan.classes)) if weighted else None
        self.slices = tuple(Slices(columns, weighted=weighted) for columns in self.plan.slicings)

    def add(self, batch: pa.RecordBatch, part: int, offset: int) -> None:
        """Add the rows of a batch that starts at row `offset` of part number `part`."""
        labels, named = self.plan.coder.code(batch), self.plan.predicted.code(batch)
        weights, defects = None, {Defect.UNSEEN_LABEL: labels.unseen}
        if self.plan.weight is not None:
            weights, defects[Defect.BAD_WEIGHT] = row_weights(batch, self.plan.weight)
        defects |= {Defect.NO_PREDICTION: named.missing, Defect.UNSEEN_PREDICTION: named.unseen}
        confidence = None
        if self.plan.confidence is not None:
            confidence, wrong = _confidence(batch, self.plan.confidence)
            defects |= wrong
            self._count_unsure(confidence, named, (part, offset))
        kept = self._sort(labels, defects, (part, offset))
        self.facts.part_rows[part] = self.facts.part_rows.get(part, 0) + batch.num_rows
        assert labels.index is not None  # noqa: S101  scalar coders give indices
        assert named.index is not None  # noqa: S101  likewise
        if self.outcomes is not None:
            self.outcomes.put(_row_results(labels, named, kept, weights))
        true, guess = labels.index[kept], named.index[kept]
        self.cells.add(true, guess)
        if len(true) == 0:
            return
        none, own = np.zeros(len(true)), None if weights is None else weights[kept]
        if self.quality is not None and confidence is not None:
            first = np.zeros(len(true), dtype=np.uint8)  # one rank for all, as the other classes' scores are not known
            self.quality.add(first, confidence[kept], true == guess, None, own)
        if self.weighted is not None and own is not None:
            self.weighted.add(own, none, true, guess)
        for one in self.slices:
            one.add(one.code(batch)[kept], none, true == guess, own)

    def _count_unsure(self, confidence: Floats, named: Coded, at: tuple[int, int]) -> None:
        """Count the predicted labels whose score is less than that of the most probable class can be."""
        with np.errstate(invalid="ignore"):
            low = (confidence >= 0.0) & (confidence < least_confidence(len(self.plan.classes)))
        self.facts.unsure.add(low & ~named.missing & ~named.unseen, *at)

    def _sort(self, labels: Coded, defects: dict[Defect, Mask], at: tuple[int, int]) -> Mask:
        """Count where the rows of a batch go; return which are scored, shape (n,)."""
        self.facts.read += len(labels.missing)
        self.facts.missing_label.add(labels.missing, *at)
        out = labels.missing.copy()
        for defect, mask in defects.items():
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
        if self.quality is not None and other.quality is not None:
            self.quality.merge(other.quality)
        if self.weighted is not None and other.weighted is not None:
            self.weighted.merge(other.weighted)


def _confidence(batch: pa.RecordBatch, column: str) -> tuple[Floats, dict[Defect, Mask]]:
    """Return the scores of the predicted classes, shape (n,), and which of them are no probabilities."""
    array = batch.column(batch.schema.get_field_index(column))
    scores = floats(array, column).astype(np.float64)
    missing = nulls(array)
    empty = np.zeros(len(scores), dtype=np.bool_) if missing is None else missing
    with np.errstate(invalid="ignore"):
        outside = (scores < 0.0) | (scores > 1.0)
    return scores, {Defect.NOT_A_NUMBER: empty, Defect.NON_FINITE: ~np.isfinite(scores), Defect.OUT_OF_RANGE: outside}


def _row_results(labels: Coded, named: Coded, kept: Mask, weights: Floats | None) -> RowResults:
    """Return what became of the rows of a batch."""
    assert labels.index is not None  # noqa: S101  scalar coders give indices
    assert named.index is not None  # noqa: S101  likewise
    none = np.zeros(len(kept), dtype=np.bool_)
    return RowResults(
        kept=kept,
        missing=labels.missing,
        labels=labels.index.astype(np.int64),
        predicted=named.index.astype(np.int64),
        right=kept & (labels.index == named.index),
        tied=none,
        loss=np.zeros(len(kept)),
        weights=weights,
    )
