"""Rules XE201, XE202 and XE208: scores on another scale than their names say, and rows that cannot be used.

Floor 6. Rules XE201 and XE202: scores on another scale than their names say.

Rule XE208: rows whose scores cannot be used.
"""

from xentcli.phrases import counted
from xentcli.rules.facts import TableFacts, TaskFacts
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.tally.row_facts import Defect, FirstRows
from xentcli.terms import Scale


def _logits_as_probabilities(facts: TableFacts) -> Hit | None:
    if facts.reading.named is not Scale.PROBABILITIES or facts.scale is not Scale.LOGITS:
        return None
    outside = facts.row_facts.finite - facts.row_facts.fit_probabilities
    return Hit(
        f"the names of the scores speak of probabilities, but {outside:,} of {facts.row_facts.finite:,} rows leave [0,"
        " 1]:"
        " all were read as logits, and the numbers are right only if they are",
        "confirm logits with --scale logits, or save them after softmax (or sigmoid); divide per cents by 100",
        outside,
        columns=facts.columns[:10],
    )


def _log_probabilities(facts: TaskFacts) -> Hit | None:
    said = facts.subject.reading.named
    if not facts.subject.log_probabilities or facts.subject.reading.given or said is Scale.LOG_PROBABILITIES:
        return None
    named = f"though the columns are named like {said.value}" if said is not None else "though no name says so"
    effect = "they were read as such, so the loss is minus the score of the true class"
    if facts.subject.scale is Scale.LOGITS:
        effect = "they went through a softmax, which leaves log-probabilities as they are; a sigmoid would not"
    return Hit(
        f"the scores of {counted(facts.scored, 'row')} are log-probabilities, {named}: none is above 0, and the"
        f" exponentials of a row sum to 1; {effect}",
        "name the columns log_prob_..., or confirm with --scale log-probabilities; NLLLoss takes such scores,"
        " CrossEntropyLoss the logits before",
        facts.scored,
        level=Level.WARNING if said is Scale.PROBABILITIES else Level.NOTE,
    )


NAMED_SCALE_RULES: tuple[Rule[TableFacts], ...] = (
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
)  # fmt: skip


LOG_SCALE_RULES: tuple[Rule[TaskFacts], ...] = (
    Rule(
        "XE202", "log-probabilities", (Level.WARNING, Level.NOTE),
        "scores that are all <= 0 and whose exponentials sum to 1", _log_probabilities,
        """\
Scores that are never positive and whose exponentials sum to 1 are the output of log-softmax.

**Why it bites.** A softmax over them is harmless: it gives the probabilities. A sigmoid is not: it makes p / (1 + p)
of every p, so that certainty becomes 0.5. As probabilities they are out of range, and losses that clip make the same
of every one.

**How it is seen.** At least 99 of 100 rows have no score above 0 and exponentials that sum to 1. They are read as
log-probabilities, or as logits where the columns are named so. A warning if they are named probabilities, else a note.

**Mend it.** PyTorch: `NLLLoss` takes them, `CrossEntropyLoss` the logits before. Keras: apply `ops.exp`, or leave the
log out and pass `from_logits=True`. scikit-learn: `predict_proba`, not `predict_log_proba`. Name what is written.

```python
>>> from math import exp, log
>>> p = 0.9
>>> round(1 / (1 + exp(-log(p))), 3)
0.474

```
""",
    ),
)  # fmt: skip


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


def _bad_scores(facts: TableFacts) -> Hit | None:
    together = FirstRows()
    for defect in _SCORE_DEFECTS:
        together.merge(facts.row_facts.defects[defect])
    if together.count == 0:
        return None
    parts = [(facts.row_facts.defects[defect].count, defect.value) for defect in _SCORE_DEFECTS]
    listed = "; ".join(f"{count:,} {words}" for count, words in parts if count)
    rows = facts.row_facts.row_numbers(together)
    return Hit(
        f"skipped {together.count:,} of {facts.row_facts.read:,} rows that cannot be scored: {listed}; the numbers"
        " here are"
        " those of the others",
        "mend what writes them; rows on which a model fails are seldom easy ones",
        together.count,
        rows,
    )


BAD_ROW_RULES: tuple[Rule[TableFacts], ...] = (
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
)  # fmt: skip
