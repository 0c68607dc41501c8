"""Differences by class and by slice, as views of paired sums.

Floor 5. The p-values of a table are corrected for its length (Holm), so that any line of it may be pointed at.
"""

from collections.abc import Iterable, Mapping, Sequence

from xentcli.metrics import BY_CLASS
from xentcli.record import replace
from xentcli.scoring.comparing.means import accuracy_difference, mean_difference, right_table
from xentcli.scoring.comparing.model import Difference, GroupDifference
from xentcli.scoring.slices import in_order, shown
from xentcli.tally.pairing.sums import PairedSums
from xentcli.tally.pairing.tally import PairedTally


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
