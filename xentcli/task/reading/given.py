"""Given scores: the columns that the caller names, each by an exact name or all by a prefix.

Floor 3.
"""

from collections.abc import Sequence

from xentcli.files.columns import find_column, once
from xentcli.files.table import Table


def given_scores(table: Table, references: tuple[str, ...], free: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that are named as scores, none where nothing is named.

    Raises:
        ColumnError: a name is neither a column nor the start of one.
        UsageError: a column is named twice.
    """
    found: list[str] = []
    for reference in references:
        if reference in table.names or reference.startswith(":"):
            found.append(find_column(table, reference))
            continue
        started = [name for name in free if name.startswith(reference)]
        if not started:
            find_column(table, reference)
        found.extend(started)
    return once(found, "scores", table.path)
