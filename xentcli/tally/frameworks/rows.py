"""SingleRows: the scored rows of a block with one label each, as frameworks' rules need them.

Floor 4. Holds what the Tally has computed already; `of` picks the rows that are looked at again.
"""

from dataclasses import dataclass, replace

from xentcli.arrays import AnyFloats, Floats, Indices, Mask, Unsigned
from xentcli.tally.frameworks.rules import Rule
from xentcli.tally.frameworks.sums import FrameworkSums


@dataclass(frozen=True, slots=True)
class SingleRows:
    """The scored rows of a block.

    Attributes:
        scores: shape (classes, n) if `class_major`, else (n, classes).
        class_major: how they are laid out.
        true: shape (n,), true classes.
        predicted: shape (n,), the headline's decisions.
        loss: shape (n,), plain cross-entropy as the headline has it, without smoothing or focusing.
        chance: shape (n,), the true classes' scores as they stand in the file, where these are probabilities.
        total: shape (n,), sums of the rows.
        low: shape (n,), smallest scores.
        top: shape (n,), largest scores.
        arg: shape (n,), their classes.
        tied: shape (n,), whether another class shares it; None where none does.
        weights: shape (n,) or None.
        narrow: whether the file's scores are float32.
    """

    scores: AnyFloats
    class_major: bool
    true: Indices
    predicted: Indices
    loss: Floats
    chance: Floats
    total: AnyFloats
    low: AnyFloats
    top: AnyFloats
    arg: Unsigned
    tied: Mask | None
    weights: Floats | None
    narrow: bool

    def of(self, rows: Indices) -> "SingleRows":
        """Return some of the rows."""
        return replace(
            self,
            scores=self.scores.take(rows, axis=1 if self.class_major else 0),
            true=self.true[rows],
            predicted=self.predicted[rows],
            loss=self.loss[rows],
            chance=self.chance[rows],
            total=self.total[rows],
            low=self.low[rows],
            top=self.top[rows],
            arg=self.arg[rows],
            tied=None if self.tied is None else self.tied[rows],
            weights=None if self.weights is None else self.weights[rows],
        )

    def add_at(self, sums: FrameworkSums, rule: Rule, values: Floats, chosen: Indices) -> None:
        """Add differences of some rows, by their numbers."""
        sums.add(rule, values, self.true[chosen], None if self.weights is None else self.weights[chosen])

    def add(self, sums: FrameworkSums, rule: Rule, values: Floats) -> None:
        """Add differences, one a row."""
        sums.add(rule, values, self.true, self.weights)
