"""Differences of macro metrics and of rates by class between two models, as views of paired counts.

Floor 5. Differences of macro metrics between two models, as views of paired counts. The values are those of the
counts themselves, the intervals come from resampling them.

Differences of precision and F1 by class between two models, as views of paired counts. Recall is the accuracy of
the rows of a class, and is compared as such. Precision is of other rows under each model, those that it gives the
class to: of a class, a row is one of eight kinds (has it, is given it by A, by B), and whole rows are resampled by
drawing the counts of these kinds, as for the macro metrics.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from xentcli.arrays import Floats, Integers
from xentcli.scoring.comparing import bootstrap
from xentcli.scoring.comparing.bootstrap import METRICS, ResampledMargins
from xentcli.scoring.comparing.model import Difference
from xentcli.scoring.model import Interval
from xentcli.tally.pairing.tally import PairedTally

MOST_CLASSES = 1_000
"""Resampling each of more classes takes longer than anybody wants to wait."""

_HAS = np.array([at >> 2 & 1 for at in range(8)])
_GIVEN_A = np.array([at >> 1 & 1 for at in range(8)])
_GIVEN_B = np.array([at & 1 for at in range(8)])
"""Of the eight kinds of rows: which have the class, which A gives it to, and which B."""

_SWAPPED = np.array([0, 2, 1, 3, 4, 6, 5, 7])
"""The kinds with the models in each other's place."""

_ALIKE = "both models give the class to the same rows, though not with the same scores: resampling them shows no spread"
_RARE = "too many resamples leave it undefined"

Rate = Callable[[Integers, Integers, Integers], tuple[Integers, Integers]]

RATES: Mapping[str, Rate] = {
    "precision": lambda _, given, right: (right, given),
    "f1": lambda support, given, right: (2 * right, support + given),
}
"""Part and whole of each rate, from rows that have the class, that are given it, and that are both."""


def class_differences(tally: PairedTally, confidence_level: float) -> dict[int, dict[str, Difference]]:
    """Return how precision and F1 differ, by the index of the class.

    There are none where rows have weights or several labels, or are of too many kinds or classes.

    Args:
        tally: of at least one compared row.
        confidence_level: of the intervals.
    """
    size = len(tally.plan.classes)
    if tally.plan.weighted or not size or size > MOST_CLASSES or tally.cells is None:
        return {}
    kinds = _kinds(tally, size)
    identical = tally.alike == tally.rows
    return {at: _of_class(kinds[at], confidence_level, identical=identical) for at in range(size)}


def _kinds(tally: PairedTally, size: int) -> Integers:
    """Return the rows of each of the eight kinds by class, shape (classes, 8)."""
    assert tally.cells is not None  # noqa: S101  the caller has looked
    cells = np.array(list(tally.cells), dtype=np.int64).reshape(-1, 3)
    counts = np.array(list(tally.cells.values()), dtype=np.int64)
    found = np.zeros((size, 8), dtype=np.int64)
    for side in range(3):
        named = cells[:, side]
        kind = (cells == named[:, np.newaxis]) @ np.array([4, 2, 1])
        first = np.all(cells[:, :side] != named[:, np.newaxis], axis=1)  # else the class has been counted
        np.add.at(found, (named[first], kind[first]), counts[first])
    found[:, 0] = counts.sum() - found.sum(axis=1)
    return found


def _of_class(kinds: Integers, confidence_level: float, *, identical: bool) -> dict[str, Difference]:
    swap = tuple(kinds[_SWAPPED].tolist()) < tuple(kinds.tolist())
    table = kinds[_SWAPPED] if swap else kinds
    drawn = _drawn(table) if not identical and np.any(kinds[_GIVEN_A != _GIVEN_B]) else None
    return {name: _of_rate(rate, kinds, drawn, confidence_level, swap, identical) for name, rate in RATES.items()}


def _drawn(kinds: Integers) -> Integers:
    """Return resampled counts, shape (resamples, 8)."""
    rows = int(kinds.sum())
    drawn: Integers = bootstrap.generator().multinomial(rows, kinds / rows, size=bootstrap.RESAMPLES)
    return drawn


def _sides(rate: Rate, kinds: Integers) -> tuple[Floats, Floats]:
    """Return a rate of A and of B, NaN where undefined; `kinds` has shape (some, 8)."""
    support = kinds @ _HAS
    parts = (rate(support, kinds @ given, kinds @ (_HAS * given)) for given in (_GIVEN_A, _GIVEN_B))
    a, b = (np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole != 0) for part, whole in parts)
    return a, b


def _of_rate(
    rate: Rate, kinds: Integers, drawn: Integers | None, confidence_level: float, swap: bool, identical: bool
) -> Difference:
    sides = (float(one[0]) for one in _sides(rate, kinds[np.newaxis]))
    a, b = (None if np.isnan(one) else one for one in sides)
    value = None if a is None or b is None else b - a
    if drawn is None or value is None:
        found = bootstrap.Resampled((0.0, 0.0), 1.0) if identical and value is not None else bootstrap.NOTHING
    else:
        first, second = _sides(rate, drawn)
        found = bootstrap.resampled(first - second if swap else second - first, confidence_level)
    because = None if found.interval is not None else _ALIKE if drawn is None and value is not None else _RARE
    return Difference(a, b, value, found.interval, found.p_value, bootstrap.METHOD, because)


