"""Soft coding: label cells become target probabilities, by a reading that is decided once for the table.

Floor 3. See `coding` for coders of classes. Targets stay as the file holds them, with what divides them beside, so
that a batch of wide rows costs no second copy.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.files.arrays import floats, is_list, lists, nulls
from xentcli.files.table import ReadAs
from xentcli.task.coding import Coded
from xentcli.task.model import Encoding
from xentcli.task.rounding import SUM_TOLERANCE
from xentcli.task.soft_targets import SoftReading
from xentcli.arrays import AnyFloats, Floats, Mask


EXPLICIT_LIMIT = 200
"""Up to so many classes a row's sum is taken class by class, so that it is the same however a file lays them out."""


class SoftCoder:
    """Target probabilities: a column per class or label, one list column, or the share of one of two classes."""

    def __init__(self, columns: tuple[str, ...], size: int, reading: SoftReading | None) -> None:
        """Keep the columns; `reading` is None for one plain column, the share of the second of two classes."""
        self.names = columns
        self.size = size
        self.reading = reading

    @property
    def columns(self) -> Mapping[str, ReadAs]:
        """The label columns, read as numbers."""
        return dict.fromkeys(self.names, ReadAs.NUMBER)

    def code(self, batch: pa.RecordBatch) -> Coded:
        """Return the targets of each row, with its most probable class or the labels of a share above 0.5."""
        arrays = [batch.column(batch.schema.get_field_index(name)) for name in self.names]
        targets: AnyFloats
        if self.reading is None:
            targets, missing, wrong = _complemented(arrays[0], self.names[0])
        elif len(arrays) == 1 and is_list(arrays[0].type):
            targets, missing, wrong = _from_lists(arrays[0], self.size, self.names[0])
        else:
            targets, missing, wrong = _from_columns(arrays, self.names)
        return self._coded(targets, missing, wrong)

    def _coded(self, targets: AnyFloats, missing: Mask, wrong: Mask) -> Coded:
        none = np.zeros(len(missing), dtype=np.bool_)
        with np.errstate(invalid="ignore", over="ignore"):
            if self.reading is None:
                bad = wrong | ~((targets >= 0) & (targets <= 1)).all(axis=0)
                return Coded(targets.argmax(axis=0), None, missing, none, targets, np.ones(len(none)), bad & ~missing)
            low, high = targets.min(axis=0), targets.max(axis=0)
            if self.reading.encoding is Encoding.LABEL_PROBABILITIES:
                bad = wrong | ~((low >= 0) & (high <= 1))
                return Coded(None, targets > 0.5, missing, none, targets, np.ones(len(none)), bad & ~missing)
            total = _totals(targets)
            bad = wrong | ~((low >= 0) & (total > 0) & np.isfinite(total))
            if not self.reading.votes:
                bad |= high > 1.0 + SUM_TOLERANCE
            off = np.asarray(self.reading.votes) | (np.abs(total - 1.0) > SUM_TOLERANCE)
        divisor = np.where(off & ~bad & ~missing, total, 1.0)
        return Coded(targets.argmax(axis=0), None, missing, none, targets, divisor, bad & ~missing)


def _totals(targets: AnyFloats) -> Floats:
    """Return the sum of each row, shape (n,)."""
    if len(targets) > EXPLICIT_LIMIT:
        wide: Floats = np.ascontiguousarray(targets.T, dtype=np.float64).sum(axis=1)
        return wide
    total = np.zeros(targets.shape[1])
    for one in targets:
        total += one
    return total


def _number(array: pa.Array, column: str) -> tuple[AnyFloats, Mask | None]:
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        array = array.cast(pa.float64())
    return floats(array, column), nulls(array)


def _complemented(array: pa.Array, column: str) -> tuple[Floats, Mask, Mask]:
    values, empty = _number(array, column)
    share = values.astype(np.float64)
    none = np.zeros(len(share), dtype=np.bool_)
    return np.stack([1.0 - share, share]), none if empty is None else empty, none


def _from_columns(arrays: list[pa.Array], columns: tuple[str, ...]) -> tuple[Floats, Mask, Mask]:
    count = len(arrays[0])
    targets = np.empty((len(arrays), count))
    missing = np.zeros(count, dtype=np.bool_)
    for row, (array, column) in enumerate(zip(arrays, columns, strict=True)):
        values, empty = _number(array, column)
        targets[row] = values
        if empty is not None:
            missing |= empty
    return targets, missing, np.zeros(count, dtype=np.bool_)


def _from_lists(array: pa.Array, size: int, column: str) -> tuple[AnyFloats, Mask, Mask]:
    cells = lists(array)
    values = floats(cells.values, column)
    element = nulls(cells.values)
    missing = np.zeros(len(array), dtype=np.bool_) if cells.null is None else cells.null.copy()
    wrong = ~missing & (cells.lengths != size)
    if cells.null is None and not wrong.any() and len(array):
        first = int(cells.starts[0])
        stop = first + size * len(array)
        if element is not None:
            missing |= element[first:stop].reshape(-1, size).any(axis=1)
        return values[first:stop].reshape(-1, size).T, missing, wrong
    good = np.flatnonzero(~missing & ~wrong)
    at = cells.starts[good][:, None] + np.arange(size)
    matrix = np.full((len(array), size), np.nan, dtype=values.dtype)
    matrix[good] = values[at]
    if element is not None:
        missing[good] |= element[at].any(axis=1)
    return matrix.T, missing, wrong
