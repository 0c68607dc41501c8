"""Rules on what a number is worth: against the majority, against the label shares, by its interval, by its weights.

Floor 6. Pure functions of `MetricFacts`.
"""

from math import ceil, sqrt

from xentcli.rules.finding import Level
from xentcli.rules.metrics.facts import MetricFacts
from xentcli.rules.rule import Hit, Rule
from xentcli.scoring.model import Loss
from xentcli.words import counted

_WIDE = 0.1
"""An interval of five points up or down hides differences that people act on."""

_DENOMINATORS_DIFFER = 0.01


def _beats_prior(loss: Loss | None) -> bool:
    """Whether the loss is below that of the label shares by its whole interval."""
    known = loss is not None and loss.interval is not None and loss.prior_loss is not None
    return bool(known and loss and loss.interval and loss.prior_loss and loss.interval[1] < loss.prior_loss)


def _majority(seen: MetricFacts) -> Hit | None:
    accuracy, baseline = seen.accuracy, seen.accuracy.majority_accuracy
    if baseline is None or baseline == 1.0 or accuracy.interval is None or seen.soft:
        return None
    if accuracy.interval[0] > baseline:
        return None
    informed = _beats_prior(seen.loss)
    above = accuracy.value > baseline
    if above and informed:
        return None
    name = max(seen.per_class, key=lambda one: one.support).name if seen.per_class else ""
    compared = "cannot be told from" if above else "does not beat" if accuracy.value < baseline else "is just"
    told = (
        f"; yet the loss {_loss(seen)} beats that of the label shares, {_prior(seen)}: the scores know more than the"
        " decisions at this threshold show"
        if informed
        else ""
    )
    return Hit(
        f"accuracy {accuracy.value:.4f} [{accuracy.interval[0]:.4f}, {accuracy.interval[1]:.4f}] {compared}"
        f" {baseline:.4f}, what answering {name!r} every time earns{told}",
        "judge by the loss and by recall per class, or move the threshold"
        if informed
        else "look for labels that do not belong to their rows, then for features that say something",
        seen.scored,
        level=Level.NOTE if informed or above else Level.WARNING,
    )


def _loss(seen: MetricFacts) -> str:
    return "" if seen.loss is None else f"{seen.loss.value:.4g}"


def _prior(seen: MetricFacts) -> str:
    return "" if seen.loss is None or seen.loss.prior_loss is None else f"{seen.loss.prior_loss:.4g}"


def optimism(free: int, rows: int) -> float:
    """Return by how much the entropy of shares may undercut the loss of the true ones, in nats.

    Shares taken from the very rows that are scored fit them: 2 n times the difference is chi-square with as many
    degrees as there are free shares (Wilks, Annals of Mathematical Statistics 9 (1938)). Five standard deviations
    above its mean are allowed for.
    """
    return (free + 5.0 * sqrt(2.0 * free)) / (2.0 * rows)


def _worse_than_prior(seen: MetricFacts) -> Hit | None:
    loss = seen.loss
    if loss is None or loss.interval is None or loss.prior_loss is None:
        return None
    free = 1 if seen.per_label is not None else max(len(seen.classes) - 1, 1)
    if loss.interval[0] <= loss.prior_loss + optimism(free, seen.scored):
        return None
    return Hit(
        f"loss {loss.value:.4g} [{loss.interval[0]:.4g}, {loss.interval[1]:.4g}] is worse than {loss.prior_loss:.4g},"
        " what the label shares alone would cost: answering every row with the shares is the better model",
        "compare the columns of scores with the classes, the rows with the labels, the scores with their scale;"
        " if all that is right the model is far too sure (see calibration)",
        seen.scored,
    )


def _small_sample(seen: MetricFacts) -> Hit | None:
    interval = seen.accuracy.interval
    if interval is None or interval[1] - interval[0] <= _WIDE:
        return None
    width = interval[1] - interval[0]
    needed = ceil(seen.scored * (width / _WIDE) ** 2)
    return Hit(
        f"from {counted(seen.scored, 'row')} accuracy {seen.accuracy.value:.4f} is known only as"
        f" [{interval[0]:.4f}, {interval[1]:.4f}]:"
        f" two models that differ by less than {width:.2f} look alike; about {needed:,} rows narrow that to {_WIDE:g}",
        "score more rows, or compare models on the same rows, where differences show sooner",
        seen.scored,
    )


def _denominator(seen: MetricFacts) -> Hit | None:
    loss, total = seen.loss, seen.weight_total
    if loss is None or total is None or abs(total / seen.scored - 1.0) <= _DENOMINATORS_DIFFER:
        return None
    ours, theirs = loss.value, loss.value * total / seen.scored
    whose = "class weights" if loss.class_weights is not None else "row weights"
    return Hit(
        f"the weights of {seen.scored:,} rows sum to {total:,.6g}: the {whose} give loss {ours:.4g} divided by that sum"
        f" (PyTorch's class weights, scikit-learn), and {theirs:.4g} divided by the number of rows (Keras, BCELoss)",
        "scale the weights so that their mean over the rows is 1 ('balanced' does), and both agree",
        seen.scored,
    )


