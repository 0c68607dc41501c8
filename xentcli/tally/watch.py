"""RowWatch: what became of each row of a batch, kept for those who join the rows of several Tallies.

Floor 4. Blocks arrive in row order; one watch serves one batch of one Tally.
"""

import numpy as np
import numpy.typing as npt

from xentcli.tally.blocks import Block

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]


class RowWatch:
    """Per-row results of a batch, block by block."""

    __slots__ = ("_kept", "_loss", "_missing", "_right", "_tied", "_weights")

    def __init__(self) -> None:
        """Start before the first block."""
        self._kept: list[Mask] = []
        self._loss: list[Floats] = []
        self._missing: list[Mask] = []
        self._right: list[Mask] = []
        self._tied: list[Mask] = []
        self._weights: list[Floats] = []

    def add(self, block: Block, kept: Mask, loss: Floats, predicted: Indices, tied: Mask) -> None:
        """Note the rows of a block; all arrays have shape (n,)."""
        assert block.index is not None  # noqa: S101  one label a row
        self._kept.append(kept)
        self._loss.append(loss)
        self._missing.append(block.missing)
        self._right.append(predicted == block.index)
        self._tied.append(tied)
        if block.weights is not None:
            self._weights.append(block.weights)

    def skip(self, block: Block) -> None:
        """Note a block without a row that can be scored."""
        none = np.zeros(len(block.missing), dtype=np.bool_)
        self._kept.append(none)
        self._loss.append(np.zeros(len(none)))
        self._missing.append(block.missing)
        self._right.append(none)
        self._tied.append(none)
        if block.weights is not None:
            self._weights.append(block.weights)

    @property
    def kept(self) -> Mask:
        """The rows that were scored."""
        return np.concatenate(self._kept)

    @property
    def loss(self) -> Floats:
        """The losses, arbitrary where `kept` is false."""
        return np.concatenate(self._loss)

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
