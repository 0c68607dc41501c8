"""Gathers the facts that rules read from a finished tally and its Score.

Floor 6.
"""

from fractions import Fraction

import numpy as np

from xentcli.rules.facts import (
    LimitRows,
    Rivals,
    RowWeights,
    ScoreFacts,
    ScoreReading,
    ShownRows,
    Subject,
    TaskFacts,
)  # fmt: skip
from xentcli.rules.order.label_fit import label_order
from xentcli.rules.order.misorder import SparseConfusion, misorder
from xentcli.scoring.binary_scores import UpperHalf, flipped_loss, upper_half
from xentcli.scoring.model import Loss, OutputScore, Score
from xentcli.tally.decisions import DecisionTally
from xentcli.tally.engine import AnyTally
from xentcli.tally.frameworks.sums import Difference, Fact
from xentcli.tally.multilabel import MultiLabelTally
from xentcli.tally.multioutput import MultiOutputTally
from xentcli.tally.plan import Plan
from xentcli.tally.row_facts import NEARLY_ALL, FirstRows
from xentcli.tally.rows_on_limits import RowsOnLimits
from xentcli.tally.tally import Tally
from xentcli.task.roles import ScoreForm
from xentcli.terms import Encoding, Kind, Scale

OneTally = Tally | MultiLabelTally | DecisionTally
"""The counts of one task."""


def task_facts(tally: AnyTally, score: Score, reading: ScoreReading) -> tuple[TaskFacts, ...]:
    """Return the facts of a table's task, or of each of its outputs."""
    if isinstance(tally, MultiOutputTally):
        pairs = zip(tally.tallies, score.outputs or (), strict=True)
        return tuple(_task_facts(own, output, reading, output.name) for own, output in pairs)
    return (_task_facts(tally, score, reading, None),)


def _task_facts(tally: OneTally, score: Score | OutputScore, reading: ScoreReading, output: str | None) -> TaskFacts:
    weights = _weights(tally, score)
    return TaskFacts(
        output=output,
        subject=_subject(tally, score, reading),
        weights=weights,
        on_limits=_limit_rows(tally),
        rivals=Rivals(
            elements_right=_elements_right(tally),
            keras_loss=_other_loss(tally, score.loss, Difference.KERAS),
            undivided_loss=_other_loss(tally, score.loss, _undivided(reading)),
            frameworks=score.frameworks if isinstance(score, Score) else (),
        ),
        scores=_score_facts(tally, score, weights, output, by_id=reading.by_id),
        loss=score.loss,
        accuracy=score.accuracy,
        metrics=score.metrics,
        per_class=score.per_class,
        per_label=score.per_label if isinstance(score, Score) else None,
        calibration=score.calibration,
    )


def _subject(tally: OneTally, score: Score | OutputScore, reading: ScoreReading) -> Subject:
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


def _limit_rows(tally: OneTally) -> LimitRows:
    if isinstance(tally, DecisionTally):
        none = ShownRows()
        return LimitRows(none, none, 0, none, none, none, 0, RowsOnLimits())
    counts, sums = tally.on_limits, tally.traps.sums

    def shown(first: FirstRows) -> ShownRows:
        return ShownRows(first.count, tally.facts.row_numbers(first))

    return LimitRows(
        impossible=ShownRows(int(tally.clipping.infinite.sum())) if tally.plan.soft else shown(counts.impossible),
        unlikely=shown(counts.unlikely),
        certain=counts.certain,
        tied=shown(counts.tied),
        bare=shown(counts.bare),
        divided=shown(sums.off[None]),
        unexplained=tally.traps.unexplained().count,
        counts=counts,
    )


def _log_probabilities(tally: OneTally) -> bool:
    """Whether a row's scores, of which there are several, are all <= 0 and their exponentials sum to 1."""
    if not isinstance(tally, Tally) or tally.plan.form not in {ScoreForm.COLUMNS, ScoreForm.LIST}:
        return False
    read = tally.plan.scale is not Scale.PROBABILITIES and tally.facts.finite > 0
    return read and tally.facts.fit_log_probabilities >= NEARLY_ALL * tally.facts.finite


