"""MultiLabelTally: a mergeable bag of sums for tasks with any number of labels a row.

Floor 4. Every label is a Bernoulli trial of its own: the loss of a row is the mean over its labels, and a
row is right if every label is (subset accuracy).
"""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.tally import kernels, losses
from xentcli.tally.blocks import Block, blocks
from xentcli.tally.clipping import Clipping
from xentcli.tally.exact import ExactSums
from xentcli.tally.facts import RowFacts
from xentcli.tally.frameworks.several import LabelRows, add_rows
from xentcli.tally.frameworks.sums import FrameworkSums
from xentcli.tally.plan import Plan
from xentcli.tally.sorting import count_scales, look, sort_rows
from xentcli.task.model import Scale

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]

_COUNTS = ("support", "predicted", "right", "correct")
_SUMS = ("loss", "row_loss", "row_loss_square")
_WEIGHTED = ("weight", "loss", "support", "predicted", "right", "correct", "row_loss", "subset")


@dataclass
class WeightedLabelSums:
    """The exact sums that row weights add; per label where the name is that of a per-label count.

    `square*` are sums over rows of w^2, w^2 m, w^2 m^2 and w^2 s with m the row's mean loss and s whether
    all its labels are right.
    """

    labels: int
    weight: ExactSums = field(default_factory=ExactSums)
    row_loss: ExactSums = field(default_factory=ExactSums)
    subset: ExactSums = field(default_factory=ExactSums)
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


@dataclass
class MultiLabelTally:
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
        on_threshold: rows with a score that stands on the threshold.
        loss: sums of the loss by label.
        row_loss: sum of the rows' mean losses.
        row_loss_square: sum of their squares.
        clipping: what the clip did, counted in elements (row and label).
        frameworks: what frameworks count differently.
        weighted: the sums that row weights add; None without weights.
    """

    plan: Plan
    facts: RowFacts = field(default_factory=RowFacts)
    lengths: Counter[int] = field(default_factory=Counter)
    support: Integers = field(init=False)
    predicted: Integers = field(init=False)
    right: Integers = field(init=False)
    correct: Integers = field(init=False)
    subset: int = 0
    on_threshold: int = 0
    loss: ExactSums = field(init=False)
    row_loss: ExactSums = field(default_factory=ExactSums)
    row_loss_square: ExactSums = field(default_factory=ExactSums)
    clipping: Clipping = field(default_factory=Clipping)
    frameworks: FrameworkSums = field(default_factory=lambda: FrameworkSums(1))
    weighted: WeightedLabelSums | None = field(init=False)

    def __post_init__(self) -> None:
        """Size the sums by the number of labels."""
        labels = len(self.plan.classes)
        for name in _COUNTS:
            setattr(self, name, np.zeros(labels, dtype=np.int64))
        self.loss = ExactSums(labels)
        self.weighted = WeightedLabelSums(labels) if self.plan.weight is not None else None

    def add(self, batch: pa.RecordBatch, part: int, offset: int) -> None:
        """Add the rows of a batch that starts at row `offset` of part number `part`."""
        for block in blocks(batch, self.plan, self.lengths, (part, offset)):
            self._add_block(block)
        self.facts.part_rows[part] = self.facts.part_rows.get(part, 0) + batch.num_rows

    def _add_block(self, block: Block) -> None:
        with np.errstate(invalid="ignore", over="ignore"):
            seen = look(block)
            count_scales(self.facts, block, seen, exclusive=False)
            kept = sort_rows(self.facts, block, seen, self.plan.scale)
        if block.hot is None or not kept.any():
            return
        rows = slice(None) if kept.all() else np.flatnonzero(kept)
        scores = block.scores if block.class_major else block.scores.T
        chosen = scores[:, rows]
        above, on = self._decide(chosen, block.threshold)
        loss = self._count(
            block.hot[:, rows], chosen.astype(np.float64, copy=False), above,
            None if block.weights is None else block.weights[rows],
        )  # fmt: skip
        weights = None if block.weights is None else block.weights[rows]
        found = LabelRows(chosen, block.hot[:, rows], seen.arg[rows], loss, weights, block.narrow)
        add_rows(self.frameworks, found, self.plan.scale)
        self.on_threshold += int(np.count_nonzero(on.any(axis=0)))

    def _decide(self, scores: npt.NDArray[np.floating], threshold: float) -> tuple[Mask, Mask]:
        if self.plan.scale is Scale.LOGITS:
            threshold = kernels.logit(self.plan.threshold)
        elif self.plan.scale is Scale.LOG_PROBABILITIES:
            threshold = float(np.log(self.plan.threshold)) if self.plan.threshold > 0 else -np.inf
        return scores > threshold, scores == threshold

    def _losses(self, scores: Floats, hot: Mask) -> Floats:
        if self.plan.scale is Scale.LOGITS:
            return losses.sigmoid_binary_cross_entropy(scores, hot)
        if self.plan.scale is Scale.LOG_PROBABILITIES:
            with np.errstate(divide="ignore"):
                other = np.log(-np.expm1(np.minimum(scores, -losses.EPS)))
            return np.negative(np.where(hot, scores, other))
        probability = np.where(hot, scores, 1.0 - scores)
        loss = losses.cross_entropy_from_true_probability(probability)
        self.clipping.add(probability.ravel(), loss.ravel())
        return loss

    def _count(self, hot: Mask, scores: Floats, above: Mask, weights: Floats | None) -> Floats:
        loss = self._losses(scores, hot)
        row_loss = np.zeros(loss.shape[1])
        for label in loss:
            row_loss += label
        row_loss /= len(loss)
        correct = hot == above
        subset = correct.all(axis=0)
        self.loss.add_each(loss)
        self.row_loss.add(row_loss)
        self.row_loss_square.add(row_loss * row_loss)
        for name, mask in zip(_COUNTS, (hot, above, hot & above, correct), strict=True):
            getattr(self, name)[:] += np.count_nonzero(mask, axis=1)
        self.subset += int(np.count_nonzero(subset))
        if self.weighted is not None and weights is not None:
            self._weigh(self.weighted, weights, loss, row_loss, (hot, above, hot & above, correct), subset)
        return loss

    @staticmethod
    def _weigh(
        sums: WeightedLabelSums,
        weights: Floats,
        loss: Floats,
        row_loss: Floats,
        masks: tuple[Mask, Mask, Mask, Mask],
        subset: Mask,
    ) -> None:
        square = weights * weights
        sums.weight.add(weights)
        sums.loss.add_each(loss * weights)
        for name, mask in zip(_COUNTS, masks, strict=True):
            getattr(sums, name).add_each(mask * weights)
        sums.row_loss.add(weights * row_loss)
        sums.subset.add(weights * subset)
        sums.square.add(square)
        sums.square_loss.add(square * row_loss)
        sums.square_loss_square.add(square * (row_loss * row_loss))
        sums.square_subset.add(square * subset)

    def merge(self, other: "MultiLabelTally") -> None:
        """Add another one's sums to these; both must follow the same plan."""
        self.facts.merge(other.facts)
        self.lengths.update(other.lengths)
        for name in _COUNTS:
            getattr(self, name)[:] += getattr(other, name)
        self.subset += other.subset
        self.on_threshold += other.on_threshold
        for name in _SUMS:
            getattr(self, name).merge(getattr(other, name))
        self.clipping.merge(other.clipping)
        self.frameworks.merge(other.frameworks)
        if self.weighted is not None and other.weighted is not None:
            self.weighted.merge(other.weighted)
