"""One row: the loss of a single row, step by step, as the Tally's pass computes it.

Floor 4. Reads the table up to that row.
"""

from collections import Counter

import numpy as np
import pyarrow as pa

from xentcli.arrays import Floats, Mask
from xentcli.errors import InputError, Place, UsageError
from xentcli.files.table import Table
from xentcli.record import Record
from xentcli.tally import losses
from xentcli.tally.blocks import Block, blocks
from xentcli.tally.objective import cross_entropy, smoothed
from xentcli.tally.plan import Plan
from xentcli.tally.quality import probabilities
from xentcli.tally.row_facts import RowFacts
from xentcli.tally.row_sorting import UnitRange, into_unit_range, look, sort_rows
from xentcli.tally.scored import score_labels, score_rows
from xentcli.terms import Kind, Scale


class Step(Record):
    """What one class (label) adds to the loss of a row.

    Attributes:
        name: of the class or label.
        target: what is true: 1 or 0, or a share of it.
        score: as the file has it.
        probability: of the class, after what the scale and the row's sum ask for.
        contribution: what is added to the loss.
    """

    name: str
    target: float
    score: float
    probability: float
    contribution: float


class RowSteps(Record):
    """The loss of one row.

    Attributes:
        row: 1-based data row.
        label: the true class, or the labels.
        predicted: the decision, likewise.
        divisor: what the row of probabilities was divided by; None for nothing.
        steps: class by class.
        loss: their sum.
    """

    row: int
    label: tuple[str, ...]
    predicted: tuple[str, ...]
    divisor: float | None
    steps: tuple[Step, ...]
    loss: float


def row_steps(table: Table, plan: Plan, row: int) -> RowSteps:
    """Return the loss of a 1-based row step by step.

    Raises:
        UsageError: the table has fewer rows.
        InputError: the row has no label, or cannot be scored.
    """
    block = next(blocks(_row(table, plan, row), plan, Counter(), (0, 0)))
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        facts = RowFacts()
        ranged = into_unit_range(plan, block, look(block))
        sort_rows(facts, ranged.block, ranged.seen, plan)
        if not facts.scored:
            found = next((defect.value for defect, rows in facts.defects.items() if rows.count), None)
            raise InputError(
                f"cannot be scored: {found}" if found else "has no label",
                place=Place(table.path, table.lines((row,)).get(row), row),
            )
        return (_labels if plan.kind is Kind.MULTILABEL else _classes)(plan, ranged, _written(block), row)


def _row(table: Table, plan: Plan, row: int) -> pa.RecordBatch:
    start = 1
    for batch in table.batches(plan.columns) if row > 0 else ():
        if row < start + batch.num_rows:
            return batch.slice(row - start, 1)
        start += batch.num_rows
    rows = f", there are {start - 1:,}" if row > 0 else ""
    raise UsageError(
        f"{row:,}: there is no such row{rows}", option="row", help="data rows count from 1, without the header"
    )


def _shaped(plan: Plan, targets: Floats, cost: Floats) -> Floats:
    return np.asarray(targets * losses.focal(cost, plan.objective.focal_gamma))


def _steps(plan: Plan, targets: Floats, scores: Floats, chances: Floats, shares: Floats) -> tuple[Step, ...]:
    columns = (targets.tolist(), scores.tolist(), chances.tolist(), shares.tolist())
    return tuple(Step(name, *values) for name, *values in zip(plan.classes, *columns, strict=True))


def _written(block: Block) -> Floats:
    """Return the scores of the row as the file has them."""
    return np.asarray((block.scores if block.class_major else block.scores.T)[:, 0].astype(np.float64))


def _classes(plan: Plan, ranged: UnitRange, written: Floats, row: int) -> RowSteps:
    """Return the steps of a row with one label."""
    block = ranged.block
    assert block.index is not None  # noqa: S101  tasks with one label a row have indices
    found = score_rows(plan, block, block.index, look(block))
    scores = _written(block)
    normalizer = found.losses.normalizer
    targets = np.zeros(len(scores))
    targets[block.index[0]] = 1.0
    if block.targets is not None:
        targets = block.targets[:, 0]
    targets = smoothed(targets, plan.objective.label_smoothing)
    chances = probabilities(scores, plan.scale, None if normalizer is None else normalizer[:1])
    cost = np.concatenate([cross_entropy(scores[at : at + 1], plan.scale, found.losses) for at in range(len(scores))])
    cost[targets == 0.0] = 0.0
    divisor = float(normalizer[0]) if plan.scale is Scale.PROBABILITIES and normalizer is not None else None
    if ranged.totals is not None:
        divisor = float(ranged.totals[0])
    named = (plan.classes[int(block.index[0])],), (plan.classes[int(found.predicted[0])],)
    steps = _steps(plan, targets, written, chances, _shaped(plan, targets, cost))
    return RowSteps(row, *named, divisor, steps, float(found.loss[0]))


def _labels(plan: Plan, ranged: UnitRange, written: Floats, row: int) -> RowSteps:
    """Return the steps of a row with any number of labels: each adds its share of the mean."""
    block = ranged.block
    assert block.hot is not None  # noqa: S101  multi-label tasks have a matrix
    found = score_labels(plan, block, block.hot)
    scores = _written(block)
    if plan.scale is Scale.LOGITS:
        chances = np.exp(-losses.sigmoid_binary_cross_entropy(scores, np.ones(len(scores), dtype=np.bool_)))
    else:
        chances = probabilities(scores, plan.scale, None)
    share = plan.objective.label_smoothing / 2.0
    targets = np.where(block.hot[:, 0], 1.0 - share, share) if found.targets is None else found.targets[:, 0]
    steps = _steps(plan, targets, written, chances, found.loss[:, 0] / len(scores))
    return RowSteps(row, _named(plan, found.hot), _named(plan, found.above), None, steps, float(found.row_loss[0]))


def _named(plan: Plan, mask: Mask) -> tuple[str, ...]:
    return tuple(name for name, held in zip(plan.classes, mask[:, 0].tolist(), strict=True) if held)
