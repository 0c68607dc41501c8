"""MetricFacts: what rules on finished numbers read, taken once from a Score and the counts behind it.

Floor 6. Nothing is counted here; the sums are those of the pass.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from xentcli.scoring.model import (
    Accuracy,
    Bin,
    ClassScore,
    FrameworkReport,
    LabelScore,
    Loss,
    Metric,
    OutputScore,
    Score,
)
from xentcli.tally.decisions import DecisionTally
from xentcli.tally.edges import Edges, Weighed
from xentcli.tally.engine import AnyTally
from xentcli.tally.facts import NEARLY_ALL, FirstRows
from xentcli.tally.frameworks.rules import Fact
from xentcli.tally.frameworks.rules import Rule as Difference
from xentcli.tally.multilabel import MultiLabelTally
from xentcli.tally.multioutput import MultiOutputTally
from xentcli.tally.tally import Tally
from xentcli.task.model import Kind, Scale
from xentcli.task.roles import ScoreForm


@dataclass(frozen=True, slots=True)
class Seen:
    """How many rows show something, and the first of them, from 1."""

    count: int = 0
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How the scores were read.

    Attributes:
        said: the scale that the names of the score columns speak of.
        given: whether the caller fixed the scale.
        dtype: how the file holds the scores, such as float32; None for text.
    """

    said: Scale | None = None
    given: bool = False
    dtype: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What the numbers are of.

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
    reading: Reading
    log_probabilities: bool


@dataclass(frozen=True, slots=True)
class Weights:
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

    def share(self, some: Weighed) -> float:
        """Return the share of the rows, or of their weights, that some rows are."""
        return some.rows / self.rows if self.row_total is None else float(some.weight.total() / self.row_total)


@dataclass(frozen=True, slots=True)
class EdgeRows:
    """Rows on an edge of the scale or of a decision.

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

    impossible: Seen
    unlikely: Seen
    certain: int
    tied: Seen
    bare: Seen
    divided: Seen
    unexplained: int
    counts: Edges


@dataclass(frozen=True, slots=True)
class Rivals:
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


@dataclass(frozen=True, slots=True)
class MetricFacts:
    """What rules on finished numbers read.

    Attributes:
        output: of several; None where there is one task.
        subject: what the numbers are of.
        weights: what rows count.
        edges: rows on an edge.
        rivals: what other ways to count would give.
        loss, accuracy, metrics, per_class, per_label, calibration: see `scoring.model.Score`.
    """

    output: str | None
    subject: Subject
    weights: Weights
    edges: EdgeRows
    rivals: Rivals
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


def facts_of(tally: AnyTally, score: Score, reading: Reading) -> Iterator[MetricFacts]:
    """Yield the facts of a table's task, or of each of its outputs."""
    if isinstance(tally, MultiOutputTally):
        assert score.outputs is not None  # noqa: S101  a Score of that Tally
        for own, one in zip(tally.tallies, score.outputs, strict=True):
            yield _facts(own, one, reading, one.name)
    else:
        yield _facts(tally, score, reading, None)


_OneTally = Tally | MultiLabelTally | DecisionTally


def _facts(tally: _OneTally, score: Score | OutputScore, reading: Reading, output: str | None) -> MetricFacts:
    return MetricFacts(
        output=output,
        subject=_subject(tally, score, reading),
        weights=_weights(tally, score),
        edges=EdgeRows(Seen(), Seen(), 0, Seen(), Seen(), Seen(), 0, Edges())
        if isinstance(tally, DecisionTally)
        else _edge_rows(tally),
        rivals=Rivals(
            elements_right=_elements_right(tally),
            keras_loss=_other_loss(tally, score.loss, Difference.KERAS),
            undivided_loss=_other_loss(tally, score.loss, _undivided(reading)),
            frameworks=score.frameworks if isinstance(score, Score) else (),
        ),
        loss=score.loss,
        accuracy=score.accuracy,
        metrics=score.metrics,
        per_class=score.per_class,
        per_label=score.per_label if isinstance(score, Score) else None,
        calibration=score.calibration,
    )


