"""Differences of macro metrics between two models, as views of paired counts.

Floor 5. The values are those of the counts themselves, the intervals come from resampling them.
"""

from collections.abc import Sequence

import numpy as np

from xentcli.arrays import Integers
from xentcli.scoring.comparing import bootstrap
from xentcli.scoring.comparing.macro import METRICS, ResampledMargins
from xentcli.scoring.comparing.model import Difference
from xentcli.scoring.model import Interval
from xentcli.tally.pairing.tally import PairedTally

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
