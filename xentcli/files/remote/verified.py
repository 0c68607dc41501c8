"""Verified: a table of a remote file that is refused if the file turns into another one while it is read.

Floor 2. Each opening of the file compares its version with the first; here it is compared again at the end, so that no
block of another version can have come in between.
"""

from collections.abc import Callable, Iterator, Mapping

import pyarrow as pa

from xentcli.files.batches import rows_of
from xentcli.files.table import Part, ReadAs, Table
from xentcli.record import Record, replace


class VerifiedPart(Record):
    """A part at whose end the file must be what it was at its start."""

    part: Part
    verify: Callable[[], None]

    @property
    def rows(self) -> int | None:
        """Number of rows where the part knows it."""
        return rows_of(self.part)

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`.

        Raises:
            UnreadableError: the file is another one.
        """
        yield from self.part.read(columns)
        self.verify()


def verified(table: Table, verify: Callable[[], None]) -> Table:
    """Return a table whose reading ends with a check, after checking what opening it has read.

    Raises:
        UnreadableError: the file is another one than when it was found.
    """
    verify()
    return replace(table, parts=tuple(VerifiedPart(part, verify) for part in table.parts))
