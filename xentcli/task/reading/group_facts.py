"""Group facts: what the rows of columns that may be scores hold together, in the first rows.

Floor 3. Facts do not depend on the order of the columns or of the rows.
"""

from collections.abc import Sequence

import numpy as np

from xentcli.arrays import Floats
from xentcli.phrases import natural
from xentcli.record import Record
from xentcli.task.reading.sample import IN_UNIT, ColumnSample, Sample

_MOSTLY = 0.9
_DIGITS = (1, 2, 3, 4)
_LOOSE = 0.05
_TIGHT = 1e-3
_LEAST_ROWS = 8
_APART = 0.3
"""By how much the largest scores of rows differ at least, unless all rows get nearly the same."""


class GroupFacts(Record):
    """What the rows of some columns hold together.

    Attributes:
        bits: whether every cell is 0 or 1.
        sums_to_one: whether most rows do, or the exponentials of numbers at most 0, and sum to 1 within the rounding
            of their digits.
        ranked: whether they are a ranking; see `is_ranking`.
    """

    bits: bool
    sums_to_one: bool
    ranked: bool = False


def facts_of(sample: Sample, columns: Sequence[str]) -> GroupFacts:
    """Return the facts of columns of numbers; among logarithms minus infinity is that of 0."""
    sample.load(columns)
    matrix = matrix_of([sample[name] for name in columns])
    finite = matrix[np.isfinite(matrix).all(axis=1)]
    if _in_unit(finite):
        by_name = sorted(range(len(columns)), key=lambda at: natural(columns[at]))
        bits = bool(((finite == 0) | (finite == 1)).all())
        sums = _to_one(np.sort(finite, axis=1), _allowance(finite))
        return GroupFacts(bits, sums_to_one=sums, ranked=is_ranking(finite[:, by_name]))
    matrix = matrix[(matrix < np.inf).all(axis=1)]
    if not len(matrix):
        return GroupFacts(bits=False, sums_to_one=False)
    high = matrix.max(axis=1)
    logs = bool((high <= 1e-6).all() and (high > -np.inf).any())
    with np.errstate(under="ignore"):
        return GroupFacts(bits=False, sums_to_one=logs and _to_one(np.exp(matrix), 1e-2))


def sum_to_one_where_good(sample: Sample, columns: Sequence[str]) -> bool:
    """Whether rows of columns of numbers sum to 1, but for rows with a number outside [0, 1], if those are the fewer.

    Such a row is a bad one, and says nothing of which columns belong together.
    """
    sample.load(columns)
    matrix = matrix_of([sample[name] for name in columns])
    good = matrix[((matrix >= -1e-6) & (matrix <= 1 + 1e-6)).all(axis=1)]
    if 2 * len(good) <= len(matrix) or len(good) == len(matrix):
        return facts_of(sample, columns).sums_to_one
    return _to_one(np.sort(good, axis=1), _allowance(good))


def _in_unit(matrix: Floats) -> bool:
    """Whether nearly all rows lie in [0, 1]."""
    inside = (matrix.min(axis=1, initial=0.0) >= -1e-6) & (matrix.max(axis=1, initial=0.0) <= 1 + 1e-6)
    return len(matrix) > 0 and bool(np.count_nonzero(inside) >= IN_UNIT * len(matrix))


def is_ranking(matrix: Floats | None) -> bool:
    """Whether every row is sorted one way: the largest scores of each row, or sums over classes, no class a column.

    Scores of classes are sorted alike in every row only where a model says nearly the same of all rows; so the first
    and the last column must differ among the rows.

    Args:
        matrix: shape (rows, columns), scores; rows that hold no finite number somewhere say nothing.
    """
    if matrix is None or matrix.shape[1] <= 2:
        return False
    matrix = matrix[np.isfinite(matrix).all(axis=1)]
    if ((matrix == 0.0) | (matrix == 1.0)).all():  # decisions for one class are sorted by themselves
        return False
    before, after = matrix[:, :-1], matrix[:, 1:]
    if len(matrix) < _LEAST_ROWS or not (bool((after <= before).all()) or bool((after >= before).all())):
        return False
    return bool(max(np.ptp(matrix[:, 0]), np.ptp(matrix[:, -1])) >= _APART)


