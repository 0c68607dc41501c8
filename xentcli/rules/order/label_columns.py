"""Rules XE312 and XE313: score columns of several labels that answer for other labels, or for a label's absence.

Floor 6.
"""

from xentcli.rules.facts import MIN_ROWS, ScoreFacts
from xentcli.rules.order.label_fit import LabelOrder
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.rules.wording import reordered
from xentcli.task.names import listed

_SHOWN = 12


def _order(facts: ScoreFacts) -> LabelOrder:
    return LabelOrder() if facts.labels is None or facts.scored < MIN_ROWS else facts.labels


def _sampled(facts: ScoreFacts) -> str:
    """Return on how many rows something was seen, where that is not all of them."""
    rows = sum(one.rows for one in facts.traps.sample.kept)
    return "" if rows == facts.scored else f" (on a sample of {rows:,} of {facts.scored:,} rows)"


def _columns(facts: ScoreFacts) -> Hit | None:
    found = _order(facts).moves
    if found is None:
        return None
    names = facts.plan.classes
    held = dict(zip(found.columns.tolist(), names, strict=True))
    pairs = [f"{names[at]!r} fits that of {names[int(found.columns[at])]!r}" for at in found.moved[:_SHOWN]]
    more = ", ..." if len(found.moved) > _SHOWN else ""
    return Hit(
        f"{len(found.moved):,} of {len(names):,} labels fit the score column of another label far better than their"
        f" own: {', '.join(pairs)}{more}; mean correlation of these labels with their scores"
        f" {found.now:.4f} -> {found.then:.4f}{_sampled(facts)}; the numbers here are those of mixed-up columns",
        f"{reordered(facts, tuple(held[at] for at in range(len(names))))}; take the order from what made the labels"
        " (MultiLabelBinarizer's classes_), not from this guess",
        len(found.moved),
        columns=tuple(names[at] for at in found.moved[:10]),
    )


def _turned(facts: ScoreFacts) -> Hit | None:
    found = _order(facts).turned
    if not found:
        return None
    names = tuple(facts.plan.classes[one.label] for one in found)
    shown = ", ".join(f"{name!r} {one.found:.4f}" for name, one in zip(names, found[:_SHOWN], strict=False))
    return Hit(
        f"{len(found):,} of {facts.class_count:,} labels get high scores where they are absent and low ones where they"
        f" hold; correlation with their own scores: {shown}{', ...' if len(found) > _SHOWN else ''}{_sampled(facts)}",
        f"the scores of {listed(names)} answer for the label's absence: write 1 - p (of logits, -x), or turn the label",
        len(found),
        columns=names[:10],
    )


def misaligned_labels(facts: ScoreFacts) -> Hit | None:
    """Look for labels that fit the scores of the row beside, where none fits those of its own: XE304."""
    found = _order(facts).shifted
    if found is None:
        return None
    beside = "after" if found.before else "before"
    belong = "scores[1:] belong to labels[:-1]" if found.before else "scores[:-1] belong to labels[1:]"
    return Hit(
        "labels and scores are shifted by one row: no label fits the scores of its own row beyond chance, but"
        f" {found.labels:,} of {facts.class_count:,} labels fit those of the row {beside};"
        f" their mean correlation {found.now:.4f} -> {found.then:.4f}",
        f"{belong}; look for a header"
        " that was read as a row, a row dropped on one side only, or a shifted index, and join by an id column (--id)",
        facts.scored,
    )


LABEL_COLUMN_RULES: tuple[Rule[ScoreFacts], ...] = (
    Rule(
        "XE312", "label-order-mismatch", (Level.ERROR,), "labels that fit the score columns of other labels", _columns,
        """\
The score columns of a task with several labels stand in another order than the label columns.

**Why it bites.** Every label is a task of its own, so nothing crashes and no row looks odd. Most labels are absent in
most rows, and accuracy by label stays high whatever column they are held against; only the loss and F1 suffer, as if
the model were weak.

**How it is seen.** Up to 200 labels, every label is correlated with every score column, on at most 32,768 rows (fewer
where there are more than 8 labels), and the assignment of columns to labels with the largest sum is found (Hungarian
method). It falls into rings of labels that take each other's columns. A ring is told if three quarters of its labels
fit the new column beyond chance at one in a million over all pairs (Bennett's bound, which holds for rare labels), none
fits its own better, all together gain more than 4.75 standard errors, and their mean correlation with their own columns
is no more than 0.8 of that with the new ones. Labels that are alike in labels and in scores cannot be told apart.

**Mend it.** Take one order for both sides. scikit-learn: `MultiLabelBinarizer(classes=names)` for the labels, and the
same names for the columns of `predict_proba`; without `classes` it sorts. Keras: the list that made the multi-hot
vectors (`StringLookup.get_vocabulary()`, which orders by frequency). PyTorch: the list that indexes the target tensor;
a `set` of names has another order in every run.

```python
>>> import numpy as np
>>> rng = np.random.default_rng(0)
>>> held = (rng.random((500, 3)) < [0.5, 0.3, 0.1]).astype(float)
>>> scores = 0.6 * held + 0.4 * rng.random((500, 3))
>>> read = scores[:, [1, 0, 2]]  # the first two columns have changed places
>>> r = np.corrcoef(held.T, read.T)[:3, 3:]
>>> r.argmax(axis=1).tolist()
[1, 0, 2]

```
""",
        explains=("XE404", "XE405", "XE406", "XE408"),
    ),
    Rule(
        "XE313", "flipped-label", (Level.ERROR,), "labels whose scores are high where they are absent", _turned,
        """\
The score of a label is that of its absence, or the label is written the other way round.

**Why it bites.** One upside-down label among twenty hardly moves the mean, and its rows look like hard cases. Subset
accuracy falls to that of rows where it happens to be unsure, and macro averages lose a twentieth for no fault of the
model.

**How it is seen.** The label is correlated with its own score below zero, beyond chance at one in a million over all
labels (Bennett's bound), and by more than noise: the mean scores of rows with and without it are further apart than
0.36 standard deviations, which is an area under the curve below 0.4 of normal scores. Not told where another label
fits the column better than this one fits it upside down (XE312), nor where rows are shifted (XE304). At most 32,768
rows are looked at.

**Mend it.** Write 1 - p for this label, or mend its coding. scikit-learn: `predict_proba` of a
`MultiOutputClassifier` gives two columns a label: take `[:, 1]`, and look at `classes_`. Keras and PyTorch: a sigmoid
is the probability of target 1; look for a label that means "no finding", or that is inverted on one side only.

```python
>>> import numpy as np
>>> held = np.array([1, 1, 0, 0, 0])
>>> score = np.array([0.1, 0.3, 0.9, 0.8, 0.7])
>>> round(float(np.corrcoef(held, score)[0, 1]), 2), round(float(np.corrcoef(held, 1 - score)[0, 1]), 2)
(-0.96, 0.96)

```
""",
        explains=("XE404", "XE405", "XE406", "XE408"),
    ),
)  # fmt: skip
