"""Score columns: which columns of a prediction file hold the scores.

Floor 3. Found by the names of the labels that occur, by the usual affixes, by type, or named by the caller. Where
none is found, a column of predicted labels in words is returned; `decisions` tells it from scores.
"""

from collections.abc import Collection, Iterable

import numpy as np
import pyarrow as pa

from xentcli.errors import ColumnError, Place, UsageError
from xentcli.files.arrays import floats, is_list, nulls
from xentcli.files.batches import NESTED
from xentcli.files.columns import find_column
from xentcli.files.table import ReadAs, Table
from xentcli.files.text.dialect import number, per_cent
from xentcli.task import names
from xentcli.task.decisions import are_decisions, is_text
from xentcli.task.first_rows import first_rows
from xentcli.task.label_pairs import bare_scores
from xentcli.task.soft_targets import share_column
from xentcli.task.tags import AS_COLUMNS
from xentcli.task.values import LabelValues, integer_of, label_values

_LOOK = 1_000
"""Rows that tell a score column from others; all rows are checked later."""


def _is_numeric(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
        or pa.types.is_boolean(kind)
    )  # fmt: skip


def numeric_columns(table: Table, columns: Iterable[str]) -> set[str]:
    """Return which columns hold numbers: by their type, in text by their first rows."""
    wanted = list(columns)
    if not table.format.is_text:
        return {name for name in wanted if _is_numeric(table[name].type)}
    rows, missing = 0, dict.fromkeys(wanted, 0)
    for batch in first_rows(table, dict.fromkeys(wanted, ReadAs.NUMBER), _LOOK) if wanted else ():
        rows += batch.num_rows
        for name, array in zip(wanted, batch.columns, strict=True):
            empty = nulls(array)
            missing[name] += 0 if empty is None else int(empty.sum())
    return {name for name in wanted if 2 * missing[name] < rows}


def is_score_list(kind: pa.DataType) -> bool:
    """Return whether cells of that type are lists of numbers."""
    return is_list(kind) and _is_numeric(kind.value_type)


def given_scores(table: Table, references: tuple[str, ...], free: list[str]) -> names.ScoreGroup | None:
    """Return the columns that the caller names, each by an exact name or all by a prefix; None if none is named.

    Raises:
        ColumnError: a name is neither a column nor the start of one.
        UsageError: a column is named twice.
    """
    if not references:
        return None
    columns: list[str] = []
    affix = ""
    for reference in references:
        if reference in table.names or reference.startswith(":"):
            columns.append(find_column(table, reference))
            continue
        started = [name for name in free if name.startswith(reference)]
        if not started:
            find_column(table, reference)
        affix = reference
        columns.extend(started)
    if len(set(columns)) < len(columns):
        raise UsageError("--scores names a column twice", place=Place(table.path))
    if affix:
        stripped = tuple(name.removeprefix(affix) or name for name in columns)
        return names.ScoreGroup(tuple(columns), stripped, affix)
    known = {name: group for group in names.score_groups(columns) for name in group.columns}
    group = known.get(columns[0])
    if group is not None and set(group.columns) == set(columns):
        by_column = dict(zip(group.columns, group.names, strict=True))
        return names.ScoreGroup(tuple(columns), tuple(by_column[name] for name in columns), group.affix)
    return names.ScoreGroup(tuple(columns), tuple(columns), "")


def find_scores(table: Table, rest: list[str], labels: tuple[str, ...], values: LabelValues | None) -> names.ScoreGroup:
    """Return the score columns among the columns that are neither label, weight nor id."""
    for found in (
        _named_after_labels(table, rest, values),
        _largest_group(rest, labels),
        bare_scores(labels, rest) if len(labels) > 1 else None,
        _list_column(table, rest),
        _single_column(table, rest, values),
    ):
        if found is not None:
            return found
    predicted = _words(table, rest, values)
    if predicted is not None:
        return names.ScoreGroup((predicted,), (), predicted)
    raise ColumnError(
        "no score columns can be told by their names",
        place=Place(table.path),
        details=(f"columns: {names.listed(tuple(table.names))}; label: {names.listed(labels)}", *_nested(table)),
        help=_how(table, rest),
    )


