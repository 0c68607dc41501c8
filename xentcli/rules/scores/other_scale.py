"""Rule XE214: scores that fit the labels better on another scale than the one that they are read on.

Floor 6.

Scale rivals: whether sampled scores fit the labels better on another scale than the one that they are read on. Pure
functions of sampled rows. A lower loss alone says little: every softening mends scores that are too sure, and every
sharpening those that are not sure enough. So the other scale must do what no temperature and no shift of the scale
in use does: explain the labels as well, without a number of its own to fit. Where both scales have such numbers,
each must gain half a logarithm of the rows (the information criterion of Schwarz 1978, Annals of Statistics 6).
"""

from enum import Enum
from math import log

import numpy as np

from xentcli.arrays import Floats, Mask
from xentcli.phrases import losses
from xentcli.record import Record
from xentcli.rules.chance import Z_LEVEL, mean_gain_z
from xentcli.rules.facts import MIN_ROWS, ScoreFacts, TaskFacts
from xentcli.rules.metrics.sampled_fit import on_a_sample
from xentcli.rules.metrics.temperature import HOPELESS, LogScores, fitted_rows, log_odds, sharpest, sigmoid
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.rules.scores.activations import double_activation
from xentcli.tally.losses import EPS
from xentcli.tally.plan import Plan
from xentcli.tally.row_facts import PER_CENT, RowFacts
from xentcli.tally.traps.sample import SampledRows
from xentcli.task.roles import ScoreForm
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


_NEARLY_ALL_OFF = 0.9
"""If fewer rows than this share do not sum to 1, the sums say that the scores are probabilities."""

_SPREAD = 0.01
"""Sums that differ by a smaller share of the largest are one sum, and the scores parts of it."""

_ABOVE_ONE = 10.0
"""Per cents of which none is larger are no better known than logits."""


def _rival(facts: TaskFacts, scores: ScoreFacts) -> Rival | None:
    """Return the scale that the range and the sums of the scores leave open; None for none."""
    counts = scores.row_facts
    if scores.plan.form is ScoreForm.CONFIDENCE or scores.traps.values.constant or facts.subject.soft:
        return None
    if facts.subject.scale is Scale.PROBABILITIES:
        said = facts.subject.reading.given or facts.subject.reading.named is Scale.PROBABILITIES
        return None if said or not _may_be_logits(scores) else Rival.LOGITS
    if facts.subject.scale is not Scale.LOGITS or not counts.finite:
        return None
    alone = scores.plan.single or scores.multilabel
    if counts.fit_probabilities == counts.finite:
        return Rival.PROBABILITIES if alone else _parts(scores)
    if not _per_cents(counts):
        return None
    return Rival.PER_CENTS if alone else _parts(scores)


def _may_be_logits(scores: ScoreFacts) -> bool:
    values, sums = scores.traps.values, scores.traps.sums
    if values.hard or scores.upper is not None or double_activation(scores):
        return False
    if scores.plan.single or scores.plan.kind is Kind.MULTILABEL:
        return True
    apart = sums.most - sums.least > _SPREAD * sums.most
    return apart and sums.off[None].count >= _NEARLY_ALL_OFF * scores.scored


def _per_cents(counts: RowFacts) -> bool:
    unsigned = counts.fit_probabilities + counts.totals.rows == counts.finite
    return unsigned and _ABOVE_ONE < counts.totals.highest <= PER_CENT


def _parts(scores: ScoreFacts) -> Rival | None:
    """Return that scores are parts of one sum, if the sampled rows have one."""
    kept = scores.fits.rows
    if kept is None:
        return None
    sums = kept.scores.sum(axis=0, dtype="float64")
    same = float(sums.max() - sums.min()) <= _SPREAD * float(sums.max())
    return Rival.PARTS if same and float(kept.scores.min()) >= 0.0 else None


def rival_scale(facts: TaskFacts) -> OtherScale | None:
    """Return the scale that fits the labels better than the one in use, beyond chance; None if none does."""
    scores = facts.scores
    if scores is None or facts.loss is None or facts.scored < MIN_ROWS:
        return None
    rival, kept = _rival(facts, scores), scores.fits.rows
    if rival is None or kept is None or not scores.traps.sample.as_many_as_expected(kept.rows):
        return None
    return other_scale(kept, scores.plan, rival)


