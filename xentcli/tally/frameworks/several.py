"""Rows with any number of labels: what the frameworks' losses and decisions differ by.

Floor 4. Called once a block with what the Tally has computed already. Sums are over elements, a label of a row.
"""

from math import log

import numpy as np

from xentcli.arrays import AnyFloats, AnyIntegers, Floats, Indices, Mask
from xentcli.record import Record
from xentcli.tally import kernels
from xentcli.tally.frameworks import bernoulli, categorical, softened, trials
from xentcli.tally.frameworks.sums import Difference, Fact, FrameworkSums
from xentcli.tally.plan import Plan
from xentcli.terms import Scale


class MultiLabelRows(Record):
    """The scored rows of a block.

    Attributes:
        scores: shape (labels, n), in the dtype of the file.
        hot: shape (labels, n), whether a row has a label.
        above: shape (labels, n), the headline's decisions.
        arg: shape (n,), the label of the highest score, the first on ties.
        loss: shape (labels, n), plain cross-entropy as the headline has it.
        weights: shape (n,) or None.
        narrow: whether the file's scores are float32.
    """

    scores: AnyFloats
    hot: Mask
    above: Mask
    arg: AnyIntegers
    loss: Floats
    weights: Floats | None
    narrow: bool


def add_rows(sums: FrameworkSums, rows: MultiLabelRows, plan: Plan) -> None:
    """Add the rows of a block."""
    scale = plan.scale
    sums.narrow = rows.narrow
    if rows.weights is not None:
        idle = int(np.count_nonzero(rows.weights == 0.0))
        if idle:
            sums.add(Difference.NO_WEIGHT, np.ones(idle), None, None)
        sums.add(Difference.WHOLE_WEIGHT, np.floor(rows.weights.astype(np.float32)).astype(np.float64), None, None)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        _add_decisions(sums, rows)
        _add_thresholds(sums, rows, plan)
        _add_positives(sums, rows, scale)
        flat = rows.scores.ravel()
        scores: AnyFloats = flat.astype(np.float32) if rows.narrow else flat.astype(np.float64)
        each = trials.Trials(scores, rows.hot.ravel(), rows.loss.ravel(), None, rows.weights)
        if sums.smoothing or sums.gamma:
            each.add(sums, Difference.PLAIN, each.loss)
            softened.add_trials(sums, each, scale)
        if scale is Scale.PROBABILITIES:
            trials.add_probabilities(sums, each)
        elif scale is Scale.LOGITS:
            sums.count(Fact.OUTSIDE, (rows.scores < 0.0) | (rows.scores > 1.0))
            trials.add_logits(sums, each)


def _add_decisions(sums: FrameworkSums, rows: MultiLabelRows) -> None:
    """Count the elements wrong at 0.5, and rows whose first label is not the arg-max of the scores."""
    narrow = rows.scores.astype(np.float32, copy=False)
    sums.count(Fact.WRONG_ELEMENTS, (narrow > np.float32(0.5)) != rows.hot)
    arg = rows.arg
    if not rows.narrow:
        few = len(narrow) <= kernels.CLASS_MAJOR_LIMIT
        arg = kernels.leaders(narrow, narrow.max(axis=0)).arg if few else narrow.argmax(axis=0)
    sums.count(Fact.WRONG_ARGMAX, arg != _first(rows.hot))


def _add_thresholds(sums: FrameworkSums, rows: MultiLabelRows, plan: Plan) -> None:
    """Add how decisions at the threshold alone, in the file's dtype and in float32, and at 0.5, differ from ours."""
    if plan.scale is Scale.LOG_PROBABILITIES:
        return
    logits, kind = plan.scale is Scale.LOGITS, rows.scores.dtype.type
    limit = kernels.logit(plan.objective.threshold) if logits else kind(plan.objective.threshold)
    own = narrow = rows.scores > limit if plan.objective.at_least_one else rows.above
    if logits:
        near = np.nonzero(~(np.abs(rows.scores - limit) > bernoulli.reach(plan.objective.threshold)))
        own, narrow = (_by_sigmoid(own, rows.scores, near, to, plan.objective.threshold) for to in (kind, np.float32))
    elif not rows.narrow:
        narrow = rows.scores.astype(np.float32) > np.float32(plan.objective.threshold)
    _add_moved(sums, rows, own, Difference.RIGHT_ABOVE, Difference.SUBSET_ABOVE)
    _add_moved(sums, rows, narrow, Difference.RIGHT_NARROW, None)
    if plan.objective.threshold != 0.5 or plan.objective.at_least_one:
        _add_moved(sums, rows, rows.scores > kind(0.0 if logits else 0.5), None, Difference.SUBSET_HALF)


def _by_sigmoid(
    above: Mask, logits: AnyFloats, near: tuple[Indices, ...], kind: type[np.floating], threshold: float
) -> Mask:
    """Return decisions by a sigmoid that is rounded to a dtype, which only those `near` the threshold can feel."""
    if len(near[0]) == 0:
        return above
    decided = above.copy()
    decided[near] = bernoulli.sigmoid(logits[near].astype(kind)) > kind(threshold)
    return decided


def _add_moved(
    sums: FrameworkSums,
    rows: MultiLabelRows,
    decided: Mask,
    elements: Difference | None,
    subset: Difference | None,
) -> None:
    """Add how many more elements, and rows, are right by other decisions than the headline's."""
    if decided is rows.above:
        return
    at = np.flatnonzero((decided != rows.above).any(axis=0))
    if len(at) == 0:
        return
    hot, weights = rows.hot[:, at], None if rows.weights is None else rows.weights[at]
    theirs, ours = decided[:, at] == hot, rows.above[:, at] == hot
    if elements is not None:
        more = np.count_nonzero(theirs, axis=0) - np.count_nonzero(ours, axis=0)
        sums.add(elements, more.astype(np.float64), None, weights)
    if subset is not None:
        sums.add(subset, theirs.all(axis=0).astype(np.float64) - ours.all(axis=0), None, weights)


def _first(hot: Mask) -> AnyIntegers:
    """Return the first label of each row, 0 for rows without any, shape (n,)."""
    kind = np.uint8 if len(hot) < 1 << 8 else np.uint32
    left = np.zeros(hot.shape[1], dtype=kind)
    for label, held in enumerate(hot):
        np.maximum(left, np.multiply(held, kind(len(hot) - label), dtype=kind), out=left)
    first: AnyIntegers = np.where(left == 0, 0, len(hot) - left.astype(np.intp))
    return first


def _add_positives(sums: FrameworkSums, rows: MultiLabelRows, scale: Scale) -> None:
    """Add scikit-learn's sum over the labels that a row has."""
    held = np.flatnonzero(rows.hot.ravel())
    if len(held) == 0:
        return
    eps = float(np.finfo(np.float32 if rows.narrow else np.float64).eps)
    loss = rows.loss.ravel()[held]
    at = held % rows.hot.shape[1]
    weights = None if rows.weights is None else rows.weights[at]
    clipped = np.clip(loss, -log(1.0 - eps), -log(eps)) if rows.narrow else np.minimum(loss, -log(eps))
    sums.add(Difference.SKLEARN_POSITIVES, clipped, None, weights)
    if scale is Scale.PROBABILITIES:
        total = np.zeros(rows.hot.shape[1])
        for scores in rows.scores:
            total += scores
        logs = np.log(categorical.clipped_totals(rows.scores, np.arange(len(total)), total, class_major=True))
        clipped = np.minimum(loss, -log(categorical.FLOOR_OLD))
        sums.add(Difference.SKLEARN_POSITIVES_OLD, clipped + logs[at], None, weights)
