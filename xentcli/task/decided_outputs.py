"""Decided outputs: several label columns of one table, each with a column of predicted labels that is named after it.

Floor 3. Names point out the pairs, as `shape_gt` beside `shape_pred` or `speed` beside `pred_speed`; what the columns
hold decides. Index and name of one truth are one output, and a label with scores is a task that stands before these.
"""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from xentcli.errors import AmbiguousError, InputError, Place
from xentcli.files.columns import find_column
from xentcli.task.confidence import holds_confidence
from xentcli.task.reading.candidates import Columns
from xentcli.task.reading.decided import anomalies, may_decide, share_values
from xentcli.task.reading.group_facts import twins
from xentcli.task.reading.names import base_of, listed, name_of, without_roles
from xentcli.task.reading.pairs import DECISIONS, INDEX, pairs
from xentcli.task.reading.sample import Cells, ColumnSample
from xentcli.task.roles import Output, Roles, ScoreForm, Wanted
from xentcli.task.values import integer_of
from xentcli.task.vocabulary import LABEL_WORDS, PREDICTED_WORDS, SCORE_WORDS

MANY_PREDICTED = 1_000
"""More columns that are named as predictions are the scores of classes."""

_SHOWN = 4

_ENOUGH_ROWS = 20
"""In fewer rows two outputs may have the same truth by chance."""

_SURE_CLASSES, _MOST_DISTINCT = 20, 0.2
"""Whole numbers are classes where there are no more of them, or where this share of the rows holds all of them."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A label column and the column of predicted labels that is named after it."""

    label: str
    predicted: str


@dataclass(frozen=True, slots=True)
class DecidedOutputs:
    """What was found.

    Attributes:
        outputs: in the order of the label columns.
        aside: why a column of a pair is passed over, by its name.
    """

    outputs: tuple[Output, ...]
    aside: Mapping[str, str] = field(default_factory=dict)


def decided_outputs(columns: Columns, wanted: Wanted, *, forced: bool) -> DecidedOutputs | None:
    """Return the outputs of a table whose labels stand beside predicted labels; None where it holds one task.

    Args:
        columns: who may use which.
        wanted: what the caller says about them.
        forced: whether the caller says that there are several outputs.

    Raises:
        AmbiguousError: two columns may be the label of an output, or what is predicted of it.
        InputError: a label and the predicted label that is named after it share no value.
    """
    named = _by_name(columns)
    if len(named) < 2:
        return None
    every = [pair for rivals in named.values() for pair in rivals]
    columns.sample.load([name for pair in every for name in (pair.label, pair.predicted)])
    if not forced and _is_multi_label(columns, every):
        return None
    found = _Sorted(columns, every)
    groups = [[pair for pair in rivals if pair in found.fitting] for rivals in named.values()]
    held = [rivals for rivals in groups if rivals]
    if len(held) < 2 or (not forced and _is_multi_label(columns, found.fitting)):
        return None
    if not (forced or columns.given_labels) and _has_other_task(columns, every):
        return None
    chosen, aside = _one_per_truth(columns, [_surest(columns, rivals) for rivals in held])
    if len(chosen) < 2 or not set(columns.given_labels) <= {pair.label for pair in chosen}:
        return None
    _refuse_models(columns, chosen)
    found.refuse_strangers(columns)
    aside |= found.quantities
    order = {name: at for at, name in enumerate(columns.given_labels or columns.table.names)}
    chosen.sort(key=lambda pair: order[pair.label])
    return DecidedOutputs(_outputs(columns, chosen, wanted), aside)


