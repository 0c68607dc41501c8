"""Blocks: a batch cut into cache-sized pieces that hold labels, scores, weights and defects side by side.

Floor 4. The size of a block is a budget of bytes, so that 50,000 classes cost no more memory than 10. No
result may depend on where a batch is cut.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.files.arrays import floats, nulls
from xentcli.tally.facts import Defect
from xentcli.tally.kernels import CLASS_MAJOR_LIMIT, LARGEST_LOGIT
from xentcli.tally.layouts import Scores, read_scores
from xentcli.tally.plan import Plan

Mask = npt.NDArray[np.bool_]
AnyFloats = npt.NDArray[np.floating]
Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

BLOCK_BYTES = 1 << 20
"""Scores of one block: small enough for a core's cache."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of one part.

    Attributes:
        scores: shape (classes, n) if `class_major`, else (n, classes).
        class_major: how the scores are laid out.
        index: shape (n,), class index; None for multi-label tasks.
        hot: shape (labels, n), whether a row has the label; None otherwise.
        missing: shape (n,), rows without a label.
        defects: rows that the cells alone make unusable, by defect, each of shape (n,).
        weights: shape (n,); None without weights.
        threshold: the decision threshold as a number of the file's dtype, so that a float32 score of 0.7
            stands on, not below, a threshold of 0.7.
        at: part ordinal, and the first row's number in its part, from 0.
        narrow: whether the file's scores are float32, whatever the dtype they are held in.
    """

    scores: AnyFloats
    class_major: bool
    index: Indices | None
    hot: Mask | None
    missing: Mask
    defects: dict[Defect, Mask]
    weights: Floats | None
    threshold: float
    at: tuple[int, int]
    narrow: bool = False


def _weights(batch: pa.RecordBatch, column: str) -> tuple[Floats, Mask]:
    """Return the row weights, shape (n,), and which of them cannot be used."""
    array = batch.column(batch.schema.get_field_index(column))
    weights = floats(array, column).astype(np.float64)
    with np.errstate(invalid="ignore"):
        bad = ~((weights >= 0.0) & (weights <= LARGEST_LOGIT))
    missing = nulls(array)
    return weights, bad if missing is None else bad | missing


def _cell_defects(scores: Scores) -> dict[Defect, Mask]:
    found = {Defect.NOT_A_NUMBER: scores.null, Defect.WRONG_LENGTH: scores.wrong_length}
    return {defect: mask for defect, mask in found.items() if mask is not None}


def blocks(batch: pa.RecordBatch, plan: Plan, lengths: Counter[int], at: tuple[int, int]) -> Iterator[Block]:
    """Yield the blocks of a batch.

    Args:
        batch: holds the columns of the plan.
        plan: what to read, and how.
        lengths: counts the list lengths seen.
        at: part ordinal, and the batch's first row in its part.
    """
    coded = plan.coder.code(batch)
    scores = read_scores(batch, plan, lengths)
    defects = _cell_defects(scores)
    weights = None
    if plan.weight is not None:
        weights, defects[Defect.BAD_WEIGHT] = _weights(batch, plan.weight)
    if coded.unseen.any():
        defects[Defect.UNSEEN_LABEL] = coded.unseen
    classes = len(plan.classes)
    step = max(1, BLOCK_BYTES // (classes * scores.dtype.itemsize))
    threshold = float(scores.dtype.type(plan.threshold))
    for start in range(0, batch.num_rows, step):
        rows = slice(start, min(start + step, batch.num_rows))
        yield Block(
            scores=scores.block(rows.start, rows.stop),
            class_major=classes <= CLASS_MAJOR_LIMIT,
            index=None if coded.index is None else coded.index[rows],
            hot=None if coded.hot is None else coded.hot[:, rows],
            missing=coded.missing[rows],
            defects={defect: mask[rows] for defect, mask in defects.items()},
            weights=None if weights is None else weights[rows],
            threshold=threshold,
            at=(at[0], at[1] + rows.start),
            narrow=scores.dtype == np.float32,
        )
