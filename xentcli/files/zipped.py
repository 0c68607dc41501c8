"""Zipping: the rows of two tables side by side.

Floor 2. Memory is a batch of either side.
"""

from collections.abc import Iterator, Mapping

import pyarrow as pa

from xentcli.files.cursor import Cursor, side_by_side
from xentcli.files.sides import Sides
from xentcli.files.table import Part, ReadAs
from xentcli.record import Record


class RowsPart(Record):
    """Some parts of the predictions beside the label rows that belong to them.

    Attributes:
        sides: the two tables.
        lefts: parts of the predictions.
        rights: parts of the labels, from the one that holds the first row on.
        skip: label rows before that row.
        rows: number of rows, None if only the end tells; then both must end together.
    """

    sides: Sides
    lefts: tuple[Part, ...]
    rights: tuple[Part, ...]
    skip: int = 0
    rows: int | None = None

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`.

        Raises:
            InputError: one side has more rows than the other.
        """
        left_columns, right_columns = self.sides.split(columns)
        left, right = _cursor(self.lefts, left_columns), _cursor(self.rights, right_columns)
        if not right_columns:
            for batch in left.first(None):
                yield self.sides.assembled(columns, batch, None)
            return
        right.pass_over(self.skip)
        if not left_columns:
            for batch in right.first(self.rows):
                yield self.sides.assembled(columns, None, batch)
            return
        for one, other in side_by_side([left, right]):
            yield self.sides.assembled(columns, one, other)
        if self.rows is None and (left.available() or right.available()):
            raise self.sides.unequal(left.drained(), right.drained())


def _cursor(parts: tuple[Part, ...], columns: Mapping[str, ReadAs]) -> Cursor:
    return Cursor(batch for part in parts for batch in part.read(columns))
