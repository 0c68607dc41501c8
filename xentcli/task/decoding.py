"""Decoding: label cells of any encoding become one canonical form, by a reading that holds for the whole table.

Floor 3. The canonical form is a class index a row, or a 0/1 matrix with what is unknown beside it. A decoder
names the columns it reads and decodes a batch at a time; it decides nothing, and marks rows that do not fit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import pyarrow as pa

from xentcli.errors import UnreadableError, did_you_mean
from xentcli.files.arrays import is_list
from xentcli.files.format import Declared
from xentcli.files.table import ReadAs, Table
from xentcli.task.cells import Cells, ColumnCells, TagCells, VectorCells, WrittenCells
from xentcli.task.coding import Indices, Mask, ScalarCoder
from xentcli.task.matching import class_order, positive_class
from xentcli.task.model import Detection, Encoding, Kind, Task
from xentcli.task.survey import is_number
from xentcli.task.tags import BRACKETS

SCALAR = {
    Encoding.CLASS_NAMES, Encoding.CLASS_INDICES, Encoding.ONE_BASED_INDICES, Encoding.CLASS_CODES,
    Encoding.BOOLEANS, Encoding.PLUS_MINUS_ONE,
}  # fmt: skip
_SHARES = {Encoding.CLASS_PROBABILITIES, Encoding.LABEL_PROBABILITIES}
_WRITTEN = {*SCALAR, Encoding.ONE_HOT, Encoding.MULTI_HOT, Encoding.TAG_LISTS}


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of a batch of n rows, in the canonical form.

    Attributes:
        missing: shape (n,), rows without a label.
        wrong: shape (n,), rows whose cells the reading does not cover.
        index: shape (n,), class index, 0 where there is none; None for several labels a row.
        hot: shape (labels, n), whether a row has a label; None for one class a row.
        unknown: shape (labels, n), whether that is unknown; None if it never is.
    """

    missing: Mask
    wrong: Mask
    index: Indices | None = None
    hot: Mask | None = None
    unknown: Mask | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How the label columns of a table are read.

    Attributes:
        columns: the label columns.
        task: what they mean.
        index: class index by label text, of one column of plain cells; `len(task.classes)` means no label.
        declared: whether the file itself says so: then its cells are taken exactly as they were written.
    """

    columns: tuple[str, ...]
    task: Task
    index: Mapping[str, int] | None = None
    declared: bool = False


class Decoder(Protocol):
    """Turns the label columns of a batch into the canonical form."""

    @property
    def columns(self) -> Mapping[str, ReadAs]:
        """The columns it reads, and how."""
        ...

    def decode(self, batch: pa.RecordBatch) -> Labels:
        """Return the labels of a batch that holds at least those columns."""
        ...


def detected(found: Detection) -> Reading:
    """Return the reading that a detection stands for."""
    task, seen = found.task, found.seen
    if task.encoding not in SCALAR or not seen.values:
        return Reading(found.columns, task)
    texts = {text: rows for text, (rows, _) in seen.values.items() if text != seen.sentinel}
    order = class_order(texts, None)
    if order.classes != task.classes:
        order = class_order(texts, task.classes)
    masks = {} if seen.sentinel is None else {seen.sentinel: len(task.classes)}
    return Reading(found.columns, task, {**order.index, **masks})


def of_declared(declared: Declared) -> Reading | None:
    """Return the reading that a file declares, None if it names its classes and columns at most.

    Raises:
        UnreadableError: it declares an encoding that labels are never written in.
    """
    if declared.encoding is None or not declared.columns:
        return None
    known = sorted(one.value for one in _WRITTEN)
    if declared.encoding not in known:
        close = did_you_mean(declared.encoding, known)
        raise UnreadableError(
            f"{declared.where}: 'encoding' is {declared.encoding!r}, which no labels are written in",
            help=f"did you mean {close!r}?" if close else f"known: {', '.join(known)}",
        )
    encoding, classes = Encoding(declared.encoding), declared.classes
    kind = Kind.MULTICLASS if len(classes) > 2 else Kind.BINARY
    if encoding in {Encoding.MULTI_HOT, Encoding.TAG_LISTS}:
        kind = Kind.MULTILABEL
    positive = declared.positive
    if kind is Kind.BINARY and positive is None:
        positive = classes[positive_class(classes, None, (), None)[0]] if len(classes) == 2 else classes[-1]
    task = Task(kind, encoding, classes, positive if kind is Kind.BINARY else None, separator=declared.separator)
    index = _written_index(task) if encoding in SCALAR else None
    return Reading(declared.columns, task, index, declared=True)


def _written_index(task: Task) -> dict[str, int]:
    """Return the class index of each text that an encoding writes."""
    size = len(task.classes)
    if task.encoding in {Encoding.BOOLEANS, Encoding.PLUS_MINUS_ONE}:
        yes = task.classes.index(task.positive) if task.positive in task.classes else size - 1
        words = ("false", "true") if task.encoding is Encoding.BOOLEANS else ("-1", "1")
        return {words[0]: 1 - yes, words[1]: yes} if size == 2 else {words[1]: yes}
    if task.encoding is Encoding.CLASS_INDICES:
        return {str(at): at for at in range(size)}
    if task.encoding is Encoding.ONE_BASED_INDICES:
        return {str(at + 1): at for at in range(size)}
    return {name: at for at, name in enumerate(task.classes)}


def decoder_of(table: Table, reading: Reading) -> Decoder:
    """Return the decoder of a reading; looks at the texts of 0/1 columns that are words."""
    task, columns = reading.task, reading.columns
    size, first = len(task.classes), columns[0]
    if reading.index is not None:
        return ScalarDecoder(ScalarCoder(first, reading.index), size)
    if task.encoding is Encoding.TAG_LISTS:
        index = {name: at for at, name in enumerate(task.classes)}
        return TagDecoder(TagCells(first, index, task.separator, exact=reading.declared))
    if task.encoding is Encoding.CLASS_NAMES:  # lists of exactly one name
        index = {name: at for at, name in enumerate(task.classes)}
        separator = None if is_list(table[first].type) else BRACKETS
        return SingleDecoder(TagDecoder(TagCells(first, index, separator, exact=False)), "hold several names, or none")
    hot = HotDecoder(_cells(table, reading), unsure=task.encoding is Encoding.MULTI_HOT)
    if task.encoding in {Encoding.MULTI_HOT, Encoding.LABEL_PROBABILITIES}:
        return hot
    return SingleDecoder(hot, _FAULTS.get(task.encoding, "hold other cells than a single 1 among 0s"))


_FAULTS = {
    Encoding.CLASS_PROBABILITIES: "hold a distribution over several classes, not one class",
    Encoding.LABEL_PROBABILITIES: "hold shares between 0 and 1, not labels",
}


def fault_of(task: Task) -> str:
    """Return what is wrong with rows that a reading does not cover."""
    if isinstance(task.encoding, Encoding):
        if task.encoding in _FAULTS:
            return _FAULTS[task.encoding]
        if task.encoding in {*SCALAR, Encoding.TAG_LISTS}:
            return "hold a label that is none of the classes"
    return "hold other cells than 0 and 1"


def is_soft(task: Task) -> bool:
    """Whether the cells are shares, which only hard rows can be written as labels of."""
    return task.encoding in _SHARES


def _cells(table: Table, reading: Reading) -> Cells:
    """Return the reader of the 0/1 cells of a reading: of a column each, of lists, or of written lists."""
    names, size = reading.columns, len(reading.task.classes)
    kind = table[names[0]].type
    if len(names) == 1 and is_list(kind):
        return VectorCells(names[0], size)
    if len(names) == 1 and size > 1:
        return WrittenCells(names[0], size)
    typed = all(is_number(table[name].type) or pa.types.is_boolean(table[name].type) for name in names)
    if reading.declared or (typed and not _signed(table, names)):
        return ColumnCells(names)
    from xentcli.task.blocks import meanings_of  # noqa: PLC0415  blocks of words alone need it

    by_column, blank = meanings_of(table, names)
    return ColumnCells(names, by_column, blank)
