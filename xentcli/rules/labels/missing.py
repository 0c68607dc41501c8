"""Rules on what is not there: missing labels, rows without any label, uncertain labels; and on 0/1 columns.

Floor 6. Pure functions of a Detection.
"""

from xentcli.rules.rule import Hit, Level, Rule
from xentcli.task.model import Detection
from xentcli.terms import Encoding, Kind

_MANY_MISSING = 0.05


def _missing(seen: Detection) -> Hit | None:
    masked = 0 if seen.seen.sentinel is None or seen.seen.counted else seen.seen.values[seen.seen.sentinel][0]
    missing = seen.missing_rows - masked
    if missing <= 0 or missing == seen.rows:
        return None
    share = missing / seen.rows
    return Hit(
        f"{missing:,} of {seen.rows:,} rows ({share:.1%}) have no label: every number here is about the others",
        "leave them out of training and scoring on purpose, and ask why they are empty: labels are seldom missing"
        " by chance",
        missing,
        seen.seen.missing,
        seen.columns[:10],
        Level.WARNING if share > _MANY_MISSING else Level.NOTE,
    )


def _redundant(seen: Detection) -> Hit | None:
    if seen.task.encoding is not Encoding.ONE_HOT or len(seen.task.classes) != 2:
        return None
    return Hit(
        "two complementary columns say the same twice: softmax over both and one sigmoid over the second give the"
        " same loss",
        f"keep the column {seen.task.positive!r} with one sigmoid unit, or class indices with two softmax units",
        2,
        columns=seen.columns[:10],
    )


def _one_hot_or_multi(seen: Detection) -> Hit | None:
    if seen.task.encoding is not Encoding.ONE_HOT:
        return None
    rows = sum(one.count for one in seen.counts)
    return Hit(
        f"exactly one 1 in each of {rows:,} rows, so the {len(seen.task.classes)} columns are read as one-hot classes;"
        " scikit-learn calls such an array multi-label and then scores subset accuracy",
        "pass class indices (y.argmax(axis=1)) to scikit-learn; if several labels may hold, say --task multilabel",
        rows,
        columns=seen.columns[:10],
    )


def _unlabelled(seen: Detection) -> Hit | None:
    if seen.task.kind is not Kind.MULTILABEL or seen.labels_per_row is None:
        return None
    none, every = seen.labels_per_row.get(0, 0), seen.seen.crowded
    if not none and not (every and len(seen.task.classes) > 2):
        return None
    parts = [f"{none:,} of {seen.rows - seen.missing_rows:,} rows have no label"] if none else []
    parts += [f"{every:,} have all {len(seen.task.classes)}"] if every and len(seen.task.classes) > 2 else []
    return Hit(
        f"{' and '.join(parts)}: fine if that is an answer, a trap if it means that nobody looked",
        "make sure that an empty set means 'none of these'; rows that nobody labelled belong out of the file",
        none or every,
        seen.seen.unlabelled if none else (),
        seen.columns[:10],
    )


def _uncertain(seen: Detection) -> Hit | None:
    if not seen.seen.open_count:
        return None
    cells = "blank, or 0 among -1 and 1" if seen.seen.zero_open else "blank or -1 among 0 and 1"
    return Hit(
        f"{seen.seen.open_count:,} of {seen.rows:,} rows leave some labels open ({cells}):"
        " unknown is not negative, and counted as 0 it teaches the model to miss",
        "mask these cells in the loss, or decide on purpose what they mean",
        seen.seen.open_count,
        seen.seen.open,
        seen.columns[:10],
    )


