"""LabelFit: whether label columns fit other score columns, turned scores, or the rows beside their own.

Floor 6. Pure functions of sampled rows and of sums over all rows. How a label goes with a column is the correlation of
the label, 0 or 1, with the column's levels (`levels`). What chance does to the sum of the levels
of m rows out of n is bounded by Bennett (1962), Journal of the American Statistical Association 57, which holds for
few rows and lopsided levels, and for draws without replacement (Hoeffding 1963, ibid. 58, theorem 4).
"""

from math import sqrt

import numpy as np

from xentcli.arrays import AnyFloats, Floats, Indices, Mask
from xentcli.record import Record
from xentcli.rules.chance import LOG_LEVEL, Z_LEVEL
from xentcli.rules.order.misorder import best_assignment
from xentcli.tally.traps.label_neighbours import LabelNeighbours, likely_scores
from xentcli.tally.traps.sample import STRANGE, RowSample, SampledRows
from xentcli.terms import Scale

_LEVELS = 63
"""The highest level; the lowest is 0."""

_PIECE = 1 << 12
"""Rows of one sum: 4,096 squares of a level stay below 2^24."""

_A_LOGIT = 4.0

Levels = AnyFloats
"""Whole numbers from 0 to `_LEVELS`, as float32."""

_SCALED = 1000.0
"""The assignment takes whole numbers."""

_MOST = 0.75
"""Of the labels that change places with one another so many must fit their new column beyond chance."""

_WORSE = 0.8
"""Where labels move, the correlations with their own columns are at most so large a share of those with the new."""

_DISTANCE = 0.36
"""A turned label's mean levels lie so many standard deviations apart: an area of 0.4 under the curve of normal scores,
which separates noise on very many rows from scores that are upside down."""

_AT_CHANCE = 3.0
"""Standard errors within which a mean correlation says nothing."""

_REST = 0.25
"""In shifted rows so large a share of the correlation may be left in place."""


class LabelFit(Record):
    """Correlations of labels with columns.

    Attributes:
        rows: on how many rows they were counted.
        share: shape (K,), of the rows that have the label.
        found: shape (K, K), of label i with column j; 0 where one of them is constant.
        log_above: shape (K, K), the logarithm of a bound on the chance of so large a correlation.
        log_below: shape (K, K), likewise of so small a one.
    """

    rows: int
    share: Floats
    found: Floats
    log_above: Floats
    log_below: Floats


class Moves(Record):
    """Labels that fit other columns.

    Attributes:
        columns: shape (K,), the column that answers for each label.
        moved: the labels that change it.
        now: the mean of their correlations with the columns that they were read with.
        then: the same with those that they fit.
        rows: on how many rows it was seen.
    """

    columns: Indices
    moved: tuple[int, ...]
    now: float
    then: float
    rows: int


class Turned(Record):
    """A label whose scores are upside down, and its correlation with them."""

    label: int
    found: float


class Shifted(Record):
    """Rows whose scores fit the labels beside them.

    Attributes:
        before: whether those of the row before; else of the row after.
        labels: how many labels show it beyond chance.
        now: the mean of their correlations in place.
        then: the same with the row beside.
    """

    before: bool
    labels: int
    now: float
    then: float


