"""Outputs: several label columns of one table, each with scores of its own, or with predicted labels of its own.

Floor 3. An output is a label column and the columns that are named after it: `color` and `color_red, color_blue`,
`p_color_red`, `color_prob_red`, or one list or plain column such as `color_probs`. Names point out candidates, the
labels that occur decide: features such as `color_hue` are named after no label. Outputs without scores are found by
`decided_outputs`.
"""

from collections.abc import Sequence

import pyarrow as pa

from xentcli.errors import ColumnError, Place, UsageError
from xentcli.files.arrays import is_list
from xentcli.files.columns import find_column
from xentcli.files.table import Table
from xentcli.record import Record
from xentcli.task import names
from xentcli.task.decided_outputs import decided_outputs
from xentcli.task.model import ColumnRole
from xentcli.task.output_columns import (
    Pool,
    bases_of,
    candidates,
    given_scores,
    is_score_list,
    numeric_columns,
    sum_to_one,
)
from xentcli.task.reading.account import account_of_outputs
from xentcli.task.reading.decide import columns_of
from xentcli.task.reading.group_facts import facts_of
from xentcli.task.reading.names import name_of
from xentcli.task.reading.sample import Sample
from xentcli.task.roles import Output, Roles, ScoreForm, Wanted
from xentcli.task.soft_targets import share_column
from xentcli.task.values import LabelValues, integer_of, label_values
from xentcli.task.vocabulary import LIST_SCORE_NAMES, TARGET_NAMES, ZERO_ONE_WORDS, in_small
from xentcli.terms import Kind

MANY_COLUMNS = 2000
"""Wider tables are not searched for outputs by their names alone."""

_HELP = "name them COLUMN_CLASS, such as color_red and color_blue beside a label color"


class Outputs(Record):
    """The outputs of a table, and what every column of it is."""

    outputs: tuple[Output, ...]
    columns: tuple[ColumnRole, ...]


class _Found(Record):
    """A label column, what its scores are named after, its distinct values and its scores."""

    name: str
    label: str
    values: LabelValues
    group: names.ScoreGroup


def find_outputs(table: Table, wanted: Wanted, kind: Kind | None) -> Outputs | None:
    """Return the outputs of a table, None if it holds one task.

    Args:
        table: where the columns are.
        wanted: what the caller says about columns.
        kind: the kind of task that the caller fixes.

    Raises:
        ColumnError: a named column does not exist, or several outputs are asked for and one has no scores.
        UsageError: several outputs are asked for and one label is named.
        XentError: what is predicted of an output cannot be told.
    """
    if kind not in {None, Kind.MULTIOUTPUT}:
        return None
    forced = kind is Kind.MULTIOUTPUT
    given = tuple(find_column(table, reference) for reference in wanted.label or wanted.added)
    if len(given) == 1 and (forced or wanted.label or not wanted.added):
        if forced:
            raise UsageError("multioutput needs a label column per output, one is named", option="task")
        return None
    set_aside = {find_column(table, one) for one in (wanted.weight, wanted.id) if one is not None}
    free = [name for name in table.names if name not in set_aside]
    found = _paired(table, wanted, given, free, forced=forced) or _by_names(table, wanted, given, free, forced=forced)
    scored = tuple(_output(table, one, wanted) for one in found)
    lacking = len(found) < 2 or (bool(wanted.label) and len(found) < len(given))
    if lacking or any(one.roles.form is ScoreForm.SINGLE for one in scored):
        decided = _decided(table, wanted, scored, forced=forced)
        if decided is not None:
            return decided
    if forced:
        _refuse_lonely(table, given, found)
    if lacking:
        return None
    if not forced and (_is_multi_label(table, found) or (not given and _has_other_task(table, free, found))):
        return None
    return Outputs(scored, account_of_outputs(table, scored, wanted, {}))


def _decided(table: Table, wanted: Wanted, scored: Sequence[Output], *, forced: bool) -> Outputs | None:
    """Return the outputs that have predicted labels; None where there are none, or where scores say more.

    One column says no more where it holds the predicted labels, or the confidence of what is predicted.
    """
    if not wanted.decisions:
        return None
    found = decided_outputs(columns_of(table, wanted), wanted, forced=forced)
    if found is None:
        return None
    if len(scored) > 1 and not {one.roles.scores for one in scored} <= {one.roles.scores for one in found.outputs}:
        return None
    return Outputs(found.outputs, account_of_outputs(table, found.outputs, wanted, found.aside))


