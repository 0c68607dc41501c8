"""Rules XE305, XE306, XE308 and XE310: labels, classes and ids that stand on one side only, and ids of several models.

Floor 6.
"""

from xentcli.rules.facts import TableFacts, TaskFacts
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.tally.row_facts import Defect
from xentcli.task.names import listed
from xentcli.terms import Kind


def _unseen_labels(facts: TableFacts) -> Hit | None:
    first = facts.row_facts.defects[Defect.UNSEEN_LABEL]
    if first.count == 0:
        return None
    rows = facts.row_facts.row_numbers(first)
    return Hit(
        f"skipped {first.count:,} of {facts.row_facts.read:,} rows whose label no score column has: each would count as"
        " an error, and the numbers here leave it out",
        "score all classes, or name the classes in the order of the scores with --classes",
        first.count,
        rows,
    )


def _unmatched_ids(facts: TableFacts) -> Hit | None:
    if facts.unlabelled == facts.unpredicted == 0:
        return None
    return Hit(
        "ids that stand in one of the two files only, so that their rows are not scored:"
        f" {facts.unlabelled:,} of predictions without a label, {facts.unpredicted:,} of labels without a prediction",
        "write labels and predictions from the same list of ids; a model that failed on hard rows looks better here",
        facts.unlabelled + facts.unpredicted,
    )


def _pooled_models(facts: TableFacts) -> Hit | None:
    found = facts.pooled
    if found is None:
        return None
    names, models = " and ".join(found.columns), len(found.values)
    return Hit(
        f"each value of {found.ids} stands once under each of {models} values of {names} ({listed(found.values)}): the"
        " outputs of several models, folds or thresholds are under one another; every number here mixes them, and the"
        f" intervals count one row {models} times",
        f"score each by itself: --by {'+'.join(found.columns)}; or keep the rows of one, and compare two with xent"
        " compare",
        models,
        columns=(*found.columns, found.ids),
    )


def _absent(facts: TaskFacts) -> Hit | None:
    several = facts.kind is Kind.MULTILABEL
    held = facts.per_label if facts.per_label is not None else facts.per_class
    absent = [one for one in held if one.support == 0]
    if not absent or facts.subject.soft or len(absent) == len(held):
        return None
    named = sum(1 for one in absent if one.predicted)
    noun = "labels" if several else "classes"
    shown = ", ".join(repr(one.name) for one in absent[:5]) + (", ..." if len(absent) > 5 else "")
    guessed = f"; {named:,} of them predicted all the same, which macro F1 counts as 0" if named else ""
    return Hit(
        f"{len(absent):,} of {len(held):,} {noun} without a row ({shown}): recall is undefined there, and averages over"
        f" {noun} differ by who counts them{guessed}",
        "give the list of all classes to whatever computes metrics (labels= in scikit-learn, num_classes= in"
        " torchmetrics), or score rows of all of them",
        len(absent),
        columns=tuple(one.name for one in absent[:10]),
    )


