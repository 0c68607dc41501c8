"""Rows with one label each: what the frameworks' losses and decisions differ by.

Floor 4. Called once a block with what the Tally has computed already. Only rows that some framework can see
differently are looked at again: a true probability under one half or next to 1, a row that does not sum to 1.
"""

from math import log

import numpy as np

from xentcli.arrays import AnyFloats, Indices, Mask
from xentcli.tally import kernels
from xentcli.tally.blocks import Block
from xentcli.tally.frameworks import bernoulli, categorical, label_order, one_hot, softened, trials
from xentcli.tally.frameworks.sums import TOP_32, Difference, Fact, FrameworkSums
from xentcli.tally.frameworks.trials import ADDED, HIGH_LOSS, LOW_LOSS, SingleRows, Trials, count_under
from xentcli.tally.kernels import Extremes
from xentcli.tally.plan import Plan
from xentcli.tally.scored import ScoredRows
from xentcli.task.rounding import SUM_TOLERANCE
from xentcli.terms import Scale

_HALF = np.float32(0.5)

TOLERANCE_32, TOLERANCE_64 = 6e-7, 1e-13
"""A row's sum that is closer to 1 is rounding: its logarithm is below what frameworks agree to."""

NEARLY = 1e-6
"""A row's sum that is off 1 by more is worth a word."""


def add_rows(sums: FrameworkSums, plan: Plan, block: Block, seen: Extremes, scored: ScoredRows) -> None:
    """Add the rows of a block.

    Args:
        sums: what to add to.
        plan: what the pass follows.
        block: the rows, all of which are scored.
        seen: their extremes.
        scored: what they add to the Tally.
    """
    losses = scored.plain
    chance = losses.loss if losses.probability is None else losses.probability
    if losses.normalizer is not None and losses.probability is not None:
        divided = np.flatnonzero(losses.normalizer != 1.0)
        some = block.scores.take(divided, axis=1 if block.class_major else 0)
        chance = chance.copy()
        chance[divided] = kernels.true_scores(some, scored.labels[divided], class_major=block.class_major)
    rows = SingleRows(
        scores=block.scores, class_major=block.class_major, true=scored.labels, predicted=scored.predicted,
        loss=losses.loss, chance=chance, total=seen.total, low=seen.low, top=seen.top, arg=scored.leaders.arg,
        tied=scored.leaders.tied, weights=block.weights, narrow=block.narrow,
    )  # fmt: skip
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        _add_common(sums, rows)
        if sums.smoothing or sums.gamma:
            rows.add(sums, Difference.PLAIN, rows.loss)
        if plan.single and plan.positive is not None:
            _add_binary(sums, rows, plan.scale, plan.own, plan.objective.threshold)
        else:
            _add_categorical(sums, rows, plan.scale, NEARLY if plan.objective.normalize else SUM_TOLERANCE)
            softened.add_rows(sums, rows, plan.scale)


def _right(sums: FrameworkSums, rule: Difference, right: Mask, rows: SingleRows) -> None:
    """Add how a framework's right rows differ from the headline's."""
    ours = rows.predicted == rows.true
    if not np.array_equal(ours, right):
        rows.add(sums, rule, right.astype(np.float64) - ours)


def _add_common(sums: FrameworkSums, rows: SingleRows) -> None:
    """Add what every task has: the dtype and the rows of no weight."""
    sums.narrow = rows.narrow
    if rows.weights is not None:
        idle = np.flatnonzero(rows.weights == 0.0)
        if len(idle):
            sums.add(Difference.NO_WEIGHT, np.ones(len(idle)), rows.true[idle], None)


def _add_categorical(sums: FrameworkSums, rows: SingleRows, scale: Scale, tolerance: float) -> None:
    """Add rows with a score per class; the headline loss divides those whose sum is off 1 by more than `tolerance`."""
    _add_decisions(sums, rows)
    if scale is not Scale.PROBABILITIES:
        masked = int(np.count_nonzero(np.isneginf(rows.low)))
        if masked:
            sums.undefined[Difference.ONE_HOT_LOGITS] += masked
        _add_categorical_logits(sums, rows, scale)
        if sums.places is not None:
            label_order.add_logits(sums, rows, sums.places)
        return
    off = np.abs(rows.total - 1.0) > (TOLERANCE_32 if rows.narrow else TOLERANCE_64)
    again = np.flatnonzero(off | (rows.loss > HIGH_LOSS))
    if len(again):
        _add_categorical_losses(sums, rows, again, tolerance)
    certain = np.flatnonzero((rows.loss < LOW_LOSS) & ~off)
    if len(certain):
        loss = rows.loss[certain]
        raised = np.maximum(loss, -log(TOP_32)) - loss
        rows.add_at(sums, Difference.KERAS, raised, certain)
        if rows.narrow:
            rows.add_at(sums, Difference.SKLEARN, raised, certain)
    if sums.places is not None:
        label_order.add_rows(sums, rows, sums.places, off)
    _add_one_hot(sums, rows)


