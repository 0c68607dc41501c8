"""Rule XE214: scores that fit the labels better on another scale than the one that they are read on.

Floor 6.
"""

from xentcli.phrases import losses
from xentcli.rules.facts import MIN_ROWS, ScoreFacts, TaskFacts
from xentcli.rules.metrics.sampled_fit import on_a_sample
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.rules.scores.activations import double_activation
from xentcli.rules.scores.scale_rivals import OtherScale, Rival, other_scale
from xentcli.tally.row_facts import PER_CENT, RowFacts
from xentcli.task.roles import ScoreForm
from xentcli.terms import Kind, Scale

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
