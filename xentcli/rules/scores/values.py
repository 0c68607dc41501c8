"""Rules XE207, XE211, XE212 and XE213: scores of exactly 0 or 1, rounded scores, the same scores for all.

Floor 6.
"""

from math import log

from xentcli.phrases import losses
from xentcli.rules.facts import MIN_ROWS, ScoreFacts, TaskFacts
from xentcli.rules.metrics.clipping import clip_decides, zeros_say_it
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.rules.scores.activations import single_column_softmax
from xentcli.rules.wording import of_rows
from xentcli.scoring.model import Loss
from xentcli.tally.losses import EPS
from xentcli.tally.traps.values import Grain
from xentcli.terms import Kind, Scale

_DECIMALS = (Grain.ONE_DECIMAL, Grain.TWO_DECIMALS, Grain.THREE_DECIMALS)


_MIN_CONSTANT = 10

_MISSES = 10
"""Three neighbours that all err are at most a third as likely as three that differ: 4^-10 is a millionth."""


def _hard_scores(facts: ScoreFacts) -> Hit | None:
    values = facts.traps.values
    if facts.loss is None:
        return _without_loss(facts)
    if not values.hard or values.constant or facts.impossible == 0:
        return None  # a forest that is sure and right in every row is possible
    few = facts.impossible < _MISSES
    what = "decisions, or votes of few neighbours or trees that agree in all rows" if few else "decisions"
    plain = facts.plain and facts.plan.weight is None and not facts.multilabel
    cost = (
        f"each miss costs the clip, -log 2^-52 = {-log(EPS):.2f}, so the loss {facts.loss:.4g} only counts the"
        f" {facts.impossible:,} {'miss' if facts.impossible == 1 else 'misses'}"
        if plain
        else f"a miss costs what the clip at 2^-52 makes of it, and the loss {facts.loss:.4g} hangs on that"
    )
    return Hit(
        f"every score of all {facts.scored:,} rows is 0 or 1: {what}, not probabilities; {cost}",
        "save what the model gives before arg-max or rounding (predict_proba, the output of softmax); if there is none,"
        " write one column of predicted labels, which is scored without a loss",
        facts.scored,
        columns=facts.plan.scores[:10],
        level=Level.NOTE if few else Level.WARNING,
    )


def _without_loss(facts: ScoreFacts) -> Hit:
    return Hit(
        f"every score of all {facts.scored:,} rows is 0 or 1: decisions, not probabilities, and no loss can be had from"
        f" them; subset accuracy {facts.accuracy:.4f} is that of the decisions",
        "save what the model gives before rounding (predict_proba, the output of the sigmoid); --scale probabilities"
        " if the model is as sure as that",
        facts.scored,
        columns=facts.plan.scores[:10],
    )


def _coarse_scores(facts: ScoreFacts) -> Hit | None:
    values = facts.traps.values
    grain = next((one for one in _DECIMALS if one in values.grains), None)
    if grain is None or values.hard or values.constant or values.inner < MIN_ROWS:
        return None
    unit = grain.unit
    effect = (
        f"{of_rows(facts.impossible, facts.scored)} give what happened 0 and cost {-log(EPS):.2f} each,"
        f" {facts.impossible * -log(EPS) / facts.scored:.3g} of the loss {facts.loss:.4g}"
        if facts.impossible and facts.plain and facts.plan.weight is None and not facts.multilabel
        else f"if rounded, {5 * unit:g} may have been {4.5 * unit:g} or {5.5 * unit:g}, which moves the loss of such a"
        " row by 0.1"
    )
    return Hit(
        f"all scores are multiples of {unit:g}, rounded or votes of few trees or neighbours: {effect}",
        "save scores with all their digits, as float32 or %.7g; scores that are votes are honest as they are, more"
        " voters make them finer",
        facts.scored,
        columns=facts.plan.scores[:10],
    )


def _constant_scores(facts: ScoreFacts) -> Hit | None:
    values = facts.traps.values
    if values.low is None or facts.scored < _MIN_CONSTANT or single_column_softmax(facts):
        return None
    shown = ", ".join(f"{one:.4g}" for one in values.low[:6].tolist()) + (", ..." if len(values.low) > 6 else "")
    return Hit(
        f"all {facts.scored:,} rows have the same scores ({shown}): they say nothing about a row, and loss"
        f" {facts.loss:.4g} and accuracy {facts.accuracy:.4f} are those of a constant",
        "look for inputs that are all the same (scaled twice, filled with 0), for dead or frozen layers, for training"
        " that broke off, or for one prediction that was written again and again",
        facts.scored,
        columns=facts.plan.scores[:10],
    )


