"""Agreement: how a column of predicted labels compares with what the scores beside it decide.

Floor 4. A mergeable part of the Tally.
"""

from dataclasses import dataclass, field

import numpy as np

from xentcli.arrays import Indices
from xentcli.tally.blocks import Block
from xentcli.tally.exact import ExactSums
from xentcli.tally.facts import FirstRows
from xentcli.tally.scored import ScoredRows


@dataclass
class Agreement:
    """Counts of scored rows by how their predicted label compares with the decision.

    Attributes:
        has_weights: whether `weight` and `weight_right` are counted.
        agrees: rows whose predicted label is what the scores decide.
        disagrees: rows where it is another one, or no class at all, and the first of them.
        unknown: of those that disagree, rows whose predicted label is no class.
        missing: rows without a predicted label.
        right: rows whose predicted label is the true one.
        weight: sum of the weights of the rows that have a predicted label.
        weight_right: of those, of the rows where it is the true one.
    """

    has_weights: bool = False
    agrees: int = 0
    disagrees: FirstRows = field(default_factory=FirstRows)
    unknown: FirstRows = field(default_factory=FirstRows)
    missing: int = 0
    right: int = 0
    weight: ExactSums = field(default_factory=ExactSums)
    weight_right: ExactSums = field(default_factory=ExactSums)

    def add(self, block: Block, named: Indices, rows: ScoredRows) -> None:
        """Add the scored rows of a block.

        Args:
            block: the rows.
            named: shape (n,), the class of the predicted label, -1 where there is none, -2 where it is no class.
            rows: what the scores say of them.
        """
        present = named != -1
        right = present & (named == rows.labels)
        weights = rows.weights
        self.missing += int(np.count_nonzero(~present))
        self.agrees += int(np.count_nonzero(present & (named == rows.predicted)))
        self.disagrees.add(present & (named != rows.predicted), *block.at, block.rows)
        self.unknown.add(named == -2, *block.at, block.rows)
        self.right += int(np.count_nonzero(right))
        if weights is not None and present.any():
            self.weight.add(weights[present])
            if right.any():
                self.weight_right.add(weights[right])

    def merge(self, other: "Agreement") -> None:
        """Add another one's rows to these."""
        self.agrees += other.agrees
        self.disagrees.merge(other.disagrees)
        self.unknown.merge(other.unknown)
        self.missing += other.missing
        self.right += other.right
        self.weight.merge(other.weight)
        self.weight_right.merge(other.weight_right)
