"""Decide: the one reading of a table, or the error that shows the readings that live.

Floor 3. One reading alive, or one clearly ahead, is taken and says why; two alive that would give different numbers
are refused with the options that pick each.

Same answers: readings that give the same numbers in other words, and which of them is told.
"""

from collections.abc import Mapping, Sequence

from xentcli.errors import UsageError
from xentcli.files.columns import find_column
from xentcli.files.table import Table
from xentcli.record import replace
from xentcli.task.positive import positive_class
from xentcli.task.reading.account import account, reasons
from xentcli.task.reading.candidates import Columns, given_scores
from xentcli.task.reading.decided import decision_columns, decision_pairs, is_cut, reordered, shown_class, shown_order
from xentcli.task.reading.fits import FitKind, speaks_of_neither
from xentcli.task.reading.group_facts import same_cells, same_numbers, same_probabilities, twins
from xentcli.task.reading.long_predictions import refuse_long_scores, refuse_top_k
from xentcli.task.reading.model import BLOCK, DECISIONS, Candidate, LabelForm, Read
from xentcli.task.reading.names import name_of
from xentcli.task.reading.pairs import pairs
from xentcli.task.reading.refusals import no_reading, open_order, open_side, refuse_single_output, several_readings
from xentcli.task.reading.sample import Cells, ColumnSample, Sample
from xentcli.task.reading.written_numbers import refuse_text
from xentcli.task.roles import Roles, ScoreForm, Wanted, holds_confidence
from xentcli.task.values import LabelValues, integer_of
from xentcli.task.vocabulary import PROBABILITY_WORDS
from xentcli.terms import Kind


def spelling(columns: Columns, one: Candidate) -> tuple[int, int, bool, tuple[str, ...], tuple[str, ...]]:
    """Return what readings that say the same are chosen by: labels spelled as predicted ones are, then surer names."""
    last = (one.labels.columns, one.scores.columns)
    if one.labels.form is not LabelForm.SCALAR:
        return (0, one.labels.tier, False, *last)
    counts = columns.values(one.labels.columns[0])
    beside = decision_columns(replace(columns, given_scores=()), one.labels.columns[0], counts)
    strange = min((_strange(columns.sample[name], counts) for name in beside), default=len(counts))
    return (strange, one.labels.tier, all(integer_of(text) is not None for text in counts), *last)


def _strange(predicted: ColumnSample, counts: Mapping[str, int]) -> int:
    """Return how many predicted labels are no label."""
    return len({*map(_spelled, predicted.texts)} - {*map(_spelled, counts)})


def _spelled(text: str) -> int | str:
    whole = integer_of(text)
    return text.strip().casefold() if whole is None else whole


def same_answer(columns: Columns, one: Candidate, other: Candidate) -> bool:
    """Whether two readings give the same numbers: their labels, or their scores, say the same in other words."""
    return _same_labels(columns, one, other) and _same_scores(columns, one, other)


def _same_labels(columns: Columns, one: Candidate, other: Candidate) -> bool:
    if one.labels.columns == other.labels.columns:
        return True
    if len(one.labels.columns) != 1 or len(other.labels.columns) != 1:
        return False
    mine, theirs = (columns.sample[held.labels.columns[0]] for held in (one, other))
    if not twins(mine, theirs):
        return False
    if one.scores.form is ScoreForm.SINGLE:
        return same_cells(mine, _positive(one, mine), theirs, _positive(other, theirs))
    if one.scores.form is ScoreForm.LIST:
        pairs_ = zip(sorted(mine.texts, key=_in_order), sorted(theirs.texts, key=_in_order), strict=True)
        return all(same_cells(mine, text, theirs, its) for text, its in pairs_)
    if one.scores.form is not ScoreForm.COLUMNS:
        predicted = columns.sample[one.scores.columns[0]]
        strange = [_strange(predicted, columns.values(held.name)) for held in (mine, theirs)]
        known = {_spelled(text): text for text in theirs.texts}
        both = [(text, known[_spelled(text)]) for text in mine.texts if _spelled(text) in known]
        return strange[0] != strange[1] or all(same_cells(mine, text, theirs, its) for text, its in both)
    stand = {_column_of(one, text): text for text in mine.texts}
    return all(same_cells(mine, stand.get(_column_of(other, its), ""), theirs, its) for its in theirs.texts)


def _in_order(text: str) -> tuple[int, str]:
    return (integer_of(text) or 0, text)


