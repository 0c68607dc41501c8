"""Rules on probabilities at the ends of their range, on sums that are not 1, and on logs taken for something else.

Floor 6. Pure functions of `MetricFacts`.
"""

from xentcli.rules.finding import Level
from xentcli.rules.metrics.facts import MetricFacts
from xentcli.rules.rule import Hit, Rule
from xentcli.task.model import Kind, Scale
from xentcli.words import counted, losses

DECIDES = 0.01
"""Losses that differ by more than this share of the headline's are two answers."""

VISIBLE = 1e-4
"""What four digits show."""

_SIGMOID_ENDS = {"halffloat": ("float16", "8.4", "-17"), "float": ("float32", "17", "-104")}
"""By Arrow type: its name, from which logit on a sigmoid is exactly 1, and below which it is exactly 0."""


def _log_probabilities(seen: MetricFacts) -> Hit | None:
    said = seen.subject.reading.said
    if not seen.subject.log_probabilities or seen.subject.reading.given or said is Scale.LOG_PROBABILITIES:
        return None
    named = f"though the columns are named like {said.value}" if said is not None else "though no name says so"
    effect = "they were read as such, so the loss is minus the score of the true class"
    if seen.subject.scale is Scale.LOGITS:
        effect = "they went through a softmax, which leaves log-probabilities as they are; a sigmoid would not"
    return Hit(
        f"the scores of {counted(seen.scored, 'row')} are log-probabilities, {named}: none is above 0, and the"
        f" exponentials of a row sum to 1; {effect}",
        "name the columns log_prob_..., or confirm with --scale log-probabilities; NLLLoss takes such scores,"
        " CrossEntropyLoss the logits before",
        seen.scored,
        level=Level.WARNING if said is Scale.PROBABILITIES else Level.NOTE,
    )


def _saturated(seen: MetricFacts) -> Hit | None:
    if seen.subject.scale is not Scale.PROBABILITIES or seen.loss is None:
        return None
    impossible, certain = seen.edges.impossible, seen.edges.certain
    several = seen.kind is Kind.MULTILABEL
    if impossible.count:
        given = "what came true of some label was given" if several else "the true class was given"
        return Hit(
            f"{given} the probability 0 in {impossible.count:,} of {seen.scored:,} rows, which costs infinitely much:"
            f" the clip at 2^-52 makes that 36.04 each, and the mean loss {seen.loss.value:.4g}{_why(seen)}",
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
        f"{given} the probability 1 in {certain:,} of {seen.scored:,} rows: that costs nothing here, but the same"
        f" certainty about another class would make the loss infinite{_why(seen)}",
        "keep logits beside probabilities; forests and nearest neighbours say 0 and 1 honestly",
        certain,
    )


def _why(seen: MetricFacts) -> str:
    """Say whether the dtype explains scores of exactly 0 or 1; float64 and text have room for nearly all."""
    dtype = seen.subject.reading.dtype
    if dtype in _SIGMOID_ENDS:
        name, one, zero = _SIGMOID_ENDS[dtype]
        if seen.kind is Kind.MULTICLASS and dtype == "float" and seen.edges.impossible.count:
            return f"; {name} does not explain it: a softmax gives 0 only {zero.removeprefix('-')} logits below the top"
        return f"; {name} may explain it: a sigmoid is exactly 1 from logit {one} on, and 0 below {zero}"
    return ""


def _clipping_decides(seen: MetricFacts) -> Hit | None:
    unlikely, theirs = seen.edges.unlikely, seen.rivals.keras_loss
    if seen.loss is None or theirs is None or not unlikely.count:
        return None
    ours = seen.loss.value
    if abs(theirs - ours) <= DECIDES * ours:
        return None
    given = "what came true of some label was given" if seen.kind is Kind.MULTILABEL else "the true class was given"
    at_ours, at_theirs, *free = losses(*(one for one in (ours, theirs, seen.loss.unclipped) if one is not None))
    return Hit(
        f"{given} less than 1e-7 in {unlikely.count:,} of {seen.scored:,} rows, and the loss hangs on where that is"
        f" clipped: {at_ours} at 2^-52, {at_theirs} at Keras' 1e-7 ({theirs / ours - 1:+.1%}),"
        f" {free[0] if free else 'infinite'} without a clip",
        "look at these rows first (--worst 10): wrong labels are the usual cause; compute the loss from logits, and"
        " compare no losses of two frameworks on such scores",
        unlikely.count,
        unlikely.rows,
    )


