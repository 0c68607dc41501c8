"""Score: everything that one run says about predictions, as frozen facts.

Floor 5. A Score is a pure view of a Tally; `view.py` computes it, nothing changes it afterwards.
Losses are in nats unless a field says otherwise. Whatever is undefined is None, never 0 or NaN.
"""

from collections.abc import Mapping

from xentcli.record import Record, field
from xentcli.task.positive import PositiveBy
from xentcli.terms import Encoding, Kind, Scale

Interval = tuple[float, float]
Metric = float | Interval | None


class ScoredTask(Record):
    """How the file was read: the task, the class order, the scale of the scores, and why.

    The scale is None without scores, and of several outputs that differ in it. `positive_by` is what decided the
    positive class of a binary task; `aloud` are those of the reasons that a page says near its top.
    """

    kind: Kind
    encoding: Encoding | tuple[Encoding, ...]
    classes: tuple[str, ...]
    positive: str | None
    scale: Scale | None
    reasons: tuple[str, ...]
    outputs: tuple["ScoredTask", ...] = field(default=(), key=None)
    positive_by: PositiveBy | None = field(default=None, key=None)
    aloud: tuple[str, ...] = field(default=(), key=None)


class Rows(Record):
    """Where every row went: read = scored + missing_label + bad."""

    read: int
    scored: int
    missing_label: int
    bad: int
    unmatched: int = 0
    weight_sum: float | None = None


class Loss(Record):
    """The headline loss.

    Attributes:
        value: mean loss in nats (multi-label: mean over labels and rows).
        standard_error: of `value`; None for fewer than two rows.
        eps: probabilities were clipped to [eps, 1 - eps]; None for logits, which are never clipped.
        clipped: rows where the clip raised the true class's probability.
        renormalised: rows divided by their sum.
        unclipped: the loss without the clip; None where infinite, and where smoothing or a focal factor reshapes it.
        bits: value / ln 2.
        perplexity: exp(value); None where that exceeds a float.
        prior_loss: loss of predicting the label shares for every row; None for class-weighted soft targets.
        skill: 1 - value / prior_loss; None where prior_loss is 0.
        target_entropy: mean entropy of the targets, the floor of the loss (0 for hard labels); None where a
            focal factor makes the floor another one.
        kl_divergence: value - target_entropy; None likewise.
        sum_over_labels: multi-label: the loss summed over labels, mean over rows.
        label_smoothing: of the targets, 0 for none.
        focal_gamma: exponent of the focal factor, 0 for none.
        class_weights: the weight of each class in the mean; None without.
        clamped: scores that lay outside [0, 1] by at most 1e-6 and count as 0 or 1.
    """

    name: str
    value: float
    standard_error: float | None
    interval: Interval | None
    reduction: str
    eps: float | None
    clipped: int
    renormalised: int
    unclipped: float | None
    bits: float
    perplexity: float | None
    prior_loss: float | None
    skill: float | None
    target_entropy: float | None
    kl_divergence: float | None
    sum_over_labels: float | None = None
    label_smoothing: float = 0.0
    focal_gamma: float = 0.0
    class_weights: dict[str, float] | None = None
    clamped: int = 0


class Accuracy(Record):
    """The correct accuracy of the task.

    Attributes:
        name: `threshold` (binary), `top-1` (multi-class), `subset` (multi-label), `all-outputs` (multi-output) or
            `predicted-label` (decisions without scores).
        interval: Wilson score interval; with weights a normal interval.
        correct: number of rows that are right.
        ties: rows whose top score is shared, so that the column order decided.
        majority_accuracy: what always predicting the most frequent class (label set) earns.
        threshold: the threshold of binary and multi-label decisions, strictly above; else None.
    """

    name: str
    value: float
    interval: Interval | None
    correct: int
    ties: int
    majority_accuracy: float | None
    threshold: float | None = None


class ClassScore(Record):
    """One class: counts of rows, and the rates they give.

    `recall_interval` is Wilson's; None where the class has no rows, and with weights.
    """

    name: str
    support: int
    predicted: int
    precision: float | None
    recall: float | None
    f1: float | None
    loss: float | None
    recall_interval: Interval | None = None


class LabelScore(Record):
    """One label of a multi-label task; `recall_interval` as of a class."""

    name: str
    support: int
    predicted: int
    loss: float | None
    accuracy: float | None
    precision: float | None
    recall: float | None
    f1: float | None
    recall_interval: Interval | None = None


class Confusion(Record):
    """Rows by (true class, predicted class).

    Beyond 200 classes `counts` is None and `cells` holds the non-zero ones as (true, predicted, rows).
    """

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...] | None
    cells: tuple[tuple[int, int, int], ...] | None
    weights: tuple[tuple[float, ...], ...] | None


class Bin(Record):
    """One bin (low, high] of the reliability table.

    Attributes:
        count: rows whose score lies in it.
        mean_score: their mean score: the top class's, of a binary task the positive class's.
        accuracy: the share of them where that class is the true one.
        interval: Wilson's, of `accuracy`; None without rows, and with weights.
    """

    low: float
    high: float
    count: int
    mean_score: float | None
    accuracy: float | None
    interval: Interval | None = None


class CurvePoint(Record):
    """Where a decision puts a binary task on its curves; undefined rates are None."""

    false_positive_rate: float | None
    true_positive_rate: float | None
    precision: float | None