def _by_name(columns: Columns) -> dict[tuple[str, ...], list[Pair]]:
    """Return the pairs whose names have what is no role in common, by that; several of one name are rivals."""
    free = [name for name in columns.of_scores() if not columns.is_list(name)]
    predicted = [name for name in free if _is_predicted(columns, name)]
    if not 2 <= len(predicted) <= MANY_PREDICTED:
        return {}
    labels = [name for name in columns.of_labels() if name not in predicted and _may_be_label(columns, name)]
    found: dict[tuple[str, ...], list[Pair]] = {}
    for key in (without_roles, _plain_rest):
        used = {name for rivals in found.values() for pair in rivals for name in (pair.label, pair.predicted)}
        by_base: dict[tuple[str, ...], list[str]] = {}
        for name in labels:
            by_base.setdefault(key(name), []).append(name)
        for name in predicted:
            base = key(name)
            rivals = [Pair(label, name) for label in by_base.get(base, ()) if label not in used and name not in used]
            if base and rivals:
                found.setdefault(base, []).extend(rivals)
    return found or _in_given_order(columns, predicted)


def _plain_rest(column: str) -> tuple[str, ...]:
    return name_of(column).rest


def _in_given_order(columns: Columns, predicted: Sequence[str]) -> dict[tuple[str, ...], list[Pair]]:
    """Return given labels beside as many given columns of predicted labels, whose names have nothing in common."""
    labels, scores = columns.given_labels, columns.given_scores
    if len(labels) < 2 or len(labels) != len(scores) or set(predicted) != set(scores):
        return {}
    return {(label,): [Pair(label, name)] for label, name in zip(labels, scores, strict=True)}


def _is_predicted(columns: Columns, name: str) -> bool:
    """Whether a name says that a column holds predicted labels: by a word, by its file, or because the caller says."""
    said = name_of(name)
    if said.predicted:
        return said.words[-1] not in SCORE_WORDS
    if name in columns.given_scores:
        return True
    beside = bool(columns.added) and name not in columns.added
    return beside and not said.score and said.text in {name_of(label).text for label in columns.added}


def _may_be_label(columns: Columns, name: str) -> bool:
    if columns.is_list(name):
        return False
    said = name_of(name)
    return name in columns.given_labels or not (said.predicted or said.score)


class _Sorted:
    """The pairs by name, sorted by what their columns hold.

    Attributes:
        fitting: those whose predicted label is one of the labels.
        quantities: why a column is passed over that holds numbers to regress, by its name.
        strangers: those that share no value.
    """

    def __init__(self, columns: Columns, named: Sequence[Pair]) -> None:
        """Sort them."""
        self.fitting: list[Pair] = []
        self.quantities: dict[str, str] = {}
        self.strangers: list[Pair] = []
        for pair in named:
            if _is_quantity(columns.sample[pair.label]):
                self.quantities |= dict.fromkeys((pair.label, pair.predicted), "numbers to regress, no classes")
            elif _fits(columns, pair):
                self.fitting.append(pair)
            else:
                self.strangers.append(pair)

    def refuse_strangers(self, columns: Columns) -> None:
        """Raise if a label and the predicted label that is named after it are written in different ways.

        Raises:
            InputError: with both.
        """
        known = {name for pair in self.fitting for name in (pair.label, pair.predicted)}
        for pair in self.strangers:
            if pair.label in known or pair.predicted in known:
                continue
            options = " ".join(f"--label {shlex.quote(one.label)}" for one in self.fitting[:_SHOWN])
            raise InputError(
                f"holds {_shown(columns, pair.predicted)}, and its label {pair.label} holds"
                f" {_shown(columns, pair.label)}: that is no output beside the others",
                place=Place(columns.table.path, column=pair.predicted),
                details=(f"other outputs: {listed([one.label for one in self.fitting], _SHOWN)}",),
                help=f"write both in the same way, or name the labels of the outputs to be scored: {options}",
            )


def _shown(columns: Columns, name: str) -> str:
    """Return in a few words what a column holds."""
    held = columns.sample[name]
    if held.fractions:
        return "fractions"
    return f"{held.texts[0]} alone" if len(held.texts) == 1 else listed(held.texts, _SHOWN) or "nothing"