def _add_categorical_losses(sums: FrameworkSums, rows: SingleRows, chosen: Indices, tolerance: float) -> None:
    true = rows.chance[chosen]
    total = kernels.exact_totals(rows.scores, chosen, class_major=rows.class_major)
    eps = float(np.finfo(np.float32 if rows.narrow else np.float64).eps)
    clipped = categorical.clipped_totals(rows.scores, chosen, total, class_major=rows.class_major)
    found = {
        Difference.KERAS: categorical.keras(true, total),
        Difference.SKLEARN: categorical.sklearn(true, eps),
        Difference.SKLEARN_OLD: categorical.sklearn_old(true, clipped),
        Difference.UNCLIPPED: categorical.unclipped(true),
        Difference.NORMALISED: categorical.normalised(true, total),
        Difference.XGBOOST: categorical.xgboost(true, total),
        Difference.LIGHTGBM: categorical.lightgbm(true),
    }
    loss = rows.loss[chosen]
    for rule, values in found.items():
        rows.add_at(sums, rule, values - loss, chosen)
    share = np.where(total > 0.0, categorical.shares(true, total), 0.0)
    count_under(sums, np.maximum(true, share))
    sums.count(Fact.ZERO, true == 0.0)
    sums.count(Fact.RAISED, clipped > total * (1.0 + NEARLY))
    distance = np.abs(total - 1.0)
    sums.count(Fact.OFF_ONE, distance > tolerance)
    sums.count(Fact.NEARLY_ONE, (distance > NEARLY) & (distance <= tolerance))
    sums.count(Fact.ALL_ZERO, total == 0.0)


def _add_one_hot(sums: FrameworkSums, rows: SingleRows) -> None:
    """Add binary cross-entropy and accuracy on one-hot rows."""
    narrow = rows.scores.astype(np.float32, copy=False)
    true = rows.chance.astype(np.float32)
    top = rows.top.astype(np.float32, copy=False)
    loss = one_hot.keras_one_hot(narrow, true, class_major=rows.class_major)
    sums.add_dense(Difference.ONE_HOT, loss, rows.true, rows.weights)
    hits = int(np.count_nonzero(true > _HALF))
    sums.counts[Fact.WRONG_ELEMENTS] += _above_half(rows, narrow, top) - hits + (len(true) - hits)
    # 1e-7 added to p (or 1 - p) changes a row's mean by 1e-7 / p / C: by more than rounding only below 1 / C.
    share = 1.0 / rows.scores.shape[0 if rows.class_major else 1]
    under = np.flatnonzero(true < np.float32(share))
    if len(under):
        shift = (bernoulli.keras_added(true[under]) + ADDED) * share
        rows.add_at(sums, Difference.ONE_HOT_ADDED, shift, under)
    fooled = np.flatnonzero((top > np.float32(1.0 - share)) & (rows.arg != rows.true))
    if len(fooled):
        chance, labels = top[fooled], np.zeros(len(fooled), dtype=np.bool_)
        plain = bernoulli.keras(chance, labels)
        for rule, formula in (
            (Difference.ONE_HOT_GRAPH, bernoulli.keras_graph),
            (Difference.ONE_HOT_EAGER, bernoulli.keras_eager),
        ):
            rows.add_at(sums, rule, (formula(chance, labels) - plain + ADDED) * share, fooled)


def _above_half(rows: SingleRows, narrow: AnyFloats, top: AnyFloats) -> int:
    """Return how many scores are above 0.5; a row has a second one only if the others sum to more than that."""
    first = top > _HALF
    several = np.flatnonzero(first & (rows.total - rows.top > 0.499))
    number = int(np.count_nonzero(first))
    if len(several):
        chosen = narrow[:, several] if rows.class_major else narrow[several]
        number += int(np.count_nonzero(chosen > _HALF)) - len(several)
    return number


