"""Rules XE206 and XE210: a last activation too many, or one that has nothing to do.

Floor 6.
"""

from xentcli.phrases import losses, rates
from xentcli.rules.chance import Z_LEVEL, mean_gain_z
from xentcli.rules.facts import MIN_ROWS, ScoreFacts
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.tally.traps.undone import ROUNDING

_AT_THE_WALL = 20
"""If nothing makes 0 a wall, scores a little above it and a little below are alike: 2^-20 is a millionth."""


_UNDO_SOFTMAX = "p = np.log(s) + (1 - np.log(s).sum(axis=1, keepdims=True)) / {}"


def single_column_softmax(facts: ScoreFacts) -> bool:
    """Whether there is one score a row, and it is always 1."""
    values = facts.traps.values
    if not facts.traps.single or values.low is None or values.high is None:
        return False
    return bool(facts.scored > 1 and values.low[0] == 1.0 and values.high[0] == 1.0)


def double_activation(facts: ScoreFacts) -> bool:
    """Whether one activation less gives probabilities with a lower loss, beyond chance at 1e-6 each.

    Two things must hold. At least 20 rows stand at the wall: a class has nearly the smallest probability that an
    activation of probabilities can leave, and no row has less (a sign test, 2^-20). And the mean paired difference of
    the losses is above 0 by 4.75 standard errors. Honest weak models fail the first: nothing stops them at that wall.
    """
    undone = facts.traps.undone
    if not undone.alive or facts.scored < MIN_ROWS or undone.near < _AT_THE_WALL or _too_coarse(facts):
        return False
    gain = float(undone.now.total() - undone.then.total())
    return gain > 0.0 and mean_gain_z(gain, float(undone.square.total()), facts.scored) > Z_LEVEL


def _too_coarse(facts: ScoreFacts) -> bool:
    """Whether scores were rounded so that undone probabilities pile up at the wall by themselves."""
    undone = facts.traps.undone
    steepest = 1.0 / (undone.lowest * (1.0 - undone.highest))
    coarsest = max((one.unit for one in facts.traps.values.grains), default=0.0)
    return 0.5 * coarsest * steepest > ROUNDING / undone.classes


def _double(facts: ScoreFacts) -> Hit | None:
    if not double_activation(facts):
        return None
    undone, rows = facts.traps.undone, facts.scored
    now, then = (float(one.total()) / rows for one in (undone.now, undone.then))
    sigmoids = facts.traps.single or facts.multilabel
    name = "sigmoid" if sigmoids else "softmax"
    called = "BCEWithLogitsLoss" if sigmoids else "CrossEntropyLoss"
    mend = "p = np.log(s / (1 - s))" if sigmoids else _UNDO_SOFTMAX.format(facts.class_count)
    right = undone.right / rows
    weighted = facts.plan.weight is not None
    moves = not weighted and abs(right - facts.accuracy) > 1e-9
    accuracy = f", accuracy {' -> '.join(rates(facts.accuracy, right))}" if moves else ""
    loss = "loss" if facts.plain and not weighted else "loss (plain, without weights)"
    low, high = undone.lowest, undone.highest
    return Hit(
        f"all scores lie within [{low:.4f}, {high:.4f}], which is all that a {name} of probabilities can reach;"
        f" with one {name} less: {loss} {' -> '.join(losses(now, then))}{accuracy}",
        f"leave one {name} out: of a layer under a loss that applies it too (from_logits=True, {called}), or"
        f" of code that calls it again on probabilities; to mend the saved scores s, a row each: {mend}",
        rows,
        columns=facts.plan.scores[:10],
    )


def _single_column(facts: ScoreFacts) -> Hit | None:
    if not single_column_softmax(facts):
        return None
    return Hit(
        f"the one score of a row is 1 in all {facts.scored:,} rows, as a softmax over a single output always is:"
        " accuracy"
        f" {facts.accuracy:.4f} is the share of the positive class, and loss {facts.loss:.4g} what the clip makes of"
        " all"
        " others",
        "end the model in a sigmoid and train it with binary cross-entropy (Dense(1, activation='sigmoid') in Keras,"
        " BCEWithLogitsLoss in PyTorch), or use two outputs with the softmax; the file cannot be mended",
        facts.scored,
        columns=facts.plan.scores[:10],
    )


ACTIVATION_RULES: tuple[Rule[ScoreFacts], ...] = (
    Rule(
        "XE206", "double-activation", (Level.ERROR,), "scores as a softmax or sigmoid of probabilities leaves them",
        _double,
        """\
The scores went through softmax twice, or through sigmoid twice.

**Why it bites.** A softmax of probabilities can reach no more than e / (e + K - 1): 0.73 for two classes, 0.23 for ten.
A model that is sure looks unsure, and its loss cannot fall below 1.46 for ten classes. Accuracy by arg-max does not
change, so nobody notices. A sigmoid of a probability is always above one half: every row becomes positive.

**How it is seen.** All scores lie in the narrow range that is left; one activation less gives valid probabilities in
every row; at least 20 rows stand at the wall that such scores cannot cross; and the loss is lower, beyond chance at one
in a million. An honest weak model may lie in that range too, but nothing stops it at the wall.

**Mend it.** One activation, in one place. Keras: `softmax` in the last layer means `from_logits=False`. PyTorch:
`CrossEntropyLoss` and `BCEWithLogitsLoss` want logits, so no `Softmax` or `Sigmoid` in the model; call `softmax` once
when you predict. scikit-learn: `predict_proba` has been through its activation; `softmax` (of scipy) belongs to
`decision_function`, if anywhere. A saved file is mended by `log(s) + c`, with the c that makes the row sum to 1.

```python
>>> from math import exp, log
>>> def softmax(row): return [exp(one) / sum(map(exp, row)) for one in row]
>>> once = softmax([6.0, 1.0, 0.0])
>>> twice = softmax(once)
>>> [round(one, 3) for one in once], [round(one, 3) for one in twice]
([0.991, 0.007, 0.002], [0.573, 0.214, 0.213])
>>> c = (1 - sum(map(log, twice))) / 3
>>> [round(log(one) + c, 3) for one in twice]
[0.991, 0.007, 0.002]

```
""",
    ),
    Rule(
        "XE210", "single-column-softmax", (Level.ERROR,), "one score a row that is always 1", _single_column,
        """\
A softmax over one output is 1, whatever the input.

**Why it bites.** `exp(z) / exp(z)` is 1. The categorical loss of it is 0 from the first step, so is its gradient, and
nothing is ever learned; every row is predicted positive, and accuracy is the share of positives. The binary loss that
is printed here is that of a certain yes: 0 for positives, the clip (36.04) for all others.

**How it is seen.** There is one score a row, and it is 1 in every row.

**Mend it.** Keras: `Dense(1, activation="sigmoid")` with `binary_crossentropy`, or `Dense(2, activation="softmax")`
with a categorical loss. PyTorch: `BCEWithLogitsLoss` on one logit, or `CrossEntropyLoss` on two. scikit-learn gives a
binary model two columns, and one column of 1s only where training saw a single class (`model.classes_` has one entry):
look at the split. Such a file is of no use; predict anew.

```python
>>> from math import exp
>>> [exp(logit) / sum(map(exp, [logit])) for logit in (-3.0, 0.0, 5.0)]
[1.0, 1.0, 1.0]

```
""",
    ),
)  # fmt: skip