_SIGMOID_ENDS = {"halffloat": ("float16", "8.4", "-17"), "float": ("float32", "17", "-104")}
"""By Arrow type: its name, from which logit on a sigmoid is exactly 1, and below which it is exactly 0."""


def _saturated(facts: TaskFacts) -> Hit | None:
    if facts.subject.scale is not Scale.PROBABILITIES or facts.loss is None:
        return None
    impossible, certain = facts.on_limits.impossible, facts.on_limits.certain
    several = facts.kind is Kind.MULTILABEL
    if impossible.count and clip_decides(facts) and not zeros_say_it(facts):
        return None  # XE406 speaks of these rows, and of others
    if impossible.count:
        given = "what came true of some label was given" if several else "the true class was given"
        return Hit(
            f"{given} the probability 0 in {impossible.count:,} of {facts.scored:,} rows, which costs infinitely much:"
            f" {_clipped(facts, facts.loss)}{_why(facts)}",
            "compute the loss from logits, in float32 or wider; of voting models smooth the votes,"
            " (votes + 1) / (trees + classes)",
            impossible.count,
            impossible.rows,
            level=Level.WARNING,
        )
    if not certain:
        return None
    given = "what came true of every label was given" if several else "the true class was given"
    return Hit(
        f"{given} the probability 1 in {certain:,} of {facts.scored:,} rows: that costs nothing here, but the same"
        f" certainty about another class would make the loss infinite{_why(facts)}",
        "keep logits beside probabilities; forests and nearest neighbours say 0 and 1 honestly",
        certain,
    )


def _clipped(facts: TaskFacts, loss: Loss) -> str:
    """Say what the clip makes of such rows; where weights or smoothing come on top, not what each costs."""
    plain = facts.scores is not None and facts.scores.plain and facts.weights.row_total is None
    each = f" makes that {-log(EPS):.2f} each, and" if plain and facts.kind is not Kind.MULTILABEL else " makes"
    if facts.rivals.keras_loss is None or not clip_decides(facts):
        return f"the clip at 2^-52{each} the mean loss {losses(loss.value)[0]}"
    ours, theirs = losses(loss.value, facts.rivals.keras_loss)
    more = f"{facts.rivals.keras_loss / loss.value - 1:+.1%}"
    return f"the clip at 2^-52{each} the mean loss {ours}, Keras' clip at 1e-7 {theirs} ({more})"


def _why(facts: TaskFacts) -> str:
    """Say whether the dtype explains scores of exactly 0 or 1; float64 and text have room for nearly all."""
    dtype = facts.subject.reading.dtype
    if dtype in _SIGMOID_ENDS:
        name, one, zero = _SIGMOID_ENDS[dtype]
        if facts.kind is Kind.MULTICLASS and dtype == "float" and facts.on_limits.impossible.count:
            return f"; {name} does not explain it: a softmax gives 0 only {zero.removeprefix('-')} logits below the top"
        return f"; {name} may explain it: a sigmoid is exactly 1 from logit {one} on, and 0 below {zero}"
    return ""


