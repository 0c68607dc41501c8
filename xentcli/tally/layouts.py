"""Layouts: the scores of a batch, however the file lays them out, as blocks of one form.

Floor 4. Arrow columns in, numpy blocks out: class-major, shape (classes, rows), up to
`CLASS_MAJOR_LIMIT` classes, row-major, shape (rows, classes), beyond. float32 stays float32.
"""

from collections import Counter
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.arrays import AnyFloats, Indices, Mask
from xentcli.errors import ColumnError, Place
from xentcli.files.arrays import floats, is_list, lists, nulls
from xentcli.record import MutableRecord
from xentcli.tally.kernels import CLASS_MAJOR_LIMIT
from xentcli.tally.losses import EPS
from xentcli.tally.plan import Plan
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
