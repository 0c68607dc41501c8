"""Rivals among outputs: pairs that say the same in other words, and pairs of which only one can be meant.

Floor 3. What is one output is kept once; what cannot be told apart is refused with the option that picks one.
"""

import shlex
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from xentcli.errors import AmbiguousError, Place
from xentcli.task.output_pairs import Pair
from xentcli.task.reading.candidates import Columns
from xentcli.task.reading.group_facts import twins
from xentcli.task.reading.names import listed, name_of
from xentcli.task.reading.sample import Cells, ColumnSample
from xentcli.task.values import integer_of
from xentcli.task.vocabulary import LABEL_WORDS

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
