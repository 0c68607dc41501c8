"""Coding: label cells become class indices or 0/1 matrices, by a map that is decided once for the table.

Floor 3. A coder names the columns it reads and codes one batch at a time; it never decides anything. What
it cannot code it marks as missing or unseen, row by row.
"""

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.arrays import AnyFloats, Floats, Indices, Mask
from xentcli.errors import ColumnError, Place
from xentcli.files.arrays import floats, is_list, lists, nulls, view
from xentcli.files.table import ReadAs
from xentcli.record import Record
from xentcli.task.tags import split_known
from xentcli.task.values import as_text, integer_of
from xentcli.task.vocabulary import NULL_WORDS, ONE_WORDS, ZERO_WORDS

MISSING = -1
"""The code of a cell without a class."""

UNSEEN = -2
"""The code of a cell whose class is none of the known ones."""


class Coded(Record):
    """The labels of one batch.

    Attributes:
        index: shape (n,), class index; 0 where missing or unseen. None for multi-label coders.
        hot: shape (labels, n), whether a row has the label; None for single-label coders.
        missing: shape (n,), rows without a label.
        unseen: shape (n,), rows whose label is none of the classes.
        targets: shape (classes, n), target probabilities as the file holds them; None for hard labels.
        divisor: shape (n,), what `targets` are divided by.
        bad: shape (n,), rows whose targets are no probabilities; None for hard labels.
    """

    index: Indices | None
    hot: Mask | None
    missing: Mask
    unseen: Mask
    targets: AnyFloats | None = None
    divisor: Floats | None = None
    bad: Mask | None = None

    def shares(self, rows: slice) -> Floats | None:
        """Return the target probabilities of some rows, shape (classes, n), divided; None for hard labels."""
        if self.targets is None or self.divisor is None:
            return None
        found: Floats = self.targets[:, rows].astype(np.float64) / self.divisor[rows]
        return found

    def codes(self) -> Indices | None:
        """Return the class index of each row, -1 where it is missing, -2 where it is none; None for matrices."""
        if self.index is None:
            return None
        return np.where(self.missing, MISSING, np.where(self.unseen, UNSEEN, self.index))


class Coder(Protocol):
    """Turns the label columns of a batch into class indices or a 0/1 matrix."""

    @property
    def columns(self) -> Mapping[str, ReadAs]:
        """The columns it reads, and how."""
        ...

    def code(self, batch: pa.RecordBatch) -> Coded:
        """Return the coded labels of a batch that holds at least those columns."""
        ...


def _single(codes: Indices) -> Coded:
    if len(codes) == 0 or codes.min() >= 0:
        return Coded(codes, None, np.zeros(len(codes), dtype=np.bool_), np.zeros(len(codes), dtype=np.bool_))
    return Coded(np.maximum(codes, 0), None, codes == MISSING, codes == UNSEEN)


class ScalarCoder:
    """One label a cell: text, number or boolean, looked up in a map from its text to the class index."""

    def __init__(self, column: str, classes: Mapping[str, int], ignored: Mapping[str, int] | None = None) -> None:
        """Keep the map; keys are label texts as `task.values.as_text` writes them.

        Texts of `ignored`, with how many rows hold them, count as missing.
        """
        self.column = column
        self.ignored = dict(ignored or {})
        self.classes = dict(classes) | dict.fromkeys(self.ignored, MISSING)
        integers = {key: integer_of(key) for key in self.classes}
        keys = sorted(key for key in integers.values() if key is not None)
        self._keys = np.array(keys, dtype=np.int64)
        by_integer = {integers[key]: index for key, index in self.classes.items()}
        self._codes = np.array([by_integer[key] for key in keys], dtype=np.intp)
        self._identity = len(keys) > 0 and keys == list(range(len(keys))) == self._codes.tolist()

    @property
    def columns(self) -> Mapping[str, ReadAs]:
        """The one label column, as the file types it."""
        return {self.column: ReadAs.NATIVE}

    def code(self, batch: pa.RecordBatch) -> Coded:
        """Return the class index of each row."""
        array = batch.column(batch.schema.get_field_index(self.column))
        if pa.types.is_integer(array.type) and array.type != pa.uint64():
            return _single(self._code_integers(array))
        return _single(self._code_any(array))

    def _code_integers(self, array: pa.Array) -> Indices:
        values = view(array).astype(np.int64, copy=False)
        if self._identity and array.null_count == 0 and len(values) and self._all_indices(values):
            return values.astype(np.intp, copy=False)
        if len(self._keys) == 0:
            codes = np.full(len(values), UNSEEN, dtype=np.intp)
        else:
            at = np.minimum(np.searchsorted(self._keys, values), len(self._keys) - 1)
            codes = np.where(self._keys[at] == values, self._codes[at], UNSEEN)
        missing = nulls(array)
        if missing is not None:
            codes[missing] = MISSING
        return codes

    def _all_indices(self, values: npt.NDArray[np.int64]) -> bool:
        return bool(values.min() >= 0 and values.max() < len(self._keys))

    def _code_any(self, array: pa.Array) -> Indices:
        if not pa.types.is_dictionary(array.type):
            array = array.dictionary_encode()
        table = [self._lookup(value) for value in array.dictionary.to_pylist()]
        codes = np.array([*table, MISSING], dtype=np.intp)
        at = view(array.indices).astype(np.intp)
        missing = nulls(array.indices)
        if missing is not None:
            at[missing] = len(table)
        return codes[at]

    def _lookup(self, value: object) -> int:
        if value is None or value != value:  # noqa: PLR0124  NaN is a missing label
            return MISSING
        return self.classes.get(as_text(value), UNSEEN)


