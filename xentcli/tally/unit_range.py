"""Unit range: scores barely outside [0, 1], or parts of another total than 1, become probabilities.

Floor 4. Between the look at a block and the sorting of its rows. Blocks of plain probabilities, and of other scales,
pass unchanged.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from xentcli.tally import kernels
from xentcli.tally.blocks import Block
from xentcli.tally.kernels import Extremes
from xentcli.tally.plan import Plan
from xentcli.tally.sorting import look
from xentcli.task.model import Scale
from xentcli.task.rounding import OUTSIDE_TOLERANCE, SUM_TOLERANCE

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class UnitRange:
    """A block as it is scored.

    Attributes:
        block: its rows.
        seen: their extremes.
        clamped: shape (n,), how many scores of each row were moved to 0 or 1; None for none.
        totals: shape (n,), what each row was divided by, 1 for nothing; None where no row was.
    """

    block: Block
    seen: Extremes
    clamped: Integers | None = None
    totals: Floats | None = None

    def clamped_scores(self, kept: Mask | None) -> int:
        """Return how many scores of the rows that are scored were moved, all rows if `kept` is None."""
        if self.clamped is None:
            return 0
        return int((self.clamped if kept is None else self.clamped[kept]).sum())

    def divided_rows(self, kept: Mask | None) -> int:
        """Return how many of the rows that are scored were divided because their total is not 1."""
        if self.totals is None:
            return 0
        totals = self.totals if kept is None else self.totals[kept]
        return int(np.count_nonzero(np.abs(totals - 1.0) > SUM_TOLERANCE))


def into_unit_range(plan: Plan, block: Block, seen: Extremes) -> UnitRange:
    """Return a block whose scores of rows barely outside [0, 1] are clamped, and divided by their totals if so planned.

    Rows that are further outside stay as they are, and are bad.
    """
    if plan.scale is not Scale.PROBABILITIES:
        return UnitRange(block, seen)
    if plan.by_total:
        return _divided(plan, block, seen)
    if kernels.all_in_unit_range(seen):
        return UnitRange(block, seen)
    outside = (seen.low < 0.0) | (seen.top > 1.0)
    rows = np.flatnonzero(outside & (seen.low >= -OUTSIDE_TOLERANCE) & (seen.top <= 1.0 + OUTSIDE_TOLERANCE))
    if len(rows) == 0:
        return UnitRange(block, seen)
    scores = block.scores.copy()
    some = scores[:, rows] if block.class_major else scores[rows]
    clamped = np.zeros(block.size, dtype=np.intp)
    moved = (some < 0.0) | (some > 1.0)
    # Of a single score its complement moves along.
    clamped[rows] = 1 if plan.single else np.count_nonzero(moved, axis=0 if block.class_major else 1)
    scores[(slice(None), rows) if block.class_major else rows] = np.clip(some, 0.0, 1.0)
    held = replace(block, scores=scores)
    return UnitRange(held, look(held), clamped)


def _divided(plan: Plan, block: Block, seen: Extremes) -> UnitRange:
    """Return a block whose rows are divided by their totals, where they have one, in float64 whatever the file has."""
    scores = block.scores.astype(np.float64)
    barely = (seen.low < 0.0) & (seen.low >= -OUTSIDE_TOLERANCE)
    clamped: Integers | None = None
    if barely.any():
        below = scores < 0.0
        each = np.count_nonzero(below, axis=0 if block.class_major else 1)
        clamped = np.where(barely, each, 0)
        scores[below & (barely if block.class_major else barely[:, None])] = 0.0
    every = np.arange(block.size)
    totals = kernels.exact_totals(scores, every, class_major=block.class_major)
    totals = np.where((seen.low >= -OUTSIDE_TOLERANCE) & (totals > 0.0) & np.isfinite(totals), totals, 1.0)
    scores /= totals if block.class_major else totals[:, None]
    held = replace(block, scores=scores, narrow=False, threshold=plan.objective.threshold)
    return UnitRange(held, look(held), clamped, totals)
