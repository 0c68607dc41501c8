"""Rules on how scores meet their labels: the positive class flipped, rows shifted.

Floor 6. Pure functions of `TrapSeen`.
"""

import shlex
from math import log, sqrt

import numpy as np

from xentcli.rules.finding import Level
from xentcli.rules.rule import Hit, Rule
from xentcli.rules.traps.chance import LOG_LEVEL, Z_LEVEL, log_tail
from xentcli.rules.traps.confidence import confidence_as_probability
from xentcli.rules.traps.seen import MIN_ROWS, TrapSeen
from xentcli.rules.traps.words import by_rows, classes_flag, named_after_classes
from xentcli.task.roles import ScoreForm
from xentcli.words import losses, rates

_WELL_UNDER = 0.4
"""An area under the curve below this is not the noise of a useless model on very many rows."""

_AT_CHANCE = 3.0
"""Standard errors within which agreement is no better than if predictions and labels were independent."""

_FITS = 0.1
"""The shifted agreement must exceed chance by so large a share of what is above chance."""


def _flipped(seen: TrapSeen) -> Hit | None:
    """Look for an area under the curve below 0.4, and below one half beyond chance at 1e-6.

    The standard error of the area if scores say nothing, sqrt((n1 + n0 + 1) / (12 n1 n0)), is that of Mann and
    Whitney (1947), Annals of Mathematical Statistics 18.
    """
    plan = seen.plan
    if seen.auc is None or seen.auc > _WELL_UNDER or plan.positive is None or seen.cells is None:
        return None
    support = seen.cells.by_true(np.ones(len(seen.cells.true), dtype=np.bool_))
    positives, negatives = float(support[plan.positive]), float(support[1 - plan.positive])
    error = sqrt((positives + negatives + 1.0) / (12.0 * positives * negatives))
    if 0.5 - seen.auc < Z_LEVEL * error or seen.flipped is None or seen.loss is None or seen.flipped >= seen.loss:
        return None
    if confidence_as_probability(seen):
        return None  # swapped classes would be as wrong
    other = plan.classes[1 - plan.positive]
    return Hit(
        f"rows of class {other!r} get the higher scores of {plan.classes[plan.positive]!r}; with both classes swapped:"
        f" area under the curve {seen.auc:.4f} -> {1.0 - seen.auc:.4f}{_loss(seen)}{_accuracy(seen)}",
        _swap(seen, other),
        seen.rows,
        columns=plan.scores[:10],
    )


def _loss(seen: TrapSeen) -> str:
    """Return what the loss would be; what it would be with class weights, smoothing or focus is not known."""
    if not seen.plain or seen.loss is None or seen.flipped is None:
        return ""
    return f", loss {' -> '.join(losses(seen.loss, seen.flipped))}"


def _accuracy(seen: TrapSeen) -> str:
    """Return what accuracy would be: at 1/2, where no score stands on it, what was right is wrong and the reverse."""
    if seen.plan.objective.threshold != 0.5 or seen.ties:
        return ""
    return f", accuracy {' -> '.join(rates(seen.accuracy, 1.0 - seen.accuracy))}"


def _swap(seen: TrapSeen, other: str) -> str:
    """Return how to swap the classes; the score of a predicted label is of whatever class that is."""
    if seen.plan.form is ScoreForm.CONFIDENCE:
        return "look for labels, or predicted labels, that were inverted"
    if seen.plan.single:
        mend = f"--positive {shlex.quote(other)}"
    elif named_after_classes(seen):
        mend = f"swap the names of {seen.plan.scores[0]} and {seen.plan.scores[1]} where they are written"
    else:
        mend = classes_flag(seen.plan.classes[::-1])
    return f"{mend}, if the score is that of {other!r}; else look for labels that were inverted"


