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

_HIGH, _LOW = 2.0**25, 2.0**58
"""A block holds at most 2^18 rows, each number is at most 2, and what a multiple of 2^-25 leaves is at most 2^-26:
the sums of so many multiples of either inverse stay below 2^53."""

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


def bins(confidence: Floats) -> Indices:
    """Return the bin (low, high] of each probability, shape (n,); 0 belongs to the first.

    The product finds it but for rounding, which the edges themselves then mend.
    """
    at = np.clip((confidence * BINS).astype(np.intp), 0, BINS - 1)
    at -= confidence <= _EDGES[at]
    at += confidence > _EDGES[at + 1]
    return np.clip(at, 0, BINS - 1)


def _split(values: Floats) -> tuple[Floats, Floats]:
    """Return whole numbers such that high / 2^25 + low / 2^58 is each value, rounded to a multiple of 2^-58.

    Whole numbers below 2^53 add up without error, so that no sum of them depends on where blocks are cut.
    """
    high = np.rint(values * _HIGH)
    return high, np.rint((values - high / _HIGH) * _LOW)


def _block_sums(confidence: Floats, at: Indices) -> Floats:
    """Return for every bin two numbers whose sum is that of its probabilities in a block, shape (2 * bins,)."""
    high, low = _split(confidence)
    coarse = np.bincount(at, weights=high, minlength=BINS) / _HIGH
    fine = np.bincount(at, weights=low, minlength=BINS) / _LOW
    return np.concatenate((coarse, fine))


def _block_total(brier: Floats) -> Floats:
    """Return two numbers whose sum is that of a block's Brier scores."""
    high, low = _split(brier)
    return np.array([high.sum() / _HIGH, low.sum() / _LOW])


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
        at = bins(seen.confidence)
        rank = np.minimum(seen.rank, RANKS)
        self.rows += np.bincount(at, minlength=BINS)
        if weights is None:
            self.rank.add(np.bincount(rank, minlength=RANKS + 1).astype(np.float64), np.arange(RANKS + 1))
            self.right.add(np.bincount(at[seen.right], minlength=BINS).astype(np.float64), np.arange(BINS))
            self.score.add(_block_sums(seen.confidence, at), np.tile(np.arange(BINS), 2))
            self.brier.add(_block_total(seen.brier))
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