def _refuse_lonely(table: Table, given: tuple[str, ...], found: Sequence[_Found]) -> None:
    """Raise if there are not several outputs, or a named label has no scores.

    Raises:
        ColumnError: with the label.
    """
    having = {one.label for one in found}
    for label in given:
        if label not in having:
            place = Place(table.path, column=label)
            raise ColumnError(
                "has no scores of its own: no columns are named after its labels", place=place, help=_HELP
            )
    if len(found) < 2:
        raise ColumnError(
            "there are not several label columns with scores of their own", place=Place(table.path), help=_HELP
        )


def _paired(table: Table, wanted: Wanted, given: tuple[str, ...], free: list[str], *, forced: bool) -> list[_Found]:
    """Return one output per label and `--scores`, in their order, where these are as many and not plain columns."""
    if len(wanted.scores) != len(given) or len(given) < 2:
        return []
    rest = [name for name in free if name not in given]
    groups = [given_scores(table, (reference,), rest) for reference in wanted.scores]
    whole = [group for group in groups if group is not None]
    if not forced and all(len(one.columns) == 1 and not is_list(table[one.columns[0]].type) for one in whole):
        return []
    found = []
    for label, group in zip(given, whole, strict=True):
        own = names.ScoreGroup(group.columns, (), group.columns[0]) if len(group.columns) == 1 else group
        found.append(_Found(bases_of(label)[0], label, label_values(table, label), own))
    return found


def _by_names(table: Table, wanted: Wanted, given: tuple[str, ...], free: list[str], *, forced: bool) -> list[_Found]:
    """Return the label columns that columns are named after, in file order."""
    named = set(given)
    scores = given_scores(table, wanted.scores, [name for name in free if name not in named])
    columns = [name for name in (free if scores is None else scores.columns) if name not in named]
    likely = given or [name for name in free if not name_of(name).predicted]
    labels = [name for name in likely if not is_list(table[name].type)]
    if not given and len(labels) > MANY_COLUMNS:
        return []
    pool = Pool(columns)
    bases = sorted(((base, label) for label in labels for base in bases_of(label)), key=lambda one: -len(one[0]))
    if not forced and _only_zero_one(table, [(label, candidates(base, pool)) for base, label in bases]):
        return []
    found: dict[str, _Found] = {}
    for base, label in bases:
        taken = {column for one in found.values() for column in one.group.columns}
        if label in found or label in taken:
            continue
        one = _output_of(table, label, base, candidates(base, pool))
        if one is not None:
            found[label] = one
            pool.discard((label, *one.group.columns))
    return [found[name] for name in given or table.names if name in found]


def _only_zero_one(table: Table, options: list[tuple[str, list[tuple[names.ScoreGroup, bool]]]]) -> bool:
    """Whether names alone leave labels with one plain score each, and these labels are numbers: multi-label columns."""
    having = {label: groups for label, groups in options if groups}
    groups = [group for found in having.values() for group, _ in found]
    plain = all(len(group.columns) == 1 and not is_list(table[group.columns[0]].type) for group in groups)
    return plain and set(having) <= numeric_columns(table, having)


def _output_of(table: Table, label: str, base: str, options: list[tuple[names.ScoreGroup, bool]]) -> _Found | None:
    """Return the output of a label column, None if no scores are named after it."""
    if not options or (pa.types.is_floating(table[label].type) and share_column(table, label)):
        return None
    values = label_values(table, label)
    for group, said in options:
        fitted = _fitted(table, _without(group, {label}), values, said=said)
        if fitted is not None:
            return _Found(base, label, values, fitted)
    return None


def _without(group: names.ScoreGroup, columns: set[str]) -> names.ScoreGroup:
    """Return a group without some columns."""
    kept = [at for at, name in enumerate(group.columns) if name not in columns]
    stripped = tuple(group.names[at] for at in kept) if group.names else ()
    return names.ScoreGroup(tuple(group.columns[at] for at in kept), stripped, group.affix)


