"""Grouping: the rows of a block in the order of their groups, found once and used for every sum by group.

Floor 4. Sorting small codes is a radix sort, and adding up runs of equal codes is faster than looking each row's
group up; both let other threads work meanwhile, which `bincount` does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from xentcli.arrays import AnyIntegers, Indices


@dataclass(frozen=True, slots=True)
class Grouping:
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