_READ = {
    Rival.LOGITS: "the scores lie in [0, 1] and were read as probabilities, which no name says",
    Rival.PROBABILITIES: "the scores were read as logits, but all lie in [0, 1]",
    Rival.PER_CENTS: "the scores were read as logits, but none is negative, and none above 100",
    Rival.PARTS: "the scores were read as logits, but none is negative, and all rows have the same sum",
}

_MEND = {
    Rival.LOGITS: "if they are logits, say so: --scale logits, or columns named logit_...; else nothing is wrong",
    Rival.PROBABILITIES: "if they are probabilities, say so: --scale probabilities, or columns named prob_...",
    Rival.PER_CENTS: "if they are per cents, divide by 100 before they are written, and name them prob_...",
    Rival.PARTS: "if they are probabilities, per cents, votes or sums of models, say --scale probabilities, with"
    " --normalize where the sum is not 1",
}


def _other_scale(facts: TaskFacts) -> Hit | None:
    found = rival_scale(facts)
    if found is None:
        return None
    before, after = losses(*found.loss)
    plain = facts.scores is not None and facts.scores.plain and facts.weights.row_total is None
    alone = "" if found.rival is Rival.PARTS else ", and no temperature or shift of the scores as read does better"
    return Hit(
        f"{_READ[found.rival]}: as {found.rival.value} their {'loss' if plain else 'plain loss'} would be {after}"
        f" instead of {before}, lower by {found.standard_errors:.1f} standard errors of the rows' differences{alone}"
        f"{on_a_sample(facts, found.rows)}",
        _MEND[found.rival],
        facts.scored,
        columns=() if facts.scores is None else facts.scores.plan.scores[:10],
    )


OTHER_SCALE_RULES: tuple[Rule[TaskFacts], ...] = (
    Rule(
        "XE214", "other-scale-fits", (Level.WARNING,), "scores that fit the labels better on another scale",
        _other_scale,
        """\
Read on another scale, the scores fit the labels better than chance, a temperature or a shift explains.

**Why it bites.** Nothing in 0.3 says whether it is a probability, a logit or per cents. Logits that happen to lie in
[0, 1] are read as probabilities, unless a name or `--scale` says what they are: 0.02 then rules a class out that it
gives one half, and a loss is printed that is not the model's. Probabilities that are named `logit_...` go through one
more softmax or sigmoid and look unsure.

**How it is seen.** The plain loss of every row is computed on both scales, and the mean difference must be above 0 by
4.75 standard errors, one in a million by chance. That alone would accuse scores that are too sure or not sure enough
(XE408, XE414) or made for other shares (XE413), so more must hold. Scores in [0, 1] that were read as probabilities and
that no name and no option calls so: as logits they are calibrated as they stand, tell the classes apart, and do no
worse (by more than 2 nats over all rows) than the probabilities, or the sigmoids of classes, with the temperature and
the shift that fit best; there are 20 different ones, and nine of ten are not within 0.01 of 0 or 1, where sure
probabilities pile up; several columns are asked only if 9 of 10 rows do not sum to 1, and the sums differ. Scores that
were read as logits: all lie in [0, 1], or in [0, 100] and one above 10, none negative; of classes, all rows have one
sum; of one column or several labels, the best temperature as probabilities does no worse than the best temperature and
shift as logits, where each fitted number counts as half a logarithm of the rows. Probabilities that are both too sure
and made for other shares may by chance be what logits would be.

Rows count once, whatever they weigh. Up to 32,768 rows, and up to 131,072 scores, are looked at, which are sampled by
their own numbers where there are more. Per cents that are all below 1 are not told from probabilities of a model that
was trained on balanced classes (XE413): both are off by the same factor.

**Mend it.** Say what they are: `--scale logits` or `--scale probabilities`, or name the columns. Keras: a last layer
without activation gives logits, `softmax` and `sigmoid` probabilities. PyTorch: models give logits; call
`torch.softmax(logits, 1)` or `torch.sigmoid(logits)` once before saving. scikit-learn: `predict_proba` gives
probabilities, `decision_function` does not.

```python
>>> from math import exp, log
>>> def sigmoid(z): return 1 / (1 + exp(-z))
>>> logits, held = [0.02, 0.1, 0.9, 0.95], [1, 0, 1, 1]
>>> def loss(p): return -sum(log(one if is_held else 1 - one) for one, is_held in zip(p, held)) / 4
>>> round(loss(logits), 3), round(loss([sigmoid(one) for one in logits]), 3)
(1.044, 0.524)

```
""",
        explains=("XE405", "XE408"),
    ),
)  # fmt: skip
