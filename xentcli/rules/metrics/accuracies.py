"""Rules XE401, XE402, XE403 and XE415: numbers that go by the name of accuracy and are none, or are too good.

Floor 6. Rules XE401, XE402 and XE403: numbers that go by the name of accuracy and are none.

Rule XE415: every row is right, or a column says what the label says.
"""

from collections.abc import Iterator

from xentcli.phrases import counted
from xentcli.rules.facts import MIN_ROWS, TableFacts, TaskFacts
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.terms import Kind

LEAST_DIFFERENCE = 0.01
"""A difference below one row in a hundred misleads nobody, however sure it is."""


LEAST_FLATTERY = 0.03
"""Counting by element flatters every model of several classes; of a good one by less than this."""


def _misleads(facts: TaskFacts, other: float, least: float = LEAST_DIFFERENCE) -> bool:
    """Whether another number lies outside the interval of the accuracy, and visibly so.

    Frameworks' metrics pass row weights over: what only the weights make differ is not their doing.
    """
    interval = facts.accuracy.interval
    unweighted = facts.accuracy.correct / facts.scored
    if interval is None or min(abs(other - facts.accuracy.value), abs(other - unweighted)) < least:
        return False
    return not interval[0] <= other <= interval[1]


def _unweighted(facts: TaskFacts) -> str:
    """Say that a framework's number knows no row weights, where there are such."""
    return " (it counts rows without their weights)" if facts.weights.row_total is not None else ""


def _element_wise(facts: TaskFacts) -> Hit | None:
    elements = facts.rivals.elements_right
    if facts.kind is not Kind.MULTICLASS or elements is None or not _misleads(facts, elements, LEAST_FLATTERY):
        return None
    size = len(facts.subject.classes)
    return Hit(
        f"counted by element, as old Keras does with binary_crossentropy, accuracy would read {elements:.4f}"
        f" instead of {facts.accuracy.value:.4f}{_unweighted(facts)}: {size - 1} of the {size} elements of a row are"
        f" zeros, and saying only zeros earns {1 - 1 / size:.4f}",
        "if a log shows that number, train with categorical cross-entropy and ask for categorical_accuracy by name",
        facts.scored,
    )


def _framework_value(facts: TaskFacts, ending: str) -> float | None:
    """Return the accuracy that a framework's call of that name would give."""
    calls = (one for one in facts.rivals.frameworks if one.accuracy_call is not None and ending in one.accuracy_call)
    return next((one.accuracy for one in calls), None)


def _argmax_on_labels(facts: TaskFacts) -> Hit | None:
    found = _framework_value(facts, "-> categorical_accuracy") if facts.kind is Kind.MULTILABEL else None
    if found is None or not _misleads(facts, found):
        return None
    hamming = facts.metrics.get("hamming_accuracy")
    beside = f", and {hamming:.4f} of all single labels" if isinstance(hamming, float) else ""
    return Hit(
        f"metrics=['accuracy'] on several label columns is an arg-max since tf.keras 2.2 and in Keras 3: it would read"
        f" {found:.4f}{_unweighted(facts)}, while all labels are right in {facts.accuracy.value:.4f} of the"
        f" rows{beside}",
        "ask for BinaryAccuracy (single labels) by name, or compare whole rows, and say which of the two it is",
        facts.scored,
    )


def _classes(absent: int) -> str:
    if absent == 1:
        return "1 class that has no row but is predicted counts as 0"
    return f"{absent:,} classes that have no row but are predicted count as 0"


def _macro(facts: TaskFacts) -> Hit | None:
    found = _framework_value(facts, "MulticlassAccuracy(num_classes")
    if found is None or not _misleads(facts, found):
        return None
    held = [one for one in facts.per_class if one.recall is not None and one.support]
    worst = min(held, key=lambda one: (one.recall or 0.0, one.name))
    absent = sum(1 for one in facts.per_class if one.predicted and not one.support)
    pulled = (
        f"{_classes(absent)} in it"
        if absent
        else f"the recall of {worst.name!r} is {worst.recall or 0.0:.4f} ({counted(worst.support, 'row')})"
    )
    return Hit(
        f"the mean recall of the classes is {found:.4f}{_unweighted(facts)}, the share of right rows"
        f" {facts.accuracy.value:.4f}: torchmetrics' MulticlassAccuracy reports the former as accuracy; {pulled}",
        "name the average: average='micro' for the share of right rows, balanced accuracy for the mean recall",
        facts.scored,
    )


