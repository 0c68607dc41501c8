"""Predictions in long form: tables that hold several rows of an item, one for each of its classes.

Floor 3. Judged row by row, an item would count once for each of its classes, and the score of a class for that of the
label: such a table is refused by name.
"""

import math
from collections import defaultdict
from collections.abc import Sequence

from xentcli.errors import InputError, Place
from xentcli.files.arrays import is_list
from xentcli.files.table import Table
from xentcli.files.text.numbers import number
from xentcli.task.asides import is_aside
from xentcli.task.first_rows import FIRST, HEAD_ROWS, MOST_COLUMNS, first_cells
from xentcli.task.long_form import names_item
from xentcli.task.names import pieces
from xentcli.task.reading.model import Candidate, LabelForm
from xentcli.task.reading.names import is_id, name_of
from xentcli.task.roles import ScoreForm
from xentcli.task.values import as_text
from xentcli.task.vocabulary import ITEM_WORDS

_FORMS = {ScoreForm.SINGLE, ScoreForm.CONFIDENCE, ScoreForm.DECISIONS}
_CLASSES = frozenset({"class", "classes", "label", "labels", "category", "categories", "tag", "candidate", "answer"})
"""Words in the name of a column that holds the class a row is of."""

_REPEATED = 0.5
"""Share of the items that have several rows, at least."""


def refuse_top_k(table: Table, best: Candidate) -> None:
    """Raise if the rows of a reading are classes of an item, and not items.

    Raises:
        InputError: ids repeat with one label each, and a column holds another class in each of their rows.
    """
    if best.scores.form not in _FORMS or best.labels.form is not LabelForm.SCALAR or len(table.names) > MOST_COLUMNS:
        return
    label = best.labels.columns[0]
    others = [name for name in table.names if name != label and not is_list(table[name].type)]
    items = [name for name in others if (is_id(name) or pieces(name) & ITEM_WORDS) and not _names_class(name)]
    classes = [name for name in others if name not in items and _names_class(name)]
    if not items or not classes:
        return
    cells = first_cells(table, [label, *items, *classes], FIRST)
    head = {name: ["" if cell is None else as_text(cell) for cell in column] for name, column in cells.items()}
    for item in items:
        for chosen in classes:
            if _lists_classes(head[item], head[label], head[chosen]):
                raise _refusal(table, item, chosen, label)


def _names_class(name: str) -> bool:
    return bool(pieces(name) & _CLASSES) or name_of(name).predicted


def _lists_classes(items: Sequence[str], labels: Sequence[str], classes: Sequence[str]) -> bool:
    """Whether most items have several rows, all with one label, and another class in each."""
    by_item: dict[str, tuple[str, set[str]]] = {}
    for item, label, one in zip(items, labels, classes, strict=True):
        known, listed = by_item.setdefault(item, (label, set()))
        if known != label or one in listed:
            return False
        listed.add(one)
    several = sum(len(listed) > 1 for _, listed in by_item.values())
    return several >= max(2.0, _REPEATED * len(by_item)) and not set(labels).isdisjoint(classes)


def _refusal(table: Table, item: str, chosen: str, label: str) -> InputError:
    return InputError(
        f"holds a row per item and class: ids repeat ({item}), with one {label} each and another class in each row"
        f" ({chosen}); judged row by row, an item would count once for each of its classes",
        place=Place(table.path),
        help="write a row per item with a score column per class; where only the most probable classes are listed, the"
        f" loss is unknown: keep the first class of each {item} for the accuracy",
    )


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