class Curves(Record):
    """The ROC and precision-recall curves of a binary task: vertices, from the strictest threshold to the loosest.

    Attributes:
        exact: whether each vertex is a threshold between two scores; else the scores were gathered in bins.
        thresholds: distinct scores (or bins); the vertices are at most 200 of them, evenly spaced along the curve.
        false_positive_rate: of each vertex.
        true_positive_rate: likewise, which is also the recall.
        precision: likewise; None where nothing is called positive.
        decided: the point of the task's own threshold.
    """

    exact: bool
    thresholds: int
    false_positive_rate: tuple[float, ...]
    true_positive_rate: tuple[float, ...]
    precision: tuple[float | None, ...]
    decided: CurvePoint


class LossBin(Record):
    """Rows whose loss lies in [low, high), in nats; the last bin has no high end."""

    low: float
    high: float | None
    count: int


class Estimate(Record):
    """A number with its interval."""

    value: float | None
    interval: Interval | None


class Slice(Record):
    """The rows that share a value.

    Attributes:
        by: the column, or several joined by `+`.
        value: what they share, likewise; None for empty cells.
        rows: scored rows.
        loss: their mean loss, with a normal interval; None where there are decisions only.
        accuracy: their accuracy, with Wilson's interval; with weights a normal one.
    """

    by: str
    value: str | None
    rows: int
    loss: Estimate
    accuracy: Estimate


class WorstRow(Record):
    """A row with a large loss.

    Attributes:
        row: 1-based data row.
        label: the true class; of a multi-label row the labels that it has.
        predicted: the predicted class, or labels.
        score: what the file gives the true class; None for several labels.
        loss: of the row.
        line: 1-based line of a text file, else None.
        id: what its id cell holds, None without an id column.
    """

    row: int
    label: str | tuple[str, ...]
    predicted: str | tuple[str, ...]
    score: float | None
    loss: float
    line: int | None = None
    id: str | None = None


class PredictedLabel(Record):
    """How a column of predicted labels compares with the scores beside it.

    Attributes:
        column: its name.
        agrees: scored rows whose predicted label is what the scores decide.
        disagrees: rows where it is another one.
        missing: rows without a predicted label, which are in neither.
        rows: the first rows, from 1, that disagree.
        accuracy: share of the rows (weights) with a predicted label where it is the true one.
    """

    column: str
    agrees: int
    disagrees: int
    missing: int
    rows: tuple[int, ...]
    accuracy: float | None


class OutputScore(Record):
    """One output of a multi-output table, scored over the rows that hold its label.

    `loss` is None where it holds predicted labels without scores.
    """

    name: str
    task: ScoredTask
    rows: Rows
    loss: Loss | None
    accuracy: Accuracy
    metrics: Mapping[str, Metric]
    per_class: tuple[ClassScore, ...]
    confusion: Confusion | None
    calibration: tuple[Bin, ...] | None


class FrameworkReport(Record):
    """What one framework would have reported for these rows.

    Attributes:
        framework: its name as it is imported.
        version: the versions that this holds for.
        call: the call that gives the loss; None where the framework has none.
        loss: None where it is infinite, no number or an error; `because` says so.
        loss_agrees: whether it is the headline loss within 1e-6; None without a call.
        accuracy_call: what gives what the framework calls accuracy; None where it has none.
        accuracy: the value.
        accuracy_agrees: whether it is the headline accuracy; None without a call.
        because: why it is not, in one sentence; None where all agrees.
    """

    framework: str
    version: str
    call: str | None
    loss: float | None
    loss_agrees: bool | None
    accuracy_call: str | None
    accuracy: float | None
    accuracy_agrees: bool | None
    because: str | None


class Score(Record):
    """The numbers of one prediction file; the fields are those of the `xent.score/1` document.

    `loss` is None where there are decisions only, or the score of the predicted class alone. `metrics` maps the names
    of the document to values, and names that end in `_bounds` to what the values lie between, None where they are
    exact; a value of None is undefined. `per_class` and `confusion` are None for multi-label tasks, `per_label` is None
    for all others; `calibration` is the reliability table of tasks with one label a row, `loss_histogram` counts rows
    by loss, `curves` has those of a binary task with scores, `outputs` the tasks of a multi-output table, whose own
    loss is their sum; `frameworks` says what others would have reported. `intervals` holds those of metrics that were
    asked for, or why one has none; it is no part of the document.
    """

    task: ScoredTask
    rows: Rows
    confidence_level: float
    loss: Loss | None
    accuracy: Accuracy
    metrics: Mapping[str, Metric]
    per_class: tuple[ClassScore, ...]
    confusion: Confusion | None
    per_label: tuple[LabelScore, ...] | None
    calibration: tuple[Bin, ...] | None = None
    loss_histogram: tuple[LossBin, ...] = ()
    slices: tuple[Slice, ...] = ()
    worst: tuple[WorstRow, ...] = ()
    outputs: tuple[OutputScore, ...] | None = None
    predicted_label: PredictedLabel | None = None
    frameworks: tuple[FrameworkReport, ...] = ()
    intervals: Mapping[str, Interval | str] = field(default_factory=dict, key=None)
    curves: Curves | None = None
