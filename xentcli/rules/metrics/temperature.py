"""Temperature: the number that logits are best divided by, fitted to sampled rows; and a shift of the log-odds.

Floor 6. Pure functions of sampled rows. The temperature T minimises the mean loss of softmax(z / T), z being logits or
logarithms of probabilities: Guo, Pleiss, Sun and Weinberger (2017), ICML. In 1 / T that loss is convex, so that
Newton's steps within a shrinking bracket end at its one minimum. Its interval is that of a mean of gradients over their
slope (Huber 1967, Proc. 5th Berkeley Symposium 1), with a row as the unit, and holds for any true model.
"""

from math import fsum, inf, sqrt

import numpy as np

from xentcli.arrays import Floats, Indices, Mask
from xentcli.record import Record
from xentcli.tally.losses import EPS
from xentcli.tally.plan import Plan
from xentcli.tally.quality import BINS, bins
from xentcli.tally.traps.sample import SampledRows
from xentcli.terms import Kind, Scale

HOPELESS = 30.0
"""A temperature that leaves hardly any difference between the classes."""

_SHARPEST = 1e3
"""The largest 1 / T that is looked at."""

_FARTHEST = 1e4
"""Logits further below the top than this are no more likely for being closer."""

_MOST_SCORES = 1 << 17
"""So many scores are fitted: 13,000 rows of ten classes, in a fortieth of a second."""

_FIRST_SCORES = 1 << 15
"""A few rows tell where to look for the temperature of all."""

_STEPS, _CLOSE, _NORMAL = 60, 1e-7, 1.96


class Temperature(Record):
    """What dividing logits does.

    Attributes:
        heat: the divisor T; infinity where no T up to `HOPELESS` fits best.
        low: the lower end of its 95 % interval.
        high: the upper end.
        loss: the mean loss of the sampled rows as they are, and divided.
        ece: the calibration error, likewise.
        rows: how many were fitted.
        error: the standard error of the mean loss as they are.
    """

    heat: float
    low: float
    high: float
    loss: tuple[float, float]
    ece: tuple[float, float]
    rows: int
    error: float


class Surprises(Record):
    """How often the less likely side of a trial came true: of a row, or of each of its labels.

    Attributes:
        trials: how many there were.
        found: how many surprises.
        promised: how many the scores promise.
        standard_errors: by how many the first exceeds the second, with a row as the unit.
    """

    trials: int
    found: int
    promised: float
    standard_errors: float


class LogScores(Record):
    """Sampled rows.

    Attributes:
        z: shape (K, n), logits or logarithms of probabilities; log-odds where labels do not exclude each other.
        truth: shape (n,), the classes; or shape (K, n), which labels hold.
        exclusive: whether a row has one class.
        positive: the positive class of two.
    """

    z: Floats
    truth: Indices | Mask
    exclusive: bool
    positive: int | None

    def slopes(self, sharpness: float) -> tuple[Floats, Floats, Floats]:
        """Return loss, gradient and curvature of each row in 1 / T."""
        if not self.exclusive:
            aligned = np.where(self.truth, self.z, -self.z)
            odds = np.exp(-sharpness * np.abs(aligned))
            wrong = np.where(aligned > 0.0, odds, 1.0) / (1.0 + odds)
            loss = (np.log1p(odds) + sharpness * np.maximum(-aligned, 0.0)).mean(axis=0)
            gradient = aligned * wrong
            curve = gradient * aligned * (1.0 - wrong)
            return loss, -gradient.mean(axis=0), curve.mean(axis=0)
        chance = np.exp(sharpness * self.z)
        total = chance.sum(axis=0)
        chance /= total
        true = np.take_along_axis(self.z, self.truth[None, :].astype(np.intp), axis=0)[0]
        weighed = chance * self.z
        mean = weighed.sum(axis=0)
        curve = np.einsum("ij,ij->j", weighed, self.z) - mean * mean
        return np.log(total) - sharpness * true, mean - true, curve

    def chances(self, sharpness: float) -> tuple[Floats, Mask]:
        """Return what is put to the test, and whether it came true: the positive or top class, or each label, flat."""
        if not self.exclusive:
            return sigmoid(sharpness * self.z).ravel(), np.asarray(self.truth, dtype=np.bool_).ravel()
        every = np.exp(sharpness * self.z)
        every /= every.sum(axis=0)
        top = every.argmax(axis=0) if self.positive is None else np.full(every.shape[1], self.positive)
        chance: Floats = np.take_along_axis(every, top[None, :], axis=0)[0]
        hit: Mask = top == self.truth
        return chance, hit

    def ece(self, sharpness: float) -> float:
        """Return the expected calibration error in 15 equal bins."""
        chance, hit = self.chances(sharpness)
        at = bins(chance)
        gap = np.bincount(at, chance, BINS) - np.bincount(at, hit, BINS)
        return float(np.abs(gap).sum() / len(chance))


def sigmoid(z: Floats) -> Floats:
    """Return 1 / (1 + e^-z)."""
    with np.errstate(over="ignore"):
        found: Floats = 1.0 / (1.0 + np.exp(-z))
    return found


def chances(sample: SampledRows, plan: Plan) -> Floats:
    """Return the probabilities of sampled rows, shape (K, n), as they stand."""
    scores = sample.scores.astype(np.float64)
    if plan.kind is Kind.MULTILABEL:
        if plan.scale is Scale.PROBABILITIES:
            return scores
        return sigmoid(scores) if plan.scale is Scale.LOGITS else np.asarray(np.exp(scores))
    if plan.scale is not Scale.PROBABILITIES:
        scores = np.exp(scores - scores.max(axis=0))
    return np.asarray(scores / np.maximum(scores.sum(axis=0), EPS))


