"""Scale rivals: whether sampled scores fit the labels better on another scale than the one that they are read on.

Floor 6. Pure functions of sampled rows. A lower loss alone says little: every softening mends scores that are too sure,
and every sharpening those that are not sure enough. So the other scale must do what no temperature and no shift of the
scale in use does: explain the labels as well, without a number of its own to fit. Where both scales have such numbers,
each must gain half a logarithm of the rows (the information criterion of Schwarz 1978, Annals of Statistics 6).
"""

from enum import Enum
from math import log

import numpy as np

from xentcli.arrays import Floats, Mask
from xentcli.record import Record
from xentcli.rules.chance import Z_LEVEL, mean_gain_z
from xentcli.rules.metrics.temperature import HOPELESS, LogScores, fitted_rows, log_odds, sharpest, sigmoid
from xentcli.tally.losses import EPS
from xentcli.tally.plan import Plan
from xentcli.tally.traps.sample import SampledRows
from xentcli.terms import Kind, Scale

_BY_CHANCE, _NO_BETTER = 5.0, 2.0
"""Nats, over all rows, by which two fitted numbers beat what is true in 7 of 1,000 files, and in 14 of 100."""

_FEWEST_VALUES = 20
"""So few scores lie near some line by chance."""

_AT_THE_ENDS, _NEAR = 0.1, 0.01
"""Probabilities of a sure model pile up at 0 and 1; logits have no reason to, which makes a larger share theirs."""

_FIRST = 1000
"""Rows that show whether there are few different scores."""

_STEPS, _CLOSE = 30, 1e-9


class Rival(Enum):
    """A scale that scores may be on."""

    LOGITS = "logits"
    PROBABILITIES = "probabilities"
    PER_CENTS = "per cents"
    PARTS = "probabilities, each row divided by its sum,"


class OtherScale(Record):
    """Another scale that fits better.

    Attributes:
        rival: that scale.
        loss: the mean plain loss of the sampled rows as they are read, and on the other scale.
        standard_errors: by how many the first is above the second, paired over rows.
        rows: how many were looked at.
    """

    rival: Rival
    loss: tuple[float, float]
    standard_errors: float
    rows: int


def other_scale(sample: SampledRows, plan: Plan, rival: Rival) -> OtherScale | None:
    """Return what sampled rows lose on another scale, if that is lower beyond chance and nothing else explains it."""
    held = fitted_rows(sample)
    now, then = _on_scale(held, plan, _READ_AS[plan.scale]), _on_scale(held, plan, rival)
    before, after = now.slopes(1.0)[0], then.slopes(1.0)[0]
    gain = before - after
    rows = len(gain)
    z = mean_gain_z(float(gain.sum()), float(np.square(gain).sum()), rows)
    if z <= Z_LEVEL:
        return None
    loss = float(after.mean())
    if rival is Rival.LOGITS and (_coarse_or_sure(held, plan) or not _logits_fit(_mended(now, held), then, loss)):
        return None
    if rival in {Rival.PROBABILITIES, Rival.PER_CENTS} and not _probabilities_fit(now, then):
        return None
    return OtherScale(rival, (float(before.mean()), loss), z, rows)


def _coarse_or_sure(held: SampledRows, plan: Plan) -> bool:
    """Whether there are few different scores, or they pile up at 0 and 1."""
    scores = held.scores[plan.own] if plan.single else held.scores
    if len(np.unique(scores[:, :_FIRST] if scores.ndim > 1 else scores[:_FIRST])) < _FEWEST_VALUES:
        return True
    near = np.count_nonzero((scores < _NEAR) | (scores > 1.0 - _NEAR))
    return bool(near > _AT_THE_ENDS * scores.size)


_READ_AS = {Scale.PROBABILITIES: Rival.PROBABILITIES, Scale.LOGITS: Rival.LOGITS}


def _on_scale(held: SampledRows, plan: Plan, scale: Rival) -> LogScores:
    """Return rows on a scale; one score a row is a label that is held or not."""
    alone = plan.single
    scores = (held.scores[plan.own][None, :] if alone else held.scores).astype(np.float64)
    if scale is Rival.PER_CENTS:
        scores = scores / 100.0
    if alone or plan.kind is Kind.MULTILABEL:
        truth: Mask = (held.truth == plan.own)[None, :] if alone else held.truth.astype(np.bool_)
        odds = scores if scale is Rival.LOGITS else log_odds(scores)
        return LogScores(odds, truth, exclusive=False, positive=None)
    z = scores if scale is Rival.LOGITS else np.log(np.maximum(scores, EPS))
    return LogScores(z - z.max(axis=0), held.truth.astype(np.intp), exclusive=True, positive=plan.positive)


