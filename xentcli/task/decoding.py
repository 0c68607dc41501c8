"""Decoding: what was detected, or what a file declares, becomes a reading, and a reading becomes a decoder.

Floor 3. Everything is decided for the whole table before a cell is decoded. There is a decoder for each way of writing
labels; it takes a batch at a time.
"""

from collections import Counter
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.arrays import Indices
from xentcli.errors import UnreadableError, did_you_mean
from xentcli.files.arrays import is_list, nulls, vector, view
from xentcli.files.format import Declared
from xentcli.files.plain import is_text
from xentcli.files.table import ReadAs, Table
from xentcli.task import survey
from xentcli.task.blocks import meanings_of
from xentcli.task.cells import CellReader, ColumnCells, VectorCells, WrittenCells, pieces
from xentcli.task.coding import ScalarCoder
from xentcli.task.column_facts import ColumnFacts, null_words
from xentcli.task.encoding import CanonicalLabels, Decoder, LabelReading
from xentcli.task.matching import class_order
from xentcli.task.model import Detection, Task
from xentcli.task.positive import positive_class
from xentcli.task.tags import BRACKETS, split
from xentcli.task.values import as_text
from xentcli.task.vocabulary import BOOLEANS
from xentcli.terms import TARGETS, Encoding, Kind

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

    def decode(self, batch: pa.RecordBatch) -> CanonicalLabels:
        """See `Decoder.decode`."""
        coded = self._coder.code(batch)
        assert coded.index is not None  # noqa: S101  a scalar coder always gives indices
        none = coded.index == self._size
        unseen = coded.unseen
        if self._null_words and unseen.any():
            none[unseen] = self._are_null(batch, np.flatnonzero(unseen))
            unseen = unseen & ~none
        return CanonicalLabels(coded.missing | none, unseen, np.where(none, 0, coded.index))

    def _are_null(self, batch: pa.RecordBatch, rows: Indices) -> npt.NDArray[np.bool_]:
        array = batch.column(batch.schema.get_field_index(self._coder.column)).take(vector(rows))
        encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
        cells = [as_text(value) for value in encoded.dictionary.to_pylist()]
        words = null_words(ColumnFacts(self._coder.column, counts=Counter([*self._coder.classes, *cells])))
        null: npt.NDArray[np.bool_] = np.array([cell in words for cell in cells])[view(encoded.indices)]
        return null


class HotDecoder:
    """0/1 cells: a label holds, does not, or is unknown."""

    def __init__(self, cells: CellReader, *, unsure: bool) -> None:
        """Keep the reader; `unsure` says that -1 among 0 and 1 is an unknown cell."""
        self._cells = cells
        self._unsure = unsure

    @property
    def columns(self) -> Mapping[str, ReadAs]:
        """See `Decoder.columns`."""
        return self._cells.columns

    def decode(self, batch: pa.RecordBatch) -> CanonicalLabels:
        """See `Decoder.decode`."""
        values = self._cells.matrix(batch)
        one = values == 1.0
        unknown = np.isnan(values)
        if self._unsure:
            unknown |= values == -1.0
        covered = one | (values == 0.0) | unknown
        missing = np.asarray(unknown.all(axis=0))
        wrong = np.asarray(~covered.all(axis=0))
        return CanonicalLabels(missing, wrong, None, one, unknown if unknown.any() else None)


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

    def decode(self, batch: pa.RecordBatch) -> CanonicalLabels:
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
        return CanonicalLabels(missing, wrong, None, hot)

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

    def decode(self, batch: pa.RecordBatch) -> CanonicalLabels:
        """See `Decoder.decode`."""
        found = self._inner.decode(batch)
        assert found.hot is not None  # noqa: S101  the inner decoders give matrices
        ones = np.count_nonzero(found.hot, axis=0)
        missing = found.missing | ((ones == 0) & ~found.wrong) if self._none_missing else found.missing
        wrong = (found.wrong | (ones != 1)) & ~missing
        if found.unknown is not None:
            wrong |= found.unknown.any(axis=0) & ~missing
        return CanonicalLabels(missing, wrong, found.hot.argmax(axis=0))


SCALAR = frozenset({
    Encoding.CLASS_NAMES, Encoding.CLASS_INDICES, Encoding.ONE_BASED_INDICES, Encoding.CLASS_CODES,
    Encoding.BOOLEANS, Encoding.PLUS_MINUS_ONE,
})  # fmt: skip
"""Encodings of one label a cell."""


_FAULTS = {
    Encoding.CLASS_PROBABILITIES: "hold a distribution over several classes, not one class",
    Encoding.LABEL_PROBABILITIES: "hold shares between 0 and 1, not labels",
    Encoding.MULTI_HOT: "hold other cells than 0 and 1",
    Encoding.ONE_HOT: "hold other cells than a single 1 among 0s",
}


def fault_of(task: Task) -> str:
    """Return what is the matter with rows that a reading does not cover."""
    encoding = task.encoding if isinstance(task.encoding, Encoding) else None
    return _FAULTS.get(encoding, "hold a label that is none of the classes") if encoding else "hold no label"


