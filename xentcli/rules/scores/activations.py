"""Rules XE206 and XE210: a last activation too many, or one that has nothing to do.

Floor 6.
"""

from xentcli.phrases import losses, rates
from xentcli.rules.chance import LOG_LEVEL, Z_LEVEL, log_tail, mean_gain_z
from xentcli.rules.facts import MIN_ROWS, ScoreFacts
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.tally.traps.undone import ROUNDING, Wall

_AT_THE_WALL = 20
"""If nothing makes 0 a wall, scores a little above it and a little below are alike: 2^-20 is a millionth."""


_MANY = 0.5
"""Where rounding blurs the wall, so many of the rows must stand at it."""

_PILED = 0.25
"""So many of the rows of a sure model stand at the wall at least."""

_SPREAD = 0.25
"""Rows of different scores are spread over so much of their way to the wall at least."""


_UNDO_SOFTMAX = "p = np.log(s) + (1 - np.log(s).sum(axis=1, keepdims=True)) / {}"


def single_column_softmax(facts: ScoreFacts) -> bool:
    """Whether there is one score a row, and it is always 1."""
    values = facts.traps.values
    if not facts.traps.single or values.low is None or values.high is None:
        return False
    return bool(facts.scored > 1 and values.low[0] == 1.0 and values.high[0] == 1.0)


def double_activation(facts: ScoreFacts) -> bool:
    """Whether one activation less gives probabilities, and chance did not make them look so.

    At least 20 rows stand at the wall: a class has nearly the smallest probability that an activation of probabilities
    can leave, and no row has less (a sign test, 2^-20). Beyond that, either the loss is lower with one activation less,
    by 4.75 standard errors of the mean paired difference, or rows pile up right at the wall, as those of a sure model
    do. Honest weak models fail the first: nothing stops them at that wall.
    """
    undone = facts.traps.undone
    if not undone.alive or facts.scored < MIN_ROWS or not undone.walls.stands:
        return False
    wall, rows = undone.walls.wall, facts.scored
    blurred = wall.slack * undone.classes > ROUNDING
    if wall.near < max(_AT_THE_WALL, rows * _MANY if blurred else 0):
        return False
    gain = float(undone.now.total() - wall.then.total())
    return (gain > 0.0 and mean_gain_z(gain, float(wall.square.total()), rows) > Z_LEVEL) or _piled_up(wall, rows)


def _piled_up(wall: Wall, rows: int) -> bool:
    """Whether far more rows are close to the wall than a smooth spread leaves there, and not all at one place.

    Trees and votes give few different scores: one of them may stand close to the wall in many rows.
    """
    if wall.near < rows * _PILED or wall.spread < _SPREAD:
        return False
    return log_tail(wall.close, wall.near, wall.close_share) <= LOG_LEVEL


def _double(facts: ScoreFacts) -> Hit | None:
    if not double_activation(facts):
        return None
    undone, rows = facts.traps.undone, facts.scored
    now, then = (float(one.total()) / rows for one in (undone.now, undone.walls.wall.then))
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
    surer = " (higher, for the model is too sure where it is wrong)" if then > now else ""
    return Hit(
        f"all scores lie within [{low:.4f}, {high:.4f}], which is all that a {name} of probabilities can reach;"
        f" with one {name} less: {loss} {' -> '.join(losses(now, then))}{surer}{accuracy}",
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
every row, up to what rounding explains (half a unit over the smallest score, twice: 4 decimals, 5, float16 ...); at
least 20 rows stand at the wall that such scores cannot cross, half of them where rounding blurs it; and either the loss
is lower, beyond chance at one in a million, or rows pile up right at the wall, as those of a model do that is far too
sure. An honest weak model may lie in that range too, but nothing stops it at the wall.

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
        explains=("XE405", "XE414"),
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
