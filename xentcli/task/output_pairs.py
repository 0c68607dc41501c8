"""Pairs of outputs: which columns of predicted labels are named after which label columns, and which pairs are rivals.

Floor 3. Pairs are made of names, and of what the caller says, alone. Rivals are pairs that say the same in other words,
and pairs of which only one can be meant.
"""

import shlex
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from xentcli.errors import AmbiguousError, Place
from xentcli.record import Record
from xentcli.task.reading.candidates import Columns
from xentcli.task.reading.group_facts import twins
from xentcli.task.reading.names import base_of, listed, name_of, without_roles
from xentcli.task.reading.sample import Cells, ColumnSample
from xentcli.task.values import integer_of
from xentcli.task.vocabulary import LABEL_WORDS, PREDICTED_WORDS, SCORE_WORDS

MANY_PREDICTED = 1_000
"""More columns that are named as predictions are the scores of classes."""


class Pair(Record):
    """A label column and the column of predicted labels that is named after it."""

    label: str
    predicted: str


def pairs_by_name(columns: Columns) -> dict[tuple[str, ...], list[Pair]]:
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


def output_name(pair: Pair) -> str:
    """Return what an output is called: `shape` of `shape_gt, shape_pred`, `test_result` beside `pred_test_result`."""
    label, predicted = name_of(pair.label), name_of(pair.predicted)
    bare = tuple(word for word in predicted.words if word not in PREDICTED_WORDS)
    return label.text if bare == label.words else base_of(pair.label)


_ENOUGH_ROWS = 20
"""In fewer rows two outputs may have the same truth by chance."""


def surest(columns: Columns, rivals: Sequence[Pair]) -> Pair:
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


def one_per_truth(columns: Columns, found: Sequence[Pair]) -> tuple[list[Pair], dict[str, str]]:
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


def refuse_models(columns: Columns, chosen: Sequence[Pair]) -> None:
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
