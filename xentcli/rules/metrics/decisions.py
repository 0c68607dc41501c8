"""Rules XE411 and XE412: decisions that hang by a hair: scores on the threshold, rows that are given no label.

Floor 6.
"""

from xentcli.phrases import rates
from xentcli.rules.facts import TaskFacts
from xentcli.rules.metrics.accuracies import LEAST_DIFFERENCE
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.rules.scores.ties import level_of_move, moves_of_ties
from xentcli.terms import Kind


def _scores_on_threshold(facts: TaskFacts) -> Hit | None:
    tied, value = facts.on_limits.tied, facts.accuracy.value
    if facts.kind not in {Kind.BINARY, Kind.MULTILABEL} or tied.count == 0 or facts.loss is None:
        return None
    down, up = moves_of_ties(facts)
    name = "subset accuracy" if facts.kind is Kind.MULTILABEL else "accuracy"
    from_it, above = rates(value + up - down, value)
    effect = f"is {from_it} instead of {above}" if from_it != above else f"is {above}, too"
    return Hit(
        f"in {tied.count:,} of {facts.scored:,} rows a probability is exactly {facts.accuracy.threshold:g}, the"
        f" threshold, and so not above it: with >= {name} {effect}",
        "say which side the threshold belongs to, choose one that no score stands on, or write more digits",
        tied.count,
        tied.rows,
        level=level_of_move(facts, abs(up - down)),
    )


def _at_least_one_label(facts: TaskFacts) -> Hit | None:
    bare, counts, value = facts.on_limits.bare, facts.on_limits.counts, facts.accuracy.value
    gained = facts.weights.share(counts.bare_best) - facts.weights.share(counts.bare_right)
    if facts.kind is not Kind.MULTILABEL or gained < LEAST_DIFFERENCE:
        return None
    return Hit(
        f"in {bare.count:,} of {facts.scored:,} rows no score is above {facts.accuracy.threshold:g} and so no label is"
        f" given, wrongly in {bare.count - counts.bare_right.rows:,}: with its best label each,"
        f" {counts.bare_best.rows:,} would become right and {counts.bare_right.rows:,} wrong, subset accuracy"
        f" {value + gained:.4f} instead of {value:.4f}",
        "if every row has a label, score with --at-least-one; else lower the threshold, on other rows than these",
        bare.count,
        bare.rows,
    )


DECISION_RULES: tuple[Rule[TaskFacts], ...] = (
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
