"""Labels: which columns of a file are the labels, when nobody says.

Floor 3. By name, by shape, by position; never an id, a file name, a fold or a score. The choice and its
runner-up are said aloud.
"""

import re
from dataclasses import dataclass

import pyarrow as pa

from xentcli.errors import ColumnError, Place
from xentcli.files.arrays import is_list
from xentcli.files.table import Table
from xentcli.task import names, survey
from xentcli.task.hypotheses import Traits

SURE_NAMES = (
    "label", "labels", "target", "targets", "y_true", "true_label", "ground_truth", "survived", "diagnosis",
    "species", "outcome", "class", "classes", "category", "tags", "tag", "genres", "genre", "label_name",
    "class_name", "truth", "sentiment", "topic", "topics", "response", "result", "y",
)  # fmt: skip
"""What a target is called by itself, the surest first."""

HINTS = (
    "label", "class", "target", "category", "genre", "tags", "outcome", "diagnosis", "species", "type", "vote",
    "status", "classifications",
)  # fmt: skip
NEVER = (
    "id", "fold", "split", "index", "filename", "file", "path", "url", "image", "uuid", "name", "timestamp",
    "date", "weight",
)  # fmt: skip
MANY_COLUMNS = 1000


@dataclass(frozen=True, slots=True)
class LabelChoice:
    """The label columns.

    Attributes:
        columns: one, or one per class.
        because: sentences on the choice and its runner-up.
    """

    columns: tuple[str, ...]
    because: tuple[str, ...]


def find_labels(table: Table) -> LabelChoice:
    """Return the label columns of a table.

    Raises:
        ColumnError: nothing tells which they are.
    """
    every = list(table.names)
    if len(every) == 1:
        return LabelChoice((every[0],), ())
    scored = {name for group in names.score_groups(every) if len(group.columns) > 1 for name in group.columns}
    free = [name for name in every if name not in scored]
    sure = [name for name in names.named_like(SURE_NAMES, free) if not _has_fractions(table, name)]
    if sure:
        twin = f"; {sure[1]} could be meant too (--label {sure[1]})" if len(sure) > 1 else ""
        return LabelChoice((sure[0],), (f"label column {sure[0]}: by its name{twin}",))
    block = _named_block(free) or _shaped_block(table, free)
    if block:
        return LabelChoice(block, (f"label columns {block[0]} to {block[-1]}: a block of 0/1 or share columns",))
    hinted = [name for name in free if _pieces(name) & set(HINTS) and not _pieces(name) & {"id", "date"}]
    if hinted:
        return LabelChoice((hinted[0],), (f"label column {hinted[0]}: by its name (--label overrides)",))
    return _by_position(table, free)


def _has_fractions(table: Table, name: str) -> bool:
    """Whether a column that is named like a target holds measurements, and there are others to choose from."""
    if len(table.names) == 1 or is_list(table[name].type):
        return False
    traits = Traits(survey.survey_column(table, name))
    return traits.numbers is not None and traits.integers is None and traits.distinct > 2


def _pieces(name: str) -> set[str]:
    return set(re.split(r"[^a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name).casefold()))


def _named_block(free: list[str]) -> tuple[str, ...]:
    """Return a run of columns that share a label word and differ in the rest, such as Class1 ... Class14."""
    for word in ("label", "class", "target", "y_true", "tag", "genre", "onehot", "y"):
        pattern = r"y[_.]?\d+" if word == "y" else rf"{word}[_.\- ]?\w+"
        found = tuple(name for name in free if re.fullmatch(pattern, name, re.IGNORECASE))
        if len(found) > 1:
            return found
    return ()


def _shaped_block(table: Table, free: list[str]) -> tuple[str, ...]:
    """Return all columns if they are nothing but 0/1 or shares, else a run at the end that sums to 1."""
    if len(table.names) > MANY_COLUMNS or any(is_list(table[name].type) for name in free):
        return ()
    facts = survey.survey_columns(table, free)
    bits = [name for name in free if set(facts[name].integers() or [2]) <= {0, 1}]
    if set(bits) == set(table.names):
        return tuple(free)
    units = [name for name in free if _in_unit(facts[name])]
    if set(units) == set(table.names):
        block = survey.survey_block(table, tuple(free))
        if block.unit_sum >= 0.99 * block.labelled:
            return tuple(free)
    for run in _runs(free, set(bits)):
        if len(run) > 1 and survey.survey_block(table, run).by_sum[1] == facts[run[0]].rows:
            return run
    tail = next((run for run in reversed(_runs(free, set(bits))) if run[-1] == free[-1]), ())
    return tail if len(tail) > 2 else ()


def _in_unit(facts: survey.ColumnFacts) -> bool:
    found = facts.numbers()
    return found is not None and found[0] >= 0.0 and found[-1] <= 1.0


def _runs(free: list[str], wanted: set[str]) -> list[tuple[str, ...]]:
    """Return the runs of neighbouring columns that are all wanted."""
    runs: list[list[str]] = [[]]
    for name in free:
        if name in wanted:
            runs[-1].append(name)
        elif runs[-1]:
            runs.append([])
    return [tuple(run) for run in runs if run]


def _by_position(table: Table, free: list[str]) -> LabelChoice:
    """Return the last column, or the first, whichever holds classes."""
    usable = [name for name in free if not _pieces(name) & set(NEVER)] or free
    lists = [name for name in usable if is_list(table[name].type)]
    if len(lists) == 1:
        return LabelChoice((lists[0],), (f"label column {lists[0]}: the only one that holds lists",))
    ends = [usable[-1], usable[0]] if len(usable) > 1 else usable
    for name in ends:
        if not is_list(table[name].type) and _holds_classes(table, name):
            where = "last" if name == usable[-1] else "first"
            return LabelChoice((name,), (f"label column {name}: the {where} one holds classes (--label overrides)",))
    shown = ", ".join(table.names[:12]) + (", ..." if len(table.names) > 12 else "")
    raise ColumnError(
        "nothing tells which column holds the labels",
        place=Place(table.path),
        details=(f"columns: {shown}",),
        help="name it with --label COLUMN (repeat it for a column per label)",
    )


def _holds_classes(table: Table, name: str) -> bool:
    if pa.types.is_floating(table[name].type) or pa.types.is_temporal(table[name].type):
        return False
    traits = Traits(survey.survey_column(table, name))
    few = traits.distinct <= max(2, min(50, traits.rows // 3))
    return traits.distinct > 1 and few and (traits.numbers is None or traits.integers is not None)