def _zero_one(array: pa.Array, column: str, no: float = 0.0, open_at: float | None = None) -> tuple[Mask, Mask, Mask]:
    """Return (is one, is missing, is neither) of a column of cells that say 1, or `no`; `open_at` is missing, too."""
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        array = array.dictionary_encode()
    if pa.types.is_dictionary(array.type):
        values = _values_of_words(array)
        missing = np.isnan(values)
    else:
        values = floats(array, column)
        missing = np.isnan(values)
        empty = nulls(array)
        if empty is not None:
            missing |= empty
    if open_at is not None:
        missing |= values == open_at
    one = values == 1.0
    return one & ~missing, missing, ~missing & ~one & (values != no)


def _values_of_words(array: pa.DictionaryArray) -> AnyFloats:
    """Return 0/1 cells that may be written as words, shape (n,): NaN where missing, 2 for what is neither."""
    words = np.array([*(_value_of_word(as_text(cell)) for cell in array.dictionary.to_pylist()), np.nan])
    at = view(array.indices).astype(np.intp)
    blank = nulls(array.indices)
    if blank is not None:
        at[blank] = len(words) - 1
    return np.asarray(words[at])


def _value_of_word(text: str) -> float:
    word = text.strip().casefold()
    if word in ONE_WORDS or word in ZERO_WORDS:
        return float(word in ONE_WORDS)
    if not word or word in NULL_WORDS:
        return float("nan")
    try:
        return float(word)
    except ValueError:
        return 2.0


def _list_matrix(array: pa.Array, size: int, column: str) -> tuple[Mask, Mask, Mask]:
    """Return a list column of 0/1 as (one, shape (size, n); missing, shape (n,); unseen, shape (n,))."""
    cells = lists(array)
    count = len(array)
    missing = np.zeros(count, dtype=np.bool_) if cells.null is None else cells.null
    wrong = ~missing & (cells.lengths != size)
    good = np.flatnonzero(~missing & ~wrong)
    one, blank, other = _zero_one(cells.values, column)
    at = cells.starts[good][:, None] + np.arange(size)
    hot = np.zeros((size, count), dtype=np.bool_)
    hot[:, good] = one[at].T
    missing[good] |= blank[at].any(axis=1)
    wrong[good] |= other[at].any(axis=1) & ~missing[good]
    return hot, missing, wrong


