"""Score groups: the columns, one per class, or the one column of lists, that fit the labels.

Floor 3. Groups come from the labels' own texts, from words that names share, and from columns whose rows sum to 1;
a column beyond the labels' classes belongs only where the rows then sum to 1 and do not without it.

Lists of scores: which columns of lists may hold scores, how long their lists are, and whether they sum to 1. Told
by the first rows.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from xentcli.files.arrays import floats, lists
from xentcli.files.table import ReadAs, Table
from xentcli.record import Record, replace
from xentcli.task.first_rows import first_rows
from xentcli.task.reading.candidates import Columns, list_columns
from xentcli.task.reading.fits import Fit, FitKind, by_given, by_metadata, fit, misfit
from xentcli.task.reading.group_facts import GroupFacts, facts_of, is_copy, is_ranking, sum_to_one_where_good
from xentcli.task.reading.model import LabelSource, ScoreSource
from xentcli.task.reading.names import (
    Affixed,
    by_values,
    by_words,
    common_start,
    is_feature,
    is_role,
    name_of,
    numbered,
)
from xentcli.task.reading.sample import Cells, kind_of
from xentcli.task.roles import ScoreForm
from xentcli.task.values import as_text, integer_of

_LOOK = 1_000
_MOSTLY = 0.9


class ListFacts(Record):
    """What the lists of a column hold.

    Attributes:
        size: the most frequent length, 0 where there is no list.
        sums_to_one: whether most lists of that length do, or the exponentials of numbers at most 0.
        texts: rows by word, of lists of words.
        matrix: shape (rows, size), the lists of that length; None for words.
    """

    size: int
    sums_to_one: bool
    texts: dict[str, int]
    matrix: npt.NDArray[np.float64] | None


def list_facts(table: Table, column: str, rows: int = _LOOK) -> ListFacts:
    """Return the facts of a column of lists."""
    words = kind_of(table[column].type) is Cells.TAGS
    lengths: Counter[int] = Counter()
    texts: Counter[str] = Counter()
    pieces: list[npt.NDArray[np.float64]] = []
    for batch in first_rows(table, {column: ReadAs.NATIVE}, rows):
        cells = lists(batch.column(0))
        held = np.arange(len(cells.lengths)) if cells.null is None else np.flatnonzero(~cells.null)
        lengths.update(cells.lengths[held].tolist())
        if words:
            texts.update(as_text(tag) for cell in batch.column(0).to_pylist() for tag in cell or ())
            continue
        size = _most_frequent(lengths)
        same = held[cells.lengths[held] == size]
        if size and len(same):
            values = floats(cells.values, column).astype(np.float64)
            pieces.append(values[cells.starts[same][:, None] + np.arange(size)])
    size = _most_frequent(lengths)
    kept = [piece for piece in pieces if piece.shape[1] == size]
    matrix = np.concatenate(kept) if kept else None
    return ListFacts(size, matrix is not None and _to_one(matrix), dict(texts), matrix)


def _most_frequent(lengths: Counter[int]) -> int:
    return max(lengths, key=lambda length: (lengths[length], length), default=0)


def _to_one(matrix: npt.NDArray[np.float64]) -> bool:
    with np.errstate(over="ignore", invalid="ignore"):
        logs = bool((matrix <= 1e-6).all() and (matrix < -1e-6).any())
        total = (np.exp(matrix) if logs else matrix).sum(axis=1)
        inside = logs or bool((matrix >= -1e-6).all())
        return inside and bool(np.count_nonzero(np.abs(total - 1.0) <= 1e-2) >= _MOSTLY * len(matrix))


def list_scores(columns: Columns, labels: LabelSource) -> Iterator[tuple[ScoreSource, ListFacts]]:
    """Yield the list columns that may hold scores, with what their rows are."""
    own = set(labels.columns)
    free = [name for name in columns.of_scores() if name not in own]
    found = list_columns(columns, free)
    for name in found:
        facts = list_facts(columns.table, name)
        said = name_of(name)
        words = said.score or said.predicted
        if facts.size and not is_ranking(facts.matrix) and (words or facts.sums_to_one or len(free) == 1):
            yield (
                ScoreSource(
                    (name,), ScoreForm.LIST, affix=name, words=words, sums=facts.sums_to_one, derived=said.derived
                ),
                facts,
            )


MOST_TEXTS = 20_000
"""With more label texts than this, no columns are sought that are named after each."""


def groups_of(columns: Columns, label: str, counts: Mapping[str, int]) -> list[tuple[ScoreSource, Fit]]:
    """Return the groups of score columns that fit the labels of a column, each with how.

    Args:
        columns: of the table.
        label: the column of labels.
        counts: rows by label text; of cells with several tags, by tag.
    """
    free = [name for name in columns.of_scores() if name != label and not columns.is_list(name)]
    found: dict[frozenset[str], tuple[ScoreSource, Fit]] = {}
    every = sorted(_affixed(columns, free, counts), key=lambda one: not _is_worded(one))
    for group in every:
        if not _is_worded(group) and any(_is_ahead(*one) for one in found.values()):
            break  # no need to read columns that could only come after
        settled = settle(columns, group, label, counts, given=bool(columns.given_scores))
        if settled is not None:
            held = found.get(frozenset(settled[0].columns))
            if held is None or held[1].kind < settled[1].kind:
                found[frozenset(settled[0].columns)] = settled
    return list(found.values())


def _is_worded(group: Affixed) -> bool:
    said = name_of(f"{group.prefix} {group.suffix}")
    return said.score or said.predicted


def _is_ahead(scores: ScoreSource, matched: Fit) -> bool:
    """Whether a group comes before every one whose names do not say that they are scores."""
    return scores.words and matched.kind >= FitKind.MEANING and not scores.bits and not scores.derived


def _affixed(columns: Columns, free: Sequence[str], counts: Mapping[str, int]) -> list[Affixed]:
    texts = [text if integer_of(text) is None else str(integer_of(text)) for text in counts]
    if columns.given_scores:
        return [_whole(columns, free, texts)] if len(free) > 1 else []
    named = by_words(free)
    found = [group for group in named if len(group.columns) > 1]
    if not free or not texts or len(texts) > MOST_TEXTS:
        return found
    valued = by_values(free, texts) or by_values(free, texts, fold=True)
    bare = [_with_absent(columns, free, group) if not group.prefix and not group.suffix else group for group in valued]
    nameless = _nameless(columns, free)
    return [*bare, *found, *([nameless] if nameless is not None else [])]


def _whole(columns: Columns, given: Sequence[str], texts: Sequence[str]) -> Affixed:
    """Return given columns as one group, named by what tells them apart; by position where a file names none."""
    if columns.nameless:
        return Affixed(tuple(given), tuple(str(at) for at in range(len(given))), "", "")
    valued = [*by_values(given, texts), *by_values(given, texts, fold=True)] if texts else []
    for group in (*valued, *by_words(given)):
        if len(group.columns) == len(given):
            return group
    prefix = common_start(given).rstrip("0123456789")
    return Affixed(tuple(given), tuple(name.removeprefix(prefix) or name for name in given), prefix, "")


def _with_absent(columns: Columns, free: Sequence[str], group: Affixed) -> Affixed:
    """Return bare class names with the columns beside them that may be classes that do not occur.

    These are numbers among numbers, else columns of shares whose names are no words of roles.
    """
    counted, own = numbered(group.names), set(group.columns)
    others = [name for name in free if name not in own and (integer_of(name) is not None) == counted]
    if not counted:
        plain = [name for name in others if not is_role(name) and not is_feature(name)]
        others = [name for name in plain if not name_of(name).score and not name_of(name).predicted]
        columns.sample.load(others)
        others = [name for name in others if columns.sample[name].fractions and columns.sample[name].in_unit]
    own.update(others)
    every = tuple(name for name in free if name in own)
    return Affixed(every, every, "", "")


def _nameless(columns: Columns, free: Sequence[str]) -> Affixed | None:
    """Return the columns of a file without a header as classes by position, without one that counts the rows."""
    if not columns.nameless or len(free) < 2:
        return None
    columns.sample.load(free)
    held = [name for name in free if columns.sample[name].cells is Cells.NUMBERS]
    kept = [name for name in held if columns.sample[name].fractions or not columns.sample[name].counts_rows]
    names = tuple(str(at) for at in range(len(kept)))
    return Affixed(tuple(kept), names, "", "") if len(kept) > 1 else None


def settle(
    columns: Columns, group: Affixed, label: str | None, counts: Mapping[str, int], *, given: bool = False
) -> tuple[ScoreSource, Fit] | None:
    """Return the columns of a group that are scores of the labels' classes, and how they fit; None if they are none."""
    group = _of_numbers(columns, group, fit(counts, group.names))
    given_names = columns.classes is not None and len(columns.classes) == len(group.columns)
    if given_names and columns.classes is not None and set(columns.classes) != set(group.names):
        group = replace(group, names=columns.classes)
    declared = None if label is None else columns.table[label].classes
    if declared is not None and columns.classes is None:
        told = by_metadata(counts, group.names, declared)
        if told is not None:
            return _scores(columns, group, label, told, given=given)
    matched = fit(counts, group.names) or misfit(counts, group.names)
    if matched is None or matched.kind <= FitKind.SORTED:
        return _by_position(columns, group, counts, given=given)
    if len(group.columns) < 2:
        return None
    kept = _without_extras(columns, group, matched, given=given)
    if len(kept.columns) < 2:
        return None
    again = fit(counts, kept.names) or misfit(counts, kept.names)
    return None if again is None else _scores(columns, kept, label, again, given=given)


