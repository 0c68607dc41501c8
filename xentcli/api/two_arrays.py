"""Two arrays: labels and predictions that are given as such, in the order of scikit-learn's functions.

Floor 8. Nothing but their places says which is which, so that what they hold must not speak for the other order.
"""

import os
from typing import Any

import numpy as np
import pyarrow as pa

from xentcli.errors import Place, UsageError
from xentcli.files.arrays import view
from xentcli.files.table import ReadAs, Table
from xentcli.task.first_rows import first_rows

_MOST_ROWS = 1 << 16


def together(data: Any, predictions: Any) -> Any:
    """Return labels and predictions as one input; what was given alone stays as it is.

    Raises:
        UsageError: they are paths.
    """
    if predictions is None:
        return data
    if isinstance(data, str | os.PathLike) or isinstance(predictions, str | os.PathLike):
        raise UsageError(
            "takes one file, or two arrays",
            help="score(predictions, labels=FILE) takes labels from a file of their own, compare(a, b) two models",
        )
    return data, predictions


def refuse_scores_as_labels(table: Table) -> None:
    """Raise if the labels hold fractions: then they are scores, swapped or of another model, or soft targets.

    Args:
        table: with the columns `y_true` and `y_pred` alone.

    Raises:
        UsageError: so it is.
    """
    if not _holds_fractions(table, "y_true"):
        return
    both = _holds_fractions(table, "y_pred")
    raise UsageError(
        "both arrays hold fractions as scores do: which are the labels?"
        if both
        else "y_true holds fractions as scores do, and y_pred none: swapped?",
        place=Place(table.path),
        help="labels come first: score(y_true, y_pred); if y_true holds soft targets, say so with label='y_true'"
        + ("; two models are compared by compare(a, b)" if both else ""),
    )


def _holds_fractions(table: Table, column: str) -> bool:
    """Whether numbers of a column, or of its lists, lie between whole ones, among the first rows."""
    for batch in first_rows(table, {column: ReadAs.NATIVE}, _MOST_ROWS):
        cells = batch.column(0)
        while pa.types.is_nested(cells.type):
            cells = cells.flatten()
            cells = cells[0] if isinstance(cells, list) else cells
        if not pa.types.is_floating(cells.type):
            return False
        numbers = view(cells.cast(pa.float64()))
        numbers = numbers[np.isfinite(numbers)]
        if (numbers != np.floor(numbers)).any():
            return True
    return False
