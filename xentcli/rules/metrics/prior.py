"""Rule XE413: classes or labels that occur less or more often than the scores expect.

Floor 6.
"""

from xentcli.phrases import losses
from xentcli.rules.facts import MIN_ROWS, ScoreFacts, TaskFacts
from xentcli.rules.metrics.prior_shift import PriorShift, Shift
from xentcli.rules.metrics.sampled_fit import fitted, on_a_sample, worth
from xentcli.rules.order.pairing import confidence_as_probability
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.rules.scores.activations import double_activation
from xentcli.terms import Kind

_MOST_CLASSES = 200

_SHOWN = 5


def moved_prior(facts: TaskFacts) -> PriorShift | None:
    """Return the shares that moved, where a shift explains more than a temperature and is worth a word.

    Where columns are mixed up, upside down or no probabilities of a class, other rules speak.
    """
    scores = facts.scores
    if scores is None or facts.subject.soft or facts.loss is None or scores.class_count > _MOST_CLASSES:
        return None
    found = scores.fits.prior
    if found is None or found.rows < MIN_ROWS or not worth(*found.loss) or _otherwise_explained(scores):
        return None
    fit = fitted(facts)
    return None if fit is None or fit.loss[1] <= found.loss[1] else found


def prior_explains(facts: TaskFacts) -> bool:
    """Whether shares moved, and once that is undone no temperature is worth a word."""
    found = moved_prior(facts)
    return found is not None and not worth(found.loss[1], found.tempered)


def _otherwise_explained(scores: ScoreFacts) -> bool:
    mixed = scores.order is not None or (scores.labels is not None and scores.labels.seen)
    upside_down = scores.auc is not None and scores.auc < 0.5
    alike = scores.traps.values.constant
    return mixed or upside_down or alike or confidence_as_probability(scores) or double_activation(scores)


def _moved(facts: TaskFacts) -> Hit | None:
    found = moved_prior(facts)
    if found is None:
        return None
    names, moved = facts.subject.classes, found.moved
    if facts.kind is Kind.BINARY:
        moved = tuple(one for one in moved if names[one.of] == facts.subject.positive) or moved[:1]
    shown = "; ".join(_words(names[one.of], one, found.rows, facts.kind) for one in moved[:_SHOWN])
    more = f"; and {len(moved) - _SHOWN:,} more" if len(moved) > _SHOWN else ""
    before, after = losses(*found.loss)
    plain = facts.scores is not None and facts.scores.plain and facts.weights.row_total is None
    return Hit(
        f"the scores expect other shares than there are, by {abs(found.standard_errors):.1f} standard errors: {shown}"
        f"{more}; that would bring the {'loss' if plain else 'plain loss'} from {before} to"
        f" {after}{on_a_sample(facts, found.rows)}",
        "if the model was trained on other shares (a balanced sample, class weights), subtract the log-odds that this"
        " added, or fit the shift on rows that training did not see; thresholds move with it",
        len(moved),
        columns=tuple(names[one.of] for one in moved[:10]),
    )


def _words(name: str, one: Shift, rows: int, kind: Kind) -> str:
    logit, where = one.logit, "logit"
    if kind is Kind.BINARY:
        logit = 2.0 * logit  # half of it is taken from the other class
    if kind is not Kind.MULTICLASS:
        where = "log-odds"
    seen = f"{name!r} has the mean score {one.expected / rows:.4g} and the share {one.seen / rows:.4g}"
    return f"{seen} (add {logit:+.3g} to its {where})"


PRIOR_RULES: tuple[Rule[TaskFacts], ...] = (
    Rule(
        "XE413", "prior-moved", (Level.NOTE,), "classes or labels that occur less or more often than the scores expect",
        _moved,
        """\
The mean score of a class is far from its share: the model was made for other shares than those that it is scored on.

**Why it bites.** A model that was trained on as many frauds as other cards gives 0.5 where a fraud is one in a hundred.
It ranks the rows well, and its area under the curve is fine; its loss, its accuracy at 0.5 and every cost that is
multiplied by its scores are not.

**How it is seen.** The scores of a class or label add up to more or fewer rows than it has, by more than 6 standard
errors, sqrt(sum of p (1 - p)). The shift of the log-odds that makes both equal also minimises the loss; it is told if
it gains 0.001 nats and 1 % of the loss or more, and more than a temperature would (XE408). Up to 32,768 rows, and up to
131,072 scores, are looked at, which are sampled by their own numbers where there are more; up to 200 classes. Rows
count once, whatever they weigh. Passed over where the columns are mixed up or upside down (XE301, XE303, XE309, XE312,
XE313), activated twice (XE206) or the same in every row (XE210, XE213).

**Mend it.** Add the shift to the log-odds. scikit-learn: `class_weight="balanced"` and resampling move the intercept;
leave them out, or fit `CalibratedClassifierCV` on rows as they come. PyTorch: `pos_weight=w` of `BCEWithLogitsLoss`
adds log(w) to the log-odds, and a `WeightedRandomSampler` the logarithm of its ratio: subtract it. Keras: likewise
`class_weight` of `fit`; or set the bias of the last layer.

```python
>>> from math import exp, log
>>> def odds(p): return p / (1 - p)
>>> trained, now = 0.5, 0.02  # the share of the positive class
>>> shift = log(odds(now)) - log(odds(trained))
>>> round(shift, 3)
-3.892
>>> round(1 / (1 + exp(-(log(odds(0.9)) + shift))), 3)  # what a score of 0.9 is worth
0.155

```
""",
    ),
)  # fmt: skip
