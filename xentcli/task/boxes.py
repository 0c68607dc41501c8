"""Boxes: the columns in which a table says where in an image something is.

Floor 3. Pure functions of names.
"""

from collections.abc import Sequence

from xentcli.task.label_names import normal

_BOXES = (
    {"xmin", "ymin", "xmax", "ymax"}, {"x_min", "y_min", "x_max", "y_max"}, {"x1", "y1", "x2", "y2"},
    {"x", "y", "w", "h"}, {"x", "y", "width", "height"}, {"bbox_x", "bbox_y", "bbox_width", "bbox_height"},
    {"left", "top", "width", "height"}, {"left", "top", "right", "bottom"}, {"bbox"},
)  # fmt: skip


def box_columns(columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of a box, by the alphabet of their usual names; empty where there is none."""
    names = {normal(name).replace("roi_", ""): name for name in columns}
    box = next((box for box in _BOXES if box <= names.keys()), None)
    return () if box is None else tuple(names[one] for one in sorted(box))
