"""Rules XE301, XE302 and XE307: score columns that answer for other classes than they were read for.

Floor 6.
"""

from xentcli.phrases import rates
from xentcli.rules.facts import ScoreFacts
from xentcli.rules.order.misorder import Misorder, Slip
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.rules.wording import by_rows, classes_flag, of_rows, reordered
from xentcli.tally.row_facts import Defect
from xentcli.task.values import integer_of
from xentcli.terms import Encoding


def _of_slip(facts: ScoreFacts, slip: Slip) -> Misorder | None:
    return facts.order if facts.order is not None and facts.order.slip is slip else None


def _gain(facts: ScoreFacts, found: Misorder) -> str:
    return f"accuracy {' -> '.join(rates(found.now / found.rows, found.then / found.rows))}{by_rows(facts)}"


def _class_order(facts: ScoreFacts) -> Hit | None:
    found = _of_slip(facts, Slip.OTHER)
    if found is None:
        return None
    return Hit(
        f"the score columns fit the classes far better in another order, in which {found.moved:,} of"
        f" {facts.class_count:,} classes move: {_gain(facts, found)}; the numbers here are those of mixed-up columns",
        f"{reordered(facts, found.names(facts.plan.classes))}; take the order from the model (classes_, class_indices,"
        " class_to_idx), not from this guess",
        found.moved,
        columns=facts.plan.scores[:10],
    )


def _lexicographic(facts: ScoreFacts) -> Hit | None:
    found = _of_slip(facts, Slip.TEXT_ORDER)
    if found is None:
        return None
    names = found.names(facts.plan.classes)
    texts, numbers = "texts (0, 1, 10, 11, 2)", "numbers (0, 1, 2, ... 10, 11)"
    held, read = (texts, numbers) if list(names) == sorted(names) else (numbers, texts)
    return Hit(
        f"the score columns stand in the order of {held} and were read in that of {read}: in their own order"
        f" {_gain(facts, found)}; {found.moved:,} of {facts.class_count:,} classes were scored by another one's column",
        reordered(facts, names),
        found.moved,
        columns=facts.plan.scores[:10],
    )


def _counted_from_zero(facts: ScoreFacts) -> bool:
    return all(integer_of(name) == at for at, name in enumerate(facts.plan.classes))


def _off_by_one(facts: ScoreFacts) -> Hit | None:
    found, unseen = _of_slip(facts, Slip.OFF_BY_ONE), facts.row_facts.defects[Defect.UNSEEN_LABEL]
    one_based = facts.encoding is Encoding.ONE_BASED_INDICES and _counted_from_zero(facts) and facts.class_count > 2
    if found is None and not (one_based and unseen.count):
        return None
    before = one_based or (found is not None and found.columns[1] == 0)
    names = tuple(str(at + 1 if before else at - 1) for at in range(facts.class_count))
    names = names if before else ("background", *names[1:])
    said = (
        f"labels count from 1 to {facts.class_count}, the score columns from 0"
        if one_based
        else f"each label fits the score column {'before' if before else 'after'} its own"
    )
    lost = (
        f"; {of_rows(unseen.count, facts.row_facts.read)} hold {facts.class_count}, which no column has"
        if one_based
        else ""
    )
    gain = f": {_gain(facts, found)}" if found is not None else ""
    return Hit(
        f"{said}, so every row was scored by its neighbour's column{gain}{lost}",
        classes_flag(names) + ("; in training subtract 1 from the labels" if before else "; or drop the first column"),
        found.moved if found is not None else unseen.count,
        facts.row_facts.row_numbers(unseen),
        facts.plan.scores[:10],
    )