def matrix_of(samples: Sequence[ColumnSample]) -> Floats:
    """Return the numbers of some columns, shape (rows, columns), NaN where there is none."""
    rows = samples[0].rows
    none = np.full(rows, np.nan)
    return np.stack([none if one.numbers is None else one.numbers for one in samples], axis=1)


def _to_one(matrix: Floats, allowed: float) -> bool:
    off = np.abs(matrix.sum(axis=1) - 1.0)
    return bool(np.count_nonzero(off <= allowed) >= _MOSTLY * len(matrix))


def _allowance(matrix: Floats) -> float:
    """Return by how much the sum of a row may miss 1, given how many digits its cells were rounded to."""
    for digits in _DIGITS:
        scaled = matrix * 10.0**digits
        if bool((np.abs(scaled - np.rint(scaled)) <= 1e-6 * 10.0**digits).all()):
            return float(max(_TIGHT, min(_LOOSE, 0.5 * matrix.shape[1] * 10.0**-digits + 1e-9)))
    return 2 * _TIGHT


def is_copy(sample: Sample, columns: Sequence[str], label: str) -> bool:
    """Whether columns of 0 and 1 say in every row what a label column says: each is 1 for one label and no other.

    Args:
        sample: where they are.
        columns: of 0 and 1.
        label: the column of labels.
    """
    labels = sample[label]
    if labels.codes is None:
        return False
    held = labels.codes >= 0
    bits = matrix_of([sample[name] for name in columns])[held]
    if not len(bits) or not bool((bits.sum(axis=1) == 1).all()):
        return False
    pairs = np.unique(np.stack([bits.argmax(axis=1), labels.codes[held]]), axis=1)
    return bool(len(np.unique(pairs[0])) == len(np.unique(pairs[1])) == pairs.shape[1])


def twins(one: ColumnSample, other: ColumnSample) -> bool:
    """Whether two columns say the same in other words: each value of one stands beside one value of the other."""
    if one.codes is None or other.codes is None or not one.few or not other.few:
        return False
    held = (one.codes >= 0) & (other.codes >= 0)
    size = len(other.texts)
    pairs = np.flatnonzero(np.bincount(one.codes[held] * size + other.codes[held]))
    mine, theirs = np.divmod(pairs, size)
    return bool(len(np.unique(mine)) == len(np.unique(theirs)) == len(pairs) > 1)


def same_cells(one: ColumnSample, text: str, other: ColumnSample, its: str) -> bool:
    """Whether one column holds a text in just the rows in which the other holds its own, where both hold something."""
    if one.codes is None or other.codes is None or text not in one.texts or its not in other.texts:
        return False
    held = (one.codes >= 0) & (other.codes >= 0)
    mine, theirs = one.codes == one.texts.index(text), other.codes == other.texts.index(its)
    return bool((mine == theirs)[held].all())


def same_numbers(one: ColumnSample, other: ColumnSample) -> bool:
    """Whether two columns hold the same numbers in all first rows."""
    if one.numbers is None or other.numbers is None:
        return False
    return bool(np.allclose(one.numbers, other.numbers, rtol=0, atol=1e-9, equal_nan=True))


def same_probabilities(some: Sequence[ColumnSample], others: Sequence[ColumnSample]) -> bool:
    """Whether two groups of columns hold the same numbers, or one the softmax of the other, in all first rows."""
    one, other = matrix_of(some), matrix_of(others)
    if np.allclose(one, other, rtol=0.0, atol=1e-9, equal_nan=True):
        return True
    return _close(_softmax(one), other) or _close(one, _softmax(other))


def _close(one: Floats, other: Floats) -> bool:
    return bool(np.allclose(one, other, rtol=0.0, atol=1e-4, equal_nan=True))


def _softmax(matrix: Floats) -> Floats:
    with np.errstate(invalid="ignore", over="ignore"):
        powers = np.exp(matrix - matrix.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))
