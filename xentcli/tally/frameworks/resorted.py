"""What scikit-learn makes of score columns in another order than the sorted labels': it takes each for another class.

Floor 4. Called only where the columns stand so. The values are losses, not differences to the headline loss.
"""

from math import log

import numpy as np

from xentcli.arrays import Indices, Mask
from xentcli.tally import kernels
from xentcli.tally.frameworks import bernoulli, categorical
from xentcli.tally.frameworks.rows import SingleRows
from xentcli.tally.frameworks.rules import Rule
from xentcli.tally.frameworks.sums import FrameworkSums
from xentcli.tally.frameworks.trials import HIGH_LOSS, Trials
from xentcli.task.model import Scale


def add_rows(sums: FrameworkSums, rows: SingleRows, places: Indices, off: Mask) -> None:
    """Add rows of probabilities, a score per class; `off`, shape (n,), says which do not sum to 1."""
    eps = float(np.finfo(np.float32 if rows.narrow else np.float64).eps)
    taken = kernels.true_scores(rows.scores, places[rows.true], class_major=rows.class_major).astype(np.float64)
    loss = categorical.sklearn(taken, eps)
    rows.add(sums, Rule.SKLEARN_SORTED, loss)
    again = np.flatnonzero(off | (loss > HIGH_LOSS))
    if len(again):
        total = kernels.exact_totals(rows.scores, again, class_major=rows.class_major)
        clipped = categorical.clipped_totals(rows.scores, again, total, class_major=rows.class_major)
        old = categorical.sklearn_old(taken[again], clipped)
        rows.add_at(sums, Rule.SKLEARN_SORTED_OLD, old - loss[again], again)


def add_logits(sums: FrameworkSums, rows: SingleRows, places: Indices) -> None:
    """Add rows of logits or log-probabilities, whose softmax scikit-learn is given."""
    eps = float(np.finfo(np.float32 if rows.narrow else np.float64).eps)
    own, taken = (
        kernels.true_scores(rows.scores, classes, class_major=rows.class_major).astype(np.float64)
        for classes in (rows.true, places[rows.true])
    )
    cost = np.maximum(rows.loss + (own - taken), 0.0)
    loss = np.clip(cost, -log(1.0 - eps), -log(eps))
    rows.add(sums, Rule.SKLEARN_SORTED, loss)
    rows.add(sums, Rule.SKLEARN_SORTED_OLD, np.minimum(cost, -log(categorical.FLOOR_OLD)) - loss)


def add_trials(sums: FrameworkSums, trials: Trials, scale: Scale) -> None:
    """Add rows of one score each, which is taken for the other class's."""
    scores = bernoulli.sigmoid(trials.scores) if scale is Scale.LOGITS else trials.scores
    loss = bernoulli.sklearn(scores, ~trials.labels)
    trials.add(sums, Rule.SKLEARN_SORTED, loss)
    trials.add(sums, Rule.SKLEARN_SORTED_OLD, bernoulli.sklearn_old(scores, ~trials.labels) - loss)
