"""The Score of a multi-label table, as a view of its Tally.

Floor 5. The loss is the mean over labels and rows, its standard error that of the rows' means; a row is
right if every label is.
"""

from xentcli.scoring import losses, rates
from xentcli.scoring.frameworks import view as frameworks
from xentcli.scoring.intervals import normal, wilson
from xentcli.scoring.model import Accuracy, LabelScore, Loss, Rows, Score, ScoredTask
from xentcli.tally.exact import ExactSums
from xentcli.tally.multilabel import MultiLabelTally


def score(tally: MultiLabelTally, task: ScoredTask, rows: Rows, confidence_level: float) -> Score:
    """Return the Score of a Tally that holds at least one scored row."""
    per_label = _per_label(tally, task)
    loss, accuracy = _loss(tally, per_label, confidence_level), _accuracy(tally, confidence_level)
    return Score(
        task=task,
        rows=rows,
        confidence_level=confidence_level,
        loss=loss,
        accuracy=accuracy,
        metrics=_metrics(tally, per_label),
        per_class=(),
        confusion=None,
        per_label=per_label,
        frameworks=frameworks.several(tally, loss.value, accuracy.value),
    )


def _floats(sums: ExactSums) -> list[float]:
    return [float(one) for one in sums.fractions()]


def _total(tally: MultiLabelTally) -> float:
    return float(tally.facts.scored if tally.weighted is None else tally.weighted.weight.total())


def _counts(tally: MultiLabelTally) -> tuple[list[float], list[float], list[float], list[float]]:
    """Return support, predicted, right and correct per label, as rows or as weights."""
    held = tally.weighted
    if held is None:
        return (
            tally.support.tolist(), tally.predicted.tolist(), tally.right.tolist(), tally.correct.tolist(),
        )  # fmt: skip
    return _floats(held.support), _floats(held.predicted), _floats(held.right), _floats(held.correct)


def _per_label(tally: MultiLabelTally, task: ScoredTask) -> tuple[LabelScore, ...]:
    support, predicted, right, correct = _counts(tally)
    sums = _floats(tally.loss if tally.weighted is None else tally.weighted.loss)
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
    """Return the mean over labels of the entropy of their shares."""
    total = _total(tally)
    shares = [min(count / total, 1.0) for count in _counts(tally)[0]]
    return sum(losses.entropy([share, 1.0 - share]) for share in shares) / len(shares)


def _loss(tally: MultiLabelTally, per_label: tuple[LabelScore, ...], confidence_level: float) -> Loss:
    moments = _moments(tally)
    labels = len(per_label)
    unclipped = None
    if tally.weighted is None:
        elements = tally.facts.scored * labels
        unclipped = losses.unclipped_mean(tally.loss.total(), tally.clipping, elements)
    around = losses.Around(
        name="binary_cross_entropy_per_label",
        reduction="mean over labels and rows" + ("" if tally.weighted is None else ", rows weighted"),
        scale=tally.plan.scale,
        clipped=tally.clipping.clipped,
        renormalised=0,
        unclipped=unclipped,
        prior=_prior(tally),
        sum_over_labels=float(moments.mean * labels),
    )
    return losses.headline(moments, around, confidence_level)


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
        ties=tally.on_threshold,
        majority_accuracy=None,
        threshold=tally.plan.threshold,
    )


def _metrics(tally: MultiLabelTally, per_label: tuple[LabelScore, ...]) -> dict[str, float | None]:
    support, predicted, right, correct = _counts(tally)
    total = _total(tally)
    return {
        "hamming_accuracy": rates.ratio(sum(correct), total * len(per_label)),
        "f1_macro": sum(one.f1 or 0.0 for one in per_label) / len(per_label),
        "f1_micro": rates.f1(sum(support), sum(predicted), sum(right)),
        "f1_weighted": rates.weighted_f1(support, predicted, right),
    }
