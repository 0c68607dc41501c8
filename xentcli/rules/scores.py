"""Rules on scores: what is wrong with the predictions themselves, or with how they meet their labels.

Floor 6. Pure functions of `ScoreFacts`.
"""

from dataclasses import dataclass

from xentcli.rules.finding import Level
from xentcli.rules.rule import Hit, Rule
from xentcli.tally.facts import Defect, FirstRows, RowFacts
from xentcli.task.model import Scale
from xentcli.words import counted, verb


@dataclass(frozen=True, slots=True)
class ScoreFacts:
    """What rules on a scored table read.

    Attributes:
        facts: where every row went.
        unmatched: rows of either file whose id the other lacks.
        scale: what the scores were read as.
        scale_said: the scale that the names of the score columns speak of.
        columns: the score columns.
    """

    facts: RowFacts
    unmatched: int = 0
    scale: Scale | None = None
    scale_said: Scale | None = None
    columns: tuple[str, ...] = ()


_SCORE_DEFECTS = (
    Defect.NOT_A_NUMBER,
    Defect.NON_FINITE,
    Defect.OUT_OF_RANGE,
    Defect.WRONG_LENGTH,
    Defect.BAD_WEIGHT,
    Defect.BAD_TARGET,
    Defect.NO_PREDICTION,
    Defect.UNSEEN_PREDICTION,
)

_OTHER_DEFECTS = (Defect.BAD_TARGET, Defect.NO_PREDICTION, Defect.UNSEEN_PREDICTION)


def _logits_as_probabilities(seen: ScoreFacts) -> Hit | None:
    if seen.scale_said is not Scale.PROBABILITIES or seen.scale is not Scale.LOGITS:
        return None
    outside = seen.facts.finite - seen.facts.fit_probabilities
    return Hit(
        f"the names of the scores speak of probabilities, but {outside:,} of {seen.facts.finite:,} rows leave [0, 1]:"
        " they were read as logits",
        "apply softmax (or sigmoid) before saving, divide per cents by 100, or confirm with --scale logits",
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
        f"{together.count:,} of {seen.facts.read:,} rows were skipped, their scores cannot be used: {listed}"
        if all(seen.facts.defects[defect].count == 0 for defect in _OTHER_DEFECTS)
        else f"{together.count:,} of {seen.facts.read:,} rows were skipped, they cannot be scored: {listed}",
        "mend what writes the scores; the numbers here speak of the other rows only",
        together.count,
        rows,
    )


def _unseen_labels(seen: ScoreFacts) -> Hit | None:
    first = seen.facts.defects[Defect.UNSEEN_LABEL]
    if first.count == 0:
        return None
    rows = seen.facts.row_numbers(first)
    return Hit(
        f"{first.count:,} of {seen.facts.read:,} rows were skipped, no score column has their label",
        "score all classes, or name the classes in the order of the scores with --classes",
        first.count,
        rows,
    )


def _unmatched_ids(seen: ScoreFacts) -> Hit | None:
    if seen.unmatched == 0:
        return None
    return Hit(
        f"{counted(seen.unmatched, 'id')} {verb(seen.unmatched, 'stand')} in one of the two files only and"
        f" {verb(seen.unmatched, 'are')} not scored",
        "write labels and predictions from the same list of ids",
        seen.unmatched,
    )


SCORE_RULES: tuple[Rule[ScoreFacts], ...] = (
    Rule(
        "XE201", "logits-as-probabilities", (Level.ERROR,), "said to be probabilities, but values leave [0, 1]",
        _logits_as_probabilities,
        """\
Columns named like probabilities that leave [0, 1] hold logits, or per cents, or something else.

**Why it bites.** A loss that takes them for probabilities clips them: every logit above 1 becomes certainty, every one
below 0 impossibility. Read as logits the numbers are right only if they are logits: 97 per cent is not a logit of 97.

**How it is seen.** Fewer than half of the rows lie in [0, 1] although the name says `prob`; all rows are then read as
logits, and this finding says so.

**Mend it.** Apply the activation before saving: `torch.softmax(logits, 1)`, `keras.ops.sigmoid(logits)`,
`predict_proba` instead of `decision_function` in scikit-learn. Divide per cents by 100. Or name the columns
`logit_...`, or confirm with `--scale logits`.

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

**Why it bites.** One NaN makes a mean NaN; `nanmean` hides it, and arg-max picks NaN's column in numpy. Rows on which a
model fails are seldom easy ones: without them it looks better than it is.

**How it is seen.** Every cell of every row is checked, whatever the file's statistics say.

**Mend it.** Find the rows (the report names the first), and what wrote them: an overflow in float16, a division by 0, a
timeout. `--skip-bad-rows` scores the others and keeps counting these.

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

**Mend it.** Train on all classes, or score with the list that training used: `--classes @classes.txt`. In scikit-learn
compare `model.classes_` with the labels.

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

**Mend it.** Write both files from the same list of ids. `--skip-bad-rows` accepts the loss and keeps counting it.

```python
>>> labels, predictions = {"a", "b", "c"}, {"b", "c", "d"}
>>> sorted(labels - predictions), sorted(predictions - labels)
(['a'], ['d'])

```
""",
    ),
)  # fmt: skip
