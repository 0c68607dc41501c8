"""Confidence: the score of the predicted class alone, as pipelines write it beside a predicted label.

Floor 3. What every such score must be, so that the column cannot be the probability of one fixed class.
"""

import numpy as np

from xentcli.files.arrays import floats, nulls
from xentcli.files.table import ReadAs, Table

_ROUNDING = 1e-6
"""What float32 takes from a probability of one half."""

_TWO_DECIMALS = 0.005
"""What two decimals take from 1/3 (0.33) and from 1/7 (0.14)."""


def least_confidence(classes: int) -> float:
    """Return the least score that the most probable of so many classes can have, but for rounding.

    Of two classes rounding leaves 0.5 as it is, and whoever is a little below it decides the sign of the whole row.
    """
    return 0.5 - _ROUNDING if classes <= 2 else 1.0 / classes - _TWO_DECIMALS


def holds_confidence(table: Table, column: str, classes: int) -> bool:
    """Return whether every score of a column, over all rows, may be that of the most probable of so many classes."""
    least, some = least_confidence(classes), False
    for batch in table.batches({column: ReadAs.NUMBER}):
        array = batch.column(0)
        missing = nulls(array)
        scores = floats(array, column)
        known = scores if missing is None else scores[~missing]
        with np.errstate(invalid="ignore"):
            if ((known < least) | (known > 1.0 + _ROUNDING)).any():
                return False
        some = some or len(known) > 0
    return some
