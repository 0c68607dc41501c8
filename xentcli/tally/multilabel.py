"""MultiLabelTally: a mergeable bag of sums for tasks with any number of labels a row.

Floor 4. Every label is a Bernoulli trial of its own: the loss of a row is the mean over its labels, and a
row is right if every label is (subset accuracy).
"""

from collections import Counter

import numpy as np
import pyarrow as pa

from xentcli.arrays import Floats, Integers, Mask
from xentcli.record import MutableRecord, field
from xentcli.tally.blocks import Block, blocks
from xentcli.tally.clipping import Clipping, outside
from xentcli.tally.counts import bits, count_bits
from xentcli.tally.exact import ExactSums
from xentcli.tally.frameworks.several import MultiLabelRows, add_rows
from xentcli.tally.frameworks.sums import FrameworkSums
from xentcli.tally.kernels import Extremes
from xentcli.tally.losses import EPS, soft_binary_cross_entropy
from xentcli.tally.plan import Plan
from xentcli.tally.quality import LossHistogram
from xentcli.tally.row_facts import RowFacts
from xentcli.tally.row_outcomes import RowOutcomes
from xentcli.tally.row_sorting import best, count_scales, into_unit_range, look, sort_rows
from xentcli.tally.rows_on_limits import RowsOnLimits
from xentcli.tally.scored import ScoredLabels, score_labels
from xentcli.tally.slices import Slices
from xentcli.tally.soft import SoftSums, class_major
from xentcli.tally.traps.facts import TrapFacts
from xentcli.tally.worst import Worst

_COUNTS = ("support", "predicted", "right", "correct")
_SUMS = ("loss", "row_loss", "row_loss_square", "jaccard")
_WEIGHTED = ("weight", "loss", "support", "predicted", "right", "correct", "row_loss", "subset", "jaccard")


class WeightedLabelSums(MutableRecord):
    """The exact sums that row weights add; per label where the name is that of a per-label count.

    `square*` are sums over rows of w^2, w^2 m, w^2 m^2 and w^2 s with m the row's mean loss and s whether
    all its labels are right.
    """

    labels: int
    weight: ExactSums = field(default_factory=ExactSums)
    row_loss: ExactSums = field(default_factory=ExactSums)
    subset: ExactSums = field(default_factory=ExactSums)
    jaccard: ExactSums = field(default_factory=ExactSums)
    square: ExactSums = field(default_factory=ExactSums)
    square_loss: ExactSums = field(default_factory=ExactSums)
    square_loss_square: ExactSums = field(default_factory=ExactSums)
    square_subset: ExactSums = field(default_factory=ExactSums)
    loss: ExactSums = field(init=False)
    support: ExactSums = field(init=False)
    predicted: ExactSums = field(init=False)
    right: ExactSums = field(init=False)
    correct: ExactSums = field(init=False)

    def __post_init__(self) -> None:
        """Size the sums by the number of labels."""
        for name in ("loss", *_COUNTS):
            setattr(self, name, ExactSums(self.labels))

    def merge(self, other: "WeightedLabelSums") -> None:
        """Add another one's sums to these."""
        for name in (*_WEIGHTED, "square", "square_loss", "square_loss_square", "square_subset"):
            getattr(self, name).merge(getattr(other, name))


