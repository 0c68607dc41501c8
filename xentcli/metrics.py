"""Metrics: what each number of a score is called, which way it is better, and where there is one.

Floor 0: the configuration, the gate and the views read the same table. The formula of
a metric stands in `scoring/formulas.py` under the same key, and a test pairs the two.
"""

from enum import StrEnum
from typing import NamedTuple

from xentcli.terms import Kind

ONE_LABEL = (Kind.BINARY, Kind.MULTICLASS)
WITH_CLASSES = (*ONE_LABEL, Kind.MULTILABEL)
EVERY_TASK = tuple(Kind)

BY_CLASS = "class"
"""What groups rows by their true class (the labels of a multi-label task by themselves); no column of that name."""

BOUNDS = "_bounds"
"""Ends the name of what the metric before it is proven to lie between."""

_TASK_WORDS = {
    Kind.BINARY: "binary",
    Kind.MULTICLASS: "multi-class",
    Kind.MULTILABEL: "multi-label",
    Kind.MULTIOUTPUT: "multi-output",
}


class Direction(StrEnum):
    """Which way a metric is better; a metric that says nothing of a model has neither way."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class DocumentPart(StrEnum):
    """Where the number of all rows stands in the score document; GROUPS: only classes or slices have it."""

    HEADLINE = "headline"
    METRICS = "metrics"
    LOSS = "loss"
    ROWS = "rows"
    GROUPS = "groups"


class Kin(StrEnum):
    """The line of the page on which a metric stands with its kin, in the order of the page."""

    BALANCED = "balanced accuracy"
    F1 = "F1"
    CHANCE = "beyond chance"
    RECALL = "recall"
    RANKING = "ranking"
    LABELS = "per label"
    OUTPUTS = "per output"
    TOP = "top k accuracy"
    PROBABILITIES = "probabilities"


class Metric(NamedTuple):
    """What is known of a metric without any data.

    Attributes:
        key: its name in the score document, and what a limit calls it.
        words: what a page calls it, beside the title of its kin; empty where the title says it all.
        direction: which way it is better.
        low: no value is below it; None without such a bound.
        high: no value is above it; likewise.
        part: where the number of all rows stands.
        tasks: the kinds of task that have it.
        kin: the line of the page; None for one of its own.
        needs_scores: whether predicted labels alone do not give it.
        by_class: the kinds of task that have it by class (by label of a multi-label task).
        by_column: whether there is one for the rows that share a column's value.
        paired: whether two models' values on the same rows can be compared, with an interval of the difference.
        of_positive: whether it is another number if the other class of two is the positive one.
        aliases: what it is called elsewhere; a limit that says so is told the key.
    """

    key: str
    words: str
    direction: Direction
    low: float | None
    high: float | None
    part: DocumentPart
    tasks: tuple[Kind, ...]
    kin: Kin | None = None
    needs_scores: bool = False
    by_class: tuple[Kind, ...] = ()
    by_column: bool = False
    paired: bool = False
    of_positive: bool = False
    aliases: tuple[str, ...] = ()


def registered(*metrics: Metric) -> dict[str, Metric]:
    """Return metrics by key.

    Raises:
        TypeError: one does not say which way it is better.
        ValueError: a key is there twice.
    """
    found: dict[str, Metric] = {}
    for one in metrics:
        if not isinstance(one.direction, Direction):
            raise TypeError(f"metric {one.key!r} does not say which way it is better: {one.direction!r}")
        if one.key in found:
            raise ValueError(f"there are two metrics {one.key!r}")
        found[one.key] = one
    return found


_UP, _DOWN, _NEITHER = Direction
_HEAD, _METRICS, _LOSS, _ROWS, _GROUPS = DocumentPart

METRICS = registered(
    # Rates of groups alone.
    Metric("recall", "recall", _UP, 0.0, 1.0, _GROUPS, (), by_class=WITH_CLASSES, paired=True),
    Metric("precision", "precision", _UP, 0.0, 1.0, _GROUPS, (), by_class=WITH_CLASSES, paired=True),
    Metric("f1", "F1", _UP, 0.0, 1.0, _GROUPS, (), by_class=WITH_CLASSES, paired=True),
    # The headlines.
    Metric("accuracy", "accuracy", _UP, 0.0, 1.0, _HEAD, EVERY_TASK, None, by_class=(Kind.MULTILABEL,), by_column=True,
           paired=True, aliases=("acc",)),
    Metric("loss", "loss", _DOWN, 0.0, None, _HEAD, EVERY_TASK, None, needs_scores=True, by_class=WITH_CLASSES,
           by_column=True, paired=True, aliases=("nll", "log_loss", "logloss", "cross_entropy")),
    # The metrics, in the order of the document.
    Metric("hamming_accuracy", "accuracy (Hamming)", _UP, 0.0, 1.0, _METRICS, (Kind.MULTILABEL,), Kin.LABELS,
           aliases=("hamming",)),
    Metric("jaccard", "shared labels (Jaccard)", _UP, 0.0, 1.0, _METRICS, (Kind.MULTILABEL,), Kin.LABELS,
           aliases=("iou",)),
    Metric("balanced_accuracy", "", _UP, 0.0, 1.0, _METRICS, ONE_LABEL, Kin.BALANCED, paired=True,
           aliases=("balanced_acc", "macro_recall", "recall_macro")),
    Metric("f1_macro", "macro", _UP, 0.0, 1.0, _METRICS, WITH_CLASSES, Kin.F1, paired=True,
           aliases=("f1", "macro_f1")),
    Metric("f1_micro", "micro", _UP, 0.0, 1.0, _METRICS, WITH_CLASSES, Kin.F1, aliases=("micro_f1",)),
    Metric("f1_weighted", "weighted", _UP, 0.0, 1.0, _METRICS, WITH_CLASSES, Kin.F1, paired=True,
           aliases=("weighted_f1",)),
    Metric("mcc", "Matthews correlation", _UP, -1.0, 1.0, _METRICS, ONE_LABEL, Kin.CHANCE, paired=True,
           aliases=("matthews", "matthews_corrcoef", "phi")),
    Metric("cohen_kappa", "Cohen's kappa", _UP, -1.0, 1.0, _METRICS, ONE_LABEL, Kin.CHANCE, paired=True,
           aliases=("kappa",)),
    Metric("brier", "Brier score", _DOWN, 0.0, 2.0, _METRICS, ONE_LABEL, Kin.PROBABILITIES, needs_scores=True,
           paired=True, aliases=("brier_score", "brier_score_loss")),
    Metric("ece", "expected calibration error", _DOWN, 0.0, 1.0, _METRICS, ONE_LABEL, Kin.PROBABILITIES,
           needs_scores=True, aliases=("calibration_error", "expected_calibration_error")),
    Metric("sensitivity", "of the positive class (sensitivity)", _UP, 0.0, 1.0, _METRICS, (Kind.BINARY,), Kin.RECALL,
           of_positive=True, aliases=("tpr", "true_positive_rate")),
    Metric("specificity", "of the other (specificity)", _UP, 0.0, 1.0, _METRICS, (Kind.BINARY,), Kin.RECALL,
           of_positive=True, aliases=("tnr", "true_negative_rate")),
    Metric("roc_auc", "area under the ROC curve", _UP, 0.0, 1.0, _METRICS, (Kind.BINARY,), Kin.RANKING,
           needs_scores=True, paired=True, of_positive=True, aliases=("auc", "auroc", "roc_auc_score")),
    Metric("average_precision", "average precision", _UP, 0.0, 1.0, _METRICS, (Kind.BINARY,), Kin.RANKING,
           needs_scores=True, paired=True, of_positive=True,
           aliases=("ap", "pr_auc", "auprc", "average_precision_score")),
    Metric("top_2", "2:", _UP, 0.0, 1.0, _METRICS, (Kind.MULTICLASS,), Kin.TOP, needs_scores=True, aliases=("top2",)),
    Metric("top_3", "3:", _UP, 0.0, 1.0, _METRICS, (Kind.MULTICLASS,), Kin.TOP, needs_scores=True, aliases=("top3",)),
    Metric("top_5", "5:", _UP, 0.0, 1.0, _METRICS, (Kind.MULTICLASS,), Kin.TOP, needs_scores=True, aliases=("top5",)),
    Metric("mean_accuracy", "mean accuracy", _UP, 0.0, 1.0, _METRICS, (Kind.MULTIOUTPUT,), Kin.OUTPUTS),
    # Numbers beside the loss.
    Metric("bits", "loss in bits", _DOWN, 0.0, None, _LOSS, EVERY_TASK, needs_scores=True),
    Metric("perplexity", "exp of the loss", _DOWN, 1.0, None, _LOSS, EVERY_TASK, needs_scores=True),
    Metric("unclipped", "loss without the clip", _DOWN, 0.0, None, _LOSS, EVERY_TASK, needs_scores=True),
    Metric("prior_loss", "loss of predicting the label shares", _NEITHER, 0.0, None, _LOSS, EVERY_TASK,
           needs_scores=True),
    Metric("skill", "share of the prior loss that is saved", _UP, None, 1.0, _LOSS, EVERY_TASK, needs_scores=True),
    Metric("target_entropy", "entropy of the targets", _NEITHER, 0.0, None, _LOSS, EVERY_TASK, needs_scores=True),
    Metric("kl_divergence", "loss above the entropy of the targets", _DOWN, 0.0, None, _LOSS, EVERY_TASK,
           needs_scores=True, aliases=("kl",)),
    Metric("sum_over_labels", "loss summed over the labels", _DOWN, 0.0, None, _LOSS, (Kind.MULTILABEL,),
           needs_scores=True),
    Metric("clipped", "rows that the clip changed", _DOWN, 0.0, None, _LOSS, EVERY_TASK, needs_scores=True),
    Metric("renormalised", "rows divided by their sum", _DOWN, 0.0, None, _LOSS, EVERY_TASK, needs_scores=True),
    Metric("clamped", "scores beyond 0 or 1 by rounding", _DOWN, 0.0, None, _LOSS, EVERY_TASK, needs_scores=True),
    # Where the rows went.
    Metric("read", "rows read", _NEITHER, 0.0, None, _ROWS, EVERY_TASK),
    Metric("scored", "rows scored", _NEITHER, 0.0, None, _ROWS, EVERY_TASK),
    Metric("missing_label", "rows without a label", _DOWN, 0.0, None, _ROWS, EVERY_TASK),
    Metric("bad", "bad rows", _DOWN, 0.0, None, _ROWS, EVERY_TASK),
    Metric("unmatched", "rows without a partner", _DOWN, 0.0, None, _ROWS, EVERY_TASK),
    # Counts of groups alone.
    Metric("support", "rows of the class", _NEITHER, 0.0, None, _GROUPS, (), by_class=WITH_CLASSES),
    Metric("predicted", "rows predicted as the class", _NEITHER, 0.0, None, _GROUPS, (), by_class=WITH_CLASSES),
    Metric("rows", "rows of the group", _NEITHER, 0.0, None, _GROUPS, (), by_column=True),
)  # fmt: skip
"""Every metric by key."""


def lower_is_better(key: str) -> bool:
    """Return whether less of a metric is better."""
    return METRICS[key].direction is Direction.LOWER


def is_rate(key: str) -> bool:
    """Return whether a metric lies in a fixed range, so that four decimals show it; the loss is in nats."""
    return METRICS[key].high is not None


def of_part(part: DocumentPart) -> tuple[str, ...]:
    """Return the metrics of a part of the score document, in its order."""
    return tuple(key for key, one in METRICS.items() if one.part is part)


def named_elsewhere(name: str) -> str | None:
    """Return the metric that is called so elsewhere; None for whatever is called so nowhere."""
    folded = name.casefold().replace("-", "_").replace(" ", "_")
    return next((key for key, one in METRICS.items() if folded in one.aliases or folded == key != name), None)


def absence(key: str, task: Kind, by: str | None, *, scores: bool) -> str | None:
    """Return why a task has no number of a metric, in words; None where the metric itself gives no reason.

    Args:
        key: of the metric.
        task: its kind, by the word of the score document.
        by: BY_CLASS, a column, or None for all rows.
        scores: whether the predictions hold scores.
    """
    one = METRICS[key]
    if one.needs_scores and not scores:
        return (
            "predictions without scores have no loss; they have an accuracy"
            if key == "loss"
            else (f"{key} needs scores, and these predictions have none")
        )
    if by is None and one.part is DocumentPart.GROUPS:
        return None
    if by is None:
        return _of_other_tasks(key, one.tasks, task, "")
    if by == BY_CLASS:
        return _of_other_tasks(key, one.by_class, task, " by class") if one.by_class else None
    return None


def _of_other_tasks(key: str, tasks: tuple[Kind, ...], task: Kind, of: str) -> str | None:
    if task in tasks:
        return None
    named = " and ".join(_TASK_WORDS[one] for one in tasks)
    return f"{key}{of} is a number of {named} tasks, and this task is {_TASK_WORDS[task]}"


def split_name(name: str) -> tuple[str, str | None, str | None]:
    """Return the metric, what groups its rows and the one group that a name speaks of.

    `recall[eel]` is of the class eel, `accuracy[country=DE]` of the rows whose country is DE; `recall[class=a=b]` is
    of a class whose name holds `=`. A name without brackets is of all rows, and so is one whose brackets do not close.
    """
    metric, bracket, rest = name.partition("[")
    if not bracket or not rest.endswith("]") or not rest[:-1].strip():
        return name, None, None
    by, equals, group = rest[:-1].partition("=")
    return (metric.strip(), by.strip(), group) if equals else (metric.strip(), BY_CLASS, by)


def full_name(metric: str, by: str | None, group: str | None) -> str:
    """Return the name that `split_name` takes apart."""
    if by is None or group is None:
        return metric
    return f"{metric}[{group}]" if by == BY_CLASS and "=" not in group else f"{metric}[{by}={group}]"


def page() -> str:
    """Return the page of all metrics, as Markdown: `docs/metrics.md`."""
    titles = ("key", "what it is", "better", "range", "tasks", "by class", "by column", "in pairs", "called elsewhere")
    rows = [titles, tuple("---" for _ in titles), *(_row(one) for one in METRICS.values())]
    return _PAGE + "\n".join(f"| {' | '.join(cells)} |" for cells in rows) + "\n"


_PAGE = """# Metrics

