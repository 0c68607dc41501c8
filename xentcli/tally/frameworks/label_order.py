"""Whether score columns stand in the order into which scikit-learn sorts the labels, and what it makes of others.

Floor 4. scikit-learn takes the columns for the sorted labels, in every version, and pays no heed to the order of
`labels=`: numbers are sorted by size, names by text. Where the columns stand otherwise it takes each for another class;
what `add_rows`, `add_logits` and `add_trials` add are then its losses, not differences to the headline loss.
"""

from functools import lru_cache
from math import isfinite, log

import numpy as np

from xentcli.arrays import Indices, Mask
from xentcli.record import Record
from xentcli.tally import kernels
from xentcli.tally.frameworks import bernoulli, categorical
from xentcli.tally.frameworks.sums import Difference, FrameworkSums
from xentcli.tally.frameworks.trials import HIGH_LOSS, SingleRows, Trials
from xentcli.tally.plan import Plan
from xentcli.task.coding import ScalarCoder
from xentcli.terms import Scale


class SklearnOrder(Record):
    """How labels are written, as far as scikit-learn's order of columns hangs on it.

    Attributes:
        places: shape (classes,), the class whose scores scikit-learn takes for those of each class: that which
            stands where it would stand if all were sorted. None where all do.
        numbered: whether the labels are the numbers of their columns; of one score, 0 and 1 for the positive class.
    """

    places: Indices | None
    numbered: bool


def label_order(plan: Plan) -> SklearnOrder:
    """Return the order of a plan's labels; one-hot rows have no names, their columns pair with the scores'."""
    if not isinstance(plan.coder, ScalarCoder):
        return SklearnOrder(None, numbered=True)
    found = _order(plan.coder, plan.classes)
    if not plan.single or plan.positive is None:
        return found
    # One score is taken for that of the second of the sorted labels, whichever the positive class is.
    second = 1 if found.places is None else int(found.places[1])
    if plan.own == second:
        return SklearnOrder(None, numbered=found.numbered)
    return SklearnOrder(np.array([1, 0]), numbered=False)


@lru_cache(maxsize=16)
def _order(coder: ScalarCoder, classes: tuple[str, ...]) -> SklearnOrder:
    """Sort the labels as the file writes them, and classes that have no row by their names."""
    written = {index: text for text, index in coder.classes.items() if index >= 0}
    texts = [written.get(at, name) for at, name in enumerate(classes)]
    numbers = _numbers(list(written.values()))
    if numbers is not None:
        sizes = dict(zip(written, numbers, strict=True))
        keys = [sizes.get(at, _number(name, at)) for at, name in enumerate(classes)]
        by_label = sorted(range(len(classes)), key=keys.__getitem__)
        numbered = keys == list(range(len(classes)))
    else:
        by_label, numbered = sorted(range(len(classes)), key=texts.__getitem__), False
    places = np.empty(len(classes), dtype=np.intp)
    places[by_label] = np.arange(len(classes))
    return SklearnOrder(None if by_label == list(range(len(classes))) else places, numbered)


def _numbers(texts: list[str]) -> list[float] | None:
    """Return texts as numbers, as tables read a column of them; None where one is no number."""
    try:
        found = [float(text) for text in texts]
    except ValueError:
        return None
    return found if all(isfinite(one) for one in found) else None


def _number(name: str, place: int) -> float:
    found = _numbers([name])
    return float(place) if found is None else found[0]


def add_rows(sums: FrameworkSums, rows: SingleRows, places: Indices, off: Mask) -> None:
    """Add rows of probabilities, a score per class; `off`, shape (n,), says which do not sum to 1."""
    eps = float(np.finfo(np.float32 if rows.narrow else np.float64).eps)
    taken = kernels.true_scores(rows.scores, places[rows.true], class_major=rows.class_major).astype(np.float64)
    loss = categorical.sklearn(taken, eps)
    rows.add(sums, Difference.SKLEARN_SORTED, loss)
    again = np.flatnonzero(off | (loss > HIGH_LOSS))
    if len(again):
        total = kernels.exact_totals(rows.scores, again, class_major=rows.class_major)
        clipped = categorical.clipped_totals(rows.scores, again, total, class_major=rows.class_major)
        old = categorical.sklearn_old(taken[again], clipped)
        rows.add_at(sums, Difference.SKLEARN_SORTED_OLD, old - loss[again], again)


def add_logits(sums: FrameworkSums, rows: SingleRows, places: Indices) -> None:
    """Add rows of logits or log-probabilities, whose softmax scikit-learn is given."""
    eps = float(np.finfo(np.float32 if rows.narrow else np.float64).eps)
    own, taken = (
        kernels.true_scores(rows.scores, classes, class_major=rows.class_major).astype(np.float64)
        for classes in (rows.true, places[rows.true])
    )
    cost = np.maximum(rows.loss + (own - taken), 0.0)
    loss = np.clip(cost, -log(1.0 - eps), -log(eps))
    rows.add(sums, Difference.SKLEARN_SORTED, loss)
    rows.add(sums, Difference.SKLEARN_SORTED_OLD, np.minimum(cost, -log(categorical.FLOOR_OLD)) - loss)


def add_trials(sums: FrameworkSums, trials: Trials, scale: Scale) -> None:
    """Add rows of one score each, which is taken for the other class's."""
    scores = bernoulli.sigmoid(trials.scores) if scale is Scale.LOGITS else trials.scores
    loss = bernoulli.sklearn(scores, ~trials.labels)
    trials.add(sums, Difference.SKLEARN_SORTED, loss)
    trials.add(sums, Difference.SKLEARN_SORTED_OLD, bernoulli.sklearn_old(scores, ~trials.labels) - loss)
