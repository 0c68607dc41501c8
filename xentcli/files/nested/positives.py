"""Positives: objects of labels that list only what holds, such as spaCy's `{"cats": {"SPORT": 1}}`.

Floor 2. A label that such an object lacks is 0; a row without the object has no label. Objects that hold another number
anywhere say themselves what 0 is, and are left as they stand.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from xentcli.files.arrays import floats, nulls
from xentcli.files.nested.leaves import Leaves
from xentcli.files.table import Column, ReadAs, Table
from xentcli.record import Record

NAMES = frozenset({"cats", "labels", "tags"})
"""Objects that hold labels: spaCy's, and those that are named so."""


class Positives(Record):
    """The labels inside one column of objects, 0 where an object lacks one."""

    leaves: Leaves

    @property
    def sources(self) -> tuple[str, ...]:
        """See `Derivation.sources`."""
        return self.leaves.sources

    @property
    def columns(self) -> tuple[Column, ...]:
        """See `Derivation.columns`."""
        return tuple(Column(column.name, pa.float64()) for column in self.leaves.columns)

    def arrays(self, sources: Sequence[pa.Array], names: Sequence[str]) -> Sequence[pa.Array]:
        """See `Derivation.arrays`."""
        absent = nulls(sources[0])
        found = []
        for array in self.leaves.arrays(sources, names):
            gone = nulls(array)
            held = np.ones(len(array)) if gone is None else np.where(gone, 0.0, 1.0)
            found.append(pa.array(held, mask=absent))
        return found


def positives(table: Table, leaves: Leaves) -> Positives | None:
    """Return the labels of a column of objects that list only what holds, None if they say more, or lack nothing."""
    names = tuple(column.name for column in leaves.columns)
    if leaves.source not in NAMES or leaves.in_lists or leaves.left or not names:
        return None
    if not all(pa.types.is_integer(one.type) or pa.types.is_floating(one.type) or pa.types.is_boolean(one.type)
               for one in leaves.columns):  # fmt: skip
        return None
    lacking = False
    for batch in table.batches({leaves.source: ReadAs.NATIVE}):
        absent = nulls(batch.column(0))
        for name, array in zip(names, leaves.arrays(batch.columns, names), strict=True):
            gone = nulls(array)
            values = floats(array, name)
            held = np.ones(len(values), dtype=np.bool_) if gone is None else ~gone
            if (values[held] != 1).any():
                return None
            lacking = lacking or bool((~held if absent is None else ~held & ~absent).any())
    return Positives(leaves) if lacking else None
