"""Agreement: how a column of predicted labels compares with what the scores beside it decide.

Floor 4. A mergeable part of the Tally.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from xentcli.tally.exact import ExactSums
from xentcli.tally.facts import FirstRows

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]


@dataclass
class Agreement:
    """Counts of scored rows by how their predicted label compares with the decision.

    Attributes:
        has_weights: whether `weight` and `weight_right` are counted.
        agrees: rows whose predicted label is what the scores decide.
        disagrees: rows where it is another one, or no class at all, and the first of them.
        missing: rows without a predicted label.
        right: rows whose predicted label is the true one.
        weight: sum of the weights of the rows that have a predicted label.
        weight_right: of those, of the rows where it is the true one.
    """

    has_weights: bool = False
    agrees: int = 0
    disagrees: FirstRows = field(default_factory=FirstRows)
    missing: int = 0
    right: int = 0
    weight: ExactSums = field(default_factory=ExactSums)
    weight_right: ExactSums = field(default_factory=ExactSums)

    def add(
        self, named: Indices, decided: Indices, true: Indices, kept: Mask, weights: Floats | None, at: tuple[int, int]
    ) -> None:
        """Add the rows of a block.

        Args:
            named: shape (n,), the class of the predicted label, -1 where there is none, -2 where it is no class.
            decided: shape (n,), what the scores decide.
            true: shape (n,), the true class.
            kept: shape (n,), the rows that are scored.
            weights: shape (n,), None without weights.
            at: part ordinal, and the first row's number in its part.
        """
        present = kept & (named != -1)
        right = present & (named == true)
        self.missing += int(np.count_nonzero(kept & (named == -1)))
        self.agrees += int(np.count_nonzero(present & (named == decided)))
        self.disagrees.add(present & (named != decided), *at)
        self.right += int(np.count_nonzero(right))
        if weights is not None and present.any():
            self.weight.add(weights[present])
            if right.any():
                self.weight_right.add(weights[right])

    def merge(self, other: "Agreement") -> None:
        """Add another one's rows to these."""
        self.agrees += other.agrees
        self.disagrees.merge(other.disagrees)
        self.missing += other.missing
        self.right += other.right
        self.weight.merge(other.weight)
        self.weight_right.merge(other.weight_right)
