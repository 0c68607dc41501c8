"""Tally: a mergeable bag of sums for tasks with one label a row (binary and multi-class).

Floor 4. One pass fills it, `merge` joins two, a new one is the identity. It holds counts and exact sums
only; every metric is a view of it (floor 5). It is as large as the number of classes, never as the rows.
"""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.tally import kernels
from xentcli.tally.blocks import Block, blocks
from xentcli.tally.clipping import Clipping
from xentcli.tally.counts import CellCounts
from xentcli.tally.exact import ExactSums
from xentcli.tally.facts import RowFacts
from xentcli.tally.frameworks.single import add_rows
from xentcli.tally.frameworks.sums import FrameworkSums
from xentcli.tally.kernels import Extremes, Losses
from xentcli.tally.plan import Plan
from xentcli.tally.quality import Quality, RowQuality, probabilities, ranks, square_sums
from xentcli.tally.sorting import count_scales, look, sort_rows
from xentcli.tally.weighted import WeightedSums
from xentcli.task.model import Kind, Scale
from xentcli.task.roles import ScoreForm

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]


@dataclass
class Tally:
    """The sums of a binary or multi-class table.

    Attributes:
        plan: what the pass follows.
        facts: where every row went.
        lengths: number of rows by list length.
        cells: rows by (true class, predicted class).
        loss: sums of the loss, by true class.
        loss_square: sums of its square, by true class.
        clipping: what the clip did.
        ties: rows whose top score is shared (with a threshold: that stand on it).
        renormalised: rows divided by their sum.
        quality: ranks, Brier scores and reliability bins.
        frameworks: what frameworks count differently.
        weighted: the sums that row weights add; None without weights.
    """

    plan: Plan
    facts: RowFacts = field(default_factory=RowFacts)
    lengths: Counter[int] = field(default_factory=Counter)
    cells: CellCounts = field(init=False)
    loss: ExactSums = field(init=False)
    loss_square: ExactSums = field(init=False)
    clipping: Clipping = field(default_factory=Clipping)
    ties: int = 0
    renormalised: int = 0
    quality: Quality = field(init=False)
    frameworks: FrameworkSums = field(init=False)
    weighted: WeightedSums | None = field(init=False)

    def __post_init__(self) -> None:
        """Size the sums by the number of classes."""
        classes = len(self.plan.classes)
        self.cells = CellCounts(classes)
        self.loss = ExactSums(classes)
        self.loss_square = ExactSums(classes)
        self.quality = Quality(weighted=self.plan.weight is not None)
        self.frameworks = FrameworkSums(classes)
        self.weighted = WeightedSums(classes) if self.plan.weight is not None else None

    def add(self, batch: pa.RecordBatch, part: int, offset: int) -> None:
        """Add the rows of a batch that starts at row `offset` of part number `part`."""
        for block in blocks(batch, self.plan, self.lengths, (part, offset)):
            self._add_block(block)
        self.facts.part_rows[part] = self.facts.part_rows.get(part, 0) + batch.num_rows

    def _add_block(self, block: Block) -> None:
        # Rows that turn out to be bad go through the arithmetic too and are left out at the end.
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
            seen = look(block)
            count_scales(self.facts, block, seen, exclusive=True)
            kept = sort_rows(self.facts, block, seen, self.plan.scale)
            if block.index is None or not kept.any():
                return
            losses = self._losses(block, block.index, seen)
            predicted, tied = decide(self.plan, block, seen)
            quality = row_quality(self.plan, block, block.index, seen, losses)
        self._count(block, kept, losses, predicted, tied)
        weights = None if block.weights is None else block.weights[kept]
        self.quality.add(quality.of(kept), weights)
        add_rows(self.frameworks, self.plan, block, seen, losses, predicted, kept)

    def _losses(self, block: Block, index: Indices, seen: Extremes) -> Losses:
        if self.plan.scale is Scale.PROBABILITIES:
            return kernels.from_probabilities(
                block.scores, seen, index, class_major=block.class_major, normalize=self.plan.normalize
            )
        if self.plan.scale is Scale.LOG_PROBABILITIES:
            return kernels.from_log_probabilities(block.scores, seen, index, class_major=block.class_major)
        return kernels.from_logits(block.scores, seen, index, class_major=block.class_major)

    def _count(self, block: Block, kept: Mask, losses: Losses, predicted: Indices, tied: Mask) -> None:
        rows = slice(None) if kept.all() else np.flatnonzero(kept)
        true = block.index[rows]  # type: ignore[index]  # single-label blocks have indices
        guess = predicted[rows]
        loss = losses.loss[rows]
        self.cells.add(true, guess)
        self.loss.add(loss, true)
        self.loss_square.add(loss * loss, true)
        self.ties += int(np.count_nonzero(tied[rows]))
        self.renormalised += int(np.count_nonzero(losses.renormalised[rows]))
        if losses.probability is not None:
            self.clipping.add(losses.probability[rows], loss)
        if self.weighted is not None and block.weights is not None:
            self.weighted.add(block.weights[rows], loss, true, guess)

    def merge(self, other: "Tally") -> None:
        """Add another one's sums to these; both must follow the same plan."""
        self.facts.merge(other.facts)
        self.lengths.update(other.lengths)
        self.cells.merge(other.cells)
        self.loss.merge(other.loss)
        self.loss_square.merge(other.loss_square)
        self.clipping.merge(other.clipping)
        self.ties += other.ties
        self.renormalised += other.renormalised
        self.quality.merge(other.quality)
        self.frameworks.merge(other.frameworks)
        if self.weighted is not None and other.weighted is not None:
            self.weighted.merge(other.weighted)


def row_quality(plan: Plan, block: Block, labels: Indices, seen: Extremes, losses: Losses) -> RowQuality:
    """Return the ranks, confidences and Brier scores of a block."""
    rank = ranks(block.scores, labels, class_major=block.class_major)
    if plan.kind is Kind.BINARY and plan.positive is not None:
        chance = probabilities(block.scores[plan.positive], plan.scale, losses.normalizer)
        held = labels == plan.positive
        return RowQuality(rank, chance, held, np.square(chance - held))
    top = probabilities(seen.top, plan.scale, losses.normalizer)
    true = np.exp(-losses.loss) if losses.probability is None else losses.probability
    squares = square_sums(block.scores, plan.scale, losses.normalizer, class_major=block.class_major)
    return RowQuality(rank, top, seen.arg == labels, np.maximum(squares - 2.0 * true + 1.0, 0.0))


def decide(plan: Plan, block: Block, seen: Extremes) -> tuple[Indices, Mask]:
    """Return the predicted class of each row, and whether another one was as good; both of shape (n,).

    Several classes: arg-max, the lowest index on ties. Binary: the positive class where its probability
    is strictly above the threshold; two columns at the usual 0.5 are an arg-max as well.
    """
    if plan.kind is not Kind.BINARY or plan.positive is None:
        return seen.arg.astype(np.intp), seen.tied
    if plan.form in {ScoreForm.COLUMNS, ScoreForm.LIST} and plan.threshold == 0.5:
        return seen.arg.astype(np.intp), seen.tied
    positive, negative = block.scores[plan.positive], block.scores[1 - plan.positive]
    if plan.scale is Scale.PROBABILITIES:
        above, on = positive > block.threshold, positive == block.threshold
    else:
        limit = kernels.logit(plan.threshold)
        margin = positive.astype(np.float64) - negative
        above, on = margin > limit, margin == limit
    return np.where(above, plan.positive, 1 - plan.positive), on
