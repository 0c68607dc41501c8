"""Same answers: readings that give the same numbers in other words, and which of them is told.

Floor 3.
"""

from collections.abc import Mapping

from xentcli.record import replace
from xentcli.task.positive import positive_class
from xentcli.task.reading.candidates import Columns
from xentcli.task.reading.decided import decision_columns
from xentcli.task.reading.group_facts import same_cells, same_numbers, same_probabilities, twins
from xentcli.task.reading.model import Candidate, LabelForm
from xentcli.task.reading.sample import ColumnSample
from xentcli.task.roles import ScoreForm
from xentcli.task.values import integer_of


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
