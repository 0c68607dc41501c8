"""Sorting rows: which of a block are scored, which lack a label, which are bad, and what scale they fit.

Floor 4. The first step of every Tally's pass; it fills `RowFacts`.
"""

import numpy as np
import numpy.typing as npt

from xentcli.tally import kernels
from xentcli.tally.blocks import Block
from xentcli.tally.facts import Defect, RowFacts
from xentcli.tally.kernels import Extremes
from xentcli.tally.plan import Plan
from xentcli.task.confidence import least_confidence
from xentcli.task.model import Kind, Scale
from xentcli.task.roles import ScoreForm
from xentcli.task.rounding import OUTSIDE_TOLERANCE, SUM_TOLERANCE

Mask = npt.NDArray[np.bool_]


def look(block: Block) -> Extremes:
    """Return the extremes of each row of a block."""
    return kernels.extremes(block.scores) if block.class_major else kernels.extremes_row_major(block.scores)


def best(block: Block, seen: Extremes) -> kernels.Classes:
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