def _column_of(one: Candidate, text: str) -> str | None:
    """Return the score column that a label stands for, None where none does."""
    names, whole = one.scores.names or (), integer_of(text)
    at = next((at for at, name in enumerate(names) if text == name), None)
    if at is None and whole is not None:
        at = next((at for at, name in enumerate(names) if integer_of(name) == whole), whole)
    return one.scores.columns[at] if at is not None and 0 <= at < len(names) else None


def _positive(one: Candidate, labels: ColumnSample) -> str:
    """Return the label that one score is of."""
    named = dict(zip(one.scores.columns, one.scores.names or (), strict=False))
    return labels.texts[positive_class(labels.texts, None, named).index]


def _same_scores(columns: Columns, one: Candidate, other: Candidate) -> bool:
    mine, theirs = one.scores, other.scores
    if set(mine.columns) == set(theirs.columns):
        return True
    if mine.form is not theirs.form or len(mine.columns) != len(theirs.columns):
        return False
    if mine.form is ScoreForm.DECISIONS:
        return twins(columns.sample[mine.columns[0]], columns.sample[theirs.columns[0]])
    if mine.form is ScoreForm.LIST:
        return False
    if mine.names is not None and theirs.names is not None and set(mine.names) == set(theirs.names):
        by_name = dict(zip(theirs.names, theirs.columns, strict=True))
        other_columns = [by_name[own] for own in mine.names]
        return same_probabilities(
            [columns.sample[name] for name in mine.columns], [columns.sample[name] for name in other_columns]
        )
    return mine.form is ScoreForm.SINGLE and same_numbers(
        columns.sample[mine.columns[0]], columns.sample[theirs.columns[0]]
    )


_OF_NUMBERS = {ScoreForm.COLUMNS, ScoreForm.SINGLE, ScoreForm.CONFIDENCE}
_SEVERAL = {LabelForm.TAGS, LabelForm.BLOCK, LabelForm.LIST}


def read(table: Table, wanted: Wanted, kind: Kind | None = None) -> Read:
    """Return what every column of a table is.

    Args:
        table: where the columns are.
        wanted: what the caller says about them.
        kind: the kind of task that the caller fixes.

    Raises:
        ColumnError: no label or no score can be told, or a named column does not exist.
        AmbiguousError: several readings live.
        UsageError: options contradict each other.
    """
    columns = columns_of(table, wanted)
    found = _of_kind(pairs(columns), kind)
    if not found:
        raise no_reading(columns)
    best = _best(columns, found)
    refuse_top_k(table, best)
    best = _with_predicted(columns, best, wanted)
    if best.fit is not None and best.fit.kind is FitKind.OPEN and columns.classes is None:
        raise open_order(columns, best)
    if (
        best.scores.form is ScoreForm.SINGLE
        and best.labels.form is LabelForm.SCALAR
        and not (wanted.label or wanted.added)
    ):
        refuse_long_scores(table, best.labels.columns[0], best.scores.columns[0])
    if _is_open(columns, best, wanted):
        raise open_side(columns, best)
    if best.scores.form is ScoreForm.DECISIONS:
        refuse_single_output(columns, best)
    if best.scores.form in _OF_NUMBERS:
        refuse_text(table, best.scores.columns)
    roles = _roles(columns, best, wanted)
    return Read(roles, account(columns, best, roles, wanted))


def _is_open(columns: Columns, best: Candidate, wanted: Wanted) -> bool:
    """Whether nothing tells which of two labels one score is of, and the caller does not."""
    if best.scores.form is not ScoreForm.SINGLE or best.labels.form is not LabelForm.SCALAR or best.scores.names:
        return False
    if wanted.positive is not None or wanted.classes is not None:
        return False
    label, said = best.labels.columns[0], name_of(best.scores.columns[0])
    return (said.score or said.predicted) and speaks_of_neither(said, label, columns.values(label))


