"""Shapes of whole JSON values: what is no plain array of objects but a table, as annotation tools write it.

Floor 2. pandas writes `orient` columns, index, split and table, MLflow `log_table` like split; there are maps of a
file's name to its label; answers wrap their rows in one key. Rows or columns is told by facts, or the value is
refused.

Annotations: the whole JSON files of COCO, Label Studio and spaCy's pairs, as rows of labels. Each is told by the
keys that its tool always writes. What is COCO-like and says no categories of whole images is refused by name.
"""

import re
from collections import Counter
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
    known: Sequence[Callable[[Any, str], Shaped | None]]
    if isinstance(value, list):
        known = (label_studio, detections, spacy_pairs, _nested_answers)
    elif isinstance(value, dict):
        known = (coco, _split, _map_of_objects, _map_of_cells, _wrapped)
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


_LABELS = "labels"
_WHERE = "the categories that the file lists"
_FEDERATED = {"neg_category_ids", "not_exhaustive_category_ids"}


def coco(value: Row, path: str) -> Shaped | None:
    """Return a row per image of COCO instances: its id, its file, and the names of the categories in it.

    Raises:
        UnreadableError: the annotations say something else than which categories an image holds, or do not fit.
    """
    images: Any = value.get("images")
    marks: Any = value.get("annotations")
    kinds: Any = value.get("categories")
    if not _objects(images) or not _objects(marks) or not (images and "id" in images[0]):
        return None
    names = _categories(images, marks, kinds, path)
    held: dict[Any, set[Any]] = {one["id"]: set() for one in images}
    if len(held) < len(images):
        raise UnreadableError("is like COCO, but gives two images one id", place=Place(path))
    for row, one in enumerate(marks, start=1):
        image, kind = one.get("image_id"), one.get("category_id")
        if not _is_id(image) or not _is_id(kind) or image not in held or kind not in names:
            what = f"is like COCO, but annotation {row:,} is of image {image!r} and category {kind!r}"
            raise UnreadableError(f"{what}, which it does not list", place=Place(path))
        held[image].add(kind)
    rows = [
        {"id": one["id"], **({"file_name": one["file_name"]} if "file_name" in one else {}),
         _LABELS: [name for kind, name in names.items() if kind in held[one["id"]]]}
        for one in images
    ]  # fmt: skip
    said = f"COCO: the categories of each image, from {counted(len(marks), 'annotation')}"
    return Shaped(rows, (said,), Declared("tag-lists", tuple(names.values()), columns=(_LABELS,), where=_WHERE))


def _categories(images: list[Row], marks: list[Row], kinds: Any, path: str) -> dict[Any, str]:
    """Return the names of the categories by their ids.

    Raises:
        UnreadableError: the annotations say nothing about whole images, or the ids do not tell images and categories.
    """
    if any("caption" in one for one in marks):
        raise _no_labels(path, "COCO captions: texts about images, no classes")
    if any("segments_info" in one for one in marks):
        raise _no_labels(path, "COCO panoptic segmentation: classes of pixels, not of images")
    if any(_FEDERATED & one.keys() for one in images):
        raise _no_labels(path, "LVIS: a category without a mark may well be in the image, so that no image is labelled")
    if not _objects(kinds) or not kinds:
        raise _no_labels(path, "like COCO, but lists no categories")
    if not _have_ids(images) or not _have_ids(kinds):
        raise UnreadableError("is like COCO, but an image or a category has no id", place=Place(path))
    names = {one["id"]: str(one.get("name", one.get("id"))) for one in kinds}
    if len(set(names.values())) < len(kinds):
        raise UnreadableError("is like COCO, but names a category twice, or gives two one id", place=Place(path))
    return names


def _objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _have_ids(value: list[Row]) -> bool:
    return all(_is_id(one.get("id")) for one in value)


def _is_id(value: object) -> bool:
    return isinstance(value, int | str)


def _no_labels(path: str, what: str) -> UnreadableError:
    return UnreadableError(f"is {what}", place=Place(path), help="xent reads classes of whole images, rows or texts")


