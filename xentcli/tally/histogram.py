"""Histogram: how many rows cost how much.

Floor 4. A mergeable part of every Tally. The bins are fixed, so that it needs no second look and merges by adding.
"""

import numpy as np

from xentcli.arrays import Floats, Integers

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
