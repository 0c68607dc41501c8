"""Plan: everything that is decided before the first row is scored.

Floor 4. Frozen; the engine and the Tally follow it and decide nothing. See `task.roles` for how the roles
of columns are found and `api` for how the scale is checked against what every row says.
"""

from xentcli.files.table import ReadAs
from xentcli.options.table import USUAL_OBJECTIVE, Objective
from xentcli.record import Record
from xentcli.task.coding import Coder, ScalarCoder
from xentcli.task.roles import ScoreForm
from xentcli.task.soft_targets import SoftCoder
from xentcli.terms import Kind, Scale

_ONE_SCORE = {ScoreForm.SINGLE, ScoreForm.SINGLE_LIST, ScoreForm.CONFIDENCE}


class Plan(Record):
    """How rows become numbers.

    Attributes:
        kind: binary, multi-class or multi-label.
        coder: turns label columns into class indices or a 0/1 matrix.
        classes: class (label) names in index order.
        scores: the score columns in class order, or the one list or single column.
        form: how the scores are laid out.
        positive: index of the positive class (binary only).
        scale: what the scores are.
        scale_given: whether the caller says so.
        scored: index of the class that one score column is named after; None where its name tells none.
        objective: what a row costs, and when a decision is right.
        by_total: the scores are parts of another total than 1 (votes, per cents), and probabilities once each row is
            divided by its own.
        weight: column of row weights.
        slicings: groups of columns; the rows are sliced by the values of each group.
        worst: how many of the rows with the largest losses are remembered.
        predicted: codes a column of predicted labels that stands beside the scores; None if there is none. Where the
            form is CONFIDENCE, the one score is that of this label.
    """

    kind: Kind
    coder: Coder
    classes: tuple[str, ...]
    scores: tuple[str, ...]
    form: ScoreForm
    positive: int | None
    scale: Scale
    objective: Objective = USUAL_OBJECTIVE
    by_total: bool = False
    weight: str | None = None
    slicings: tuple[tuple[str, ...], ...] = ()
    worst: int = 0
    predicted: ScalarCoder | None = None
    scale_given: bool = False
    scored: int | None = None

    @property
    def own(self) -> int:
        """Index of the class whose score a row holds: the positive one, unless the column is named after the other."""
        return (self.positive or 0) if self.scored is None else self.scored

    @property
    def single(self) -> bool:
        """Whether a row has one score, which answers for two classes."""
        return self.form in _ONE_SCORE and self.kind is Kind.BINARY

    @property
    def soft(self) -> bool:
        """Whether labels are target probabilities."""
        return isinstance(self.coder, SoftCoder)

    @property
    def columns(self) -> dict[str, ReadAs]:
        """All columns that a pass reads, and how."""
        wanted = dict(self.coder.columns)
        wanted.update(dict.fromkeys(self.scores, ReadAs.NUMBER))
        if self.weight is not None:
            wanted[self.weight] = ReadAs.NUMBER
        if self.predicted is not None:
            wanted.update(self.predicted.columns)
        return with_slicings(wanted, self.slicings)


def with_slicings(wanted: dict[str, ReadAs], slicings: tuple[tuple[str, ...], ...]) -> dict[str, ReadAs]:
    """Return the columns that a pass reads with those of its slicings."""
    return {name: ReadAs.NATIVE for columns in slicings for name in columns} | wanted
