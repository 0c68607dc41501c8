"""Differences by class and by slice, as views of paired sums.

Floor 5. The p-values of a table are corrected for its length (Holm), so that any line of it may be pointed at.
"""

from collections.abc import Iterable, Mapping, Sequence

from xentcli.metrics import BY_CLASS
from xentcli.record import replace
from xentcli.scoring.comparing.holm import adjusted
from xentcli.scoring.comparing.means import accuracy_difference, mean_difference, right_table
from xentcli.scoring.comparing.model import Difference, GroupDifference
from xentcli.scoring.slices import in_order, shown
from xentcli.tally.pairing.sums import PairedSums
from xentcli.tally.pairing.tally import PairedTally


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