def columns_of(table: Table, wanted: Wanted) -> Columns:
    """Return the columns of a table by who may use them.

    Raises:
        ColumnError: a named column does not exist.
        UsageError: options contradict each other.
    """
    labels = tuple(find_column(table, reference) for reference in wanted.label)
    aside = {find_column(table, one) for one in (wanted.weight, wanted.id) if one is not None}
    aside |= {*wanted.by, *(name for name in wanted.identifying if name not in wanted.scores)}
    aside -= set(labels)
    free = tuple(name for name in table.names if name not in aside)
    added, unused = set(wanted.added), set(free)
    of_labels = added.union(labels)
    own = [name for name in free if name not in of_labels]
    scores = given_scores(table, wanted.scores, own)
    if set(labels) & set(scores):
        raise UsageError("a column cannot be both label and score", help="name both with --label and --scores")
    own_names = [name for name in table.names if name not in added]
    nameless = len(own_names) > 1 and own_names == [f"f{at}" for at in range(len(own_names))]
    return Columns(
        table=table,
        sample=Sample(table, joined=bool(wanted.added)),
        given_labels=labels,
        added=tuple(name for name in wanted.added if name in unused),
        free=free,
        given_scores=scores,
        classes=wanted.classes,
        ignored=wanted.ignored_label,
        nameless=nameless,
    )


def _of_kind(found: Sequence[Candidate], kind: Kind | None) -> list[Candidate]:
    """Return the readings that fit the kind of task that the caller fixes; all where none does."""
    if kind is Kind.MULTILABEL:
        kept = [one for one in found if one.labels.form in _SEVERAL]
    elif kind in {Kind.BINARY, Kind.MULTICLASS}:
        kept = [one for one in found if one.labels.form is not LabelForm.TAGS]
    else:
        kept = list(found)
    return kept or list(found)


def _best(columns: Columns, found: Sequence[Candidate]) -> Candidate:
    """Return the reading that is ahead of all others.

    Raises:
        AmbiguousError: another one is as good and would give other numbers.
    """
    ranked = sorted(_by_surest_labels(found), key=lambda one: (one.rank, one.scores.sums), reverse=True)
    best = ranked[0]
    rivals = [one for one in ranked[1:] if one.rank == best.rank and not same_answer(columns, best, one)]
    if rivals:
        raise several_readings(columns, [best, *rivals])
    return min((one for one in ranked if one.rank == best.rank), key=lambda one: spelling(columns, one))


def _by_surest_labels(found: Sequence[Candidate]) -> list[Candidate]:
    """Return readings without those of less sure labels that nothing but the number of their values speaks for.

    Any column of two values would fit one column of scores; beside a column that is named as the label it is a feature.
    """
    found = [one for one in found if one.level >= DECISIONS] or list(found)
    surest = min(one.labels.tier for one in found)
    best = max(one.level for one in found if one.labels.tier == surest)
    rivals = {0: 1}.get(surest, surest)
    return [
        one for one in found
        if one.labels.tier == surest or one.level >= BLOCK or (one.labels.tier <= rivals and one.level == best)
    ]  # fmt: skip


def _with_predicted(columns: Columns, best: Candidate, wanted: Wanted) -> Candidate:
    """Return a reading with the predicted label that stands beside it, and with what that shows of the scores."""
    if best.labels.form is not LabelForm.SCALAR:
        return best
    label = best.labels.columns[0]
    counts = columns.values(label)
    open_ = replace(columns, given_scores=())
    if best.scores.form is ScoreForm.DECISIONS:
        return _confident(columns, best, len(counts))
    used = set(best.scores.columns)
    beside = [name for name in decision_columns(open_, label, counts) if name not in used]
    beside = [name for name in beside if name_of(name).predicted or name_of(name).text == name_of(label).text]
    if not beside:
        return best
    alike = [name for name in beside if set(columns.sample[name].texts) & set(counts)]
    chosen = min(alike or beside, key=lambda name: (not name_of(name).plain, name))
    seen = replace(best, predicted=chosen)
    if best.scores.form is ScoreForm.SINGLE and best.labels.form is LabelForm.SCALAR:
        found = _single_with_predicted(open_, seen, len(counts))
        return _decisions_of(open_, found, counts) if _is_foreign(columns, found, wanted) else found
    if best.fit is not None and best.fit.kind <= FitKind.SORTED and columns.classes is None:
        return reordered(columns, seen, shown_order(columns, seen, counts))
    if best.scores.form is ScoreForm.LIST and columns.classes is None:
        return reordered(columns, seen, shown_order(columns, seen, counts))
    return seen


