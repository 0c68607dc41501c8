"""Rules XE406 and XE407: a loss that a clip or a division by row sums decides.

Floor 6.
"""

from xentcli.phrases import losses
from xentcli.rules.facts import TaskFacts
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.terms import Kind, Scale

DECIDES = 0.01
"""Losses that differ by more than this share of the headline's are two answers."""


NARROW = {"halffloat", "float"}
"""Arrow's types in which a sigmoid of usual logits is exactly 0 or 1."""


VISIBLE = 1e-4
"""What four digits show."""


def clip_decides(facts: TaskFacts) -> bool:
    """Whether the loss with Keras' clip is another one than the headline."""
    theirs = facts.rivals.keras_loss
    if facts.loss is None or theirs is None or not facts.on_limits.unlikely.count:
        return False
    return abs(theirs - facts.loss.value) > DECIDES * facts.loss.value


def _clipping_decides(facts: TaskFacts) -> Hit | None:
    unlikely, theirs = facts.on_limits.unlikely, facts.rivals.keras_loss
    if facts.loss is None or theirs is None or not clip_decides(facts) or zeros_say_it(facts):
        return None
    ours, zeros = facts.loss.value, facts.on_limits.impossible.count
    given = "what came true of some label was given" if facts.kind is Kind.MULTILABEL else "the true class was given"
    exactly = f" ({zeros:,} of them exactly 0)" if zeros else ""
    at_ours, at_theirs, *free = losses(*(one for one in (ours, theirs, facts.loss.unclipped) if one is not None))
    return Hit(
        f"{given} less than 1e-7 in {unlikely.count:,} of {facts.scored:,} rows{exactly}, and the loss hangs on where"
        f" that is clipped: {at_ours} at 2^-52, {at_theirs} at Keras' 1e-7 ({theirs / ours - 1:+.1%}),"
        f" {free[0] if free else 'infinite'} without a clip",
        "look at these rows first (--worst 10): wrong labels are the usual cause; compute the loss from logits, and"
        " compare no losses of two frameworks on such scores",
        unlikely.count,
        unlikely.rows,
    )


def zeros_say_it(facts: TaskFacts) -> bool:
    """Whether XE207 speaks of these very rows: all are exactly 0, or the dtype explains why many are."""
    impossible = facts.on_limits.impossible.count
    if not impossible or facts.subject.scale is not Scale.PROBABILITIES:
        return False
    return impossible == facts.on_limits.unlikely.count or facts.subject.reading.dtype in NARROW


def _renormalised(facts: TaskFacts) -> Hit | None:
    loss, undivided = facts.loss, facts.rivals.undivided_loss
    if loss is None or not loss.renormalised or facts.subject.normalize or undivided is None:
        return None
    off = abs(undivided - loss.value)
    if off <= VISIBLE * loss.value:
        return None
    divided, as_they_are = losses(loss.value, undivided)
    leads = (
        facts.on_limits.unexplained > 0
    )  # then XE203 or XE204 names the mistake, and this is what it does to the loss
    return Hit(
        f"the loss is {divided} with each row divided by its sum, and {as_they_are} with the scores as they"
        f" are: the sum is not 1 in {loss.renormalised:,} of {facts.scored:,} rows; Keras divides, PyTorch's NLLLoss"
        " and"
        " scikit-learn from 1.5 on do not",
        "end the model in a softmax and leave its rows as they are"
        if leads
        else "the scores are rounded, which explains the sums: write all their digits, or accept the division with"
        " --normalize",
        loss.renormalised,
        facts.on_limits.divided.rows,
        level=Level.WARNING if off > DECIDES * loss.value and not leads else Level.NOTE,
    )


CLIPPING_RULES: tuple[Rule[TaskFacts], ...] = (
    Rule(
        "XE406", "clipping-decides", (Level.WARNING,), "a loss that hangs on where probabilities are clipped",
        _clipping_decides,
        """\
A few rows are certain and wrong. What they cost is not the model's choice but the clip's, and the mean follows them.

**Why it bites.** Ten rows in a thousand with p = 0 add 0.36 to a loss clipped at 2^-52 and 0.16 to one clipped at
1e-7. A "better" loss may be another framework.

**How it is seen.** Some rows give what happened less than 1e-7, and the loss with Keras' clip differs from the headline
by more than 1 %. Where all of these rows give it exactly 0, or the dtype explains such zeros, XE207 says so instead.

**Mend it.** Find what those rows have in common; wrong labels are the usual answer. Report the loss from logits (Keras:
`from_logits=True`; PyTorch: `CrossEntropyLoss`). scikit-learn clips at the machine epsilon of the dtype: pass float64.
Accuracy and the Brier score do not depend on a clip.

```python
>>> from math import log
>>> rest = 990 * 0.2
>>> round((rest - 10 * log(2 ** -52)) / 1000, 3), round((rest - 10 * log(1e-7)) / 1000, 3)
(0.558, 0.359)

```
""",
    ),
    Rule(
        "XE407", "renormalised", (Level.WARNING, Level.NOTE), "rows whose division by their sum changes the loss",
        _renormalised,
        """\
Rows of probabilities that do not sum to 1 have two losses: of the scores as they are, and of the scores divided by
their sum.

**Why it bites.** Keras' categorical cross-entropy divides; scikit-learn did until 1.4 and no longer does; `NLLLoss` of
`log(p)` does not, `CrossEntropyLoss` of it does. Keras' sparse form on TensorFlow clips first and divides afterwards,
so that a row of zeros costs ln K there and is no number in the categorical form: one-hot and index labels of the same
rows part.

**How it is seen.** Rows whose sum is off 1 by more than 1e-3 were divided, and the loss without that is another one: a
warning from 1 %, a note below. Where no rounding explains the sums, XE203 or XE204 names the mistake, and this stays
the note that says what it does to the loss.

**Mend it.** Sigmoid units for classes that exclude each other are the usual cause: end in `softmax` (Keras, PyTorch).
In scikit-learn `OneVsRestClassifier` divides by itself. Averages of models: average, do not multiply. `--normalize`
accepts the division.

```python
>>> from math import log
>>> row, true = [0.6, 0.3, 0.3], 0
>>> round(-log(row[true]), 3), round(-log(row[true] / sum(row)), 3)
(0.511, 0.693)

```
""",
    ),
)  # fmt: skip
