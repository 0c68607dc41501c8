"""Pairs: labels and scores that belong together, each pair with the fact that says so.

Floor 3. A pair lives if its labels are the classes that its scores speak of. How well the scores predict the labels is
never looked at. A label column that says again, with 0 and 1, what another one says is no label of its own.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from xentcli.record import replace
from xentcli.task.reading.candidates import Columns, label_columns
from xentcli.task.reading.decided import decision_pairs
from xentcli.task.reading.fits import FitKind, same_words
from xentcli.task.reading.group_facts import facts_of, is_copy
from xentcli.task.reading.groups import groups_of, list_facts, list_scores
from xentcli.task.reading.model import (
    BLOCK,
    DECISIONS,
    INDEX,
    NAMED_GROUP,
    OPEN,
    SINGLE,
    UNNAMED,
    Candidate,
    LabelForm,
    LabelSource,
    ScoreSource,
)
from xentcli.task.reading.names import by_values, by_words, name_of, without_roles
from xentcli.task.reading.pair_kinds import block_pairs, classes_given, share_pairs, single_pairs
from xentcli.task.reading.sample import Cells
from xentcli.task.roles import ScoreForm, holds_confidence
from xentcli.task.tags import separator_of, split
from xentcli.task.values import integer_of

_MOST_COPIED = 300
"""Among more columns than this no copies are sought: every one would be held against every other one."""


def originals(columns: Columns, labels: Sequence[LabelSource]) -> list[LabelSource]:
    """Return labels without those that are 0/1 copies of another one."""
    copies = _copies(columns, labels)
    return [one for one in labels if one.columns[0] not in copies]


def _copies(columns: Columns, labels: Sequence[LabelSource]) -> frozenset[str]:
    """Return the columns that say again, each for one class with 0 and 1, what a column of few values says."""
    names = [one.columns[0] for one in labels if one.form is LabelForm.SCALAR and one.tier >= 0]
    found: set[str] = set()
    if len(names) > _MOST_COPIED:
        return frozenset()
    columns.sample.load(names)
    for label in names:
        held, others = columns.sample[label], [name for name in names if name != label]
        if not held.few or held.fractions or not 1 < len(held.texts) <= len(others):
            continue
        named = by_values(others, held.texts) or by_values(others, held.texts, fold=True)
        for group in (*named, *by_values(others, [str(at) for at in range(len(held.texts))])):
            same = len(group.columns) == len(held.texts)
            if same and facts_of(columns.sample, group.columns).bits and is_copy(columns.sample, group.columns, label):
                found.update(group.columns)
    return frozenset(found)


_TWO = 2
_FEW_FRACTIONS = 50


def pairs(columns: Columns) -> list[Candidate]:
    """Return the pairs that live: of columns named as labels first, of all if those decide nothing."""
    blocks = list(block_pairs(columns))
    members = {name for one in blocks for name in one.labels.columns}
    every = [one for one in label_columns(columns) if one.columns[0] not in members]
    asked = _asked_for(columns)
    named = [one for one in every if one.tier < 2 or one.columns[0] in columns.added or _is_asked(one, asked)]
    named = originals(columns, named)
    taken = {name for one in blocks for name in one.scores.columns}
    found = [*blocks, *(pair for one in named for pair in _of_label(columns, one) if not _is_of_block(pair, taken))]
    best = max(found, key=lambda one: one.level, default=None)
    if best is not None and (best.level >= NAMED_GROUP or _is_sure(columns, best, found)):
        return found
    columns.sample.load(name for one in every for name in one.columns)
    rest = [one for one in originals(columns, every) if one not in named]
    others = [pair for one in rest for pair in _of_label(columns, one) if not _is_of_block(pair, taken)]
    if any(one.tier < 2 for one in named):
        # A column that says nothing is no label for fitting by the number of its values while one is named as such.
        others = [one for one in others if one.fit is not None and one.level >= NAMED_GROUP]
    return [*found, *others]


def _is_of_block(pair: Candidate, taken: Collection[str]) -> bool:
    """Whether a column that no name calls a label takes one score out of the many that a block of labels has."""
    return pair.labels.tier > 1 and pair.scores.form is ScoreForm.SINGLE and pair.scores.columns[0] in taken


def _is_sure(columns: Columns, best: Candidate, found: Sequence[Candidate]) -> bool:
    """Whether no column without a telling name needs to be looked at."""
    by_order = best.level == INDEX and best.labels.tier > 0
    return best.level >= SINGLE and not by_order and not _unused_groups(columns, found)


def _asked_for(columns: Columns) -> list[tuple[str, ...]]:
    """Return what scores and predicted labels are named after besides their roles: `rain` of `rain_prob`."""
    said = [name_of(name) for name in columns.of_scores()]
    return list(dict.fromkeys(one.rest for one in said if one.rest and (one.score or one.predicted)))


def _is_asked(labels: LabelSource, asked: Sequence[tuple[str, ...]]) -> bool:
    said, own = name_of(labels.columns[0]), without_roles(labels.columns[0])
    if said.score or said.predicted or all(word.isdigit() for word in own):
        return False
    return any(same_words(own, rest) for rest in asked)


def _unused_groups(columns: Columns, found: Sequence[Candidate]) -> bool:
    """Whether columns that are named like scores of classes belong to no pair yet."""
    used = {name for one in found for name in one.scores.columns}
    return any(len(one.columns) > 1 and not used & set(one.columns) for one in by_words(columns.of_scores()))


def _of_label(columns: Columns, labels: LabelSource) -> Iterator[Candidate]:
    if labels.form is LabelForm.LIST:
        yield from _of_list(columns, labels)
    elif labels.form is LabelForm.SHARE:
        yield from share_pairs(columns, labels)
    else:
        yield from _of_scalar(columns, labels)


def _of_scalar(columns: Columns, labels: LabelSource) -> Iterator[Candidate]:
    label = labels.columns[0]
    held = columns.sample[label]
    if held.cells in {Cells.NOTHING, Cells.DATES}:
        return
    if held.fractions:
        yield from _of_fractions(columns, labels)
        return
    if not held.few or (labels.tier > 1 and held.unique and len(held.texts) > 4):
        return
    counts = columns.values(label)
    if not counts:
        return
    grouped = list(_of_groups(columns, labels, counts))
    yield from grouped
    if not grouped and held.cells is Cells.WORDS:
        yield from _of_tags(columns, labels, counts)
    yield from _of_lists(columns, labels, counts)
    if len(counts) <= _TWO and (columns.classes is None or len(columns.classes) == _TWO):
        taken = {name for one in grouped for name in one.scores.columns}
        taken |= {
            name for group in by_words(columns.of_scores()) if classes_given(columns, group) for name in group.columns
        }
        yield from single_pairs(columns, labels, counts, taken)
    yield from decision_pairs(columns, labels, counts, DECISIONS)
    if len(counts) > _TWO and _confidence_given(columns, len(counts)):
        yield from decision_pairs(replace(columns, given_scores=()), labels, counts, DECISIONS)


def _confidence_given(columns: Columns, classes: int) -> bool:
    """Whether the caller names one column as the scores, which may be the confidence of a predicted label."""
    given = columns.given_scores
    if len(given) != 1 or columns.is_list(given[0]) or not columns.sample[given[0]].fractions:
        return False
    return columns.sample[given[0]].in_unit and holds_confidence(columns.table, given[0], classes)


def _of_fractions(columns: Columns, labels: LabelSource) -> Iterator[Candidate]:
    """Yield the pairs of a column of fractions: names of classes, or the share of one of two."""
    label = labels.columns[0]
    held = columns.sample[label]
    if len(np.unique(held.held)) <= _FEW_FRACTIONS:
        named = [one for one in _of_groups(columns, labels, columns.values(label)) if one.level == NAMED_GROUP]
        if named:
            yield from named
            return
    if held.in_unit and (labels.tier < 2 or label in columns.added):
        yield from share_pairs(columns, labels)


def _of_groups(columns: Columns, labels: LabelSource, counts: Mapping[str, int]) -> Iterator[Candidate]:
    for scores, fit in groups_of(columns, labels.columns[0], counts):
        level = {FitKind.OPEN: OPEN, FitKind.SORTED: INDEX}.get(fit.kind, NAMED_GROUP)
        if level == NAMED_GROUP and not scores.words and not columns.nameless and scores.numbered:
            level = UNNAMED
        said = (fit.because,) if fit.because else ()
        if scores.copy:
            said = (*said, "the scores are a 0/1 copy of the label in every row, so that every answer is right")
        yield Candidate(labels, scores, level, fit, reasons=said)


def _of_tags(columns: Columns, labels: LabelSource, counts: Mapping[str, int]) -> Iterator[Candidate]:
    """Yield the pairs of cells that hold several tags with the columns named after the tags."""
    separator = separator_of(counts)
    if separator is None:
        return
    tags: dict[str, int] = {}
    for cell, rows in counts.items():
        for tag in split(cell, separator):
            tags[tag] = tags.get(tag, 0) + rows
    several = replace(labels, form=LabelForm.TAGS)
    for scores, fit in groups_of(columns, labels.columns[0], tags):
        if fit.kind >= FitKind.MEANING:
            yield Candidate(several, scores, NAMED_GROUP, fit)
    for scores, facts in list_scores(columns, labels):
        if facts.size >= len(tags):
            yield Candidate(several, scores, NAMED_GROUP)


def _of_lists(columns: Columns, labels: LabelSource, counts: Mapping[str, int]) -> Iterator[Candidate]:
    integers = [integer_of(text) for text in counts]
    for scores, facts in list_scores(columns, labels):
        indexed = all(one is not None and 0 <= one < facts.size for one in integers)
        if scores.words or scores.sums or indexed or len(counts) == facts.size or len(columns.of_scores()) == 1:
            yield Candidate(labels, scores, NAMED_GROUP)


def _of_list(columns: Columns, labels: LabelSource) -> Iterator[Candidate]:
    """Yield the pairs of a column of lists: vectors of 0 and 1 or of shares, or tags."""
    label = labels.columns[0]
    words = columns.sample.cells(label) is Cells.TAGS
    known = columns.table[label].classes if words and columns.classes is None else None
    for scores, facts in list_scores(columns, labels):
        if known is not None and len(known) == facts.size:
            said = "class order: the file's own metadata"
            yield Candidate(labels, replace(scores, names=known), NAMED_GROUP, reasons=(said,))
        else:
            yield Candidate(labels, scores, NAMED_GROUP)
    free = [name for name in columns.of_scores() if name != label and not columns.is_list(name)]
    if words:
        tags = list_facts(columns.table, label).texts
        for scores, fit in groups_of(columns, label, tags) if tags else ():
            if fit.kind >= FitKind.MEANING:
                yield Candidate(labels, scores, NAMED_GROUP, fit)
        return
    size = list_facts(columns.table, label).size
    for group in by_words(free):
        if len(group.columns) == size:
            yield Candidate(
                labels, ScoreSource(group.columns, ScoreForm.COLUMNS, group.names, group.affix, words=True), BLOCK
            )
