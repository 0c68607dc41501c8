"""Differences of means and accuracies, for all rows, by class and by slice, as views of paired sums.

Floor 5. Differences of means and of accuracies between two models, as views of paired sums. All rows, a class or a
slice: a view of the same sums.

Differences by class and by slice, as views of paired sums. The p-values of a table are corrected for its length
(Holm), so that any line of it may be pointed at.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from xentcli.metrics import BY_CLASS
from xentcli.record import Record, replace
from xentcli.scoring.comparing import proportions
from xentcli.scoring.comparing.decide import accuracy_interval
from xentcli.scoring.comparing.model import Difference, GroupDifference, RightTable
from xentcli.scoring.comparing.statistics import MeanDifference, paired, paired_weighted
from xentcli.scoring.slices import in_order, shown
from xentcli.tally.exact import ExactSums
from xentcli.tally.pairing.sums import PairedSums
from xentcli.tally.pairing.tally import PairedTally

PAIRED = "normal interval of the mean difference row by row"
_WEIGHTED = "normal interval of the weighted mean difference row by row"
MCNEMAR = "Tango's score interval of paired proportions, exact McNemar test"
_NO_ROWS = "no rows to compare"
_NO_WEIGHT = "the weights of these rows sum to 0"
_ONE_ROW = "one row says nothing of the spread"
_NO_SPREAD = "the difference is the same in every row, so there is no spread to hold it against"
_WEIGHTS = "McNemar's test counts rows, and these have weights"

ClassWeights = Sequence[Fraction] | None
"""What each class counts, in class order; None where all count 1."""


class _Totals(Record):
    """Exact totals over some rows; with weights w, of w, w a, w b and w^2, w^2 d, w^2 d^2."""

    rows: int
    weight: Fraction
    a: Fraction
    b: Fraction
    squares: tuple[Fraction, Fraction, Fraction]
    plain: bool

    def estimate(self) -> MeanDifference | None:
        """Return the mean difference."""
        if self.plain:
            return paired(self.rows, self.b - self.a, self.squares[2])
        return paired_weighted(self.rows, self.weight, self.b - self.a, self.squares)


def _total(values: ExactSums, group: int | None, weights: ClassWeights, power: int = 1) -> Fraction:
    if group is not None:
        return values.fraction(group)
    if weights is None:
        return values.total()
    held = values.fractions()
    return sum((weight**power * one for one, weight in zip(held, weights, strict=True)), Fraction(0))


def _rows(sums: PairedSums, weights: Sequence[Fraction], power: int) -> Fraction:
    counts = sums.rows.tolist()
    return sum((weight**power * rows for rows, weight in zip(counts, weights, strict=True)), Fraction(0))


def _totals(sums: PairedSums, metric: str, group: int | None, weights: ClassWeights) -> _Totals:
    rows = int(sums.rows.sum() if group is None else sums.rows[group])
    held = sums.sums[metric]
    a, b = _total(held["a"], group, weights), _total(held["b"], group, weights)
    square = _total(held["square"], group, weights, 2)
    if sums.weight is not None and sums.square_weight is not None:
        squares = (
            _total(sums.square_weight, group, weights, 2),
            _total(held["square_difference"], group, weights, 2),
            square,
        )
        return _Totals(rows, _total(sums.weight, group, weights), a, b, squares, plain=False)
    if weights is None or group is not None:
        return _Totals(rows, Fraction(rows), a, b, (Fraction(rows), b - a, square), plain=True)
    difference = _total(held["b"], None, weights, 2) - _total(held["a"], None, weights, 2)
    squares = (_rows(sums, weights, 2), difference, square)
    return _Totals(rows, _rows(sums, weights, 1), a, b, squares, plain=False)


def mean_difference(
    sums: PairedSums, metric: str, confidence_level: float, group: int | None = None, weights: ClassWeights = None
) -> Difference:
    """Return how the mean of a metric differs.

    Args:
        sums: of paired rows.
        metric: `loss` or `brier`; `accuracy` where rows have weights.
        confidence_level: of the interval.
        group: whose rows; None for all.
        weights: of the classes, where the sums are by class and all groups are asked for.
    """
    totals = _totals(sums, metric, group, weights)
    method = PAIRED if totals.plain else _WEIGHTED
    estimate = totals.estimate()
    if estimate is None:
        return Difference(None, None, None, None, None, method, _NO_WEIGHT if totals.rows else _NO_ROWS)
    if alike(sums, group) == totals.rows and totals.a == totals.b:
        value = float(totals.a / totals.weight)
        return Difference(value, value, 0.0, (0.0, 0.0), 1.0, method)
    p_value = estimate.p_value()
    because = _ONE_ROW if estimate.standard_error is None else _NO_SPREAD if p_value is None else None
    return Difference(
        a=float(totals.a / totals.weight),
        b=float(totals.b / totals.weight),
        value=estimate.value,
        interval=estimate.interval(confidence_level),
        p_value=p_value,
        method=method,
        because=because,
    )


def standard_error(
    sums: PairedSums, metric: str, group: int | None = None, weights: ClassWeights = None
) -> float | None:
    """Return the standard error of a mean difference; None for fewer than two rows."""
    estimate = _totals(sums, metric, group, weights).estimate()
    return None if estimate is None else estimate.standard_error


def alike(sums: PairedSums, group: int | None = None) -> int:
    """Return how many rows have the same decision and the same loss under both models."""
    return int(sums.alike.sum() if group is None else sums.alike[group])


def right_table(sums: PairedSums, group: int | None = None) -> RightTable:
    """Return the rows by which model is right."""
    counts = sums.right.sum(axis=1) if group is None else sums.right[:, group]
    return RightTable(*counts.tolist())


def accuracy_difference(sums: PairedSums, confidence_level: float, group: int | None = None) -> Difference:
    """Return how the accuracy differs: of all rows, or of those of a group."""
    if sums.weighted:
        found = mean_difference(sums, "accuracy", confidence_level, group)
        return Difference(found.a, found.b, found.value, found.interval, None, found.method, found.because or _WEIGHTS)
    table = right_table(sums, group)
    rows = table.both_right + table.only_a_right + table.only_b_right + table.both_wrong
    if rows == 0:
        return Difference(None, None, None, None, None, MCNEMAR, _NO_ROWS)
    only_a, only_b = table.only_a_right, table.only_b_right
    return Difference(
        a=(table.both_right + only_a) / rows,
        b=(table.both_right + only_b) / rows,
        value=(only_b - only_a) / rows,
        interval=accuracy_interval(rows, only_a, only_b, confidence_level, identical=alike(sums, group) == rows),
        p_value=proportions.p_value(only_a, only_b),
        method=MCNEMAR,
    )


def adjusted(p_values: Sequence[float | None]) -> list[float | None]:
    """Return the adjusted p-values, in the order given; None stays None and does not count as a comparison.

    S. Holm, Scandinavian Journal of Statistics 6 (1979) 65-70: the least of m p-values times m, the next times m - 1,
    and so on, none below the one before nor above 1. To call those below 0.05 real is wrong for any of the m
    with probability 0.05 at most, however they depend on each other.
    """
    held = sorted((p, at) for at, p in enumerate(p_values) if p is not None)
    found: list[float | None] = [None] * len(p_values)
    most = 0.0
    for passed, (p, at) in enumerate(held):
        most = max(most, min(1.0, (len(held) - passed) * p))
        found[at] = most
    return found


def per_class(
    tally: PairedTally, confidence_level: float, rates: Mapping[int, Mapping[str, Difference]]
) -> tuple[GroupDifference, ...]:
    """Return the classes that occur among the compared rows; none where a row has several labels.

    Args:
        tally: of at least one compared row.
        confidence_level: of the intervals.
        rates: the differences of precision and F1 by class index, where they are known.
    """
    named = [(name, at) for at, name in enumerate(tally.plan.classes)]
    found = _groups(tally.sums, BY_CLASS, named, confidence_level)
    held = [rates.get(at, {}) for _, at in named if tally.sums.rows[at]]
    precisions, f1s = (_corrected([one.get(name) for one in held]) for name in ("precision", "f1"))
    return tuple(
        replace(one, precision=precision, f1=f1) for one, precision, f1 in zip(found, precisions, f1s, strict=True)
    )


def slices(tally: PairedTally, confidence_level: float) -> tuple[GroupDifference, ...]:
    """Return the groups that hold compared rows, slicing by slicing."""
    found: list[GroupDifference] = []
    for by, groups, sums in zip(tally.plan.slicings, tally.plan.groups, tally.slices, strict=True):
        named = ((shown(values), groups[values]) for values in in_order(groups))
        found += _groups(sums, by, named, confidence_level)
    return tuple(found)


def _groups(
    sums: PairedSums, by: str, groups: Iterable[tuple[str | None, int]], confidence_level: float
) -> tuple[GroupDifference, ...]:
    found = [
        GroupDifference(
            by=by,
            value=value,
            rows=int(sums.rows[at]),
            loss=mean_difference(sums, "loss", confidence_level, at) if "loss" in sums.metrics else None,
            accuracy=accuracy_difference(sums, confidence_level, at),
            table=right_table(sums, at),
        )
        for value, at in groups
        if sums.rows[at]
    ]
    losses = _corrected([one.loss for one in found])
    accuracies = _corrected([one.accuracy for one in found])
    return tuple(
        replace(one, loss=loss, accuracy=accuracy or one.accuracy)
        for one, loss, accuracy in zip(found, losses, accuracies, strict=True)
    )


def _corrected(differences: Sequence[Difference | None]) -> list[Difference | None]:
    values = adjusted([None if one is None else one.p_value for one in differences])
    return [one and replace(one, adjusted=value) for one, value in zip(differences, values, strict=True)]