BASELINE_RULES: tuple[Rule[MetricFacts], ...] = (
    Rule(
        "XE404", "majority-beats-model", (Level.WARNING, Level.NOTE), "accuracy not above that of the majority class",
        _majority,
        """\
A model that is right no more often than the answer "always the most frequent class" has, by accuracy, learned nothing.

**Why it bites.** 97 % sounds well where 97 % of the rows are of one class. Shuffled labels, features that are all
missing, a network that died and predicts its bias: all end here, with a fine accuracy.

**How it is seen.** The interval of the accuracy does not lie above the majority's share. A warning if the accuracy is
not above it either and the loss does not beat that of the label shares by its interval. A note if it does: an honest
model of rare events ranks well and still never says yes at 0.5.

**Mend it.** Read the loss, the recalls and the area under the ROC curve. Choose the threshold for what errors cost
(scikit-learn: `TunedThresholdClassifierCV`; Keras: `BinaryAccuracy(threshold=)`; PyTorch: `p > t`). If the loss is no
better than the shares either, check that rows and labels belong together.

```python
>>> labels = [0] * 97 + [1] * 3
>>> sum(label == 0 for label in labels) / 100
0.97

```
""",
    ),
    Rule(
        "XE405", "worse-than-prior", (Level.WARNING,), "a loss above the entropy of the label shares",
        _worse_than_prior,
        """\
Predicting the label shares for every row costs their entropy. A model that costs more would do better to know nothing.

**Why it bites.** Such a loss is no weak model, it is a misunderstanding: columns in another order, a flipped positive
class, rows out of step with their labels, logits taken for probabilities; or scores that are far too sure.

**How it is seen.** The whole interval of the loss lies above the prior loss, with allowance for shares that were taken
from the very rows: (k + 5 sqrt(2 k)) / 2n for k free shares (Wilks 1938).

**Mend it.** Compare the order of the score columns with the classes (scikit-learn: `model.classes_`; Keras:
`class_indices` of the generator; PyTorch: `dataset.classes`), and rows with labels (a shuffled loader). If accuracy is
good and the loss bad, the scores are too sure: divide the logits by a temperature.

```python
>>> from math import log
>>> shares = [0.7, 0.3]
>>> prior = -sum(p * log(p) for p in shares)
>>> flipped = -(0.7 * log(0.1) + 0.3 * log(0.9))
>>> round(prior, 3), round(flipped, 3)
(0.611, 1.643)

```
""",
    ),
    Rule(
        "XE409", "weighted-denominator", (Level.NOTE,), "weights whose sum is not the number of rows", _denominator,
        """\
A weighted loss is sum(w l) divided by something: by the sum of the weights, or by the number of rows.

**Why it bites.** PyTorch's `CrossEntropyLoss(weight=)` and scikit-learn divide by the weights' sum; Keras, with
`class_weight` as with `sample_weight`, divides by the number of rows; so does PyTorch's `BCELoss(weight=)`. The same
model with the same weights then has two losses, and a learning rate that suits one does not suit the other.

**How it is seen.** The mean weight of the scored rows is off 1 by more than 1 %.

**Mend it.** Divide the weights by their mean over the rows. scikit-learn's `compute_class_weight("balanced", ...)`,
n / (K n_c), has that mean already.

```python
>>> losses, weights = [0.2, 0.2, 0.2, 1.0], [1, 1, 1, 3]
>>> total = sum(w * l for w, l in zip(weights, losses))
>>> round(total / sum(weights), 3), round(total / len(losses), 3)
(0.6, 0.9)

```
""",
    ),
    Rule(
        "XE410", "small-sample", (Level.NOTE,), "an accuracy whose interval is wider than 0.1", _small_sample,
        """\
An accuracy from 60 rows is known to about ten points up or down. Nearly every difference is smaller.

**Why it bites.** Of ten equal models, each scored on 60 rows of its own, the best looks some fifteen points better than
the worst. It is the luckiest.

**How it is seen.** The interval of the accuracy (Wilson's; with weights a normal one) is wider than 0.1.

**Mend it.** Score more rows: four times as many halve the interval. Cross-validation (scikit-learn:
`cross_val_predict`) scores every row once, for Keras and PyTorch models too if you write the loop. Two models on the
same rows differ more surely than their intervals suggest: compare row by row.

```python
>>> from math import sqrt
>>> [round(1.96 * sqrt(0.8 * 0.2 / n), 3) for n in (60, 240, 960)]
[0.101, 0.051, 0.025]

```
""",
    ),
)  # fmt: skip
