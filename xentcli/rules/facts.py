"""The facts that rules read of a scored table: one record for the table, one for each of its tasks.

Floor 6. Nothing is counted here: the counts are those of the pass (`tally`), the numbers those of the Score.
"""

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from xentcli.arrays import Indices
from xentcli.record import Record
from xentcli.rules.metrics.fits import Fits
from xentcli.rules.order.label_fit import LabelOrder
from xentcli.rules.order.misorder import Misorder, SparseConfusion
from xentcli.scoring.model import (
    Accuracy,
    Bin,
    ClassScore,
    FrameworkReport,
    LabelScore,
    Loss,
    Metric,
)  # fmt: skip
from xentcli.tally.plan import Plan
from xentcli.tally.row_facts import RowFacts
from xentcli.tally.rows_on_limits import RowsOnLimits, WeightedCount
from xentcli.tally.traps.facts import TrapFacts
from xentcli.terms import Encoding, Kind, Scale

if TYPE_CHECKING:
    from xentcli.scoring.binary_scores import UpperHalf
    from xentcli.task.pooled import Pooled

MIN_ROWS = 20
"""Fewer rows may all show by chance what a rule looks for."""


class ShownRows(Record):
    """How many rows show something, and the first of them, from 1."""

    count: int = 0
    rows: tuple[int, ...] = ()


class ScoreReading(Record):
    """How the scores were read.

    Attributes:
        named: the scale that the names of the score columns speak of.
        given: whether the caller fixed the scale.
        dtype: how the file holds the scores, such as float32; None for text.
        by_id: whether labels were joined to their scores by an id.
    """

    named: Scale | None = None
    given: bool = False
    dtype: str | None = None
    by_id: bool = False


class RepeatedIds(Record):
    """Ids that stand several times in a column that nothing is joined by.

    Attributes:
        column: its name.
        rows: how many rows were looked at, from the first.
        copies: rows whose id stands in an earlier row.
        clusters: the sum of the squared counts of the ids over the rows.
        first: the first of the copies, from 1.
    """

    column: str
    rows: int
    copies: int
    clusters: float
    first: tuple[int, ...]


class TableFacts(Record):
    """What rules read of a scored table as a whole.

    Attributes:
        row_facts: where every row went.
        reading: how the scores were read.
        scale: what the scores were read as.
        columns: the score columns.
        unlabelled: predictions whose id the labels lack.
        unpredicted: labels whose id the predictions lack.
        pooled: the models whose outputs stand under one another; None where nothing shows that any do.
        tasks: the facts of the one task, or of each output.
        twins: columns that nobody reads and that say in the first rows what the label says.
        repeated_ids: ids that stand several times though nobody named them; None where none do.
    """

    row_facts: RowFacts
    reading: ScoreReading
    scale: Scale | None = None
    columns: tuple[str, ...] = ()
    unlabelled: int = 0
    unpredicted: int = 0
    pooled: "Pooled | None" = None
    tasks: "tuple[TaskFacts, ...]" = ()
    twins: tuple[str, ...] = ()
    repeated_ids: RepeatedIds | None = None


class Subject(Record):
    """What the numbers of a task are of.

    Attributes:
        kind: of the task.
        scale: what the scores were read as; None without scores.
        classes: names, in order.
        positive: the positive class of a binary task.
        soft: whether labels are target probabilities.
        normalize: whether the caller accepts that rows are divided by their sums.
        reading: how the scores were read.
        log_probabilities: whether all but a hundredth of the rows look like the output of log-softmax.
    """

    kind: Kind
    scale: Scale | None
    classes: tuple[str, ...]
    positive: str | None
    soft: bool
    normalize: bool
    reading: ScoreReading
    log_probabilities: bool


class RowWeights(Record):
    """What rows count.

    Attributes:
        rows: scored rows.
        row_total: the sum of their weights; None without row weights.
        loss_total: what the mean loss is divided by; None without weights of any kind.
        effective: as many rows of equal weight would make the same spread: sum(w)^2 / sum(w^2), Kish (1965).
        majority: the class that weighs most; None of multi-label rows.
    """

    rows: int
    row_total: Fraction | None
    loss_total: float | None
    effective: float
    majority: str | None

    def share(self, some: WeightedCount) -> float:
        """Return the share of the rows, or of their weights, that some rows are."""
        return some.rows / self.rows if self.row_total is None else float(some.weight.total() / self.row_total)


