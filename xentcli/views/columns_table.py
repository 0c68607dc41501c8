"""The table of columns: what each column of a file was read as, and why, for pages that show everything.

Floor 8. Formats what was decided; decides nothing.
"""

from collections.abc import Iterator, Sequence

from xentcli.task.model import ColumnRole
from xentcli.views import numbers
from xentcli.views.page import Block, Grid, Heading

MOST = 200
"""Columns that a page lists; JSON holds all of them."""


def columns_table(columns: Sequence[ColumnRole]) -> Iterator[Block]:
    """Yield the table under its title; nothing where no column is known."""
    if not columns:
        return
    left = len(columns) - MOST
    yield Heading("Columns")
    yield Grid(
        ("column", "role", "class", "because"),
        tuple((one.name, one.role.value, one.of_class or "", one.because) for one in columns[:MOST]),
        more=f"{numbers.counted(left, 'more column')}: -f json lists all of them" if left > 0 else "",
        names=(0, 2),
    )