class MultiLabelTally(MutableRecord):
    """The sums of a multi-label table with L labels.

    Attributes:
        plan: what the pass follows.
        facts: where every row went.
        lengths: number of rows by list length.
        support: shape (L,), rows that have the label.
        predicted: shape (L,), rows predicted to have it.
        right: shape (L,), rows that have it and are predicted to.
        correct: shape (L,), rows where label and prediction agree.
        subset: rows where all labels agree.
        raised: rows that were given their best label, having none above the threshold.
        clamped: scores barely outside [0, 1] that were moved to 0 or 1.
        jaccard: sum of the rows' shares of labels that are both held and predicted among those that are either.
        loss: sums of the loss by label.
        row_loss: sum of the rows' mean losses.
        row_loss_square: sum of their squares.
        clipping: what the clip did, counted in elements (row and label).
        frameworks: what frameworks count differently.
        weighted: the sums that row weights add; None without weights.
        slices: the sums of groups of rows, by slicing.
        worst: the rows with the largest losses.
        histogram: rows by their mean loss.
        soft: the sums that shares per label add; None for 0/1 labels.
        traps: what the rules on traps ask.
        on_limits: rows on a limit of the scale or of a decision.
        outcomes: keeps what became of each row; None if nobody asks.
    """

    plan: Plan
    facts: RowFacts = field(default_factory=RowFacts)
    lengths: Counter[int] = field(default_factory=Counter)
    support: Integers = field(init=False)
    predicted: Integers = field(init=False)
    right: Integers = field(init=False)
    correct: Integers = field(init=False)
    subset: int = 0
    raised: int = 0
    clamped: int = 0
    jaccard: ExactSums = field(default_factory=ExactSums)
    loss: ExactSums = field(init=False)
    row_loss: ExactSums = field(default_factory=ExactSums)
    row_loss_square: ExactSums = field(default_factory=ExactSums)
    clipping: Clipping = field(init=False)
    frameworks: FrameworkSums = field(init=False)
    weighted: WeightedLabelSums | None = field(init=False)
    slices: tuple[Slices, ...] = field(init=False)
    worst: Worst = field(init=False)
    histogram: LossHistogram = field(default_factory=LossHistogram)
    soft: SoftSums | None = field(init=False)
    traps: TrapFacts = field(init=False)
    on_limits: RowsOnLimits = field(default_factory=RowsOnLimits)
    outcomes: RowOutcomes | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Size the sums by the number of labels."""
        labels, weighted = len(self.plan.classes), self.plan.weight is not None
        for name in _COUNTS:
            setattr(self, name, np.zeros(labels, dtype=np.int64))
        self.loss = ExactSums(labels)
        self.clipping = Clipping(labels)
        self.weighted = WeightedLabelSums(labels) if weighted else None
        self.slices = tuple(Slices(columns, weighted=weighted) for columns in self.plan.slicings)
        self.worst = Worst(self.plan.worst)
        self.soft = SoftSums(labels) if self.plan.soft else None
        self.traps = TrapFacts(self.plan)
        self.frameworks = FrameworkSums(1, self.plan.objective.label_smoothing, self.plan.objective.focal_gamma)

    @property
    def decided(self) -> bool:
        """Whether every score is 0 or 1: decisions, which have no loss, unless the caller calls them probabilities."""
        return self.facts.scored > 0 and self.traps.values.hard and not self.plan.scale_given

    def add(self, batch: pa.RecordBatch, part: int, offset: int) -> None:
        """Add the rows of a batch that starts at row `offset` of part number `part`."""
        groups = tuple(one.code(batch) for one in self.slices)
        for block in blocks(batch, self.plan, self.lengths, (part, offset), groups):
            with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
                self._add_block(block)
        self.facts.part_rows[part] = self.facts.part_rows.get(part, 0) + batch.num_rows

    def _add_block(self, block: Block) -> None:
        seen = look(block)
        count_scales(self.facts, block, seen, self.plan)
        ranged = into_unit_range(self.plan, block, seen)
        block, seen = ranged.block, ranged.seen
        kept = sort_rows(self.facts, block, seen, self.plan)
        self.clamped += ranged.clamped_scores(kept)
        good = block
        if kept is not None:
            at = np.flatnonzero(kept)
            good, seen = block.of(at), seen.of(at)
        rows = None
        if good.hot is not None and good.size:
            rows = score_labels(self.plan, good, good.hot)
            self._add_rows(good, seen, rows)
        self.traps.add_neighbours(block, good, rows)
        if self.outcomes is not None:
            self.outcomes.add_labels(block, kept, rows, self.plan.classes)

    def _add_rows(self, block: Block, seen: Extremes, rows: ScoredLabels) -> None:
        self._count(rows)
        self._count_clipped(rows)
        self.traps.add_labels(block, seen, rows)
        self.on_limits.add_labels(block, rows)
        if self.soft is not None and rows.targets is not None:
            self.soft.add(rows.targets, rows.weights, None)
        else:
            found = MultiLabelRows(
                class_major(block), rows.hot, rows.above, best(block, seen), rows.plain, rows.weights, block.narrow
            )
            add_rows(self.frameworks, found, self.plan)
        for one, groups in zip(self.slices, block.groups, strict=True):
            one.add(groups, rows.row_loss, rows.subset, rows.weights)
        self._remember_worst(block, rows)

    def _count(self, rows: ScoredLabels) -> None:
        self.loss.add_each(rows.loss)
        self.row_loss.add(rows.row_loss)
        self.histogram.add(rows.row_loss)
        self.row_loss_square.add(rows.row_loss * rows.row_loss)
        held, above = bits(rows.hot), bits(rows.above)
        self.support += count_bits(held)
        self.predicted += count_bits(above)
        self.right += count_bits(held & above)
        self.correct += rows.hot.shape[1] - count_bits(held ^ above)
        self.subset += int(np.count_nonzero(rows.subset))
        self.raised += rows.raised
        self.jaccard.add(rows.jaccard)
        if self.weighted is not None and rows.weights is not None:
            self._weigh(self.weighted, rows.weights, rows)

    @staticmethod
    def _weigh(sums: WeightedLabelSums, weights: Floats, rows: ScoredLabels) -> None:
        square = weights * weights
        masks = (rows.hot, rows.above, rows.hot & rows.above, rows.hot == rows.above)
        sums.weight.add(weights)
        sums.loss.add_each(rows.loss * weights)
        for name, mask in zip(_COUNTS, masks, strict=True):
            getattr(sums, name).add_each(mask * weights)
        sums.row_loss.add(weights * rows.row_loss)
        sums.subset.add(weights * rows.subset)
        sums.jaccard.add(weights * rows.jaccard)
        sums.square.add(square)
        sums.square_loss.add(square * rows.row_loss)
        sums.square_loss_square.add(square * (rows.row_loss * rows.row_loss))
        sums.square_subset.add(square * rows.subset)

    def _count_clipped(self, rows: ScoredLabels) -> None:
        if rows.probability is None:
            return
        chance = rows.probability.ravel()
        at = outside(chance)
        if len(at) == 0:
            return
        label, row = np.divmod(at, rows.loss.shape[1])
        loss, weights = rows.loss.ravel()[at], None if rows.weights is None else rows.weights[row]
        if rows.targets is None:
            self.clipping.add(chance[at], loss, label, weights)
        else:
            share = rows.targets.ravel()[at]
            without = soft_binary_cross_entropy(chance[at], share, 0.0)
            raised = ((share > 0.0) & (chance[at] < EPS)) | ((share < 1.0) & (1.0 - chance[at] < EPS))
            self.clipping.add_costs(raised, without, loss, label, weights)

    def _remember_worst(self, block: Block, rows: ScoredLabels) -> None:
        found = self.worst.candidates(rows.row_loss)
        entries = [
            (float(rows.row_loss[at]), _held(rows.hot[:, at]), _held(rows.above[:, at]), None) for at in found.tolist()
        ]
        self.worst.add(block.at, block.places(found), entries)

    def merge(self, other: "MultiLabelTally") -> None:
        """Add another one's sums to these; both must follow the same plan."""
        self.facts.merge(other.facts)
        self.lengths.update(other.lengths)
        for name in _COUNTS:
            getattr(self, name)[:] += getattr(other, name)
        self.subset += other.subset
        self.raised += other.raised
        self.clamped += other.clamped
        for name in _SUMS:
            getattr(self, name).merge(getattr(other, name))
        self.clipping.merge(other.clipping)
        for one, another in zip(self.slices, other.slices, strict=True):
            one.merge(another)
        self.worst.merge(other.worst)
        self.histogram.merge(other.histogram)
        if self.soft is not None and other.soft is not None:
            self.soft.merge(other.soft)
        self.frameworks.merge(other.frameworks)
        self.traps.merge(other.traps)
        self.on_limits.merge(other.on_limits)
        if self.weighted is not None and other.weighted is not None:
            self.weighted.merge(other.weighted)


def _held(mask: Mask) -> tuple[int, ...]:
    return tuple(np.flatnonzero(mask).tolist())
