"""Encoding: labels in the one form that every encoding is decoded to are written in another, a batch at a time.

Floor 3. Pure conversions: the names and types of the columns are decided once for the table, and no row costs a
step of Python. Rows that a target cannot say are counted, so that none is changed in silence.

The canonical form of labels: what every encoding is decoded to, and every other one written from. Frozen facts of a
batch, and the reading of a table that they come from; nothing is computed here.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Protocol

import numpy as np
import pyarrow as pa

from xentcli.arrays import Indices, Mask
from xentcli.errors import BadRowsError, Place, UsageError
from xentcli.files.arrays import masked, texts, vector
from xentcli.files.table import ReadAs
from xentcli.phrases import counted, there
from xentcli.record import MutableRecord, Record, field
from xentcli.task.model import Task
from xentcli.task.positive import positive_class
from xentcli.task.tags import BRACKETS, NO_TAGS, WRITTEN
from xentcli.terms import Encoding


class CanonicalLabels(Record):
    """The labels of a batch of n rows: one class a row (`index`), or several labels (`hot`).

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


class LabelReading(Record):
    """How the label columns of a table are read.

    Attributes:
        columns: the label columns.
        task: what they mean.
        index: class index by label text, of one column of plain cells; `len(task.classes)` stands for no label.
        signs: whether -1 and 1 stand for no and yes in several columns, or in the lists of one.
        zero_open: whether beside these 0 leaves a label open.
        declared: whether the file itself says so: then a blank cell of tags is a missing label.
    """

    columns: tuple[str, ...]
    task: Task
    index: Mapping[str, int] | None = None
    signs: bool = False
    zero_open: bool = False
    declared: bool = False


class Decoder(Protocol):
    """Turns the label columns of a batch into the canonical form."""

    @property
    def columns(self) -> Mapping[str, ReadAs]:
        """The columns it reads, and how."""
        ...

    def decode(self, batch: pa.RecordBatch) -> CanonicalLabels:
        """Return the labels of a batch that holds at least those columns."""
        ...


TWO_CLASSES = (Encoding.BOOLEANS, Encoding.PLUS_MINUS_ONE)
HOT = (Encoding.ONE_HOT, Encoding.MULTI_HOT)

_MARK = "\ufeff"
"""The byte order mark, which readers take off wherever text starts."""


class Target(Record):
    """What labels are written as.

    Attributes:
        encoding: the target.
        classes: in index order.
        columns: the columns to write.
        positive: the class that 1 or true stands for; None where every class counts alike.
        separator: what stands between tags in a cell of text; None where there are no tags.
    """

    encoding: Encoding
    classes: tuple[str, ...]
    columns: tuple[str, ...]
    positive: str | None = None
    separator: str | None = None

    @property
    def type(self) -> pa.DataType:
        """The type of a column's cells."""
        return _TYPES[self.encoding]


_TYPES = {
    Encoding.CLASS_INDICES: pa.int64(),
    Encoding.CLASS_NAMES: pa.string(),
    Encoding.BOOLEANS: pa.bool_(),
    Encoding.PLUS_MINUS_ONE: pa.int8(),
    Encoding.ONE_HOT: pa.uint8(),
    Encoding.MULTI_HOT: pa.uint8(),
    Encoding.TAG_LISTS: pa.list_(pa.string()),
}


def target_of(task: Task, to: Encoding, column: str, taken: Iterable[str] = ()) -> Target:
    """Return what labels of a task are written as.

    Args:
        task: what they mean.
        to: the target encoding.
        column: what a single column is to be called.
        taken: names of columns that stand beside it.

    Raises:
        UsageError: the target is of two classes, and there are more or fewer.
    """
    classes, positive = task.classes, task.positive
    if to in TWO_CLASSES and len(classes) != 2:
        raise UsageError(
            f"cannot be written as {to.value}: {there(len(classes), 'class')}, {to.value} say one of two",
            help="--to class-indices or --to one-hot take any number",
        )
    if positive is None and len(classes) == 2 and to not in {Encoding.MULTI_HOT, Encoding.TAG_LISTS}:
        positive = classes[positive_class(classes, None).index]
    columns = safe_names(classes if to in HOT else (column,), taken)
    separator = tag_separator(classes) if to is Encoding.TAG_LISTS else None
    return Target(to, classes, columns, positive, separator)


