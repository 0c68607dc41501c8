"""Rule XE415: every row is right, or a column says what the label says.

Floor 6.
"""

from collections.abc import Iterator

from xentcli.phrases import counted
from xentcli.rules.facts import MIN_ROWS, TableFacts, TaskFacts
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.terms import Kind

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
