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
from xentcli.tally.edges import Edges
from xentcli.tally.engine import AnyTally
from xentcli.tally.frameworks.rules import Fact
from xentcli.tally.frameworks.rules import Rule as Difference
from xentcli.tally.multilabel import MultiLabelTally
from xentcli.tally.multioutput import MultiOutputTally
from xentcli.tally.tally import Tally
from xentcli.task.model import Kind, Scale
from xentcli.task.roles import ScoreForm

_NEARLY_ALL = 0.99


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
class MetricFacts:
    """What rules on finished numbers read.

    Attributes:
        output: of several; None where there is one task.
        kind: of the task.
        scale: what the scores were read as; None without scores.
        classes: names, in order.
        positive: the positive class of a binary task.
        scored: rows.
        soft: whether labels are target probabilities.
        weighted: whether rows have weights.
        normalize: whether the caller accepts that rows are divided by their sums.
        loss, accuracy, metrics, per_class, per_label, calibration, frameworks: see `scoring.model.Score`.
        reading: how the scores were read.
        log_probabilities: whether all but a hundredth of the rows look like the output of log-softmax.
        impossible: rows that give what happened the probability 0.
        certain: rows that give it the probability 1.
        tied: rows where another decision was as good.
        bare: multi-label rows that are given no label.
        edges: the counts behind these, and more of them.
        elements_right: share of the zeros and ones of one-hot rows that are right at 0.5; None where not counted.
        under_keras: rows (elements) that give what happened less than 1e-7.
        keras_loss: the loss with a clip at 1e-7 in place of the headline's.
        undivided_loss: the loss of rows as they come, not divided by their sums; None where infinite or not known.
        weight_total: what the mean loss is divided by; None without weights of any kind.
    """

    output: str | None
    kind: Kind
    scale: Scale | None
    classes: tuple[str, ...]
    positive: str | None
    scored: int
    soft: bool
    weighted: bool
    normalize: bool
    loss: Loss | None
    accuracy: Accuracy
    metrics: Mapping[str, Metric]
    per_class: tuple[ClassScore, ...]
    per_label: tuple[LabelScore, ...] | None
    calibration: tuple[Bin, ...] | None
    frameworks: tuple[FrameworkReport, ...]
    reading: Reading
    log_probabilities: bool
    impossible: Seen
    certain: int
    tied: Seen
    bare: Seen
    edges: Edges
    elements_right: float | None
    under_keras: int
    keras_loss: float | None
    undivided_loss: float | None
    weight_total: float | None

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
    plan = None if isinstance(tally, DecisionTally) else tally.plan
    edges = Edges() if isinstance(tally, DecisionTally) else tally.edges
    return MetricFacts(
        output=output,
        kind=score.task.kind,
        scale=score.task.scale,
        classes=score.task.classes,
        positive=score.task.positive,
        scored=score.rows.scored,
        soft=plan is not None and plan.soft,
        weighted=score.rows.weight_sum is not None,
        normalize=plan is not None and plan.normalize,
        loss=score.loss,
        accuracy=score.accuracy,
        metrics=score.metrics,
        per_class=score.per_class,
        per_label=score.per_label if isinstance(score, Score) else None,
        calibration=score.calibration,
        frameworks=score.frameworks if isinstance(score, Score) else (),
        reading=reading,
        log_probabilities=_log_probabilities(tally),
        impossible=_impossible(tally, edges),
        certain=edges.certain,
        tied=Seen(score.accuracy.ties, tally.facts.row_numbers(edges.tied)),
        bare=Seen(edges.bare.count, tally.facts.row_numbers(edges.bare)),
        edges=edges,
        elements_right=_elements_right(tally),
        under_keras=0 if isinstance(tally, DecisionTally) else tally.frameworks.counts[Fact.UNDER_KERAS],
        keras_loss=_other_loss(tally, score.loss, Difference.KERAS),
        undivided_loss=_other_loss(tally, score.loss, Difference.UNCLIPPED),
        weight_total=_weight_total(tally, score.loss),
    )


def _impossible(tally: _OneTally, edges: Edges) -> Seen:
    if isinstance(tally, DecisionTally):
        return Seen()
    if tally.plan.soft:
        return Seen(int(tally.clipping.infinite.sum()))
    return Seen(edges.impossible.count, tally.facts.row_numbers(edges.impossible))


def _log_probabilities(tally: _OneTally) -> bool:
    """Whether a row's scores, of which there are several, are all <= 0 and their exponentials sum to 1."""
    if not isinstance(tally, Tally) or tally.plan.form not in {ScoreForm.COLUMNS, ScoreForm.LIST}:
        return False
    read = tally.plan.scale is not Scale.PROBABILITIES and tally.facts.finite > 0
    return read and tally.facts.fit_log_probabilities >= _NEARLY_ALL * tally.facts.finite


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


def _weight_total(tally: _OneTally, loss: Loss | None) -> float | None:
    if loss is None or isinstance(tally, DecisionTally):
        return None
    if isinstance(tally, MultiLabelTally) or loss.class_weights is None:
        return None if tally.weighted is None else float(tally.weighted.weight.total())
    support = tally.cells.margins()[0].tolist() if tally.weighted is None else tally.weighted.weight.fractions()
    weights = loss.class_weights.values()
    return float(sum((Fraction(one) * rows for one, rows in zip(weights, support, strict=True)), Fraction(0)))
