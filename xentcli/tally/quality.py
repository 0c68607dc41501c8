"""Quality: how good the probabilities are beyond the true class's: ranks, Brier scores, reliability bins, rows by loss.

Floor 4. Mergeable parts of the Tally.
"""

import numpy as np

from xentcli.arrays import AnyFloats, Floats, Indices, Integers, Mask, Unsigned
from xentcli.record import MutableRecord, field
from xentcli.tally.counts import grouped
from xentcli.tally.exact import ExactSums
from xentcli.terms import Scale

BINS = 15
"""Equal bins (low, high] of the reliability table."""

RANKS = 5
"""Ranks of the true class that are told apart; the rest are one."""

_SHAPE = (BINS, RANKS + 1, 2)
_EDGES = np.arange(BINS + 1) / BINS
_DOUBTFUL = 1e-9
"""A product this close to a whole number may have been rounded across an edge."""

_TINY = 1e-100
"""Totals below it have squares that lose digits."""


def square_sums(scores: AnyFloats, scale: Scale, normalizer: Floats | None, *, class_major: bool) -> Floats:
    """Return the sum over the classes of the squared probabilities, shape (n,).

    Args:
        scores: the block.
        scale: of its scores.
        normalizer: shape (n,); what probabilities are divided by, or what is taken from logits (log-probabilities)
            before the exponential; None for nothing.
        class_major: how the scores are laid out.
    """
    if not class_major:
        each = None if normalizer is None else normalizer[:, None]
        found: Floats = np.square(probabilities(scores, scale, each)).sum(axis=1)
        return found
    total = np.zeros(scores.shape[1])
    if scale is Scale.PROBABILITIES:
        wide = np.empty(scores.shape[1])
        for row in scores:
            np.copyto(wide, row)
            np.multiply(wide, wide, out=wide)
            np.add(total, wide, out=total)
        return total if normalizer is None else _divided_twice(total, scores, normalizer)
    for row in scores:
        chance = probabilities(row, scale, normalizer)
        total += chance * chance
    return total


def _divided_twice(squares: Floats, scores: AnyFloats, normalizer: Floats) -> Floats:
    """Return sums of squared scores divided by the square of the rows' totals, shape (n,); scores are (classes, n).

    The squares of scores near 0 are 0 themselves, so those rows are divided before they are squared.
    """
    tiny = np.flatnonzero(normalizer < _TINY)
    if not len(tiny):
        return np.asarray(squares / (normalizer * normalizer))
    large = normalizer.copy()
    large[tiny] = 1.0
    found = squares / (large * large)
    found[tiny] = 0.0
    for row in scores:
        found[tiny] += np.square(row[tiny].astype(np.float64) / normalizer[tiny])
    return found


def probabilities(scores: AnyFloats, scale: Scale, normalizer: Floats | None) -> Floats:
    """Return scores as probabilities; `normalizer` has their shape, or one that broadcasts to it, or is None."""
    wide = scores.astype(np.float64, copy=False)
    if scale is Scale.PROBABILITIES:
        return wide if normalizer is None else np.asarray(wide / normalizer)
    return np.exp(wide if normalizer is None else wide - normalizer)


def bins(confidence: Floats) -> Indices:
    """Return the bin (low, high] of each probability, shape (n,); 0 belongs to the first.

    The product finds it but for rounding; where that could matter the edges themselves decide.
    """
    product = confidence * BINS
    whole = np.ceil(product)
    at = whole.astype(np.intp)
    np.subtract(at, 1, out=at)
    np.maximum(at, 0, out=at)
    np.minimum(at, BINS - 1, out=at)
    doubtful = np.flatnonzero(np.abs(product - np.rint(product)) < _DOUBTFUL)
    if len(doubtful):
        at[doubtful] = np.clip(np.searchsorted(_EDGES, confidence[doubtful], side="left") - 1, 0, BINS - 1)
    return at


class Quality(MutableRecord):
    """Counts and exact sums of the rows' ranks, Brier scores and reliability bins.

    Attributes:
        counts: shape (BINS, RANKS + 1, 2), rows by bin, rank of the true class (the last for all beyond `RANKS`), and
            whether the class that was put to the test is the true one.
        score: sum of the confidences by bin, weighted if there are weights.
        brier: sum of the Brier scores, likewise.
        weights: the weights of the rows by the same cells as `counts`, flat; None without weights.
    """

    weighted: bool = False
    counts: Integers = field(default_factory=lambda: np.zeros(_SHAPE, dtype=np.int64))
    score: ExactSums = field(default_factory=lambda: ExactSums(BINS))
    brier: ExactSums = field(default_factory=ExactSums)
    weights: ExactSums | None = field(init=False)

    def __post_init__(self) -> None:
        """Keep sums of weights only where there are weights."""
        self.weights = ExactSums(self.counts.size) if self.weighted else None

    def add(
        self, rank: Unsigned, confidence: Floats, came_true: Mask, brier: Floats | None, weights: Floats | None
    ) -> None:
        """Add rows by what `ScoredRows` says of them, each of shape (n,); Brier scores are None where not known."""
        at = bins(confidence)
        cell = at * (2 * (RANKS + 1))
        cell += came_true
        if rank.any():
            cell += 2 * np.minimum(rank, RANKS).astype(np.intp)
        cells = grouped(cell, self.counts.size)
        by_bin = cells.coarser(2 * (RANKS + 1))
        self.counts.reshape(-1)[cells.present] += cells.counts()
        if self.weights is None or weights is None:
            self.score.add(confidence, by_bin)
            if brier is not None:
                self.brier.add(brier)
            return
        self.weights.add(weights, cells)
        self.score.add(weights * confidence, by_bin)
        if brier is not None:
            self.brier.add(weights * brier)

    def merge(self, other: "Quality") -> None:
        """Add another one's rows to these."""
        self.counts += other.counts
        self.score.merge(other.score)
        self.brier.merge(other.brier)
        if self.weights is not None and other.weights is not None:
            self.weights.merge(other.weights)


EDGES = (0.001, 0.01, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""In nats: bins [0, 0.001), [0.001, 0.01), ..., [8, infinity)."""


class LossHistogram:
    """Rows by loss.

    Attributes:
        below: shape (len(EDGES),), rows whose loss is below each edge.
        rows: all rows.
    """

    __slots__ = ("below", "rows")

    def __init__(self) -> None:
        """Start with no rows."""
        self.below: Integers = np.zeros(len(EDGES), dtype=np.int64)
        self.rows = 0

    def add(self, loss: Floats) -> None:
        """Add rows by their losses, shape (n,)."""
        self.below += [np.count_nonzero(loss < edge) for edge in EDGES]
        self.rows += len(loss)

    def merge(self, other: "LossHistogram") -> None:
        """Add another one's rows to these."""
        self.below += other.below
        self.rows += other.rows

    def counts(self) -> list[int]:
        """Return the rows of each bin, one more than there are edges."""
        return [int(rows) for rows in np.diff(self.below, prepend=0, append=self.rows)]
