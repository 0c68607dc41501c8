"""The records of a reading: what the caller fixes, the candidates, and what was decided.

Floor 3. Frozen; nothing is decided here.
"""

from enum import StrEnum

from xentcli.record import Record, field
from xentcli.task.model import ColumnRole
from xentcli.task.reading.fits import Fit, FitKind
from xentcli.task.roles import Roles, ScoreForm

NAMED_GROUP, BASE, BLOCK, INDEX, SINGLE, SHARE = 5.0, 4.95, 4.9, 4.0, 3.0, 2.9
UNNAMED, LONELY, OPEN, DECISIONS = 2.5, 2.4, 2.0, 1.0
"""How much a fact says that labels and scores belong together, the most first.

A score whose name holds the label's own, as `rain_prob` beside `rain`, or a class says more than two values do.
"""


class LabelForm(StrEnum):
    """How the labels are laid out."""

    SCALAR = "one label a cell"
    TAGS = "several labels a cell"
    BLOCK = "a 0/1 or share column per class"
    LIST = "a list a row"
    SHARE = "the share of one of two classes"


class LabelSource(Record):
    """Columns that may be the labels.

    Attributes:
        columns: one, or one per class in the order of the scores.
        form: how they are laid out.
        tier: how surely their name says so, 0 the surest; -1 where the caller does.
    """

    columns: tuple[str, ...]
    form: LabelForm
    tier: int


class ScoreSource(Record):
    """Columns that may be the scores.

    Attributes:
        columns: in file order, or in class order once they fit labels.
        form: how they are laid out.
        names: what the columns are named after; None for lists, single columns without a class, decisions.
        affix: what their names share.
        words: whether their names say that they are scores.
        numbered: whether their names are numbers, whatever the labels call the classes.
        sums: whether their rows sum to 1.
        bits: whether all cells are 0 or 1.
        derived: whether their names say that they were computed from other scores.
        copy: whether they are a 0/1 copy of the label.
        given: whether the caller names them.
    """

    columns: tuple[str, ...]
    form: ScoreForm
    names: tuple[str, ...] | None = None
    affix: str = ""
    words: bool = False
    numbered: bool = False
    sums: bool = False
    bits: bool = False
    derived: bool = False
    copy: bool = False
    given: bool = False

    @property
    def strength(self) -> tuple[bool, bool, bool, bool]:
        """What speaks for the columns being scores, to be compared; how well they score is no part of it."""
        return (not self.copy, not self.bits, not self.derived, self.words)


class Candidate(Record):
    """A reading: labels, scores, and how they fit.

    Attributes:
        labels: the labels.
        scores: the scores.
        level: how much a fact, not a name, says that the two belong together.
        fit: by what the classes match; None where there are no names to match.
        predicted: a column of predicted labels beside them.
        reasons: sentences for the report.
        meanings: the label that each predicted label stands for, where the two are written in different ways.
    """

    labels: LabelSource
    scores: ScoreSource
    level: float
    fit: Fit | None = None
    predicted: str | None = None
    reasons: tuple[str, ...] = ()
    meanings: tuple[tuple[str, str], ...] = ()

    @property
    def rank(self) -> tuple[bool, float, int, bool, bool, tuple[bool, bool, bool, bool]]:
        """What readings are compared by, the larger the surer; names that may well be of features count like any.

        Scores that are named after every label in its own spelling are surer than those that only mean the same.
        """
        named = -(3 if self.labels.tier > 1 else min(self.labels.tier, 0))
        every = self.fit is not None and len(self.fit.matched) == len(self.fit.names)
        spelled = every and self.fit is not None and self.fit.kind is FitKind.NAMES
        return (self.scores.strength[0], self.level, named, every, spelled, self.scores.strength)


class Read(Record):
    """A decided reading of a table.

    Attributes:
        roles: of the columns that are used.
        columns: the role of every column of the table, in its order.
    """

    roles: Roles
    columns: tuple[ColumnRole, ...] = field(default=())
