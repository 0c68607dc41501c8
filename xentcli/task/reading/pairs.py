"""Pairs: labels and scores that belong together, each pair with the fact that says so.

Floor 3. A pair lives if its labels are the classes that its scores speak of. How well the scores predict the labels is
never looked at.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from xentcli.task.confidence import holds_confidence
from xentcli.task.label_names import normal
from xentcli.task.label_pairs import bare_scores, paired_labels, share_prefix
from xentcli.task.reading.candidates import Columns, is_about_scores, label_columns, list_columns, single_columns
from xentcli.task.reading.decided import decision_pairs, may_decide
from xentcli.task.reading.fits import FitKind, sides_of
from xentcli.task.reading.group_facts import facts_of, is_copy, is_ranking
from xentcli.task.reading.groups import groups_of
from xentcli.task.reading.lists import ListFacts, list_facts
from xentcli.task.reading.model import Candidate, LabelForm, Labels, Scores
from xentcli.task.reading.names import (
    Affixed,
    by_values,
    by_words,
    is_feature,
    is_id,
    name_of,
    without_roles,
)
from xentcli.task.reading.sample import Cells, ColumnSample
from xentcli.task.reading.sides import named_after, same_stem
from xentcli.task.roles import ScoreForm
from xentcli.task.tags import separator_of, split
from xentcli.task.values import integer_of
from xentcli.task.vocabulary import GENERIC_WORDS, SHARE_NAMES

NAMED_GROUP, BASE, BLOCK, INDEX, SINGLE, SHARE = 5.0, 4.95, 4.9, 4.0, 3.0, 2.9
UNNAMED, LONELY, OPEN, DECISIONS = 2.5, 2.4, 2.0, 1.0
"""How much a fact says that labels and scores belong together, the most first.