def _of_numbers(columns: Columns, group: Affixed, matched: Fit | None) -> Affixed:
    """Return a group without columns of words, dates or lists.

    One that is named after a label stays, whatever it holds: its cells are then told as bad rows.
    """
    fine = {Cells.NUMBERS, Cells.BOOLEANS, Cells.NOTHING}
    named = matched.matched if matched is not None and matched.kind >= FitKind.MEANING else frozenset()
    columns.sample.load(group.columns)
    numbers = {at for at, name in enumerate(group.columns) if columns.sample[name].cells in fine}
    if not numbers & named and named:
        return _part(group, sorted(numbers))
    return _part(group, sorted(numbers | named))


def _part(group: Affixed, kept: Sequence[int]) -> Affixed:
    return replace(group, columns=tuple(group.columns[at] for at in kept), names=tuple(group.names[at] for at in kept))


def _by_position(
    columns: Columns, group: Affixed, counts: Mapping[str, int], *, given: bool
) -> tuple[ScoreSource, Fit] | None:
    """Return a group whose names are no labels, for integer labels that count its columns."""
    if not given:
        group = _part(group, [at for at, name in enumerate(group.names) if not is_role(name)])
    matched = fit(counts, group.names)
    if matched is None and columns.classes is not None and {*columns.classes} == {*group.names}:
        matched = by_given(counts, group.names)
    if matched is None or len(group.columns) < 2:
        return None
    facts = facts_of(columns.sample, group.columns)
    logits = any(name_of(group.affix).words) and name_of(group.affix).logit
    counted = numbered(group.names) and name_of(group.affix).score
    if not (facts.sums_to_one or logits or counted or given):
        return None
    return _scores(columns, group, None, matched, given=given)


