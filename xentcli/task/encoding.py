"""Encoding: labels in the canonical form are written in a target encoding, a batch at a time.

Floor 3. Pure conversions: the names and types of the columns are decided once for the table, and no row costs a
step of Python. What a target cannot say is not its business: see `lossless`.
"""

import unicodedata
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.errors import UsageError
from xentcli.files.build import masked, texts, vector
from xentcli.record import Record
from xentcli.task.canonical import Labels
from xentcli.task.model import Encoding, Task
from xentcli.task.positive import positive_class
from xentcli.task.tags import BRACKETS, NO_TAGS, WRITTEN
from xentcli.words import there
from xentcli.arrays import Indices, Mask

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


def encode(labels: Labels, target: Target) -> list[pa.Array]:
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


def index_of(labels: Labels) -> Indices:
    """Return the class index of each row, shape (n,); of the first label where rows hold a matrix."""
    if labels.index is not None:
        return labels.index
    assert labels.hot is not None  # noqa: S101  one of the two is given
    return labels.hot.argmax(axis=0) if len(labels.hot) else np.zeros(len(labels.missing), dtype=np.intp)


def _multi_hot(labels: Labels, hot: Mask) -> list[pa.Array]:
    columns = []
    for row, one in enumerate(hot):
        null = labels.missing if labels.unknown is None else labels.missing | labels.unknown[row]
        columns.append(masked(one.view(np.uint8), null))
    return columns


def _tags(labels: Labels, classes: tuple[str, ...]) -> pa.Array:
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
