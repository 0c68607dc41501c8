"""Tally: a mergeable bag of sums for tasks with one label a row (binary and multi-class).

Floor 4. One pass fills it, `merge` joins two, a new one is the identity. It holds counts and exact sums
only; every metric is a view of it (floor 5). It is as large as the number of classes, never as the rows.
"""

from collections import Counter

import numpy as np
import pyarrow as pa

from xentcli.arrays import Indices
from xentcli.record import MutableRecord, field
from xentcli.tally.blocks import Block, blocks
from xentcli.tally.clipping import Clipping, outside
from xentcli.tally.counts import DENSE_LIMIT, CellCounts, Grouping, grouped
from xentcli.tally.exact import ExactSums
from xentcli.tally.frameworks.label_order import label_order
from xentcli.tally.frameworks.single import add_rows
from xentcli.tally.frameworks.sums import FrameworkSums
from xentcli.tally.objective import smoothed
from xentcli.tally.plan import Plan
from xentcli.tally.quality import LossHistogram, Quality
from xentcli.tally.ranking import Ranking, add_ranked, empty_ranking, place_keys
from xentcli.tally.row_facts import FirstRows, RowFacts
from xentcli.tally.row_outcomes import RowOutcomes
from xentcli.tally.row_sorting import count_scales, into_unit_range, look, sort_rows
from xentcli.tally.rows_on_limits import RowsOnLimits
from xentcli.tally.scored import ScoredRows, score_rows
from xentcli.tally.slices import Slices
from xentcli.tally.soft import SoftSums, count_clipped
from xentcli.tally.traps.facts import TrapFacts
from xentcli.tally.weighted import WeightedSums
from xentcli.tally.worst import Worst
from xentcli.terms import Scale


class PredictedAgreement(MutableRecord):
    """Counts of scored rows by how their predicted label compares with the decision.

    Attributes:
        has_weights: whether `weight` and `weight_right` are counted.
        agrees: rows whose predicted label is what the scores decide.
        disagrees: rows where it is another one, or no class at all, and the first of them.
        unknown: of those that disagree, rows whose predicted label is no class.
        missing: rows without a predicted label.
        right: rows whose predicted label is the true one.
        weight: sum of the weights of the rows that have a predicted label.
        weight_right: of those, of the rows where it is the true one.
    """

    has_weights: bool = False
    agrees: int = 0
    disagrees: FirstRows = field(default_factory=FirstRows)
    unknown: FirstRows = field(default_factory=FirstRows)
    missing: int = 0
    right: int = 0
    weight: ExactSums = field(default_factory=ExactSums)
    weight_right: ExactSums = field(default_factory=ExactSums)

    def add(self, block: Block, named: Indices, rows: ScoredRows) -> None:
        """Add the scored rows of a block.

        Args:
            block: the rows.
            named: shape (n,), the class of the predicted label, -1 where there is none, -2 where it is no class.
            rows: what the scores say of them.
        """
        present = named != -1
        right = present & (named == rows.labels)
        weights = rows.weights
        self.missing += int(np.count_nonzero(~present))
        self.agrees += int(np.count_nonzero(present & (named == rows.predicted)))
        self.disagrees.add(present & (named != rows.predicted), *block.at, block.rows)
        self.unknown.add(named == -2, *block.at, block.rows)
        self.right += int(np.count_nonzero(right))
        if weights is not None and present.any():
            self.weight.add(weights[present])
            if right.any():
                self.weight_right.add(weights[right])

    def merge(self, other: "PredictedAgreement") -> None:
        """Add another one's rows to these."""
        self.agrees += other.agrees
        self.disagrees.merge(other.disagrees)
        self.unknown.merge(other.unknown)
        self.missing += other.missing
        self.right += other.right
        self.weight.merge(other.weight)
        self.weight_right.merge(other.weight_right)