def detected(found: Detection) -> LabelReading:
    """Return the reading that a detection stands for."""
    task, seen = found.task, found.seen
    if task.encoding not in SCALAR or not seen.values:
        return LabelReading(found.columns, task, signs=seen.signs, zero_open=seen.zero_open)
    texts = {text: rows for text, (rows, _) in seen.values.items() if text != seen.sentinel}
    order = class_order(texts, None)
    if order.classes != task.classes:
        order = class_order(texts, task.classes)
    masks = {} if seen.sentinel is None else {seen.sentinel: len(task.classes)}
    return LabelReading(found.columns, task, {**order.index, **masks})


def of_declared(table: Table, declared: Declared, positive: str | None = None) -> LabelReading | None:
    """Return the reading that a file declares, None if it does not say enough.

    Args:
        table: the file.
        declared: what it says.
        positive: the positive class, if the caller names it.

    Raises:
        UnreadableError: it declares an encoding that labels are never written in.
    """
    if declared.encoding is None or not declared.columns:
        return None
    encoding, classes = _declared_encoding(declared), declared.classes
    text = is_text(table[declared.columns[0]].type)
    if encoding is Encoding.TAG_LISTS and text and declared.separator is None:
        return None
    if encoding in {Encoding.MULTI_HOT, Encoding.TAG_LISTS}:
        task = Task(Kind.MULTILABEL, encoding, classes, separator=declared.separator)
        return LabelReading(declared.columns, task, declared=True)
    yes = None
    if len(classes) == 2:
        written = encoding in {Encoding.CLASS_INDICES, Encoding.BOOLEANS, Encoding.PLUS_MINUS_ONE}
        yes = classes[positive_class(classes, positive or declared.positive, indexed=written).index]
    kind = Kind.BINARY if len(classes) == 2 else Kind.MULTICLASS
    task = Task(kind, encoding, classes, yes)
    index = None if encoding is Encoding.ONE_HOT else _written_index(task)
    return LabelReading(declared.columns, task, index, declared=True)


def _declared_encoding(declared: Declared) -> Encoding:
    known = [one.value for one in TARGETS]
    if declared.encoding in known:
        return Encoding(declared.encoding)
    close = did_you_mean(str(declared.encoding), known)
    raise UnreadableError(
        f"{declared.where}: 'encoding' is {declared.encoding!r}, not one that labels are written in",
        help=f"did you mean {close!r}?" if close else f"known: {', '.join(known)}; --classes comes before the file",
    )


def _written_index(task: Task) -> dict[str, int]:
    """Return the class index of each text that an encoding writes."""
    size = len(task.classes)
    if task.encoding is Encoding.CLASS_NAMES:
        return {name: at for at, name in enumerate(task.classes)}
    if task.encoding is Encoding.CLASS_INDICES or task.positive is None:
        return {str(at): at for at in range(size)}
    yes = task.classes.index(task.positive)
    no, one = BOOLEANS if task.encoding is Encoding.BOOLEANS else ("-1", "1")
    return {no: 1 - yes, one: yes}


def decoder_of(table: Table, reading: LabelReading) -> Decoder:
    """Return the decoder of a reading; where 0/1 columns are written as text, their texts are surveyed."""
    task, first = reading.task, reading.columns[0]
    if reading.index is not None:
        return ScalarDecoder(ScalarCoder(first, reading.index), len(task.classes), null_words=not reading.declared)
    names = {name: at for at, name in enumerate(task.classes)}
    if task.encoding is Encoding.TAG_LISTS:
        return TagDecoder(first, names, task.separator, blank_missing=reading.declared)
    if task.encoding is Encoding.CLASS_NAMES:  # lists of exactly one name
        separator = None if is_list(table[first].type) else BRACKETS
        return SingleDecoder(TagDecoder(first, names, separator, blank_missing=True), none_missing=False)
    several = task.encoding in {Encoding.MULTI_HOT, Encoding.LABEL_PROBABILITIES}
    hot = HotDecoder(_cells(table, reading), unsure=task.encoding is Encoding.MULTI_HOT)
    return hot if several else SingleDecoder(hot, none_missing=True)


def _cells(table: Table, reading: LabelReading) -> CellReader:
    """Return the reader of 0/1 cells: of a column each, of lists, or of written lists."""
    names, size = reading.columns, len(reading.task.classes)
    kinds = [table[name].type for name in names]
    if len(names) == 1 and is_list(kinds[0]):
        return VectorCells(names[0], size, zero_open=reading.zero_open)
    if len(names) == 1 and size > 1:
        return WrittenCells(names[0], size)
    if reading.signs or reading.declared or all(_is_typed(kind) for kind in kinds):
        return ColumnCells(names, signs=reading.signs, zero_open=reading.zero_open)
    meanings = meanings_of(survey.survey_columns(table, names))
    if meanings is None or meanings.by_column is None:
        return ColumnCells(names)
    return ColumnCells(names, meanings.by_column, meanings.blank)


def _is_typed(kind: pa.DataType) -> bool:
    return survey.is_number(kind) or bool(pa.types.is_boolean(kind))
