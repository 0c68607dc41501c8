"""Rules XE203, XE204 and XE205: probabilities of classes that exclude each other add up to 1, those of labels do not.

Floor 6.
"""

from math import sqrt

from xentcli.phrases import losses
from xentcli.rules.facts import ScoreFacts
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.rules.wording import of_rows
from xentcli.tally.row_facts import FirstRows
from xentcli.tally.traps.facts import SURE
from xentcli.tally.traps.values import explained
from xentcli.task.rounding import SUM_TOLERANCE
from xentcli.terms import Kind, Scale

_WIDE = 0.02
"""Sums of independent probabilities spread by more than this; sums of one total, such as 100, do not."""


_MOST = 0.5


_UNDECIDED = 20
"""So many rows must leave it open which label holds."""


_COST_OF_ZEROS = "whatever the label, it counts as given 2^-52, the least that the clip leaves"


_APART = 0.05
"""The largest scores of rows must differ by so much."""


def _off(facts: ScoreFacts) -> FirstRows:
    """Return the rows whose sum is off by more than any rounding that the scores show explains."""
    return facts.traps.unexplained()


def _spread(facts: ScoreFacts) -> tuple[float, float]:
    """Return the mean and the standard deviation of the sums that are off 1, those of zeros left out."""
    sums = facts.traps.sums
    count = max(1, sums.off[None].count - sums.zeros.count)
    mean = float(sums.total.total() / count)
    return mean, sqrt(max(0.0, float(sums.square.total() / count) - mean * mean))


def _independent(facts: ScoreFacts) -> bool:
    off = _off(facts).count
    return facts.plan.kind is Kind.MULTICLASS and off > _MOST * facts.scored and off > 1 and _spread(facts)[1] > _WIDE


def _relevant(facts: ScoreFacts) -> bool:
    return (
        not facts.plan.objective.normalize and not facts.multilabel and not facts.traps.single and _off(facts).count > 0
    )


def _rows_off_one(facts: ScoreFacts) -> Hit | None:
    zeros = facts.traps.sums.zeros
    if zeros.count and not facts.multilabel and (facts.plan.objective.normalize or zeros.count == _off(facts).count):
        return _all_zero(facts)
    if not _relevant(facts) or _independent(facts):
        return None
    first, sums = _off(facts), facts.traps.sums
    least, most = losses(sums.least, sums.most)
    spread = f"sums from {least} to {most}" if least != most else f"each sum is {least}"
    but = f"; but {zeros.count:,} of them, all 0, cannot be: {_COST_OF_ZEROS}" if zeros.count else ""
    return Hit(
        f"the scores of {of_rows(first.count, facts.scored)} do not sum to 1, by more than rounding explains"
        f" ({spread}): the loss {facts.loss:.4g} is that of each row divided by its sum, as Keras does; PyTorch's"
        f" NLLLoss and scikit-learn from 1.5 do not divide{but}",
        "look for a class that was dropped, a mean of different models, sigmoids; if they are logits that happen to lie"
        " in [0, 1]: --scale logits; --normalize accepts the division",
        first.count,
        facts.row_facts.row_numbers(first),
        facts.plan.scores[:10],
    )


def _all_zero(facts: ScoreFacts) -> Hit:
    zeros = facts.traps.sums.zeros
    return Hit(
        f"{of_rows(zeros.count, facts.scored)} hold probabilities that are all 0: no distribution, and no sum to divide"
        f" by; {_COST_OF_ZEROS}",
        "mend what writes them (an underflow in half precision, a class that was dropped, rows never predicted)",
        zeros.count,
        facts.row_facts.row_numbers(zeros) if facts.output is None else (),
        facts.plan.scores[:10],
    )


def _independent_sigmoids(facts: ScoreFacts) -> Hit | None:
    if not _relevant(facts) or not _independent(facts):
        return None
    first, (mean, spread) = _off(facts), _spread(facts)
    return Hit(
        f"the scores of {of_rows(first.count, facts.scored)} do not sum to 1 but to {facts.traps.sums.least:.3g} to"
        f" {facts.traps.sums.most:.3g} (mean {mean:.3g}, standard deviation {spread:.2g}), as {facts.class_count}"
        f" independent sigmoids do; the loss {facts.loss:.4g} is that of the rows divided by their sums",
        "if a row has one class, end the model in a softmax; if it may have several, give labels as a 0/1 column each"
        " (--task multilabel); if they are logits that happen to lie in [0, 1]: --scale logits; --normalize accepts the"
        " division",
        first.count,
        facts.row_facts.row_numbers(first),
        facts.plan.scores[:10],
    )


def _softmax_on_labels(facts: ScoreFacts) -> Hit | None:
    """Look for rows that all sum to 1 though their scores differ and leave it open.

    Independent probabilities of an undecided row come within 0.001 of 1 once in a hundred times at most; 20 rows leave
    1e-6 even if they are three opinions only. Rows of one opinion, whose largest scores differ little, are one row.
    """
    traps = facts.traps
    odd = traps.several + traps.unlabelled
    if not facts.multilabel or facts.plan.scale is not Scale.PROBABILITIES or facts.class_count < 2:
        return None
    if odd == 0 or traps.undecided < _UNDECIDED or traps.lowest_top > SURE - _APART:
        return None
    reach = max([SUM_TOLERANCE, *(explained(one, facts.class_count) for one in traps.values.grains)])
    if reach > 0.1 or max(1.0 - traps.sums.least, traps.sums.most - 1.0) > reach:
        return None
    return Hit(
        f"the {facts.class_count} scores of every row sum to 1, as a softmax makes them, though"
        f" {of_rows(odd, facts.scored)}"
        " have no label or several: only one score of a row can exceed 0.5, so at that threshold rows with several"
        f" labels ({traps.several:,}) are never wholly right (subset accuracy {facts.accuracy:.4f})",
        "end the model in a sigmoid per label and train it with binary cross-entropy: Dense(n, activation='sigmoid') in"
        " Keras, BCEWithLogitsLoss in PyTorch",
        odd,
        columns=facts.plan.scores[:10],
    )


