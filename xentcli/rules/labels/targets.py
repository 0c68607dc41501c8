"""Rules on columns that hold no classification target: numbers, ids, text, dates, nothing.

Floor 6. Pure functions of a Detection.
"""

from collections.abc import Callable

from xentcli.rules.rule import Hit, Level, Rule
from xentcli.task.model import Detection, NotATarget


def _target(what: NotATarget, words: str, remedy: str) -> Callable[[Detection], Hit | None]:
    def check(seen: Detection) -> Hit | None:
        if seen.task.not_a_target is not what:
            return None
        shown = ", ".join(seen.columns[:4]) + (f" and {len(seen.columns) - 4} more" if len(seen.columns) > 4 else "")
        evidence = seen.evidence[0] if seen.evidence else ""
        return Hit(f"{shown} {words} ({evidence})", remedy, seen.rows - seen.missing_rows, columns=seen.columns[:10])

    return check


_ANOTHER = "name the label column with --label"

TARGET_RULES: tuple[Rule[Detection], ...] = (
    Rule(
        "XE114", "continuous-target", (Level.ERROR,), "a number to be regressed",
        _target(
            NotATarget.CONTINUOUS, "holds a quantity, not classes",
            f"train a regression (mean squared or absolute error), or cut it into classes on purpose; else {_ANOTHER}",
        ),
        """\
Prices, counts, temperatures and shares have an order and a distance. They are regressed, not classified.

**Why it bites.** One class per distinct value gives thousands of outputs with a row or two each. Binary cross-entropy
on a number in [0, 1] runs without a word and means something else: the number is taken for a probability.

**How it is seen.** The values have fractions, or are many whole numbers that thin out, cluster or hardly repeat, and no
name says that they are classes. What speaks for classes is weighed against it and printed when it is close. Under
`--label` or a label's name, whole numbers from 0 or 1 without a gap that come back are classes, however many.

**Mend it.** Use mean squared, absolute or Poisson loss. If the bins are what matters, cut them yourself:
`pandas.cut(y, edges)`. If the numbers are classes after all: `--task multiclass`.

```python
>>> import numpy as np
>>> prices = np.array([3.99, 4.49, 3.99, 12.0])
>>> np.digitize(prices, [4, 10]).tolist()
[0, 1, 0, 2]

```
""",
    ),
    Rule(
        "XE115", "identifier-target", (Level.ERROR,), "ids, file names, codes: values that tell rows apart",
        _target(
            NotATarget.IDENTIFIER, "holds identifiers",
            f"{_ANOTHER}; an id tells rows apart and can only be learned by heart",
        ),
        """\
Row numbers, file names, user ids, codes: their task is to be different.

**Why it bites.** A model can learn an id by heart and nothing else. Training accuracy may be 1; on new rows it is 0.

**How it is seen.** At least nine in ten values are distinct, as integers, codes or short texts; or every cell is a
path, an address or a file name of its own, however few there are. Codes and file names that come back are ids where the
column's name says so, or where they are file names of many; then the finding says how many there are in how many rows.

**Mend it.** Take the column that repeats. If the classes really have one row each, this is retrieval, not
classification: look for contrastive losses.

```python
>>> names = [f"img_{at:04d}.png" for at in range(1000)]
>>> len(set(names)) / len(names)
1.0

```
""",
    ),
    Rule(
        "XE119", "text-target", (Level.ERROR,), "free text, or a sequence of labels in one cell",
        _target(
            NotATarget.TEXT, "holds free text, not classes",
            f"{_ANOTHER}; to predict text or one tag a token, use a sequence model and its own loss",
        ),
        """\
Sentences, comments and titles are inputs, or the target of a language model.

**Why it bites.** Each text would be a class with one row. One tag a token (`O O B-PER I-PER`) is one answer a word, not
one a row: its loss is a sum over tokens with padding masked.

**How it is seen.** Most cells are distinct and hold several words, or the same value stands twice in a cell.

**Mend it.** Name the label column. For token labels, write a row per token, or score them with a mask
(`ignore_index` in PyTorch, `sample_weight` in Keras).

```python
>>> cell = "O O B-PER I-PER O".split()
>>> len(cell), len(set(cell))
(5, 3)

```
""",
    ),
    Rule(
        "XE120", "date-target", (Level.ERROR,), "dates or times",
        _target(NotATarget.DATE, "holds dates or times, not classes", _ANOTHER),
        """\
A date is a place on a line: an input, an index, or something to be forecast.

**Why it bites.** Read as classes, every day is one, and the days to come were never seen.

**How it is seen.** The file types the column as dates, or nearly every cell is written as one.

**Mend it.** Name the label column. Weekdays or months as classes must be taken out first: `dates.dt.day_name()`.

```python
>>> from datetime import date
>>> date(2024, 2, 29).strftime("%A")
'Thursday'

```
""",
    ),
    Rule(
        "XE121", "empty-labels", (Level.ERROR,), "no label at all",
        _target(NotATarget.EMPTY, "holds no label: every cell is empty", f"{_ANOTHER}, or fill it"),
        """\
A label column of blanks is often a join that found no partner, or an export of the test set.

**Why it bites.** Filled with a default it becomes one class (XE106), and everything downstream succeeds.

**How it is seen.** Every cell is empty, or one of `--null-values`.

**Mend it.** Check the keys of the join, and the name of the column.

```python
>>> labels = {"a": "cat"}
>>> [labels.get(key, "") for key in ("A", "B")]
['', '']

```
""",
    ),
)  # fmt: skip
