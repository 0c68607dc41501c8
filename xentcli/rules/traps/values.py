"""Rules on the values of scores: decisions instead of probabilities, roundings, the same scores for all.

Floor 6. Pure functions of `TrapSeen`.
"""

from math import log

from xentcli.rules.finding import Level
from xentcli.rules.rule import Hit, Rule
from xentcli.rules.traps.activations import single_column_softmax
from xentcli.rules.traps.seen import MIN_ROWS, TrapSeen
from xentcli.rules.traps.words import of_rows
from xentcli.tally.losses import EPS
from xentcli.tally.traps.grain import Grain

_DECIMALS = (Grain.ONE_DECIMAL, Grain.TWO_DECIMALS, Grain.THREE_DECIMALS)
_MIN_CONSTANT = 10


def _hard_scores(seen: TrapSeen) -> Hit | None:
    values = seen.traps.values
    if seen.loss is None:
        return _without_loss(seen)
    if not values.hard or values.constant or seen.impossible == 0:
        return None  # a forest that is sure and right in every row is possible
    return Hit(
        f"every score of all {seen.rows:,} rows is 0 or 1: decisions, not probabilities; each miss costs the clip,"
        f" -log 2^-52 = {-log(EPS):.2f}, so the loss {seen.loss:.4g} only counts the {seen.impossible:,} misses",
        "save what the model gives before arg-max or rounding (predict_proba, the output of softmax); if there is none,"
        " write one column of predicted labels, which is scored without a loss",
        seen.rows,
        columns=seen.plan.scores[:10],
    )


def _without_loss(seen: TrapSeen) -> Hit:
    return Hit(
        f"every score of all {seen.rows:,} rows is 0 or 1: decisions, not probabilities, and no loss can be had from"
        f" them; subset accuracy {seen.accuracy:.4f} is that of the decisions",
        "save what the model gives before rounding (predict_proba, the output of the sigmoid); --scale probabilities"
        " if the model is as sure as that",
        seen.rows,
        columns=seen.plan.scores[:10],
    )


def _coarse_scores(seen: TrapSeen) -> Hit | None:
    values = seen.traps.values
    grain = next((one for one in _DECIMALS if one in values.grains), None)
    if grain is None or values.hard or values.constant or values.inner < MIN_ROWS:
        return None
    unit = grain.unit
    effect = (
        f"{of_rows(seen.impossible, seen.rows)} give what happened 0 and cost {-log(EPS):.2f} each,"
        f" {seen.impossible * -log(EPS) / seen.rows:.3g} of the loss {seen.loss:.4g}"
        if seen.impossible and seen.plain and seen.plan.weight is None and not seen.several
        else f"if rounded, {5 * unit:g} may have been {4.5 * unit:g} or {5.5 * unit:g}, which moves the loss of such a"
        " row by 0.1"
    )
    return Hit(
        f"all scores are multiples of {unit:g}, rounded or votes of few trees or neighbours: {effect}",
        "save scores with all their digits, as float32 or %.7g; scores that are votes are honest as they are, more"
        " voters make them finer",
        seen.rows,
        columns=seen.plan.scores[:10],
    )


def _constant_scores(seen: TrapSeen) -> Hit | None:
    values = seen.traps.values
    if values.low is None or seen.rows < _MIN_CONSTANT or single_column_softmax(seen):
        return None
    shown = ", ".join(f"{one:.4g}" for one in values.low[:6].tolist()) + (", ..." if len(values.low) > 6 else "")
    return Hit(
        f"all {seen.rows:,} rows have the same scores ({shown}): they say nothing about a row, and loss"
        f" {seen.loss:.4g} and accuracy {seen.accuracy:.4f} are those of a constant",
        "look for inputs that are all the same (scaled twice, filled with 0), for dead or frozen layers, for training"
        " that broke off, or for one prediction that was written again and again",
        seen.rows,
        columns=seen.plan.scores[:10],
    )


VALUE_RULES: tuple[Rule[TrapSeen], ...] = (
    Rule(
        "XE211", "hard-scores", (Level.WARNING,), "scores that are all 0 or 1: decisions", _hard_scores,
        """\
Every score is 0 or 1: somebody decided, and what the model thought is gone.

**Why it bites.** A log loss of decisions is the number of misses times whatever the tool clips at: 36.04 here and in
scikit-learn for float64, 16.12 in Keras (1e-7), 100 in PyTorch's `BCELoss`, infinite in its `NLLLoss`. It measures the
clip. The area under the curve of decisions has one point.

**How it is seen.** No score of any row is anything else, and some rows are missed. A file with one column of decisions
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
"""The one rule that decisions on several labels are asked."""