def _renormalised(seen: MetricFacts) -> Hit | None:
    loss, undivided = seen.loss, seen.rivals.undivided_loss
    if loss is None or not loss.renormalised or seen.subject.normalize or undivided is None:
        return None
    off = abs(undivided - loss.value)
    if off <= VISIBLE * loss.value:
        return None
    divided, as_they_are = losses(loss.value, undivided)
    leads = seen.edges.unexplained > 0  # then XE203 or XE204 names the mistake, and this is what it does to the loss
    return Hit(
        f"the loss is {divided} with each row divided by its sum, and {as_they_are} with the scores as they"
        f" are: the sum is not 1 in {loss.renormalised:,} of {seen.scored:,} rows; Keras divides, PyTorch's NLLLoss and"
        " scikit-learn from 1.5 on do not",
        "end the model in a softmax and leave its rows as they are"
        if leads
        else "the scores are rounded, which explains the sums: write all their digits, or accept the division with"
        " --normalize",
        loss.renormalised,
        seen.edges.divided.rows,
        level=Level.WARNING if off > DECIDES * loss.value and not leads else Level.NOTE,
    )


PROBABILITY_RULES: tuple[Rule[MetricFacts], ...] = (
    Rule(
        "XE202", "log-probabilities", (Level.WARNING, Level.NOTE),
        "scores that are all <= 0 and whose exponentials sum to 1", _log_probabilities,
        """\
Scores that are never positive and whose exponentials sum to 1 are the output of log-softmax.

**Why it bites.** A softmax over them is harmless: it gives the probabilities. A sigmoid is not: it makes p / (1 + p)
of every p, so that certainty becomes 0.5. As probabilities they are out of range, and losses that clip make the same
of every one.

**How it is seen.** At least 99 of 100 rows have no score above 0 and exponentials that sum to 1. They are read as
log-probabilities, or as logits where the columns are named so. A warning if they are named probabilities, else a note.

**Mend it.** PyTorch: `NLLLoss` takes them, `CrossEntropyLoss` the logits before. Keras: apply `ops.exp`, or leave the
log out and pass `from_logits=True`. scikit-learn: `predict_proba`, not `predict_log_proba`. Name what is written.

```python
>>> from math import exp, log
>>> p = 0.9
>>> round(1 / (1 + exp(-log(p))), 3)
0.474

```
""",
    ),
    Rule(
        "XE207", "saturated-probabilities", (Level.NOTE, Level.WARNING), "probabilities of exactly 0 or 1", _saturated,
        """\
A probability of exactly 0 says "never". If that class comes true once, the loss is infinite.

**Why it bites.** Every report then shows its clip, not the model: 36.04 a row in float64 scikit-learn, 16.12 in Keras,
100 in PyTorch's `BCELoss`, infinite in `NLLLoss`. And logits cannot be had back from 0 and 1.

**How it is seen.** Rows that give what happened exactly 0 (a warning) or exactly 1 (a note) are counted, and the dtype
is named where it explains them: a sigmoid in float16 is 1 from logit 8.4 on, in float32 from 17, in float64 from 37.
Forests and nearest neighbours vote 0 and 1 honestly.

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
    Rule(
        "XE406", "clipping-decides", (Level.WARNING,), "a loss that hangs on where probabilities are clipped",
        _clipping_decides,
        """\
A few rows are certain and wrong. What they cost is not the model's choice but the clip's, and the mean follows them.

**Why it bites.** Ten rows in a thousand with p = 0 add 0.36 to a loss clipped at 2^-52 and 0.16 to one clipped at
1e-7. A "better" loss may be another framework.

**How it is seen.** Some rows give what happened less than 1e-7, and the loss with Keras' clip differs from the headline
by more than 1 %.

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
