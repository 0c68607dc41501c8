"""Roles: which columns of a prediction file are the labels, which the scores, and how they are laid out.

Floor 3. Decided from names, types and, where names alone cannot tell, from the distinct values of the label
column. Every decision carries its sentence; what stays open is an error that names the option.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import pyarrow as pa

from xentcli.errors import ColumnError, Place, UsageError
from xentcli.files.arrays import floats, is_list, nulls
from xentcli.files.columns import find_column
from xentcli.files.table import ReadAs, Table
from xentcli.task import names
from xentcli.task.values import LabelValues, integer_of, label_values


class ScoreForm(StrEnum):
    """How the scores are laid out."""

    COLUMNS = "a column per class"
    LIST = "one list column"
    SINGLE = "one column"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the caller says about columns; empty or None leaves it to the names."""

    label: tuple[str, ...] = ()
    scores: tuple[str, ...] = ()
    id: str | None = None
    weight: str | None = None


@dataclass(frozen=True, slots=True)
class Roles:
    """The columns and what they are for.

    Attributes:
        labels: one label column, or one per class (label).
        scores: the score columns in file order.
        form: how they are laid out.
        names: what the score columns are named after, in their order; None for one list or plain column.
        affix: the common part of the score columns' names.
        weight: column of row weights.
        id: id column, if one was named.
        values: the distinct values of a single scalar label column.
        reasons: sentences that say what was chosen and why.
    """

    labels: tuple[str, ...]
    scores: tuple[str, ...]
    form: ScoreForm
    names: tuple[str, ...] | None
    affix: str
    weight: str | None
    id: str | None
    values: LabelValues | None
    reasons: tuple[str, ...]


def _is_numeric(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
        or pa.types.is_boolean(kind)
    )  # fmt: skip


def _numeric(table: Table, columns: Iterable[str]) -> set[str]:
    """Return which columns hold numbers: by their type, in text by their first batch."""
    wanted = list(columns)
    if not table.format.is_text:
        return {name for name in wanted if _is_numeric(table[name].type)}
    first = next(iter(table.batches(dict.fromkeys(wanted, ReadAs.NUMBER))), None) if wanted else None
    if first is None:
        return set()
    found = set()
    for name, array in zip(wanted, first.columns, strict=True):
        missing = nulls(array)
        if missing is None or 2 * int(missing.sum()) < len(array):
            found.add(name)
    return found


def _is_score_list(kind: pa.DataType) -> bool:
    return is_list(kind) and _is_numeric(kind.value_type)


def assign(table: Table, wanted: Wanted) -> Roles:
    """Return the roles of the columns of a prediction table.

    Raises:
        ColumnError: no label or no score column can be found, or a named one does not exist.
        UsageError: options contradict each other.
    """
    given = tuple(find_column(table, reference) for reference in wanted.label)
    weight = None if wanted.weight is None else find_column(table, wanted.weight)
    identity = None if wanted.id is None else find_column(table, wanted.id)
    set_aside = {name for name in (weight, identity) if name is not None}
    free = [name for name in table.names if name not in set_aside]
    scores = _given_scores(table, wanted.scores, [name for name in free if name not in given])
    candidates = [name for name in free if scores is None or name not in scores.columns]
    labels, because = _find_labels(table, given, candidates)
    single = len(labels) == 1 and not is_list(table[labels[0]].type)
    values = label_values(table, labels[0]) if single else None
    rest = [name for name in free if name not in labels]
    found = scores or _find_scores(table, rest, labels, values)
    reasons = (because, *_score_reasons(found, labels), *_aside_reasons(weight, identity))
    form = _form(table, found)
    named = found.names if form is not ScoreForm.LIST else ()
    roles = Roles(labels, found.columns, form, named or None, found.affix, weight, identity,
                  values, reasons)  # fmt: skip
    if set(roles.labels) & set(roles.scores):
        raise UsageError("a column cannot be both label and score", help="name both with --label and --scores")
    return roles


def _form(table: Table, group: names.ScoreGroup) -> ScoreForm:
    if len(group.columns) > 1:
        return ScoreForm.COLUMNS
    return ScoreForm.LIST if is_list(table[group.columns[0]].type) else ScoreForm.SINGLE


def _score_reasons(group: names.ScoreGroup, labels: tuple[str, ...]) -> tuple[str, ...]:
    shown = ", ".join(group.columns[:4]) + (f", ... ({len(group.columns)} in all)" if len(group.columns) > 4 else "")
    noun = "scores" if len(group.columns) > 1 else "score column"
    plural = "labels" if len(labels) > 1 else "label"
    return (f"{noun}: {shown}" if group.columns else f"no scores beside the {plural}",)


def _aside_reasons(weight: str | None, identity: str | None) -> tuple[str, ...]:
    found = []
    if weight is not None:
        found.append(f"row weights: {weight}")
    if identity is not None:
        found.append(f"ids: {identity}")
    return tuple(found)


def _given_scores(table: Table, references: tuple[str, ...], free: list[str]) -> names.ScoreGroup | None:
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