Every number that a limit of `xent check` may name, by its key in the JSON of `xent score`. This page is written from
the table in `xentcli/metrics.py` (`python -m xentcli.metrics > docs/metrics.md`), and a test compares the two. The
formula of each key under `metrics` stands in `xentcli/scoring/formulas.py`.

- **tasks**: those that have the number for all rows; `scores` where predicted labels alone do not give it.
- **by class**, **by column**: whether `by = "class"`, or a column, has it for each group: `recall[eel]`,
  `accuracy[country=DE]`.
- **in pairs**: whether two models' values on the same rows are compared with an interval of the difference
  (`--max-regression`, `xent compare`).
- **called elsewhere**: a limit that says so is told the key.

"""


def _row(one: Metric) -> tuple[str, ...]:
    ends = tuple("" if end is None else f"{end:g}" for end in (one.low, one.high))
    what = one.words if one.kin is None else f"{one.kin.value}: {one.words}".rstrip(": ")
    tasks = "all" if one.tasks == EVERY_TASK else ", ".join(_TASK_WORDS[task] for task in one.tasks)
    return (
        f"`{one.key}`", what, one.direction.value, f"{ends[0]} to {ends[1]}".strip(),
        tasks + (" (scores)" if one.needs_scores else ""),
        "all" if one.by_class == WITH_CLASSES else ", ".join(_TASK_WORDS[task] for task in one.by_class),
        "yes" if one.by_column else "", "yes" if one.paired else "",
        ", ".join(f"`{alias}`" for alias in one.aliases),
    )  # fmt: skip


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201  this is how the page is written
