"""Long form: tables whose ids repeat, with a row per item and label, or per annotator.

Floor 3. Rows of one item are no items of their own: judged one by one, an item with three labels counts three times.
What is certain is gathered into a row per item; what is not is said, and never called certain.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.arrays import Codes
from xentcli.files.arrays import is_list, nulls, texts, view
from xentcli.files.batches import MemoryPart
from xentcli.files.table import Column, ReadAs, Table
from xentcli.phrases import counted
from xentcli.record import MutableRecord, Record, field, replace
from xentcli.task.asides import is_aside
from xentcli.task.first_rows import MOST_COLUMNS, first_cells
from xentcli.task.matching import ClassOrder, class_order
from xentcli.task.names import pieces
from xentcli.task.reading.names import is_id
from xentcli.task.values import as_text, integer_of
from xentcli.task.vocabulary import CLASS_WORDS, ITEM_WORDS, LABEL_WORDS

MOST_ROWS = 10_000_000
MOST_VALUES = 2_000_000
MOST_VOTED = 1_000
"""Classes up to which votes are a column per class."""


class CodedColumn(MutableRecord):
    """A column as whole numbers: the position of each cell among its distinct values, -1 where it is empty."""

    values: dict[str, int] = field(default_factory=dict)
    pieces: list[Codes] = field(default_factory=list)

    def add(self, array: pa.Array) -> None:
        """Add the cells of an array."""
        encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
        held = encoded.dictionary.to_pylist()
        known = [-1 if one is None else self.values.setdefault(as_text(one), len(self.values)) for one in held]
        table = np.array([*known, -1], dtype=np.int32)
        at = view(encoded.indices).astype(np.intp)
        empty = nulls(encoded.indices)
        self.pieces.append(table[at if empty is None else np.where(empty, len(known), at)])

    @property
    def codes(self) -> Codes:
        """Of all rows, shape (rows,)."""
        return np.concatenate(self.pieces) if self.pieces else np.zeros(0, dtype=np.int32)

    @property
    def texts(self) -> list[str]:
        """The distinct values, in the order of their numbers."""
        return list(self.values)


def coded(table: Table, columns: tuple[str, ...]) -> Mapping[str, CodedColumn] | None:
    """Return some columns as whole numbers, None where they are more than is held."""
    found = {name: CodedColumn() for name in columns}
    rows = 0
    for batch in table.batches(dict.fromkeys(columns, ReadAs.NATIVE)):
        rows += batch.num_rows
        for name, array in zip(columns, batch.columns, strict=True):
            found[name].add(array)
        if rows > MOST_ROWS or any(len(one.values) > MOST_VALUES for one in found.values()):
            return None
    return found


def pairs(one: Codes, other: Codes) -> npt.NDArray[np.int64]:
    """Return a number for each row that is the same for the same two values alone, shape (rows,)."""
    return (one.astype(np.int64) << 32) | (other.astype(np.int64) & 0xFFFFFFFF)


def distinct(numbers: npt.NDArray[Any]) -> int:
    """Return how many different numbers there are."""
    return len(np.unique(numbers))


def first_rows_of(items: Codes) -> npt.NDArray[np.intp]:
    """Return the first row, from 0, of each item, in the order of their numbers."""
    return np.unique(items, return_index=True)[1]


def tags_by_item(
    table: Table, item: str, label: str, rows: Mapping[str, CodedColumn], held: npt.NDArray[np.bool_]
) -> Table:
    """Return the table of items with the list of their labels, in the order in which the items come.

    Args:
        table: where the rows are.
        item: the column that names the item of a row.
        label: the column of its label.
        rows: both as whole numbers.
        held: shape (rows,), false for a row that says that its label does not hold.
    """
    items, labels = rows[item].codes, rows[label].codes
    kept = np.flatnonzero(held & (labels >= 0))
    kept = kept[np.argsort(items[kept], kind="stable")]
    names = rows[item].texts
    lengths = np.bincount(items[kept], minlength=len(names))
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    words = rows[label].texts
    flat = texts(words[at] for at in labels[kept].tolist())
    listed = pa.ListArray.from_arrays(pa.array(offsets), flat)
    return _in_memory(table, {item: texts(names), label: listed})


def votes_by_item(table: Table, item: str, label: str, rows: Mapping[str, CodedColumn], order: ClassOrder) -> Table:
    """Return the table of items with the number of votes for each class, in columns `votes_CLASS`."""
    items, labels = rows[item].codes, rows[label].codes
    at = np.array([order.index[name] for name in rows[label].values])
    counts = np.zeros((len(rows[item].values), len(order.classes)), dtype=np.int64)
    filled = labels >= 0
    np.add.at(counts, (items[filled], at[labels[filled]]), 1)
    votes = {f"votes_{name}": pa.array(counts[:, column]) for column, name in enumerate(order.classes)}
    return _in_memory(table, {item: texts(rows[item].texts), **votes})


def _in_memory(table: Table, arrays: Mapping[str, pa.Array]) -> Table:
    held = pa.table(list(arrays.values()), names=list(arrays))
    columns = tuple(Column(name, array.type) for name, array in arrays.items())
    return Table(table.path, table.format, columns, (MemoryPart(held),), held.num_rows, table.notes)


_ANNOTATORS = frozenset({
    "worker", "workers", "annotator", "annotators", "rater", "raters", "coder", "judge", "labeler", "labeller",
    "assessor", "reviewer", "grader", "crowdworker", "turker", "expert",
})  # fmt: skip
_OF_LABELS = CLASS_WORDS | LABEL_WORDS
"""Words of ids that number classes, not items: `class_id`."""

_ANSWERS = frozenset({"annotation", "vote", "judgment", "judgement", "assignment", "response", "row", "unnamed"})
_CONFIDENCES = frozenset({"confidence", "conf"})
_SOURCES = frozenset({"source", "origin"})
_TIMES = frozenset({"time", "date", "timestamp", "datetime", "created", "updated", "submitted", "duration", "seconds"})

_OFTEN = 0.1
"""Share of items with several rows from which on the file is in long form, and not one with a few doubled ids."""


_MANY = 20
"""Rows an item beyond which a column that only its name calls an id is a group of rows, as a `number` of 0 to 9 is."""


class LongKind(StrEnum):
    """What the rows of an item are, as a sentence says it."""

    LABELS = "a row per item and label"
    ANNOTATORS = "a row per annotator"
    SEVERAL = "several rows per item"


class LongForm(Record):
    """A table in long form.

    Attributes:
        kind: what the rows of an item are.
        item: the column that names the item.
        said: sentences on it.
        confidence: a column that was used because its 0 says no.
        gathered: the table of items; None where rows stay as they are.
        labels: the label columns of `gathered`.
        classes: the classes of votes, in the order of `labels`; None where these are lists of labels.
        first: the first row, from 1, of each item of `gathered`.
        rows: of the file.
    """

    kind: LongKind
    item: str
    said: tuple[str, ...]
    rows: int
    confidence: str | None = None
    gathered: Table | None = None
    labels: tuple[str, ...] = ()
    classes: tuple[str, ...] | None = None
    first: tuple[int, ...] = ()

    def rows_of_file(self, items: Sequence[int]) -> tuple[int, ...]:
        """Return the first row of the file of each of some items, both from 1."""
        return tuple(self.first[item - 1] for item in items)


def long_form(table: Table, label: str, item: str | None = None) -> LongForm | None:
    """Return in what way the rows of a table are long form, None where each is an item of its own.

    Args:
        table: the file.
        label: its one label column.
        item: the column that names the items, as the caller says; then votes are gathered as well.
    """
    if is_list(table[label].type) or len(table.names) > MOST_COLUMNS or is_list(table[item or label].type):
        return None
    plain = [name for name in table.names if name != label and not is_list(table[name].type)]
    annotator = next((name for name in plain if name != item and pieces(name) & _ANNOTATORS), None)
    column = item or _item(table, plain, annotator)
    if column is None or column == label:
        return None
    confidence = next((name for name in plain if name != column and pieces(name) <= _CONFIDENCES), None)
    columns = _Columns(column, label, annotator, confidence)
    rows = coded(table, columns.used)
    if rows is None:
        said = f"ids repeat ({column}): {LongKind.SEVERAL}, too many to be gathered, and judged one by one here"
        return LongForm(LongKind.SEVERAL, column, (said,), 0)
    return _judged(table, columns, rows, wanted=item is not None)


class _Columns(Record):
    """The columns of a table in long form that say something."""

    item: str
    label: str
    annotator: str | None
    confidence: str | None

    @property
    def used(self) -> tuple[str, ...]:
        """Those that there are."""
        return tuple(name for name in (self.item, self.label, self.annotator, self.confidence) if name is not None)


def _judged(table: Table, columns: _Columns, rows: Mapping[str, CodedColumn], *, wanted: bool) -> LongForm | None:
    """Return what all rows say; None where hardly an id repeats, or one is empty."""
    items = rows[columns.item].codes
    per_item = np.bincount(items[items >= 0], minlength=len(rows[columns.item].values))
    several = int(np.count_nonzero(per_item > 1))
    if (items < 0).any() or not several or (several < _OFTEN * len(per_item) and not wanted):
        return None
    kind = _kind(columns, rows)
    if kind is LongKind.SEVERAL and not wanted and not _differ(columns, rows):
        return None
    by = f" ({columns.annotator})" if kind is LongKind.ANNOTATORS else ""
    number = counted(len(per_item), "item")
    begin = f"ids repeat: {kind}{by}; the {counted(len(items), 'row')} of {columns.label} are"
    first = tuple((first_rows_of(items) + 1).tolist())
    if kind is LongKind.LABELS:
        said = f"{begin} read as the labels of {number} ({columns.item})"
        return _tagged(LongForm(kind, columns.item, (said,), len(items), first=first), table, columns, rows)
    if wanted and 1 < len(rows[columns.label].values) <= MOST_VOTED:
        said = f"{begin} read as votes on {number} ({columns.item})"
        return _voted(LongForm(kind, columns.item, (said,), len(items), first=first), table, columns, rows)
    said = f"{begin} answers on {number} ({columns.item}), and judged one by one here"
    advice = f"xent inspect --id {columns.item} reads them as votes, a row per item"
    if columns.confidence is not None and kind is LongKind.SEVERAL:
        advice = f"{columns.confidence} may say that a label does not hold, and is passed over"
    return LongForm(kind, columns.item, (said, advice), len(items))


def _differ(columns: _Columns, rows: Mapping[str, CodedColumn]) -> bool:
    """Whether an item has few rows, and some items have answers that differ: a group of rows, or a code, has not."""
    items, labels = rows[columns.item].codes, rows[columns.label].codes
    number = len(rows[columns.item].values)
    return len(items) <= _MANY * number and distinct(pairs(items, labels)) > number


def _kind(columns: _Columns, rows: Mapping[str, CodedColumn]) -> LongKind:
    """Return what the rows of an item are."""
    items, labels = rows[columns.item].codes, rows[columns.label].codes
    if columns.annotator is not None:
        alone = distinct(pairs(items, rows[columns.annotator].codes)) == len(items)
        return LongKind.ANNOTATORS if alone else LongKind.SEVERAL
    once = distinct(pairs(items, labels)) == len(items)
    if columns.confidence is None:
        several = len(rows[columns.label].values) > 2
    else:
        several = {integer_of(text) for text in rows[columns.confidence].values} <= {0, 1}
    return LongKind.LABELS if once and several else LongKind.SEVERAL


def _tagged(form: LongForm, table: Table, columns: _Columns, rows: Mapping[str, CodedColumn]) -> LongForm:
    """Return the form with its table of items and the list of their labels."""
    held = np.ones(form.rows, dtype=np.bool_)
    said = form.said
    if columns.confidence is not None:
        no = [at for text, at in rows[columns.confidence].values.items() if integer_of(text) == 0]
        held = ~np.isin(rows[columns.confidence].codes, no)
        rejected = counted(int(np.count_nonzero(~held)), "row")
        said = (*said, f"{columns.confidence} 0 says no, in {rejected}; a label without a row counts as no, too")
    gathered = tags_by_item(table, columns.item, columns.label, rows, held)
    return replace(form, said=said, confidence=columns.confidence, gathered=gathered, labels=(columns.label,))


def _voted(form: LongForm, table: Table, columns: _Columns, rows: Mapping[str, CodedColumn]) -> LongForm:
    """Return the form with its table of items and their votes."""
    order = class_order(dict.fromkeys(rows[columns.label].values, 1), None)
    gathered = votes_by_item(table, columns.item, columns.label, rows, order)
    return replace(form, gathered=gathered, labels=gathered.names[1:], classes=order.classes)


def _item(table: Table, plain: Sequence[str], annotator: str | None) -> str | None:
    """Return the column that names items with several rows, which nothing but the answers to them tell apart."""
    named = [name for name in plain if names_item(name) and not is_aside(table, name)]
    if not named:
        return None
    repeats = [name for name, cells in first_cells(table, named).items() if len(set(cells)) < len(cells)]
    if not repeats:
        return None
    others = [name for name in plain if not _is_answer(name, annotator=annotator)]
    head = first_cells(table, list(dict.fromkeys([*repeats, *others])))
    told = (name for name in repeats if all(_is_told_by(head[other], head[name]) for other in others if other != name))
    return next(told, None)


def names_item(name: str) -> bool:
    """Whether a name says that its cells tell items apart, and not the people who judge them."""
    words = pieces(name)
    return (is_id(name) or bool(words & ITEM_WORDS)) and not words & (_ANNOTATORS | _ANSWERS | _TIMES | _OF_LABELS)


def _is_answer(name: str, *, annotator: str | None) -> bool:
    """Whether a column belongs to an answer, and not to the item that was judged."""
    words = pieces(name)
    if words & _CONFIDENCES or words & _SOURCES or name == annotator:
        return True
    return bool(words & _ANSWERS) or (annotator is not None and bool(words & _TIMES))


def _is_told_by(cells: Sequence[object], items: Sequence[object]) -> bool:
    """Whether cells are the same in all rows of an item."""
    known: dict[object, object] = {}
    return all(known.setdefault(item, cell) == cell for item, cell in zip(items, cells, strict=True))