ROW_SUM_RULES: tuple[Rule[ScoreFacts], ...] = (
    Rule(
        "XE203", "rows-off-one", (Level.WARNING,), "rows of probabilities that do not sum to 1", _rows_off_one,
        """\
Probabilities of classes that exclude each other sum to 1. These rows do not.

A row that is all 0 cannot be divided by its sum. It is scored as a certain error, at the clip of 2^-52 for whatever its
label, and its tie goes by the usual rule; Keras, PyTorch and Optax return no number for it, old scikit-learn spreads it
evenly over the classes.

**Why it bites.** Tools differ about such a row. This one divides it by its sum, as Keras does, and scikit-learn did
until 1.4; PyTorch's `NLLLoss`, LightGBM, XGBoost and scikit-learn from 1.5 take it as it is (XE407 gives both losses).
A row that sums to 1.2 flatters its model by log 1.2 wherever nobody divides.

**How it is seen.** A sum is off 1 by more than 0.001, and by more than rounding explains: K scores of d decimals may
be off by K / 2 units of the last decimal, bfloat16 by 0.8 %. With `--normalize` the sums are accepted.

**Mend it.** Look for a class that was dropped after the softmax, for a mean over models with different classes, for
a temperature applied to probabilities instead of logits; then write `p / p.sum(axis=1, keepdims=True)`. Keras:
`softmax` in the last layer, not `sigmoid`. PyTorch: `torch.softmax(logits, dim=1)`; by `dim=0` columns sum to 1.
scikit-learn: `predict_proba` sums to 1 by itself; calibration by hand, class by class, does not
(`CalibratedClassifierCV` divides). Scores that are logits and happen to lie in [0, 1]: `--scale logits`.

```python
>>> from math import log
>>> row, true = [0.6, 0.4, 0.2], 0
>>> round(-log(row[true]), 3), round(-log(row[true] / sum(row)), 3)
(0.511, 0.693)

```
""",
    ),
    Rule(
        "XE204", "independent-sigmoids", (Level.ERROR,), "one class a row, but sums of scores spread widely around 1",
        _independent_sigmoids,
        """\
Every row has one class, but its scores are independent probabilities: their sums are anything.

**Why it bites.** A sigmoid per class answers "is it a cat?" for each class by itself. Its scores are no distribution
over the classes, and no cross-entropy over classes is defined for them. What is printed here is the loss of the rows
divided by their sums; accuracy by arg-max is what it is.

**How it is seen.** More than half of the rows sum to something else than 1, beyond rounding, and the sums spread by
more than 0.02 (rows that all sum to 100 or to 2 do not).

**Mend it.** Keras: `Dense(n, activation="softmax")` with `categorical_crossentropy`, never `sigmoid` with
`binary_crossentropy` for one class a row. PyTorch: `CrossEntropyLoss` on the logits. scikit-learn's
`OneVsRestClassifier` divides by the sum for you. `--normalize` accepts the division. Logits that happen to lie in
[0, 1], such as cosine similarities, look the same: `--scale logits`.

```python
>>> from math import exp
>>> logits = [2.0, 1.0, -1.0]
>>> sigmoids = [1 / (1 + exp(-one)) for one in logits]
>>> softmax = [exp(one) / sum(map(exp, logits)) for one in logits]
>>> round(sum(sigmoids), 3), round(sum(softmax), 3)
(1.881, 1.0)

```
""",
    ),
    Rule(
        "XE205", "softmax-on-multi-label", (Level.ERROR,), "several labels a row, but its scores sum to 1",
        _softmax_on_labels,
        """\
Rows may have several labels, but their scores come from a softmax: they compete for one unit of probability.

**Why it bites.** A softmax can give at most one label more than one half. A row with two labels is never right, its
recall is at most one half, and each label that is found pushes the others down.

**How it is seen.** The scores of every row sum to 1 within 0.001 (or rounding), and rows have no label, or several.
Independent probabilities of 20 rows that leave it open which label holds do that less than once in a million.

**Mend it.** One sigmoid per label and binary cross-entropy. Keras: `Dense(n, activation="sigmoid")`,
`loss="binary_crossentropy"`, `BinaryAccuracy`. PyTorch: `BCEWithLogitsLoss` on raw logits. scikit-learn:
`OneVsRestClassifier` on a 0/1 column per label, or `MultiOutputClassifier`, whose `predict_proba` is a list with two
columns per label; the second of each is the label's. If a row can have only one label, mend the labels instead.

```python
>>> from math import exp
>>> logits = [3.0, 3.0, -2.0]
>>> softmax = [exp(one) / sum(map(exp, logits)) for one in logits]
>>> sigmoids = [1 / (1 + exp(-one)) for one in logits]
>>> sum(one > 0.5 for one in softmax), sum(one > 0.5 for one in sigmoids)
(0, 2)

```
""",
    ),
)  # fmt: skip
