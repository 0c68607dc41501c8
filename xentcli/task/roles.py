"""Roles: which columns of a prediction file are the labels, which the scores, and how they are laid out.

Floor 3. Decided from names, types and, where names alone cannot tell, from the distinct values of the label
column. Every decision carries its sentence; what stays open is an error that names the option.
"""

from dataclasses import dataclass
from enum import StrEnum

from xentcli.errors import ColumnError, Place, UsageError
from xentcli.files.arrays import is_list
from xentcli.files.columns import find_column
from xentcli.files.table import Table
from xentcli.task import names
from xentcli.task.confidence import holds_confidence
from xentcli.task.decisions import are_decisions, beside_scores
from xentcli.task.label_pairs import in_score_order, paired_labels, share_prefix
from xentcli.task.score_columns import find_scores, given_scores, is_score_list, numeric_columns
from xentcli.task.soft_targets import share_column
from xentcli.task.values import LabelValues, label_values
from xentcli.words import counted


class ScoreForm(StrEnum):
    """How the scores are laid out."""

    COLUMNS = "a column per class"
    LIST = "one list column"
    SINGLE = "one column"
    SINGLE_LIST = "one list column of one score"
    DECISIONS = "one column of predicted labels"
    CONFIDENCE = "one column of scores of the predicted label"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the caller says about columns; empty or None leaves it to the names.

    Attributes:
        label: the label columns.
        scores: the score columns, or a prefix.
        id: the column of ids.
        weight: the column of row weights.
        decisions: false where a column that holds labels only is to be scored as it stands.
        loose: whether `label` lists the columns of a file of labels, of which some may be none.
        ignored_label: a label that counts as missing.
        by: columns that slice the rows, exact names; neither labels nor scores unless named so.
        aside: columns with another use, likewise.
    """

    label: tuple[str, ...] = ()
    scores: tuple[str, ...] = ()
    id: str | None = None
    weight: str | None = None
    decisions: bool = True
    loose: bool = False
    ignored_label: str | None = None
    by: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()


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
        predicted: a column of predicted labels that stands beside the scores.
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
    predicted: str | None = None


def assign(table: Table, wanted: Wanted) -> Roles:
    """Return the roles of the columns of a prediction table.

    Raises:
        ColumnError: no label or no score column can be found, or a named one does not exist.
        UsageError: options contradict each other.
    """
    given = tuple(find_column(table, reference) for reference in wanted.label)
    weight = None if wanted.weight is None else find_column(table, wanted.weight)
    identity = None if wanted.id is None else find_column(table, wanted.id)
    uses = dict.fromkeys(wanted.by, "--by") | {
        name: option for name, option in ((weight, "--weight"), (identity, "--id")) if name is not None
    }
    set_aside = {*wanted.aside, *uses}
    free = [name for name in table.names if name not in set_aside]
    scores = given_scores(table, wanted.scores, [name for name in free if name not in given])
    candidates = [name for name in free if scores is None or name not in scores.columns]
    labels, how = _find_labels(table, given, candidates)
    single = len(labels) == 1 and not is_list(table[labels[0]].type)
    values = _values(table, labels[0]) if single else None
    because: tuple[str, ...] = (how,)
    if wanted.ignored_label is not None:
        values, said = _without(values, wanted.ignored_label)
        because = (*because, said)
    rest = [name for name in free if name not in labels]
    found = scores or find_scores(table, rest, labels, values)
    labels = in_score_order(found, labels)
    form = form_of(table, found)
    if wanted.decisions and len(found.columns) == 1:
        decided = are_decisions(table, found.columns[0], values, named=scores is not None)
        form = ScoreForm.DECISIONS if decided else form
    beside = confidence_beside(table, found.columns[0], rest, values) if form in _ONE_COLUMN else None
    if beside is not None:
        score, label = beside
        because = (*because, f"predicted label: {label}, score of it: {score} (none is below one class's share)")
        return Roles(labels, (score,), ScoreForm.CONFIDENCE, None, "", weight, identity, values, because, label)
    named = found.names if form is not ScoreForm.LIST else ()
    left = [name for name in rest if name not in found.columns]
    predicted = None if form is ScoreForm.DECISIONS else beside_scores(table, left, values)
    taken = _taken_reasons(found, values, uses) if scores is None else ()
    reasons = (*because, *_score_reasons(found, labels, form), *taken, *_aside_reasons(weight, identity, predicted))
    roles = Roles(labels, found.columns, form, named or None, found.affix, weight, identity,
                  values, reasons, predicted)  # fmt: skip
    if set(roles.labels) & set(roles.scores):
        raise UsageError("a column cannot be both label and score", help="name both with --label and --scores")
    return roles


_ONE_COLUMN = {ScoreForm.SINGLE, ScoreForm.DECISIONS}


def confidence_beside(table: Table, column: str, rest: list[str], values: LabelValues | None) -> tuple[str, str] | None:
    """Return a predicted label's score and the column of that label, of which one was found; None for other scores."""
    numbers = numeric_columns(table, rest)
    near = [name for name in rest if names.pieces(name) & _CONFIDENCE_WORDS and name in numbers]
    predicted = beside_scores(table, [name for name in rest if name not in near], values)
    if predicted is None or len(near) != 1 or column not in {predicted, *near} or values is None:
        return None
    classes = {*values.counts, *label_values(table, predicted).counts}
    return (near[0], predicted) if holds_confidence(table, near[0], len(classes)) else None


