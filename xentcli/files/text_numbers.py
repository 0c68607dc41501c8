"""Text numbers: a column in which a format with types holds numbers as text, read as numbers.

Floor 2. A cell that is no number is blank, as it is in a text format; whoever asks for this says so.
"""

import pyarrow as pa

from xentcli.files.nested.derive import Converted, derived
from xentcli.files.table import Table
from xentcli.files.text.numbers import number


def with_numbers(table: Table, column: str) -> Table:
    """Return a table in which a column of text is one of numbers, with a note."""
    said = f"{column} holds text: numbers are read from it, and cells that hold none are bad"
    return derived(table, (Converted(column, pa.float64(), _numbers),)).with_notes(said)


def _numbers(array: pa.Array) -> pa.Array:
    return pa.array([None if cell is None else number(cell) for cell in array.to_pylist()], pa.float64())