def _is_quantity(held: ColumnSample) -> bool:
    """Whether a column holds numbers to regress: fractions, or whole numbers that hardly repeat."""
    return held.fractions or (held.integers and len(held.texts) > max(_SURE_CLASSES, _MOST_DISTINCT * held.rows))


def _fits(columns: Columns, pair: Pair) -> bool:
    """Whether a column may hold what is predicted of a label: whole numbers or words, of which some are labels."""
    label, predicted = columns.sample[pair.label], columns.sample[pair.predicted]
    if predicted.fractions or not label.few or label.cells in {Cells.DATES, Cells.NOTHING}:
        return False
    counts = columns.values(pair.label)
    if len({*counts, *predicted.texts}) < 2:
        return False
    if len(counts) <= 2 and columns.sample.fractional(pair.predicted) and not columns.given_scores:
        return False
    if anomalies(predicted, pair.predicted, counts):
        return True
    if not may_decide(predicted, counts) or not share_values(predicted, counts):
        return False
    whole = all(integer_of(text) is not None for text in counts)
    return not (whole and predicted.integers) or columns.sample.values(pair.predicted).integers


def _is_multi_label(columns: Columns, found: Iterable[Pair]) -> bool:
    """Whether all columns hold 0 and 1 as numbers or truth values: decisions on the labels of one task."""
    return all(
        columns.sample[name].cells in {Cells.NUMBERS, Cells.BOOLEANS}
        and {text.casefold() for text in columns.sample[name].texts} <= {"0", "1", "false", "true", "0.0", "1.0"}
        for pair in found
        for name in (pair.label, pair.predicted)
    )


def _has_other_task(columns: Columns, named: Sequence[Pair]) -> bool:
    """Whether a label stands by that has scores, or that is named as the label and has a prediction of its own."""
    labels = {pair.label for pair in named}
    used = labels | {pair.predicted for pair in named}
    for one in pairs(columns):
        if one.level < DECISIONS or set(one.scores.columns) & used:
            continue
        apart = not labels & set(one.labels.columns) and one.labels.tier <= 1
        if apart or (one.level >= INDEX and one.scores.form is not ScoreForm.DECISIONS):
            return True
    return False


def _surest(columns: Columns, rivals: Sequence[Pair]) -> Pair:
    """Return the one pair of an output, of several that say the same the first by name.

    Raises:
        AmbiguousError: they say different things.
    """
    said = [pair for pair in rivals if set(name_of(pair.label).words) & LABEL_WORDS] or list(rivals)
    first = min(said, key=lambda pair: (pair.label, pair.predicted))
    for other in said:
        if not _same_output(columns, first, other):
            labels = sorted({one.label for one in said})
            noun, option, shown = "labels", "--label", labels
            if len(labels) == 1:
                noun, option, shown = "predicted labels", "--scores", sorted({one.predicted for one in said})
            raise AmbiguousError(
                f"several {noun} of one output stand side by side, and their numbers differ: {listed(shown)}",
                place=Place(columns.table.path),
                help=f"repeat {option} to name one for each output, this one by {option} {shlex.quote(shown[0])}",
            )
    return first


def _refuse_models(columns: Columns, chosen: Sequence[Pair]) -> None:
    """Raise if two outputs have the same truth in every row: they are two models of one task.

    Raises:
        AmbiguousError: with the options that pick one.
    """
    for one, other in combinations(chosen, 2):
        mine, theirs = columns.sample[one.label], columns.sample[other.label]
        if mine.rows >= _ENOUGH_ROWS and twins(mine, theirs):
            raise AmbiguousError(
                f"several models stand side by side: {one.label} and {other.label} say the same in every row",
                place=Place(columns.table.path),
                details=tuple(
                    f"label {pair.label}, predicted label {pair.predicted}: --label {shlex.quote(pair.label)}"
                    f" --scores {shlex.quote(pair.predicted)}"
                    for pair in (one, other)
                ),
                help="name one with the options of its line; xent compare compares two models that stand in files of"
                " their own",
            )


