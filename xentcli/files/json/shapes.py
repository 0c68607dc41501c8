"""Shapes of whole JSON values: what is no plain array of objects but a table all the same.

Floor 2. pandas writes `orient` columns, index, split and table, MLflow `log_table` like split; there are maps of a
file's name to its label; answers wrap their rows in one key. Rows or columns is told by facts, or the value is refused.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from xentcli.errors import Place, UnreadableError
from xentcli.files.format import Declared
from xentcli.phrases import counted
from xentcli.record import Record

Row = dict[str, Any]

KEY = "key"
"""The name of the column of keys of a map, or of an index that is more than a count of the rows."""

_RECORDS = 'write [{"label": "cat", "probs": [0.2, 0.8]}, ...], or one object a line'
_PLACES = re.compile(r"[+-]?\d+|.*[/\\].*|.+\.[A-Za-z][A-Za-z0-9]{1,4}", re.DOTALL)
"""Keys that tell rows apart: numbers, paths, names of files."""


class Shaped(Record):
    """The rows of a JSON value.

    Attributes:
        rows: objects.
        notes: how they were found.
        declared: what the file says about its labels, None if nothing.
    """

    rows: list[Row]
    notes: tuple[str, ...] = ()
    declared: Declared | None = None


def shaped(value: object, path: str) -> Shaped | None:
    """Return the rows of a value in a known shape, None for a plain array of objects and for what is no table.

    Raises:
        UnreadableError: it is of a known shape that is no table, or it cannot be told what its rows are.
    """
    from xentcli.files.json import annotations  # noqa: PLC0415  most files are plain arrays

    known: Sequence[Callable[[Any, str], Shaped | None]]
    if isinstance(value, list):
        known = (annotations.label_studio, annotations.detections, annotations.spacy_pairs, _nested_answers)
    elif isinstance(value, dict):
        known = (annotations.coco, _split, _map_of_objects, _map_of_cells, _wrapped)
    else:
        return None
    return next((found for shape in known if (found := shape(value, path)) is not None), None)


def _nested_answers(value: list[Any], _path: str) -> Shaped | None:
    """Return the rows of a list of lists of objects, as a pipeline gives all scores of each text."""
    lists = value and all(isinstance(one, list) for one in value)
    if not lists or not all(isinstance(inner, dict) for one in value for inner in one):
        return None
    return Shaped([{"scores": one} for one in value], ("each row is a list of objects, named scores here",))


def _split(value: Row, path: str) -> Shaped | None:
    """Return the rows of `{"columns": [...], "data": [[...], ...]}`, with or without an index."""
    names: Any = value.get("columns")
    data: Any = value.get("data")
    index: Any = value.get("index")
    if not _are(names, str | int) or not _are(data, list):
        return None
    for row, cells in enumerate(data, start=1):
        if len(cells) != len(names):
            what = f"holds {counted(len(cells), 'cell')} for {counted(len(names), 'column')}"
            raise UnreadableError(what, place=Place(path, row=row), help="the file is damaged; write it again")
    _refuse_doubled([str(name) for name in names], path)
    rows = [dict(zip(map(str, names), cells, strict=True)) for cells in data]
    if _are(index, str | int) and len(index) == len(rows):
        rows = _indexed(rows, index)
    return Shaped(rows, ("read as columns and rows of data (pandas' orient split, MLflow's log_table)",))


def _are(value: Any, kind: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, kind) for one in value)


def _refuse_doubled(names: Sequence[str], path: str) -> None:
    from xentcli.files.batches import refuse_duplicates  # noqa: PLC0415  see above

    refuse_duplicates(path, list(names))


def _indexed(rows: list[Row], index: Sequence[object]) -> list[Row]:
    """Return rows with the keys of an index, unless it counts them."""
    keys = [str(key) for key in index]
    if keys == [str(at) for at in range(len(rows))] or any(KEY in row for row in rows):
        return rows
    return [{KEY: key, **row} for key, row in zip(keys, rows, strict=True)]


def _map_of_objects(value: Row, path: str) -> Shaped | None:
    """Return the rows of an object of objects: columns of rows, as pandas writes by default, or rows of columns.

    Raises:
        UnreadableError: nothing tells which.
    """
    inner = list(value.values())
    if len(inner) < 2 or not all(isinstance(one, dict) and one for one in inner):
        return None
    by_column = _columns_first(value)
    if by_column is None:
        raise UnreadableError(
            "is an object of objects, and nothing tells whether the outer keys name rows or columns",
            place=Place(path),
            details=(f"outer keys: {_shown(value)}", f"inner keys: {_shown(inner[0])}"),
            help='write the rows as objects, such as df.to_json(path, orient="records")',
        )
    if not by_column:
        return Shaped(_indexed(inner, list(value)), ("read as rows by their keys (pandas' orient index)",))
    keys = list(inner[0])
    rows = [{name: column[key] for name, column in value.items()} for key in keys]
    return Shaped(_indexed(rows, keys), ("read as columns of rows by their keys (pandas' default orient)",))


def _columns_first(value: Mapping[str, Row]) -> bool | None:
    """Return whether the outer keys of an object of objects are columns, None if nothing tells."""
    inner = list(value.values())
    first = inner[0].keys()
    if any(one.keys() != first for one in inner):
        return False
    outer_kinds = all(len(_kinds(one.values())) <= 1 for one in inner)
    inner_kinds = all(len(_kinds(one[key] for one in inner)) <= 1 for key in first)
    if outer_kinds != inner_kinds:
        return outer_kinds
    outer_rows, inner_rows = _tell_rows(value), _tell_rows(first)
    return inner_rows if outer_rows != inner_rows else None


def _kinds(cells: Any) -> set[str]:
    """Return the kinds of some cells; numbers are one kind, and null is none."""
    numbers = {"int": "number", "float": "number"}
    return {numbers.get(type(cell).__name__, type(cell).__name__) for cell in cells if cell is not None}


def _tell_rows(keys: Any) -> bool:
    """Whether keys are such as tell rows apart: numbers, paths or names of files."""
    return all(_PLACES.fullmatch(key) for key in keys)


def _shown(keys: Any) -> str:
    listed = [str(key)[:40] for key in list(keys)[:6]]
    return ", ".join(listed) + (", ..." if len(keys) > 6 else "")


def _map_of_cells(value: Row, _path: str) -> Shaped | None:
    """Return the rows of a map from keys that tell rows apart, such as file names, to labels or lists."""
    cells = list(value.values())
    scalar_cells = all(isinstance(one, str | int | float | bool) for one in cells)
    known = scalar_cells or all(isinstance(one, list) for one in cells)
    if len(cells) < 2 or not known or len(_kinds(cells)) != 1 or not _tell_rows(value):
        return None
    if not scalar_cells and all(key.isdigit() for key in value) and len({len(one) for one in cells}) == 1:
        return None  # columns that have numbers for names
    rows = [{KEY: key, "label": cell} for key, cell in value.items()]
    return Shaped(rows, ("read as a map from keys to labels: a row per key",))


def _wrapped(value: Row, _path: str) -> Shaped | None:
    """Return the rows of an object that holds them in one key, beside what is said of all of them."""
    rows = [key for key, one in value.items() if _are(one, dict) and one]
    others = [key for key in value if key not in rows]
    if len(rows) != 1 or any(isinstance(value[key], list) for key in others):
        return None
    beside = f"; beside it, and not read: {_shown(others)}" if others else ""
    return Shaped(value[rows[0]], (f"the rows stand in {rows[0]!r}{beside}",))
