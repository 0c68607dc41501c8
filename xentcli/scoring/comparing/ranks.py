"""Differences of the ranking metrics of two models, as views of joint counts of their scores.

Floor 5. The values are those of each model's own Ranking, where all its rows are compared: it tells more scores apart
than the joint counts do; the spread comes from the joint counts. What bins leave open of a value makes the interval of
the difference as much wider.
"""

from collections.abc import Callable, Collection, Iterator
from math import erfc, sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from xentcli.arrays import Floats, Indices, Integers
from xentcli.metrics import BOUNDS
from xentcli.scoring import ranking
from xentcli.scoring.comparing import bootstrap
from xentcli.scoring.comparing.model import Difference
from xentcli.scoring.intervals import quantile
from xentcli.scoring.model import Interval, Score
from xentcli.scoring.ranking import Thresholds, variance
from xentcli.tally.pairing.sums import JointRanks, JointScores, coarsened, fewest_bits

ROC_AUC, AVERAGE_PRECISION = "roc_auc", "average_precision"
NAMES = (ROC_AUC, AVERAGE_PRECISION)

DELONG = "DeLong's normal interval of the paired areas"
RESAMPLED = "percentile bootstrap over joint counts of the scores"
_WIDER = ", wider by what bins of scores leave open"
_ONE_CLASS = "it takes two rows of each class"
_SAME = "both models order every pair of rows alike, though not with the same scores: there is no spread"
_RARE = "too many resamples leave it undefined"

RESAMPLED_CELLS = 1 << 12
"""To resample more cells takes seconds, and their spread is no other."""

_HELD = 1 << 20
"""How many resampled counts are held at a time."""


class Side(NamedTuple):
    """One model's scores among the joint counts.

    Attributes:
        held: rows of both classes by its scores, from the highest down.
        negative: the place of each cell of the negative class in them.
        positive: likewise of the positive class.
    """

    held: Thresholds
    negative: Indices
    positive: Indices


class Known(NamedTuple):
    """A value of either model with what it is proven to lie between."""

    a: float
    b: float
    bounds_a: Interval
    bounds_b: Interval

    @property
    def open(self) -> Interval:
        """By how much the difference may be lower, and higher, than the difference of the values."""
        (least_a, most_a), (least_b, most_b) = self.bounds_a, self.bounds_b
        return (self.b - least_b + most_a - self.a, most_b - self.b + self.a - least_a)


def rank_differences(
    ranks: JointRanks,
    rows: int,
    scores: tuple[Score, Score],
    confidence_level: float,
    wanted: Collection[str] | None = None,
) -> dict[str, Difference]:
    """Return how the ranking metrics differ.

    Args:
        ranks: of the compared rows, without weights.
        rows: how many were compared.
        scores: of both whole files.
        confidence_level: of the intervals.
        wanted: the metrics whose differences must be there; None for all.
    """
    sides = tuple(_side(ranks.sides, at, exact=ranks.shift == 0) for at in (0, 1))
    whole = all(one.rows.scored == rows for one in scores)
    identical = ranks.same == rows or (ranks.shift == 0 and _monotone(ranks.sides))
    found: dict[str, Difference] = {}
    for name, method, spread in ((ROC_AUC, DELONG, _delong), (AVERAGE_PRECISION, RESAMPLED, _bootstrap)):
        if wanted is not None and name not in wanted:
            continue
        known = _known(name, sides, scores if whole else None)
        if known is None:
            found[name] = Difference(None, None, None, None, None, method, _ONE_CLASS)
        elif identical:
            found[name] = Difference(known.a, known.a, 0.0, (0.0, 0.0), 1.0, method)
        else:
            found[name] = spread(known, sides, ranks, confidence_level)
    return found


def _side(cells: tuple[JointScores, JointScores], at: int, *, exact: bool) -> Side:
    """Return one model's part of joint counts; `at` is 0 for A and 1 for B."""
    keys = [one[at] for one in cells]
    distinct = np.unique(np.concatenate(keys))
    places = [len(distinct) - 1 - np.searchsorted(distinct, one) for one in keys]
    negative, positive = (
        np.bincount(place, one.rows, len(distinct)).astype(np.float64) for place, one in zip(places, cells, strict=True)
    )
    held = Thresholds(positive, negative, positive.cumsum() - positive, negative.cumsum() - negative, exact)
    return Side(held, places[0], places[1])


