"""Account: what every column of a table is, each exactly once, with a reason in a few words.

Floor 3. What no reading uses is said as well: features, other models, copies of the label.
"""

from collections.abc import Iterator, Mapping, Sequence

from xentcli.files.columns import find_column
from xentcli.files.table import Table
from xentcli.task.asides import SPLIT_SAID, is_split, is_weight
from xentcli.task.model import ColumnRole, Role
from xentcli.task.reading.candidates import Columns
from xentcli.task.reading.group_facts import facts_of, is_copy
from xentcli.task.reading.label_account import KINDS, LONGEST, LOOK
from xentcli.task.reading.label_twins import SAYS_THE_SAME, label_twins
from xentcli.task.reading.model import Candidate, LabelForm
from xentcli.task.reading.names import by_values, is_feature, is_id, label_tier, name_of
from xentcli.task.reading.reasons import label_because
from xentcli.task.reading.sample import Cells, Sample
from xentcli.task.roles import Output, Roles, ScoreForm, Wanted

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
