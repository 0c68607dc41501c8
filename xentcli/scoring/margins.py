"""Margins: rows and weights per true class, per predicted class and on the diagonal, as views of a Tally.

Floor 5.
"""

from fractions import Fraction

from xentcli.record import Record
from xentcli.tally.decisions import DecisionTally
from xentcli.tally.tally import Tally


class Margins(Record):
    """Rows per true class, per predicted class and on the diagonal, and the same as weights.

    Weights are whole numbers of the unit: rates of them are exact until the one division.
    """

    support: list[int]
    predicted: list[int]
    right: list[int]
    weight: list[int]
    weight_predicted: list[int]
    weight_right: list[int]
    unit: Fraction = Fraction(1)


def margins_of(tally: Tally | DecisionTally) -> Margins:
    """Return the margins of the confusion counts, and of their weights."""
    support, predicted, right = (counts.tolist() for counts in tally.cells.margins())
    held = tally.weighted
    if held is None:
        return Margins(support, predicted, right, support, predicted, right)
    sums = (held.weight, held.predicted, held.right)
    unit = min(one.unit() for one in sums)
    weight, weight_predicted, weight_right = (one.wholes(unit) for one in sums)
    return Margins(support, predicted, right, weight, weight_predicted, weight_right, unit)