CLASS_ORDER_RULES: tuple[Rule[ScoreFacts], ...] = (
    Rule(
        "XE301", "class-order-mismatch", (Level.ERROR,), "another order of the score columns fits far better",
        _class_order,
        """\
The columns of the scores answer for other classes than they were read for.

**Why it bites.** Nothing crashes: a permuted file has a valid loss and an accuracy near chance, and a good model looks
broken. Orders differ all the time: by first appearance (`pd.factorize`), sorted (`LabelEncoder`, `classes_`), by folder
(`class_indices`, `class_to_idx`), by a config file.

**How it is seen.** Up to 200 classes, the assignment of columns to classes with the most agreement is found from the
confusion counts (Hungarian method). It is told only if it agrees with at least 5 % more of all rows, beyond chance at
one in a million after a correction for all the orders there are (McNemar's test), by more than independence of
predictions and labels would give, and if recalls grow class by class. The accuracy is what the new order would give;
the loss would have to be computed.

**Mend it.** Take the order from where the model was trained, and pass it as `--classes`. Keras: `class_names` of
`image_dataset_from_directory`, `class_indices` of a generator. PyTorch: `class_to_idx` of torchvision's `ImageFolder`.
scikit-learn: `model.classes_`, which is sorted; write `pd.DataFrame(p, columns=model.classes_)`.

```python
>>> import numpy as np
>>> labels = ["eel", "cat", "dog", "cat"]
>>> trained, read = list(dict.fromkeys(labels)), sorted(set(labels))
>>> trained, read
(['eel', 'cat', 'dog'], ['cat', 'dog', 'eel'])
>>> p = np.eye(3)[[trained.index(one) for one in labels]]  # a perfect model
>>> def accuracy(classes): return float(np.mean([classes[at] == one for at, one in zip(p.argmax(1), labels)]))
>>> accuracy(read), accuracy(trained)
(0.0, 1.0)

```
""",
        explains=("XE404", "XE405", "XE406", "XE408"),
    ),
    Rule(
        "XE302", "lexicographic-order", (Level.ERROR,), "score columns ordered 0, 1, 10, 2, or labels so",
        _lexicographic,
        """\
Columns stand in the order of texts, 0, 1, 10, 11, 2, and labels in the order of numbers, or the other way round.

**Why it bites.** With ten classes or fewer both orders are one, and the test passes. From the eleventh class on nearly
every class is scored by another one's column. Folder names (`flow_from_directory`, `ImageFolder`) and `sorted()` of
strings give the order of texts; `os.listdir` gives any.

**How it is seen.** The classes are agreed with more often in the other order, beyond chance at one in a million
(McNemar's test), for any number of classes.

**Mend it.** Pass the order of the columns with `--classes`, or write them in the order of numbers:
`sorted(names, key=int)`, folders named `00`, `01`, ... Keras: `class_names=` in `image_dataset_from_directory`.
PyTorch: torchvision's `ImageFolder` sorts names as texts, and `class_to_idx` says what came of it. scikit-learn:
labels that are texts are sorted as texts, also digits; with `y.astype(int)` `classes_` is in the order of numbers.

```python
>>> names = [str(at) for at in range(12)]
>>> sorted(names)
['0', '1', '10', '11', '2', '3', '4', '5', '6', '7', '8', '9']
>>> sum(a != b for a, b in zip(names, sorted(names)))
10

```
""",
        explains=("XE404", "XE405", "XE406", "XE408"),
    ),
    Rule(
        "XE307", "off-by-one", (Level.ERROR,), "labels 1..K against score columns 0..K-1", _off_by_one,
        """\
Labels count from 1, score columns from 0, or a background column stands before the others.

**Why it bites.** Label 1 is scored by column 1, which is class 2's. Every row is wrong by one class. If the highest
label occurs it has no column, and the run stops; if it does not, nothing stops.

**How it is seen.** Labels are 1..K against K columns, with label K among them. Or each label agrees with the column
before (after) its own more often than with its own, beyond chance at one in a million (McNemar's test).

**Mend it.** `--classes 1,2,...,K` names the columns as the labels do. In training subtract 1 from the labels: Keras's
sparse loss and PyTorch's `CrossEntropyLoss` want 0..K-1. scikit-learn takes 1..K as they are, and column 0 is that of
1; the slip comes after it, with columns named by their position: `pd.DataFrame(p, columns=model.classes_)`.

```python
>>> labels, columns = [1, 2, 3], [0, 1, 2]
>>> [label in columns for label in labels]
[True, True, False]
>>> [label - 1 for label in labels]
[0, 1, 2]

```
""",
        explains=("XE404", "XE405", "XE406", "XE408"),
    ),
)  # fmt: skip
