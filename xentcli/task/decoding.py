"""Decoding: what was detected, or what a file declares, becomes a reading, and a reading becomes a decoder.

Floor 3. Everything is decided for the whole table before a cell is decoded.
"""

import pyarrow as pa

from xentcli.errors import UnreadableError, did_you_mean
from xentcli.files.arrays import is_list
from xentcli.files.format import Declared
from xentcli.files.plain import is_text
from xentcli.files.table import Table
from xentcli.task import survey
from xentcli.task.blocks import meanings_of
from xentcli.task.canonical import Decoder, Reading
from xentcli.task.cells import Cells, ColumnCells, VectorCells, WrittenCells
from xentcli.task.coding import ScalarCoder
from xentcli.task.decoders import HotDecoder, ScalarDecoder, SingleDecoder, TagDecoder
from xentcli.task.matching import class_order
from xentcli.task.model import Detection, Encoding, Kind, Task
from xentcli.task.positive import positive_class
from xentcli.task.tags import BRACKETS
from xentcli.task.yes_no import BOOLEANS

SCALAR = frozenset({
    Encoding.CLASS_NAMES, Encoding.CLASS_INDICES, Encoding.ONE_BASED_INDICES, Encoding.CLASS_CODES,
    Encoding.BOOLEANS, Encoding.PLUS_MINUS_ONE,
})  # fmt: skip
"""Encodings of one label a cell."""

TARGETS = (
    Encoding.CLASS_INDICES, Encoding.ONE_HOT, Encoding.MULTI_HOT, Encoding.CLASS_NAMES, Encoding.TAG_LISTS,
    Encoding.BOOLEANS, Encoding.PLUS_MINUS_ONE,
)  # fmt: skip
"""Encodings that labels are written in."""

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


def detected(found: Detection) -> Reading:
    """Return the reading that a detection stands for."""
    task, seen = found.task, found.seen
    if task.encoding not in SCALAR or not seen.values:
        return Reading(found.columns, task, signs=seen.signs, zero_open=seen.zero_open)
    texts = {text: rows for text, (rows, _) in seen.values.items() if text != seen.sentinel}
    order = class_order(texts, None)
    if order.classes != task.classes:
        order = class_order(texts, task.classes)
    masks = {} if seen.sentinel is None else {seen.sentinel: len(task.classes)}
    return Reading(found.columns, task, {**order.index, **masks})


def of_declared(table: Table, declared: Declared, positive: str | None = None) -> Reading | None:
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
        return Reading(declared.columns, task, declared=True)
    yes = None
    if len(classes) == 2:
        written = encoding in {Encoding.CLASS_INDICES, Encoding.BOOLEANS, Encoding.PLUS_MINUS_ONE}
        yes = classes[positive_class(classes, positive or declared.positive, indexed=written).index]
    kind = Kind.BINARY if len(classes) == 2 else Kind.MULTICLASS
    task = Task(kind, encoding, classes, yes)
    index = None if encoding is Encoding.ONE_HOT else _written_index(task)
    return Reading(declared.columns, task, index, declared=True)


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


def decoder_of(table: Table, reading: Reading) -> Decoder:
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


def _cells(table: Table, reading: Reading) -> Cells:
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
