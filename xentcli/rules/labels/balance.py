"""Rules on how often classes and labels occur: one class, imbalance, rare classes, constant labels, order.

Floor 6. Pure functions of a Detection.
"""

from math import sqrt

from xentcli.phrases import counted
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.task.matching import listed
from xentcli.task.model import ClassCount, Detection, NotATarget
from xentcli.terms import Encoding, Kind

_Z = 1.959963984540054
_WIDE = 0.5
"""A recall known to within a quarter up or down is not known."""


def _single_class(seen: Detection) -> Hit | None:
    if seen.task.not_a_target is not NotATarget.SINGLE_CLASS:
        return None
    only = listed(seen.task.classes[:1], quoted=True) if seen.task.classes else "one value"
    return Hit(
        f"every labelled row holds {only}: nothing can be learned or told apart, and accuracy is 1 for a model that"
        " always says so",
        "look for a filter that dropped the other classes, or name another column with --label",
        seen.rows - seen.missing_rows,
        columns=seen.columns[:10],
    )


def _hard(seen: Detection) -> bool:
    """Whether the counts are rows of classes that exclude each other."""
    return seen.task.kind in {Kind.BINARY, Kind.MULTICLASS} and seen.soft is None


def _imbalance(seen: Detection) -> Hit | None:
    if seen.task.kind is Kind.MULTILABEL and seen.soft is None:
        return _sparse_labels(seen)
    held = [one for one in seen.counts if one.count]
    if not _hard(seen) or len(held) < 2:
        return None
    total = sum(one.count for one in held)
    most, least = max(held, key=_count), min(held, key=_count)
    share, ratio = most.count / total, most.count / least.count
    if share < (1 + 1 / len(seen.counts)) / 2 and ratio < 10:
        return None
    return Hit(
        f"{most.name!r} holds {share:.1%} of the labels, {ratio:,.3g} times as many as {least.name!r}:"
        f" always answering {most.name!r} already earns accuracy {share:.4f}",
        "judge by log loss, balanced accuracy and recall per class; weights are listed with the classes",
        len(held),
        columns=seen.columns[:10],
        level=Level.WARNING if share >= 0.9 else Level.NOTE,
    )


def _count(one: ClassCount) -> int:
    return one.count


