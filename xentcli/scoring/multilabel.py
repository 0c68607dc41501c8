"""The Score of a multi-label table, as a view of its Tally.

Floor 5. The loss is the mean over labels and rows, its standard error that of the rows' means; a row is
right if every label is.
"""

from fractions import Fraction

from xentcli.errors import UsageError
from xentcli.record import replace
from xentcli.scoring import class_loss, losses, rates
from xentcli.scoring.class_weights import Options
from xentcli.scoring.formulas import LabelCounted, label_intervals, label_metrics
from xentcli.scoring.frameworks import view as frameworks
from xentcli.scoring.intervals import normal, wilson
from xentcli.scoring.model import Accuracy, Estimate, LabelScore, Loss, Rows, Score, ScoredTask
from xentcli.scoring.quality import loss_bins
from xentcli.scoring.slices import slices, worst_rows
from xentcli.tally.multilabel import MultiLabelTally


def score(tally: MultiLabelTally, task: ScoredTask, rows: Rows, options: Options) -> Score:
    """Return the Score of a Tally that holds at least one scored row.

    Raises:
        UsageError: class weights are asked for.
    """
    if options.class_weights is not None:
        raise UsageError("is for tasks with one label a row", option="class-weights", help="weigh rows with --weight")
    confidence_level = options.confidence_level
    per_label = _per_label(tally, task, confidence_level)
    loss, accuracy = _loss(tally, per_label, confidence_level), _accuracy(tally, confidence_level)
    found = Score(
        task=task,
        rows=rows,
        confidence_level=confidence_level,
        loss=loss,
        accuracy=accuracy,
        metrics=label_metrics(LabelCounted(tally, *_counts(tally), _total(tally), per_label)),
        per_class=(),
        confusion=None,
        per_label=per_label,
        loss_histogram=loss_bins(tally.histogram),
        slices=slices(tally.slices, confidence_level),
        worst=worst_rows(tally.worst, tally.facts, task.classes, task.kind),
        frameworks=frameworks.several(tally, loss.value, accuracy.value) if tally.soft is None else (),
        intervals=label_intervals(options.intervals),
    )
    return _of_decisions(found) if tally.decided else found


def _of_decisions(score: Score) -> Score:
    """Return a Score without what decisions do not have: they do not say how sure they were."""
    return replace(
        score,
        task=replace(score.task, scale=None),
        loss=None,
        per_label=tuple(replace(one, loss=None) for one in score.per_label or ()),
        loss_histogram=(),
        slices=tuple(replace(one, loss=Estimate(None, None)) for one in score.slices),
        worst=(),
        frameworks=(),
    )


def _total(tally: MultiLabelTally) -> Fraction:
    return Fraction(tally.facts.scored) if tally.weighted is None else tally.weighted.weight.total()


def _counts(tally: MultiLabelTally) -> tuple[rates.Counts, rates.Counts, rates.Counts, rates.Counts]:
    """Return support, predicted, right and correct per label, as rows or as weights."""
    held = tally.weighted
    if held is None:
        return (
            tally.support.tolist(), tally.predicted.tolist(), tally.right.tolist(), tally.correct.tolist(),
        )  # fmt: skip
    return held.support.fractions(), held.predicted.fractions(), held.right.fractions(), held.correct.fractions()


def _per_label(tally: MultiLabelTally, task: ScoredTask, level: float) -> tuple[LabelScore, ...]:
    support, predicted, right, correct = _counts(tally)
    sums = (tally.loss if tally.weighted is None else tally.weighted.loss).fractions()
    total = _total(tally)
    return tuple(
        LabelScore(
            name=name,
            support=int(tally.support[at]),
            predicted=int(tally.predicted[at]),
            loss=rates.ratio(sums[at], total),
            accuracy=rates.ratio(correct[at], total),
            precision=rates.ratio(right[at], predicted[at]),
            recall=rates.ratio(right[at], support[at]),
            f1=rates.f1(support[at], predicted[at], right[at]),
            recall_interval=wilson(int(right[at]), int(support[at]), level) if tally.weighted is None else None,
        )
        for at, name in enumerate(task.classes)
    )


def _moments(tally: MultiLabelTally) -> losses.Moments:
    rows = tally.facts.scored
    labels = len(tally.plan.classes)
    held = tally.weighted
    if held is None:
        spread = losses.unweighted(rows, tally.row_loss.total(), tally.row_loss_square.total())
        return losses.Moments(tally.loss.total() / (rows * labels), spread.standard_error)
    squares = (held.square.total(), held.square_loss.total(), held.square_loss_square.total())
    spread = losses.weighted(held.weight.total(), held.row_loss.total(), squares, rows)
    return losses.Moments(held.loss.total() / (held.weight.total() * labels), spread.standard_error)


def _prior(tally: MultiLabelTally) -> float:
    """Return the mean over labels of the loss of predicting their shares for every row."""
    total = _total(tally)
    plan = tally.plan
    shares = [count / total for count in _counts(tally)[0]]
    pairs = [[float(share), float(1 - share)] for share in shares]
    return sum(
        losses.prior_loss(pair, plan.objective.label_smoothing, plan.objective.focal_gamma) for pair in pairs
    ) / len(pairs)


def _loss(tally: MultiLabelTally, per_label: tuple[LabelScore, ...], confidence_level: float) -> Loss:
    plan, labels = tally.plan, len(per_label)
    moments = _moments(tally)
    reshaped = bool(plan.objective.label_smoothing or plan.objective.focal_gamma)
    elements = _total(tally) * labels
    focal = "focal_" if plan.objective.focal_gamma else ""
    around = losses.Around(
        name=f"binary_{focal}cross_entropy_per_label",
        reduction="mean over labels and rows" + ("" if tally.weighted is None else ", rows weighted"),
        scale=plan.scale,
        clipped=tally.clipping.clipped,
        renormalised=0,
        clamped=tally.clamped,
        unclipped=None if reshaped else losses.unclipped_mean(moments.mean, tally.clipping, None, elements),
        prior=_prior(tally)
        if tally.soft is None
        else class_loss.label_prior(tally.soft, float(_total(tally)), plan.objective.focal_gamma),
        sum_over_labels=float(moments.mean * labels),
        label_smoothing=plan.objective.label_smoothing,
        focal_gamma=plan.objective.focal_gamma,
        target_entropy=_target_entropy(tally),
    )
    return losses.headline(moments, around, confidence_level)


def _target_entropy(tally: MultiLabelTally) -> float | None:
    """Return the floor of the loss; None where a focal factor makes that another one than the entropy."""
    smoothing = tally.plan.objective.label_smoothing
    if tally.soft is None and not smoothing:
        return 0.0
    if tally.plan.objective.focal_gamma:
        return None
    if tally.soft is not None:
        return class_loss.target_entropy(tally.soft, float(_total(tally)))
    return losses.smoothing_entropy(smoothing, 2)


def _accuracy(tally: MultiLabelTally, confidence_level: float) -> Accuracy:
    rows = tally.facts.scored
    held = tally.weighted
    if held is None:
        value = tally.subset / rows
        interval = wilson(tally.subset, rows, confidence_level)
    else:
        hits = held.square_subset.total()
        squares = (held.square.total(), hits, hits)
        moments = losses.weighted(held.weight.total(), held.subset.total(), squares, rows)
        value, interval = (
            float(moments.mean),
            normal(float(moments.mean), moments.standard_error, confidence_level),
        )
    return Accuracy(
        name="subset",
        value=value,
        interval=interval,
        correct=tally.subset,
        ties=tally.on_limits.tied.count,
        majority_accuracy=None,
        threshold=tally.plan.objective.threshold,
    )