def _elements_right(tally: OneTally) -> float | None:
    """Return the share of right elements of one-hot rows; only probabilities of several classes have it."""
    if not isinstance(tally, Tally) or Difference.ONE_HOT not in tally.frameworks.sums:
        return None
    elements = tally.facts.scored * len(tally.plan.classes)
    return 1.0 - tally.frameworks.counts[Fact.WRONG_ELEMENTS] / elements


def _other_loss(tally: OneTally, loss: Loss | None, difference: Difference) -> float | None:
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


def _undivided(reading: ScoreReading) -> Difference:
    """Return the rule that divides no row; scikit-learn's has the headline's clip, but of narrow scores another one."""
    return Difference.UNCLIPPED if reading.dtype in {"float", "halffloat"} else Difference.SKLEARN


def _weights(tally: OneTally, score: Score | OutputScore) -> RowWeights:
    rows, held = score.rows.scored, tally.weighted
    total = None if held is None else held.weight.total()
    square = None if held is None else held.square.total()
    support = [] if isinstance(tally, MultiLabelTally) else _support(tally)
    return RowWeights(
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


def _score_facts(
    tally: OneTally, score: Score | OutputScore, weights: RowWeights, output: str | None, *, by_id: bool
) -> ScoreFacts | None:
    """Return what the scores of a task show; None of decisions, and of an output without a scored row."""
    encoding = score.task.encoding
    if isinstance(tally, DecisionTally) or not isinstance(encoding, Encoding):
        return None
    if isinstance(tally, MultiLabelTally):
        return ScoreFacts(
            tally.plan,
            encoding,
            tally.facts,
            tally.traps,
            weights,
            None if score.loss is None else score.loss.value,
            score.accuracy.value,
            labels=label_order(tally.traps.sample, tally.traps.neighbours, tally.plan.scale),
            impossible=int(tally.clipping.infinite.sum()),
            plain=score.loss is not None and _plain(tally.plan, score.loss),
        )
    if score.loss is None or not tally.facts.scored:
        return None
    confusion = _confusion(tally)
    auc = score.metrics.get("roc_auc")
    below = isinstance(auc, float) and auc < 0.5
    return ScoreFacts(
        tally.plan,
        encoding,
        tally.facts,
        tally.traps,
        weights,
        score.loss.value,
        score.accuracy.value,
        auc=auc if isinstance(auc, float) else None,
        confusion=confusion,
        order=None if tally.plan.kind is Kind.BINARY else misorder(confusion, tally.plan.classes),
        flipped=flipped_loss(tally.ranking, tally.plan) if below and tally.ranking is not None else None,
        impossible=int(tally.clipping.infinite.sum()),
        tied=tally.on_limits.tied.count,
        plain=_plain(tally.plan, score.loss),
        upper=_upper_half(tally),
        output=output,
        by_id=by_id,
    )


def _upper_half(tally: Tally) -> UpperHalf | None:
    plan = tally.plan
    alone = tally.traps.single and plan.predicted is None and not plan.soft and plan.scale is Scale.PROBABILITIES
    if not alone or tally.ranking is None:
        return None
    return upper_half(tally.ranking)


def _plain(plan: Plan, loss: Loss) -> bool:
    return (
        loss.class_weights is None
        and not plan.soft
        and plan.objective.label_smoothing == plan.objective.focal_gamma == 0.0
    )


def _confusion(tally: Tally) -> SparseConfusion:
    found = np.array(tally.cells.non_zero(), dtype=np.int64).reshape(-1, 3)
    return SparseConfusion(
        found[:, 0].astype(np.intp), found[:, 1].astype(np.intp), found[:, 2], len(tally.plan.classes)
    )
