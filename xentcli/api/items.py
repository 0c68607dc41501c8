"""Items: the table whose rows are read for their labels: a file's rows, or what is gathered of a file in long form.

Floor 8. `inspect` and `encode` begin here once they know the label columns.
"""

from collections.abc import Sequence

from xentcli.errors import ColumnError, Place, UsageError
from xentcli.files.arrays import is_list
from xentcli.files.table import Table
from xentcli.record import Record, replace
from xentcli.rules.rule import Finding
from xentcli.task.label_columns import LabelChoice
from xentcli.task.labels import find_labels
from xentcli.task.long_form import LongForm, long_form
from xentcli.task.model import Certainty, ColumnRole, Role
from xentcli.task.refused_forms import refuse_boxes, refuse_spans
from xentcli.terms import Encoding


class Items(Record):
    """Rows that are items of their own.

    Attributes:
        table: where they are.
        columns: their label columns.
        long: in what way the file is long form, None if each of its rows is an item.
    """

    table: Table
    columns: tuple[str, ...]
    long: LongForm | None = None

    @property
    def gathered(self) -> bool:
        """Whether rows of the file were gathered into one per item."""
        return self.long is not None and self.long.gathered is not None

    @property
    def said(self) -> tuple[str, ...]:
        """What a person should hear of it."""
        return () if self.long is None else self.long.said

    @property
    def rows(self) -> int | None:
        """How many rows of the file were gathered, None if none were."""
        return self.long.rows if self.long is not None and self.gathered else None

    @property
    def classes(self) -> tuple[str, ...] | None:
        """The classes of gathered votes."""
        return None if self.long is None else self.long.classes

    @property
    def encoding(self) -> Encoding | None:
        """How gathered votes are written."""
        return None if self.classes is None else Encoding.CLASS_PROBABILITIES

    @property
    def certainty(self) -> Certainty:
        """How sure it is that each row is an item: not at all where ids repeat and rows stay as they are."""
        return Certainty.CERTAIN if self.long is None or self.gathered else Certainty.LIKELY

    def in_file(self, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """Return findings with the rows of the file, not of what was gathered: the first row of each item."""
        if self.long is None or not self.gathered:
            return findings
        return tuple(replace(one, rows=self.long.rows_of_file(one.rows)) for one in findings)

    def account(self, columns: tuple[ColumnRole, ...]) -> tuple[ColumnRole, ...]:
        """Return the account of the file's columns with what gathering made of them."""
        if self.long is None or not self.gathered:
            return columns
        own = {self.long.item: ColumnRole(self.long.item, Role.ID, None, "its rows are one item where it repeats")}
        if self.long.confidence is not None:
            name = self.long.confidence
            own[name] = ColumnRole(name, Role.CONFIDENCE, None, "0 says that the label does not hold")
        return tuple(own.get(one.name, one) for one in columns)


def labels_of(table: Table, beside: str | None) -> LabelChoice:
    """Return the label columns of a table of which nobody says them.

    Args:
        table: the file.
        beside: its id column, if the caller names one.

    Raises:
        UsageError: it holds boxes for object detection.
        ColumnError: its labels are spans, or nothing tells which they are.
    """
    refuse_boxes(table)
    refuse_spans(table)
    return find_labels(without(table, beside))


def items_of(table: Table, columns: Sequence[str], item: str | None = None) -> Items:
    """Return the items of a table: its rows, or what they are gathered into.

    Args:
        table: the file.
        columns: its label columns.
        item: the column that names the items, if the caller says so: then the rows of one are votes.
    """
    long = long_form(table, columns[0], item) if len(columns) == 1 else None
    if long is None or long.gathered is None:
        return Items(table, tuple(columns), long)
    return Items(long.gathered, long.labels, long)


def without(table: Table, column: str | None) -> Table:
    """Return a table without its id column, which is no label.

    Raises:
        ColumnError: the column holds lists.
        UsageError: it is the only one.
    """
    if column is None:
        return table
    if is_list(table[column].type):
        raise ColumnError("holds lists, which are no ids", place=Place(table.path, column=column))
    rest = tuple(one for one in table.columns if one.name != column)
    if not rest:
        raise UsageError(f"{column} is the only column", option="id", place=Place(table.path))
    return replace(table, columns=rest)
