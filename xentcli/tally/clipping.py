"""Clipping: what the clip of probabilities did to the headline loss.

Floor 4. A mergeable part of every Tally; logits are never clipped and leave it empty.
"""

import numpy as np

from xentcli.arrays import Floats, Indices, Integers, Mask
from xentcli.record import MutableRecord, field
from xentcli.tally.exact import ExactSums
from xentcli.tally.losses import EPS


def outside(probability: Floats) -> Indices:
    """Return which probabilities, shape (n,), the clip moves."""
    if len(probability) == 0 or (probability.min() >= EPS and probability.max() <= 1.0 - EPS):
        return np.zeros(0, dtype=np.intp)
    return np.flatnonzero((probability < EPS) | (probability > 1.0 - EPS))


class Clipping(MutableRecord):
    """What the clip did to rows outside [eps, 1 - eps], by true class (multi-label: elements, by label).

    Attributes:
        size: number of classes.
        clipped: rows where it raised the true class's probability.
        infinite: shape (size,), of those, rows with a weight whose probability is 0.
        raised_by: sums of w (-log p - clipped loss) over the rows with p above 0; w is 1 without weights.
    """

    size: int
    clipped: int = 0
    infinite: Integers = field(init=False)
    raised_by: ExactSums = field(init=False)

    def __post_init__(self) -> None:
        """Size the sums by the number of classes."""
        self.infinite = np.zeros(self.size, dtype=np.int64)
        self.raised_by = ExactSums(self.size)

    def add(self, probability: Floats, loss: Floats, classes: Indices, weights: Floats | None) -> None:
        """Add rows outside the clip by probability, headline loss, class and weight, each of shape (n,)."""
        with np.errstate(divide="ignore"):
            without = np.negative(np.log(np.maximum(probability, 0.0)))
        self.add_costs(probability < EPS, without, loss, classes, weights)

    def add_costs(self, raised: Mask, without: Floats, loss: Floats, classes: Indices, weights: Floats | None) -> None:
        """Add rows by what they cost without the clip and with it.

        Args:
            raised: shape (n,), whether the clip raised a probability that counts.
            without: shape (n,), the loss without the clip, maybe infinite.
            loss: shape (n,), the headline loss.
            classes: shape (n,), the true class.
            weights: shape (n,); None without weights.
        """
        self.clipped += int(np.count_nonzero(raised))
        impossible = np.isinf(without)
        counted = impossible if weights is None else impossible & (weights > 0.0)
        self.infinite += np.bincount(classes[counted], minlength=self.size)
        rest = ~impossible
        found = without[rest] - loss[rest]
        self.raised_by.add(found if weights is None else found * weights[rest], classes[rest])

    def merge(self, other: "Clipping") -> None:
        """Add another one's rows to these."""
        self.clipped += other.clipped
        self.infinite += other.infinite
        self.raised_by.merge(other.raised_by)