ACCURACY_RULES: tuple[Rule[TaskFacts], ...] = (
    Rule(
        "XE401", "element-wise-accuracy", (Level.NOTE,), "what accuracy reads when elements are counted, not rows",
        _element_wise,
        """\
A one-hot row of ten classes has ten elements, nine of them 0. Counting right elements instead of right rows, a model
that says only zeros is "90 % accurate".

**Why it bites.** Keras up to 2.3 and tf.keras up to 2.1 chose what `'accuracy'` means by the loss: with
`binary_crossentropy` on a softmax they counted elements. `BinaryAccuracy` and torchmetrics' multi-label accuracy on
one-hot rows still do. The number nearly always flatters, the more so the more classes there are: a model that is right
in 0.75 of the rows was reported as 0.93.

**How it is seen.** The elements right at 0.5 are counted beside the rows. It speaks where that number lies outside the
interval of the true accuracy and is off it by 0.03 or more. A file cannot tell which loss trained the model: the note
says what to expect in the logs of such a framework.

**Mend it.** Keras: `loss="categorical_crossentropy", metrics=["categorical_accuracy"]` (or both `sparse_`). PyTorch:
`CrossEntropyLoss` and `(logits.argmax(1) == y).float().mean()`, not `((p > 0.5) == one_hot).float().mean()`.
scikit-learn cannot make the mistake with `accuracy_score`, which counts whole rows even of indicator matrices;
`1 - hamming_loss` of these is the number by element.

```python
>>> import numpy as np
>>> truth = np.eye(10)[[3, 1, 4, 1, 5]]
>>> zeros = np.zeros((5, 10))
>>> float(((zeros > 0.5) == truth).mean()), float((zeros.argmax(1) == truth.argmax(1)).mean())
(0.9, 0.0)

```
""",
    ),
    Rule(
        "XE402", "argmax-on-multi-label", (Level.NOTE,), "what accuracy reads when many labels go through an arg-max",
        _argmax_on_labels,
        """\
With several labels a row, an arg-max compares the highest score with the first label of the row and forgets the rest.

**Why it bites.** Since tf.keras 2.2, and in Keras 3, `metrics=['accuracy']` on more than one output column is
`CategoricalAccuracy`, whatever the loss. A row with three labels counts as right if the first of them has the top
score; a row without labels counts as if it had the first. Trained and compiled as in an old tutorial, the same code
now prints another number.

**How it is seen.** The arg-max of scores is compared with the first label of each row. It speaks where the result lies
outside the interval of the share of rows with all labels right.

**Mend it.** Keras: `metrics=[keras.metrics.BinaryAccuracy()]` for single labels. PyTorch with torchmetrics:
`MultilabelAccuracy` (single labels) or `MultilabelExactMatch` (whole rows). scikit-learn cannot make the mistake:
`accuracy_score` on indicator rows counts whole rows, and takes no scores.

```python
>>> import numpy as np
>>> truth, p = np.array([[1, 1, 0], [0, 1, 1]]), np.array([[0.6, 0.9, 0.2], [0.1, 0.9, 0.2]])
>>> float((p.argmax(1) == truth.argmax(1)).mean())
0.5
>>> float(((p > 0.5) == truth).all(axis=1).mean()), float(((p > 0.5) == truth).mean().round(3))
(0.5, 0.833)

```
""",
    ),
    Rule(
        "XE403", "macro-as-accuracy", (Level.NOTE,), "the mean recall of the classes far from the share of right rows",
        _macro,
        """\
Accuracy is the share of right rows (micro). The mean of the classes' recalls (macro) is balanced accuracy.

**Why it bites.** torchmetrics' `MulticlassAccuracy` and its functional form average over classes unless told
otherwise, while `Accuracy(task="multiclass")` counts rows. With unequal classes the two part: one class of
three rows weighs as much as one of three thousand.

**How it is seen.** Both are computed. It speaks where the macro average lies outside the interval of the accuracy.

**Mend it.** PyTorch with torchmetrics: `MulticlassAccuracy(num_classes, average="micro")`. scikit-learn names them
`accuracy_score` and `balanced_accuracy_score`. Keras cannot make the mistake: its accuracies count rows. Report both,
each by its own name.

```python
>>> rows, right = {"common": 90, "rare": 10}, {"common": 89, "rare": 2}
>>> sum(right.values()) / sum(rows.values())
0.91
>>> round(sum(right[name] / rows[name] for name in rows) / 2, 4)
0.5944

```
""",
    ),
)  # fmt: skip


