"""Output columns: which columns of scores or of predicted labels belong to which of several label columns.

Floor 3.

Output names: which columns are named after a label column, and after which classes of it.

Score columns of outputs: those that the caller names, and whether columns hold numbers that sum to 1. See
`outputs`.

Pairs of outputs: which columns of predicted labels are named after which label columns, and which pairs are rivals.
Pairs are made of names, and of what the caller says, alone. Rivals are pairs that say the same in other words, and
pairs of which only one can be meant.
"""

import shlex
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np
import pyarrow as pa

from xentcli.errors import AmbiguousError, Place
from xentcli.files.arrays import floats, is_list, nulls
from xentcli.files.columns import SUFFIX
from xentcli.files.table import ReadAs, Table
from xentcli.record import Record
from xentcli.task import names
from xentcli.task.first_rows import first_rows
from xentcli.task.reading.candidates import Columns
from xentcli.task.reading.candidates import given_scores as named_scores
from xentcli.task.reading.group_facts import twins
from xentcli.task.reading.names import base_of, listed, name_of, without_roles
from xentcli.task.reading.sample import Cells, ColumnSample
from xentcli.task.values import integer_of
from xentcli.task.vocabulary import (
    LABEL_PREFIXES,
    LABEL_SUFFIXES,
    LABEL_WORDS,
    LIST_SCORE_NAMES,
    PREDICTED_WORDS,
    SCORE_PREFIXES,
    SCORE_WORDS,
)

_MARKS = ("_", ".", " ", "-", ":")
_PREFIXES = tuple(sorted(SCORE_PREFIXES, key=len, reverse=True))


class Pool:
    """The columns that may be scores, found by how their names begin."""

    def __init__(self, columns: Iterable[str]) -> None:
        """Sort the columns by their names in small letters."""
        self._order = {name: at for at, name in enumerate(columns)}
        self._sorted = sorted((name.casefold(), name) for name in self._order)
        self.prefixes = tuple(one for one in _PREFIXES if self.starting(one))
        """Of the prefixes of scores, those that some column begins with."""

    def starting(self, start: str) -> list[str]:
        """Return the columns whose names begin so, in their order."""
        at = bisect_left(self._sorted, (start, ""))
        found = []
        while at < len(self._sorted) and self._sorted[at][0].startswith(start):
            found.append(self._sorted[at][1])
            at += 1
        return sorted((name for name in found if name in self._order), key=self._order.__getitem__)

    def discard(self, columns: Iterable[str]) -> None:
        """Leave columns out from now on."""
        for name in columns:
            self._order.pop(name, None)


def bases_of(label: str) -> tuple[str, ...]:
    """Return what scores of a label column may be named after: the column, then without words such as `true_`."""
    plain = label.removesuffix(SUFFIX)
    folded = plain.casefold()
    found = [plain]
    found += [plain[len(one) :] for one in LABEL_PREFIXES if one and folded.startswith(one) and folded != one]
    found += [plain[: -len(one)] for one in LABEL_SUFFIXES if folded.endswith(one) and folded != one]
    return tuple(dict.fromkeys(found))


def candidates(base: str, pool: Pool) -> list[tuple[names.ScoreGroup, bool]]:
    """Return the groups of columns that are named after a label column, the surest first.

    With each stands whether the names say that these are scores: `p_color_red` and `color_prob_red` do, `color_red`
    does not.
    """
    rests = _rests(base.casefold(), pool)
    found = [(group, True) for group in _after(base, rests)]
    found += [(group, True) for prefix in pool.prefixes for group in _before(f"{prefix}{base}", pool)]
    found += [(_group(rests[mark], f"{base}{mark}"), False) for mark in _MARKS if len(rests[mark]) > 1]
    return found


def _after(base: str, rests: dict[str, list[tuple[str, str]]]) -> list[names.ScoreGroup]:
    """Return groups such as `color_prob_red, color_prob_blue`, and columns such as `color_probs`."""
    groups = []
    for mark in _MARKS:
        by_rest = {rest: column for column, rest in rests[mark]}
        if not by_rest:
            continue
        for inner in names.score_groups(list(by_rest)):
            columns = tuple(by_rest[rest] for rest in inner.columns)
            if len(columns) > 1:
                groups.append(names.ScoreGroup(columns, inner.names, f"{base}{mark}{inner.affix}"))
        whole = names.named_like(LIST_SCORE_NAMES, list(by_rest))
        groups += [names.ScoreGroup((by_rest[rest],), (), by_rest[rest]) for rest in whole]
    return groups


