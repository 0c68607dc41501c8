"""Score columns of outputs: those that the caller names, and whether columns hold numbers that sum to 1.

Floor 3. See `outputs`.
"""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from xentcli.files.arrays import floats, is_list, nulls
from xentcli.files.table import ReadAs, Table
from xentcli.task import names
from xentcli.task.first_rows import first_rows
from xentcli.task.reading.given import given_scores as named_scores

_LOOK = 1_000
"""Rows that tell a score column from others; all rows are checked later."""


def _is_numeric(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
        or pa.types.is_boolean(kind)
    )  # fmt: skip


def numeric_columns(table: Table, columns: Iterable[str]) -> set[str]:
    """Return which columns hold numbers: by their type, in text by their first rows."""
    wanted = list(columns)
    if not table.format.is_text:
        return {name for name in wanted if _is_numeric(table[name].type)}
    rows, missing = 0, dict.fromkeys(wanted, 0)
    for batch in first_rows(table, dict.fromkeys(wanted, ReadAs.NUMBER), _LOOK) if wanted else ():
        rows += batch.num_rows
        for name, array in zip(wanted, batch.columns, strict=True):
            empty = nulls(array)
            missing[name] += 0 if empty is None else int(empty.sum())
    return {name for name in wanted if 2 * missing[name] < rows}


def is_score_list(kind: pa.DataType) -> bool:
    """Return whether cells of that type are lists of numbers."""
    return is_list(kind) and _is_numeric(kind.value_type)


def given_scores(table: Table, references: tuple[str, ...], free: list[str]) -> names.ScoreGroup | None:
    """Return the columns that the caller names and what they are named after; None if none is named.

    Raises:
        ColumnError: a name is neither a column nor the start of one.
        UsageError: a column is named twice.
    """
    columns = named_scores(table, references, free)
    if not columns:
        return None
    started = [one for one in references if one not in table.names and not one.startswith(":")]
    affix = started[-1] if started else ""
    if affix:
        stripped = tuple(name.removeprefix(affix) or name for name in columns)
        return names.ScoreGroup(columns, stripped, affix)
    known = {name: group for group in names.score_groups(list(columns)) for name in group.columns}
    group = known.get(columns[0])
    if group is not None and set(group.columns) == set(columns):
        by_column = dict(zip(group.columns, group.names, strict=True))
        return names.ScoreGroup(columns, tuple(by_column[name] for name in columns), group.affix)
    return names.ScoreGroup(columns, columns, "")


def sum_to_one(table: Table, columns: tuple[str, ...]) -> bool:
    """Whether most of the first rows sum to 1 over some columns."""
    rows = close = 0
    for batch in first_rows(table, dict.fromkeys(columns, ReadAs.NUMBER), _LOOK):
        scores = [floats(array, name).astype(np.float64) for array, name in zip(batch.columns, columns, strict=True)]
        close += int(np.count_nonzero(np.abs(np.sum(scores, axis=0) - 1.0) <= 0.01))
        rows += batch.num_rows
    return 2 * close > rows
