"""Class weights, and what else the views of a Tally are told beside the Tally itself.

Floor 5. Class weights say how much each class counts in the mean loss. They enter the loss alone, as they do in
training; accuracy and rates count rows.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from xentcli.errors import UsageError, did_you_mean
from xentcli.record import Record

BALANCED = "balanced"

NOT_IN_SLICES = "Class weights enter the loss of all rows, not the losses of slices."
"""Slices keep no sums by class, which weighing them would take."""

ClassWeights = Mapping[str, float] | str
"""Weights by class name, or `balanced`."""


def resolved(wanted: ClassWeights, classes: Sequence[str], support: Sequence[int]) -> list[Fraction]:
    """Return the weight of each class, in class order.

    Balanced weights are n / (K n_k) over the K classes that occur, as scikit-learn has them; a class that does not
    occur, or is not named, has weight 1.

    Args:
        wanted: weights by class name, or `balanced`.
        classes: names in class order.
        support: rows of each class.

    Raises:
        UsageError: a name is no class, or all weights are 0.
    """
    if isinstance(wanted, str):
        present = sum(1 for rows in support if rows)
        return [Fraction(sum(support), present * rows) if rows else Fraction(1) for rows in support]
    for name in wanted:
        if name not in classes:
            close = did_you_mean(name, tuple(classes))
            raise UsageError(
                f"names {name!r}, which is no class",
                option="class-weights",
                help=f"did you mean {close!r}?" if close else f"classes: {', '.join(classes[:12])}",
            )
    weights = [Fraction(wanted.get(name, 1.0)) for name in classes]
    if not any(weight * rows for weight, rows in zip(weights, support, strict=True)):
        raise UsageError("gives every class that occurs the weight 0", option="class-weights")
    return weights


class Options(Record):
    """How a Tally is looked at.

    Attributes:
        confidence_level: of every interval, in (0, 1).
        class_weights: what each class counts in the mean loss; None for plain means.
        intervals: the metrics whose intervals are wanted beside those that every Score has.
    """

    confidence_level: float
    class_weights: ClassWeights | None = None
    intervals: frozenset[str] = frozenset()
