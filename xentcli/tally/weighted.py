"""WeightedSums: the exact sums that row weights add to a Tally.

Floor 4. Weights enter means, never counts of rows.
"""

from xentcli.arrays import Floats, Indices
from xentcli.record import MutableRecord, field
from xentcli.tally.counts import DENSE_LIMIT, grouped
from xentcli.tally.exact import ExactSums

_PER_CLASS = (
    "weight", "loss", "predicted", "right", "square", "square_loss", "square_loss_square", "square_right",
)  # fmt: skip


class WeightedSums(MutableRecord):
    """The exact sums that row weights add; `cells` only up to the dense limit of classes.

    With weights w, losses l and hits h: sums of w, w l, w h, w^2, w^2 l, w^2 l^2 and w^2 h per class.
    """

    classes: int
    weight: ExactSums = field(init=False)
    loss: ExactSums = field(init=False)
    predicted: ExactSums = field(init=False)
    right: ExactSums = field(init=False)
    cells: ExactSums | None = field(init=False)
    square: ExactSums = field(init=False)
    square_loss: ExactSums = field(init=False)
    square_loss_square: ExactSums = field(init=False)
    square_right: ExactSums = field(init=False)

    def __post_init__(self) -> None:
        """Size the sums by the number of classes."""
        for name in _PER_CLASS:
            setattr(self, name, ExactSums(self.classes))
        self.cells = ExactSums(self.classes**2) if self.classes <= DENSE_LIMIT else None

    def add(self, weights: Floats, loss: Floats, true: Indices, predicted: Indices) -> None:
        """Add rows; all arrays have shape (n,)."""
        hit = weights * (true == predicted)
        by_class = grouped(true, self.classes)
        self.weight.add(weights, by_class)
        self.loss.add(weights * loss, by_class)
        self.predicted.add(weights, predicted)
        self.right.add(hit, by_class)
        if self.cells is not None:
            self.cells.add(weights, true * self.classes + predicted)
        square = weights * weights
        self.square.add(square, by_class)
        self.square_loss.add(square * loss, by_class)
        self.square_loss_square.add(square * (loss * loss), by_class)
        self.square_right.add(weights * hit, by_class)

    def merge(self, other: "WeightedSums") -> None:
        """Add another one's sums to these."""
        for name in _PER_CLASS:
            getattr(self, name).merge(getattr(other, name))
        if self.cells is not None and other.cells is not None:
            self.cells.merge(other.cells)
