"""Rules XE303 and XE309, flipped classes and confidences as probabilities; rows that are shifted by one (XE304).

Floor 6.
"""

import shlex
from math import log, sqrt

import numpy as np

from xentcli.phrases import losses, rates
from xentcli.rules.chance import LOG_LEVEL, Z_LEVEL, log_tail
from xentcli.rules.facts import MIN_ROWS, ScoreFacts
from xentcli.rules.order.label_columns import misaligned_labels
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.rules.scores.activations import double_activation
from xentcli.rules.wording import by_rows, classes_flag, named_after_classes
from xentcli.task.names import pieces
from xentcli.task.roles import ScoreForm

_SURE = 0.6
"""Half of the negatives score more than this: as the positive class's probability it is wrong about most of them."""


_UNDECIDED, _UNDECIDED_ROWS = 0.01, 5
"""The least share of rows, and the least number, that score hardly more than one half: a model that chooses between two
classes is undecided about some rows, while scores that are all too high thin out towards one half."""


_STANDARD_ERRORS = 6.0
"""By so many the mean score exceeds the share of the positive class; calibrated scores do so once in 10^9 files."""


_RANKS = 0.8
"""From this area under the curve on the score is of one class: how sure a model is does not tell the classes apart."""


_RANKS_NOTHING = 0.6
"""Up to this area it is no ranking of the positive class either, and nothing but confidence explains it."""


def confidence_as_probability(facts: ScoreFacts) -> bool:
    """Return whether the one score looks like the confidence of whatever class was predicted.

    No score is below one half though both labels occur, but some are close to it; the median score of the negatives is
    above 0.6, and the mean score exceeds the share of the positive class by more than 6 standard errors of calibrated
    scores. A queue for review that keeps p >= 1/2 fails the last if it is calibrated.
    """
    upper = facts.upper
    if upper is None or facts.auc is None or facts.weights.effective < MIN_ROWS or facts.traps.values.constant:
        return False
    if upper.undecided < max(_UNDECIDED, _UNDECIDED_ROWS / facts.weights.effective):
        return False
    if upper.median_negative <= _SURE or upper.standard_errors(facts.weights.effective) <= _STANDARD_ERRORS:
        return False
    return facts.auc < _RANKS and not double_activation(facts)


def _confidence(facts: ScoreFacts) -> Hit | None:
    if not confidence_as_probability(facts):
        return None
    upper, plan = facts.upper, facts.plan
    assert upper is not None  # noqa: S101  the rule has read it
    assert facts.auc is not None  # noqa: S101  likewise
    positive, negative = plan.classes[plan.positive or 0], plan.classes[1 - (plan.positive or 0)]
    return Hit(
        f"looks like the confidence of the predicted class, not P(positive): no score is below {upper.lowest:.4g}"
        f" though both labels occur, half of the rows of {negative!r} score above {upper.median_negative:.2f}, and the"
        f" mean score {upper.mean:.4f} exceeds the share of {positive!r}, {upper.share:.4f}, by"
        f" {upper.standard_errors(facts.weights.effective):.1f} standard errors; loss {facts.loss:.4f}, accuracy"
        f" {facts.accuracy:.4f} and area under the curve {facts.auc:.4f} are then not the model's",
        "write the predicted label beside it, and the score is read as p or 1 - p; or write the probability of"
        f" {positive!r}",
        facts.scored,
        columns=plan.scores[:10],
        level=Level.ERROR if facts.auc <= _RANKS_NOTHING else Level.WARNING,
    )


_CONFIDENCE = {"confidence", "confidences", "conf"}
"""Columns of such names are often of the predicted class, whichever that is."""


_WELL_UNDER = 0.4
"""An area under the curve below this is not the noise of a useless model on very many rows."""


AT_CHANCE = 3.0
"""Standard errors within which agreement is no better than if predictions and labels were independent."""


FITS = 0.1
"""The shifted agreement must exceed chance by so large a share of what is above chance."""


def auc_error(facts: ScoreFacts) -> float | None:
    """Return the standard error of the area under the curve if scores say nothing; None where there is no area.

    sqrt((n1 + n0 + 1) / (12 n1 n0)): Mann and Whitney (1947), Annals of Mathematical Statistics 18.
    """
    if facts.confusion is None or facts.plan.positive is None:
        return None
    support = facts.confusion.by_true(np.ones(len(facts.confusion.true), dtype=np.bool_))
    positives, negatives = float(support[facts.plan.positive]), float(support[1 - facts.plan.positive])
    return sqrt((positives + negatives + 1.0) / (12.0 * positives * negatives)) if positives * negatives else None