def _single_with_predicted(columns: Columns, best: Candidate, classes: int) -> Candidate:
    """Return a reading of one score beside a predicted label: the score of a class, or of the predicted label."""
    assert best.predicted is not None  # noqa: S101  the caller looked
    score = best.scores.columns[0]
    shown = shown_class(columns.sample[best.predicted], columns.sample[score])
    if shown is not None:
        text = _label_text(columns, best, shown)
        if text is not None:
            said = f"{best.predicted} is {shown} where {score} is high, so that {score} is the score of {text}"
            return replace(best, scores=replace(best.scores, names=(text,)), reasons=(*best.reasons, said))
        return best
    if columns.sample[score].in_unit and holds_confidence(columns.table, score, classes):
        return replace(best, scores=replace(best.scores, form=ScoreForm.CONFIDENCE, names=None))
    return best


def _is_foreign(columns: Columns, best: Candidate, wanted: Wanted) -> bool:
    """Whether predicted labels show that the number beside them is no score of theirs, and no name says that it is."""
    score = best.scores.columns[0]
    said = name_of(score)
    named = best.scores.names is not None or (said.plain and {*said.words} & PROBABILITY_WORDS)
    if best.scores.form is not ScoreForm.SINGLE or named or columns.given_scores or not wanted.decisions:
        return False
    return best.predicted is not None and not is_cut(columns.sample[best.predicted], columns.sample[score])


def _decisions_of(columns: Columns, best: Candidate, counts: Mapping[str, int]) -> Candidate:
    """Return the reading of the predicted labels alone."""
    found = decision_pairs(columns, best.labels, counts, DECISIONS)
    return next((one for one in found if one.scores.columns == (best.predicted,)), best)


def _label_text(columns: Columns, best: Candidate, shown: str) -> str | None:
    """Return the label that a predicted label says, as the labels are written; None where they are of another kind."""
    for text in columns.values(best.labels.columns[0]):
        if text == shown or text.strip().casefold() == shown.strip().casefold():
            return text
    return None


def _confident(columns: Columns, best: Candidate, classes: int) -> Candidate:
    """Return decisions with the confidence that stands beside them, if there is one that is nothing else."""
    decided = best.scores.columns[0]
    given = [name for name in columns.given_scores if name != decided]
    free = replace(columns, given_scores=()).of_scores()
    scored = given or [
        name for name in free
        if name not in {*best.labels.columns, decided}
        and not columns.is_list(name) and name_of(name).score and not name_of(name).derived
        and columns.sample[name].cells is Cells.NUMBERS and columns.sample[name].in_unit
    ]  # fmt: skip
    if len(scored) != 1 or not holds_confidence(columns.table, scored[0], classes):
        return best
    scores = replace(best.scores, columns=(scored[0],), form=ScoreForm.CONFIDENCE, affix=scored[0])
    return replace(best, scores=scores, predicted=decided)


def _roles(columns: Columns, best: Candidate, wanted: Wanted) -> Roles:
    table, scores, labels = columns.table, best.scores, best.labels.columns
    values = _values(columns, best, wanted)
    order = scores.names if scores.form is ScoreForm.LIST else None
    named = None if scores.form in {ScoreForm.LIST, ScoreForm.DECISIONS, ScoreForm.CONFIDENCE} else scores.names
    form = scores.form
    if form is ScoreForm.SINGLE and columns.is_list(scores.columns[0]):
        form = ScoreForm.LIST
    if form is ScoreForm.DECISIONS and not wanted.decisions:
        form = ScoreForm.SINGLE
    return Roles(
        labels=labels,
        scores=scores.columns,
        form=form,
        names=named or None,
        affix=scores.affix,
        weight=None if wanted.weight is None else find_column(table, wanted.weight),
        id=None if wanted.id is None else find_column(table, wanted.id),
        values=values,
        reasons=reasons(columns, best, wanted, values),
        predicted=best.predicted,
        meanings=best.meanings,
        order=order,
    )


def _values(columns: Columns, best: Candidate, wanted: Wanted) -> LabelValues | None:
    """Return the distinct labels of one column of plain cells; shares are too many to be counted."""
    if best.labels.form in {LabelForm.BLOCK, LabelForm.LIST}:
        if wanted.ignored_label is not None:
            raise UsageError("is for tasks with one column of class labels", option="ignore-label", help="leave it out")
        return None
    label = best.labels.columns[0]
    if best.labels.form is LabelForm.SHARE:
        return LabelValues(label, {}, 0, integers=False, booleans=False, path=columns.table.path, shares=True)
    values = columns.sample.values(label)
    return values if wanted.ignored_label is None else values.without(wanted.ignored_label)
