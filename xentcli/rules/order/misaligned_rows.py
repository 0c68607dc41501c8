"""Rule XE304: labels and scores that are shifted by one row, stand in different orders, or do not belong together.

Floor 6.
"""

from collections.abc import Iterator
from math import log, sqrt

import numpy as np

from xentcli.arrays import Codes, Floats, Indices
from xentcli.phrases import losses, rates
from xentcli.record import Record
from xentcli.rules.chance import LOG_LEVEL, Z_LEVEL, log_tail
from xentcli.rules.facts import IdOrder, ScoreFacts, TaskFacts
from xentcli.rules.order.lost_rows import parting
from xentcli.rules.order.pairing import (
    AT_CHANCE,
    FITS,
    agreement,
    agreement_by_chance,
    agrees_at_chance,
    auc_error,
    confidence_as_probability,
    flipped,
    misaligned,
)  # fmt: skip
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.rules.wording import by_rows
from xentcli.tally.traps.kept_rows import MOST_ROWS

_LARGEST_SHIFT = 100
"""Shifts by 2 to so many rows are tried; by 1 is XE304's."""

_OFFSETS = 64
"""So many shifts, spread over the whole table, show how far agreement strays by chance where rows resemble their
neighbours."""

_STRAYS = 7.0
"""By so many of their standard deviations another order must agree more: as they are estimated, one in a million over
all orders that are tried."""

_NEAR_CHANCE = 5.0
"""By so many standard errors a file may agree with its labels and be in another order that fits: rows and their
mirrors in a reversed file agree together, or not at all."""

_CHANCE_ALONE = 2.0
"""Within so many standard errors it may be said that rows agree no more than by chance, though no order fits."""

_PROMISE = 0.2
"""Confident scores promise to agree with so large a share of what chance leaves."""

_ALL_ALIKE = 0.8
"""From this agreement by chance on, predictions of several classes are nearly all the same, and nothing can be told."""


class OtherOrder(Record):
    """An order in which labels and predictions agree.

    Attributes:
        words: what is the case, if so.
        hits: rows that then agree.
        rows: of so many.
    """

    words: str
    hits: int
    rows: int


class _Rows(Record):
    """The true and the predicted classes of all rows, each of shape (n,), and how often they agree by chance."""

    labels: Codes
    predicted: Codes
    by_chance: float


def may_stand_otherwise(facts: ScoreFacts) -> bool:
    """Return whether predictions agree with labels by chance only, so that other orders of the rows are tried."""
    return facts.scored <= MOST_ROWS and not facts.by_id and agrees_at_chance(facts, _NEAR_CHANCE)


def other_order(facts: ScoreFacts) -> OtherOrder | None:
    """Return the order of rows in which predictions agree with labels beyond chance at one in a million.

    The orders that mistakes leave are tried where the rows are kept. If several fit, the one with the most agreement is
    returned; None if none does.
    """
    kept = facts.traps.shifts.in_order(facts.row_facts.part_rows)
    if kept is None or facts.by_id:
        return None
    rows = _Rows(*kept, agreement_by_chance(facts))
    tried = [*_permuted(rows, facts.id_orders), *_shifted(rows)]
    mean, deviation = _strays(rows)
    found = (one for one in tried if _fits(one, len(tried), rows.by_chance, mean + _STRAYS * deviation))
    return max(found, key=lambda one: one.hits / one.rows, default=None)


def _fits(one: OtherOrder, tried: int, by_chance: float, least: float) -> bool:
    share = one.hits / one.rows
    if share < least or share - by_chance < FITS * (1.0 - by_chance):
        return False
    return log_tail(one.hits, one.rows, by_chance) + log(tried) <= LOG_LEVEL