def _nested(table: Table) -> tuple[str, ...]:
    return tuple(note for note in table.notes if note.startswith(NESTED))


def _how(table: Table, rest: list[str]) -> str:
    """Return what to do without score columns: of objects, of predicted tags, of cells that are nearly numbers."""
    if _nested(table):
        return "write the scores as one list column, such as [0.7, 0.3], or as a column per class"
    if any(is_list(table[name].type) for name in names.named_like(names.PREDICTED_NAMES, rest)):
        return AS_COLUMNS
    for name in rest:
        hint = nearly_numbers(_first_cells(table, name))
        if hint is not None:
            return f"column {name}: {hint}"
    return "name them with --scores COLUMN or --scores PREFIX"


def _first_cells(table: Table, column: str) -> list[str]:
    first = next(iter(table.batches({column: ReadAs.NATIVE})), None)
    cells = [] if first is None else first.column(0)[:100].to_pylist()
    return [cell for cell in cells if isinstance(cell, str)]


def nearly_numbers(cells: Collection[str]) -> str | None:
    """Return what to do about cells that are numbers but for a per cent sign or a decimal comma, None for others."""
    bare = [cell.strip() for cell in cells]
    signed = [cell for cell in bare if per_cent(cell.replace(",", ".")) is not None]
    if signed and all(cell in signed or number(cell) is not None for cell in bare):
        if len(signed) < len(bare):
            return "some cells have a per cent sign and some have none: write all of them in one way"
        return "take the per cent signs away and divide by 100"
    commas = [cell for cell in bare if cell.count(",") == 1 and number(cell.replace(",", ".")) is not None]
    if commas and all(cell in commas or number(cell) is not None for cell in bare):
        return "write the decimal comma as a point"
    return None


def _affixes(rest: list[str], texts: list[str]) -> list[tuple[str, str]]:
    """Return the (prefix, suffix) pairs such that every label text has a column prefix + text + suffix."""
    longest = max(texts, key=len)
    columns = set(rest)
    found = []
    for name in rest:
        at = name.find(longest)
        while at >= 0:
            prefix, suffix = name[:at], name[at + len(longest) :]
            if all(f"{prefix}{text}{suffix}" in columns for text in texts):
                found.append((prefix, suffix))
            at = name.find(longest, at + 1)
    return found


def _named_after_labels(table: Table, rest: list[str], values: LabelValues | None) -> names.ScoreGroup | None:
    """Return the columns named after the labels that occur, with those beside them that share the affix."""
    if values is None or len(values.counts) < 2 or len(values.counts) > len(rest):
        return None
    integers = values.integers
    texts = [str(integer_of(text)) if integers else text for text in values.counts]
    candidates = _affixes(rest, texts)
    if not candidates:
        return None
    prefix, suffix = candidates[0]
    if not prefix and not suffix:
        return _bare_names(table, rest, set(texts))
    columns = tuple(
        name
        for name in rest
        if name.startswith(prefix) and name.endswith(suffix) and len(name) > len(prefix) + len(suffix)
    )
    stripped = tuple(name[len(prefix) : len(name) - len(suffix)] for name in columns)
    if integers:
        kept = [at for at, name in enumerate(stripped) if integer_of(name) is not None]
        columns, stripped = tuple(columns[at] for at in kept), tuple(stripped[at] for at in kept)
    return names.ScoreGroup(columns, stripped, prefix or suffix)


def _bare_names(table: Table, rest: list[str], texts: set[str]) -> names.ScoreGroup | None:
    """Return the columns named like labels, and those beside them if only together their rows sum to 1.

    A class that does not occur has a column too, but so may a feature that stands beside the scores.
    """
    numeric = numeric_columns(table, rest)
    if not texts <= numeric:
        return None
    positions = [at for at, name in enumerate(rest) if name in texts]
    first, last = min(positions), max(positions)
    while first > 0 and rest[first - 1] in numeric and _like_label(rest[first - 1], texts):
        first -= 1
    while last + 1 < len(rest) and rest[last + 1] in numeric and _like_label(rest[last + 1], texts):
        last += 1
    run = tuple(name for name in rest[first : last + 1] if name in numeric)
    named = tuple(name for name in run if name in texts)
    columns = run if sum_to_one(table, run) or (not sum_to_one(table, named) and _counted(texts)) else named
    return names.ScoreGroup(columns, columns, "")