def _add_categorical_logits(sums: FrameworkSums, rows: SingleRows, scale: Scale) -> None:
    eps = float(np.finfo(np.float32 if rows.narrow else np.float64).eps)
    seen = np.flatnonzero((rows.loss > HIGH_LOSS) | (rows.loss < (LOW_LOSS if rows.narrow else 2.0 * eps)))
    if len(seen):
        some = rows.of(seen)
        found = {
            Difference.SKLEARN: np.clip(some.loss, -log(1.0 - eps), -log(eps)),
            Difference.SKLEARN_OLD: np.minimum(some.loss, -log(1e-15)),
            Difference.XGBOOST: np.minimum(some.loss, -log(bernoulli.XGBOOST_FLOOR)),
            Difference.LIGHTGBM: np.minimum(some.loss, bernoulli.LIGHTGBM_COST),
        }
        if scale is Scale.LOG_PROBABILITIES:
            found[Difference.KERAS] = np.clip(some.loss, -log(TOP_32), -log(1e-7))
        for rule, values in found.items():
            some.add(sums, rule, values - some.loss)
        count_under(sums, np.exp(-some.loss))
    if scale is Scale.LOG_PROBABILITIES:
        true = kernels.true_scores(rows.scores, rows.true, class_major=rows.class_major)
        rows.add(sums, Difference.UNCLIPPED, -true - rows.loss)


def _add_decisions(sums: FrameworkSums, rows: SingleRows) -> None:
    best = rows.arg == rows.true
    if not np.array_equal(rows.predicted, rows.arg):
        _right(sums, Difference.RIGHT_ARGMAX, best, rows)
    if not rows.narrow:
        narrow = rows.scores.astype(np.float32)
        arg = kernels.leaders(narrow, narrow.max(axis=0)).arg if rows.class_major else narrow.argmax(axis=1)
        _right(sums, Difference.RIGHT_NARROW, arg == rows.true, rows)
    shared = np.zeros(0, dtype=np.intp) if rows.tied is None else np.flatnonzero(rows.tied & best)
    if len(shared):
        rows.add_at(sums, Difference.TIED_RIGHT, np.ones(len(shared)), shared)
        sums.counts[Fact.TIED] += len(shared)


def _add_binary(sums: FrameworkSums, rows: SingleRows, scale: Scale, positive: int, threshold: float) -> None:
    """Add rows of one score each, which is that of one class; `rows.scores` has both classes."""
    kind = np.float32 if rows.narrow else np.float64
    scores = rows.scores[positive].astype(kind)
    labels = rows.true == positive
    each = Trials(scores, labels, rows.loss, rows.true, rows.weights)
    softened.add_trials(sums, each, scale)
    if sums.places is not None:
        label_order.add_trials(sums, each, scale)
    if scale is Scale.PROBABILITIES:
        trials.add_probabilities(sums, each)
        half = np.float32(0.5)
        narrow = scores.astype(np.float32)
        _right(sums, Difference.RIGHT_HALF, (scores > 0.5) == labels, rows)
        _right(sums, Difference.RIGHT_NARROW_HALF, (narrow > half) == labels, rows)
        _right(sums, Difference.RIGHT_NARROW, (narrow > np.float32(threshold)) == labels, rows)
    elif scale is Scale.LOGITS:
        trials.add_logits(sums, each)
        _add_logit_decisions(sums, rows, scores, labels, threshold)


def _add_logit_decisions(
    sums: FrameworkSums, rows: SingleRows, scores: AnyFloats, labels: Mask, threshold: float
) -> None:
    sums.count(Fact.OUTSIDE, (scores < 0.0) | (scores > 1.0))
    _right(sums, Difference.RIGHT_RAW_HALF, (scores > 0.5) == labels, rows)
    _right(sums, Difference.RIGHT_ZERO, (scores > 0.0) == labels, rows)
    if threshold != 0.5:
        _right(sums, Difference.RIGHT_RAW, (scores > threshold) == labels, rows)
    ours = rows.predicted == rows.true
    for rule, dtype, at in (
        (Difference.RIGHT_SIGMOID, scores.dtype, threshold),
        (Difference.RIGHT_SIGMOID_32, np.dtype(np.float32), threshold),
        (Difference.RIGHT_SIGMOID_64, np.dtype(np.float64), 0.5),
    ):  # fmt: skip
        # Rounding moves a decision only next to the threshold: elsewhere no sigmoid need be computed.
        limit = kernels.logit(at)
        right = ours.copy() if at == threshold else (scores > limit) == labels
        near = np.flatnonzero(~(np.abs(scores - limit) > bernoulli.reach(at)))
        right[near] = (bernoulli.sigmoid(scores[near].astype(dtype)) > dtype.type(at)) == labels[near]
        _right(sums, rule, right, rows)