def _strays(rows: _Rows) -> tuple[float, float]:
    """Return the mean and the standard deviation of the agreement at shifts around the whole table."""
    size = len(rows.labels)
    offsets = np.unique(np.arange(1, _OFFSETS + 1) * size // (_OFFSETS + 1))
    shares: Floats = np.array([np.count_nonzero(np.roll(rows.predicted, by) == rows.labels) / size for by in offsets])
    return float(shares.mean()), float(shares.std())


def _agree(words: str, labels: Codes, predicted: Codes) -> OtherOrder:
    return OtherOrder(words, int(np.count_nonzero(labels == predicted)), len(labels))


def _permuted(rows: _Rows, id_orders: tuple[IdOrder, ...]) -> Iterator[OtherOrder]:
    """Yield the agreement in other orders; where one side stands in an order, its n-th row is that order's n-th."""
    labels, predicted = rows.labels, rows.predicted
    yield _agree("the scores stand in the reverse order of the labels", labels, predicted[::-1])
    for one in id_orders:
        if len(one.order) == len(labels):
            yield _agree(_by_ids("scores", one, "labels"), labels[one.order], predicted)
            yield _agree(_by_ids("labels", one, "scores"), labels, predicted[one.order])
    for first in (0, 1):
        order = text_order(len(labels), first)
        shown = f"as texts ({first}, 10, 100, ...)" if first == 0 else "as texts (1, 10, 100, ...)"
        for side, other, ours, theirs in (
            ("scores", "labels", labels[order], predicted),
            ("labels", "scores", labels, predicted[order]),
        ):
            words = f"the {side} stand in the order of row numbers {shown}, the {other} in that of numbers"
            yield _agree(words, ours, theirs)


def _by_ids(side: str, one: IdOrder, other: str) -> str:
    return f"the {side} stand in the order of {one.words}, the {other} in that of the file"


def text_order(rows: int, first: int) -> Indices:
    """Return the order of the numbers from `first` on by their digits as text, shape (rows,)."""
    numbers = np.arange(first, first + rows)
    digits = np.searchsorted(10 ** np.arange(1, 19), numbers, side="right") + 1
    return np.lexsort((digits, numbers * 10 ** (digits.max() - digits)))


def _shifted(rows: _Rows) -> Iterator[OtherOrder]:
    for by in range(2, min(_LARGEST_SHIFT, len(rows.labels) // 2) + 1):
        words = f"are shifted by {by} rows: scores[{{}}] belong to labels[{{}}]"
        yield _agree(f"labels and scores {words.format(f'{by}:', f':-{by}')}", rows.labels[:-by], rows.predicted[by:])
        yield _agree(f"labels and scores {words.format(f':-{by}', f'{by}:')}", rows.labels[by:], rows.predicted[:-by])


def _explained(facts: ScoreFacts) -> bool:
    """Return whether another finding says why predictions do not agree with labels."""
    if facts.order is not None or facts.traps.values.constant or confidence_as_probability(facts):
        return True
    return flipped(facts) is not None or parting(facts) is not None


def _misaligned_rows(facts: TaskFacts) -> Hit | None:
    scores = facts.scores
    if scores is None or scores.loss is None:
        return None
    return misaligned(scores) or _unrelated(facts, scores)


def _unrelated(facts: TaskFacts, scores: ScoreFacts) -> Hit | None:
    if not agrees_at_chance(scores, _NEAR_CHANCE) or _explained(scores):
        return None
    found = other_order(scores)
    if found is not None:
        return _named(scores, found)
    promised = _promise(facts) if agrees_at_chance(scores, _CHANCE_ALONE) else None
    return None if promised is None else _unnamed(facts, scores, promised)


def _named(scores: ScoreFacts, found: OtherOrder) -> Hit:
    now, then, by_chance = rates(agreement(scores), found.hits / found.rows, agreement_by_chance(scores))
    return Hit(
        f"labels and scores stand in different orders: predictions agree with the labels of their own rows no more than"
        f" by chance ({by_chance}), but they do if {found.words}: accuracy {now} -> {then}{by_rows(scores)}",
        "write labels and scores in one order, or give both an id and join them: --id",
        scores.scored,
        level=Level.ERROR,
    )


def _unnamed(facts: TaskFacts, scores: ScoreFacts, promised: float) -> Hit:
    now, by_chance, promise = rates(agreement(scores), agreement_by_chance(scores), promised)
    loss, prior = losses(facts.loss.value, facts.loss.prior_loss or 0.0) if facts.loss is not None else ("", "")
    return Hit(
        f"the scores are confident (they promise accuracy {promise}), but agree with the labels of their rows no more"
        f" than by chance ({now}; unrelated: {by_chance}), at loss {loss} where the label shares cost {prior}: the rows"
        f" of labels and scores do not belong together, or the model learned next to nothing{_sorted(scores)}",
        "look at a few rows by hand; write labels and scores in one go without shuffling in between, or give both an id"
        " and join them: --id",
        scores.scored,
        level=Level.WARNING,
    )


def _sorted(scores: ScoreFacts) -> str:
    """Say that one side stands sorted by class, and the other does not."""
    rows = scores.traps.shifts.in_order(scores.row_facts.part_rows)
    if rows is None:
        return ""
    labels, predicted = (_changes(one) < len(np.unique(one)) for one in rows)
    if labels == predicted:
        return ""
    held, other = ("labels", "predictions") if labels else ("predictions", "labels")
    return f" (the {held} stand sorted by class, the {other} do not)"


def _changes(classes: Codes) -> int:
    return int(np.count_nonzero(classes[1:] != classes[:-1]))


def _promise(facts: TaskFacts) -> float | None:
    """Return the accuracy that the scores promise, None where they are not confident or not proven useless.

    Agreement is at chance for whoever always answers the same, too. So the scores must promise more than they hold
    beyond chance at one in a million, and the loss must be above that of the label shares by its whole interval, which
    it is if scores say nothing; the area under a binary task's curve must be one half within three standard errors.
    """
    scores, loss = facts.scores, facts.loss
    if scores is None or loss is None or loss.interval is None or loss.prior_loss is None or facts.subject.soft:
        return None
    by_chance = agreement_by_chance(scores)
    if loss.interval[0] <= loss.prior_loss or not _says_nothing(scores, by_chance):
        return None
    rows, promised, right, variance = 0.0, 0.0, 0.0, 0.0
    positive, threshold = facts.subject.positive is not None, scores.plan.objective.threshold
    for one in facts.calibration or ():
        if one.mean_score is None or one.accuracy is None:
            continue
        under = positive and one.mean_score <= threshold
        chance, share = (1.0 - one.mean_score, 1.0 - one.accuracy) if under else (one.mean_score, one.accuracy)
        rows += one.count
        promised += one.count * chance
        right += one.count * share
        variance += one.count * chance * (1.0 - chance)
    if rows == 0.0:
        return None
    error = sqrt(variance / rows / facts.weights.effective)
    excess = (promised - right) / rows
    if excess <= Z_LEVEL * error or promised / rows - by_chance < _PROMISE * (1.0 - by_chance):
        return None
    return promised / rows


def _says_nothing(scores: ScoreFacts, by_chance: float) -> bool:
    if scores.auc is not None:
        error = auc_error(scores)
        return error is not None and abs(scores.auc - 0.5) <= AT_CHANCE * error
    return by_chance < _ALL_ALIKE


MISALIGNED_RULES: tuple[Rule[TaskFacts], ...] = (
    Rule(
        "XE304", "misaligned-rows", (Level.ERROR, Level.WARNING),
        "predictions that agree with the labels of their own rows by chance only", _misaligned_rows,
        """\
Labels and scores of a row do not belong together: one of the two sides is shifted, or stands in another order.

**Why it bites.** Every number is that of a model that guesses, and every other remark follows from that. Nothing looks
wrong: the scores are confident, the labels are labels. Training looked fine, so the model is suspected, not the file: a
header that was read as data, `shift(1)` of a time series, a generator that shuffles, labels that were sorted, ids
sorted once as numbers and once as texts.

**How it is seen.** Predicted classes agree with labels no more than if the two were independent (three standard errors;
five where another order fits), and no other order of the columns explains it. An error where they agree with the labels
of the row before (after) beyond chance at one in a million; rows that are not scored are passed over. Else, of up to
262,144 rows, these orders are tried: reversed; one side sorted by a column of ids, as texts (1, 10, 100, 2) or by their
numbers; the same of row numbers, from 0 or from 1; shifts by 2 to 100 rows. One is named, as an error, if predictions
agree with it beyond chance at one in a million over all that is tried, also against shifts around the whole table, so
that sorted and sticky rows do not mislead. Of several labels, up to 200: no label is correlated with its own scores
beyond chance, but some are with those of the row beside. Otherwise it is a warning, which says what is certain: scores
that promise more than they hold at one in a million, a loss above that of the label shares by its whole interval, and,
of two classes, an area under the curve of one half. A model that learned next to nothing and is sure of it cannot be
told from rows that do not belong together. Rows that are shifted from some row on are XE311's.

**Mend it.** Write labels and scores in one go, or give both an id and join them: `--id`. Keras: `shuffle=False` in
`flow_from_directory` or `image_dataset_from_directory` before `predict`, or labels and predictions from one pass over
the dataset. PyTorch: append labels and outputs in the same loop over the `DataLoader`. scikit-learn: `predict_proba`
keeps the order of its rows; the slip is in pandas around it: filter features and labels as one frame, and split them in
one call of `train_test_split`.

```python
>>> labels = [0, 1, 2, 1, 0, 2]
>>> predicted = [2, *labels[:-1]]
>>> sum(a == b for a, b in zip(predicted, labels)), sum(a == b for a, b in zip(predicted[1:], labels))
(0, 5)

```
""",
        explains=("XE401", "XE404", "XE405", "XE406", "XE408"),
    ),
)  # fmt: skip