def log_sum_chance(excess: Floats, variance: Floats, reach: Floats) -> Floats:
    """Return the logarithm of a bound on the chance that a sum exceeds its mean by so much; 0 where it does not.

    Args:
        excess: by how much.
        variance: of the sum.
        reach: how far above its mean a single summand can be.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = reach * excess / variance
        bound = -variance / (reach * reach) * ((1.0 + ratio) * np.log1p(ratio) - ratio)
    return np.where((excess > 0.0) & (variance > 0.0) & (reach > 0.0), bound, 0.0)


def _fit(rows: int, held: Floats, level: Floats, square: Floats, product: Floats, reach: float) -> LabelFit:
    """Return the fit from sums of levels between 0 and `reach`.

    `held` broadcasts against `product` as labels, `level` and `square` as columns.
    """
    mean = level / rows
    variance = np.maximum(square / rows - mean * mean, 0.0)
    excess, share = product - held * mean, held / rows
    spread = np.sqrt(share * (1.0 - share) * variance)
    found = np.divide(excess / rows, spread, out=np.zeros_like(excess), where=spread > 0.0)
    np.clip(found, -1.0, 1.0, out=found)  # rounding may leave it
    # the rows that lack the label are as good a sample: the smaller of both is the sharper bound
    drawn = np.minimum(held, rows - held) * variance
    up, down = np.broadcast_to(reach - mean, excess.shape), np.broadcast_to(mean, excess.shape)
    few = held <= rows - held
    above = log_sum_chance(excess, drawn, np.where(few, up, down))
    below = log_sum_chance(-excess, drawn, np.where(few, down, up))
    return LabelFit(rows, share.reshape(-1), found, above, below)


def levels(scores: AnyFloats, scale: Scale) -> Levels:
    """Return the level of each score, of the same shape."""
    narrow = scores.astype(np.float32)
    if scale is Scale.LOGITS:
        np.multiply(narrow, np.float32(_A_LOGIT), out=narrow)
        np.add(narrow, np.float32(_LEVELS // 2 + 1), out=narrow)
        np.clip(narrow, 0.0, _LEVELS, out=narrow)
    else:
        narrow = np.exp(narrow * np.float32(0.5)) if scale is Scale.LOG_PROBABILITIES else np.sqrt(narrow, out=narrow)
        np.multiply(narrow, np.float32(_LEVELS), out=narrow)
    return np.rint(narrow, out=narrow)


def label_fit(sample: SampledRows, scale: Scale) -> LabelFit:
    """Return how the labels of some rows go with all columns."""
    size, rows = len(sample.scores), sample.rows
    hot = np.asarray(sample.truth, dtype=np.float32)
    level, square, product = np.zeros(size), np.zeros(size), np.zeros((size, size))
    for at in range(0, rows, _PIECE):
        found = levels(sample.scores[:, at : at + _PIECE], scale)
        level += found.sum(axis=1)
        square += np.einsum("ij,ij->i", found, found)
        # not by BLAS, whose threads go on spinning for longer than this takes
        product += np.einsum("in,jn->ij", hot[:, at : at + _PIECE], found)
    held = np.count_nonzero(hot, axis=1).astype(np.float64)
    return _fit(rows, held[:, None], level, square, product, _LEVELS)


def moves(fit: LabelFit) -> Moves | None:
    """Return the labels that fit other columns beyond chance; None if none do.

    The assignment of columns to labels with the largest sum of correlations falls into rings of labels that take each
    other's columns. A ring counts if three quarters of its labels fit their new column beyond chance at one in a
    million over all pairs there are, none of the others better in place, and together they gain more than 4.75 standard
    errors: at most 2 each, for the difference of two correlations.
    """
    size = len(fit.found)
    columns = best_assignment(np.rint(np.maximum(fit.found, 0.0) * sqrt(fit.rows) * _SCALED).astype(np.int64))
    own, new = np.diagonal(fit.found), fit.found[np.arange(size), columns]
    sure = fit.log_above[np.arange(size), columns] + 2.0 * np.log(size) <= LOG_LEVEL
    found, kept = np.arange(size), list[int]()
    for ring in _rings(columns):
        gain = (new - own)[ring]
        enough = gain.sum() * sqrt(fit.rows) >= Z_LEVEL * 2.0 * sqrt(len(ring))
        if sure[ring].mean() < _MOST or gain.min() < 0.0 or not enough:
            continue
        if own[ring].mean() <= _WORSE * new[ring].mean():
            found[ring] = columns[ring]
            kept += ring
    if not kept:
        return None
    return Moves(found, tuple(sorted(kept)), float(own[kept].mean()), float(new[kept].mean()), fit.rows)


def _rings(columns: Indices) -> list[list[int]]:
    """Return the labels that take each other's columns, those that stay left out."""
    seen, rings = set[int](), list[list[int]]()
    for start in range(len(columns)):
        ring, at = list[int](), start
        while at not in seen:
            seen.add(at)
            ring.append(at)
            at = int(columns[at])
        if len(ring) > 1:
            rings.append(ring)
    return rings


