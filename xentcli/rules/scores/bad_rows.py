"""Rule XE208: rows whose scores cannot be used.

Floor 6.
"""

from xentcli.rules.facts import TableFacts
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.tally.row_facts import Defect, FirstRows

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
