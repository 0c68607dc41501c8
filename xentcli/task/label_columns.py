"""Label columns: the columns of a table that may be labels, with what their first rows hold.

Floor 3. Shapes are judged on the first rows alone: what is chosen is read whole afterwards.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

from xentcli.files.arrays import is_list
from xentcli.files.table import Table
from xentcli.record import Record
from xentcli.task import names, survey
from xentcli.task.asides import is_aside
from xentcli.task.columns import detect_column
from xentcli.task.model import Certainty, Detection, NotATarget
from xentcli.task.values import integer_of
from xentcli.task.yes_no import BOOLEANS
from xentcli.terms import Encoding

MANY_COLUMNS = 2000
SAMPLE_ROWS = 5000
SAMPLE_CELLS = 1_000_000
"""Narrow tables show more rows: files are often sorted by class."""

_BITS = frozenset({"-1", "0", "1", *BOOLEANS})
"""What columns of a block of 0/1 labels hold; -1 says unknown, or no."""


class LabelChoice(Record):
    """The label columns.

    Attributes:
        columns: one, or one per class, label or output.
        because: sentences on the choice and its runner-up.
        certainty: how sure the choice is.
    """

    columns: tuple[str, ...]
    because: tuple[str, ...]
    certainty: Certainty = Certainty.CERTAIN


class LabelColumns:
    """The columns of a table that may be labels, with what their first rows hold."""

    def __init__(self, table: Table) -> None:
        """Keep what is neither a group of scores nor an aside; hardly anything is read yet."""
        every = list(table.names)
        scored = {name for group in names.score_groups(every) if len(group.columns) > 1 for name in group.columns}
        self.table = table
        self.free = [name for name in every if name not in scored and not is_aside(table, name)] or every
        self._seen: dict[str, Detection] = {}

    @cached_property
    def plain(self) -> list[str]:
        """The columns of plain cells."""
        return [name for name in self.free if not is_list(self.table[name].type)]

    @cached_property
    def readings(self) -> Mapping[str, Detection]:
        """What the first rows of each plain column mean by themselves."""
        self.look_at(self.plain[:MANY_COLUMNS])
        return self._seen

    def look_at(self, some: Sequence[str]) -> None:
        """Read the first rows of some columns, in one pass."""
        new = [name for name in some if name not in self._seen and not is_list(self.table[name].type)]
        if new:
            facts = survey.survey_columns(head_of(self.table), new)
            self._seen |= {name: detect_column(one) for name, one in facts.items()}

    def reading(self, name: str) -> Detection | None:
        """Return what the first rows of a column mean by themselves; None for lists, and columns beyond the bound."""
        return self._seen[name] if name in self._seen else self.readings.get(name)

    def holds_classes(self, name: str) -> bool:
        """Whether a column by itself is a classification target."""
        found = self.reading(name)
        return found is None or found.task.kind is not None

    def is_what(self, name: str) -> NotATarget | None:
        """Return what a column holds instead of classes."""
        found = self.reading(name)
        return None if found is None else found.task.not_a_target

    def is_bits(self, name: str) -> bool:
        """Whether a column holds 0 and 1, yes and no, or one of the two."""
        found = self.reading(name)
        if found is None or not found.task.classes:
            return False
        return found.task.encoding is Encoding.BOOLEANS or set(found.task.classes) <= _BITS

    def is_numeric(self, name: str) -> bool:
        """Whether the first rows of a column hold whole numbers, such as 0 and 1, and no words."""
        found = self.reading(name)
        values = {} if found is None else found.seen.values
        return bool(values) and all(integer_of(text) is not None for text in values)

    @cached_property
    def usable(self) -> list[str]:
        """The columns that are no ids, file names, folds or free text, by name or by what they hold."""
        outside = {NotATarget.IDENTIFIER, NotATarget.TEXT, NotATarget.DATE}
        kept = [
            name for name in self.free
            if not names.is_never(name) and self.is_what(name) not in outside and not self._is_row_number(name)
        ]  # fmt: skip
        return kept or self.free

    def _is_row_number(self, name: str) -> bool:
        """Whether a first column without a name of its own counts the rows."""
        return name == self.free[0] and name in {"f0", "X"} and self.is_what(name) is NotATarget.IDENTIFIER


def head_of(table: Table) -> Table:
    """Return the first rows of a table, as a table."""
    return survey.head(table, max(SAMPLE_ROWS, SAMPLE_CELLS // len(table.names)))
