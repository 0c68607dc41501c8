"""Seeded bootstrap over counts: intervals for differences of macro metrics, many resampled matrices at once.

Floor 5. Rows with the same true class and the same decisions of both models are interchangeable, so whole rows are
resampled by drawing the counts of such cells from a multinomial law: the cost grows with the cells that occur, not
with the rows. The seed is fixed and the cells are sorted first, so that the same rows give the same numbers in any
order; another version of NumPy may draw others.

The metrics of a confusion matrix, for many resampled matrices at once. Each takes the three margins of
`scoring.rates` (rows per true class, per predicted class, on the diagonal), as float64 arrays of shape (resamples,
classes), and returns shape (resamples,): the values of the functions there, with NaN in place of None. Nothing but
`bootstrap` sees the NaN.
"""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from xentcli.arrays import Floats, Integers
from xentcli.record import Record
from xentcli.scoring.model import Interval


class ResampledMargins(Record):
    """ResampledMargins of resampled confusion matrices, each of shape (resamples, classes)."""

    support: Floats
    predicted: Floats
    right: Floats


def balanced_accuracy(margins: ResampledMargins) -> Floats:
    """Return the mean recall over the classes that are present."""
    return _ratio(_ratio_or_0(margins.right, margins.support).sum(axis=1), np.count_nonzero(margins.support, axis=1))


def f1_macro(margins: ResampledMargins) -> Floats:
    """Return the mean F1 over the classes that are present or predicted."""
    return _ratio(_f1s(margins).sum(axis=1), np.count_nonzero(margins.support + margins.predicted, axis=1))


def f1_weighted(margins: ResampledMargins) -> Floats:
    """Return the mean F1 weighted by support."""
    return _ratio((_f1s(margins) * margins.support).sum(axis=1), margins.support.sum(axis=1))


def mcc(margins: ResampledMargins) -> Floats:
    """Return the Matthews correlation coefficient: see `rates.matthews`."""
    labels, guesses = _shares(margins.support), _shares(margins.predicted)
    of_labels, of_guesses = _impurity(labels), _impurity(guesses)
    covariance = _agreement(margins) - (labels * guesses).sum(axis=1)
    return _ratio(covariance, np.sqrt(of_labels * of_guesses))


def cohen_kappa(margins: ResampledMargins) -> Floats:
    """Return Cohen's kappa: see `rates.cohen_kappa`."""
    labels, guesses = _shares(margins.support), _shares(margins.predicted)
    chance = (labels * guesses).sum(axis=1)
    always = (np.minimum(labels, guesses) == 1.0).any(axis=1)
    return _ratio(_agreement(margins) - chance, np.where(always, 0.0, 1.0 - chance))


METRICS: dict[str, Callable[[ResampledMargins], Floats]] = {
    "balanced_accuracy": balanced_accuracy,
    "f1_macro": f1_macro,
    "f1_weighted": f1_weighted,
    "mcc": mcc,
    "cohen_kappa": cohen_kappa,
}
"""By name as in the score document."""


def _f1s(margins: ResampledMargins) -> Floats:
    return _ratio_or_0(2.0 * margins.right, margins.support + margins.predicted)


def _shares(counts: Floats) -> Floats:
    shares: Floats = counts / counts.sum(axis=1, keepdims=True)
    return shares


def _agreement(margins: ResampledMargins) -> Floats:
    shares: Floats = margins.right.sum(axis=1) / margins.support.sum(axis=1)
    return shares


def _impurity(shares: Floats) -> Floats:
    """Return 1 - sum of squares, as a sum without differences: exactly 0 just where one class has all."""
    impurity: Floats = (shares * (1.0 - shares)).sum(axis=1)
    return impurity


def _ratio(part: Floats, whole: npt.ArrayLike) -> Floats:
    """Return part / whole, NaN where there is no whole."""
    return _divided(part, whole, np.nan)


def _ratio_or_0(part: Floats, whole: npt.ArrayLike) -> Floats:
    return _divided(part, whole, 0.0)


