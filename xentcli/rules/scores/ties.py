"""Rule XE209: rows whose top score several classes share.

Floor 6.
"""

from xentcli.phrases import rates
from xentcli.rules.facts import TaskFacts
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.terms import Kind


def level_of_move(facts: TaskFacts, moved: float) -> Level:
    """Return a warning where accuracy can move by more than half its interval."""
    half = facts.half_interval
    return Level.WARNING if half is not None and moved > half else Level.NOTE


def moves_of_ties(facts: TaskFacts) -> tuple[float, float]:
    """Return how far accuracy falls and rises if ties go the other way, in rows or in their weights."""
    counts = facts.on_limits.counts
    return facts.weights.share(counts.tied_right), facts.weights.share(counts.tied_otherwise)


def _orders(facts: TaskFacts) -> tuple[tuple[float, float], bool]:
    """Return how far accuracy falls and rises by the order of the columns, and whether some order goes so far.

    That is known of few classes without weights, and where all classes tie in all rows: then the first column's share
    is right. Of others, all ties are lost or won, which bounds it.
    """
    if _all_alike(facts):
        shares = [one.support / facts.scored for one in facts.per_class]
        return (facts.accuracy.value - min(shares), max(shares) - facts.accuracy.value), True
    reach = facts.on_limits.counts.tie_sets.reach() if facts.weights.row_total is None else None
    if reach is None:
        return moves_of_ties(facts), False
    right = facts.on_limits.counts.tied_right.rows
    return ((right - reach.least) / facts.scored, (reach.most - right) / facts.scored), True


def _all_alike(facts: TaskFacts) -> bool:
    """Whether every class has the same score in every row, and rows have no weights."""
    values = None if facts.scores is None else facts.scores.traps.values
    if values is None or values.low is None or values.high is None or facts.weights.row_total is not None:
        return False
    same = bool((values.low == values.low[0]).all() and (values.high == values.low[0]).all())
    return same and len(facts.per_class) == len(facts.subject.classes)


def _tied_scores(facts: TaskFacts) -> Hit | None:
    if facts.kind is not Kind.MULTICLASS or facts.on_limits.tied.count == 0 or facts.loss is None:
        return None
    tied, value = facts.on_limits.tied, facts.accuracy.value
    (down, up), exact = _orders(facts)
    least, most, now = rates(value - down, value + up, value)
    effect = f"in any order of the columns accuracy lies between {least} and {most}, and is {now} in this one"
    if exact:
        effect = f"accuracy is {least} in the worst order of the columns, {most} in the best and {now} in this one"
    if least == most:
        effect = f"every order of the columns gives accuracy {now}"
    return Hit(
        f"in {tied.count:,} of {facts.scored:,} rows several classes share the top score, and the first column wins:"
        f" {effect}",
        "write the scores with all their digits, as float32 at least; models that vote tie honestly: take more voters",
        tied.count,
        tied.rows,
        level=level_of_move(facts, max(down, up)),
    )


TIE_RULES: tuple[Rule[TaskFacts], ...] = (
    Rule(
        "XE209", "tied-scores", (Level.NOTE, Level.WARNING), "rows whose top score several classes share", _tied_scores,
        """\
Where two classes share the top score, arg-max takes the first: the order of the columns decides, not the model.

**Why it bites.** A model that gives every class the same score is right wherever class 0 is. Frameworks differ:
numpy, PyTorch and Keras take the first column, LightGBM counts such a row as wrong, and rounding to float16 or to two
digits makes ties that the model never had.

**How it is seen.** Rows whose largest score occurs more than once are counted, with how many of them are right and in
how many the true class is among the best. Up to ten classes, without weights, the sets of classes that tie are counted,
too, and the worst and the best order are found exactly; else all ties lost, or won, are bounds that no order passes. A
warning where the order of the columns can move accuracy by more than half its interval.

**Mend it.** Write probabilities with all digits (`p.numpy()`, `torch.save`, not `"%.2f"`), as float32 or wider. Forests
(`RandomForestClassifier`) and nearest neighbours in scikit-learn tie honestly: more trees, or say so. In Keras and
PyTorch keep `softmax` out of float16.

```python
>>> import numpy as np
>>> p = np.array([[0.4996, 0.5004], [0.5004, 0.4996]])
>>> p.argmax(axis=1).tolist(), p.round(2).argmax(axis=1).tolist()
([1, 0], [0, 0])

```
""",
    ),
)  # fmt: skip
