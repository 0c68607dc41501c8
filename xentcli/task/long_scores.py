"""Long scores: predictions with a row per item and class, which a reading row by row would judge wrongly.

Floor 3. Only what cannot be anything else is refused: each item has each label once, and its scores add up to 1.
"""

import math
from collections import defaultdict
from collections.abc import Sequence

from xentcli.errors import InputError, Place
from xentcli.files.arrays import is_list
from xentcli.files.table import Table
from xentcli.files.text.numbers import number
from xentcli.task.asides import is_aside
from xentcli.task.first_rows import HEAD_ROWS, first_cells
from xentcli.task.long_form import names_item

_FEWEST_ITEMS = 2
_ROUNDING = 1e-3


def refuse_long_scores(table: Table, label: str, score: str) -> None:
    """Raise if each item of a table has a row per class, with the score of that class.

    Raises:
        InputError: naming the columns, and how to write the scores.
    """
    items = [
        name for name in table.names
        if name not in {label, score} and names_item(name) and not is_list(table[name].type)
        and not is_aside(table, name)
    ]  # fmt: skip
    if not items:
        return
    cells = first_cells(table, [*items, label, score])
    for item in items:
        if _is_long(cells[item], cells[label], cells[score]):
            raise InputError(
                f"holds a row per item and class ({item}, {label}, {score}): in each item every class stands once"
                " and the scores add up to 1, so no row holds a true label",
                place=Place(table.path),
                help=f"write a row per item with a score column per class (in pandas: pivot(index={item!r},"
                f" columns={label!r}, values={score!r})) and the true labels beside it or with --labels FILE;"
                f" if {label} is the true label of each row, say so with --label",
            )


def _is_long(items: Sequence[object], labels: Sequence[object], scores: Sequence[object]) -> bool:
    """Whether every item has each label once and scores that add up to 1, but for the one that the sample cuts."""
    found: dict[object, list[tuple[object, float]]] = defaultdict(list)
    for item, label, score in zip(items, labels, scores, strict=True):
        value = number(str(score))
        if value is None:
            return False
        found[item].append((label, value))
    if len(items) >= HEAD_ROWS:
        found.pop(items[-1], None)
    classes = set(labels)
    return (
        len(classes) > 1
        and len(found) >= _FEWEST_ITEMS
        and all(
            len(rows) == len(classes) == len({label for label, _ in rows})
            and math.isclose(math.fsum(score for _, score in rows), 1.0, abs_tol=_ROUNDING)
            for rows in found.values()
        )
    )