def _counted(texts: set[str]) -> bool:
    return all(integer_of(text) is not None for text in texts)


def sum_to_one(table: Table, columns: tuple[str, ...]) -> bool:
    """Whether most of the first rows sum to 1 over some columns."""
    rows = close = 0
    for batch in first_rows(table, dict.fromkeys(columns, ReadAs.NUMBER), _LOOK):
        scores = [floats(array, name).astype(np.float64) for array, name in zip(batch.columns, columns, strict=True)]
        close += int(np.count_nonzero(np.abs(np.sum(scores, axis=0) - 1.0) <= 0.01))
        rows += batch.num_rows
    return 2 * close > rows


def _like_label(name: str, texts: set[str]) -> bool:
    """Whether a column may be a class that does not occur: a number among numbers, else no known role."""
    if _counted(texts):
        return integer_of(name) is not None
    reserved = names.ID_NAMES + names.PREDICTED_NAMES + ("weight", "fold", "split")
    return integer_of(name) is None and not names.named_like(reserved, [name])


def _largest_group(rest: list[str], labels: tuple[str, ...]) -> names.ScoreGroup | None:
    groups = [group for group in names.score_groups(rest) if len(group.columns) > 1]
    if len(labels) > 1:
        for group in groups:
            if len(group.columns) == len(labels):
                return group
    return max(groups, key=lambda group: len(group.columns), default=None)


def _list_column(table: Table, rest: list[str]) -> names.ScoreGroup | None:
    lists = [name for name in rest if is_score_list(table[name].type)]
    named = names.named_like(names.LIST_SCORE_NAMES, lists)
    chosen = named[:1] or (lists if len(lists) == 1 else [])
    return names.ScoreGroup(tuple(chosen), (), chosen[0]) if chosen else None


def _single_column(table: Table, rest: list[str], values: LabelValues | None) -> names.ScoreGroup | None:
    if values is not None and len(values.counts) > 2:  # one score answers for two classes only
        for name in names.named_like(names.PREDICTED_NAMES, rest):
            if are_decisions(table, name, values, named=False):
                return names.ScoreGroup((name,), (), name)
    numeric = numeric_columns(table, rest)
    usable = [name for name in rest if name in numeric]
    group = next((one for one in names.score_groups(usable) if len(one.columns) == 1), None)
    if group is None:
        named = names.named_like(names.LIST_SCORE_NAMES, usable)
        left = [name for name in usable if not names.named_like(names.ID_NAMES, [name])]
        if len(named) > 1:  # a predicted label beside a score is none itself
            named = [name for name in named if not are_decisions(table, name, values, named=False)] or named
        chosen = named[:1] or (left if len(left) == 1 and _may_be_score(table, left[0], rest, values) else [])
        group = names.ScoreGroup(tuple(chosen), (), chosen[0]) if chosen else None
    return group


def _may_be_score(table: Table, column: str, rest: list[str], values: LabelValues | None) -> bool:
    """Return whether a column that no name speaks for may be the score though predicted labels in words stand by."""
    if not any(is_text(table, name) for name in names.named_like(names.PREDICTED_NAMES, rest)):
        return True
    return values is not None and len(values.counts) <= 2 and share_column(table, column)


def _words(table: Table, rest: list[str], values: LabelValues | None) -> str | None:
    """Return the column of predicted labels in words: by its name, else the only one left if labels are among them."""
    named = names.named_like(names.PREDICTED_NAMES, rest)
    left = [name for name in rest if not names.named_like(names.ID_NAMES, [name])]
    for column in named:
        if is_text(table, column):
            return column
    known = set() if values is None else set(values.counts)
    if len(left) == 1 and is_text(table, left[0]) and known & set(label_values(table, left[0]).counts):
        return left[0]
    return None
