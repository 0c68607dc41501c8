"""Sorts the rows of a block: which are scored and which are bad, and probabilities barely outside [0, 1].

Floor 4. Scores barely outside [0, 1] are clamped, and parts of another total than 1 are divided by it, before the rows
are sorted; blocks of plain probabilities, and of other scales, pass unchanged.
"""

import numpy as np

from xentcli.arrays import Floats, Indices, Mask, Unsigned
from xentcli.record import Record, replace
from xentcli.tally import kernels
from xentcli.tally.blocks import Block
from xentcli.tally.kernels import Extremes
from xentcli.tally.plan import Plan
from xentcli.tally.row_facts import Defect, RowFacts
from xentcli.task.roles import ScoreForm, least_confidence
from xentcli.task.rounding import OUTSIDE_TOLERANCE, SUM_TOLERANCE
from xentcli.terms import Kind, Scale


def look(block: Block) -> Extremes:
    """Return the extremes of each row of a block."""
    return kernels.extremes(block.scores) if block.class_major else kernels.extremes_row_major(block.scores)


def best(block: Block, seen: Extremes) -> Unsigned:
    """Return the class of the largest score of each row, shape (n,), the lowest on ties."""
    led = kernels.leaders if block.class_major else kernels.leaders_row_major
    return led(block.scores, seen.top).arg


def sort_rows(facts: RowFacts, block: Block, seen: Extremes, plan: Plan) -> Mask | None:
    """Count where the rows of a block go; return which are scored, shape (n,), None for all.

    A row without a label counts as such whatever else is wrong with it; a row with several defects
    counts under the first of them. A true class that is masked out by minus infinity would cost
    infinity: its row counts as not finite.
    """
    scale = plan.scale
    facts.read += block.size
    if plan.form is ScoreForm.CONFIDENCE:
        _count_unsure(facts, block)
    plain = scale is Scale.PROBABILITIES and kernels.all_in_unit_range(seen)
    if plain and block.missing is None and not block.defects:
        facts.scored += block.size
        return None
    out = np.zeros(block.size, dtype=np.bool_) if block.missing is None else block.missing.copy()
    facts.missing_label.add(out, *block.at, block.rows)
    defects = dict(block.defects)
    if not plain:
        defects[Defect.NON_FINITE] = ~kernels.usable(seen) | _true_class_masked_out(block, seen, plan)
        defects[Defect.OUT_OF_RANGE] = ~kernels.in_range(seen, scale)
    for defect in Defect:
        mask = defects.get(defect)
        if mask is not None and mask.any():
            facts.defects[defect].add(mask & ~out, *block.at, block.rows)
            out |= mask
    kept: Mask = ~out
    facts.scored += int(np.count_nonzero(kept))
    return None if kept.all() else kept


def _count_unsure(facts: RowFacts, block: Block) -> None:
    """Count the rows whose predicted label has less than one half of the probability, of two classes."""
    assert block.predicted is not None  # noqa: S101  the layout of these scores needs it
    confidence = block.scores[np.maximum(block.predicted, 0), np.arange(block.size)]
    unsure = (block.predicted >= 0) & (confidence >= 0.0) & (confidence < least_confidence(len(block.scores)))
    facts.unsure.add(unsure, *block.at, block.rows)


def _true_class_masked_out(block: Block, seen: Extremes, plan: Plan) -> Mask:
    """Return which rows mask out a class that their target calls for; smoothed targets call for all."""
    masked: Mask = np.isneginf(seen.low)
    if plan.scale is Scale.PROBABILITIES or plan.objective.label_smoothing or not masked.any():
        return masked
    if block.targets is not None and block.index is not None:
        scores = block.scores if block.class_major else block.scores.T
        return np.asarray(masked & ((block.targets > 0.0) & np.isneginf(scores)).any(axis=0))
    if block.index is None:
        return masked
    true = kernels.true_scores(block.scores, block.index, class_major=block.class_major)
    return np.asarray(masked & np.isneginf(true))


def count_scales(facts: RowFacts, block: Block, seen: Extremes, plan: Plan) -> None:
    """Count which scales the rows of a block fit, whatever scale the pass assumes.

    Only where the classes of a row exclude each other can log-probabilities be told, by the sum of their exp.
    """
    unreadable = [block.defects[one] for one in (Defect.NOT_A_NUMBER, Defect.WRONG_LENGTH) if one in block.defects]
    if not unreadable and kernels.all_in_unit_range(seen):
        facts.finite += block.size
        facts.fit_probabilities += block.size
        return
    finite = kernels.usable(seen)
    for mask in unreadable:
        finite &= ~mask
    fits = finite & (seen.low >= -OUTSIDE_TOLERANCE) & (seen.top <= 1.0 + OUTSIDE_TOLERANCE)
    candidates = np.flatnonzero(finite & ~fits & (seen.top <= SUM_TOLERANCE))
    facts.finite += int(np.count_nonzero(finite))
    facts.fit_probabilities += int(np.count_nonzero(fits))
    _add_totals(facts, block, finite & ~fits, seen, plan)
    if plan.kind is not Kind.MULTILABEL and len(candidates):
        some = block.scores.take(candidates, axis=1 if block.class_major else 0)
        ones = kernels.sums_to_one(some, class_major=block.class_major)
        facts.fit_log_probabilities += int(np.count_nonzero(ones))


def _add_totals(facts: RowFacts, block: Block, outside: Mask, seen: Extremes, plan: Plan) -> None:
    """Add those rows outside [0, 1] to the totals that hold nothing negative; a single score is its own total."""
    scores = block.scores if block.class_major else block.scores.T
    low = seen.low
    if plan.single:
        at = plan.own
        scores, low = scores[at : at + 1], scores[at]
    rows = np.flatnonzero(outside & (low >= -OUTSIDE_TOLERANCE))
    if len(rows):
        facts.totals.add(scores[:, rows].astype(np.float64))


class UnitRange(Record):
    """A block as it is scored.

    Attributes:
        block: its rows.
        seen: their extremes.
        clamped: shape (n,), how many scores of each row were moved to 0 or 1; None for none.
        totals: shape (n,), what each row was divided by, 1 for nothing; None where no row was.
    """

    block: Block
    seen: Extremes
    clamped: Indices | None = None
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
    clamped: Indices | None = None
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
