"""RowOutcomes: what became of each row of a batch, kept for those who join the rows of several Tallies or files.

Floor 4. Blocks arrive in row order; one RowOutcomes serves one batch of one Tally.
"""

from hashlib import blake2b

import numpy as np

from xentcli.arrays import Floats, Integers, Mask
from xentcli.record import Record, replace
from xentcli.tally.blocks import Block
from xentcli.tally.scored import ScoredLabels, ScoredRows


class RowResults(Record):
    """What became of some rows, each of shape (n,); numbers are 0 where `kept` is false.

    Attributes:
        kept: which were scored.
        missing: which have no label.
        labels: the true classes; of several labels a fingerprint of the set.
        predicted: the decisions; of several labels a fingerprint of the set.
        right: whose decision is the true class, or set.
        tied: whose decision another class ties with.
        loss: the losses.
        brier: the Brier scores; None for tasks and layouts without.
        weights: of the rows; None without weights.
        targets: fingerprints of soft targets; None for hard labels.
        places: the keys of a binary task's scores in a Ranking; None where nobody asks.
    """

    kept: Mask
    missing: Mask
    labels: Integers
    predicted: Integers
    right: Mask
    tied: Mask
    loss: Floats
    brier: Floats | None = None
    weights: Floats | None = None
    targets: Integers | None = None
    places: Integers | None = None


class RowOutcomes:
    """Per-row results of a batch, block by block."""

    __slots__ = ("_blocks", "ranked")

    def __init__(self, *, ranked: bool = False) -> None:
        """Start before the first block; `ranked` asks for the places of a binary task's scores."""
        self.ranked = ranked
        self._blocks: list[RowResults] = []

    def put(self, rows: RowResults) -> None:
        """Note the rows of a block."""
        self._blocks.append(rows)

    def add(
        self,
        block: Block,
        kept: Mask | None,
        rows: ScoredRows | None,
        classes: tuple[str, ...],
        places: Integers | None = None,
    ) -> None:
        """Note the rows of a block with one label each.

        Args:
            block: all its rows.
            kept: shape (n,), which were scored; None for all.
            rows: what the scored ones add; None if there are none.
            classes: their names.
            places: of the scored ones, as the keys of a Ranking; None where nobody asks, or there are none.
        """
        found = _blank(block, kept, classes, brier=True)
        if self.ranked:
            found = replace(found, places=np.zeros(block.size, dtype=np.int64))
        at = slice(None) if kept is None else kept
        if rows is not None and found.brier is not None:
            found.loss[at], found.brier[at] = rows.loss, rows.brier
            found.labels[at], found.predicted[at] = rows.labels, rows.predicted
            found.right[at] = rows.predicted == rows.labels
            found.tied[at] = False if rows.tied is None else rows.tied
            if found.places is not None and places is not None:
                found.places[at] = places
        self.put(found)

    def add_labels(self, block: Block, kept: Mask | None, rows: ScoredLabels | None, labels: tuple[str, ...]) -> None:
        """Note the rows of a block with any number of labels each.

        Args:
            block: all its rows.
            kept: shape (n,), which were scored; None for all.
            rows: what the scored ones add; None if there are none.
            labels: their names.
        """
        found, keys = _blank(block, kept, labels, brier=False), label_keys(labels)
        at = slice(None) if kept is None else kept
        if rows is not None:
            found.loss[at], found.right[at] = rows.row_loss, rows.subset
            found.labels[at], found.predicted[at] = fingerprints(rows.hot, keys), fingerprints(rows.above, keys)
        self.put(found)

    @property
    def kept(self) -> Mask:
        """See `RowResults`."""
        return np.concatenate([one.kept for one in self._blocks])

    @property
    def missing(self) -> Mask:
        """See `RowResults`."""
        return np.concatenate([one.missing for one in self._blocks])

    @property
    def labels(self) -> Integers:
        """See `RowResults`."""
        return np.concatenate([one.labels for one in self._blocks])

    @property
    def predicted(self) -> Integers:
        """See `RowResults`."""
        return np.concatenate([one.predicted for one in self._blocks])

    @property
    def right(self) -> Mask:
        """See `RowResults`."""
        return np.concatenate([one.right for one in self._blocks])

    @property
    def tied(self) -> Mask:
        """See `RowResults`."""
        return np.concatenate([one.tied for one in self._blocks])

    @property
    def loss(self) -> Floats:
        """See `RowResults`."""
        return np.concatenate([one.loss for one in self._blocks])

    @property
    def brier(self) -> Floats | None:
        """See `RowResults`."""
        found = [one.brier for one in self._blocks if one.brier is not None]
        return np.concatenate(found) if len(found) == len(self._blocks) else None

    @property
    def weights(self) -> Floats | None:
        """See `RowResults`."""
        found = [one.weights for one in self._blocks if one.weights is not None]
        return np.concatenate(found) if found else None

    @property
    def targets(self) -> Integers | None:
        """See `RowResults`."""
        found = [one.targets for one in self._blocks if one.targets is not None]
        return np.concatenate(found) if found else None

    @property
    def places(self) -> Integers | None:
        """See `RowResults`."""
        found = [one.places for one in self._blocks if one.places is not None]
        return np.concatenate(found) if found else None


def _blank(block: Block, kept: Mask | None, names: tuple[str, ...], *, brier: bool) -> RowResults:
    """Return the record of rows that nothing is known of yet but where they went."""
    size = block.size
    none = np.zeros(size, dtype=np.bool_)
    return RowResults(
        kept=np.ones(size, dtype=np.bool_) if kept is None else kept,
        missing=none if block.missing is None else block.missing,
        labels=np.zeros(size, dtype=np.int64),
        predicted=np.zeros(size, dtype=np.int64),
        right=none.copy(),
        tied=none.copy(),
        loss=np.zeros(size),
        brier=np.zeros(size) if brier else None,
        weights=block.weights,
        targets=None if block.targets is None else target_fingerprints(block.targets, label_keys(names)),
    )


def label_keys(names: tuple[str, ...], of: str = "") -> Integers:
    """Return a number for each label, shape (labels,), that hangs on its name alone, not on its place."""
    digests = (blake2b(f"{of}\0{name}".encode("utf-8", "surrogatepass"), digest_size=8).digest() for name in names)
    return np.frombuffer(b"".join(digests), dtype="<i8").astype(np.int64)


def fingerprints(hot: Mask, keys: Integers) -> Integers:
    """Return a number for the set of labels of each row, shape (n,): equal sets have equal numbers.

    Args:
        hot: shape (labels, n), whether a row has the label.
        keys: shape (labels,), of the labels.
    """
    found = np.zeros(hot.shape[1], dtype=np.int64)
    with np.errstate(over="ignore"):
        for key, mask in zip(keys, hot, strict=True):
            found += np.where(mask, key, 0)
    return found


def target_fingerprints(targets: Floats, keys: Integers) -> Integers:
    """Return a number for the soft targets of each row, shape (n,): equal targets have equal numbers.

    Targets count as float32, as which one of two files may hold them.

    Args:
        targets: shape (classes, n).
        keys: shape (classes,), of the classes.
    """
    bits = targets.astype(np.float32).view(np.int32).astype(np.int64)
    found: Integers = (bits * (keys | 1)[:, np.newaxis]).sum(axis=0)
    return found