def _before(start: str, pool: Pool) -> list[names.ScoreGroup]:
    """Return groups such as `p_color_red, p_color_blue`, and columns such as `p_color`."""
    rests = _rests(start.casefold(), pool)
    groups = [_group(rests[mark], f"{start}{mark}") for mark in _MARKS if len(rests[mark]) > 1]
    whole = [name for name in pool.starting(start.casefold()) if len(name) == len(start)]
    return [*groups, *(names.ScoreGroup((name,), (), name) for name in whole)]


def _rests(start: str, pool: Pool) -> dict[str, list[tuple[str, str]]]:
    """Return the columns that go on after a start, with what follows, by the mark between the two."""
    found: dict[str, list[tuple[str, str]]] = {mark: [] for mark in _MARKS}
    for name in pool.starting(start):
        rest = name[len(start) :]
        if len(rest) > 1 and rest[0] in found:
            found[rest[0]].append((name, rest[1:]))
    return found


def _group(columns: Sequence[tuple[str, str]], affix: str) -> names.ScoreGroup:
    return names.ScoreGroup(tuple(name for name, _ in columns), tuple(rest for _, rest in columns), affix)


_LOOK = 1_000
"""Rows that tell a score column from others; all rows are checked later."""


def _is_numeric(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
        or pa.types.is_boolean(kind)
    )  # fmt: skip


def numeric_columns(table: Table, columns: Iterable[str]) -> set[str]:
    """Return which columns hold numbers: by their type, in text by their first rows."""
    wanted = list(columns)
    if not table.format.is_text:
        return {name for name in wanted if _is_numeric(table[name].type)}
    rows, missing = 0, dict.fromkeys(wanted, 0)
    for batch in first_rows(table, dict.fromkeys(wanted, ReadAs.NUMBER), _LOOK) if wanted else ():
        rows += batch.num_rows
        for name, array in zip(wanted, batch.columns, strict=True):
            empty = nulls(array)
            missing[name] += 0 if empty is None else int(empty.sum())
    return {name for name in wanted if 2 * missing[name] < rows}


def is_score_list(kind: pa.DataType) -> bool:
    """Return whether cells of that type are lists of numbers."""
    return is_list(kind) and _is_numeric(kind.value_type)


def given_scores(table: Table, references: tuple[str, ...], free: list[str]) -> names.ScoreGroup | None:
    """Return the columns that the caller names and what they are named after; None if none is named.

    Raises:
        ColumnError: a name is neither a column nor the start of one.
        UsageError: a column is named twice.
    """
    columns = named_scores(table, references, free)
    if not columns:
        return None
    started = [one for one in references if one not in table.names and not one.startswith(":")]
    affix = started[-1] if started else ""
    if affix:
        stripped = tuple(name.removeprefix(affix) or name for name in columns)
        return names.ScoreGroup(columns, stripped, affix)
    known = {name: group for group in names.score_groups(list(columns)) for name in group.columns}
    group = known.get(columns[0])
    if group is not None and set(group.columns) == set(columns):
        by_column = dict(zip(group.columns, group.names, strict=True))
        return names.ScoreGroup(columns, tuple(by_column[name] for name in columns), group.affix)
    return names.ScoreGroup(columns, columns, "")


def sum_to_one(table: Table, columns: tuple[str, ...]) -> bool:
    """Whether most of the first rows sum to 1 over some columns."""
    rows = close = 0
    for batch in first_rows(table, dict.fromkeys(columns, ReadAs.NUMBER), _LOOK):
        scores = [floats(array, name).astype(np.float64) for array, name in zip(batch.columns, columns, strict=True)]
        close += int(np.count_nonzero(np.abs(np.sum(scores, axis=0) - 1.0) <= 0.01))
        rows += batch.num_rows
    return 2 * close > rows


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
