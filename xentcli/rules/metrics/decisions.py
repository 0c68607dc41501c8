"""Rules on decisions that hang by a hair: ties, scores on the threshold, rows that are given no label.

Floor 6. Pure functions of `MetricFacts`.
"""

from xentcli.rules.finding import Level
from xentcli.rules.metrics.facts import MetricFacts
from xentcli.rules.rule import Hit, Rule
from xentcli.task.model import Kind


def _level(seen: MetricFacts, moved: float) -> Level:
    """Return a warning where accuracy can move by more than half its interval."""
    half = seen.half_interval
    return Level.WARNING if half is not None and moved > half else Level.NOTE


def _tied_scores(seen: MetricFacts) -> Hit | None:
    if seen.kind is not Kind.MULTICLASS or seen.tied.count == 0 or seen.loss is None:
        return None
    tied, value = seen.tied.count, seen.accuracy.value
    down, up = seen.edges.tied_right / seen.scored, (seen.edges.tied_true - seen.edges.tied_right) / seen.scored
    return Hit(
        f"in {tied:,} of {seen.scored:,} rows several classes share the top score, and the first column wins:"
        f" another order of the columns gives accuracy {value - down:.4f} to {value + up:.4f} instead of {value:.4f}",
        "write the scores with more digits, in float32 at least; of voting models report the shares as they are",
        tied,
        seen.tied.rows,
        level=_level(seen, max(down, up)),
    )


def _scores_on_threshold(seen: MetricFacts) -> Hit | None:
    if seen.kind not in {Kind.BINARY, Kind.MULTILABEL} or seen.tied.count == 0 or seen.loss is None:
        return None
    tied, value = seen.tied.count, seen.accuracy.value
    if seen.kind is Kind.BINARY:
        moved = (tied - 2 * seen.edges.tied_right) / seen.scored
        effect = f"with >= accuracy is {value + moved:.4f} instead of {value:.4f}"
    else:
        moved = tied / seen.scored
        effect = f"with >= accuracy {value:.4f} moves by up to {moved:.4f}"
    return Hit(
        f"{tied:,} of {seen.scored:,} rows have a score of exactly {seen.accuracy.threshold:g}, the threshold:"
        f" they are not above it, and {effect}",
        "say which side the threshold belongs to, choose one that no score stands on, or write more digits",
        tied,
        seen.tied.rows,
        level=_level(seen, abs(moved)),
    )


def _at_least_one_label(seen: MetricFacts) -> Hit | None:
    edges = seen.edges
    gained = edges.bare_best - edges.bare_right
    if seen.kind is not Kind.MULTILABEL or gained <= 0:
        return None
    value = seen.accuracy.value
    return Hit(
        f"{seen.bare.count:,} of {seen.scored:,} rows have no score above {seen.accuracy.threshold:g} and are given no"
        f" label, though {edges.bare_held:,} of them have one; with its best label each, {edges.bare_best:,} would be"
        f" right and {edges.bare_right:,} no longer: subset accuracy {value + gained / seen.scored:.4f} instead of"
        f" {value:.4f}",
        "if every row has a label, score with --at-least-one; else lower the threshold, on other rows than these",
        seen.bare.count,
        seen.bare.rows,
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
how many the true class is among the best. A warning where another order of the columns can move accuracy by more than
half its interval.

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

**How it is seen.** Rows with a score on the threshold are counted; in a binary task with their labels, so that the
accuracy by `>=` is exact. A warning where it can differ by more than half the interval. In a float32 file the
threshold is taken as a float32, so 0.7 stands on 0.7.

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
speaks only if that makes more rows right than wrong.

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