def _monotone(cells: tuple[JointScores, JointScores]) -> bool:
    """Return whether B's score rises with A's in all rows, and only with it: then both order all rows alike."""
    a, b = (np.concatenate(columns) for columns in ((cells[0].a, cells[1].a), (cells[0].b, cells[1].b)))
    order = np.lexsort((b, a))
    rises, other = np.diff(a[order]), np.diff(b[order])
    return bool(np.all(np.sign(rises) == np.sign(other)))


_VALUES: dict[str, tuple[Callable[[Thresholds], float | None], Callable[[Thresholds], Interval | None]]] = {
    ROC_AUC: (ranking.roc_auc, ranking.roc_auc_bounds),
    AVERAGE_PRECISION: (ranking.average_precision, ranking.average_precision_bounds),
}


def _known(name: str, sides: tuple[Side, ...], scores: tuple[Score, Score] | None) -> Known | None:
    """Return the values of both models: of their whole files if all rows are compared, else of the joint counts."""
    if sides[0].held.positive.sum() < 2 or sides[0].held.negative.sum() < 2:
        return None
    pairs = list(_of_scores(name, scores) if scores is not None else _of_sides(name, sides))
    (a, bounds_a), (b, bounds_b) = pairs
    if a is None or b is None:
        return None
    return Known(a, b, bounds_a or (a, a), bounds_b or (b, b))


def _of_scores(name: str, scores: tuple[Score, Score]) -> Iterator[tuple[float | None, Interval | None]]:
    for one in scores:
        value, bounds = one.metrics.get(name), one.metrics.get(f"{name}{BOUNDS}")
        yield None if isinstance(value, tuple) else value, bounds if isinstance(bounds, tuple) else None


def _of_sides(name: str, sides: tuple[Side, ...]) -> Iterator[tuple[float | None, Interval | None]]:
    value, bounds = _VALUES[name]
    for one in sides:
        yield value(one.held), bounds(one.held)


def delong_error(sides: tuple[Side, ...], cells: tuple[JointScores, JointScores]) -> float:
    """Return the standard error of the difference of two areas under the ROC curve on the same rows.

    With V the share of negative rows below a positive one and W the share of positive rows above a negative one, ties
    counting one half, it is sqrt(var(V_B - V_A) / m + var(W_B - W_A) / n): E. R. DeLong, D. M. DeLong and D. L.
    Clarke-Pearson, Biometrics 44 (1988) 837-845; V and W by mid-ranks as in X. Sun and W. Xu, IEEE Signal Processing
    Letters 21 (2014) 1389-1393, taken from running counts.
    """
    m, n = sides[0].held.positive.sum(), sides[0].held.negative.sum()
    won = [1.0 - (one.held.false_positive + 0.5 * one.held.negative) / n for one in sides]
    found = [(one.held.true_positive + 0.5 * one.held.positive) / m for one in sides]
    of_positive = won[1][sides[1].positive] - won[0][sides[0].positive]
    of_negative = found[1][sides[1].negative] - found[0][sides[0].negative]
    negative, positive = cells
    return sqrt(variance(of_positive, positive.rows) / m + variance(of_negative, negative.rows) / n)


def _delong(known: Known, sides: tuple[Side, ...], ranks: JointRanks, confidence_level: float) -> Difference:
    value, error = known.b - known.a, delong_error(sides, ranks.sides)
    if error == 0.0:
        return Difference(known.a, known.b, value, None, None, DELONG, _SAME)
    half = quantile(confidence_level) * error
    below, above = known.open
    nearest = max(0.0, abs(value) - (below if value > 0.0 else above))
    return Difference(
        a=known.a,
        b=known.b,
        value=value,
        interval=_within(value - half - below, value + half + above),
        p_value=erfc(nearest / error / sqrt(2.0)),
        method=DELONG + (_WIDER if max(below, above) > 0.0 else ""),
    )


def _within(low: float, high: float) -> Interval:
    return (max(-1.0, low), min(1.0, high))