class Tally(MutableRecord):
    """The sums of a binary or multi-class table.

    Attributes:
        plan: what the pass follows.
        facts: where every row went.
        lengths: number of rows by list length.
        cells: rows by (true class, predicted class).
        loss: sums of the loss, by true class.
        loss_square: sums of its square, by true class.
        clipping: what the clip did.
        renormalised: rows divided by their sum.
        clamped: scores barely outside [0, 1] that were moved to 0 or 1.
        quality: ranks, Brier scores and reliability bins.
        ranking: how the scores of a binary task's classes interleave; None for other tasks.
        frameworks: what frameworks count differently.
        weighted: the sums that row weights add; None without weights.
        slices: the sums of groups of rows, by slicing.
        worst: the rows with the largest losses.
        histogram: rows by loss.
        soft: the sums that target probabilities add; None for hard labels.
        agreement: how a column of predicted labels compares with the decisions; None without one.
        traps: what the rules on traps ask.
        on_limits: rows on a limit of the scale or of a decision, ties among them.
        outcomes: keeps what became of each row; None if nobody asks.
    """

    plan: Plan
    facts: RowFacts = field(default_factory=RowFacts)
    lengths: Counter[int] = field(default_factory=Counter)
    cells: CellCounts = field(init=False)
    loss: ExactSums = field(init=False)
    loss_square: ExactSums = field(init=False)
    clipping: Clipping = field(init=False)
    renormalised: int = 0
    clamped: int = 0
    quality: Quality = field(init=False)
    ranking: Ranking | None = field(init=False)
    frameworks: FrameworkSums = field(init=False)
    weighted: WeightedSums | None = field(init=False)
    slices: tuple[Slices, ...] = field(init=False)
    worst: Worst = field(init=False)
    histogram: LossHistogram = field(default_factory=LossHistogram)
    soft: SoftSums | None = field(init=False)
    agreement: PredictedAgreement | None = field(init=False)
    traps: TrapFacts = field(init=False)
    on_limits: RowsOnLimits = field(default_factory=RowsOnLimits)
    outcomes: RowOutcomes | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Size the sums by the number of classes."""
        classes, weighted = len(self.plan.classes), self.plan.weight is not None
        self.cells = CellCounts(classes)
        self.loss = ExactSums(classes)
        self.loss_square = ExactSums(classes)
        self.clipping = Clipping(classes)
        self.quality = Quality(weighted=weighted)
        self.ranking = empty_ranking(self.plan)
        self.weighted = WeightedSums(classes) if weighted else None
        self.slices = tuple(Slices(columns, weighted=weighted) for columns in self.plan.slicings)
        self.worst = Worst(self.plan.worst)
        self.soft = SoftSums(classes) if self.plan.soft else None
        places = label_order(self.plan).places
        self.frameworks = FrameworkSums(
            classes, self.plan.objective.label_smoothing, self.plan.objective.focal_gamma, places
        )
        self.agreement = PredictedAgreement(weighted) if self.plan.predicted is not None else None
        self.traps = TrapFacts(self.plan)

    def add(self, batch: pa.RecordBatch, part: int, offset: int, places: Indices | None = None) -> None:
        """Add the rows of a batch that starts at row `offset` of part number `part`.

        `places`, shape (batch rows,), says where each row stands counted from there, if others were left out.
        """
        groups = tuple(one.code(batch) for one in self.slices)
        for block in blocks(batch, self.plan, self.lengths, (part, offset), groups, places):
            # Rows that turn out to be bad have been looked at by then.
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
        self.renormalised += ranged.divided_rows(kept)
        good = block
        if kept is not None:
            at = np.flatnonzero(kept)
            good, seen = block.of(at), seen.of(at)
        rows = None
        if good.index is not None and good.size:
            rows = score_rows(self.plan, good, good.index, seen)
            self._count(good, rows)
            if good.targets is None:
                add_rows(self.frameworks, self.plan, good, seen, rows)
        self.traps.add(block, good, seen, rows)
        if self.outcomes is not None:
            ranked = self.outcomes.ranked and rows is not None and self.ranking is not None
            places = place_keys(self.plan, good, rows) if ranked and rows is not None else None
            self.outcomes.add(block, kept, rows, self.plan.classes, places)

    def _count(self, block: Block, rows: ScoredRows) -> None:
        loss, true = rows.loss, rows.labels
        by_class = self._count_cells(rows)
        self.histogram.add(loss)
        self.loss.add(loss, by_class)
        self.loss_square.add(loss * loss, by_class)
        self.renormalised += 0 if rows.losses.renormalised is None else int(np.count_nonzero(rows.losses.renormalised))
        self._count_clipped(rows)
        self.quality.add(rows.rank, rows.confidence, rows.came_true, rows.brier, rows.weights)
        add_ranked(self.ranking, self.plan, block, rows)
        if self.weighted is not None and rows.weights is not None:
            self.weighted.add(rows.weights, loss, true, rows.predicted)
        for one, groups in zip(self.slices, block.groups, strict=True):
            one.add(groups, loss, true == rows.predicted, rows.weights)
        self._remember_worst(block, rows)
        self.on_limits.add(block, rows)
        self._count_special(block, rows, by_class)

    def _count_cells(self, rows: ScoredRows) -> Grouping:
        """Count the rows by true and predicted class; return them grouped by the true one."""
        classes = len(self.plan.classes)
        if classes > DENSE_LIMIT:
            self.cells.add(rows.labels, rows.predicted)
            return grouped(rows.labels, classes)
        pairs = grouped(rows.labels * classes + rows.predicted, classes * classes)
        self.cells.add_pairs(pairs)
        return pairs.coarser(classes)

    def _count_clipped(self, rows: ScoredRows) -> None:
        chance = rows.losses.probability
        if chance is not None and len(at := outside(chance)):
            weights = None if rows.weights is None else rows.weights[at]
            self.clipping.add(chance[at], rows.loss[at], rows.labels[at], weights)

    def _remember_worst(self, block: Block, rows: ScoredRows) -> None:
        found = self.worst.candidates(rows.loss)
        if len(found) == 0:
            return
        true, scores = rows.labels[found], block.scores
        given = scores[true, found] if block.class_major else scores[found, true]
        columns = (rows.loss[found], true, rows.predicted[found], given)
        seen = zip(*(column.tolist() for column in columns), strict=True)
        entries = [(loss, (label,), (guess,), score) for loss, label, guess, score in seen]
        self.worst.add(block.at, block.places(found), entries)

    def _count_special(self, block: Block, rows: ScoredRows, by_class: Grouping) -> None:
        """Count what only soft targets and columns of predicted labels need."""
        if self.soft is not None and block.targets is not None:
            self.soft.add(smoothed(block.targets, self.plan.objective.label_smoothing), rows.weights, by_class)
            if self.plan.scale is Scale.PROBABILITIES:
                count_clipped(self.clipping, block, rows.labels, rows.losses)
        if self.agreement is not None and block.predicted is not None:
            self.agreement.add(block, block.predicted, rows)

    def merge(self, other: "Tally") -> None:
        """Add another one's sums to these; both must follow the same plan."""
        self.facts.merge(other.facts)
        self.lengths.update(other.lengths)
        self.cells.merge(other.cells)
        self.loss.merge(other.loss)
        self.loss_square.merge(other.loss_square)
        self.clipping.merge(other.clipping)
        self.renormalised += other.renormalised
        self.clamped += other.clamped
        self.quality.merge(other.quality)
        if self.ranking is not None and other.ranking is not None:
            self.ranking.merge(other.ranking)
        for one, another in zip(self.slices, other.slices, strict=True):
            one.merge(another)
        self.worst.merge(other.worst)
        self.histogram.merge(other.histogram)
        if self.soft is not None and other.soft is not None:
            self.soft.merge(other.soft)
        if self.agreement is not None and other.agreement is not None:
            self.agreement.merge(other.agreement)
        self.frameworks.merge(other.frameworks)
        self.traps.merge(other.traps)
        self.on_limits.merge(other.on_limits)
        if self.weighted is not None and other.weighted is not None:
            self.weighted.merge(other.weighted)
