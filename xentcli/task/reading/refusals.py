"""Refusals: the errors of a reading that cannot be decided, each with what would decide it.

Floor 3. They show what was seen, the readings that live or what the near misses lack, and the options that pick one.
"""

import shlex
from collections.abc import Sequence

from xentcli.errors import AmbiguousError, ColumnError, InputError, Place, UsageError, XentError, did_you_mean
from xentcli.files.batches import NESTED
from xentcli.phrases import counted
from xentcli.task.nearly_numbers import nearly_numbers
from xentcli.task.reading.candidates import Columns, label_columns, single_columns
from xentcli.task.reading.groups import list_facts
from xentcli.task.reading.model import Candidate
from xentcli.task.reading.names import Affixed, by_words, common_start, is_id, label_tier, listed, name_of
from xentcli.task.reading.sample import Cells
from xentcli.task.reading.written_numbers import written_numbers
from xentcli.task.roles import ScoreForm
from xentcli.task.tags import AS_COLUMNS
from xentcli.task.values import integer_of
from xentcli.task.vocabulary import PROBABILITY_WORDS

_SHOWN = 4
_MOST_OPTIONS = 6


def several_readings(columns: Columns, found: Sequence[Candidate]) -> AmbiguousError:
    """Return the error for readings of which none is ahead."""
    labels = {one.labels.columns for one in found}
    scores = {one.scores.columns for one in found}
    what = "labels" if len(labels) > 1 else "models" if len(scores) > 1 else "readings"
    lines = tuple(
        f"{_label_words(one)}, {_score_words(one)}: {' '.join(_options(columns, one, found))}" for one in found[:_SHOWN]
    )
    more = (f"and {len(found) - _SHOWN} more",) if len(found) > _SHOWN else ()
    help_ = "name one with the options of its line"
    if what == "models":
        help_ += "; xent compare compares two models that stand in files of their own"
    return AmbiguousError(
        f"several {what} stand side by side, and their numbers differ",
        place=Place(columns.table.path),
        details=(*lines, *more),
        help=help_,
    )


def _label_words(one: Candidate) -> str:
    return f"label {listed(one.labels.columns, _SHOWN)}"


def _score_words(one: Candidate) -> str:
    noun = "predicted label" if one.scores.form is ScoreForm.DECISIONS else "scores"
    return f"{noun} {listed(one.scores.columns, _SHOWN)}"


def _options(columns: Columns, one: Candidate, rivals: Sequence[Candidate]) -> list[str]:
    """Return the options that pick a reading among its rivals."""
    found: list[str] = []
    if any(other.labels.columns != one.labels.columns for other in rivals):
        found += [f"--label {shlex.quote(name)}" for name in one.labels.columns[:_MOST_OPTIONS]]
    if any(set(other.scores.columns) != set(one.scores.columns) for other in rivals):
        found += score_options(columns, one.scores.columns)
    return found


def score_options(columns: Columns, scores: Sequence[str]) -> list[str]:
    """Return the options that name score columns: their common beginning where it names no other, else each."""
    prefix = common_start(scores)
    if len(scores) > 1 and prefix:
        started = [name for name in columns.of_scores() if name.startswith(prefix)]
        if set(started) == set(scores) and prefix not in columns.table.names:
            return [f"--scores {shlex.quote(prefix)}"]
    each = [f"--scores {shlex.quote(name)}" for name in scores]
    return each if len(each) <= _MOST_OPTIONS else [*each[:_MOST_OPTIONS], "..."]


def open_order(columns: Columns, one: Candidate) -> AmbiguousError:
    """Return the error for integer labels beside classes whose order nothing tells."""
    label, names = one.labels.columns[0], tuple(one.scores.names or one.scores.columns)
    values = ", ".join(sorted(columns.values(label), key=lambda text: integer_of(text) or 0)[:_SHOWN])
    shown, turned = ",".join(names), ",".join(names[::-1] if len(names) == 2 else sorted(names))
    either = f"--classes {shlex.quote(shown)} if 0 is {names[0]}"
    other = f"--classes {shlex.quote(turned)} if 0 is {turned.split(',')[0]}"
    return AmbiguousError(
        f"holds {values}, and the scores are named {listed(names, _SHOWN)}: nothing tells which label is which class",
        place=Place(columns.table.path, column=label),
        details=(f"two readings: 0 is {names[0]}, or 0 is another class",),
        help=either + ("" if turned == shown else f", {other}") + " (in the order of the labels 0, 1, ...)",
    )