A score whose name holds the label's own, as `rain_prob` beside `rain`, or a class says more than two values do.
"""

_TWO = 2
_FEW_FRACTIONS = 50
_MOST_COPIED = 300
"""Among more columns than this no copies are sought: every one would be held against every other one."""


def pairs(columns: Columns) -> list[Candidate]:
    """Return the pairs that live: of columns named as labels first, of all if those decide nothing."""
    blocks = list(_blocks(columns))
    members = {name for one in blocks for name in one.labels.columns}
    every = [one for one in label_columns(columns) if one.columns[0] not in members]
    asked = _asked_for(columns)
    named = [one for one in every if one.tier < 2 or one.columns[0] in columns.added or _is_asked(one, asked)]
    named = _originals(columns, named)
    found = [*blocks, *(pair for one in named for pair in _of_label(columns, one))]
    best = max(found, key=lambda one: one.level, default=None)
    if best is not None and (best.level >= NAMED_GROUP or _is_sure(columns, best, found)):
        return found
    columns.sample.load(name for one in every for name in one.columns)
    rest = [one for one in _originals(columns, every) if one not in named]
    others = [pair for one in rest for pair in _of_label(columns, one)]
    if any(one.tier < 2 for one in named):
        # A column that says nothing is no label for fitting by the number of its values while one is named as such.
        others = [one for one in others if one.fit is not None and one.level >= NAMED_GROUP]
    return [*found, *others]


def _is_sure(columns: Columns, best: Candidate, found: Sequence[Candidate]) -> bool:
    """Whether no column without a telling name needs to be looked at."""
    by_order = best.level == INDEX and best.labels.tier > 0
    return best.level >= SINGLE and not by_order and not _unused_groups(columns, found)


def _asked_for(columns: Columns) -> list[tuple[str, ...]]:
    """Return what scores and predicted labels are named after besides their roles: `rain` of `rain_prob`."""
    said = [name_of(name) for name in columns.of_scores()]
    return list(dict.fromkeys(one.rest for one in said if one.rest and (one.score or one.predicted)))


def _is_asked(labels: Labels, asked: Sequence[tuple[str, ...]]) -> bool:
    said, own = name_of(labels.columns[0]), without_roles(labels.columns[0])
    if said.score or said.predicted or all(word.isdigit() for word in own):
        return False
    return any(len(own) == len(rest) and all(same_stem(a, b) for a, b in zip(own, rest, strict=True)) for rest in asked)


def _originals(columns: Columns, labels: Sequence[Labels]) -> list[Labels]:
    """Return labels without those that are 0/1 copies of another one."""
    copies = _copies(columns, labels)
    return [one for one in labels if one.columns[0] not in copies]


def _copies(columns: Columns, labels: Sequence[Labels]) -> frozenset[str]:
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


def _unused_groups(columns: Columns, found: Sequence[Candidate]) -> bool:
    """Whether columns that are named like scores of classes belong to no pair yet."""
    used = {name for one in found for name in one.scores.columns}
    return any(len(one.columns) > 1 and not used & set(one.columns) for one in by_words(columns.of_scores()))


def _of_label(columns: Columns, labels: Labels) -> Iterator[Candidate]:
    if labels.form is LabelForm.LIST:
        yield from _of_list(columns, labels)
    elif labels.form is LabelForm.SHARE:
        yield from _of_share(columns, labels)
    else:
        yield from _of_scalar(columns, labels)


def _of_scalar(columns: Columns, labels: Labels) -> Iterator[Candidate]:
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
            name for group in by_words(columns.of_scores()) if _classes_given(columns, group) for name in group.columns
        }
        yield from _of_singles(columns, labels, counts, taken)
    yield from decision_pairs(columns, labels, counts, DECISIONS)
    if len(counts) > _TWO and _confidence_given(columns, len(counts)):
        yield from decision_pairs(replace(columns, given_scores=()), labels, counts, DECISIONS)


def _confidence_given(columns: Columns, classes: int) -> bool:
    """Whether the caller names one column as the scores, which may be the confidence of a predicted label."""
    given = columns.given_scores
    if len(given) != 1 or columns.is_list(given[0]) or not columns.sample[given[0]].fractions:
        return False
    return columns.sample[given[0]].in_unit and holds_confidence(columns.table, given[0], classes)


def _of_fractions(columns: Columns, labels: Labels) -> Iterator[Candidate]:
    """Yield the pairs of a column of fractions: names of classes, or the share of one of two."""
    label = labels.columns[0]
    held = columns.sample[label]
    if len(np.unique(held.held)) <= _FEW_FRACTIONS:
        named = [one for one in _of_groups(columns, labels, columns.values(label)) if one.level == NAMED_GROUP]
        if named:
            yield from named
            return
    if held.in_unit and (labels.tier < 2 or label in columns.added):
        yield from _of_share(columns, labels)


def _of_groups(columns: Columns, labels: Labels, counts: Mapping[str, int]) -> Iterator[Candidate]:
    for scores, fit in groups_of(columns, labels.columns[0], counts):
        level = {FitKind.OPEN: OPEN, FitKind.SORTED: INDEX}.get(fit.kind, NAMED_GROUP)
        if level == NAMED_GROUP and not scores.words and not columns.nameless and _counted(scores):
            level = UNNAMED
        said = (fit.because,) if fit.because else ()
        if scores.copy:
            said = (*said, "the scores are a 0/1 copy of the label in every row, so that every answer is right")
        yield Candidate(labels, scores, level, fit, reasons=said)


def _counted(scores: Scores) -> bool:
    return all(integer_of(name) is not None for name in scores.names or ())


def _of_tags(columns: Columns, labels: Labels, counts: Mapping[str, int]) -> Iterator[Candidate]:
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
    for scores, facts in _lists(columns, labels):
        if facts.size >= len(tags):
            yield Candidate(several, scores, NAMED_GROUP)


def _lists(columns: Columns, labels: Labels) -> Iterator[tuple[Scores, ListFacts]]:
    """Yield the list columns that may hold scores, with what their rows are."""
    free = [name for name in columns.of_scores() if name not in labels.columns]
    found = list_columns(columns, free)
    for name in found:
        facts = list_facts(columns.table, name)
        said = name_of(name)
        words = said.score or said.predicted
        if facts.size and not is_ranking(facts.matrix) and (words or facts.sums_to_one or len(free) == 1):
            yield (
                Scores((name,), ScoreForm.LIST, affix=name, words=words, sums=facts.sums_to_one, derived=said.derived),
                facts,
            )


def _of_lists(columns: Columns, labels: Labels, counts: Mapping[str, int]) -> Iterator[Candidate]:
    integers = [integer_of(text) for text in counts]
    for scores, facts in _lists(columns, labels):
        indexed = all(one is not None and 0 <= one < facts.size for one in integers)
        if scores.words or scores.sums or indexed or len(counts) == facts.size or len(columns.of_scores()) == 1:
            yield Candidate(labels, scores, NAMED_GROUP)


def _of_list(columns: Columns, labels: Labels) -> Iterator[Candidate]:
    """Yield the pairs of a column of lists: vectors of 0 and 1 or of shares, or tags."""
    for scores, _ in _lists(columns, labels):
        yield Candidate(labels, scores, NAMED_GROUP)
    label = labels.columns[0]
    words = columns.sample.cells(label) is Cells.TAGS
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
                labels, Scores(group.columns, ScoreForm.COLUMNS, group.names, group.affix, words=True), BLOCK
            )


def _of_singles(
    columns: Columns, labels: Labels, counts: Mapping[str, int], taken: Collection[str]
) -> Iterator[Candidate]:
    """Yield the pairs of two classes with one column of scores, none that belongs to the scores of all classes."""
    label = labels.columns[0]
    free = [name for name in columns.of_scores() if name != label and name not in taken]
    named = single_columns(columns, free)
    plain = [name for name in free if name not in named and name_of(name).predicted and not columns.is_list(name)]
    named += [
        name for name in plain if _whole_logits(columns.sample[name]) and not may_decide(columns.sample[name], counts)
    ]
    if columns.given_scores and len(free) == 1:
        named = [name for name in free if not columns.is_list(name) and _may_score(columns, name, counts)]
    for name in named:
        scores = _single(columns, name, label, counts)
        yield Candidate(labels, scores, BASE if _is_of(name, label, scores.names) else SINGLE)
    left = [name for name in free if name not in named and not is_id(name) and not columns.is_list(name)]
    left = [name for name in left if not is_about_scores(name_of(name))]
    if named or len(left) != 1:
        return
    lonely = columns.sample[left[0]]
    alone = columns.added and len(columns.of_scores()) == 1
    # What stands alone beside a file of labels is a score by its type, too: -1.0 is a logit.
    number = lonely.fractions and lonely.in_unit
    number = number or (bool(alone) and (lonely.fractions or columns.sample.fractional(left[0])))
    if lonely.cells is Cells.NUMBERS and number and not is_feature(left[0]):
        scores = _single(columns, left[0], label, counts)
        yield Candidate(labels, scores, BASE if name_of(left[0]).text == name_of(label).text else LONELY)


def _is_of(name: str, label: str, texts: Sequence[str] | None) -> bool:
    """Whether a score's name holds the label's name, in full but for words of roles, or one of its words of a class."""
    if texts and any(integer_of(text) is None and sides_of((text,)) is None for text in texts):
        return True
    mine, own = name_of(name).rest, without_roles(label)
    alike = len(mine) == len(own) > 0 and all(same_stem(a, b) for a, b in zip(mine, own, strict=True))
    return alike and not all(word in GENERIC_WORDS for word in own)


def _may_score(columns: Columns, name: str, counts: Mapping[str, int]) -> bool:
    """Whether a column that the caller names as the scores holds numbers that are no predicted labels."""
    held = columns.sample[name]
    number = name_of(name).score or columns.sample.fractional(name) or not may_decide(held, counts)
    return held.cells is Cells.NUMBERS and number


def _classes_given(columns: Columns, group: Affixed) -> bool:
    """Whether the caller names as many classes as a group has columns, which then belong together."""
    return columns.classes is not None and len(columns.classes) == len(group.columns)


def _whole_logits(held: ColumnSample) -> bool:
    """Whether whole numbers may be scores: of two or three values they would be decisions, one of them none."""
    return held.integers and len(held.texts) > _TWO + 1


def _single(columns: Columns, name: str, label: str, counts: Mapping[str, int]) -> Scores:
    said, held = name_of(name), columns.sample[name]
    after = named_after(said, label, counts) if said.score or said.predicted else None
    return Scores(
        (name,), ScoreForm.SINGLE, None if after is None else (after,), name,
        words=held.in_unit or said.logit, bits=not held.fractions, derived=said.derived,
        sums=said.plain,
    )  # fmt: skip


def _of_share(columns: Columns, labels: Labels) -> Iterator[Candidate]:
    """Yield the pairs of the share of one of two classes with one column of scores, or with two."""
    label = labels.columns[0]
    held = columns.sample[label]
    if held.numbers is None or not held.fractions or not held.in_unit:
        return
    free = [name for name in columns.of_scores() if name != label]
    shares = replace(labels, form=LabelForm.SHARE)
    groups = [one for one in by_words(free) if len(one.columns) == _TWO]
    pairs_ = [one for one in groups if facts_of(columns.sample, one.columns).sums_to_one]
    for group in pairs_:
        scores = Scores(group.columns, ScoreForm.COLUMNS, group.names, group.affix, words=True, sums=True)
        yield Candidate(shares, scores, SHARE)
    taken = {name for one in pairs_ for name in one.columns}
    for name in single_columns(columns, [name for name in free if name not in taken]):
        sure = name_of(name).score or name_of(name).plain or name_of(label).score or normal(label) in SHARE_NAMES
        if sure and normal(name) not in SHARE_NAMES:
            own = next((one.names for one in by_words((name,)) if name_of(name).rest), None)
            yield Candidate(shares, replace(_single(columns, name, label, {}), names=own), SHARE)
    for scores, facts in _lists(columns, labels):
        if facts.size == _TWO:
            yield Candidate(shares, scores, SHARE)


def _blocks(columns: Columns) -> Iterator[Candidate]:
    """Yield the pairs of a label column per class with the score columns that are named like them."""
    free = [name for name in columns.of_scores() if not columns.is_list(name)]
    labels = [name for name in columns.of_labels() if not columns.is_list(name)]
    if len(labels) < _TWO:
        return
    seen: set[frozenset[str]] = set()
    for group in (*by_words(free), *_same_names(free, labels), *_given_groups(columns, free, labels)):
        block = paired_labels(group, labels) or _in_given_order(columns, group)
        if len(block) > 1 and _are_labels(columns, block):
            scores = _of_block(columns, group)
            pair = frozenset((*block, *group.columns))
            if scores is not None and pair not in seen:
                seen.add(pair)
                yield Candidate(Labels(block, LabelForm.BLOCK, -1 if columns.given_labels else 1), scores, BLOCK)
    for scores, facts in _lists(columns, Labels(tuple(labels), LabelForm.BLOCK, 1)):
        block = columns.given_labels or tuple(columns.added) or (tuple(labels) if share_prefix(labels) else ())
        if len(block) == facts.size and _are_labels(columns, block):
            yield Candidate(Labels(block, LabelForm.BLOCK, 1), scores, BLOCK)


def _of_block(columns: Columns, group: Affixed) -> Scores | None:
    """Return the scores of several labels, None where they are no numbers."""
    columns.sample.load(group.columns)
    if any(columns.sample[name].cells not in {Cells.NUMBERS, Cells.BOOLEANS} for name in group.columns):
        return None
    facts, said = facts_of(columns.sample, group.columns), name_of(f"{group.prefix} {group.suffix}")
    return Scores(
        group.columns, ScoreForm.COLUMNS, group.names, group.affix, words=said.score or said.predicted,
        sums=facts.sums_to_one, bits=facts.bits, derived=said.derived, given=bool(columns.given_scores),
    )  # fmt: skip


def _same_names(free: Sequence[str], labels: Sequence[str]) -> list[Affixed]:
    """Return the columns that are named like label columns but for what these share: of another file, or bare."""
    plain = {name_of(name).text for name in labels}
    same = tuple(name for name in free if name in plain and name not in labels)
    bare = bare_scores(labels, [name for name in free if name not in labels])
    found = [Affixed(same, same, "", "")] if len(same) > 1 else []
    return found if bare is None else [*found, Affixed(bare.columns, bare.names, "", "")]


def _given_groups(columns: Columns, free: Sequence[str], labels: Sequence[str]) -> list[Affixed]:
    """Return given score columns as one group where there are as many given label columns."""
    if not columns.given_scores or len(free) != len(labels) or not columns.given_labels:
        return []
    names = tuple(name_of(name).text for name in free)
    return [Affixed(tuple(free), names, "", "")]


def _in_given_order(columns: Columns, group: Affixed) -> tuple[str, ...]:
    """Return given label columns as they stand, beside as many scores."""
    return columns.given_labels if len(columns.given_labels) == len(group.columns) else ()


def _are_labels(columns: Columns, block: Sequence[str]) -> bool:
    """Whether some of the columns hold 0 and 1, yes and no, or numbers that may be shares or votes, or all nothing.

    What else a cell of them holds is told when the labels are read.
    """
    columns.sample.load(block)
    return any(_is_label(columns.sample[name]) for name in block)


def _is_label(held: ColumnSample) -> bool:
    if held.cells is Cells.WORDS:
        return sides_of(held.texts) is not None or any(integer_of(text) in {0, 1} for text in held.texts)
    if held.numbers is not None and len(held.held) and float(held.held.min()) < -1:
        return False
    return held.cells in {Cells.NUMBERS, Cells.BOOLEANS, Cells.NOTHING}