def _sparse_labels(seen: Detection) -> Hit | None:
    shares = [one.count / known for one in seen.counts if (known := _known(seen, one))]
    if not shares or sorted(shares)[len(shares) // 2] >= 0.05:
        return None
    element = 1 - sum(shares) / len(shares)
    return Hit(
        f"half of the {len(shares):,} labels hold in fewer than 5 % of the rows: a model that never gives any label"
        f" already earns element-wise accuracy {element:.4f}",
        "judge by F1 or average precision per label, not by accuracy over all elements; see the weights of the labels",
        sum(share < 0.05 for share in shares),
        columns=seen.columns[:10],
    )


def _known(seen: Detection, one: ClassCount) -> int:
    return seen.rows - seen.missing_rows if one.known is None else one.known


def wilson_width(rows: int) -> float:
    """Return the full width of the 95 % Wilson interval of a share of one half over so many rows.

    Source: Wilson (1927), Journal of the American Statistical Association 22.
    """
    return _Z / sqrt(rows + _Z**2)


def _rare(seen: Detection) -> Hit | None:
    if seen.soft is not None or seen.task.kind not in {Kind.BINARY, Kind.MULTICLASS, Kind.MULTILABEL}:
        return None
    rare = [one for one in seen.counts if one.count and wilson_width(one.count) > _WIDE]
    if not rare:
        return None
    shown = ", ".join(f"{one.name!r} ({one.count})" for one in sorted(rare, key=_count)[:5])
    noun = "label" if seen.task.kind is Kind.MULTILABEL else "class"
    least = min(one.count for one in rare)
    return Hit(
        f"{len(rare):,} of {len(seen.counts):,} {_plural(noun)} have too few rows to be scored: {shown}"
        f"{', ...' if len(rare) > 5 else ''}; at {counted(least, 'row')} a recall is known to within"
        f" {wilson_width(least) / 2:.0%} up or down at best",
        "collect more rows of them, merge them, or leave them out of macro averages",
        len(rare),
        columns=seen.columns[:10],
    )


def _plural(noun: str) -> str:
    return "classes" if noun == "class" else "labels"


def _constant(seen: Detection) -> Hit | None:
    if seen.task.encoding not in {Encoding.MULTI_HOT, Encoding.ONE_HOT}:
        return None
    never = [one.name for one in seen.counts if one.count == 0]
    always = [one.name for one in seen.counts if 0 < one.count == _known(seen, one)]
    if not never and not always:
        return None
    parts = [f"always {digit}: {_listed(names)}" for digit, names in ((0, never), (1, always)) if names]
    return Hit(
        f"{len(never) + len(always):,} of {len(seen.counts):,} label columns never change ({'; '.join(parts)}):"
        " they teach nothing, their recall or precision is undefined, and they lift averages over labels",
        "drop these columns, or look for what removed the rows that differ",
        len(never) + len(always),
        columns=tuple([*never, *always][:10]),
    )


def _listed(names: list[str]) -> str:
    return ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")


def _ordinal(seen: Detection) -> Hit | None:
    found = [one for one in seen.outputs or (seen,) if one.ordinal is not None]
    if not found:
        return None
    return Hit(
        f"the classes have an order, {found[0].ordinal}: cross-entropy punishes every wrong class alike, however near",
        "report the mean absolute error of the ranks or quadratic kappa beside accuracy; consider an ordinal loss",
        len(found[0].task.classes),
        columns=tuple(one.columns[0] for one in found)[:10],
    )


BALANCE_RULES: tuple[Rule[Detection], ...] = (
    Rule(
        "XE106", "single-class", (Level.ERROR, Level.WARNING), "one class only", _single_class,
        """\
A label column with one value asks no question.

**Why it bites.** Everything looks perfect: the loss goes to 0, accuracy is 1. What was lost is upstream: a filter, a
join, a sorted file cut in the middle, a split by class.

**How it is seen.** Every row that has a label has the same one. Beside scores it is a warning: a slice may hold one
class, and its loss and accuracy are right, while what compares two classes is undefined.

**Mend it.** Trace the rows of the other classes. If this is one shard of a sorted file, inspect all shards together:
`xent inspect shard-*.csv`.

```python
>>> labels = ["ok"] * 50
>>> sum(label == "ok" for label in labels) / len(labels)
1.0

```
""",
    ),
    Rule(
        "XE107", "class-imbalance", (Level.NOTE, Level.WARNING), "the majority's share against 1/K", _imbalance,
        """\
When one class holds most of the rows, accuracy measures the class shares more than the model.

**Why it bites.** With 97 % of one class, a model that never looks at its input has accuracy 0.97. Log loss has its own
baseline, the entropy of the shares, which the report prints: beat that, not ln K.

**How it is seen.** The largest share is far above 1/K, or the largest class is ten times the smallest. A warning from
a share of 90 %. For multi-label: half of the labels hold in fewer than 5 % of the rows.

**Mend it.** Report balanced accuracy and recall per class. Start the output bias at the log-odds of the shares
(Keras: `bias_initializer`, PyTorch: `layer.bias.data`), so that the first epochs do not only learn the shares. Class
weights `n / (K n_c)` (Keras `class_weight`, PyTorch `CrossEntropyLoss(weight=...)` or `pos_weight`, scikit-learn
`class_weight="balanced"`) raise recall of rare classes, and bend the probabilities: they are no longer calibrated.

```python
>>> from math import log
>>> shares = [0.97, 0.03]
>>> round(-sum(p * log(p) for p in shares), 3), round(log(2), 3)
(0.135, 0.693)

```
""",
    ),
    Rule(
        "XE108", "rare-classes", (Level.WARNING, Level.NOTE),
        "classes with fewer rows than their recall can be told from", _rare,
        """\
A class with eleven rows or fewer cannot be scored: its recall has an interval wider than one half.

**Why it bites.** A macro average gives such a class the same weight as one of ten thousand rows. Whether a model is
"better" then hangs on three rows.

**How it is seen.** The 95 % Wilson interval of a recall of one half over the class's rows is wider than 0.5. Beside
scores it is a note: a test set may be small.

**Mend it.** Gather rows, merge classes that need not be told apart, or report them with their intervals and leave
them out of averages.

```python
>>> from math import sqrt
>>> z = 1.96
>>> [round(z / sqrt(n + z * z), 2) for n in (5, 11, 12, 100)]
[0.66, 0.51, 0.49, 0.19]

```
""",
    ),
    Rule(
        "XE113", "constant-label", (Level.WARNING,), "a 0/1 label column that is always 0 or always 1", _constant,
        """\
A label that never occurs, or always does, is decided before the model looks.

**Why it bites.** Its Bernoulli loss falls to 0 in the first epoch and pulls the mean over labels down with it. Recall
(never 1) or the true negative rate (never 0) is undefined; scikit-learn counts it as 0 in a macro average.

**How it is seen.** All known cells of the column are 0, or all are 1. A one-hot column that is always 0 is a class
that no row has; beside scores that is XE306.

**Mend it.** Drop the column from targets and outputs, or find the rows that a filter took away.

```python
>>> losses = {"cat": 0.40, "dog": 0.50, "never": 0.0}
>>> round(sum(losses.values()) / 3, 2), round((0.40 + 0.50) / 2, 2)
(0.3, 0.45)

```
""",
    ),
    Rule(
        "XE116", "ordinal-target", (Level.NOTE,), "ratings, grades, levels: classes with an order", _ordinal,
        """\
Stars from 1 to 5, grades, `low < medium < high`: the classes have an order that cross-entropy does not know.

**Why it bites.** Calling a five-star review four stars costs as much as calling it one star, in loss and in accuracy.
A model that is never far off can look worse than one that is often absurd.

**How it is seen.** The class names form a known scale, or count under a column name that speaks of a rating.

**Mend it.** Cross-entropy is still a fine start. Beside it report the mean absolute error of the ranks or quadratically
weighted kappa (`cohen_kappa_score(..., weights="quadratic")` in scikit-learn). For training: a cumulative-link model
(CORAL, CORN), soft targets that leak to the neighbours, or regression on the rank.

```python
>>> truth, near, absurd = [5, 5, 5, 1], [4, 4, 4, 1], [5, 5, 1, 5]
>>> def accuracy(said): return sum(a == b for a, b in zip(said, truth)) / 4
>>> def error(said): return sum(abs(a - b) for a, b in zip(said, truth)) / 4
>>> accuracy(near), error(near), accuracy(absurd), error(absurd)
(0.25, 0.75, 0.5, 2.0)

```
""",
    ),
)  # fmt: skip