def refuse_single_output(columns: Columns, one: Candidate) -> None:
    """Refuse a column that is named as a probability and is 1 in all rows, beside more than two labels.

    Its values would pass for predicted labels of the class 1.

    Raises:
        InputError: the column is such.
    """
    label, score = one.labels.columns[0], one.scores.columns[0]
    words = {*name_of(score).words}
    if not words & PROBABILITY_WORDS or name_of(score).predicted or len(columns.values(label)) <= 2:
        return
    if [integer_of(text) for text in columns.sample.values(score).counts] == [1]:
        raise InputError(
            f"is 1 in every row, as a softmax over a single output always is (XE210), and {label} holds"
            f" {len(columns.values(label))} distinct labels",
            place=Place(columns.table.path, column=score),
            help="end the model in a score for each class and write them all; if these are predicted labels, name the"
            " column so, such as predicted",
        )


def open_side(columns: Columns, one: Candidate) -> AmbiguousError:
    """Return the error for one score of which nothing tells which of two labels it is of."""
    label, score = one.labels.columns[0], one.scores.columns[0]
    texts = sorted(columns.values(label))
    options = " or ".join(f"--positive {shlex.quote(text)}" for text in texts)
    return AmbiguousError(
        f"is the score of one of the labels {' and '.join(texts)}, and its name does not say of which",
        place=Place(columns.table.path, column=score),
        details=(f"label {label}; two readings: a high {score} is {texts[0]}, or it is {texts[1]}",),
        help=f"say which one a high score means: {options}",
    )


def no_reading(columns: Columns) -> XentError:
    """Return the error for a table of which no reading lives."""
    named = [one for one in label_columns(columns) if one.tier < 3 or one.columns[0] in columns.added]
    if not named:
        return _no_label(columns)
    label = min(named, key=lambda one: one.tier).columns[0]
    return (
        _classes_for_one(columns)
        or _to_regress(columns, label) or written_numbers(columns, label) or _one_for_many(columns, label)
        or _other_classes(columns, label) or _no_scores(columns, label)
    )  # fmt: skip


def _classes_for_one(columns: Columns) -> UsageError | None:
    """Return the error for more than two class names where one column of plain scores is named."""
    classes, scores = columns.classes or (), columns.given_scores
    if len(classes) < 3 or len(scores) != 1 or columns.is_list(scores[0]):
        return None
    return UsageError(
        f"gives {len(classes)} names ({listed(classes, _SHOWN)}) for one score column, {scores[0]}",
        option="classes",
        place=Place(columns.table.path),
        help="name a score column for each class with --scores, in the order of --classes; one column is the score of"
        " one class of two: then --classes has two names, and --positive says which",
    )


def _no_label(columns: Columns) -> ColumnError:
    alone = len(columns.table.names) == 1
    likely = _likely_labels(columns)
    return ColumnError(
        "nothing tells which column holds the labels",
        place=Place(columns.table.path),
        details=(f"columns: {listed(_likely_first(columns, likely))}", *_scores_seen(columns)),
        help="labels in another file: --labels FILE" if alone else
        "name it with --label COLUMN (repeat it for one column per label), or their file with --labels FILE",
    )  # fmt: skip


def _scores_seen(columns: Columns) -> tuple[str, ...]:
    groups = [one for one in by_words(columns.of_scores()) if len(one.columns) > 1]
    if not groups:
        return ()
    largest = max(groups, key=lambda one: len(one.columns))
    shown, names = listed(largest.columns, _SHOWN), listed(largest.names, _SHOWN)
    return (f"{shown} look like scores, and no other column holds {names}",)


def _likely_labels(columns: Columns) -> list[str]:
    """Return the columns that may be labels by their cells: few values, no ids."""
    plain = [name for name in columns.of_labels() if not columns.is_list(name)][:200]
    columns.sample.load(plain)
    return [name for name in plain if columns.sample[name].few and not columns.sample[name].unique and not is_id(name)]


def _likely_first(columns: Columns, likely: Sequence[str]) -> tuple[str, ...]:
    return (*likely, *(name for name in columns.table.names if name not in likely))


def _to_regress(columns: Columns, label: str) -> InputError | None:
    """Return the error for a label of fractions beside numbers."""
    if columns.is_list(label):
        return None
    held = columns.sample[label]
    whole = held.cells is Cells.NUMBERS and not held.fractions
    if held.cells is not Cells.NUMBERS or (whole and (held.few and len(held.texts) <= 0.2 * held.rows)):
        return None
    others = [
        name for name in columns.of_scores()
        if name != label and not columns.is_list(name) and (name_of(name).predicted or name_of(name).score)
    ]  # fmt: skip
    if not held.fractions and not any(columns.sample[name].fractions for name in others):
        return None
    return InputError(
        "holds numbers to regress; xent scores classifications",
        place=Place(columns.table.path, column=label),
        details=(f"{counted(held.rows, 'row')} of {_span(held.held)}",),
        help="name a column of classes with --label, if there is one",
    )