class LimitRows(Record):
    """Rows that stand on a limit of the scale or of a decision.

    Attributes:
        impossible: rows that give what happened the probability 0.
        unlikely: rows that give it less than 1e-7.
        certain: rows that give it the probability 1.
        tied: rows where another decision was as good.
        bare: multi-label rows that are given no label.
        divided: rows whose sum is off 1.
        unexplained: of those, rows that no rounding explains.
        counts: the counts behind these, and more of them.
    """

    impossible: ShownRows
    unlikely: ShownRows
    certain: int
    tied: ShownRows
    bare: ShownRows
    divided: ShownRows
    unexplained: int
    counts: RowsOnLimits


class Rivals(Record):
    """What other ways to count would give.

    Attributes:
        elements_right: share of the zeros and ones of one-hot rows that are right at 0.5; None where not counted.
        keras_loss: the loss with a clip at 1e-7 in place of the headline's.
        undivided_loss: the loss of rows as they come, not divided by their sums; None where not known.
        frameworks: what frameworks would report.
    """

    elements_right: float | None
    keras_loss: float | None
    undivided_loss: float | None
    frameworks: tuple[FrameworkReport, ...]


class IdOrder(Record):
    """An order of the rows by their ids.

    Attributes:
        words: the order's name, such as `id as texts`.
        order: shape (rows,), the row that stands at each place in it.
    """

    words: str
    order: Indices


class ScoreFacts(Record):
    """What rules read of the scores of one task.

    Attributes:
        plan: how the table was read.
        encoding: how its labels are written.
        row_facts: where every row went.
        traps: what was counted for these rules.
        weights: what rows count.
        loss: the headline loss; None of decisions, which nothing but the rule on hard scores is asked about.
        accuracy: the headline accuracy.
        auc: the area under the ROC curve of a binary task; None where it is undefined or none.
        confusion: rows by true and predicted class, of tasks with one label a row.
        order: an order of the score columns that fits better; None if none does.
        labels: what is wrong with the order of several labels; None of other tasks.
        flipped: the loss of a binary task with both classes swapped, where the area is below one half.
        impossible: rows (of several labels, labels) that are given probability 0 and come true, or 1 and do not.
        tied: rows that stand on the threshold, or whose top score is shared.
        plain: whether the loss is a mean (by row weights) without class weights, smoothing, focus or soft targets.
        upper: what one column of probabilities shows that is never below one half; None for other scores.
        output: the name of the output, of several.
        by_id: whether labels were joined to their scores by an id.
        id_orders: orders by ids in which the rows do not stand; only where another order is suspected.
    """

    plan: Plan
    encoding: Encoding
    row_facts: RowFacts
    traps: TrapFacts
    weights: RowWeights
    loss: float | None
    accuracy: float
    auc: float | None = None
    confusion: SparseConfusion | None = None
    order: Misorder | None = None
    labels: LabelOrder | None = None
    flipped: float | None = None
    impossible: int = 0
    tied: int = 0
    plain: bool = False
    upper: "UpperHalf | None" = None
    output: str | None = None
    by_id: bool = False
    id_orders: tuple[IdOrder, ...] = ()

    @cached_property
    def fits(self) -> Fits:
        """What is fitted to sampled rows."""
        return Fits(self.plan, self.traps.sample)

    @property
    def scored(self) -> int:
        """How many rows were scored."""
        return self.row_facts.scored

    @property
    def class_count(self) -> int:
        """How many classes there are."""
        return len(self.plan.classes)

    @property
    def multilabel(self) -> bool:
        """Whether a row may have any number of labels."""
        return self.plan.kind is Kind.MULTILABEL


class TaskFacts(Record):
    """What rules read of one task of a scored table.

    Attributes:
        output: of several; None where there is one task.
        subject: what the numbers are of.
        weights: what rows count.
        on_limits: rows that stand on a limit.
        rivals: what other ways to count would give.
        scores: what the scores show; None of decisions without scores, and of an output without a scored row.
        loss, accuracy, metrics, per_class, per_label, calibration: see `scoring.model.Score`.
    """

    output: str | None
    subject: Subject
    weights: RowWeights
    on_limits: LimitRows
    rivals: Rivals
    scores: ScoreFacts | None
    loss: Loss | None
    accuracy: Accuracy
    metrics: Mapping[str, Metric]
    per_class: tuple[ClassScore, ...]
    per_label: tuple[LabelScore, ...] | None
    calibration: tuple[Bin, ...] | None

    @property
    def kind(self) -> Kind:
        """The kind of the task."""
        return self.subject.kind

    @property
    def scored(self) -> int:
        """How many rows were scored."""
        return self.weights.rows

    @property
    def half_interval(self) -> float | None:
        """Half the width of the accuracy's interval."""
        interval = self.accuracy.interval
        return None if interval is None else (interval[1] - interval[0]) / 2.0