UNMATCHED_RULES: tuple[Rule[TableFacts], ...] = (
    Rule(
        "XE305", "unseen-labels", (Level.ERROR,), "labels that no score column answers for", _unseen_labels,
        """\
A label that no score column answers for is a certain error with an infinite loss.

**Why it bites.** Dropping such rows flatters the model; counting them as class 0 is worse. The cause is usually a class
that training never saw, labels that count from 1 (XE101), or another spelling (XE109).

**How it is seen.** The label is none of the classes, by number if all labels are integers, by exact text otherwise.

**Mend it.** Train on all classes, or score with the list that training used: `--classes @classes.txt`. Keras: an index
out of range is an error, but on jax costs 0 and counts as a row; compare the largest label with the last layer.
PyTorch: `CrossEntropyLoss` raises IndexError, but passes over -100. scikit-learn: compare `model.classes_` with the
labels; `log_loss(labels=)` refuses others since 1.7, and let them cost 0 before.

```python
>>> classes, labels = ["cat", "dog"], ["cat", "eel", "dog"]
>>> [label for label in labels if label not in classes]
['eel']

```
""",
    ),
    Rule(
        "XE308", "unmatched-ids", (Level.WARNING,), "ids that stand in one of two joined files only", _unmatched_ids,
        """\
An id that stands in one file only has a label without a prediction, or a prediction without a label.

**Why it bites.** An inner join drops it in silence. What is left may not be what was meant to be measured: the model
that timed out on the hard rows wins.

**How it is seen.** Labels and predictions are joined by id, and both sides are counted. Above 1 % it stops the run.

**Mend it.** Write both files from the same list of ids. Keras, PyTorch and scikit-learn take arrays and know no ids, so
none of them can make this mistake, or see it: it happens where rows are filtered or joined. In pandas count before you
join: `labels.merge(predictions, on="id", how="outer", indicator=True, validate="one_to_one")`. `--skip-bad-rows`
goes on above 1 %, too, and keeps counting.

```python
>>> import pandas as pd
>>> labels = pd.DataFrame({"id": ["a", "b", "c"], "label": [0, 1, 1]})
>>> predictions = pd.DataFrame({"id": ["b", "c", "d"], "p_1": [0.7, 0.9, 0.2]})
>>> both = labels.merge(predictions, on="id", how="outer", indicator=True, validate="one_to_one")
>>> both["_merge"].value_counts().to_dict()
{'both': 2, 'left_only': 1, 'right_only': 1}

```
""",
    ),
    Rule(
        "XE310", "pooled-models", (Level.WARNING,), "ids that repeat, once under each value of a column such as model",
        _pooled_models,
        """\
One file holds what several models (folds, seeds, thresholds) say of the same rows, one under another.

**Why it bites.** Accuracy and loss are the mean over models, which is no model's. A good one and a broken one make a
fair one. Intervals take each row for as many rows as there are models, and are too narrow; a single broken seed hides.

**How it is seen.** A column is named model, algorithm, fold, threshold, seed, run or the like and holds 2 to 50 values;
another column, such as an id, repeats so that each of its values stands once under each of them, with the same label.
The first 20,000 rows are looked at. Folds in which every row stands once are no finding.

**Mend it.** `--by model` scores each by itself, beside the numbers of all; keep the rows of one to gate it
(`frame[frame.model == "a"]`), and compare two with `xent compare`. Keras and PyTorch: write a file per run, or the mean
of the runs' probabilities as one prediction (an ensemble). scikit-learn: `cross_val_predict` gives each row once;
`cv_results_` and repeated folds do not.

```python
>>> right = {"good": [1, 1, 1, 0], "broken": [0, 1, 0, 0]}
>>> {name: sum(rows) / 4 for name, rows in right.items()}
{'good': 0.75, 'broken': 0.25}
>>> sum(map(sum, right.values())) / 8
0.5

```
""",
    ),
)  # fmt: skip


ABSENT_CLASS_RULES: tuple[Rule[TaskFacts], ...] = (
    Rule(
        "XE306", "absent-classes", (Level.NOTE,), "score columns whose class never occurs", _absent,
        """\
A class that has a score column but no row cannot be judged, and averages over classes must do something about it.

**Why it bites.** scikit-learn takes its list of classes from the labels unless it is told: `log_loss` then refuses
scores that have more columns. Macro F1 counts such a class as 0 if it is predicted once, and not at all if it never is;
so does torchmetrics' macro accuracy, while scikit-learn's balanced accuracy looks at the labels only.

**How it is seen.** The score columns are the list of classes; no scored row has this one.

**Mend it.** scikit-learn: `log_loss(y, p, labels=classes)`, `f1_score(..., labels=classes)`; a split by class
(`stratify=`) keeps rare ones in. PyTorch with torchmetrics: `num_classes=`, and say which average is meant. Keras and
PyTorch cannot make the mistake in the loss: the width of the output is the number of classes.

```python
>>> from sklearn.metrics import f1_score
>>> labels, predicted = ["cat", "cat", "dog", "dog"], ["cat", "eel", "dog", "dog"]  # no row is an eel
>>> seen = f1_score(labels, predicted, average="macro", labels=["cat", "dog"])
>>> round(f1_score(labels, predicted, average="macro"), 3), round(seen, 3)
(0.556, 0.833)

```
""",
    ),
)  # fmt: skip