def _find_labels(table: Table, given: tuple[str, ...], free: list[str]) -> tuple[tuple[str, ...], str]:
    if given:
        return given, f"{'labels' if len(given) > 1 else 'label'}: {_shown(given)} (as given)"
    groups = names.score_groups(free)
    scored = {name for group in groups for name in group.columns}
    for name in names.named_like(names.LABEL_NAMES, [name for name in free if name not in scored]):
        return (name,), f"label: {name} (by its name)"
    for group in sorted(groups, key=lambda one: -len(one.columns)):
        paired = _paired_labels(group, free)
        if paired:
            return paired, f"labels: {_shown(paired)} (named like the scores)"
    left = [
        name
        for name in free
        if name not in scored
        and not names.named_like(names.ID_NAMES + names.LIST_SCORE_NAMES, [name])
        and not _is_score_list(table[name].type)
    ]
    if len(left) == 1:
        return (left[0],), f"label: {left[0]} (the only column that holds no scores)"
    shown = _shown(tuple(table.names))
    raise ColumnError(
        "no label column can be told by its name",
        place=Place(table.path),
        details=(f"columns: {shown}",),
        help="name it with --label COLUMN (repeat it for one column per label)",
    )


def _paired_labels(group: names.ScoreGroup, free: list[str]) -> tuple[str, ...]:
    """Return the label columns named like the scores of a group, in its order, or nothing."""
    by_folded = {name.casefold(): name for name in free if name not in group.columns}
    for prefix in names.LABEL_PREFIXES:
        found = tuple(by_folded.get(f"{prefix}{name}".casefold(), "") for name in group.names)
        if all(found) and (len(found) > 1 or prefix):
            return found
    return ()


def _find_scores(
    table: Table, rest: list[str], labels: tuple[str, ...], values: LabelValues | None
) -> names.ScoreGroup:
    """Return the score columns among the columns that are neither label, weight nor id."""
    for found in (
        _named_after_labels(table, rest, values),
        _largest_group(rest, labels),
        _list_column(table, rest),
        _single_column(table, rest, values),
    ):
        if found is not None:
            return found
    predicted = names.named_like(names.PREDICTED_NAMES, rest)
    if predicted:
        raise _no_scores(table, predicted[0])
    raise ColumnError(
        "no score columns can be told by their names",
        place=Place(table.path),
        details=(f"columns: {_shown(tuple(table.names))}; label: {_shown(labels)}",),
        help="name them with --scores COLUMN or --scores PREFIX",
    )


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
    numeric = _numeric(table, rest)
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
    columns = run if _sum_to_one(table, run) or (not _sum_to_one(table, named) and _counted(texts)) else named
    return names.ScoreGroup(columns, columns, "")


def _counted(texts: set[str]) -> bool:
    return all(integer_of(text) is not None for text in texts)


def _sum_to_one(table: Table, columns: tuple[str, ...]) -> bool:
    """Whether nearly all rows of the first batch sum to 1 over some columns."""
    first = next(iter(table.batches(dict.fromkeys(columns, ReadAs.NUMBER))), None)
    if first is None:
        return False
    scores = [floats(array, name).astype(np.float64) for array, name in zip(first.columns, columns, strict=True)]
    close = np.abs(np.sum(scores, axis=0) - 1.0) <= 0.01
    return bool(2 * np.count_nonzero(close) > first.num_rows)


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
    lists = [name for name in rest if _is_score_list(table[name].type)]
    named = names.named_like(names.LIST_SCORE_NAMES, lists)
    chosen = named[:1] or (lists if len(lists) == 1 else [])
    return names.ScoreGroup(tuple(chosen), (), chosen[0]) if chosen else None


def _single_column(table: Table, rest: list[str], values: LabelValues | None) -> names.ScoreGroup | None:
    numeric = _numeric(table, rest)
    usable = [name for name in rest if name in numeric]
    group = next((one for one in names.score_groups(usable) if len(one.columns) == 1), None)
    if group is None:
        named = names.named_like(names.LIST_SCORE_NAMES, usable)
        left = [name for name in usable if not names.named_like(names.ID_NAMES, [name])]
        chosen = named[:1] or (left if len(left) == 1 else [])
        group = names.ScoreGroup(tuple(chosen), (), chosen[0]) if chosen else None
    if group is not None and values is not None:
        _refuse_decisions(table, group.columns[0], values)
    return group


def _refuse_decisions(table: Table, column: str, values: LabelValues) -> None:
    """Raise if a column that would be the score holds nothing but class labels.

    Floats are scores, however extreme, and so is what is named as one.

    Raises:
        ColumnError: it does.
    """
    scored = [name for name in names.LIST_SCORE_NAMES if name not in names.PREDICTED_NAMES]
    if pa.types.is_floating(table[column].type) or names.named_like(tuple(scored), [column]):
        return
    known = set(values.counts) | ({"0", "1"} if values.integers else set())
    held = label_values(table, column).counts
    if len(values.counts) > 1 and held and set(held) <= known:
        raise _no_scores(table, column)


def _no_scores(table: Table, column: str) -> ColumnError:
    return ColumnError(
        "holds predicted labels, not scores: no loss can be had from decisions alone",
        place=Place(table.path, column=column),
        help="write the model's probabilities or logits; --scores scores the column as it stands",
    )


def _shown(columns: tuple[str, ...]) -> str:
    return ", ".join(columns[:12]) + (f", ... ({len(columns)} in all)" if len(columns) > 12 else "")


def with_reasons(roles: Roles, *reasons: str) -> Roles:
    """Return the same roles with further reasons."""
    return replace(roles, reasons=(*roles.reasons, *reasons))
