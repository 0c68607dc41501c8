"""Cells: the numbers of 0/1 labels, however they are written: a column each, lists, written lists, words.

Floor 3. NaN stands for an empty cell, infinity for one that is no number or a list of another length.
"""

from collections.abc import Mapping
from math import inf, nan
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.arrays import Floats
from xentcli.files.arrays import floats, lists, nulls, view
from xentcli.files.table import ReadAs
from xentcli.record import Record
from xentcli.task.survey import without_signs, written_vector
from xentcli.task.values import as_text


class CellReader(Protocol):
    """Reads the 0/1 cells of a batch."""

    @property
    def columns(self) -> Mapping[str, ReadAs]:
        """The columns it reads, and how."""
        ...

    def matrix(self, batch: pa.RecordBatch) -> Floats:
        """Return the cells as numbers, shape (labels, n)."""
        ...


class ColumnCells(Record):
    """A column per label.

    Attributes:
        names: the columns, in the order of the labels.
        meanings: by column, the number that each text stands for; None where the cells are numbers.
        blank: the number that an empty cell stands for, where they are words.
        signs: whether -1 stands for no.
        zero_open: whether 0 leaves a label open then.
    """

    names: tuple[str, ...]
    meanings: Mapping[str, Mapping[str, float]] | None = None
    blank: float = nan
    signs: bool = False
    zero_open: bool = False

    @property
    def columns(self) -> Mapping[str, ReadAs]:
        """See `Cells.columns`."""
        return dict.fromkeys(self.names, ReadAs.NUMBER if self.meanings is None else ReadAs.NATIVE)

    def matrix(self, batch: pa.RecordBatch) -> Floats:
        """See `Cells.matrix`."""
        found = np.empty((len(self.names), batch.num_rows))
        for row, name in enumerate(self.names):
            array = batch.column(batch.schema.get_field_index(name))
            found[row] = numbers(array, name) if self.meanings is None else self._meant(array, self.meanings[name])
        return without_signs(found, zero_open=self.zero_open) if self.signs else found

    def _meant(self, array: pa.Array, meaning: Mapping[str, float]) -> Floats:
        encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
        known = encoded.dictionary.to_pylist()
        table = [self.blank if text is None else meaning.get(as_text(text), inf) for text in known]
        return np.array([*table, self.blank])[_codes(encoded)]


class VectorCells(Record):
    """A column of lists of numbers, of one length; with `zero_open`, -1 says no and 0 leaves a label open."""

    name: str
    size: int
    zero_open: bool = False

    @property
    def columns(self) -> Mapping[str, ReadAs]:
        """See `Cells.columns`."""
        return {self.name: ReadAs.NATIVE}

    def matrix(self, batch: pa.RecordBatch) -> Floats:
        """See `Cells.matrix`."""
        array = batch.column(batch.schema.get_field_index(self.name))
        starts, lengths, child, null = pieces(array)
        found = np.full((self.size, len(array)), inf)
        found[:, null] = nan
        good = np.flatnonzero(~null & (lengths == self.size))
        if len(good):
            found[:, good] = numbers(child, self.name)[starts[good] + np.arange(self.size)[:, None]]
        return without_signs(found, zero_open=True) if self.zero_open else found


class WrittenCells(Record):
    """A column of text that writes lists of numbers, such as `[0, 1, 0]`."""

    name: str
    size: int

    @property
    def columns(self) -> Mapping[str, ReadAs]:
        """See `Cells.columns`."""
        return {self.name: ReadAs.NATIVE}

    def matrix(self, batch: pa.RecordBatch) -> Floats:
        """See `Cells.matrix`."""
        array = batch.column(batch.schema.get_field_index(self.name))
        encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
        vectors = [self._vector(text) for text in encoded.dictionary.to_pylist()]
        table = np.stack([*vectors, np.full(self.size, nan)], axis=1)
        return table[:, _codes(encoded)]

    def _vector(self, text: str) -> Floats:
        found = written_vector(text) or ()
        return np.array(found) if len(found) == self.size else np.full(self.size, inf)


def numbers(array: pa.Array, name: str) -> Floats:
    """Return the cells of a column of numbers, shape (n,), NaN where they are empty."""
    values = floats(array, name).astype(np.float64)
    empty = nulls(array)
    if empty is not None:
        values[empty] = nan
    return values


def pieces(array: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], pa.Array, npt.NDArray[np.bool_]]:
    """Return lists as (starts, lengths, values, null), the values cut to those that the lists hold."""
    held = lists(array)
    null = np.zeros(len(array), dtype=np.bool_) if held.null is None else held.null
    if len(array) == 0:
        return held.starts, held.lengths, held.values.slice(0, 0), null
    low, high = int(held.starts[0]), int(held.starts[-1] + held.lengths[-1])
    return held.starts - low, np.where(null, 0, held.lengths), held.values.slice(low, high - low), null


def _codes(encoded: pa.Array) -> npt.NDArray[np.intp]:
    """Return the codes of a dictionary's cells; a null has the code behind the last."""
    at = view(encoded.indices).astype(np.intp)
    empty = nulls(encoded.indices)
    if empty is not None:
        at[empty] = len(encoded.dictionary)
    return at
