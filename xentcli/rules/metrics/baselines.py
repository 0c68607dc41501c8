"""Rules XE404, XE405, XE409 and XE410: what a number is worth.

Floor 6. It is held against the majority class, the label shares, its interval and its weights.
"""

from collections.abc import Sequence
from math import ceil, lgamma, log, sqrt

from xentcli.phrases import counted, losses, rates
from xentcli.rules.facts import TaskFacts
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.scoring.model import Loss

_WIDE = 0.1
"""An interval of five points up or down hides differences that people act on."""


_DENOMINATORS_DIFFER = 0.01


_SPEAKING = 30
"""Of fewer rows nothing is said of the majority but that the accuracy cannot be told from its share."""


_BY_CHANCE = 1e-4
"""So seldom may honest scores seem worse than the label shares."""


def _beats_prior(loss: Loss | None) -> bool:
    """Whether the loss is below that of the label shares by its whole interval."""
    known = loss is not None and loss.interval is not None and loss.prior_loss is not None
    return bool(known and loss and loss.interval and loss.prior_loss and loss.interval[1] < loss.prior_loss)


def _majority(facts: TaskFacts) -> Hit | None:
    accuracy, baseline = facts.accuracy, facts.accuracy.majority_accuracy
    if not _majority_may_win(facts) or baseline is None or accuracy.interval is None or facts.scored < _SPEAKING:
        return None
    informed = _beats_prior(facts.loss)
    above = accuracy.value > baseline
    if above and informed:
        return None
    compared = "cannot be told from" if above else "does not beat" if accuracy.value < baseline else "is just"
    level = Level.NOTE if informed or above or not _surely_lost(facts) else Level.WARNING
    told = _yet(facts.loss) if informed else _nor_loss(facts.loss) if level is Level.WARNING else ""
    value, low, high, other = rates(accuracy.value, *accuracy.interval, baseline)
    return Hit(
        f"accuracy {value} [{low}, {high}] {compared} {other}, what answering {facts.weights.majority!r}"
        f" every time earns{told}",
        "judge by the loss and by recall per class, or move the threshold"
        if informed
        else "check that labels belong to their rows, then that the features say something about them",
        facts.scored,
        level=level,
    )


def _majority_may_win(facts: TaskFacts) -> bool:
    """Whether the interval of the accuracy does not lie above the share of a class that some rows are not of."""
    accuracy, baseline = facts.accuracy, facts.accuracy.majority_accuracy
    if baseline is None or baseline == 1.0 or accuracy.interval is None or facts.subject.soft:
        return False
    return accuracy.interval[0] <= baseline


def _surely_lost(facts: TaskFacts) -> bool:
    """Whether the interval lies below the majority's share, or the loss is no lower than that of the label shares.

    Honest models of few rows or of rare events often seem to lose by a row or two.
    """
    interval, baseline, loss = facts.accuracy.interval, facts.accuracy.majority_accuracy, facts.loss
    if interval is not None and baseline is not None and interval[1] < baseline:
        return True
    return _no_lower_than_prior(loss)


def _no_lower_than_prior(loss: Loss | None) -> bool:
    return loss is not None and loss.prior_loss is not None and loss.value >= loss.prior_loss


def _nor_loss(loss: Loss | None) -> str:
    """Say that the loss does not beat the label shares either, where that is so."""
    if loss is None or loss.prior_loss is None or not _no_lower_than_prior(loss):
        return ""
    ours, prior = losses(loss.value, loss.prior_loss)
    return f"; nor is the loss, {ours}, lower than that of the label shares, {prior}"


def _yet(loss: Loss | None) -> str:
    """Say that the loss beats the label shares though the accuracy does not."""
    if loss is None or loss.prior_loss is None:
        return ""
    ours, prior = losses(loss.value, loss.prior_loss)
    return (
        f"; yet the loss {ours} beats that of the label shares, {prior}: the scores know more than the decisions at"
        " this threshold show"
    )


def optimism(free: int, rows: float) -> float:
    """Return by how much the entropy of shares may undercut the loss of the true ones, in nats.

    Shares taken from the very rows that are scored fit them: 2 n times the difference is chi-square with as many
    degrees as there are free shares (Wilks, Annals of Mathematical Statistics 9 (1938)). Five standard deviations
    above its mean are allowed for.
    """
    return (free + 5.0 * sqrt(2.0 * free)) / (2.0 * rows)


def learning_cost(support: Sequence[int]) -> float:
    """Return by how much learning the shares from row to row costs more than their entropy, in nats over all rows.

    Each row is predicted with (rows of its class so far + 1/2) / (rows so far + K/2), which never looks at the row
    itself. Whatever the number of rows, calibrated scores cost more than that by x with probability exp(-x) at most.
    Krichevsky and Trofimov, IEEE Trans. Information Theory 27 (1981); Ville (1939).
    """
    rows, size = sum(support), len(support)
    learned = lgamma(rows + size / 2) - lgamma(size / 2) - sum(lgamma(one + 0.5) - lgamma(0.5) for one in support)
    return learned + sum(one * log(one / rows) for one in support if one)


