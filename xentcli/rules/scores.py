"""Rules on scores: what is wrong with the predictions themselves, or with how they meet their labels.

Floor 6. Pure functions of `ScoreFacts`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xentcli.rules.finding import Level
from xentcli.rules.rule import Hit, Rule
from xentcli.tally.facts import Defect, FirstRows, RowFacts
from xentcli.task.model import Scale
from xentcli.task.names import listed

if TYPE_CHECKING:
    from xentcli.task.pooled import Pooled


@dataclass(frozen=True, slots=True)
class ScoreFacts:
    """What rules on a scored table read.

    Attributes:
        facts: where every row went.
        unlabelled: predictions whose id the labels lack.
        unpredicted: labels whose id the predictions lack.
        scale: what the scores were read as.
        scale_said: the scale that the names of the score columns speak of.
        columns: the score columns.
        pooled: the models whose outputs stand under one another; None where nothing shows that any do.
    """

    facts: RowFacts
    unlabelled: int = 0
    unpredicted: int = 0
    scale: Scale | None = None
    scale_said: Scale | None = None
    columns: tuple[str, ...] = ()
    pooled: "Pooled | None" = None


_SCORE_DEFECTS = (
    Defect.NOT_A_NUMBER,
    Defect.NON_FINITE,
    Defect.OUT_OF_RANGE,
    Defect.WRONG_LENGTH,
    Defect.OTHER_CELLS,
    Defect.NO_OBJECT,
    Defect.BAD_WEIGHT,
    Defect.BAD_TARGET,
    Defect.NO_PREDICTION,
    Defect.UNSEEN_PREDICTION,
)


def _logits_as_probabilities(seen: ScoreFacts) -> Hit | None:
    if seen.scale_said is not Scale.PROBABILITIES or seen.scale is not Scale.LOGITS:
        return None
    outside = seen.facts.finite - seen.facts.fit_probabilities
    return Hit(
        f"the names of the scores speak of probabilities, but {outside:,} of {seen.facts.finite:,} rows leave [0, 1]:"
        " all were read as logits, and the numbers are right only if they are",
        "confirm logits with --scale logits, or save them after softmax (or sigmoid); divide per cents by 100",
        outside,
        columns=seen.columns[:10],
    )


def _bad_scores(seen: ScoreFacts) -> Hit | None:
    together = FirstRows()
    for defect in _SCORE_DEFECTS:
        together.merge(seen.facts.defects[defect])
    if together.count == 0:
        return None
    parts = [(seen.facts.defects[defect].count, defect.value) for defect in _SCORE_DEFECTS]
    listed = "; ".join(f"{count:,} {words}" for count, words in parts if count)
    rows = seen.facts.row_numbers(together)
    return Hit(
        f"skipped {together.count:,} of {seen.facts.read:,} rows that cannot be scored: {listed}; the numbers here are"
        " those of the others",
        "mend what writes them; rows on which a model fails are seldom easy ones",
        together.count,
        rows,
    )


def _unseen_labels(seen: ScoreFacts) -> Hit | None:
    first = seen.facts.defects[Defect.UNSEEN_LABEL]
    if first.count == 0:
        return None
    rows = seen.facts.row_numbers(first)
    return Hit(
        f"skipped {first.count:,} of {seen.facts.read:,} rows whose label no score column has: each would count as"
        " an error, and the numbers here leave it out",
        "score all classes, or name the classes in the order of the scores with --classes",
        first.count,
        rows,
    )


def _unmatched_ids(seen: ScoreFacts) -> Hit | None:
    if seen.unlabelled == seen.unpredicted == 0:
        return None
    return Hit(
        "ids that stand in one of the two files only, so that their rows are not scored:"
        f" {seen.unlabelled:,} of predictions without a label, {seen.unpredicted:,} of labels without a prediction",
        "write labels and predictions from the same list of ids; a model that failed on hard rows looks better here",
        seen.unlabelled + seen.unpredicted,
    )


def _pooled_models(seen: ScoreFacts) -> Hit | None:
    found = seen.pooled
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


SCORE_RULES: tuple[Rule[ScoreFacts], ...] = (
    Rule(
        "XE201", "logits-as-probabilities", (Level.ERROR,), "said to be probabilities, but values leave [0, 1]",
        _logits_as_probabilities,
        """\
Columns named like probabilities that leave [0, 1] hold logits, or per cents, or something else.

**Why it bites.** A loss that takes them for probabilities clips them: every logit above 1 becomes certainty, every one
below 0 impossibility. Keras does so without a word (`from_logits=False` is its default), scikit-learn did until 1.6.
Read as logits the numbers are right only if they are logits: 97 per cent is not a logit of 97.

**How it is seen.** Fewer than 90 % of the rows lie in [0, 1] although the name says `prob`; all rows are then read as
logits, and this finding says so. With `--scale probabilities` such rows are bad, and the run stops.

**Mend it.** If they are logits, say so: `--scale logits`, or columns named `logit_...`. Or apply the activation before
saving. Keras: `keras.ops.softmax(logits)`, and train with `from_logits=True`. PyTorch: `torch.softmax(logits, 1)`,
`torch.sigmoid(logit)`. scikit-learn: `predict_proba`, not `decision_function`. Divide per cents by 100.

```python
>>> from math import exp, log
>>> logits, true = [2.0, 0.0], 1
>>> clipped = -log(max(logits[true], 2 ** -52))
>>> honest = -log(exp(logits[true]) / sum(exp(one) for one in logits))
>>> round(clipped, 1), round(honest, 3)
(36.0, 2.127)

```
""",
    ),
    Rule(
        "XE208", "bad-scores", (Level.ERROR,), "scores that are empty, NaN, out of range or of a wrong length",
        _bad_scores,
        """\
A score that is empty, no number, NaN, infinite, out of range, or one of a list of another length says nothing about
its row.

**Why it bites.** One NaN makes a mean NaN; `nanmean` hides it, and arg-max picks NaN's column in numpy, in PyTorch, and
in Keras but for its TensorFlow backend. Rows on which a model fails are seldom easy ones: without them it looks better
than it is.

**How it is seen.** Every cell of every row is checked, whatever the file's statistics say.

**Mend it.** Find the rows (the report names the first), and what wrote them: an overflow in float16, a division by 0, a
timeout. Keras: the binary loss passes NaN on (on the torch backend it raises); ask `keras.ops.isfinite(p)` before
saving. PyTorch: `BCELoss` refuses NaN and values out of range; ask `torch.isfinite(p).all()`. scikit-learn: `log_loss`
refuses NaN and infinity, and from 1.7 on values out of range; below that it clips them in silence. `--skip-bad-rows`
scores the other rows and keeps counting these.

```python
>>> import numpy as np
>>> int(np.argmax([0.1, float("nan"), 0.8]))
1

```
""",
    ),
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