def _without_extras(columns: Columns, group: Affixed, matched: Fit, *, given: bool) -> Affixed:
    """Return a group without columns that are no classes, such as `p_max` beside `p_cat, p_dog`."""
    core = sorted(matched.matched)
    extras = [at for at in range(len(group.columns)) if at not in matched.matched]
    if not extras or given or not core:
        return group
    own = _part(group, core)
    if sum_to_one_where_good(columns.sample, group.columns):
        return group
    if len(core) > 1 and facts_of(columns.sample, own.columns).sums_to_one:
        return own
    wanted_numbers = numbered(own.names)
    if not wanted_numbers and not group.prefix and not group.suffix:
        return own
    likely = [at for at in extras if (integer_of(group.names[at]) is not None) == wanted_numbers]
    likely = [at for at in likely if wanted_numbers or not is_role(group.names[at])]
    return _part(group, sorted((*core, *likely)))


def _scores(
    columns: Columns, group: Affixed, label: str | None, matched: Fit, *, given: bool
) -> tuple[ScoreSource, Fit] | None:
    facts = facts_of(columns.sample, group.columns)
    said = name_of(f"{group.prefix} {group.suffix}")
    words = said.score or said.predicted
    copy = facts.bits and label is not None and is_copy(columns.sample, group.columns, label)
    if not given and not _speaks(group, facts, words=words, nameless=columns.nameless):
        return None
    if facts.ranked and not given:
        return None
    if facts.bits and not words and not given and (group.prefix or group.suffix):
        return None  # the one-hot copy of a label or of a feature: `is_cat`, `species_cat`, `city_Rome`
    found = ScoreSource(
        columns=tuple(group.columns[at] for at in matched.order),
        form=ScoreForm.COLUMNS,
        names=matched.names,
        affix=group.affix,
        words=words,
        numbered=numbered(group.names),
        sums=facts.sums_to_one,
        bits=facts.bits,
        derived=said.derived,
        copy=copy and not words,
        given=given,
    )
    return found, matched


def _speaks(group: Affixed, facts: GroupFacts, *, words: bool, nameless: bool) -> bool:
    """Whether names or sums say that columns are scores: those of a model's features say nothing of the kind."""
    if words or facts.sums_to_one or nameless:
        return True
    bare = not group.prefix and not group.suffix
    return bare and not numbered(group.names) and not any(is_feature(name) for name in group.columns)
