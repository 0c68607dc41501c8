"""Sides: which columns of a joined table come from the predictions, and which from the labels.

Floor 2.
"""

from collections.abc import Mapping

import pyarrow as pa

from xentcli.errors import InputError, Place
from xentcli.files.table import ReadAs, Table
from xentcli.phrases import counted
from xentcli.record import Record


class Sides(Record):
    """The two tables of a join.

    Attributes:
        predictions: gives the rows, in its order.
        labels: gives further columns.
        added: the labels' columns by their names in the joined table.
    """

    predictions: Table
    labels: Table
    added: Mapping[str, str]

    def split(self, columns: Mapping[str, ReadAs]) -> tuple[dict[str, ReadAs], dict[str, ReadAs]]:
        """Return what to read of the predictions and of the labels, by their own names."""
        left = {name: how for name, how in columns.items() if name not in self.added}
        right = {self.added[name]: how for name, how in columns.items() if name in self.added}
        return left, right

    def assembled(
        self, columns: Mapping[str, ReadAs], left: pa.RecordBatch | None, right: pa.RecordBatch | None
    ) -> pa.RecordBatch:
        """Return the batch of exactly `columns`; a side is None if nothing is asked of it."""
        found = {} if left is None else dict(zip(left.schema.names, left.columns, strict=True))
        if right is not None:
            own = dict(zip(right.schema.names, right.columns, strict=True))
            found |= {new: own[old] for new, old in self.added.items() if old in own}
        return pa.RecordBatch.from_arrays([found[name] for name in columns], names=list(columns))

    def unequal(self, left: int, right: int) -> InputError:
        """Return the error for tables of different length that are to be paired by row."""
        return InputError(
            f"has {counted(left, 'row')}, but {self.labels.path} has {right:,}",
            place=Place(self.predictions.path),
            help="join them by a column that both have with --id COLUMN, or write both from the same rows",
        )