def safe_names(names: Iterable[str], taken: Iterable[str] = ()) -> tuple[str, ...]:
    """Return names that can head columns: in one line, without blanks at the ends, none twice, none empty."""
    used = set(taken)
    found = []
    for at, name in enumerate(names):
        line = "".join(" " if one == _MARK or unicodedata.category(one) in {"Cc", "Zl", "Zp"} else one for one in name)
        plain = line.strip() or f"class_{at}"
        unique, number = plain, 2
        while unique in used:
            unique, number = f"{plain}_{number}", number + 1
        used.add(unique)
        found.append(unique)
    return tuple(found)


def tag_separator(classes: Iterable[str]) -> str:
    """Return what can stand between tags in a cell of text and is part of none; else cells are JSON lists."""
    names = tuple(classes)
    if any(name != name.strip() or not name or name.casefold() in NO_TAGS or name[0] in "[({<" for name in names):
        return BRACKETS
    return next((one for one in WRITTEN if not any(one in name for name in names)), BRACKETS)


def encode(labels: CanonicalLabels, target: Target) -> list[pa.Array]:
    """Return the columns of a batch; names are dictionary codes, a missing label is null in every column.

    Args:
        labels: none of them lost by the target: see `lossless`.
        target: what to write.
    """
    if target.encoding is Encoding.TAG_LISTS:
        return [_tags(labels, target.classes)]
    if target.encoding is Encoding.MULTI_HOT and labels.hot is not None:
        return _multi_hot(labels, labels.hot)
    index = index_of(labels)
    if target.encoding in HOT:
        return [masked((index == at).view(np.uint8), labels.missing) for at in range(len(target.classes))]
    if target.encoding is Encoding.CLASS_NAMES:
        return [pa.DictionaryArray.from_arrays(masked(index.astype(np.int32), labels.missing), texts(target.classes))]
    if target.encoding is Encoding.CLASS_INDICES:
        return [masked(index.astype(np.int64), labels.missing)]
    yes = index == target.classes.index(target.positive or target.classes[-1])
    if target.encoding is Encoding.BOOLEANS:
        return [masked(yes, labels.missing)]
    return [masked(np.where(yes, 1, -1).astype(np.int8), labels.missing)]


def index_of(labels: CanonicalLabels) -> Indices:
    """Return the class index of each row, shape (n,); of the first label where rows hold a matrix."""
    if labels.index is not None:
        return labels.index
    assert labels.hot is not None  # noqa: S101  one of the two is given
    return labels.hot.argmax(axis=0) if len(labels.hot) else np.zeros(len(labels.missing), dtype=np.intp)


def _multi_hot(labels: CanonicalLabels, hot: Mask) -> list[pa.Array]:
    columns = []
    for row, one in enumerate(hot):
        null = labels.missing if labels.unknown is None else labels.missing | labels.unknown[row]
        columns.append(masked(one.view(np.uint8), null))
    return columns


def _tags(labels: CanonicalLabels, classes: tuple[str, ...]) -> pa.Array:
    """Return a column of lists of names, tags in the order of the classes."""
    count = len(labels.missing)
    if labels.hot is None:
        lengths = (~labels.missing).astype(np.int32)
        tags = index_of(labels)[~labels.missing]
    else:
        rows, tags = np.nonzero((labels.hot & ~labels.missing).T)
        lengths = np.bincount(rows, minlength=count).astype(np.int32)
    child = pa.DictionaryArray.from_arrays(vector(tags.astype(np.int32)), texts(classes))
    offsets = np.concatenate([np.zeros(1, dtype=np.int32), np.cumsum(lengths, dtype=np.int32)])
    valid = pa.py_buffer(np.packbits(~labels.missing, bitorder="little")) if labels.missing.any() else None
    return pa.Array.from_buffers(pa.list_(child.type), count, [valid, pa.py_buffer(offsets)], children=[child])


FIRST_ROWS = 5