def detections(value: list[Any], path: str) -> Shaped | None:
    """Refuse a list of detected boxes, as COCO's results are written.

    Raises:
        UnreadableError: it is one.
    """
    if not value or not _objects(value) or not {"image_id", "category_id", "score"} <= value[0].keys():
        return None
    if not {"bbox", "segmentation", "keypoints"} & value[0].keys():
        return None
    raise _no_labels(path, "COCO results: a row per detected box, and no image has one class")


def spacy_pairs(value: list[Any], _path: str) -> Shaped | None:
    """Return the rows of pairs of a text and what is said of it, as spaCy 2 was trained: `[text, {"cats": {...}}]`."""
    pairs = value and all(isinstance(one, list) and len(one) == 2 for one in value)
    if not pairs or not all(isinstance(one[0], str) and isinstance(one[1], dict) for one in value):
        return None
    return Shaped([{"text": text, **said} for text, said in value], ("read as pairs of a text and its annotations",))


def label_studio(value: list[Any], path: str) -> Shaped | None:
    """Return the rows of Label Studio: of its JSON a row per annotation, of JSON-MIN as they stand; choices are lists.

    Raises:
        UnreadableError: no annotation holds a choice.
    """
    if not value or not _objects(value):
        return None
    if isinstance(value[0].get("data"), dict) and isinstance(value[0].get("annotations"), list):
        return _tasks(value, path)
    chosen = [key for key in value[0] | value[-1] if any(_choices(one.get(key)) is not None for one in value)]
    chosen += [key for one in value for key, cell in one.items() if key not in chosen and _choices(cell) is not None]
    if not chosen:
        return None
    keys = set(chosen)
    rows = [{key: _listed(cell) if key in keys else cell for key, cell in one.items()} for one in value]
    return Shaped(rows, (f'lists of {{"choices": [...]}}: {", ".join(dict.fromkeys(chosen))}',))


def _choices(cell: object) -> list[Any] | None:
    """Return the choices of a cell of Label Studio, None if it is none."""
    if isinstance(cell, dict) and cell.keys() == {"choices"} and isinstance(cell["choices"], list):
        return cell["choices"]
    return None


def _listed(cell: object) -> object:
    """Return a cell of a column of choices as a list; a bare one stands for itself, a missing one for no answer."""
    found = _choices(cell)
    return found if found is not None or cell is None or isinstance(cell, list) else [cell]


def _tasks(value: list[Row], path: str) -> Shaped:
    rows: list[Row] = []
    counts: Counter[str] = Counter()
    for task in value:
        marks = task.get("annotations")
        done = [one for one in marks if isinstance(one, dict)] if isinstance(marks, list) else []
        kept = [one for one in done if not one.get("was_cancelled")]
        counts["skipped"] += len(done) - len(kept)
        counts["several"] += len(kept) > 1
        data = task.get("data")
        own = {"id": task.get("id"), **(data if isinstance(data, dict) else {})}
        for one in kept or [{}]:
            answers = _answers(one)
            by = {"annotator": one["completed_by"]} if len(kept) > 1 and "completed_by" in one else {}
            counts["answers"] += bool(answers)
            rows.append({**own, **by, **answers})
    if not counts["answers"]:
        raise _no_labels(path, "a Label Studio export of which no annotation chooses a class")
    notes = ["Label Studio: a row per annotation, its choices as lists"]
    if counts["several"]:
        notes.append(f"{counted(counts['several'], 'task')} with several annotations: a row each, so ids repeat")
    if counts["skipped"]:
        notes.append(f"{counted(counts['skipped'], 'annotation')} cancelled and left out")
    return Shaped(rows, tuple(notes))


def _answers(annotation: Mapping[str, Any]) -> Row:
    """Return the choices of an annotation by the name of what asked for them."""
    found: dict[str, list[Any]] = {}
    result = annotation.get("result")
    for one in result if isinstance(result, list) else ():
        value = one.get("value") if isinstance(one, dict) and one.get("type") == "choices" else None
        chosen = value.get("choices") if isinstance(value, dict) else None
        if isinstance(chosen, list):
            found.setdefault(str(one.get("from_name")), []).extend(chosen)
    return dict(found)