_CONFIDENCE_WORDS = {"confidence", "conf", "score", "prob", "proba", "probability", "certainty"}


def _without(values: LabelValues | None, ignored: str) -> tuple[LabelValues, str]:
    """Return the label values without the one that counts as missing, and how many rows hold it."""
    if values is None or values.shares:
        raise UsageError("--ignore-label is for tasks with one column of class labels", help="leave it out")
    left = values.without(ignored)
    rows = left.missing - values.missing
    return left, f"label {ignored} counts as missing, as given: {counted(rows, 'row')}"


def _values(table: Table, column: str) -> LabelValues:
    """Return the distinct values of a label column; shares are too many to be counted."""
    if share_column(table, column):
        return LabelValues(column, {}, 0, integers=False, booleans=False, path=table.path, shares=True)
    return label_values(table, column)


def form_of(table: Table, group: names.ScoreGroup) -> ScoreForm:
    """Return how a group of score columns is laid out."""
    if len(group.columns) > 1:
        return ScoreForm.COLUMNS
    return ScoreForm.LIST if is_list(table[group.columns[0]].type) else ScoreForm.SINGLE


def _score_reasons(group: names.ScoreGroup, labels: tuple[str, ...], form: ScoreForm) -> tuple[str, ...]:
    if form is ScoreForm.DECISIONS:
        return (f"predicted label: {group.columns[0]} (it holds class labels, no scores)",)
    shown = ", ".join(group.columns[:4]) + (f", ... ({len(group.columns)} in all)" if len(group.columns) > 4 else "")
    noun = "scores" if len(group.columns) > 1 else "score column"
    plural = "labels" if len(labels) > 1 else "label"
    return (f"{noun}: {shown}" if group.columns else f"no scores beside the {plural}",)


def _taken_reasons(group: names.ScoreGroup, values: LabelValues | None, uses: dict[str, str]) -> tuple[str, ...]:
    """Return a sentence for each column that would be a score by its name, had an option no use for it."""
    classes = {} if values is None else values.counts
    kin = {*names.kin(group.columns, uses), *(name for name in uses if name in classes)} - set(group.columns)
    return tuple(f"{name} is named like a score, but given to {uses[name]} and so none" for name in uses if name in kin)


def _aside_reasons(weight: str | None, identity: str | None, predicted: str | None) -> tuple[str, ...]:
    found = []
    if weight is not None:
        found.append(f"row weights: {weight}")
    if identity is not None:
        found.append(f"ids: {identity}")
    if predicted is not None:
        found.append(f"predicted label beside the scores: {predicted} (by its name)")
    return tuple(found)


def _find_labels(table: Table, given: tuple[str, ...], free: list[str]) -> tuple[tuple[str, ...], str]:
    if given:
        return given, f"{'labels' if len(given) > 1 else 'label'}: {names.listed(given)} (as given)"
    for name in names.named_like(names.SOFT_LABEL_NAMES, free):
        if is_score_list(table[name].type) or share_column(table, name):
            return (name,), f"label: {name} (by its name)"
    groups = names.score_groups(free)
    scored = {name for group in groups for name in group.columns}
    for name in names.named_like(names.LABEL_NAMES, [name for name in free if name not in scored]):
        return (name,), f"label: {name} (by its name)"
    for group in sorted(groups, key=lambda one: -len(one.columns)):
        paired = paired_labels(group, free)
        if paired:
            return paired, f"labels: {names.listed(paired)} (named like the scores)"
    left = [
        name
        for name in free
        if name not in scored
        and not names.named_like(names.ID_NAMES + names.LIST_SCORE_NAMES, [name])
        and not is_score_list(table[name].type)
    ]
    if len(left) == 1:
        return (left[0],), f"label: {left[0]} (the only column that holds no scores)"
    if any(is_score_list(table[name].type) for name in free) and share_prefix(left):
        return tuple(left), f"labels: {names.listed(tuple(left))} (by the word that they share)"
    shown = names.listed(tuple(table.names))
    raise ColumnError(
        "no label column can be told by its name",
        place=Place(table.path),
        details=(f"columns: {shown}",),
        help=(
            "labels in another file: --labels FILE"
            if len(table.names) == 1
            else "name it with --label COLUMN (repeat it for one column per label), or their file with --labels FILE"
        ),
    )
