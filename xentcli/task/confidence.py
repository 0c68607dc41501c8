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


_NEARLY_ALL = 0.99


def least_confidence(classes: int) -> float:
    """Return the least score that the most probable of so many classes can have, but for rounding.

    Of two classes rounding leaves 0.5 as it is, and whoever is a little below it decides the sign of the whole row.
    """
    return 0.5 - _ROUNDING if classes <= 2 else 1.0 / classes - _TWO_DECIMALS


def holds_confidence(table: Table, column: str, classes: int) -> bool:
    """Return whether a column may hold the probability of the most probable of so many classes, by all its rows.

    A single score that is too low for it decides; scores outside [0, 1] are bad rows while they are few.
    """
    least, inside, outside = least_confidence(classes), 0, 0
    for batch in table.batches({column: ReadAs.NUMBER}):
        array = batch.column(0)
        missing = nulls(array)
        scores = floats(array, column)
        known = scores[np.isfinite(scores)] if missing is None else scores[np.isfinite(scores) & ~missing]
        within = known[(known >= 0.0) & (known <= 1.0)]
        if (within < least).any():
            return False
        inside, outside = inside + len(within), outside + len(known) - len(within)
    return inside > 0 and inside >= _NEARLY_ALL * (inside + outside)