def _allowance(facts: TaskFacts) -> float:
    """Return by how much the loss of an honest model may exceed the entropy of the label shares, in nats.

    Of two bounds the tighter: Wilks' speaks of many rows a class, the cost of learning holds for few ones, too.
    """
    if facts.per_label is not None:
        cost = sum(learning_cost((one.support, facts.scored - one.support)) for one in facts.per_label)
        free, cost = 1, cost / len(facts.per_label)
    else:
        free, cost = max(len(facts.subject.classes) - 1, 1), learning_cost([one.support for one in facts.per_class])
    rows = facts.weights.effective
    return min(optimism(free, rows), (cost - log(_BY_CHANCE)) / rows)


def _worse_than_prior(facts: TaskFacts) -> Hit | None:
    loss = facts.loss
    if loss is None or loss.interval is None or loss.prior_loss is None:
        return None
    if loss.interval[0] <= loss.prior_loss + _allowance(facts):
        return None
    value, low, high, prior = losses(loss.value, *loss.interval, loss.prior_loss)
    return Hit(
        f"loss {value} [{low}, {high}] is worse than {prior},"
        " what the label shares alone would cost: answering every row with the shares is the better model",
        "check that columns of scores belong to their classes, rows to their labels, and scores to their scale;"
        " if all do, the model is far too sure: xent explain calibration",
        facts.scored,
    )


def _small_sample(facts: TaskFacts) -> Hit | None:
    interval = facts.accuracy.interval
    if interval is None or interval[1] - interval[0] <= _WIDE:
        return None
    width = interval[1] - interval[0]
    needed = ceil(facts.scored * (width / _WIDE) ** 2)
    return Hit(
        f"from {counted(facts.scored, 'row')} accuracy {facts.accuracy.value:.4f} is known only as"
        f" [{interval[0]:.4f}, {interval[1]:.4f}]: two models that differ by less than {width:.2f} look alike;"
        f" about {needed:,} rows narrow that to {_WIDE:g}{_beside_majority(facts)}",
        "score more rows, or compare models on the same rows, where differences show sooner",
        facts.scored,
    )


def _beside_majority(facts: TaskFacts) -> str:
    """Say of very few rows what the majority earns, unless the accuracy surely beats that."""
    interval, earns = facts.accuracy.interval, facts.accuracy.majority_accuracy
    if facts.scored >= _SPEAKING or not _majority_may_win(facts) or interval is None or earns is None:
        return ""
    told = "which is more" if interval[1] < earns else "from which it cannot be told"
    return f"; answering {facts.weights.majority!r} every time earns {earns:.4f} on them, {told}"


def _denominator(facts: TaskFacts) -> Hit | None:
    loss, total = facts.loss, facts.weights.loss_total
    if loss is None or total is None or abs(total / facts.scored - 1.0) <= _DENOMINATORS_DIFFER:
        return None
    ours, theirs = losses(loss.value, loss.value * total / facts.scored)
    whose = "class weights" if loss.class_weights is not None else "row weights"
    return Hit(
        f"the weights of {counted(facts.scored, 'row')} sum to {total:,.6g}: the {whose} give loss {ours} divided by"
        f" that sum (PyTorch's class weights, scikit-learn), and {theirs} divided by the number of rows (Keras,"
        " BCELoss)",
        "scale the weights so that their mean over the rows is 1 ('balanced' does), and both agree",
        facts.scored,
    )


BASELINE_RULES: tuple[Rule[TaskFacts], ...] = (
    Rule(
        "XE404", "majority-beats-model", (Level.WARNING, Level.NOTE), "accuracy not above that of the majority class",
        _majority,
        """\
A model that is right no more often than the answer "always the most frequent class" has, by accuracy, learned nothing.

**Why it bites.** 97 % sounds well where 97 % of the rows are of one class. Shuffled labels, features that are all
missing, a network that died and predicts its bias: all end here, with a fine accuracy.

**How it is seen.** Of 30 rows or more, the interval of the accuracy does not lie above the majority's share. A warning
if the accuracy is not above it either, and its whole interval lies below it or the loss is no lower than that of the
label shares. Else a note: few rows may seem to lose by one or two, and an honest model of rare events ranks well and
still never says yes at 0.5, which the loss shows. Of fewer than 30 rows XE410 says what the majority earns.

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
from the very rows. Of two allowances the smaller counts: (k + 5 sqrt(2 k)) / 2n for k free shares (Wilks 1938), and
what it costs to learn the shares from row to row (Krichevsky and Trofimov 1981), which holds for many classes in few
rows, too.

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

**Mend it.** Divide the weights by their mean over the rows: then all agree. scikit-learn's
`compute_class_weight("balanced", ...)`, n / (K n_c), has that mean already. Keras takes such weights as `class_weight=`
or `sample_weight=`, PyTorch as `CrossEntropyLoss(weight=)`; PyTorch divides by the number of rows once the targets are
probabilities, one-hot ones among them.

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

**How it is seen.** The interval of the accuracy (Wilson's; with weights a normal one) is wider than 0.1. Of fewer than
30 rows this note also says what answering the most frequent class earns, if the accuracy is not surely above it.

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
