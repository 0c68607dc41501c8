"""Forms that hold no class of a row: manifests for object detection, and labels of parts of a text.

Floor 3. A box is told by the names of its four columns or, where a file names none, by corners that lie in order; a
file with one box an image holds crops, each with one class. Spans are such as `[[0, 3, "PER"]]` of doccano.
"""

import re
from collections.abc import Sequence

from xentcli.errors import ColumnError, Place, UsageError
from xentcli.files.arrays import is_list
from xentcli.files.plain import is_text
from xentcli.files.table import Table
from xentcli.task.first_rows import MOST_COLUMNS, first_cells
from xentcli.task.names import normal, pieces, weight

_NAMED = (
    {"xmin", "ymin", "xmax", "ymax"}, {"x_min", "y_min", "x_max", "y_max"}, {"x1", "y1", "x2", "y2"},
    {"xtl", "ytl", "xbr", "ybr"}, {"x", "y", "w", "h"}, {"x", "y", "width", "height"},
    {"left", "top", "width", "height"}, {"left", "top", "right", "bottom"}, {"bbox"},
)  # fmt: skip
"""Names of the columns of a box, without what they begin with, such as `bbox_`."""
_BEGIN = re.compile(r"(roi|bbox|box|bndbox)_(?=.)")

_IMAGES = frozenset({"image", "img", "file", "filename", "filepath", "path", "frame", "photo", "picture", "url"})
"""Words in the name of a column that says which image a box is in; where one is unique, each row is an image."""
_IMAGE = re.compile(r".+\.(jpe?g|png|bmp|gif|tiff?|webp|ppm|pgm|dcm)", re.IGNORECASE)
_CORNERS = 4


def refuse_boxes(table: Table) -> None:
    """Raise if a table holds several boxes an image: what is learned from them is no class of a row.

    Raises:
        UsageError: naming the columns of the boxes.
    """
    if len(table.names) > MOST_COLUMNS:
        return
    box = box_columns(table.names)
    if not box and not _is_nameless(table.names):
        return
    images = _images(table)
    if not images or any(len(set(cells)) == len(cells) for cells in images):
        return
    box = box or _unnamed_box(table)
    if box:
        raise UsageError(
            f"holds a box a row, several an image ({', '.join(box)}): it is a manifest"
            " for object detection, not for the classification of rows",
            place=Place(table.path),
            help="score detections with a metric such as mAP; if each box is an item of its own, name its label:"
            " --label COLUMN",
        )


def box_columns(columns: Sequence[str]) -> list[str]:
    """Return the columns that are named as those of a box, in the order of the alphabet."""
    names = {_BEGIN.sub("", normal(name)): name for name in columns}
    return next(([names[one] for one in sorted(box)] for box in _NAMED if box <= names.keys()), [])


def _is_nameless(columns: Sequence[str]) -> bool:
    """Whether columns have the names that a file without a header is given."""
    return len(columns) > _CORNERS and list(columns) == [f"f{at}" for at in range(len(columns))]


def _images(table: Table) -> list[list[object]]:
    """Return the first cells of the columns that name an image: by their own name, or as files of images."""
    texts = [one.name for one in table.columns if is_text(one.type)]
    named = [name for name in table.names if pieces(name) & _IMAGES and not is_list(table[name].type)]
    cells = first_cells(table, list(dict.fromkeys([*named, *texts])))
    files = [name for name in texts if cells[name] and all(_is_image(cell) for cell in cells[name])]
    return [cells[name] for name in dict.fromkeys([*named, *files])]


def _is_image(cell: object) -> bool:
    return isinstance(cell, str) and _IMAGE.fullmatch(cell.strip()) is not None


def _unnamed_box(table: Table) -> list[str]:
    """Return four columns side by side that are the corners of a box in every row: left, top, right, bottom."""
    names = [one.name for one in table.columns if not is_list(one.type)]
    cells = {name: [_number(cell) for cell in held] for name, held in first_cells(table, names).items()}
    for at in range(len(names) - _CORNERS + 1):
        some = names[at : at + _CORNERS]
        if _are_corners([cells[name] for name in some]):
            return some
    return []


def _are_corners(columns: Sequence[Sequence[float | None]]) -> bool:
    """Whether four columns hold boxes that have an inside; an image without a box has four empty cells."""
    boxes = [row for row in zip(*columns, strict=True) if any(cell is not None for cell in row)]
    return bool(boxes) and all(_is_box(row) for row in boxes)


def _is_box(row: Sequence[float | None]) -> bool:
    left, top, right, bottom = row
    if left is None or top is None or right is None or bottom is None:
        return False
    return 0.0 <= left < right and 0.0 <= top < bottom


def _number(cell: object) -> float | None:
    try:
        return float(cell) if isinstance(cell, int | float | str) and not isinstance(cell, bool) else None
    except ValueError:
        return None


_BY_NAME = 4.0
_SPANS = frozenset({"entities", "ents", "spans"})


def refuse_spans(table: Table) -> None:
    """Raise if what is named as the labels holds lists of lists, and no other column is named so.

    Raises:
        ColumnError: naming the column.
    """
    named = [name for name in table.nested if weight(name) >= _BY_NAME or normal(name) in _SPANS]
    if named and not any(weight(name) >= _BY_NAME for name in table.names):
        raise ColumnError(
            'holds lists of lists, as of spans in a text ([[0, 3, "PER"]] of doccano): labels of parts of a row,'
            " no answer a row",
            place=Place(table.path, column=named[0]),
            help="score spans by entity, as seqeval does; if another column holds a class of each row, name it:"
            " --label COLUMN",
        )