class Kept(MutableRecord):
    """Rows of one kind: how many, and the first of them, from 1."""

    rows: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, mask: Mask, start: int) -> None:
        """Add the rows of a batch that starts at row `start`, from 0."""
        found = np.flatnonzero(mask)
        self.rows += len(found)
        self.first += (start + 1 + found[: FIRST_ROWS - len(self.first)]).tolist()

    @property
    def shown(self) -> str:
        """The first rows as a sentence shows them."""
        more = ", ..." if self.rows > len(self.first) else ""
        return ", ".join(str(row) for row in self.first) + more


class Unsayable(MutableRecord):
    """What a target encoding would lose of a table.

    Attributes:
        target: the target.
        array: whether it becomes an array, which cannot say that a cell is missing.
        skip: whether wrong rows are left out, so that they lose nothing in silence.
        rows: seen.
        missing: rows without a label.
        wrong: rows whose cells the reading does not cover.
        several: rows with several labels, where the target takes one.
        none: rows without any, likewise.
        open: rows that leave some labels open, where the target cannot.
        holes: rows that are missing or open, in an array.
    """

    target: Target
    array: bool = False
    skip: bool = False
    rows: int = 0
    missing: int = 0
    wrong: Kept = field(default_factory=Kept)
    several: Kept = field(default_factory=Kept)
    none: Kept = field(default_factory=Kept)
    open: Kept = field(default_factory=Kept)
    holes: Kept = field(default_factory=Kept)

    def add(self, labels: CanonicalLabels) -> None:
        """Count the rows of the next batch."""
        self.wrong.add(labels.wrong, self.rows)
        open_ = np.zeros(len(labels.missing), dtype=np.bool_)
        if labels.unknown is not None:
            open_ = np.asarray(labels.unknown.any(axis=0)) & ~labels.missing
        good = ~labels.missing & ~labels.wrong
        multiple = self.target.encoding in {Encoding.MULTI_HOT, Encoding.TAG_LISTS}
        if labels.hot is not None and not multiple:
            number = np.count_nonzero(labels.hot, axis=0)
            self.several.add(good & (number > 1), self.rows)
            self.none.add(good & (number == 0) & ~open_, self.rows)
        if self.target.encoding is not Encoding.MULTI_HOT:
            self.open.add(open_ & good, self.rows)
        if self.array and self.target.encoding is not Encoding.CLASS_NAMES:
            self.holes.add(labels.missing | open_, self.rows)
        self.missing += int(np.count_nonzero(labels.missing))
        self.rows += len(labels.missing)

    @property
    def lossless(self) -> bool:
        """Whether nothing would be lost so far."""
        if self.wrong.rows and not self.skip:
            return False
        return not any(one.rows for one in (self.several, self.none, self.open, self.holes))

    def refusal(self, place: Place, fault: str) -> BadRowsError:
        """Return the error that names what would be lost.

        Args:
            place: the file.
            fault: what is the matter with wrong rows.
        """
        name = self.target.encoding.value
        if self.wrong.rows:
            return self._error(place, name, ((self.wrong, fault),), "--task and --encoding say how they are meant")
        kinds = (
            (self.several, "hold several labels"), (self.none, "hold none"), (self.open, "leave some labels open"),
        )  # fmt: skip
        if any(one.rows for one, _ in kinds):
            to = "multi-hot" if self.open.rows else "multi-hot or --to tag-lists"
            return self._error(place, name, kinds, f"--to {to} keeps them as they are")
        what = "leave labels open" if self.holes.rows > self.missing else "have no label"
        words = f"an array of {name}"
        return self._error(place, words, ((self.holes, f"{what}, and an array cannot say so"),), _NO_NULL)

    def _error(
        self,
        place: Place,
        name: str,
        kinds: tuple[tuple[Kept, str], ...],
        help: str,  # noqa: A002  of errors
    ) -> BadRowsError:
        found = [(one, words) for one, words in kinds if one.rows]
        first, words = found[0]
        said = [f"{first.rows:,} of {counted(self.rows, 'row')} {words} (first rows: {first.shown})"]
        said += [f"{one.rows:,} {words} (first rows: {one.shown})" for one, words in found[1:]]
        return BadRowsError(f"cannot be written as {name}: {', '.join(said)}", place=place, help=help)


_NO_NULL = "write .parquet or .csv, where a cell can be empty"


def shape_of(target: Target, rows: int) -> tuple[int, ...]:
    """Return the shape of all label columns together."""
    return (rows, len(target.columns)) if target.encoding in HOT else (rows,)