def flipped(facts: ScoreFacts) -> Hit | None:
    """Look for an area under the curve below 0.4, and below one half beyond chance at 1e-6."""
    plan = facts.plan
    if facts.auc is None or facts.auc > _WELL_UNDER or plan.positive is None or facts.confusion is None:
        return None
    error = auc_error(facts)
    if (
        error is None
        or 0.5 - facts.auc < Z_LEVEL * error
        or facts.flipped is None
        or facts.loss is None
        or facts.flipped >= facts.loss
    ):
        return None
    if confidence_as_probability(facts):
        return None  # swapped classes would be as wrong
    other = plan.classes[1 - plan.positive]
    return Hit(
        f"rows of class {other!r} get the higher scores of {plan.classes[plan.positive]!r}; with both classes swapped:"
        f" area under the curve {facts.auc:.4f} -> {1.0 - facts.auc:.4f}{_loss(facts)}{_accuracy(facts)}",
        _swap(facts, other),
        facts.scored,
        columns=plan.scores[:10],
    )


def _loss(facts: ScoreFacts) -> str:
    """Return what the loss would be; what it would be with class weights, smoothing or focus is not known."""
    if not facts.plain or facts.loss is None or facts.flipped is None:
        return ""
    return f", loss {' -> '.join(losses(facts.loss, facts.flipped))}"


def _accuracy(facts: ScoreFacts) -> str:
    """Return what accuracy would be: at 1/2, where no score stands on it, what was right is wrong and the reverse."""
    if facts.plan.objective.threshold != 0.5 or facts.tied:
        return ""
    return f", accuracy {' -> '.join(rates(facts.accuracy, 1.0 - facts.accuracy))}"


def _swap(facts: ScoreFacts, other: str) -> str:
    """Return how to swap the classes; the score of a predicted label is of whatever class that is."""
    if facts.plan.form is ScoreForm.CONFIDENCE:
        return "look for labels, or predicted labels, that were inverted"
    if facts.plan.single and pieces(facts.plan.scores[0]) & _CONFIDENCE:
        return (
            f"if {facts.plan.scores[0]} is the confidence of the predicted label, write that label beside it; if it is"
            f" the score of {other!r}, --positive {shlex.quote(other)}; else look for labels that were inverted"
        )
    if facts.plan.single:
        mend = f"--positive {shlex.quote(other)}"
    elif named_after_classes(facts):
        mend = f"swap the names of {facts.plan.scores[0]} and {facts.plan.scores[1]} where they are written"
    else:
        mend = classes_flag(facts.plan.classes[::-1])
    return f"{mend}, if the score is that of {other!r}; else look for labels that were inverted"


def misaligned(facts: ScoreFacts) -> Hit | None:
    """Look for agreement at chance where a shift by one row agrees beyond chance at 1e-6, two shifts being tried."""
    if facts.confusion is None:
        return misaligned_labels(facts)
    if not agrees_at_chance(facts):
        return None
    rows, by_chance, now = facts.confusion.total, agreement_by_chance(facts), agreement(facts)
    shifts = facts.traps.shifts.whole()
    most, before = max((shifts.before.whole.shifted, True), (shifts.after.whole.shifted, False))
    if shifts.pairs == 0 or log_tail(most, shifts.pairs, by_chance) + log(2.0) > LOG_LEVEL:
        return None
    then = most / shifts.pairs
    if then - by_chance < FITS * (1.0 - by_chance) or now - by_chance > FITS / 2.0:
        return None
    return Hit(
        "labels and scores are shifted by one row: predictions agree with the labels of their own rows no more than by"
        f" chance ({by_chance:.4f}), but with those of the row {'before' if before else 'after'}: accuracy {now:.4f} ->"
        f" {then:.4f}{by_rows(facts)}",
        f"{'scores[1:] belong to labels[:-1]' if before else 'scores[:-1] belong to labels[1:]'}; look for a header"
        " that was read as a row, a row dropped on one side only, or a shifted index, and join by an id column (--id)",
        rows,
    )


def agreement(facts: ScoreFacts) -> float:
    """Return the share of rows whose prediction is their label."""
    confusion = facts.confusion
    assert confusion is not None  # noqa: S101  the caller asked
    return float(confusion.rows[confusion.true == confusion.predicted].sum()) / confusion.total


