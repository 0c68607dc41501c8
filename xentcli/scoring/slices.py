"""Slices and the rows with the largest losses, as views of a Tally.

Floor 5. Groups come in the order of their values: numbers by size, then texts, then the empty cell.
"""

from collections.abc import Iterable
from math import inf

from xentcli.scoring import losses
from xentcli.scoring.intervals import normal, wilson
from xentcli.scoring.model import Estimate, Slice, WorstRow
from xentcli.tally.row_facts import RowFacts
from xentcli.tally.slices import Slices, Values
from xentcli.tally.worst import Worst
from xentcli.terms import Kind

_SHOWN_AS = "+"
"""Stands between the columns, and between the values, of a slicing by several."""


def slices(tallied: tuple[Slices, ...], confidence_level: float) -> tuple[Slice, ...]:
    """Return the groups that hold scored rows, slicing by slicing."""
    return tuple(
        _slice(one, values, group, confidence_level)
        for one in tallied
        for values in in_order(one.groups)
        if one.rows[group := one.groups[values]]
    )


def in_order(groups: Iterable[Values]) -> list[Values]:
    """Return the groups of a slicing: numbers by size, then texts, then the empty cell."""
    return sorted(groups, key=lambda values: tuple(map(_order, values)))


def shown(values: Values) -> str | None:
    """Return the value of a group in one text; None for an empty cell."""
    return None if values == (None,) else _SHOWN_AS.join("" if one is None else one for one in values)


def _order(value: str | None) -> tuple[int, float, str]:
    if value is None:
        return (2, 0.0, "")
    try:
        number = float(value)
    except ValueError:
        number = inf
    return (0, number, value) if abs(number) < inf else (1, 0.0, value)


def _slice(tallied: Slices, values: Values, group: int, confidence_level: float) -> Slice:
    rows, hits = int(tallied.rows[group]), int(tallied.hits[group])
    sums = {name: one.fraction(group) for name, one in tallied.sums.items()}
    by = _SHOWN_AS.join(tallied.columns)
    value = shown(values)
    if not tallied.weighted:
        moments = losses.unweighted(rows, sums["loss"], sums["loss_square"])
        accuracy = Estimate(hits / rows, wilson(hits, rows, confidence_level))
        return Slice(by, value, rows, _estimate(moments, confidence_level), accuracy)
    weight = sums["weight"]
    if not weight:
        return Slice(by, value, rows, Estimate(None, None), Estimate(None, None))
    of_loss = losses.weighted(
        weight, sums["weight_loss"], (sums["square"], sums["square_loss"], sums["square_loss_square"]), rows
    )
    squares = (sums["square"], sums["square_hit"], sums["square_hit"])
    of_hits = losses.weighted(weight, sums["weight_hit"], squares, rows)
    return Slice(by, value, rows, _estimate(of_loss, confidence_level), _estimate(of_hits, confidence_level))


def _estimate(moments: losses.Moments, confidence_level: float) -> Estimate:
    value = float(moments.mean)
    return Estimate(value, normal(value, moments.standard_error, confidence_level))


def worst_rows(worst: Worst, facts: RowFacts, classes: tuple[str, ...], kind: Kind) -> tuple[WorstRow, ...]:
    """Return the rows with the largest losses, by 1-based row number, worst first."""
    several = kind in {Kind.MULTILABEL, Kind.MULTIOUTPUT}

    def named(at: tuple[int, ...]) -> str | tuple[str, ...]:
        return tuple(classes[one] for one in at) if several else classes[at[0]]

    numbers = facts.numbered([(one.part, one.row) for one in worst.rows])
    return tuple(
        WorstRow(row, named(one.labels), named(one.predicted), one.score, -one.minus_loss)
        for row, one in zip(numbers, worst.rows, strict=True)
    )
