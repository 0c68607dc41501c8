"""Label twins: columns that say of every row what the label says, though nothing calls them labels.

Floor 3. Only what the reading has looked at for other reasons is compared, and only in the first rows: nothing is read
for this. Words beside numbers are the names of the classes, not a feature.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from xentcli.record import replace
from xentcli.task.model import ColumnRole
from xentcli.task.reading.group_facts import twins
from xentcli.task.reading.sample import Cells, ColumnSample, Sample

SAYS_THE_SAME = "says in the first rows what the label says"
"""Why such a column is passed over."""

_LEAST_ROWS, _LEAST_OTHERS = 50, 10
"""Fewer rows, or fewer that are not of the most frequent class, may agree by chance."""


def label_twins(label: str, names: Iterable[str], samples: Sequence[Sample]) -> tuple[str, ...]:
    """Return the columns whose values stand for those of the label one by one.

    Args:
        label: the column of labels.
        names: columns that may be features.
        samples: what was read of the first rows.
    """
    held = _known(label, samples)
    if held is None:
        return ()
    found = ((name, _known(name, samples)) for name in names)
    return tuple(name for name, one in found if one is not None and _says_the_same(held, one))


def twins_in(account: Iterable[ColumnRole]) -> tuple[str, ...]:
    """Return the columns of a table that were found to say what the label says."""
    return tuple(one.name for one in account if one.because == SAYS_THE_SAME)


def _known(name: str, samples: Sequence[Sample]) -> ColumnSample | None:
    return next((one for one in (sample.known(name) for sample in samples) if one is not None), None)


def _says_the_same(label: ColumnSample, other: ColumnSample) -> bool:
    names = (label.cells is Cells.WORDS) != (other.cells is Cells.WORDS)
    if names or label.codes is None or other.codes is None:
        return False
    rows = min(len(label.codes), len(other.codes))
    one, two = (replace(held, codes=held.codes[:rows]) for held in (label, other) if held.codes is not None)
    known = label.codes[:rows][(label.codes[:rows] >= 0) & (other.codes[:rows] >= 0)]
    enough = len(known) >= _LEAST_ROWS and len(known) - np.bincount(known).max() >= _LEAST_OTHERS
    return bool(enough) and twins(one, two)
