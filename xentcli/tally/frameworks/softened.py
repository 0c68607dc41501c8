"""Label smoothing and focal losses, as the frameworks that have them compute them.

Floor 4. Only filled where one of them is asked for. Values are losses, not differences to the headline loss.
"""

import numpy as np

from xentcli.arrays import AnyFloats, Floats, Mask
from xentcli.tally import kernels
from xentcli.tally.frameworks import bernoulli, categorical, one_hot
from xentcli.tally.frameworks.sums import EPSILON_32, TOP_32, Difference, FrameworkSums
from xentcli.tally.frameworks.trials import SingleRows, Trials
from xentcli.terms import Scale

ALPHA = 0.25
"""Keras multiplies categorical focal losses by it, whether asked to or not."""


def add_trials(sums: FrameworkSums, trials: Trials, scale: Scale) -> None:
    """Add binary losses with targets y (1 - s) + s / 2, and times (1 - p_t)^gamma (Lin et al., arXiv:1708.02002)."""
    if sums.smoothing:
        keras, eager = _smoothed(sums.smoothing, trials, scale)
        trials.add(sums, Difference.SMOOTHED_KERAS, keras)
        trials.add(sums, Difference.SMOOTHED_EAGER, eager)
    if sums.gamma:
        _add_focal(sums, trials, scale)


def _add_focal(sums: FrameworkSums, trials: Trials, scale: Scale) -> None:
    """Add focal losses; of logits, Keras 3 clips the sigmoid as if it had been given probabilities."""
    labels = trials.labels
    if scale is Scale.PROBABILITIES:
        chance = narrow = trials.scores
        eager, plain = bernoulli.keras_eager(chance, labels), bernoulli.from_logit(chance, labels)
    else:
        chance, narrow = bernoulli.sigmoid(trials.scores), bernoulli.sigmoid(trials.scores.astype(np.float32))
        eager = plain = trials.loss
    missed = _missed(chance, labels) ** sums.gamma
    trials.add(sums, Difference.FOCAL_KERAS, _missed(narrow, labels) ** sums.gamma * bernoulli.keras(narrow, labels))
    trials.add(sums, Difference.FOCAL_EAGER, missed * eager)
    trials.add(sums, Difference.FOCAL, missed * plain)


def _missed(chance: AnyFloats, labels: Mask) -> Floats:
    """Return 1 - p_t, p_t the probability of what happened."""
    return np.where(labels, chance.dtype.type(1.0) - chance, chance).astype(np.float64)


def _smoothed(smoothing: float, trials: Trials, scale: Scale) -> tuple[Floats, Floats]:
    share = smoothing / 2
    if scale is not Scale.PROBABILITIES:
        against = np.where(trials.labels, trials.scores, -trials.scores).astype(np.float64)
        value = trials.loss + share * against
        return value, value
    keras, eager = (
        (1.0 - share) * formula(trials.scores, trials.labels) + share * formula(trials.scores, ~trials.labels)
        for formula in (bernoulli.keras, bernoulli.keras_eager)
    )
    return keras, eager


def add_rows(sums: FrameworkSums, rows: SingleRows, scale: Scale) -> None:
    """Add categorical losses with targets y (1 - s) + s / C, and alpha (1 - p)^gamma times -log p."""
    if sums.smoothing:
        _add_smoothed(sums, rows, scale)
    if sums.gamma:
        share = np.exp(-rows.loss)
        if scale is Scale.PROBABILITIES:
            share = _true(rows) / _totals(rows)
        clipped = np.clip(share, EPSILON_32, TOP_32)
        rows.add(sums, Difference.FOCAL_KERAS, ALPHA * (1.0 - clipped) ** sums.gamma * -np.log(clipped))


def _true(rows: SingleRows) -> Floats:
    return kernels.true_scores(rows.scores, rows.true, class_major=rows.class_major).astype(np.float64, copy=False)


def _totals(rows: SingleRows) -> Floats:
    return kernels.exact_totals(rows.scores, np.arange(len(rows.true)), class_major=rows.class_major)


def _add_smoothed(sums: FrameworkSums, rows: SingleRows, scale: Scale) -> None:
    smoothing, classes = sums.smoothing, sums.size
    wide = rows.scores.astype(np.float64)
    if scale is Scale.PROBABILITIES:
        total = _totals(rows)
        shares = wide / (total if rows.class_major else total[:, None])
        others = one_hot.minus_log_sum(shares, class_major=rows.class_major)
        keras = (1.0 - smoothing) * categorical.keras(_true(rows), total) + smoothing / classes * others
        rows.add(sums, Difference.SMOOTHED_KERAS, keras)
        costs = -np.log(shares)
        plain = categorical.normalised(_true(rows), total)
    else:
        top = rows.loss + _true(rows)
        costs = (top if rows.class_major else top[:, None]) - wide
        plain = rows.loss
    each = costs if rows.class_major else costs.T
    mean = np.zeros(len(plain))
    for cost in each:
        mean += cost
    rows.add(sums, Difference.SMOOTHED, (1.0 - smoothing) * plain + smoothing / classes * mean)
    sums.add_each(Difference.BY_CLASS, each)