def agrees_at_chance(facts: ScoreFacts, errors: float = AT_CHANCE) -> bool:
    """Return whether predictions agree with labels no more than if the two were independent, by some standard errors.

    Of fewer than 20 rows that is never said, nor of tasks with several labels a row.
    """
    if facts.confusion is None or facts.confusion.total < MIN_ROWS:
        return False
    chance = agreement_by_chance(facts)
    return agreement(facts) <= chance + errors * sqrt(chance * (1.0 - chance) / facts.confusion.total)


def agreement_by_chance(facts: ScoreFacts) -> float:
    """Return how many rows would agree, as a share, if predictions were independent of labels."""
    confusion = facts.confusion
    assert confusion is not None  # noqa: S101  the caller asked
    every = confusion.by_true(np.ones(len(confusion.true), dtype=np.bool_))
    return float((every / confusion.total * confusion.by_predicted() / confusion.total).sum())


PAIRING_RULES: tuple[Rule[ScoreFacts], ...] = (
    Rule(
        "XE303", "flipped-positive", (Level.ERROR,), "an area under the curve well below one half", flipped,
        """\
The score ranks the classes the wrong way round: it is the other class's.

**Why it bites.** An area of 0.08 is a model of 0.92 read upside down. Its loss is worse than a coin's, its accuracy
below the share of the smaller class. Averaged over folds, one flipped file ruins the mean and is never found.

**How it is seen.** The area under the ROC curve is below 0.4, below one half beyond chance at one in a million, and the
loss with the classes swapped is lower.

**Mend it.** `--positive` names the class that the score is of. Keras: a sigmoid is the probability of label 1, and
folders are sorted: `cats` 0, `dogs` 1. PyTorch: the sigmoid of a `BCEWithLogitsLoss` logit likewise; of a
softmax take column 1. scikit-learn: `predict_proba(X)[:, 1]` is that of `classes_[1]`, the last in
sorted order, so `"no"` of `["yes", "no"]` is column 0.

```python
>>> from math import log
>>> scores, labels = [0.9, 0.8, 0.1], [0, 0, 1]
>>> def loss(scores): return -sum(log(s if y else 1 - s) for s, y in zip(scores, labels)) / 3
>>> round(loss(scores), 3), round(loss([1 - s for s in scores]), 3)
(2.072, 0.145)

```
""",
        explains=("XE404", "XE405", "XE406", "XE408"),
    ),
    Rule(
        "XE309", "confidence-as-probability", (Level.ERROR, Level.WARNING),
        "one score that is never below one half, and too high for the positive class", _confidence,
        """\
The score is how sure the model is of the class that it chose, not the probability of the positive class.

**Why it bites.** A row that is surely negative has the score 0.97, and counts as surely positive. Every row is above
one half, so that accuracy is the share of positives; the surest negatives cost most; the area under the curve is that
of "how sure", about one half. The better the model, the worse its loss.

**How it is seen.** One column of probabilities, no predicted label beside it. No score is below one half though both
labels occur, but at least one row in a hundred is below 0.55; half of the negatives score above 0.6; and the mean score
exceeds the share of positives by more than 6 standard errors, sqrt(mean of p (1 - p) / n), which calibrated scores do
not do. An error where the score does not rank the rows (area under the curve 0.6 or less), a warning where it ranks
them a little; from 0.8 on it is a score of one class, and other rules speak. A queue for review that keeps p >= 0.5 and
is calibrated is no finding.

**Mend it.** Write the predicted label beside the score: `xent score` then takes p where the positive class is predicted
and 1 - p where the other is. Or write the probability itself. Keras: `model.predict(x)[:, 1]`, not `.max(axis=1)`.
PyTorch: `torch.softmax(logits, 1)[:, 1]`, not `.max(1).values`; a pipeline of transformers gives the scores of all
classes with `top_k=None`. scikit-learn: `predict_proba(X)[:, 1]`, not `.max(axis=1)`; PyCaret:
`predict_model(model, raw_score=True)`.

```python
>>> from math import log
>>> chances, labels = [0.97, 0.9, 0.2, 0.05], [1, 1, 0, 0]
>>> def loss(scores): return -sum(log(s if y else 1 - s) for s, y in zip(scores, labels)) / 4
>>> sure = [max(p, 1 - p) for p in chances]
>>> sure
[0.97, 0.9, 0.8, 0.95]
>>> round(loss(chances), 3), round(loss(sure), 3)
(0.103, 1.185)

```
""",
        explains=("XE404", "XE405", "XE406", "XE408"),
    ),
)  # fmt: skip