def _divided(part: Floats, whole: npt.ArrayLike, otherwise: float) -> Floats:
    found = np.full(part.shape, otherwise)
    divisor = np.asarray(whole)
    np.divide(part, divisor, out=found, where=divisor != 0)
    return found


RESAMPLES = 2000
METHOD = "percentile bootstrap over counts"

_SEED = 1979
_HELD = 1 << 20
"""How many resampled counts are held at a time, 8 MiB; with all that is made of them some ten times as much."""

_DEFINED = 0.95
"""The least share of resamples in which the difference must be defined."""


class Resampled(Record):
    """What the resamples say about the difference of a metric.

    Attributes:
        interval: of B - A; None where too many resamples leave the metric undefined.
        p_value: two-sided, of no difference; None likewise. It is a multiple of 2 / (resamples + 1).
    """

    interval: Interval | None
    p_value: float | None


NOTHING = Resampled(None, None)
"""What no resamples say."""


def generator() -> np.random.Generator:
    """Return the generator of resamples, which always starts alike."""
    return np.random.Generator(np.random.PCG64(_SEED))


def paired(
    cells: Integers, counts: Integers, confidence_level: float, resamples: int = RESAMPLES
) -> dict[str, Resampled]:
    """Return the differences B - A of the macro metrics of two models on the same rows.

    The percentile interval of B. Efron, Annals of Statistics 7 (1979) 1-26, with the quantiles i / (R + 1) and the
    p-value of A. C. Davison and D. V. Hinkley, Bootstrap Methods and their Application (1997), chapters 4 and 5. In
    simulations at 2,000 rows the bias-corrected accelerated interval held the truth no more often than this one.
    Swapping the models turns the signs and nothing else (where it changes the table at all).

    Args:
        cells: class indices (true, predicted by A, predicted by B), shape (m, 3); a cell may occur repeatedly.
        counts: rows in each cell, shape (m,).
        confidence_level: of the intervals.
        resamples: R.

    Returns:
        One per metric of `macro.METRICS`; empty without rows.
    """
    straight, turned = _sorted(cells, counts), _sorted(cells[:, [0, 2, 1]], counts)
    swap = _before(turned, straight)
    table = turned if swap else straight
    if not table[:, -1].any():
        return {}
    rng = generator()
    differences = _differences(
        (_margins(drawn, table[:, 0], table[:, 1]), _margins(drawn, table[:, 0], table[:, 2]))
        for drawn in _draws(rng, table[:, -1], resamples)
    )
    return {name: resampled(-one if swap else one, confidence_level) for name, one in differences.items()}


def alone(
    cells: Integers, counts: Integers, confidence_level: float, resamples: int = RESAMPLES
) -> dict[str, Interval]:
    """Return the intervals of the macro metrics of one model; those that too many resamples leave undefined are out.

    Args:
        cells: class indices (true, predicted), shape (m, 2).
        counts: rows in each cell, shape (m,), at least one row in all.
        confidence_level: of the intervals.
        resamples: as in `paired`.
    """
    table = _sorted(cells, counts)
    rng = generator()
    parts = [_margins(drawn, table[:, 0], table[:, 1]) for drawn in _draws(rng, table[:, -1], resamples)]
    values = {name: np.concatenate([metric(part) for part in parts]) for name, metric in METRICS.items()}
    found = {name: resampled(one, confidence_level).interval for name, one in values.items()}
    return {name: interval for name, interval in found.items() if interval is not None}


