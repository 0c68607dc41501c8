"""Annotations: the whole JSON files of COCO, Label Studio and spaCy's pairs, as rows of labels.

Floor 2. Each is told by the keys that its tool always writes. What is COCO-like and says no categories of whole images
is refused by name.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from xentcli.errors import Place, UnreadableError
from xentcli.files.format import Declared
from xentcli.files.json.shapes import Row, Shaped
from xentcli.phrases import counted

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
