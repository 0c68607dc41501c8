"""RowWatch: what became of each row of a batch, kept for those who join the rows of several Tallies.

Floor 4. Blocks arrive in row order; one watch serves one batch of one Tally.
"""

import numpy as np
import numpy.typing as npt

from xentcli.tally.blocks import Block
from xentcli.tally.scored import ScoredRows

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]


class RowWatch:
    """Per-row results of a batch, block by block."""

    __slots__ = ("_kept", "_labels", "_loss", "_missing", "_predicted", "_right", "_tied", "_weights")

    def __init__(self) -> None:
        """Start before the first block."""
        self._kept: list[Mask] = []
        self._labels: list[Indices] = []
        self._loss: list[Floats] = []
        self._predicted: list[Indices] = []
        self._missing: list[Mask] = []
        self._right: list[Mask] = []
        self._tied: list[Mask] = []
        self._weights: list[Floats] = []

    def add(self, block: Block, kept: Mask | None, rows: ScoredRows | None) -> None:
        """Note the rows of a block.

        Args:
            block: all its rows.
            kept: shape (n,), which were scored; None for all.
            rows: what the scored ones add; None if there are none.
        """
        none = np.zeros(block.size, dtype=np.bool_)
        self._kept.append(np.ones(block.size, dtype=np.bool_) if kept is None else kept)
        self._missing.append(none if block.missing is None else block.missing)
        if block.weights is not None:
            self._weights.append(block.weights)
        loss, right, tied = np.zeros(block.size), none.copy(), none.copy()
        labels, predicted = np.zeros((2, block.size), dtype=np.intp)
        at = slice(None) if kept is None else kept
        if rows is not None:
            loss[at] = rows.loss
            labels[at], predicted[at] = rows.labels, rows.predicted
            right[at] = rows.predicted == rows.labels
            tied[at] = False if rows.tied is None else rows.tied
        self._labels.append(labels)
        self._loss.append(loss)
        self._predicted.append(predicted)
        self._right.append(right)
        self._tied.append(tied)

    @property
    def kept(self) -> Mask:
        """The rows that were scored."""
        return np.concatenate(self._kept)

    @property
    def loss(self) -> Floats:
        """The losses, 0 where `kept` is false."""
        return np.concatenate(self._loss)

    @property
    def labels(self) -> Indices:
        """The true classes, 0 where `kept` is false."""
        return np.concatenate(self._labels)

    @property
    def predicted(self) -> Indices:
        """The decisions, 0 where `kept` is false."""
        return np.concatenate(self._predicted)

    @property
    def missing(self) -> Mask:
        """The rows without a label."""
        return np.concatenate(self._missing)

    @property
    def right(self) -> Mask:
        """The rows whose decision is the true class."""
        return np.concatenate(self._right)

    @property
    def tied(self) -> Mask:
        """The rows whose decision another class ties with."""
        return np.concatenate(self._tied)

    @property
    def weights(self) -> Floats | None:
        """The row weights, None without weights."""
        return np.concatenate(self._weights) if self._weights else None