def unpaired(
    cells_a: tuple[Integers, Integers],
    cells_b: tuple[Integers, Integers],
    confidence_level: float,
    resamples: int = RESAMPLES,
) -> dict[str, Resampled]:
    """Return the differences B - A where only the two confusion matrices are known; each is resampled by itself.

    Args:
        cells_a: class indices (true, predicted), shape (m, 2), and rows in each cell, shape (m,), of A.
        cells_b: likewise of B; the same index is the same class.
        confidence_level: of the intervals.
        resamples: as in `paired`.

    Returns:
        As `paired`; empty if either has no rows.
    """
    a, b = _sorted(*cells_a), _sorted(*cells_b)
    if not (a[:, -1].any() and b[:, -1].any()):
        return {}
    swap = _before(b, a)
    first, second = (b, a) if swap else (a, b)
    streams = (np.random.Generator(np.random.PCG64(seed)) for seed in np.random.SeedSequence(_SEED).spawn(2))
    drawn = (
        _draws(rng, table[:, -1], resamples, max(len(a), len(b)))
        for rng, table in zip(streams, (first, second), strict=True)
    )
    differences = _differences(
        (_margins(one, first[:, 0], first[:, 1]), _margins(other, second[:, 0], second[:, 1]))
        for one, other in zip(*drawn, strict=True)
    )
    return {name: resampled(-one if swap else one, confidence_level) for name, one in differences.items()}


def _sorted(cells: Integers, counts: Integers) -> Integers:
    """Return the distinct cells in order with their counts as the last column."""
    found, at = np.unique(cells, axis=0, return_inverse=True)
    rows = np.zeros(len(found), dtype=np.int64)
    np.add.at(rows, at.reshape(-1), counts)
    return np.column_stack([found, rows])


def _before(one: Integers, other: Integers) -> bool:
    """Return whether a table comes before another one in some fixed order."""
    if len(one) != len(other):
        return len(one) < len(other)
    differs = np.flatnonzero(one != other)
    return bool(len(differs)) and bool(one.flat[differs[0]] < other.flat[differs[0]])


def _draws(rng: np.random.Generator, counts: Integers, resamples: int, cells: int | None = None) -> Iterator[Integers]:
    """Yield resampled counts, shape (some, m), as many at a time as memory is meant to hold."""
    rows = int(counts.sum())
    shares = counts / rows
    step = max(1, _HELD // (cells or len(counts)))
    for start in range(0, resamples, step):
        yield rng.multinomial(rows, shares, size=min(step, resamples - start))


def _margins(drawn: Integers, true: Integers, predicted: Integers) -> ResampledMargins:
    """Return the margins over the classes that occur, each of shape (some, classes)."""
    classes = np.unique(np.concatenate([true, predicted]))
    right = np.where(true == predicted, true, -1)
    return ResampledMargins(*(_grouped(drawn, keys, classes) for keys in (true, predicted, right)))


def _grouped(drawn: Integers, keys: Integers, classes: Integers) -> Floats:
    """Return the sums of columns with the same class, 0 for a class without columns; other keys are left out."""
    found = np.zeros((len(drawn), len(classes)))
    order = np.argsort(keys, kind="stable")
    order = order[np.isin(keys[order], classes)]
    if len(order):
        present, starts = np.unique(keys[order], return_index=True)
        found[:, np.searchsorted(classes, present)] = np.add.reduceat(drawn[:, order], starts, axis=1)
    return found


def _differences(pairs: Iterator[tuple[ResampledMargins, ResampledMargins]]) -> dict[str, Floats]:
    """Return the second's metrics less the first's, each of shape (resamples,)."""
    found: dict[str, list[Floats]] = {name: [] for name in METRICS}
    for first, second in pairs:
        for name, metric in METRICS.items():
            found[name].append(metric(second) - metric(first))
    return {name: np.concatenate(parts) for name, parts in found.items()}


def resampled(differences: Floats, confidence_level: float) -> Resampled:
    """Return the percentile interval and the p-value of resampled differences, shape (resamples,)."""
    defined = differences[~np.isnan(differences)]
    if len(defined) < _DEFINED * len(differences):
        return Resampled(None, None)
    tail = (1.0 - confidence_level) / 2
    low, high = np.quantile(defined, [tail, 1.0 - tail], method="weibull")
    fewest = min(np.count_nonzero(defined <= 0.0), np.count_nonzero(defined >= 0.0))
    return Resampled((float(low), float(high)), min(1.0, 2.0 * (1 + int(fewest)) / (1 + len(defined))))