HOLE_RULES: tuple[Rule[Detection], ...] = (
    Rule(
        "XE105", "missing-labels", (Level.NOTE, Level.WARNING), "empty label cells; a warning above 5 %", _missing,
        """\
A row without a label can be neither trained on nor scored.

**Why it bites.** Readers fill the hole in their own way: pandas with NaN, which turns integer labels into floats and
becomes a garbage index; some pipelines with 0, which is a class. Dropped rows make the numbers speak of easier data:
what is hard to label is hard to predict.

**How it is seen.** The cell is empty (or null in a typed file). Texts such as NA count as class names unless
`--null-values` says otherwise. A note, and a warning above 5 % of the rows.

**Mend it.** Drop the rows on purpose (`df.dropna(subset=["label"])`) and say how many; xent counts them in every
report.

```python
>>> import numpy as np
>>> np.array([0.0, 1.0, np.nan]).astype("float32").tolist()[:2]
[0.0, 1.0]
>>> bool(np.isnan(np.array([0.0, 1.0, np.nan]).mean()))
True

```
""",
    ),
    Rule(
        "XE110", "redundant-one-hot", (Level.NOTE,), "two complementary 0/1 columns", _redundant,
        """\
Two columns that always sum to 1 hold one bit.

**Why it bites.** It does not hurt by itself: categorical cross-entropy with two classes *is* binary cross-entropy. It
does where each column gets a sigmoid of its own: the same bit is learned twice, the loss doubles (or is halved by a
mean), and the two outputs may contradict each other.

**How it is seen.** Two 0/1 columns with exactly one 1 in every row.

**Mend it.** One column and `Dense(1)` with binary cross-entropy, or class indices and `Dense(2)` with the sparse
categorical one. PyTorch: `BCEWithLogitsLoss` on one logit, or `CrossEntropyLoss` on two.

```python
>>> from math import log
>>> p = 0.8
>>> binary = -(1 * log(p) + 0 * log(1 - p))
>>> categorical = -(0 * log(1 - p) + 1 * log(p))
>>> binary == categorical
True

```
""",
    ),
    Rule(
        "XE111", "one-hot-or-multi-label", (Level.NOTE,), "exactly one 1 in every row of 0/1 columns",
        _one_hot_or_multi,
        """\
0/1 columns with exactly one 1 a row can be classes in one-hot form, or labels that happen never to meet.

**Why it bites.** The two need different last layers: one softmax over K classes, or K sigmoids. And readers differ:
scikit-learn's `type_of_target` says *multilabel-indicator*, so `accuracy_score` on such arrays is subset accuracy;
Keras' `BinaryAccuracy` counts every element.

**How it is seen.** Every row holds one 1. xent reads classes, because labels that are free to meet do so sooner or
later: with 30 rows and three labels of a third each, the chance that none ever meet or lack is below one in a million.

**Mend it.** Give scikit-learn class indices. If the columns are free labels, say `--task multilabel`.

```python
>>> from sklearn.utils.multiclass import type_of_target
>>> import numpy as np
>>> type_of_target(np.eye(3, dtype=int)[[0, 1, 2, 0]])
'multilabel-indicator'
>>> one = 3 * (1 / 3) * (2 / 3) ** 2
>>> round(one, 3), one ** 30 < 1e-6
(0.444, True)

```
""",
    ),
    Rule(
        "XE112", "unlabelled-rows", (Level.NOTE,), "multi-label rows with no label, or with all", _unlabelled,
        """\
A multi-label row without a label says "none of these", or "nobody looked". The file cannot tell the two apart.

**Why it bites.** Rows that nobody labelled train the model to answer nothing. Under arg-max accuracy (Keras since 2.2
for `'accuracy'` on several outputs) a row of zeros counts for label 0. Rows with all labels are often a "select all"
by mistake.

**How it is seen.** The row's 0/1 columns are all 0 (all 1), or its tag cell is empty or says `none`.

**Mend it.** Remove rows that were not annotated. If "none" is an answer, keep them, and score with sigmoid outputs and
a threshold: an empty prediction is then right.

```python
>>> import numpy as np
>>> rows = np.array([[0, 0, 0], [1, 0, 1]])
>>> rows.argmax(axis=1).tolist()  # the empty row looks like label 0
[0, 0]

```
""",
    ),
    Rule(
        "XE118", "uncertain-labels", (Level.WARNING,), "0/1 columns with -1 or blanks", _uncertain,
        """\
In medical and survey data a cell may be 1 (yes), 0 (no), -1 (uncertain) or blank (not asked).

**Why it bites.** Filled with 0 they become negatives that are not: the model learns to miss. Left at -1 they break the
loss (see XE103). Filled with 1 they are positives that are not.

**How it is seen.** The columns hold 0 and 1, and -1 or blanks beside them. A row with a blank is not scored, and
counted as one without a label. Where -1 fills most cells it says no, and 0 is what leaves a label open: so PASCAL VOC
marks objects that are difficult to see.

**Mend it.** Mask the cells: PyTorch `BCEWithLogitsLoss(reduction="none")` times the mask, divided by its sum; Keras a
sample weight of shape (N, K) on a loss with `reduction=None`; scikit-learn one model per label on its known rows.

```python
>>> import numpy as np
>>> losses, known = np.array([0.2, 0.4, 9.9]), np.array([1, 1, 0])
>>> float(((losses * known).sum() / known.sum()).round(3))
0.3

```
""",
    ),
)  # fmt: skip
