"""Rows counted by true and predicted class, and the grouping of a block's rows that every sum by group shares.

Floor 4. A grouping is found once and used for every sum by group: sorting small codes is a radix sort, and adding up
runs of equal codes is faster than looking each row's group up; both let other threads work meanwhile, which `bincount`
does not.
"""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from xentcli.arrays import AnyIntegers, Indices, Integers, Mask
from xentcli.record import Record

Words = npt.NDArray[np.uint64]


class Grouping(Record):
    """Which rows belong to which group.

    Attributes:
        codes: shape (n,), the group of each row.
        order: shape (n,), the rows by group, within a group in row order.
        starts: shape (m,), where each group that occurs starts in that order.
        present: shape (m,), which groups these are, ascending.
    """

    codes: AnyIntegers
    order: Indices
    starts: Indices
    present: Indices

    def counts(self) -> Indices:
        """Return the number of rows of each group that occurs, shape (m,)."""
        return np.diff(self.starts, append=len(self.order))

    def coarser(self, groups: int) -> "Grouping":
        """Return the grouping in which so many neighbouring groups are one: group g becomes g // groups."""
        merged = self.present // groups
        first = np.flatnonzero(np.diff(merged, prepend=-1))
        return Grouping(self.codes // groups, self.order, self.starts[first], merged[first])

    def pieces(self, rows: int) -> Iterator[tuple[slice, "Grouping"]]:
        """Yield runs of at most so many rows with their own groupings."""
        if len(self.order) <= rows:
            yield slice(None), self
            return
        for start in range(0, len(self.order), rows):
            piece = slice(start, start + rows)
            yield piece, grouped(self.codes[piece], int(self.present[-1]) + 1)


def grouped(codes: AnyIntegers, groups: int) -> Grouping:
    """Return the grouping of rows by their codes, shape (n,), each below `groups`."""
    kind = np.uint8 if groups <= 1 << 8 else np.uint16 if groups <= 1 << 16 else np.int64
    narrow = codes.astype(kind)
    order = np.argsort(narrow, kind="stable")
    ordered = narrow.take(order)
    starts = np.flatnonzero(ordered[1:] != ordered[:-1])
    starts = np.concatenate((np.zeros(min(1, len(order)), dtype=np.intp), starts + 1))
    return Grouping(codes, order, starts, ordered[starts].astype(np.intp))


DENSE_LIMIT = 200


class CellCounts:
    """Mergeable counts of (true, predicted) pairs."""

    __slots__ = ("cells", "classes", "counts")

    def __init__(self, classes: int) -> None:
        """Start with all counts 0."""
        self.classes = classes
        self.counts: Integers | None = np.zeros(classes * classes, dtype=np.int64) if classes <= DENSE_LIMIT else None
        self.cells: Counter[int] = Counter()

    def add(self, true: Indices, predicted: Indices) -> None:
        """Count pairs of class indices, each of shape (n,)."""
        pairs = true * self.classes + predicted
        if self.counts is not None:
            self.counts += np.bincount(pairs, minlength=self.classes * self.classes)
            return
        found, number = np.unique(pairs, return_counts=True)
        for pair, rows in zip(found.tolist(), number.tolist(), strict=True):
            self.cells[pair] += rows

    def add_pairs(self, pairs: Grouping) -> None:
        """Count rows grouped by true class times the number of classes plus predicted class; dense counts only."""
        assert self.counts is not None  # noqa: S101  the caller groups by pairs only up to the dense limit
        self.counts[pairs.present] += pairs.counts()

    def merge(self, other: "CellCounts") -> None:
        """Add another one's counts to these."""
        if self.counts is not None and other.counts is not None:
            self.counts += other.counts
        self.cells.update(other.cells)

    def non_zero(self) -> list[tuple[int, int, int]]:
        """Return (true, predicted, rows) for every pair that occurs, in order."""
        if self.counts is not None:
            at = np.flatnonzero(self.counts)
            pairs = zip(at.tolist(), self.counts[at].tolist(), strict=True)
        else:
            pairs = iter(sorted(self.cells.items()))  # type: ignore[assignment]
        return [(pair // self.classes, pair % self.classes, rows) for pair, rows in pairs]

    def dense(self) -> Integers | None:
        """Return the counts, shape (classes, classes), true classes as rows; None beyond the dense limit."""
        return None if self.counts is None else self.counts.reshape(self.classes, self.classes)

    def margins(self) -> tuple[Integers, Integers, Integers]:
        """Return rows per true class, rows per predicted class, and rows that are right, each (classes,)."""
        support = np.zeros(self.classes, dtype=np.int64)
        predicted = np.zeros(self.classes, dtype=np.int64)
        right = np.zeros(self.classes, dtype=np.int64)
        for true, guess, rows in self.non_zero():
            support[true] += rows
            predicted[guess] += rows
            if true == guess:
                right[true] += rows
        return support, predicted, right


def bits(mask: Mask) -> Words:
    """Return the truths of each row of a mask as bits of 64-bit words, the first as the lowest; the rest is 0.

    Counting bits takes a fifth of the time that `count_nonzero` takes along an axis.
    """
    packed = np.packbits(mask, axis=1, bitorder="little")
    padded = np.zeros((len(packed), -(-packed.shape[1] // 8) * 8), dtype=np.uint8)
    padded[:, : packed.shape[1]] = packed
    return padded.view("<u8")


def following(words: Words) -> Words:
    """Return bits moved by one, so that each stands where the one before it stood."""
    moved = words >> np.uint64(1)
    moved[:, :-1] |= words[:, 1:] << np.uint64(63)
    return moved


def count_bits(words: Words) -> Integers:
    """Return how many bits of each row are 1."""
    counts: Integers = np.bitwise_count(words).sum(axis=1, dtype=np.int64)
    return counts
