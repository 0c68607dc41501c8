"""Clipping: what the clip of probabilities did to the headline loss.

Floor 4. A mergeable part of every Tally; logits are never clipped and leave it empty.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from xentcli.tally.exact import ExactSums
from xentcli.tally.losses import EPS

Floats = npt.NDArray[np.float64]


@dataclass
class Clipping:
    """What the clip did: rows outside [eps, 1 - eps], with and without it.

    Attributes:
        clipped: rows where it raised the true class's probability.
        infinite: of those, rows with a weight above 0 where that probability is 0.
        with_clip: sum of the headline losses of all rows outside, times their weights.
        without_clip: sum of their finite losses without the clip, likewise.
    """

    clipped: int = 0
    infinite: int = 0
    with_clip: ExactSums = field(default_factory=ExactSums)
    without_clip: ExactSums = field(default_factory=ExactSums)

    def add(self, probability: Floats, loss: Floats, weights: Floats | None = None) -> None:
        """Add rows by the true class's probability, the headline loss and the weight, each of shape (n,)."""
        outside = np.flatnonzero((probability < EPS) | (probability > 1.0 - EPS))
        if len(outside) == 0:
            return
        found = probability[outside]
        self.clipped += int(np.count_nonzero(found < EPS))
        weight = np.ones(len(outside)) if weights is None else weights[outside]
        self.infinite += int(np.count_nonzero((found <= 0.0) & (weight > 0.0)))
        positive = found > 0.0
        self.with_clip.add(weight[positive] * loss[outside][positive])
        self.without_clip.add(weight[positive] * np.negative(np.log(found[positive])))

    def merge(self, other: "Clipping") -> None:
        """Add another one's rows to these."""
        self.clipped += other.clipped
        self.infinite += other.infinite
        self.with_clip.merge(other.with_clip)
        self.without_clip.merge(other.without_clip)