def _bootstrap(known: Known, sides: tuple[Side, ...], ranks: JointRanks, confidence_level: float) -> Difference:
    """Return the difference of two average precisions with a percentile interval.

    Whole rows are resampled by drawing the counts of joint cells; how far the difference of a resample is from that of
    the counts themselves is taken for how far the difference of the values is from the truth.
    """
    del sides
    value = known.b - known.a
    drawn, centre = _resampled_differences(ranks)
    found = bootstrap.resampled(drawn - centre + value, confidence_level)
    if found.interval is None:
        return Difference(known.a, known.b, value, None, None, RESAMPLED, _RARE)
    if found.interval[0] == found.interval[1]:
        return Difference(known.a, known.b, value, None, None, RESAMPLED, _SAME)
    below, above = known.open
    interval = _within(found.interval[0] - below, found.interval[1] + above)
    method = RESAMPLED + (_WIDER if max(below, above) > 0.0 else "")
    return Difference(known.a, known.b, value, interval, found.p_value, method)


def _resampled_differences(ranks: JointRanks) -> tuple[Floats, float]:
    """Return the differences B - A of resampled counts, shape (resamples,), and that of the counts themselves.

    Models in each other's place give the same numbers with their signs turned: the order of the cells that is drawn
    from does not know which model is A.
    """
    bits = fewest_bits(ranks.sides, ranks.shift, RESAMPLED_CELLS)
    first, second = (coarsened(one, ranks.shift, bits) for one in ranks.sides)
    straight = _table((first, second))
    turned = _table((_turned(first), _turned(second)))
    swap = turned.tobytes() < straight.tobytes()
    table = turned if swap else straight
    counts, positive = table[:, 3], table[:, 0].astype(np.bool_)
    sides = [_Resampler(table[:, at], positive, exact=ranks.shift + bits == 0) for at in (1, 2)]

    def differences(drawn: Integers) -> Floats:
        one, other = (side.precisions(drawn) for side in sides)
        return one - other if swap else other - one

    rng, total, shares = bootstrap.generator(), int(counts.sum()), counts / counts.sum()
    step = max(1, _HELD // len(counts))
    sizes = [min(step, bootstrap.RESAMPLES - start) for start in range(0, bootstrap.RESAMPLES, step)]
    drawn = np.concatenate([differences(rng.multinomial(total, shares, size=size)) for size in sizes])
    return drawn, float(differences(counts[np.newaxis])[0])


def _turned(cells: JointScores) -> JointScores:
    order = np.lexsort((cells.a, cells.b))
    return JointScores(cells.b[order], cells.a[order], cells.rows[order])


def _table(sides: tuple[JointScores, JointScores]) -> Integers:
    """Return the cells of both classes with the columns: positive, A's key, B's key, rows."""
    parts = [
        np.column_stack([np.full(len(one.rows), at, dtype=np.int64), one.a, one.b, one.rows])
        for at, one in enumerate(sides)
    ]
    return np.concatenate(parts)


class _Resampler:
    """The average precision of one model for many resampled counts at once."""

    def __init__(self, keys: Integers, positive: npt.NDArray[np.bool_], *, exact: bool) -> None:
        """Sort the cells of either class by the bins of the model, from the highest down."""
        distinct, at = np.unique(-keys, return_inverse=True)
        self.size = len(distinct)
        self.part = 1.0 if exact else 0.5
        self.orders = tuple(members[np.argsort(at[members], kind="stable")] for members in self._members(positive))
        self.bins = tuple(np.unique(at[order], return_index=True) for order in self.orders)

    @staticmethod
    def _members(positive: npt.NDArray[np.bool_]) -> tuple[Indices, Indices]:
        return np.flatnonzero(~positive), np.flatnonzero(positive)

    def _binned(self, drawn: Integers, side: int) -> Floats:
        found = np.zeros((len(drawn), self.size))
        present, starts = self.bins[side]
        found[:, present] = np.add.reduceat(drawn[:, self.orders[side]], starts, axis=1)
        return found

    def precisions(self, drawn: Integers) -> Floats:
        """Return `ranking.average_precision` of counts of shape (some, cells), NaN without positive rows."""
        n, p = self._binned(drawn, 0), self._binned(drawn, 1)
        true = p.cumsum(axis=1) - (1.0 - self.part) * p
        false = n.cumsum(axis=1) - (1.0 - self.part) * n
        whole = true + false
        precision = np.divide(true, whole, out=np.zeros_like(true), where=whole > 0.0)
        total = p.sum(axis=1)
        found: Floats = np.full(len(p), np.nan)
        np.divide((p * precision).sum(axis=1), total, out=found, where=total > 0.0)
        return found
