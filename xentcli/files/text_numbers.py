"""Text numbers: a column in which a format with types holds numbers as text, read as numbers.

Floor 2. A cell that is no number is blank, as it is in a text format; whoever asks for this says so.
"""

from collections.abc import Sequence

import pyarrow as pa

from xentcli.files.nested.derive import derived
from xentcli.files.table import Column, Table
from xentcli.files.text.numbers import number
from xentcli.record import Record


class TextNumbers(Record):
    """A column of text as one of float64.

    Attributes:
        source: the column.
    """

    source: str

    @property
    def sources(self) -> tuple[str, ...]:
        """See `Derivation.sources`."""
        return (self.source,)

    @property
    def columns(self) -> tuple[Column, ...]:
        """See `Derivation.columns`."""
        return (Column(self.source, pa.float64()),)

    def arrays(self, sources: Sequence[pa.Array], names: Sequence[str]) -> Sequence[pa.Array]:
        """See `Derivation.arrays`."""
        cells = [None if cell is None else number(cell) for cell in sources[0].to_pylist()]
        return [pa.array(cells, pa.float64())] * len(names)


def with_numbers(table: Table, column: str) -> Table:
    """Return a table in which a column of text is one of numbers, with a note."""
    said = f"{column} holds text: numbers are read from it, and cells that hold none are bad"
    return derived(table, (TextNumbers(column),)).with_notes(said)