def _fitted(table: Table, group: names.ScoreGroup, values: LabelValues, *, said: bool) -> names.ScoreGroup | None:
    """Return the columns of a group that answer for the labels that occur, None if they do not.

    Args:
        table: where they are.
        group: columns that are named after the label column.
        values: the labels.
        said: whether the names say that they are scores, as `p_` does.
    """
    if not values.counts or not group.columns:
        return None
    if not group.names:
        return group if _single_fits(table, group.columns[0], values) else None
    group = _without(group, set(group.columns) - numeric_columns(table, group.columns))
    if len(group.columns) < 2:
        return None
    held = _named_columns(group, values)
    if not said and facts_of(Sample(table), group.columns).bits:
        return None  # the one-hot copy of a label or of a feature
    if held is None:
        indices = values.integers and all(0 <= (integer_of(text) or 0) < len(group.columns) for text in values.counts)
        worded = all(integer_of(name) is None for name in group.names)
        return group if said and indices and worded else None
    if len(held) == len(group.columns) or said:
        return group
    part = _without(group, set(group.columns) - set(held))
    return group if sum_to_one(table, group.columns) or not sum_to_one(table, part.columns) else part


def _named_columns(group: names.ScoreGroup, values: LabelValues) -> list[str] | None:
    """Return the columns named after labels that occur, None if a label has none."""
    if values.integers:
        numbers = {integer_of(name): column for name, column in zip(group.names, group.columns, strict=True)}
        wanted = {integer_of(text) for text in values.counts}
        return [c for n, c in numbers.items() if n in wanted] if wanted <= set(numbers) else None
    texts = {text.casefold() if values.booleans else text for text in values.counts}
    by_name = {
        (name.casefold() if values.booleans else name): c for name, c in zip(group.names, group.columns, strict=True)
    }
    return [c for n, c in by_name.items() if n in texts] if texts <= set(by_name) else None


def _single_fits(table: Table, column: str, values: LabelValues) -> bool:
    if is_list(table[column].type):
        return is_score_list(table[column].type)
    return len(values.counts) <= 2 and column in numeric_columns(table, (column,))


def _is_multi_label(table: Table, found: Sequence[_Found]) -> bool:
    """Whether the outputs are 0/1 columns with one score each: the labels of one task."""
    return all(
        len(one.group.columns) == 1 and not is_list(table[one.group.columns[0]].type) and _mostly_zero_one(one.values)
        for one in found
    )


def _mostly_zero_one(values: LabelValues) -> bool:
    """Whether at least half of the labels say 0 or 1 in numbers or words; the others are for the pass to refuse."""
    said = sum(rows for text, rows in values.counts.items() if in_small(text) in ZERO_ONE_WORDS)
    return 2 * said >= sum(values.counts.values())


def _has_other_task(table: Table, free: list[str], found: Sequence[_Found]) -> bool:
    """Whether a label and scores are left that belong to no output; then the outputs are features that look alike."""
    taken = {column for one in found for column in (one.label, *one.group.columns)}
    left = [name for name in free if name not in taken]
    labels = names.named_like(TARGET_NAMES, left)
    if not labels:
        return False
    if all(len(one.group.columns) == 1 for one in found):
        return True
    scores = [group for group in names.score_groups(left) if len(group.columns) > 1]
    lists = [name for name in names.named_like(LIST_SCORE_NAMES, left) if name not in labels]
    return bool(scores or lists or any(is_score_list(table[name].type) for name in left))


def _output(table: Table, one: _Found, wanted: Wanted) -> Output:
    form = _form_of(table, one.group)
    shown = ", ".join(one.group.columns[:4]) + (", ..." if len(one.group.columns) > 4 else "")
    roles = Roles(
        labels=(one.label,),
        scores=one.group.columns,
        form=form,
        names=one.group.names or None,
        affix=one.group.affix,
        weight=None if wanted.weight is None else find_column(table, wanted.weight),
        id=None if wanted.id is None else find_column(table, wanted.id),
        values=one.values,
        reasons=(f"label {one.label}, scores {shown}",),
    )
    return Output(one.name, roles)


def _form_of(table: Table, group: names.ScoreGroup) -> ScoreForm:
    """Return how a group of score columns is laid out."""
    if len(group.columns) > 1:
        return ScoreForm.COLUMNS
    return ScoreForm.LIST if is_list(table[group.columns[0]].type) else ScoreForm.SINGLE
