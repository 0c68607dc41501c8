"""Decisions: whether a column holds predicted labels instead of scores.

Floor 3. Decided from type, name and distinct values; a float is a score, however extreme, where one score can answer
for the labels.
"""

from collections.abc import Iterable

import pyarrow as pa

from xentcli.files.arrays import is_list
from xentcli.files.table import ReadAs, Table
from xentcli.task import names
from xentcli.task.first_rows import first_rows
from xentcli.task.values import LabelValues, count_cells, integer_of
from xentcli.task.yes_no import BOOLEANS

_ONE_SCORE = 2
"""One score column answers for so many classes."""


def is_text(table: Table, column: str) -> bool:
    """Return whether a column's cells are words: whether its first rows hold any that is no number."""
    kind = table[column].type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return False
    if table.format.is_text:  # whose dialect knows decimal commas
        return _first_nulls(table, column, ReadAs.NUMBER) > _first_nulls(table, column, ReadAs.NATIVE)
    return any(not _is_number(text) for text in _first_texts(table, column))


def _first_nulls(table: Table, column: str, how: ReadAs) -> int:
    return sum(batch.column(0).null_count for batch in first_rows(table, {column: how}))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def are_decisions(table: Table, column: str, values: LabelValues | None, *, named: bool) -> bool:
    """Return whether a column that would be the score holds nothing but labels.

    Args:
        table: where it is.
        column: its name.
        values: the distinct labels; None where they are no plain cells.
        named: whether the caller names the column; else its own name may speak for scores.
    """
    kind = table[column].type
    if values is None or values.shares or not values.counts or is_list(kind):
        return False
    if is_text(table, column):
        return True
    many = len(values.counts) > _ONE_SCORE
    if pa.types.is_floating(kind) and not many:
        return False
    scores = tuple(name for name in names.LIST_SCORE_NAMES if name not in names.PREDICTED_NAMES)
    if not named and not many and names.named_like(scores, [column]):
        return False
    if values.integers:
        known = {integer_of(text) for text in values.counts} | {0, 1}
        by_name = many and bool(names.named_like(names.PREDICTED_NAMES, [column]))
        return all(integer_of(text) is not None and (by_name or integer_of(text) in known)
                   for text in _texts(table, column))  # fmt: skip
    words = {*values.counts, *(BOOLEANS if values.booleans else ())}  # one of the two may not occur
    return all(text in words for text in _texts(table, column))


def _texts(table: Table, column: str) -> Iterable[str]:
    """Yield the values of a column, each once a batch."""
    for batch in table.batches({column: ReadAs.NATIVE}):
        yield from count_cells(batch.column(0))


def _first_texts(table: Table, column: str) -> Iterable[str]:
    """Yield the values of a column's first rows, each once a batch."""
    for batch in first_rows(table, {column: ReadAs.NATIVE}):
        yield from count_cells(batch.column(0))


def beside_scores(table: Table, rest: Iterable[str], values: LabelValues | None) -> str | None:
    """Return the column of predicted labels among the columns that are neither label nor score, None without one.

    It must hold values of the labels' own kind: integers that are classes, or words of which one is a label.
    """
    if values is None or values.shares or not values.counts:
        return None
    for column in names.named_like(names.PREDICTED_NAMES, list(rest)):
        if is_list(table[column].type):
            continue
        if values.integers and _are_integers(table, column):
            return column
        if not values.integers and any(text in values.counts for text in _texts(table, column)):
            return column
    return None


def _are_integers(table: Table, column: str) -> bool:
    """Return whether a column holds integers and nothing else."""
    some = False
    for text in _texts(table, column):
        if integer_of(text) is None:
            return False
        some = True
    return some
