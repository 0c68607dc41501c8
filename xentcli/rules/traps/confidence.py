"""The rule on the confidence of the predicted class that is taken for the positive class's probability.

Floor 6. Pure functions of `TrapSeen`.
"""

from xentcli.rules.finding import Level
from xentcli.rules.rule import Hit, Rule
from xentcli.rules.traps.activations import double_activation
from xentcli.rules.traps.seen import MIN_ROWS, TrapSeen

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


def confidence_as_probability(seen: TrapSeen) -> bool:
    """Return whether the one score looks like the confidence of whatever class was predicted.

    No score is below one half though both labels occur, but some are close to it; the median score of the negatives is
    above 0.6, and the mean score exceeds the share of the positive class by more than 6 standard errors of calibrated
    scores. A queue for review that keeps p >= 1/2 fails the last if it is calibrated.
    """
    upper = seen.upper
    if upper is None or seen.auc is None or seen.effective < MIN_ROWS or seen.traps.values.constant:
        return False
    if upper.undecided < max(_UNDECIDED, _UNDECIDED_ROWS / seen.effective):
        return False
    if upper.median_negative <= _SURE or upper.standard_errors(seen.effective) <= _STANDARD_ERRORS:
        return False
    return seen.auc < _RANKS and not double_activation(seen)


def _confidence(seen: TrapSeen) -> Hit | None:
    if not confidence_as_probability(seen):
        return None
    upper, plan = seen.upper, seen.plan
    assert upper is not None  # noqa: S101  the rule has read it
    assert seen.auc is not None  # noqa: S101  likewise
    positive, negative = plan.classes[plan.positive or 0], plan.classes[1 - (plan.positive or 0)]
    return Hit(
        f"looks like the confidence of the predicted class, not P(positive): no score is below {upper.lowest:.4g}"
        f" though both labels occur, half of the rows of {negative!r} score above {upper.median_negative:.2f}, and the"
        f" mean score {upper.mean:.4f} exceeds the share of {positive!r}, {upper.share:.4f}, by"
        f" {upper.standard_errors(seen.effective):.1f} standard errors; loss {seen.loss:.4f}, accuracy"
        f" {seen.accuracy:.4f} and area under the curve {seen.auc:.4f} are then not the model's",
        "write the predicted label beside it, and the score is read as p or 1 - p; or write the probability of"
        f" {positive!r}",
        seen.rows,
        columns=plan.scores[:10],
        level=Level.ERROR if seen.auc <= _RANKS_NOTHING else Level.WARNING,
    )


CONFIDENCE_RULES: tuple[Rule[TrapSeen], ...] = (
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
    ),
)  # fmt: skip