def _mended(now: LogScores, held: SampledRows) -> float:
    """Return the loss of probabilities with the temperature and shift that fit best; of classes also as sigmoids."""
    if not now.exclusive:
        return _fitted(now)
    odds = log_odds(held.scores.astype(np.float64))
    sigmoids = LogScores(odds - odds.max(axis=0), now.truth, exclusive=True, positive=now.positive)
    return min(_fitted(now), _fitted(sigmoids))


def _logits_fit(mended: float, then: LogScores, loss: float) -> bool:
    """Whether logits are calibrated as they stand, say something, and explain no less than mended probabilities."""
    trials = _trials(then)
    calibrated = trials * (loss - _fitted(then)) <= _BY_CHANCE
    tells = trials * (_constant(then) - loss) >= _BY_CHANCE
    return calibrated and tells and trials * (loss - mended) <= _NO_BETTER


def _probabilities_fit(now: LogScores, then: LogScores) -> bool:
    """Whether probabilities, at the temperature that fits them, explain no less than mended logits."""
    trials = _trials(then)
    return trials * (_tempered(then) - _fitted(now)) <= 0.5 * log(trials)


def _trials(rows: LogScores) -> int:
    """Return how many rows there are, or labels of rows."""
    return rows.z.shape[1] if rows.exclusive else rows.z.size


def _tempered(rows: LogScores) -> float:
    sharpness = sharpest(rows)
    return float(rows.slopes(1.0 / HOPELESS if sharpness is None else sharpness)[0].mean())


def _fitted(rows: LogScores) -> float:
    """Return the loss at the best temperature; where labels do not exclude each other, and the best shift."""
    if rows.exclusive:
        return _tempered(rows)
    return logistic_loss(rows.z.ravel(), np.asarray(rows.truth, dtype=np.bool_).ravel())


def logistic_loss(z: Floats, held: Mask) -> float:
    """Return the least mean loss of sigmoid(a z + b), by Newton's steps, halved while they lead up."""
    center, spread = float(z.mean()), float(z.std()) or 1.0
    x, sign = (z - center) / spread, np.where(held, 1.0, -1.0)
    share = float(np.clip(held.mean(), 0.5 / len(held), 1.0 - 0.5 / len(held)))
    at = np.array([0.0, log(share / (1.0 - share))])
    best = _loss_at(at, x, sign)
    for _ in range(_STEPS):
        chance = sigmoid(at[0] * x + at[1])
        off, curve = chance - held, chance * (1.0 - chance)
        slope = np.array([float((off * x).mean()), float(off.mean())])
        mixed = float((curve * x).mean())
        bend = np.array([[float((curve * x * x).mean()), mixed], [mixed, float(curve.mean())]])
        step = np.linalg.solve(bend + 1e-12 * np.eye(2), slope)
        loss = _loss_at(at - step, x, sign)
        while loss > best and np.abs(step).max() > _CLOSE:
            step = step / 2.0
            loss = _loss_at(at - step, x, sign)
        if best - loss <= _CLOSE:
            return min(best, loss)
        at, best = at - step, loss
    return best


def _loss_at(at: Floats, x: Floats, sign: Floats) -> float:
    return float(np.logaddexp(0.0, -sign * (at[0] * x + at[1])).mean())


def _constant(rows: LogScores) -> float:
    """Return the loss of the shares of the classes, or of each label, alone."""
    count = rows.z.shape[1]
    if not rows.exclusive:
        shares = np.asarray(rows.truth, dtype=np.bool_).mean(axis=1)
        return float(-(_x_log(shares) + _x_log(1.0 - shares)).mean())
    return float(-_x_log(np.bincount(rows.truth.astype(np.intp), minlength=len(rows.z)) / count).sum())


def _x_log(share: Floats) -> Floats:
    return np.asarray(share * np.log(np.maximum(share, EPS)))