def turned(fit: LabelFit) -> tuple[Turned, ...]:
    """Return the labels whose scores are high where they are absent, beyond chance and by more than noise.

    A column that fits another label better than its own fits it upside down is no such case.
    """
    own, size = np.diagonal(fit.found), len(fit.found)
    sure = np.diagonal(fit.log_below) + np.log(size) <= LOG_LEVEL
    others = np.where(np.eye(size, dtype=np.bool_), -1.0, fit.found).max(axis=0)
    far: Mask = -own >= _DISTANCE * np.sqrt(fit.share * (1.0 - fit.share) * (1.0 - own * own))
    return tuple(Turned(at, float(own[at])) for at in np.flatnonzero(sure & far & (others < -own)).tolist())


def shifted(sums: LabelNeighbours) -> Shifted | None:
    """Return the labels that fit the scores of the row beside, beyond chance, where no label fits those of its own."""
    rows, pairs, size, ends = sums.rows, sums.pairs, sums.labels, sums.ends()
    if pairs < 1 or ends is None:
        return None
    held, likely = sums.held.astype(np.float64), sums.likely.astype(np.float64)
    own = _fit(rows, held, likely, likely, sums.own.astype(np.float64), 1.0)
    if (own.log_above + np.log(size) <= LOG_LEVEL).any():
        return None
    tried = []
    for before, product in ((True, sums.before), (False, sums.after)):
        # the row without a neighbour on that side has no part in the products
        no_label, no_score = reversed(ends) if before else ends
        seen = likely - no_score.likely
        beside = _fit(pairs, held - no_label.hot, seen, seen, product.astype(np.float64), 1.0)
        sure = beside.log_above + np.log(2.0 * size) <= LOG_LEVEL
        if sure.any():
            count = int(np.count_nonzero(sure))
            tried.append(Shifted(before, count, float(own.found[sure].mean()), float(beside.found[sure].mean())))
    best = max(tried, key=lambda one: one.labels * one.then, default=None)
    if best is None or best.now > min(_AT_CHANCE / sqrt(rows), _REST * best.then):
        return None
    return best


class LabelOrder(Record):
    """What is wrong with the order of labels, columns or rows; None or empty for what is not."""

    moves: Moves | None = None
    turned: tuple[Turned, ...] = ()
    shifted: Shifted | None = None

    @property
    def seen(self) -> bool:
        """Whether anything is wrong."""
        return self.moves is not None or bool(self.turned) or self.shifted is not None


def _stands_for_all(rows: SampledRows, sample: RowSample, sums: LabelNeighbours, scale: Scale) -> bool:
    """Whether sampled rows hold labels and likely scores as often as all rows do.

    Rows are sampled by their losses: of scores that are 0 or 1 all rows with as many mistakes are kept or left out.
    """
    if not sample.as_many_as_expected(rows.rows):
        return False
    hot, likely = np.asarray(rows.truth, dtype=np.bool_), likely_scores(rows.scores, scale)
    for mask, counts in ((hot, sums.held), (likely, sums.likely), (hot & likely, sums.own)):
        share = counts / sums.rows
        off = np.abs(np.count_nonzero(mask, axis=1) - rows.rows * share)
        if (off > STRANGE * np.sqrt(rows.rows * share * (1.0 - share)) + 1.0).any():
            return False
    return True


def label_order(sample: RowSample, sums: LabelNeighbours | None, scale: Scale) -> LabelOrder:
    """Return what sampled rows and counts of all rows show of several labels.

    Labels that move are not turned as well, and where rows are shifted neither means anything.
    """
    if sums is None:
        return LabelOrder()
    beside, rows = shifted(sums.whole()), sample.rows()
    if beside is not None:
        return LabelOrder(shifted=beside)
    if rows is None or not _stands_for_all(rows, sample, sums, scale):
        return LabelOrder()
    fit = label_fit(rows, scale)
    moving = moves(fit)
    gone = () if moving is None else moving.moved
    return LabelOrder(moving, tuple(one for one in turned(fit) if one.label not in gone))