def _misaligned(seen: TrapSeen) -> Hit | None:
    """Look for agreement at chance where a shift by one row agrees beyond chance at 1e-6, two shifts being tried."""
    cells = seen.cells
    if cells is None or cells.total < MIN_ROWS:
        return None
    rows, by_chance = cells.total, _by_chance(seen)
    shifts = seen.traps.shifts.whole()
    now = float(cells.rows[cells.true == cells.predicted].sum()) / rows
    most, before = max((shifts.before, True), (shifts.after, False))
    if shifts.pairs == 0 or now > by_chance + _AT_CHANCE * sqrt(by_chance * (1.0 - by_chance) / rows):
        return None
    if log_tail(most, shifts.pairs, by_chance) + log(2.0) > LOG_LEVEL:
        return None
    then = most / shifts.pairs
    if then - by_chance < _FITS * (1.0 - by_chance) or now - by_chance > _FITS / 2.0:
        return None
    return Hit(
        "labels and scores are shifted by one row: predictions agree with the labels of their own rows no more than by"
        f" chance ({by_chance:.4f}), but with those of the row {'before' if before else 'after'}: accuracy {now:.4f} ->"
        f" {then:.4f}{by_rows(seen)}",
        f"{'scores[1:] belong to labels[:-1]' if before else 'scores[:-1] belong to labels[1:]'}; look for a header"
        " that was read as a row, a row dropped on one side only, or a shifted index, and join by an id column (--id)",
        rows,
    )


def _by_chance(seen: TrapSeen) -> float:
    """Return how many rows would agree, as a share, if predictions were independent of labels."""
    cells = seen.cells
    assert cells is not None  # noqa: S101  the caller asked
    every = cells.by_true(np.ones(len(cells.true), dtype=np.bool_))
    return float((every / cells.total * cells.by_predicted() / cells.total).sum())


PAIRING_RULES: tuple[Rule[TrapSeen], ...] = (
    Rule(
        "XE303", "flipped-positive", (Level.ERROR,), "an area under the curve well below one half", _flipped,
        """\
The score ranks the classes the wrong way round: it is the other class's.

**Why it bites.** An area of 0.08 is a model of 0.92 read upside down. Its loss is worse than a coin's, its accuracy
below the share of the smaller class. Averaged over folds, one flipped file ruins the mean and is never found.

**How it is seen.** The area under the ROC curve is below 0.4, below one half beyond chance at one in a million, and the
loss with the classes swapped is lower.

**Mend it.** `--positive` names the class that the score is of. Keras: a sigmoid is the probability of label 1, and
folders are sorted: `cats` 0, `dogs` 1. PyTorch: the sigmoid of a `BCEWithLogitsLoss` logit likewise; of a
softmax take column 1. scikit-learn: `predict_proba(X)[:, 1]` is that of `classes_[1]`, the last in
sorted order, so `"no"` of `["yes", "no"]` is column 0.

```python
>>> from math import log
>>> scores, labels = [0.9, 0.8, 0.1], [0, 0, 1]
>>> def loss(scores): return -sum(log(s if y else 1 - s) for s, y in zip(scores, labels)) / 3
>>> round(loss(scores), 3), round(loss([1 - s for s in scores]), 3)
(2.072, 0.145)

```
""",
    ),
    Rule(
        "XE304", "misaligned-rows", (Level.ERROR,), "predictions that fit the labels of the row before or after",
        _misaligned,
        """\
Labels and scores of a row do not belong together: one of the two sides is shifted by a row.

**Why it bites.** Every number is that of a model that guesses, and nothing looks wrong: the scores are confident, the
labels are labels. A header that was read as data, one row dropped by a filter, `shift(1)` of a time series.

**How it is seen.** Predicted classes agree with labels no more than if the two were independent (three standard
errors), but with the labels of the row before (after) beyond chance at one in a million. Rows that are not scored are
passed over.

**Mend it.** Write labels and scores in one go, or give both files an id and join them: `--id`. scikit-learn:
`predict_proba` keeps the order of its rows; the slip is in pandas around it: filter features and labels as one frame.
Keras: take labels and predictions from one pass over a dataset that is not shuffled in between. PyTorch: append both in
one loop over the `DataLoader`. A shuffled loader mixes all rows, and no shift can be found: accuracy is at
chance, and nothing but an id tells.

```python
>>> labels = [0, 1, 2, 1, 0, 2]
>>> predicted = [2, *labels[:-1]]
>>> sum(a == b for a, b in zip(predicted, labels)), sum(a == b for a, b in zip(predicted[1:], labels))
(0, 5)

```
""",
    ),
)  # fmt: skip
