"""Rules on decisions that hang by a hair: ties, scores on the threshold, rows that are given no label.

Floor 6. Pure functions of `MetricFacts`.
"""

from xentcli.rules.finding import Level
from xentcli.rules.metrics.accuracies import LEAST_DIFFERENCE
from xentcli.rules.metrics.facts import MetricFacts
from xentcli.rules.rule import Hit, Rule
from xentcli.task.model import Kind
from xentcli.words import rates


def _level(seen: MetricFacts, moved: float) -> Level:
    """Return a warning where accuracy can move by more than half its interval."""
    half = seen.half_interval
    return Level.WARNING if half is not None and moved > half else Level.NOTE


def _moves(seen: MetricFacts) -> tuple[float, float]:
    """Return how far accuracy falls and rises if ties go the other way, in rows or in their weights."""
    counts = seen.edges.counts
    return seen.weights.share(counts.tied_right), seen.weights.share(counts.tied_otherwise)


def _orders(seen: MetricFacts) -> tuple[tuple[float, float], bool]:
    """Return how far accuracy falls and rises by the order of the columns, and whether some order goes so far.

    That is known of few classes without weights. Of others, all ties are lost or won, which bounds it.
    """
    reach = seen.edges.counts.tie_sets.reach() if seen.weights.row_total is None else None
    if reach is None:
        return _moves(seen), False
    right = seen.edges.counts.tied_right.rows
    return ((right - reach.least) / seen.scored, (reach.most - right) / seen.scored), True


def _tied_scores(seen: MetricFacts) -> Hit | None:
    if seen.kind is not Kind.MULTICLASS or seen.edges.tied.count == 0 or seen.loss is None:
        return None
    tied, value = seen.edges.tied, seen.accuracy.value
    (down, up), exact = _orders(seen)
    least, most, now = rates(value - down, value + up, value)
    effect = f"in any order of the columns accuracy lies between {least} and {most}, and is {now} in this one"
    if exact:
        effect = f"accuracy is {least} in the worst order of the columns, {most} in the best and {now} in this one"
    if least == most:
        effect = f"every order of the columns gives accuracy {now}"
    return Hit(
        f"in {tied.count:,} of {seen.scored:,} rows several classes share the top score, and the first column wins:"
        f" {effect}",
        "write the scores with all their digits, as float32 at least; models that vote tie honestly: take more voters",
        tied.count,
        tied.rows,
        level=_level(seen, max(down, up)),
    )


def _scores_on_threshold(seen: MetricFacts) -> Hit | None:
    tied, value = seen.edges.tied, seen.accuracy.value
    if seen.kind not in {Kind.BINARY, Kind.MULTILABEL} or tied.count == 0 or seen.loss is None:
        return None
    down, up = _moves(seen)
    name = "subset accuracy" if seen.kind is Kind.MULTILABEL else "accuracy"
    from_it, above = rates(value + up - down, value)
    effect = f"is {from_it} instead of {above}" if from_it != above else f"is {above}, too"
    return Hit(
        f"in {tied.count:,} of {seen.scored:,} rows a probability is exactly {seen.accuracy.threshold:g}, the"
        f" threshold, and so not above it: with >= {name} {effect}",
        "say which side the threshold belongs to, choose one that no score stands on, or write more digits",
        tied.count,
        tied.rows,
        level=_level(seen, abs(up - down)),
    )


def _at_least_one_label(seen: MetricFacts) -> Hit | None:
    bare, counts, value = seen.edges.bare, seen.edges.counts, seen.accuracy.value
    gained = seen.weights.share(counts.bare_best) - seen.weights.share(counts.bare_right)
    if seen.kind is not Kind.MULTILABEL or gained < LEAST_DIFFERENCE:
        return None
    return Hit(
        f"in {bare.count:,} of {seen.scored:,} rows no score is above {seen.accuracy.threshold:g} and so no label is"
        f" given, wrongly in {bare.count - counts.bare_right.rows:,}: with its best label each,"
        f" {counts.bare_best.rows:,} would become right and {counts.bare_right.rows:,} wrong, subset accuracy"
        f" {value + gained:.4f} instead of {value:.4f}",
        "if every row has a label, score with --at-least-one; else lower the threshold, on other rows than these",
        bare.count,
        bare.rows,
    )


DECISION_RULES: tuple[Rule[MetricFacts], ...] = (
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
    Rule(
        "XE411", "scores-on-threshold", (Level.NOTE, Level.WARNING), "scores that stand exactly on the threshold",
        _scores_on_threshold,
        """\
A score that equals the threshold is positive by `>=` and negative by `>`.

**Why it bites.** A network that died gives 0.5 to every row; ten trees out of twenty give 0.5 honestly. By `>` all of
them are negative, by `>=` positive: accuracy turns into its opposite on these rows, and two reports disagree.

**How it is seen.** Rows with a score on the threshold are counted with their labels, so that the accuracy by `>=` is
exact. A warning where it differs by more than half the interval. In a float32 file the threshold is taken as a float32,
so 0.7 stands on 0.7.

**Mend it.** `>` is what Keras (`BinaryAccuracy`), torchmetrics and scikit-learn's classifiers use: keep to it, in
PyTorch too (`p > 0.5`). Or put the threshold between two scores. Scores of exactly 0.5 everywhere: look at the model.

```python
>>> labels, scores = [1, 1, 1, 0], [0.5, 0.5, 0.9, 0.1]
>>> sum((s > 0.5) == y for s, y in zip(scores, labels)) / 4
0.5
>>> sum((s >= 0.5) == y for s, y in zip(scores, labels)) / 4
1.0

```
""",
    ),
    Rule(
        "XE412", "at-least-one-label", (Level.NOTE,), "multi-label rows that no score lifts above the threshold",
        _at_least_one_label,
        """\
A row none of whose scores is above the threshold is given no label at all. If every row has one, that answer is wrong
before the labels are read.

**Why it bites.** With rare labels most scores stay below 0.5 although their order is right: subset accuracy and recall
sink while the ranking is fine.

**How it is seen.** Rows without a decision are counted, and what their best label alone would have made of them. It
speaks if that makes one more row in a hundred right.

**Mend it.** `--at-least-one`, if rows without a label cannot be. In Keras, PyTorch and scikit-learn alike: where no
entry of `p > t` holds, set that of `p.argmax(axis=1)`. Or choose a threshold for each label on validation rows.

```python
>>> import numpy as np
>>> truth = np.array([[1, 0, 0], [0, 1, 0], [1, 1, 0]])
>>> p = np.array([[0.4, 0.1, 0.2], [0.2, 0.3, 0.1], [0.9, 0.8, 0.2]])
>>> given = p > 0.5
>>> float((given == truth).all(axis=1).mean().round(2))
0.33
>>> bare = ~given.any(axis=1)
>>> given[bare, p[bare].argmax(axis=1)] = True
>>> float((given == truth).all(axis=1).mean())
1.0

```
""",
    ),
)  # fmt: skip
