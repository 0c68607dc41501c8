"""Pooled models: whether one file holds what several models, folds or thresholds say of the same rows.

Floor 3. A column named after what varies holds few values, and the ids of the rows repeat, each once under each value.
Looked for in the first rows, and only where a column is named so.
"""

from collections.abc import Hashable, Iterable, Sequence

import pyarrow as pa

from xentcli.files.table import ReadAs, Table
from xentcli.record import Record
from xentcli.task.first_rows import first_rows
from xentcli.task.names import model_columns, pieces
from xentcli.task.vocabulary import ID_WORDS

_ID_WORDS = ID_WORDS | {"unnamed", "case", "item"}

MOST_MODELS = 50
_FEWEST_IDS = 5
_SHARED = 0.9
"""The least share of the ids under a value that stand under the most frequent value, too: a model may have failed."""

_SAME_LABEL = 0.99
"""The least share of repeated ids whose label is the same: what is measured twice has another one at times."""

_TRIED = 8
"""Columns that are tried as ids."""


class Pooled(Record):
    """The outputs of several models under one another.

    Attributes:
        columns: what tells them apart: one column, or several together.
        values: of that column, or of these, sorted.
        ids: the column whose values repeat.
    """

    columns: tuple[str, ...]
    values: tuple[str, ...]
    ids: str


def repeats(ids: Sequence[Hashable], models: Sequence[Hashable], labels: Sequence[Hashable] | None = None) -> bool:
    """Return whether every id stands once under each of a few models, with one and the same label.

    Args:
        ids: of each row; None where it is missing.
        models: of each row, likewise.
        labels: of each row; None where they are no single cells.
    """
    under: dict[Hashable, set[Hashable]] = {}
    known: dict[Hashable, Hashable] = {}
    again = same = 0
    for row, (one, model) in enumerate(zip(ids, models, strict=True)):
        if one is None or model is None:
            continue
        held = under.setdefault(model, set())
        if one in held or len(under) > MOST_MODELS:
            return False
        held.add(one)
        label = None if labels is None else labels[row]
        again += one in known
        same += one in known and known[one] == label
        known.setdefault(one, label)
    most = max(under.values(), key=len, default=set())
    if len(under) < 2 or len(most) < _FEWEST_IDS:
        return False
    return same >= _SAME_LABEL * again and all(len(held & most) >= _SHARED * len(held) for held in under.values())


def find_pooled(table: Table, used: Iterable[str], label: str | None, ids: str | None = None) -> Pooled | None:
    """Return what several models say of the same rows, None where nothing shows that a file holds that.

    Args:
        table: the rows.
        used: columns with a use of their own, such as labels and scores; they tell no models apart.
        label: the label column, where labels are single cells.
        ids: the column that tells rows apart, where it is known.
    """
    taken = {*used, *([] if ids is None else [ids])}
    named = [name for name in model_columns(table.names) if name not in taken and not _nested(table[name].type)]
    cells = {name: _cells(table, name) for name in named}
    cells = {name: held for name, held in cells.items() if 2 <= len(set(held) - {None}) <= MOST_MODELS}
    if not cells:
        return None
    labels = None if label is None else _cells(table, label)
    apart = [(name,) for name in cells] + ([tuple(cells)] if len(cells) > 1 else [])
    for one in _id_columns(table, taken | set(cells)) if ids is None else (ids,):
        rows = _cells(table, one)
        for columns in apart:
            models = [_joined(values) for values in zip(*(cells[name] for name in columns), strict=True)]
            if repeats(rows, models, labels):
                return Pooled(columns, tuple(sorted({model for model in models if model is not None})), one)
    return None


def _joined(values: tuple[Hashable, ...]) -> str | None:
    return None if None in values else "+".join(map(str, values))


def _id_columns(table: Table, taken: set[str]) -> list[str]:
    """Return the columns that may tell rows apart, the likeliest first: by name, then those that hold text."""
    free = [name for name in table.names if name not in taken and not _nested(table[name].type)]
    worded = [name for name in free if pieces(name) & _ID_WORDS or not pieces(name)]
    worded.sort(key=lambda name: not pieces(name) <= _ID_WORDS)
    texts = [name for name in free if _is_text(table[name].type)]
    return list(dict.fromkeys((*worded, *texts)))[:_TRIED]


def _nested(kind: pa.DataType) -> bool:
    return bool(pa.types.is_nested(kind) or pa.types.is_fixed_size_list(kind))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _cells(table: Table, column: str) -> list[Hashable]:
    """Return the cells of the first rows of a column."""
    return [cell for batch in first_rows(table, {column: ReadAs.NATIVE}) for cell in batch.column(0).to_pylist()]