def fitted_rows(sample: SampledRows) -> SampledRows:
    """Return the first sampled rows, at most 2^17 scores of them."""
    rows = _MOST_SCORES // len(sample.scores)
    if sample.rows <= rows:
        return sample
    return SampledRows(sample.hashed[:rows], sample.scores[:, :rows], sample.truth[..., :rows])


def log_scores(sample: SampledRows, plan: Plan) -> LogScores:
    """Return the first sampled rows, at most 2^17 scores of them."""
    rows = fitted_rows(sample)
    scores = rows.scores.astype(np.float64)
    if plan.kind is Kind.MULTILABEL:
        odds = _odds(scores, plan.scale)
        return LogScores(odds, rows.truth.astype(np.bool_), exclusive=False, positive=None)
    z = np.log(np.maximum(scores, EPS)) if plan.scale is Scale.PROBABILITIES else scores
    z = np.maximum(z - z.max(axis=0), -_FARTHEST)
    return LogScores(z, rows.truth.astype(np.intp), exclusive=True, positive=plan.positive)


def log_odds(chance: Floats) -> Floats:
    """Return log(p / (1 - p)), p clipped as the headline loss does."""
    return np.asarray(np.log(np.maximum(chance, EPS)) - np.log(np.maximum(1.0 - chance, EPS)))


def _odds(scores: Floats, scale: Scale) -> Floats:
    if scale is Scale.LOGITS:
        return np.clip(scores, -_FARTHEST, _FARTHEST)
    return log_odds(np.exp(scores) if scale is Scale.LOG_PROBABILITIES else scores)


def sharpest(rows: LogScores) -> float | None:
    """Return the 1 / T with the lowest mean loss; None if T is above `HOPELESS`.

    A few rows tell where it is; from there two of Newton's steps on all rows, each of which squares the relative error.
    """
    few = _FIRST_SCORES // len(rows.z)
    if rows.z.shape[1] <= few:
        return _sharpest(rows)
    at = _sharpest(LogScores(rows.z[:, :few], rows.truth[..., :few], rows.exclusive, rows.positive))
    if at is None:
        return None
    for _ in range(2):
        _, gradient, curve = rows.slopes(at)
        step = at - float(gradient.mean()) / float(curve.mean()) if curve.any() else at
        at = min(max(step, at / 2.0), at * 2.0)
    return at


def _sharpest(rows: LogScores) -> float | None:
    """Return the 1 / T with the lowest mean loss, by Newton's steps within a bracket; None if below 1 / `HOPELESS`."""
    low, high, at = 1.0 / HOPELESS, _SHARPEST, 1.0
    if rows.slopes(low)[1].mean() > 0.0:
        return None
    for _ in range(_STEPS):
        _, gradient, curve = rows.slopes(at)
        slope, bend = float(gradient.mean()), float(curve.mean())
        low, high = (low, at) if slope > 0.0 else (at, high)
        step = at - slope / bend if bend > 0.0 else inf
        new = step if low < step < high else sqrt(low * high)
        if abs(new - at) <= _CLOSE * at:
            return new
        at = new
    return at


def temperature(sample: SampledRows, plan: Plan) -> Temperature:
    """Return the temperature that fits sampled rows best."""
    rows = log_scores(sample, plan)
    count = rows.z.shape[1]
    as_is, before = rows.slopes(1.0)[0], rows.ece(1.0)
    now, spread = float(as_is.mean()), float(as_is.std()) / sqrt(count)
    sharpness = sharpest(rows)
    if sharpness is None:
        return Temperature(inf, inf, inf, (now, now), (before, before), count, spread)
    loss, gradient, curve = rows.slopes(sharpness)
    bend = float(curve.mean())
    error = float(gradient.std()) / bend / sqrt(count) if bend > 0.0 else inf
    least, most = sharpness - _NORMAL * error, sharpness + _NORMAL * error
    return Temperature(
        heat=1.0 / sharpness,
        low=1.0 / most,
        high=1.0 / least if least > 0.0 else inf,
        loss=(now, float(loss.mean())),
        ece=(before, rows.ece(sharpness)),
        rows=count,
        error=spread,
    )


def surprises(sample: SampledRows, plan: Plan) -> Surprises:
    """Return how often sampled rows turned out against their scores.

    The variance is the larger of what is seen and of what independent trials of these chances have. Rows are added up
    without rounding, so that their order cannot be seen.
    """
    every = chances(sample, plan)
    if plan.kind is Kind.MULTILABEL:
        chance, hit = every, np.asarray(sample.truth, dtype=np.bool_)
    else:
        top = every.argmax(axis=0) if plan.positive is None else np.full(every.shape[1], plan.positive)
        chance, hit = np.take_along_axis(every, top[None, :], axis=0), (top == sample.truth)[None, :]
    likely = chance >= 0.5 if plan.kind is Kind.MULTILABEL or plan.positive is not None else np.ones_like(hit)
    promised, found = np.where(likely, 1.0 - chance, chance), likely != hit
    by_row = promised.sum(axis=0)
    excess = np.count_nonzero(found, axis=0) - by_row
    seen, independent = fsum(np.square(excess)), fsum((promised * (1.0 - promised)).sum(axis=0))
    variance, total = max(seen, independent), fsum(excess)
    return Surprises(
        trials=found.size,
        found=int(np.count_nonzero(found)),
        promised=fsum(by_row),
        standard_errors=total / sqrt(variance) if variance > 0.0 else 0.0,
    )