class HotCoder:
    """0/1 labels: a column per class, or one list column; one-hot rows become indices, others a matrix."""

    def __init__(
        self,
        names: tuple[str, ...],
        size: int,
        *,
        one_hot: bool,
        words: bool = False,
        signs: bool = False,
        zero_open: bool = False,
    ) -> None:
        """Keep the label columns (one list column, or `size` scalar ones in class order).

        With `words`, text is read as it stands: it may say true and false; without, what is no number is missing. With
        `signs`, -1 says no instead of 0, which with `zero_open` leaves a label open, as a blank cell does.
        """
        self.names = names
        self.size = size
        self.one_hot = one_hot
        self.words = words
        self.signs = signs
        self.zero_open = zero_open

    @property
    def columns(self) -> Mapping[str, ReadAs]:
        """The label columns, read as numbers or as they stand."""
        return dict.fromkeys(self.names, ReadAs.NATIVE if self.words else ReadAs.NUMBER)

    def code(self, batch: pa.RecordBatch) -> Coded:
        """Return the index of the single 1 of each row, or the whole matrix."""
        hot, missing, unseen = self._matrix(batch)
        if not self.one_hot:
            return Coded(None, hot, missing, unseen)
        unseen |= ~missing & (np.count_nonzero(hot, axis=0) != 1)
        return Coded(hot.argmax(axis=0), None, missing, unseen)

    def _matrix(self, batch: pa.RecordBatch) -> tuple[Mask, Mask, Mask]:
        arrays = [batch.column(batch.schema.get_field_index(name)) for name in self.names]
        if len(arrays) == 1 and is_list(arrays[0].type):
            return _list_matrix(arrays[0], self.size, self.names[0])
        hot = np.zeros((self.size, batch.num_rows), dtype=np.bool_)
        missing = np.zeros(batch.num_rows, dtype=np.bool_)
        unseen = np.zeros(batch.num_rows, dtype=np.bool_)
        for row, (array, name) in enumerate(zip(arrays, self.names, strict=True)):
            one, blank, other = _zero_one(
                array, name, -1.0 if self.signs else 0.0, open_at=0.0 if self.zero_open else None
            )
            hot[row] = one
            missing |= blank
            unseen |= other
        return hot, missing, unseen & ~missing


class TagCoder:
    """Several labels a cell: a list of names or indices, or text with a separator between them."""

    def __init__(self, column: str, classes: Mapping[str, int], size: int, separator: str | None) -> None:
        """Keep the map from tag text to label index; `separator` is None for list columns."""
        self.column = column
        self.classes = dict(classes)
        self.size = size
        self.separator = separator

    @property
    def columns(self) -> Mapping[str, ReadAs]:
        """The one tag column, as the file types it."""
        return {self.column: ReadAs.NATIVE}

    def code(self, batch: pa.RecordBatch) -> Coded:
        """Return the 0/1 matrix; a blank text cell is a row without tags, a null list a missing label."""
        array = batch.column(batch.schema.get_field_index(self.column))
        hot = np.zeros((self.size, len(array)), dtype=np.bool_)
        unseen = np.zeros(len(array), dtype=np.bool_)
        if is_list(array.type):
            rows, tags, missing = self._from_lists(array)
        else:
            rows, tags, missing = self._from_text(array)
        unseen[rows[tags == UNSEEN]] = True
        known = tags >= 0
        hot[tags[known], rows[known]] = True
        return Coded(None, hot, missing, unseen)

    def _from_lists(self, array: pa.Array) -> tuple[Indices, Indices, Mask]:
        cells = lists(array)
        missing = np.zeros(len(array), dtype=np.bool_) if cells.null is None else cells.null
        lengths = np.where(missing, 0, cells.lengths)
        rows = np.repeat(np.arange(len(array)), lengths)
        first = np.repeat(cells.starts - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
        child = ScalarCoder(self.column, self.classes).code(
            pa.RecordBatch.from_arrays([cells.values], names=[self.column])
        )
        assert child.index is not None  # noqa: S101  a scalar coder always gives indices
        codes = np.where(child.missing | child.unseen, UNSEEN, child.index)
        return rows, codes[first + np.arange(len(rows))], missing

    def _from_text(self, array: pa.Array) -> tuple[Indices, Indices, Mask]:
        encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
        split = [self._split(text) for text in encoded.dictionary.to_pylist()]
        at = view(encoded.indices).astype(np.intp)
        blank = nulls(encoded.indices)
        if blank is not None:
            at[blank] = len(split)
        lengths = np.array([*(len(tags) for tags in split), 0], dtype=np.intp)[at]
        rows = np.repeat(np.arange(len(at)), lengths)
        codes = [split[cell] for cell in at.tolist() if cell < len(split)]
        flat = np.array([code for tags in codes for code in tags], dtype=np.intp)
        return rows, flat, np.zeros(len(at), dtype=np.bool_)

    def _split(self, text: str) -> list[int]:
        if self.separator is None:
            raise ColumnError("holds text where lists were expected", place=Place(column=self.column))
        return [self.classes.get(tag, UNSEEN) for tag in split_known(text, self.separator, self.classes)]