Cell = tuple[int, int, int]
"""True class, predicted class, rows."""

MOST_CELLS = 10_000
"""Resampling more kinds of rows than this takes longer than anybody wants to wait."""

NAMES = tuple(METRICS)
_MANY = f"rows are of more than {MOST_CELLS:,} kinds, by class and both decisions, too many to resample"
_SAME = "both models decide alike in every row, though not with the same scores: resampling them shows no spread"
_RARE = "too many resamples leave it undefined"


def macro_differences(tally: PairedTally, confidence_level: float) -> dict[str, Difference]:
    """Return how the macro metrics differ; none where rows have weights, or several labels.

    Args:
        tally: of at least one compared row.
        confidence_level: of the intervals.
    """
    if tally.plan.weighted or not tally.plan.classes:
        return {}
    if tally.cells is None:
        return {name: Difference(None, None, None, None, None, bootstrap.METHOD, _MANY) for name in NAMES}
    cells = np.array(list(tally.cells), dtype=np.int64).reshape(-1, 3)
    counts = np.array(list(tally.cells.values()), dtype=np.int64)
    size = len(tally.plan.classes)
    a, b = (_margins(cells[:, 0], cells[:, at], counts, size) for at in (1, 2))
    if tally.alike == tally.rows:
        return {name: _difference(name, a, b, bootstrap.Resampled((0.0, 0.0), 1.0), "") for name in NAMES}
    if len(counts) > MOST_CELLS:
        return {name: _difference(name, a, b, bootstrap.Resampled(None, None), _MANY) for name in NAMES}
    if not np.any(cells[:, 1] != cells[:, 2]):
        return {name: _difference(name, a, b, bootstrap.Resampled(None, None), _SAME) for name in NAMES}
    resampled = bootstrap.paired(cells, counts, confidence_level)
    return {name: _difference(name, a, b, resampled[name], _RARE) for name in NAMES}


def unpaired_differences(
    a: Sequence[Cell], b: Sequence[Cell], size: int, confidence_level: float
) -> dict[str, Difference]:
    """Return how the macro metrics of two confusion matrices differ, whose rows cannot be paired.

    Args:
        a: (true class, predicted class, rows) of A; the same index is the same class in both.
        b: likewise of B.
        size: number of classes.
        confidence_level: of the intervals.
    """
    tables = [np.array(one, dtype=np.int64).reshape(-1, 3) for one in (a, b)]
    one, other = (_margins(each[:, 0], each[:, 1], each[:, 2], size) for each in tables)
    if max(len(each) for each in tables) > MOST_CELLS:
        return {name: _difference(name, one, other, bootstrap.Resampled(None, None), _MANY) for name in NAMES}
    first, second = ((each[:, :2], each[:, 2]) for each in tables)
    resampled = bootstrap.unpaired(first, second, confidence_level)
    return {name: _difference(name, one, other, resampled[name], _RARE) for name in NAMES}


def macro_intervals(cells: Sequence[Cell], confidence_level: float) -> dict[str, Interval | str]:
    """Return the intervals of the macro metrics of one model, or why there are none.

    Args:
        cells: (true class, predicted class, rows), of at least one row.
        confidence_level: of the intervals.
    """
    if len(cells) > MOST_CELLS:
        return dict.fromkeys(NAMES, f"rows are of more than {MOST_CELLS:,} kinds, by class and decision")
    held = np.array(cells, dtype=np.int64).reshape(-1, 3)
    if len(held) == 1 or not np.any(held[:, 0] != held[:, 1]):
        return dict.fromkeys(NAMES, "every row is right, or all are of one kind: resampling them shows no spread")
    found = bootstrap.alone(held[:, :2], held[:, 2], confidence_level)
    return {name: found.get(name, _RARE) for name in NAMES}


def _margins(true: Integers, predicted: Integers, counts: Integers, size: int) -> ResampledMargins:
    right = true == predicted
    held = ((true, counts), (predicted, counts), (true[right], counts[right]))
    return ResampledMargins(*(np.bincount(at, rows, size)[np.newaxis].astype(np.float64) for at, rows in held))


def _difference(
    name: str, a: ResampledMargins, b: ResampledMargins, found: bootstrap.Resampled, why_none: str
) -> Difference:
    before, after = (float(METRICS[name](one)[0]) for one in (a, b))
    one, other = (None if np.isnan(value) else value for value in (before, after))
    value = None if one is None or other is None else other - one
    because = why_none if found.interval is None else None
    return Difference(one, other, value, found.interval, found.p_value, bootstrap.METHOD, because)