def _subject(tally: _OneTally, score: Score | OutputScore, reading: Reading) -> Subject:
    plan = None if isinstance(tally, DecisionTally) else tally.plan
    return Subject(
        kind=score.task.kind,
        scale=score.task.scale,
        classes=score.task.classes,
        positive=score.task.positive,
        soft=plan is not None and plan.soft,
        normalize=plan is not None and plan.objective.normalize,
        reading=reading,
        log_probabilities=_log_probabilities(tally),
    )


def _edge_rows(tally: Tally | MultiLabelTally) -> EdgeRows:
    edges, off = tally.edges, tally.traps.sums.off[None]

    def seen(first: FirstRows) -> Seen:
        return Seen(first.count, tally.facts.row_numbers(first))

    return EdgeRows(
        impossible=Seen(int(tally.clipping.infinite.sum())) if tally.plan.soft else seen(edges.impossible),
        unlikely=seen(edges.unlikely),
        certain=edges.certain,
        tied=seen(edges.tied),
        bare=seen(edges.bare),
        divided=seen(off),
        unexplained=tally.traps.unexplained().count,
        counts=edges,
    )


def _log_probabilities(tally: _OneTally) -> bool:
    """Whether a row's scores, of which there are several, are all <= 0 and their exponentials sum to 1."""
    if not isinstance(tally, Tally) or tally.plan.form not in {ScoreForm.COLUMNS, ScoreForm.LIST}:
        return False
    read = tally.plan.scale is not Scale.PROBABILITIES and tally.facts.finite > 0
    return read and tally.facts.fit_log_probabilities >= NEARLY_ALL * tally.facts.finite


def _elements_right(tally: _OneTally) -> float | None:
    """Return the share of right elements of one-hot rows; only probabilities of several classes have it."""
    if not isinstance(tally, Tally) or Difference.ONE_HOT not in tally.frameworks.sums:
        return None
    elements = tally.facts.scored * len(tally.plan.classes)
    return 1.0 - tally.frameworks.counts[Fact.WRONG_ELEMENTS] / elements


def _other_loss(tally: _OneTally, loss: Loss | None, difference: Difference) -> float | None:
    """Return the headline loss and the mean of a framework's differences to it; None where that says nothing."""
    if (
        loss is None
        or isinstance(tally, DecisionTally)
        or tally.plan.soft
        or tally.plan.scale is not Scale.PROBABILITIES
    ):
        return None
    sums = tally.frameworks
    if loss.class_weights is not None or Difference.PLAIN in sums.sums or sums.undefined[difference]:
        return None
    held = (sums.sums if tally.weighted is None else sums.weighted).get(difference)
    below = Fraction(tally.facts.scored) if tally.weighted is None else tally.weighted.weight.total()
    if isinstance(tally, MultiLabelTally):
        below *= len(tally.plan.classes)
    return loss.value + (0.0 if held is None else float(held.total() / below))


def _undivided(reading: Reading) -> Difference:
    """Return the rule that divides no row; scikit-learn's has the headline's clip, but of narrow scores another one."""
    return Difference.UNCLIPPED if reading.dtype in {"float", "halffloat"} else Difference.SKLEARN


def _weights(tally: _OneTally, score: Score | OutputScore) -> Weights:
    rows, held = score.rows.scored, tally.weighted
    total = None if held is None else held.weight.total()
    square = None if held is None else held.square.total()
    support = [] if isinstance(tally, MultiLabelTally) else _support(tally)
    return Weights(
        rows=rows,
        row_total=total,
        loss_total=_loss_total(score.loss, support, total),
        effective=float(total * total / square) if total and square else float(rows),
        majority=score.task.classes[support.index(max(support))] if support else None,
    )


def _support(tally: Tally | DecisionTally) -> list[Fraction]:
    """Return the rows of each class, or their weights."""
    counts = tally.cells.margins()[0].tolist()
    return [Fraction(one) for one in counts] if tally.weighted is None else tally.weighted.weight.fractions()


def _loss_total(loss: Loss | None, support: list[Fraction], total: Fraction | None) -> float | None:
    if loss is None or loss.class_weights is None or not support:
        return None if loss is None or total is None else float(total)
    return float(sum((Fraction(w) * rows for w, rows in zip(loss.class_weights.values(), support, strict=True)), 0))
