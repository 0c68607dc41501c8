"""Blocks: a batch cut into cache-sized pieces of one form, however the file lays its scores out.

Floor 4. The size of a block is a budget of bytes, so that 50,000 classes cost no more memory than 10. No result may
depend on where a batch is cut.

Layouts: the scores of a batch, however the file lays them out, as blocks of one form. Arrow columns in, numpy
blocks out: class-major, shape (classes, rows), up to `CLASS_MAJOR_LIMIT` classes, row-major, shape (rows, classes),
beyond. float32 stays float32.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.arrays import AnyFloats, Floats, Indices, Mask
from xentcli.errors import ColumnError, Place
from xentcli.files.arrays import floats, is_list, lists, nulls
from xentcli.record import MutableRecord, Record
from xentcli.tally.kernels import CLASS_MAJOR_LIMIT
from xentcli.tally.losses import EPS
from xentcli.tally.plan import Plan
from xentcli.tally.row_facts import Defect
from xentcli.task.coding import MISSING, UNSEEN
from xentcli.task.roles import ScoreForm
from xentcli.terms import Kind, Scale


class ScoreLayout(Protocol):
    """The scores of one batch.

    Attributes:
        null: rows with a null score (in text: no number).
        wrong_length: rows whose list has another length; None where there are no lists.
    """

    null: Mask | None
    wrong_length: Mask | None

    @property
    def dtype(self) -> np.dtype[np.floating]:
        """The dtype of the scores in the file, as far as blocks keep it: float32 or float64."""
        ...

    def block(self, start: int, stop: int) -> AnyFloats:
        """Return the scores of rows start..stop, freshly laid out."""
        ...


class ColumnScores(MutableRecord):
    """A column per class."""

    columns: list[AnyFloats]
    null: Mask | None
    wrong_length: Mask | None = None

    @property
    def dtype(self) -> np.dtype[np.floating]:
        """See `Scores.dtype`."""
        narrow = all(column.dtype == np.float32 for column in self.columns)
        return np.dtype(np.float32 if narrow else np.float64)

    def block(self, start: int, stop: int) -> AnyFloats:
        """See `Scores.block`."""
        if len(self.columns) <= CLASS_MAJOR_LIMIT:
            rows = np.empty((len(self.columns), stop - start), dtype=self.dtype)
            for index, column in enumerate(self.columns):
                rows[index] = column[start:stop]
            return rows
        wide = np.empty((stop - start, len(self.columns)), dtype=self.dtype)
        for index, column in enumerate(self.columns):
            wide[:, index] = column[start:stop]
        return wide


class MatrixScores(MutableRecord):
    """A list column whose lists have one length: a row-major matrix, shape (n, classes)."""

    matrix: AnyFloats
    null: Mask | None
    wrong_length: Mask | None

    @property
    def dtype(self) -> np.dtype[np.floating]:
        """See `Scores.dtype`."""
        return self.matrix.dtype

    def block(self, start: int, stop: int) -> AnyFloats:
        """See `Scores.block`."""
        rows = self.matrix[start:stop]
        return np.ascontiguousarray(rows.T) if rows.shape[1] <= CLASS_MAJOR_LIMIT else rows


class SingleScores(MutableRecord):
    """One column: the score of one class; the other class's is 1 - p, or logit 0.

    Widened to float64 first, so that it gives the bits of two float64 columns 1 - p and p.
    """

    values: AnyFloats
    own: int
    scale: Scale
    null: Mask | None
    wrong_length: Mask | None = None

    @property
    def dtype(self) -> np.dtype[np.floating]:
        """See `Scores.dtype`."""
        return self.values.dtype

    def block(self, start: int, stop: int) -> AnyFloats:
        """See `Scores.block`."""
        score = self.values[start:stop].astype(np.float64)
        rows = np.empty((2, stop - start), dtype=np.float64)
        rows[self.own] = score
        rows[1 - self.own] = self._complement(score)
        return rows

    def _complement(self, score: npt.NDArray[np.float64]) -> AnyFloats:
        if self.scale is Scale.PROBABILITIES:
            return np.asarray(1.0 - score)
        if self.scale is Scale.LOGITS:
            # NaN must stay visible: 0 * NaN is NaN, 0 * infinity too.
            with np.errstate(invalid="ignore"):
                return np.asarray(score * 0.0)
        # Certainty may be the rounding of a log-softmax: what it rules out costs what probability 1 makes it cost.
        with np.errstate(invalid="ignore", over="ignore"):
            return np.asarray(np.log(-np.expm1(np.minimum(score, -EPS))))


def _any_null(arrays: list[pa.Array]) -> Mask | None:
    found: Mask | None = None
    for array in arrays:
        missing = nulls(array)
        if missing is not None:
            found = missing if found is None else found | missing
    return found


def _matrix(array: pa.Array, size: int, name: str, lengths: Counter[int]) -> MatrixScores:
    cells = lists(array)
    values = floats(cells.values, name)
    absent = np.zeros(len(array), dtype=np.bool_) if cells.null is None else cells.null
    present = cells.lengths[~absent]
    if len(present) and present.min() == present.max():
        lengths[int(present[0])] += len(present)
    else:
        lengths.update(present.tolist())
    wrong = ~absent & (cells.lengths != size)
    element = nulls(cells.values)
    regular = cells.null is None and not wrong.any()
    if regular and len(array):
        first = int(cells.starts[0])
        stop = first + size * len(array)
        inner: Mask | None = None
        if element is not None:
            inner = np.asarray(element[first:stop].reshape(-1, size).any(axis=1))
        return MatrixScores(values[first:stop].reshape(-1, size), inner, None)
    good = np.flatnonzero(~absent & ~wrong)
    at = cells.starts[good][:, None] + np.arange(size)
    matrix = np.full((len(array), size), np.nan, dtype=values.dtype)
    matrix[good] = values[at]
    null = absent.copy()
    if element is not None:
        null[good] |= element[at].any(axis=1)
    return MatrixScores(matrix, null, wrong)


def read_scores(
    batch: pa.RecordBatch, plan: Plan, lengths: Counter[int], predicted: Indices | None = None
) -> ScoreLayout:
    """Return the scores of a batch.

    Args:
        batch: holds at least the score columns of the plan.
        plan: says which they are and how they are laid out.
        lengths: counts the list lengths seen, by length.
        predicted: shape (n,), the class of each row's predicted label; None without such a column.

    Raises:
        ColumnError: a score column holds no numbers.
    """
    arrays = [batch.column(batch.schema.get_field_index(name)) for name in plan.scores]
    if plan.form in {ScoreForm.LIST, ScoreForm.SINGLE_LIST}:
        if not is_list(arrays[0].type):
            raise ColumnError(f"holds {arrays[0].type}, not lists", place=Place(column=plan.scores[0]))
        size = 1 if plan.form is ScoreForm.SINGLE_LIST else len(plan.classes)
        held = _matrix(arrays[0], size, plan.scores[0], lengths)
        if plan.form is ScoreForm.LIST:
            return held
        return SingleScores(held.matrix[:, 0], plan.own, plan.scale, held.null, held.wrong_length)
    columns = [floats(array, name) for array, name in zip(arrays, plan.scores, strict=True)]
    if plan.form is ScoreForm.SINGLE and plan.kind is Kind.BINARY:
        return SingleScores(columns[0], plan.own, plan.scale, _any_null(arrays))
    if plan.form is ScoreForm.CONFIDENCE and predicted is not None:
        score = of_positive(columns[0], predicted == plan.positive)
        return SingleScores(score, plan.positive or 0, plan.scale, _any_null(arrays))
    return ColumnScores(columns, _any_null(arrays))


def of_positive(confidence: AnyFloats, predicts_positive: Mask) -> AnyFloats:
    """Return the positive class's probability, shape (n,), from that of the predicted one of two classes.

    In float64, so that it gives the bits of a file that holds p or 1 - p. 1 - p is exact for p of one half or more
    (Sterbenz 1974), so that 1 - (1 - p) is the confidence again.
    """
    wide = confidence.astype(np.float64)
    return np.where(predicts_positive, wide, 1.0 - wide)


BLOCK_BYTES = 1 << 22
"""Scores of one block: a compromise between the cache of a core and the calls that a block takes, during which no
other thread runs."""

LABEL_BLOCK_BYTES = 1 << 20
"""The same for multi-label tasks, whose arithmetic is on every element in float64."""

LARGEST_WEIGHT = 1e30
"""Beyond this the square of a weighted loss, of logits up to 1e100, would leave the range of exact sums."""


class Block(Record):
    """Some rows of one part.

    Attributes:
        scores: shape (classes, n) if `class_major`, else (n, classes).
        class_major: how the scores are laid out.
        index: shape (n,), class index; None for multi-label tasks.
        hot: shape (labels, n), whether a row has the label; None otherwise.
        missing: shape (n,), rows without a label; None if there are none.
        defects: rows that the cells alone make unusable, by defect, each of shape (n,); only those that occur.
        weights: shape (n,); None without weights.
        threshold: the decision threshold as a number of the file's dtype, so that a float32 score of 0.7
            stands on, not below, a threshold of 0.7.
        at: part ordinal, and the first row's number in its part, from 0.
        groups: shape (n,) each, the group of each row by slicing.
        rows: shape (n,), where each row stands counted from the first; None if nothing was left out.
        targets: shape (classes, n), target probabilities; None for hard labels.
        predicted: shape (n,), the class of a predicted label, -1 where there is none, -2 where it is no class; None
            without such a column.
        narrow: whether the file's scores are float32, whatever the dtype they are held in.
    """

    scores: AnyFloats
    class_major: bool
    index: Indices | None
    hot: Mask | None
    missing: Mask | None
    defects: dict[Defect, Mask]
    weights: Floats | None
    threshold: float
    at: tuple[int, int]
    groups: tuple[Indices, ...] = ()
    rows: Indices | None = None
    targets: Floats | None = None
    predicted: Indices | None = None
    narrow: bool = False

    @property
    def size(self) -> int:
        """Number of rows."""
        return int(self.scores.shape[1] if self.class_major else self.scores.shape[0])

    @property
    def span(self) -> tuple[int, int]:
        """The first row in the part, and one beyond the last."""
        first, last = (0, self.size - 1) if self.rows is None else (int(self.rows[0]), int(self.rows[-1]))
        return self.at[1] + first, self.at[1] + last + 1

    def places(self, rows: Indices) -> Indices:
        """Return where some rows stand in their part, counted from `at`."""
        return rows if self.rows is None else self.rows[rows]

    def of(self, rows: Indices) -> "Block":
        """Return the block of some of its rows, which have labels and no defect."""
        return Block(
            scores=self.scores.take(rows, axis=1 if self.class_major else 0),
            class_major=self.class_major,
            index=None if self.index is None else self.index[rows],
            hot=None if self.hot is None else self.hot[:, rows],
            missing=None,
            defects={},
            weights=None if self.weights is None else self.weights[rows],
            threshold=self.threshold,
            at=self.at,
            groups=tuple(one[rows] for one in self.groups),
            rows=rows if self.rows is None else self.rows[rows],
            targets=None if self.targets is None else self.targets[:, rows],
            predicted=None if self.predicted is None else self.predicted[rows],
            narrow=self.narrow,
        )


def row_weights(batch: pa.RecordBatch, column: str) -> tuple[Floats, Mask]:
    """Return the row weights, shape (n,), and which of them cannot be used."""
    array = batch.column(batch.schema.get_field_index(column))
    weights = floats(array, column).astype(np.float64)
    with np.errstate(invalid="ignore"):
        bad = ~((weights >= 0.0) & (weights <= LARGEST_WEIGHT))
    missing = nulls(array)
    return weights, bad if missing is None else bad | missing


def _cell_defects(scores: ScoreLayout) -> dict[Defect, Mask]:
    found = {Defect.NOT_A_NUMBER: scores.null, Defect.WRONG_LENGTH: scores.wrong_length}
    return {defect: mask for defect, mask in found.items() if mask is not None and mask.any()}


def _prediction_defects(predicted: Indices) -> dict[Defect, Mask]:
    """Return the rows whose score is that of no known class."""
    if len(predicted) == 0 or predicted.min() >= 0:
        return {}
    found = {Defect.NO_PREDICTION: predicted == MISSING, Defect.UNSEEN_PREDICTION: predicted == UNSEEN}
    return {defect: mask for defect, mask in found.items() if mask.any()}


def blocks(
    batch: pa.RecordBatch,
    plan: Plan,
    lengths: Counter[int],
    at: tuple[int, int],
    groups: tuple[Indices, ...] = (),
    places: Indices | None = None,
) -> Iterator[Block]:
    """Yield the blocks of a batch.

    Args:
        batch: holds the columns of the plan.
        plan: what to read, and how.
        lengths: counts the list lengths seen.
        at: part ordinal, and the batch's first row in its part.
        groups: shape (batch rows,) each, the group of each row by slicing.
        places: shape (batch rows,), where each row stands counted from the first; None if nothing was left out.
    """
    coded = plan.coder.code(batch)
    predicted = None if plan.predicted is None else plan.predicted.code(batch).codes()
    scores = read_scores(batch, plan, lengths, predicted)
    defects = _cell_defects(scores)
    if plan.form is ScoreForm.CONFIDENCE and predicted is not None:
        defects |= _prediction_defects(predicted)
    weights = None
    if plan.weight is not None:
        weights, unusable = row_weights(batch, plan.weight)
        if unusable.any():
            defects[Defect.BAD_WEIGHT] = unusable
    if coded.unseen.any():
        defects[Defect.UNSEEN_LABEL] = coded.unseen
    if coded.bad is not None and coded.bad.any():
        defects[Defect.BAD_TARGET] = coded.bad
    missing = coded.missing if coded.missing.any() else None
    classes = len(plan.classes)
    budget = LABEL_BLOCK_BYTES if plan.kind is Kind.MULTILABEL else BLOCK_BYTES
    step = max(1, budget // (classes * scores.dtype.itemsize))
    threshold = float(scores.dtype.type(plan.objective.threshold))
    for start in range(0, batch.num_rows, step):
        rows = slice(start, min(start + step, batch.num_rows))
        yield Block(
            scores=scores.block(rows.start, rows.stop),
            class_major=classes <= CLASS_MAJOR_LIMIT,
            index=None if coded.index is None else coded.index[rows],
            hot=None if coded.hot is None else coded.hot[:, rows],
            missing=None if missing is None else missing[rows],
            defects={defect: mask[rows] for defect, mask in defects.items()},
            weights=None if weights is None else weights[rows],
            threshold=threshold,
            at=(at[0], at[1] + (rows.start if places is None else 0)),
            groups=tuple(one[rows] for one in groups),
            rows=None if places is None else places[rows],
            targets=coded.shares(rows),
            predicted=None if predicted is None else predicted[rows],
            narrow=scores.dtype == np.float32,
        )