def _one_per_truth(columns: Columns, found: Sequence[Pair]) -> tuple[list[Pair], dict[str, str]]:
    """Return the pairs without those that say the same as another in other words, and why each of these is left out.

    Of an index and a name the name is kept.
    """
    kept: list[Pair] = []
    aside: dict[str, str] = {}
    for pair in sorted(found, key=lambda one: (columns.sample[one.label].integers, one.label)):
        same = next((one for one in kept if _same_output(columns, one, pair)), None)
        if same is None:
            kept.append(pair)
        else:
            aside[pair.label] = f"the same as {same.label}"
            aside[pair.predicted] = f"the same as {same.predicted}"
    return kept, aside


def _same_output(columns: Columns, one: Pair, other: Pair) -> bool:
    """Whether two pairs say the same in other words: one code for both their labels and their predicted labels."""
    return one == other or twins(_stacked(columns, one), _stacked(columns, other))


def _stacked(columns: Columns, pair: Pair) -> ColumnSample:
    """Return labels and predicted labels under one another, in one code."""
    places: dict[str, int] = {}
    codes = []
    for name in (pair.label, pair.predicted):
        held = columns.sample[name]
        assert held.codes is not None  # noqa: S101  pairs that fit hold few values
        own = [places.setdefault(_spelled(text), len(places)) for text in held.texts]
        codes.append(np.array([*own, -1], dtype=np.intp)[held.codes])
    both = np.concatenate(codes)
    return ColumnSample(pair.label, Cells.WORDS, len(both), None, both, tuple(places))


def _spelled(text: str) -> str:
    whole = integer_of(text)
    return text.strip() if whole is None else str(whole)


def _outputs(columns: Columns, chosen: Sequence[Pair], wanted: Wanted) -> tuple[Output, ...]:
    names = [output_name(pair) for pair in chosen]
    unique = len(set(names)) == len(names)
    return tuple(
        Output(name if unique else name_of(pair.label).text, _roles(columns, pair, wanted))
        for name, pair in zip(names, chosen, strict=True)
    )


def output_name(pair: Pair) -> str:
    """Return what an output is called: `shape` of `shape_gt, shape_pred`, `test_result` beside `pred_test_result`."""
    label, predicted = name_of(pair.label), name_of(pair.predicted)
    bare = tuple(word for word in predicted.words if word not in PREDICTED_WORDS)
    return label.text if bare == label.words else base_of(pair.label)


def _roles(columns: Columns, pair: Pair, wanted: Wanted) -> Roles:
    table = columns.table
    values = columns.sample.values(pair.label)
    if wanted.ignored_label is not None:
        values = values.without(wanted.ignored_label)
    confidence = _confidence(columns, pair, len(values.counts))
    shown = f"label {pair.label}, predicted label {pair.predicted}"
    return Roles(
        labels=(pair.label,),
        scores=(confidence or pair.predicted,),
        form=ScoreForm.DECISIONS if confidence is None else ScoreForm.CONFIDENCE,
        names=None,
        affix=confidence or pair.predicted,
        weight=None if wanted.weight is None else find_column(table, wanted.weight),
        id=None if wanted.id is None else find_column(table, wanted.id),
        values=values,
        reasons=(shown if confidence is None else f"{shown}, its confidence {confidence}",),
        predicted=None if confidence is None else pair.predicted,
        meanings=anomalies(columns.sample[pair.predicted], pair.predicted, values.counts),
    )


def _confidence(columns: Columns, pair: Pair, classes: int) -> str | None:
    """Return the one column of the predicted label's score that is named after the label; None without one."""
    base = without_roles(pair.label)
    scored = [
        name for name in columns.of_scores()
        if not columns.is_list(name) and name_of(name).score and not name_of(name).derived
        and without_roles(name) == base and columns.sample[name].cells is Cells.NUMBERS and columns.sample[name].in_unit
    ]  # fmt: skip
    if len(scored) != 1 or columns.given_scores or not holds_confidence(columns.table, scored[0], classes):
        return None
    return scored[0]