VALUE_RULES: tuple[Rule[ScoreFacts], ...] = (
    Rule(
        "XE211", "hard-scores", (Level.WARNING, Level.NOTE), "scores that are all 0 or 1: decisions", _hard_scores,
        """\
Every score is 0 or 1: somebody decided, and what the model thought is gone.

**Why it bites.** A log loss of decisions is the number of misses times whatever the tool clips at: 36.04 here and in
scikit-learn for float64, 16.12 in Keras (1e-7), 100 in PyTorch's `BCELoss`, infinite in its `NLLLoss`. It measures the
clip. The area under the curve of decisions has one point.

**How it is seen.** No score of any row is anything else, and some rows are missed: a note up to nine of them, for the
votes of three neighbours may agree in every one of few rows, a warning from ten on. A file with one column of decisions
is read as predicted labels, and has no loss; nor do 0/1 columns or arrays where a row may have several labels, unless
`--scale probabilities` says that the model is as sure as that.

**Mend it.** Keras and PyTorch: save the output before `argmax`, `round` or `> 0.5`. scikit-learn: `predict_proba`, not
`predict`; of an SVM `CalibratedClassifierCV(SVC(), ensemble=False)`. A single fully grown tree gives 0 and 1 by itself:
grow a forest, or set `min_samples_leaf`.

```python
>>> from math import log
>>> misses, rows = 30, 1000
>>> [round(-log(clip) * misses / rows, 3) for clip in (2 ** -52, 1e-7, 1e-15)]
[1.081, 0.484, 1.036]

```
""",
        explains=("XE207", "XE405", "XE406", "XE408"),
    ),
    Rule(
        "XE212", "coarse-scores", (Level.NOTE,), "scores that are multiples of 0.1, 0.01 or 0.001", _coarse_scores,
        """\
All scores are multiples of 0.1, 0.01 or 0.001: they were rounded, or counted from few votes.

**Why it bites.** A probability of 0.004 that is written as 0.00 costs 36 instead of 5.5 when it happens. A handful of
such rows can be most of the loss. Ties become frequent, and arg-max takes the first column.

**How it is seen.** The smallest and the largest score of every row (of one column: every score) is exactly what that
many decimals give. Four decimals and more are not told.

**Mend it.** Write float32, or `%.7g` in text. Keras and PyTorch give no such scores: they were rounded on the way out,
by `np.round`, `"%.2f"` or a table meant for people. scikit-learn: votes of `RandomForestClassifier` and
`KNeighborsClassifier` are multiples of 1 / voters, honestly; more trees, or leaves of several rows
(`min_samples_leaf`), give finer ones, and Laplace's rule keeps them off 0: (votes + 1) / (trees + K).

```python
>>> from math import log
>>> p = 0.004
>>> round(-log(p), 2), round(-log(max(round(p, 2), 2 ** -52)), 2)
(5.52, 36.04)

```
""",
    ),
    Rule(
        "XE213", "constant-scores", (Level.WARNING,), "the same scores in every row", _constant_scores,
        """\
The model answers the same whatever it is shown.

**Why it bites.** Its accuracy is the share of one class, which can be 0.97. Its loss is, at best, the entropy of the
shares. Neither says anything about rows.

**How it is seen.** No class's score differs by more than 0.001 % (logits: 0.00001) between any two of ten rows or
more.

**Mend it.** Compare two rows' inputs just before the model: are they the same? Features scaled twice, images that were
divided by 255 twice, an embedding of padding only. Then the model. Keras: `layer.trainable` of every layer, ReLUs that
died at a high learning rate. PyTorch: `requires_grad`, and an optimizer that was given the parameters. scikit-learn:
`DummyClassifier` does this by design, and any regularisation that is too strong (`C=1e-9`) nearly so. Then the
writing: one batch's output repeated.

```python
>>> from math import log
>>> share = 0.97
>>> constant = -(share * log(share) + (1 - share) * log(1 - share))
>>> share, round(constant, 4)
(0.97, 0.1347)

```
""",
    ),
)  # fmt: skip


HARD_SCORES = VALUE_RULES[0]
"""The one of these rules that decisions are asked, too."""


SATURATION_RULES: tuple[Rule[TaskFacts], ...] = (
    Rule(
        "XE207", "saturated-probabilities", (Level.NOTE, Level.WARNING), "probabilities of exactly 0 or 1", _saturated,
        """\
A probability of exactly 0 says "never". If that class comes true once, the loss is infinite.

**Why it bites.** Every report then shows its clip, not the model: 36.04 a row in float64 scikit-learn, 16.12 in Keras,
100 in PyTorch's `BCELoss`, infinite in `NLLLoss`. And logits cannot be had back from 0 and 1.

**How it is seen.** Rows that give what happened exactly 0 (a warning) or exactly 1 (a note) are counted, and the dtype
is named where it explains them: a sigmoid in float16 is 1 from logit 8.4 on, in float32 from 17, in float64 from 37.
Forests and nearest neighbours vote 0 and 1 honestly. Where other rows give what happened less than 1e-7, too, and the
clip decides, XE406 speaks of all of them instead.

**Mend it.** Keras: leave the activation out and use `from_logits=True`. PyTorch: `BCEWithLogitsLoss`,
`CrossEntropyLoss`; under autocast turn logits to float32 before the activation. scikit-learn: more trees or larger
leaves, or `CalibratedClassifierCV`.

```python
>>> import numpy as np
>>> def sigmoid(x): return 1 / (1 + np.exp(-x))
>>> bool(np.float16(sigmoid(8.4)) == 1), bool(np.float32(sigmoid(17.4)) == 1), bool(sigmoid(37.0) == 1)
(True, True, True)

```
""",
    ),
)  # fmt: skip
