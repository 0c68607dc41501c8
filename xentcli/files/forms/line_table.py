"""Line tables: files whose every line is a row of its own, parsed by a rule instead of a separator.

Floor 2. One pass decides what holds for the whole file and counts its rows; later passes follow. Blank lines are no
rows. Memory holds a batch of lines at a time.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import IO, Any

import pyarrow as pa

from xentcli.files.blob import Blob
from xentcli.files.format import Format
from xentcli.files.streams import BROKEN, broken
from xentcli.files.table import Column, ReadAs, Table
from xentcli.files.text.lines import text_lines
from xentcli.record import Record

BATCH_ROWS = 1 << 14

Cells = Mapping[str, Any]
"""The cells of a row by column; a column that is not there is empty."""


class RowLines(Record):
    """The lines of a file that are rows.

    Attributes:
        name: of the file.
        opened: returns a stream of its bytes, from the start.
        encoding: of these.
        comment: what begins a comment that goes to the end of its line; None where nothing does.
    """

    name: str
    opened: Callable[[], IO[bytes]]
    encoding: str
    comment: str | None = None

    def rows(self) -> Iterator[tuple[int, str]]:
        """Yield (line from 1, its text without the end) of every line that is not blank, nor a comment alone."""
        try:
            for at, line in enumerate(text_lines(self.opened, self.encoding, errors="strict"), start=1):
                plain = line.rstrip("\r\n").removeprefix("\ufeff")
                said = plain if self.comment is None else plain.partition(self.comment)[0]
                if said.strip():
                    yield at, plain
        except BROKEN as error:
            raise broken(self.name, error) from error

    def lines_of(self, rows: tuple[int, ...]) -> dict[int, int]:
        """Return the line of each of some rows, both from 1."""
        wanted = set(rows)
        numbered = enumerate(islice(self.rows(), max(wanted, default=0)), start=1)
        return {row: line for row, (line, _) in numbered if row in wanted}


def lines_of_file(
    blob: Blob, opened: Callable[[], IO[bytes]], comment: str | None = None
) -> tuple[RowLines, tuple[str, ...]]:
    """Return the lines of a file: UTF-8, else Latin-1 with a note that says so."""
    lines = RowLines(blob.name, opened, "utf-8", comment)
    try:
        for _ in lines.rows():
            pass
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        lines = RowLines(blob.name, opened, "latin-1", comment)
        return lines, (f"not UTF-8 (byte 0x{byte:02x}): read as Latin-1",)
    return lines, ()


class LinePart(Record):
    """All rows of a file, parsed line by line."""

    lines: RowLines
    parse: Callable[[str], Cells]
    types: Mapping[str, pa.DataType]
    rows: int

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        rows = self.lines.rows()
        while held := [self.parse(line) for _, line in islice(rows, BATCH_ROWS)]:
            arrays = [self._array([cells.get(name) for cells in held], name, how) for name, how in columns.items()]
            yield pa.RecordBatch.from_arrays(arrays, names=list(columns))

    def _array(self, cells: list[Any], name: str, how: ReadAs) -> pa.Array:
        kind = self.types[name]
        if how is ReadAs.NUMBER and pa.types.is_string(kind):
            from xentcli.files.text.numbers import number  # noqa: PLC0415  labels are mostly read as they stand

            return pa.array([None if cell is None else number(cell) for cell in cells], type=pa.float64())
        return pa.array(cells, type=kind)


def line_table(
    lines: RowLines,
    form: Format,
    parse: Callable[[str], Cells],
    types: Mapping[str, pa.DataType],
    rows: int,
    notes: tuple[str, ...],
) -> Table:
    """Return the table of a file whose lines are rows."""
    columns = tuple(Column(name, kind) for name, kind in types.items())
    return Table(lines.name, form, columns, (LinePart(lines, parse, types, rows),), rows, notes, lines.lines_of)
