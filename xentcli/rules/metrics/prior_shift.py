"""PriorShift: classes or labels that occur less or more often than the scores expect, and the shift that undoes it.

Floor 6. Pure functions of sampled rows. A model that was trained on other shares of the classes than those that it is
scored on, and fits otherwise, is off by a constant in the log-odds of each class: Saerens, Latinne and Decaestecker
(2002), Neural Computation 14. The constants that minimise the loss make the mean score of each class its share. Scaling
classes and rows in turn finds them (Sinkhorn and Knopp 1967, Pacific Journal of Mathematics 21).
"""

import numpy as np

from xentcli.arrays import Floats, Indices
from xentcli.record import Record
from xentcli.rules.metrics.temperature import LogScores, chances, log_scores, sharpest, sigmoid
from xentcli.tally.plan import Plan
from xentcli.tally.traps.sample import SampledRows
from xentcli.terms import Kind

STANDARD_ERRORS = 6.0
"""Expected and seen rows differ by more in one of 10^9 files whose scores are calibrated."""

_ROUNDS, _CLOSE = 200, 1e-6

_IMPOSSIBLE = 1e-9
"""A class that is expected in fewer rows than this is ruled out by its scores, and no shift brings it back."""

_FEWEST = 0.5
"""A class without a row is taken for one with half a row: its share is not known to be 0."""


class Shift(Record):
    """A class or label whose share has moved.

    Attributes:
        of: the class or label.
        expected: how many of the sampled rows the scores expect.
        seen: how many there are.
        logit: what is to be added to its log-odds, or to its logit where classes exclude each other.
    """

    of: int
    expected: float
    seen: int
    logit: float


class PriorShift(Record):
    """What has moved.

    Attributes:
        moved: the classes or labels, those that are furthest off first.
        standard_errors: by how many the first is off; above 0 where it is expected too often.
        loss: the mean loss of the sampled rows as they are, and shifted.
        tempered: the same shifted and divided by the temperature that fits them best then.
        rows: how many were fitted.
    """

    moved: tuple[Shift, ...]
    standard_errors: float
    loss: tuple[float, float]
    tempered: float
    rows: int


def prior_shift(sample: SampledRows, plan: Plan) -> PriorShift | None:
    """Return what has moved by more than 6 standard errors among sampled rows; None if nothing has."""
    if not _suspicious(sample, plan):
        return None
    rows = log_scores(sample, plan)
    chance, seen = _chances(rows)
    expected, error = chance.sum(axis=1), np.sqrt((chance * (1.0 - chance)).sum(axis=1))
    off = np.divide(expected - seen, error, out=np.zeros_like(expected), where=error > 0.0)
    count = rows.z.shape[1]
    known = (seen > 0) & (seen < count)  # a class alone, or none of it, is no share that moved
    at = np.flatnonzero((np.abs(off) > STANDARD_ERRORS) & known)
    if not len(at):
        return None
    at = at[np.argsort(-np.abs(off[at]), kind="stable")]
    shift = _of_classes(rows, seen) if rows.exclusive else _of_labels(rows, seen, at)
    raised = rows.z + shift[:, None]
    if rows.exclusive:
        raised -= raised.max(axis=0)
    shifted = LogScores(raised, rows.truth, rows.exclusive, rows.positive)
    losses = float(rows.slopes(1.0)[0].mean()), float(shifted.slopes(1.0)[0].mean())
    sharpness = sharpest(shifted)
    tempered = losses[1] if sharpness is None else float(shifted.slopes(sharpness)[0].mean())
    moved = [Shift(int(one), float(expected[one]), int(seen[one]), float(shift[one])) for one in at]
    return PriorShift(tuple(moved), float(off[at[0]]), losses, tempered, count)


def _suspicious(sample: SampledRows, plan: Plan) -> bool:
    """Whether it is worth sorting rows and taking logarithms: whether probabilities come near the limit."""
    chance = chances(sample, plan)
    variance = chance.sum(axis=1) - np.einsum("ij,ij->i", chance, chance)
    several = plan.kind is Kind.MULTILABEL
    seen = np.count_nonzero(sample.truth, axis=1) if several else np.bincount(sample.truth, minlength=len(chance))
    off = np.abs(chance.sum(axis=1) - seen)
    return bool((off > 0.9 * STANDARD_ERRORS * np.sqrt(np.maximum(variance, 0.0))).any())


def _chances(rows: LogScores) -> tuple[Floats, Floats]:
    """Return the probability of each class or label, and how often each is true."""
    if not rows.exclusive:
        return sigmoid(rows.z), np.count_nonzero(rows.truth, axis=1).astype(np.float64)
    chance = np.exp(rows.z)
    chance /= chance.sum(axis=0)
    return chance, np.bincount(np.asarray(rows.truth, dtype=np.intp), minlength=len(chance)).astype(np.float64)


def _of_classes(rows: LogScores, seen: Floats) -> Floats:
    """Return what each logit is to be raised by, on average 0."""
    shift, wanted = np.zeros(len(seen)), np.maximum(seen, _FEWEST)
    for _ in range(_ROUNDS):
        raised = rows.z + shift[:, None]
        odds = np.exp(raised - raised.max(axis=0))  # the largest is 1, however far the shift went
        expected = (odds / odds.sum(axis=0)).sum(axis=1)
        step = np.where(expected > _IMPOSSIBLE, np.log(wanted / np.maximum(expected, _IMPOSSIBLE)), 0.0)
        shift += step
        if np.ptp(step) < _CLOSE:
            break
    return np.asarray(shift - shift.mean())


def _of_labels(rows: LogScores, seen: Floats, at: Indices) -> Floats:
    """Return what the log-odds of some labels are to be raised by, by bisection."""
    low, high = np.full(len(seen), -50.0), np.full(len(seen), 50.0)
    wanted, own = np.clip(seen[at], _FEWEST, rows.z.shape[1] - _FEWEST), rows.z[at]
    shift = np.zeros(len(seen))
    for _ in range(40):
        shift[at] = (low[at] + high[at]) / 2.0
        above = sigmoid(own + shift[at][:, None]).sum(axis=1) > wanted
        high[at], low[at] = np.where(above, shift[at], high[at]), np.where(above, low[at], shift[at])
    return shift