def _span(values: "object") -> str:
    import numpy as np  # noqa: PLC0415  only for the message

    numbers = np.asarray(values, dtype=np.float64)
    return f"numbers from {numbers.min():g} to {numbers.max():g}" if len(numbers) else "no numbers"


def _one_for_many(columns: Columns, label: str) -> InputError | None:
    """Return the error for one column of scores beside labels of more than two classes."""
    if columns.is_list(label) or not columns.sample[label].few:
        return None
    texts = list(columns.values(label))
    singles = single_columns(columns, [name for name in columns.of_scores() if name != label])
    if len(texts) <= 2 or len(singles) != 1:
        return None
    shown = ", ".join(texts[:8]) + (", ..." if len(texts) > 8 else "")
    return InputError(
        f"holds {len(texts)} distinct labels ({shown}), one score column, {singles[0]}, answers for 2",
        place=Place(columns.table.path, column=label),
        help="write a score column per class, or name them with --scores, or the label column with --label",
    )


def _other_classes(columns: Columns, label: str) -> InputError | None:
    """Return the error for scores that are named after other classes than the labels."""
    groups = [one for one in by_words(columns.of_scores()) if len(one.columns) > 1]
    if columns.given_scores and len(columns.given_scores) > 1 and not groups:
        groups = [Affixed(columns.given_scores, columns.given_scores, "", "")]
    if not groups or columns.is_list(label) or not columns.sample[label].few:
        return None
    group = max(groups, key=lambda one: len(one.columns))
    texts = list(columns.values(label))
    if not texts:
        return InputError("holds no label: every cell is empty", place=Place(columns.table.path, column=label))
    close = did_you_mean(texts[0], group.names)
    more = f" and {counted(len(texts) - 1, 'other')}" if len(texts) > 1 else ""
    return InputError(
        f"holds no label that is one of the classes: {texts[0]!r}{more}",
        place=Place(columns.table.path, column=label),
        details=(f"classes: {listed(group.names)}, of the columns {listed(group.columns, _SHOWN)}",),
        help=f"did you mean {close!r}?" if close else _how_to_name(texts),
    )


def _how_to_name(labels: Sequence[str]) -> str:
    """Return what to do about labels that are no names of score columns."""
    if sorted(integer_of(text) or 0 for text in labels) == list(range(1, len(labels) + 1)):
        return "labels that count from 1 index no columns: write them from 0, or by the names of the classes"
    return "name the classes in the scores' order with --classes, or other columns with --scores or --label"


def _no_scores(columns: Columns, label: str) -> XentError:
    listed_none = columns.is_list(label) and not list_facts(columns.table, label).size
    if listed_none or (not columns.is_list(label) and columns.sample[label].cells is Cells.NOTHING):
        return InputError("holds no label: every cell is empty", place=Place(columns.table.path, column=label))
    others = [name for name in columns.of_scores() if name != label]
    nested = tuple(note for note in columns.table.notes if note.startswith(NESTED))
    return ColumnError(
        f"nothing tells which columns hold the scores, or the predicted labels, beside the label {label}",
        place=Place(columns.table.path),
        details=(
            f"columns: {listed(tuple(others) or columns.table.names)}; label: {label}",
            *_lacks(columns, others),
            *nested,
        ),
        help=_how(columns, label, others, nested=bool(nested)),
    )


def _lacks(columns: Columns, others: Sequence[str]) -> tuple[str, ...]:
    """Return what the columns lack that come near to scores."""
    near = [name for name in others if not columns.is_list(name) and not is_id(name) and not name_of(name).score][:50]
    columns.sample.load(near)
    numbers = [name for name in near if columns.sample[name].cells is Cells.NUMBERS and columns.sample[name].fractions]
    if not numbers:
        return ()
    return (f"{listed(numbers, _SHOWN)}: no name says scores",)


def _how(columns: Columns, label: str, others: Sequence[str], *, nested: bool) -> str:
    """Return what to do without scores: of objects, of predicted tags, of cells that are nearly numbers."""
    if nested:
        return "write the scores as one list column, such as [0.7, 0.3], or as a column per class"
    if any(columns.is_list(name) and name_of(name).predicted for name in others):
        return AS_COLUMNS
    for name in others:
        if columns.sample.cells(name) is Cells.WORDS:
            hint = nearly_numbers(columns.sample[name].texts[:100])
            if hint is not None:
                return f"column {name}: {hint}"
    tier = label_tier(label)
    other = "" if columns.given_labels or tier == 0 else ", or another label with --label COLUMN"
    return f"name them with --scores COLUMN or --scores PREFIX{other}"
