"""Decoders: one per way of writing labels, each a batch at a time.

Floor 3. They are made for a reading that is decided; rows that do not fit it are marked, never mended.
"""

from collections import Counter
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.files.arrays import is_list, nulls, view
from xentcli.files.build import vector
from xentcli.files.table import ReadAs
from xentcli.task.canonical import Decoder, Labels
from xentcli.task.cells import Cells, pieces
from xentcli.task.coding import ScalarCoder
from xentcli.task.column_facts import ColumnFacts, null_words
from xentcli.task.tags import split
from xentcli.task.values import as_text
from xentcli.arrays import Indices

_UNSEEN = -1
_NO_TAG = -2



class ScalarDecoder:
    """One label a cell, looked up in a map from its text."""

    def __init__(self, coder: ScalarCoder, size: int, *, null_words: bool) -> None:
        """Keep the coder.

        Args:
            coder: its index `size` stands for no label.
            size: number of classes.
            null_words: whether `NA` and its like among numbers stand for no label.
        """
        self._coder = coder
        self._size = size
        self._null_words = null_words

    @property
    def columns(self) -> Mapping[str, ReadAs]:
        """See `Decoder.columns`."""
        return self._coder.columns

    def decode(self, batch: pa.RecordBatch) -> Labels:
        """See `Decoder.decode`."""
        coded = self._coder.code(batch)
        assert coded.index is not None  # noqa: S101  a scalar coder always gives indices
        none = coded.index == self._size
        unseen = coded.unseen
        if self._null_words and unseen.any():
            none[unseen] = self._are_null(batch, np.flatnonzero(unseen))
            unseen = unseen & ~none
        return Labels(coded.missing | none, unseen, np.where(none, 0, coded.index))

    def _are_null(self, batch: pa.RecordBatch, rows: Indices) -> npt.NDArray[np.bool_]:
        array = batch.column(batch.schema.get_field_index(self._coder.column)).take(vector(rows))
        encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
        cells = [as_text(value) for value in encoded.dictionary.to_pylist()]
        words = null_words(ColumnFacts(self._coder.column, counts=Counter([*self._coder.classes, *cells])))
        null: npt.NDArray[np.bool_] = np.array([cell in words for cell in cells])[view(encoded.indices)]
        return null


class HotDecoder:
    """0/1 cells: a label holds, does not, or is unknown."""

    def __init__(self, cells: Cells, *, unsure: bool) -> None:
        """Keep the reader; `unsure` says that -1 among 0 and 1 is an unknown cell."""
        self._cells = cells
        self._unsure = unsure

    @property
    def columns(self) -> Mapping[str, ReadAs]:
        """See `Decoder.columns`."""
        return self._cells.columns

    def decode(self, batch: pa.RecordBatch) -> Labels:
        """See `Decoder.decode`."""
        values = self._cells.matrix(batch)
        one = values == 1.0
        unknown = np.isnan(values)
        if self._unsure:
            unknown |= values == -1.0
        covered = one | (values == 0.0) | unknown
        missing = np.asarray(unknown.all(axis=0))
        wrong = np.asarray(~covered.all(axis=0))
        return Labels(missing, wrong, None, one, unknown if unknown.any() else None)


class TagDecoder:
    """Several labels a cell: a list of names, or text with something between them."""

    def __init__(self, column: str, classes: Mapping[str, int], separator: str | None, *, blank_missing: bool) -> None:
        """Keep the map; `blank_missing` says that a blank cell of text is no empty set but a missing label."""
        self._column = column
        self._classes = dict(classes)
        self._separator = separator
        self._blank_missing = blank_missing

    @property
    def columns(self) -> Mapping[str, ReadAs]:
        """See `Decoder.columns`."""
        return {self._column: ReadAs.NATIVE}

    def decode(self, batch: pa.RecordBatch) -> Labels:
        """See `Decoder.decode`."""
        array = batch.column(batch.schema.get_field_index(self._column))
        starts, lengths, codes, missing = self._listed(array) if is_list(array.type) else self._written(array)
        rows = np.repeat(np.arange(len(array)), lengths)
        first = np.repeat(starts - (np.cumsum(lengths) - lengths), lengths)
        codes = codes[first + np.arange(len(rows))]
        hot = np.zeros((len(self._classes), len(array)), dtype=np.bool_)
        hot[codes[codes >= 0], rows[codes >= 0]] = True
        wrong = np.zeros(len(array), dtype=np.bool_)
        wrong[rows[codes == _UNSEEN]] = True
        return Labels(missing, wrong, None, hot)

    def _listed(self, array: pa.Array) -> tuple[Indices, Indices, Indices, npt.NDArray[np.bool_]]:
        starts, lengths, child, null = pieces(array)
        encoded = child if pa.types.is_dictionary(child.type) else child.dictionary_encode()
        known = [self._code(value) for value in encoded.dictionary.to_pylist()]
        at = view(encoded.indices).astype(np.intp)
        empty = nulls(encoded.indices)
        if empty is not None:
            at[empty] = len(known)
        return starts, lengths, np.array([*known, _NO_TAG], dtype=np.intp)[at], null

    def _code(self, value: object) -> int:
        return _NO_TAG if value is None else self._classes.get(as_text(value), _UNSEEN)

    def _written(self, array: pa.Array) -> tuple[Indices, Indices, Indices, npt.NDArray[np.bool_]]:
        """Split each distinct cell once; rows refer to its tags."""
        encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
        known = [split(as_text(cell), self._separator or "") for cell in encoded.dictionary.to_pylist()]
        sizes = np.array([*(len(tags) for tags in known), 0], dtype=np.intp)
        codes = np.array([self._code(tag) for tags in known for tag in tags], dtype=np.intp)
        at = view(encoded.indices).astype(np.intp)
        empty = nulls(encoded.indices)
        blank = np.zeros(len(array), dtype=np.bool_) if empty is None else empty
        at[blank] = len(known)
        missing = blank if self._blank_missing else np.zeros(len(array), dtype=np.bool_)
        return (np.cumsum(sizes) - sizes)[at], sizes[at], codes, missing


class SingleDecoder:
    """Rows of several labels of which each must hold exactly one: one class a row."""

    def __init__(self, inner: Decoder, *, none_missing: bool) -> None:
        """Keep the decoder of the labels; `none_missing` says that a row of zeros has no label."""
        self._inner = inner
        self._none_missing = none_missing

    @property
    def columns(self) -> Mapping[str, ReadAs]:
        """See `Decoder.columns`."""
        return self._inner.columns

    def decode(self, batch: pa.RecordBatch) -> Labels:
        """See `Decoder.decode`."""
        found = self._inner.decode(batch)
        assert found.hot is not None  # noqa: S101  the inner decoders give matrices
        ones = np.count_nonzero(found.hot, axis=0)
        missing = found.missing | ((ones == 0) & ~found.wrong) if self._none_missing else found.missing
        wrong = (found.wrong | (ones != 1)) & ~missing
        if found.unknown is not None:
            wrong |= found.unknown.any(axis=0) & ~missing
        return Labels(missing, wrong, found.hot.argmax(axis=0))