_LEAST_ROWS = 200
"""Of so many rows an honest model gets at least one wrong, unless the task is trivial."""

_SHOWN = 5


def _others(task: TaskFacts) -> int:
    """Return how many rows are not of the most frequent class; of several labels, for the one that has the most."""
    if task.kind is Kind.MULTILABEL:
        return max((min(one.support, task.scored - one.support) for one in task.per_label or ()), default=0)
    return task.scored - max((one.support for one in task.per_class), default=task.scored)


def _perfect(task: TaskFacts) -> bool:
    """Whether every row is right, of more rows than are right by chance and not of one class nearly all."""
    right = task.accuracy.correct == task.scored >= _LEAST_ROWS
    return right and not task.subject.soft and _others(task) >= MIN_ROWS


def _said(facts: TableFacts) -> Iterator[str]:
    for task in facts.tasks:
        if _perfect(task):
            where = "" if task.output is None else f"output {task.output}: "
            yield f"{where}all of {counted(task.scored, 'row')} are right, which a model hardly ever is on new rows"
    if facts.twins:
        some = ", ".join(map(repr, facts.twins[:_SHOWN])) + (", ..." if len(facts.twins) > _SHOWN else "")
        says, values = ("says", "its") if len(facts.twins) == 1 else ("say", "their")
        yield f"{some} {says} in the first rows what the label says: {values} values stand for the classes one by one"


def _too_good(facts: TableFacts) -> Hit | None:
    said = list(_said(facts))
    if not said:
        return None
    rows = max((task.scored for task in facts.tasks if _perfect(task)), default=0)
    return Hit(
        "; ".join(said),
        "ask whether the label leaked: a feature computed from it, test rows among the training rows, or labels written"
        " where predictions belong; if the task is that easy, or the column another coding of the label that the model"
        " never saw, nothing is wrong",
        rows or len(facts.twins),
        columns=facts.twins[:10],
    )


TOO_GOOD_RULES: tuple[Rule[TableFacts], ...] = (
    Rule(
        "XE415", "too-good", (Level.NOTE,), "every row right, or a column that says what the label says", _too_good,
        """\
Every row is right, or a column beside the scores holds the label in other words: a leak?

**Why it bites.** A score that is too good is believed until the model meets new rows. The usual reasons: a feature that
is made from the label, or known only after it (the ward of the patient who was found ill); rows of the test set, or
copies of them, in the training set; scaling, selection or imputation fitted on all rows; and a file into which the
labels were written where the predictions belong.

**How it is seen.** It speaks where all rows are right, of 200 or more, unless fewer than 20 are of another class than
the most frequent one (a model that says the same of all rows would then be as good, nearly). Of several labels all of
a row must be right, and one label must be held by 20 rows and not by 20. It also speaks where an unused column has one
value for each class, in the first rows that were read to tell what the columns are (50 of them at least). Passed over
are columns that are named as labels, ids, scores or predictions, words beside numbers, which name the classes, and what
nothing made xent look at. Never more than a note: some tasks are easy.

**Mend it.** Train without the suspected column and see whether the score falls; score rows that are younger than all
training rows; look for the same rows in both sets. scikit-learn: put every step that is fitted into the `Pipeline`,
split by `GroupKFold` where rows belong together, by `TimeSeriesSplit` where they follow one another. Keras and PyTorch:
split before augmentation, and check that the file holds `model.predict`, not the targets.

A model that is right in 99 of 100 rows gets all of 200 right seldom:

```python
>>> round(0.99 ** 200, 3), round(0.999 ** 200, 3)
(0.134, 0.819)
>>> round(1 - 0.05 ** (1 / 200), 4)  # the error rate below which one run in twenty and more shows no error
0.0149

```
""",
    ),
)  # fmt: skip
