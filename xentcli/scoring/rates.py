"""Rates: precision, recall and what is built from them, and the margins of a confusion matrix.

Floor 5. `support` (rows or weight per true class), `predicted` (per predicted class) and `right` (on the diagonal)
are enough for every rate here. Undefined is None; averages follow scikit-learn with `zero_division=0` over the
classes that are present or predicted. Counts and weights are exact, whole numbers or fractions: differences of them
that are 0 must come out as 0, else what is undefined would get a value.

Margins: rows and weights per true class, per predicted class and on the diagonal, as views of a Tally.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import copysign, sqrt

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


Count = float | Fraction
Counts = Sequence[Count]


def ratio(part: Count, whole: Count) -> float | None:
    """Return part / whole, None where there is no whole."""
    return float(part / whole) if whole else None


def f1(support: Count, predicted: Count, right: Count) -> float | None:
    """Return 2 right / (support + predicted), the harmonic mean of precision and recall."""
    return ratio(2 * right, support + predicted)


def macro_f1(support: Counts, predicted: Counts, right: Counts) -> float | None:
    """Return the mean F1 over the classes that are present or predicted."""
    return _mean(_f1s(support, predicted, right))


def weighted_f1(support: Counts, predicted: Counts, right: Counts) -> float | None:
    """Return the mean F1 weighted by support."""
    total = sum(support)
    rows = zip(support, predicted, right, strict=True)
    return ratio(sum(s * (f1(s, p, r) or 0.0) for s, p, r in rows), total)


def balanced_accuracy(support: Counts, right: Counts) -> float | None:
    """Return the mean recall over the classes that are present (scikit-learn's balanced accuracy)."""
    return _mean([float(r / s) for s, r in zip(support, right, strict=True) if s])


def matthews(support: Counts, predicted: Counts, right: Counts) -> float | None:
    """Return the Matthews correlation coefficient for any number of classes; None where it is 0/0.

    J. Gorodkin, Comput. Biol. Chem. 28 (2004) 367-374.
    """
    total = sum(support)
    cross = sum(s * p for s, p in zip(support, predicted, strict=True))
    of_labels = total * total - sum(s * s for s in support)
    of_guesses = total * total - sum(p * p for p in predicted)
    covariance = sum(right) * total - cross
    square = ratio(covariance * covariance, of_labels * of_guesses)
    return None if square is None else copysign(sqrt(square), covariance)


def cohen_kappa(support: Counts, predicted: Counts, right: Counts) -> float | None:
    """Return Cohen's kappa, agreement beyond chance; None where chance alone agrees always."""
    total = sum(support)
    chance = sum(s * p for s, p in zip(support, predicted, strict=True))
    return ratio(sum(right) * total - chance, total * total - chance)


def _f1s(support: Counts, predicted: Counts, right: Counts) -> list[float]:
    found = (f1(s, p, r) for s, p, r in zip(support, predicted, right, strict=True))
    return [value for value in found if value is not None]


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None
