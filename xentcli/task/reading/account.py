"""Account: what every column of a table is, each exactly once, and the sentences that say why.

Floor 3. What no reading uses is said as well: features, other models, copies of the label.

Reasons: the sentences that say what was read as what, and why.

Label twins: columns that say of every row what the label says, though nothing calls them labels. Only what the
reading has looked at for other reasons is compared, and only in the first rows: nothing is read for this. Words
beside numbers are the names of the classes, not a feature.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from xentcli.files.columns import find_column
from xentcli.files.table import Table
from xentcli.phrases import counted
from xentcli.record import replace
from xentcli.task.asides import SPLIT_SAID, is_split, is_weight
from xentcli.task.first_rows import MOST_COLUMNS
from xentcli.task.model import ColumnRole, Role
from xentcli.task.reading.candidates import Columns
from xentcli.task.reading.fits import FitKind
from xentcli.task.reading.group_facts import facts_of, is_copy, twins
from xentcli.task.reading.label_account import KINDS, LONGEST, LOOK
from xentcli.task.reading.model import Candidate, LabelForm
from xentcli.task.reading.names import by_values, by_words, is_feature, is_id, label_tier, listed, name_of
from xentcli.task.reading.sample import Cells, ColumnSample, Sample
from xentcli.task.refused_forms import box_columns
from xentcli.task.roles import Output, Roles, ScoreForm, Wanted
from xentcli.task.values import LabelValues


def reasons(columns: Columns, best: Candidate, wanted: Wanted, values: LabelValues | None) -> tuple[str, ...]:
    """Return the sentences on a reading."""
    return tuple(_sentences(columns, best, wanted, values))


def _sentences(columns: Columns, best: Candidate, wanted: Wanted, values: LabelValues | None) -> Iterator[str]:
    yield _label(columns, best)
    if wanted.ignored_label is not None and values is not None:
        rows = values.missing - columns.sample.values(best.labels.columns[0]).missing
        yield f"label {wanted.ignored_label} counts as missing, as given: {counted(rows, 'row')}"
    yield _score(best)
    yield from best.reasons
    yield from _taken_away(columns, best, wanted)
    boxes = set(box_columns(columns.table.names[:MOST_COLUMNS])) - {*best.labels.columns, *best.scores.columns}
    if boxes:
        yield f"boxes are not judged ({listed(sorted(boxes), 4)}): each row counts by its label and score alone"
    if wanted.weight is not None:
        yield f"row weights: {wanted.weight}"
    if wanted.id is not None:
        yield f"ids: {wanted.id}"
    if best.predicted is not None and best.scores.form is not ScoreForm.CONFIDENCE:
        yield f"predicted label beside the scores: {best.predicted}"


def _taken_away(columns: Columns, best: Candidate, wanted: Wanted) -> Iterator[str]:
    """Yield a sentence for each column that would be a score by its name, had an option no use for it."""
    if columns.given_scores:
        return
    uses = dict.fromkeys(wanted.by, "--by")
    uses |= {name: option for name, option in ((wanted.weight, "--weight"), (wanted.id, "--id")) if name is not None}
    scores = set(best.scores.columns)
    plain = len(best.labels.columns) == 1 and best.labels.form is LabelForm.SCALAR
    classes = columns.values(best.labels.columns[0]) if plain else {}
    kin = {name for group in by_words([*scores, *uses]) if scores & set(group.columns) for name in group.columns}
    for name, option in uses.items():
        if name not in scores and (name in kin or name in classes):
            yield f"{name} is named like a score, but given to {option} and so none"


def _label(columns: Columns, best: Candidate) -> str:
    labels = best.labels
    noun = "labels" if len(labels.columns) > 1 else "label"
    return f"{noun}: {listed(labels.columns)} ({label_because(columns, best)})"


def label_because(columns: Columns, best: Candidate) -> str:
    """Return why columns are the labels, in a few words."""
    labels = best.labels
    if columns.given_labels:
        return "as given"
    if labels.form is LabelForm.BLOCK:
        return "named like the scores"
    if labels.columns[0] in columns.added:
        return "of the file of labels"
    if labels.tier < 3:
        return "by its name"
    if best.fit is not None and best.fit.kind >= FitKind.MEANING:
        return "its values name the scores"
    return "the only column that fits the scores"


def _score(best: Candidate) -> str:
    scores = best.scores
    if scores.form is ScoreForm.DECISIONS:
        return f"predicted label: {scores.columns[0]} (it holds class labels, no scores)"
    if scores.form is ScoreForm.CONFIDENCE:
        return f"predicted label: {best.predicted}; {scores.columns[0]} is the confidence of what it predicts"
    noun = "scores" if len(scores.columns) > 1 else "score column"
    shown = ", ".join(scores.columns[:4])
    more = f", ... ({len(scores.columns)} in all)" if len(scores.columns) > 4 else ""
    return f"{noun}: {shown}{more}"


SAYS_THE_SAME = "says in the first rows what the label says"
"""Why such a column is passed over."""

_LEAST_ROWS, _LEAST_OTHERS = 50, 10
"""Fewer rows, or fewer that are not of the most frequent class, may agree by chance."""


def label_twins(label: str, names: Iterable[str], samples: Sequence[Sample]) -> tuple[str, ...]:
    """Return the columns whose values stand for those of the label one by one.

    Args:
        label: the column of labels.
        names: columns that may be features.
        samples: what was read of the first rows.
    """
    held = _known(label, samples)
    if held is None:
        return ()
    found = ((name, _known(name, samples)) for name in names)
    return tuple(name for name, one in found if one is not None and _says_the_same(held, one))


def twins_in(account: Iterable[ColumnRole]) -> tuple[str, ...]:
    """Return the columns of a table that were found to say what the label says."""
    return tuple(one.name for one in account if one.because == SAYS_THE_SAME)


def _known(name: str, samples: Sequence[Sample]) -> ColumnSample | None:
    return next((one for one in (sample.known(name) for sample in samples) if one is not None), None)


def _says_the_same(label: ColumnSample, other: ColumnSample) -> bool:
    names = (label.cells is Cells.WORDS) != (other.cells is Cells.WORDS)
    if names or label.codes is None or other.codes is None:
        return False
    rows = min(len(label.codes), len(other.codes))
    one, two = (replace(held, codes=held.codes[:rows]) for held in (label, other) if held.codes is not None)
    known = label.codes[:rows][(label.codes[:rows] >= 0) & (other.codes[:rows] >= 0)]
    enough = len(known) >= _LEAST_ROWS and len(known) - np.bincount(known).max() >= _LEAST_OTHERS
    return bool(enough) and twins(one, two)


FEATURE = "a feature, by its name"


def account(columns: Columns, best: Candidate, roles: Roles, wanted: Wanted) -> tuple[ColumnRole, ...]:
    """Return the role of every column of a table, in its order."""
    used = {one.name: one for one in _used(columns, best, roles, wanted)}
    left = [name for name in columns.table.names if name not in used]
    copies = _copies(columns, best, left)
    models = _models(roles, left)
    look = Sample(columns.table, LOOK, joined=bool(columns.added))
    if columns.table.format.is_text or columns.added:
        look.load(left)
    rest = {name: _unused(best.labels.columns, name, look.cells(name), copies, models) for name in left}
    if best.labels.form is LabelForm.SCALAR:
        silent = [name for name, one in rest.items() if _says_nothing(one)]
        same = label_twins(best.labels.columns[0], silent, (columns.sample, look))
        rest |= {name: ColumnRole(name, Role.UNUSED, None, SAYS_THE_SAME) for name in same}
    rest |= _asides(columns.table, left)
    return tuple(used.get(name) or rest[name] for name in columns.table.names)


def _used(columns: Columns, best: Candidate, roles: Roles, wanted: Wanted) -> Iterator[ColumnRole]:
    yield from _of_options(columns.table, wanted)
    if roles.predicted is not None:
        yield ColumnRole(roles.predicted, Role.PREDICTED, None, "holds labels, by a name of predictions")
    yield from score_roles(roles, given=bool(columns.given_scores))
    block = best.labels.form is LabelForm.BLOCK and roles.names is not None and len(roles.names) == len(roles.labels)
    for at, name in enumerate(roles.labels):
        yield ColumnRole(
            name, Role.LABEL, roles.names[at] if block and roles.names else None, label_because(columns, best)
        )


def _asides(table: Table, left: Sequence[str]) -> dict[str, ColumnRole]:
    """Return what is offered by what stands beside labels by convention."""
    said = {name: f"a weight by its name: --weight {name}" for name in left if is_weight(name)}
    said |= {name: SPLIT_SAID.format(name) for name in left if is_split(table, name)}
    return {name: ColumnRole(name, Role.UNUSED, None, because[:LONGEST]) for name, because in said.items()}


def _of_options(table: Table, wanted: Wanted) -> Iterator[ColumnRole]:
    """Yield the roles of the columns that are neither labels nor scores because an option, or a join, uses them."""
    for by in wanted.by:
        yield ColumnRole(by, Role.SLICE, None, "as given")
    for name in wanted.identifying:
        yield ColumnRole(name, Role.ID, None, "tells the rows apart in both files")
    if wanted.id is not None:
        yield ColumnRole(find_column(table, wanted.id), Role.ID, None, "tells the rows apart")
    if wanted.weight is not None:
        yield ColumnRole(find_column(table, wanted.weight), Role.WEIGHT, None, "as given")


_PREDICTED = {ScoreForm.DECISIONS, ScoreForm.CONFIDENCE}


def account_of_outputs(
    table: Table, outputs: Sequence[Output], wanted: Wanted, aside: Mapping[str, str]
) -> tuple[ColumnRole, ...]:
    """Return the role of every column of a table of several outputs.

    Args:
        table: where the columns are.
        outputs: each with its columns.
        wanted: what the caller says about columns.
        aside: why columns are passed over, where that is known.
    """
    used = {one.name: one for one in _of_options(table, wanted)}
    for output in outputs:
        roles = output.roles
        if roles.predicted is not None:
            used[roles.predicted] = ColumnRole(roles.predicted, Role.PREDICTED, None, "named after its label")
        used |= {one.name: one for one in score_roles(roles, given=bool(wanted.scores))}
        label = roles.labels[0]
        because = "its predicted labels" if roles.form in _PREDICTED else "its scores"
        used[label] = ColumnRole(
            label, Role.LABEL, None, "as given" if wanted.label else f"{because} are named after it"
        )
    look = Sample(table, LOOK, joined=bool(wanted.added))
    left = [name for name in table.names if name not in used]
    if table.format.is_text or wanted.added:
        look.load(left)
    labels = tuple(one.roles.labels[0] for one in outputs)
    rest = {name: _unused(labels, name, look.cells(name), frozenset()) for name in left}
    rest |= {name: ColumnRole(name, Role.UNUSED, None, aside[name][:LONGEST]) for name in left if name in aside}
    return tuple(used.get(name) or rest[name] for name in table.names)


def score_roles(roles: Roles, *, given: bool = False) -> Iterator[ColumnRole]:
    """Yield the roles of the columns of scores, or of predicted labels and their confidence."""
    role = {ScoreForm.DECISIONS: Role.PREDICTED, ScoreForm.CONFIDENCE: Role.CONFIDENCE}.get(roles.form, Role.SCORE)
    for at, name in enumerate(roles.scores):
        own = roles.names[at] if roles.names is not None and at < len(roles.names) else None
        because = "as given" if given else "holds labels" if role is Role.PREDICTED else "score of a class, by its name"
        if roles.form is ScoreForm.CONFIDENCE:
            because = "no row below one part of the classes"
        elif roles.form in {ScoreForm.LIST, ScoreForm.SINGLE} and not given:
            because = "the scores, by name and cells"
        yield ColumnRole(name, role, own, because)


def _copies(columns: Columns, best: Candidate, left: list[str]) -> frozenset[str]:
    """Return the unused columns that are a 0/1 copy of the label."""
    if best.labels.form is not LabelForm.SCALAR or not left:
        return frozenset()
    label = best.labels.columns[0]
    texts = columns.sample[label].texts
    plain = [name for name in left if not columns.is_list(name)]
    if not plain or not 1 < len(texts) <= len(plain):
        return frozenset()
    found: set[str] = set()
    for group in by_values(plain, texts):
        if (
            len(group.columns) == len(texts)
            and facts_of(columns.sample, group.columns).bits
            and is_copy(columns.sample, group.columns, label)
        ):
            found.update(group.columns)
    return frozenset(found)


def _says_nothing(one: ColumnRole) -> bool:
    """Whether a column was passed over though its name does not tell it from a feature."""
    return one.role is Role.UNUSED and one.because in {FEATURE, *KINDS.values()}


def _models(roles: Roles, left: list[str]) -> frozenset[str]:
    """Return the unused columns that are named after the very classes of the scores: those of another model."""
    names = roles.names or ()
    if len(names) < 2 or len(names) > len(left):
        return frozenset()
    groups = [group for group in by_values(left, names) if len(group.columns) == len(names)]
    return frozenset(name for group in groups for name in group.columns)


def _unused(
    labels: Sequence[str], name: str, cells: Cells, copies: frozenset[str], models: frozenset[str] = frozenset()
) -> ColumnRole:
    said = name_of(name)
    if name in copies:
        because = "a 0/1 copy of the label"
    elif name in models and cells in {Cells.NUMBERS, Cells.BOOLEANS}:
        because = "named after the same classes, as a second model"
    elif is_id(name) and label_tier(name) > 0 and not said.score and not said.predicted:
        return ColumnRole(name, Role.ID, None, "by its name; rows are not joined by it")
    elif is_feature(name):
        because = FEATURE
    elif said.derived and (said.score or said.predicted):
        because = "computed from scores, by its name"
    elif said.score and cells in {Cells.NUMBERS, Cells.LISTS}:
        because = "other scores, by the name"
    elif said.predicted:
        because = "another predicted label, by its name"
    elif label_tier(name) == 0 and labels[0] != name:
        because = "named like a label, and another one is read"
    else:
        because = KINDS[cells]
    return ColumnRole(name, Role.UNUSED, None, because[:LONGEST])
