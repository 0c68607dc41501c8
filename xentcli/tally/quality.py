"""Quality: how good the probabilities are beyond the true class's: ranks, Brier scores, reliability bins.

Floor 4. A mergeable part of the Tally of tasks with one label a row. Per-row numbers come from the same block
and the same normalisation as the losses.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from xentcli.tally.exact import ExactSums
from xentcli.task.model import Scale

Floats = npt.NDArray[np.float64]
AnyFloats = npt.NDArray[np.floating]
Indices = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]

BINS = 15
"""Equal bins (low, high] of the reliability table."""

RANKS = 5
"""Ranks of the true class that are told apart; the rest are one."""

_EDGES = np.arange(BINS + 1) / BINS


@dataclass(frozen=True, slots=True)
class RowQuality:
    """What each row of a block adds; all of shape (n,).

    Attributes:
        rank: how many classes score higher than the true one; an equal one of a lower index counts as higher,
            as arg-max has it.
        confidence: the probability that is put to the test: the top class's; of a binary task the positive class's.
        right: whether that class is the true one.
        brier: (p - y)^2 of a binary task, summed over the classes of others (Brier 1950).
    """

    rank: Indices
    confidence: Floats
    right: Mask
    brier: Floats

    def of(self, rows: Mask) -> "RowQuality":
        """Return those of some rows."""
        if rows.all():
            return self
        return RowQuality(self.rank[rows], self.confidence[rows], self.right[rows], self.brier[rows])


def ranks(scores: AnyFloats, labels: Indices, *, class_major: bool) -> Indices:
    """Return the rank of each row's true class, from 0."""
    if not class_major:
        rows = np.arange(len(labels))
        true = scores[rows, labels]
        rank: Indices = np.count_nonzero(scores > true[:, None], axis=1)
        equal = scores == true[:, None]
        tied = np.flatnonzero(np.count_nonzero(equal, axis=1) > 1)
        rank[tied] += np.count_nonzero(equal[tied] & (np.arange(scores.shape[1]) < labels[tied][:, None]), axis=1)
        return rank
    true = scores[labels, np.arange(len(labels))]
    short = labels.astype(np.uint8)
    above = np.zeros(len(labels), dtype=np.uint8)
    for index, row in enumerate(scores):
        higher = row > true
        same = row == true
        np.logical_and(same, short > index, out=same)
        np.logical_or(higher, same, out=higher)
        np.add(above, higher.view(np.uint8), out=above)
    return above.astype(np.intp)


def square_sums(scores: AnyFloats, scale: Scale, normalizer: Floats, *, class_major: bool) -> Floats:
    """Return the sum over the classes of the squared probabilities, shape (n,).

    Args:
        scores: the block.
        scale: of its scores.
        normalizer: shape (n,); what probabilities are divided by, or what is taken from logits (log-probabilities)
            before the exponential.
        class_major: how the scores are laid out.
    """
    if not class_major:
        found: Floats = np.square(probabilities(scores, scale, normalizer[:, None])).sum(axis=1)
        return found
    total = np.zeros(scores.shape[1])
    if scale is Scale.PROBABILITIES:
        for row in scores:
            wide = row.astype(np.float64, copy=False)
            total += wide * wide
        return total / (normalizer * normalizer)
    for row in scores:
        chance = probabilities(row, scale, normalizer)
        total += chance * chance
    return total


def probabilities(scores: AnyFloats, scale: Scale, normalizer: Floats) -> Floats:
    """Return scores as probabilities; `normalizer` has their shape, or one that broadcasts to it."""
    wide = scores.astype(np.float64, copy=False)
    found: Floats = wide / normalizer if scale is Scale.PROBABILITIES else np.exp(wide - normalizer)
    return found


@dataclass
class Quality:
    """Counts and exact sums of the rows' ranks, Brier scores and reliability bins.

    Attributes:
        weighted: whether rows have weights; the sums are then weighted, the counts never.
        rows: rows by bin.
        rank: rows (weights) by rank of the true class, the last for all beyond `RANKS`.
        weight: rows (weights) by bin.
        score: sum of the confidences by bin.
        right: rows (weights) that are right by bin.
        brier: sum of the Brier scores.
    """

    weighted: bool = False
    rows: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(BINS, dtype=np.int64))
    rank: ExactSums = field(default_factory=lambda: ExactSums(RANKS + 1))
    weight: ExactSums = field(default_factory=lambda: ExactSums(BINS))
    score: ExactSums = field(default_factory=lambda: ExactSums(BINS))
    right: ExactSums = field(default_factory=lambda: ExactSums(BINS))
    brier: ExactSums = field(default_factory=ExactSums)

    def add(self, seen: RowQuality, weights: Floats | None) -> None:
        """Add rows, by shape (n,) numbers and weights."""
        at = np.maximum(np.searchsorted(_EDGES, np.minimum(seen.confidence, 1.0), side="left") - 1, 0)
        rank = np.minimum(seen.rank, RANKS)
        self.rows += np.bincount(at, minlength=BINS)
        if weights is None:
            self.rank.add(np.bincount(rank, minlength=RANKS + 1).astype(np.float64), np.arange(RANKS + 1))
            self.right.add(np.bincount(at[seen.right], minlength=BINS).astype(np.float64), np.arange(BINS))
            self.score.add(seen.confidence, at)
            self.brier.add(seen.brier)
            return
        self.rank.add(weights, rank)
        self.weight.add(weights, at)
        self.right.add(weights * seen.right, at)
        self.score.add(weights * seen.confidence, at)
        self.brier.add(weights * seen.brier)

    def merge(self, other: "Quality") -> None:
        """Add another one's rows to these."""
        self.rows += other.rows
        for name in ("rank", "weight", "score", "right", "brier"):
            getattr(self, name).merge(getattr(other, name))
