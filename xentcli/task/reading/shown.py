"""Shown classes: what a column of predicted labels shows of the scores beside it. It needs no truth.

Floor 3. A predicted label that is, in nearly every row, the class with the largest score shows the order of the
classes; one that says a class wherever one score is high shows what that score is of.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from xentcli.arrays import Indices
from xentcli.record import replace
from xentcli.task.reading.candidates import Columns
from xentcli.task.reading.fits import FitKind
from xentcli.task.reading.group_facts import matrix_of
from xentcli.task.reading.lists import list_facts
from xentcli.task.reading.model import Candidate
from xentcli.task.reading.sample import ColumnSample
from xentcli.task.roles import ScoreForm
from xentcli.task.values import integer_of

AGREE = 0.98
"""The share of rows in which the largest score must be that of the predicted label."""

LEAST_ROWS = 8

_NEARLY = 0.9
"""The share of rows in which a score must say what the predicted label beside it does, to be its score."""

Order = tuple[str, ...]


def shown_order(columns: Columns, best: Candidate, counts: Mapping[str, int]) -> Order | None:
    """Return the label of each score column in the columns' order, None where the predicted labels do not show it."""
    assert best.predicted is not None  # noqa: S101  the caller looked
    decided = columns.sample[best.predicted]
    matrix = _matrix(columns, best, decided)
    if matrix is None or decided.codes is None:
        return None
    known = {_key(text): text for text in counts}
    texts = [known.get(_key(text), text) for text in decided.texts]
    found = majority(matrix, decided.codes, len(texts))
    return None if found is None else tuple(texts[code] for code in found)


def _key(text: str) -> str:
    whole = integer_of(text)
    return text if whole is None else str(whole)


def _matrix(columns: Columns, best: Candidate, decided: ColumnSample) -> npt.NDArray[np.float64] | None:
    if best.scores.form is ScoreForm.LIST:
        found = list_facts(columns.table, best.scores.columns[0], decided.rows).matrix
        return None if found is None or len(found) != decided.rows else found
    return matrix_of([columns.sample[name] for name in best.scores.columns])


def majority(matrix: npt.NDArray[np.float64], codes: Indices, size: int) -> tuple[int, ...] | None:
    """Return the code that stands beside each column's being the largest, None unless each has one of its own.

    Args:
        matrix: shape (rows, columns), scores.
        codes: shape (rows,), predicted labels, -1 for none.
        size: how many different ones there are.
    """
    width = matrix.shape[1]
    held = (codes >= 0) & ~np.isnan(matrix).any(axis=1)
    if np.count_nonzero(held) < LEAST_ROWS or size != width:
        return None
    top = matrix[held].argmax(axis=1)
    table = np.bincount(top * size + codes[held], minlength=width * size).reshape(width, size)
    best = table.argmax(axis=1)
    if len(set(best.tolist())) < width or table.max(axis=1).min() == 0:
        return None
    return tuple(best.tolist()) if table.max(axis=1).sum() >= AGREE * table.sum() else None


def reordered(columns: Columns, best: Candidate, order: Order | None) -> Candidate:
    """Return a reading whose classes stand in the order that the predicted labels show, itself where they show none."""
    if order is None:
        return best
    said = f"class order: {best.predicted} is the class with the largest score in nearly every row"
    if best.scores.form is ScoreForm.LIST:
        counts = columns.values(best.labels.columns[0])
        if all(integer_of(text) is not None for text in order) or not set(counts) <= set(order):
            return best
        return replace(best, scores=replace(best.scores, names=order), reasons=(*best.reasons, said))
    if best.fit is None:
        return best
    numbers = [integer_of(text) for text in order]
    if sorted(one for one in numbers if one is not None) != list(range(len(order))):
        return best
    places = sorted(range(len(order)), key=lambda at: numbers[at] or 0)
    names = best.scores.names or best.scores.columns
    scores = replace(
        best.scores, columns=tuple(best.scores.columns[at] for at in places), names=tuple(names[at] for at in places)
    )
    fit = replace(best.fit, kind=FitKind.MEANING, names=scores.names or ())
    return replace(best, scores=scores, fit=fit, reasons=(said,))


def is_cut(decided: ColumnSample, score: ColumnSample) -> bool:
    """Whether predicted labels of two values say, in nearly every row, whether a score is above some number."""
    if decided.codes is None or score.numbers is None or len(decided.texts) > 2:
        return False
    held = (decided.codes >= 0) & ~np.isnan(score.numbers)
    high = decided.codes[held][np.argsort(score.numbers[held], kind="stable")] == 1
    if len(high) < LEAST_ROWS:
        return True
    right = np.concatenate([[0], np.cumsum(~high)]) + np.concatenate([np.cumsum(high[::-1])[::-1], [0]])
    return bool(max(right.max(), len(high) - right.min()) >= _NEARLY * len(high))


def shown_class(decided: ColumnSample, score: ColumnSample) -> str | None:
    """Return the predicted label that stands beside every high score and no low one, None where none does."""
    if decided.codes is None or score.numbers is None or len(decided.texts) != 2:
        return None
    held = (decided.codes >= 0) & ~np.isnan(score.numbers)
    values, codes = score.numbers[held], decided.codes[held]
    first, second = values[codes == 0], values[codes == 1]
    if len(values) < LEAST_ROWS or not len(first) or not len(second):
        return None
    if first.max() <= second.min():
        return decided.texts[1]
    return decided.texts[0] if second.max() <= first.min() else None
