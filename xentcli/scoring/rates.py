"""Rates: precision, recall and what is built from them, as pure functions of three vectors of counts.

Floor 5. `support` (rows or weight per true class), `predicted` (per predicted class) and `right` (on the
diagonal) are enough for every rate here. Undefined is None; averages follow scikit-learn with
`zero_division=0` over the classes that are present or predicted. Counts and weights are exact, whole
numbers or fractions: differences of them that are 0 must come out as 0, else what is undefined would get a value.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import copysign, sqrt

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
