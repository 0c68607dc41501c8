"""Kinds of pairs: a label column per class with scores named alike, and two classes with one column of scores.

Floor 3.

Block pairs: a label column per class, with the score columns that are named like them. Label columns are found by
the names of the score columns of the same classes.

Single pairs: two classes with one column of scores, or the share of one of them with it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

from xentcli.files.columns import SUFFIX
from xentcli.record import replace
from xentcli.task import names
from xentcli.task.names import normal
from xentcli.task.reading.candidates import Columns, is_about_scores, single_columns
from xentcli.task.reading.decided import may_decide
from xentcli.task.reading.fits import named_after, same_words, sides_of
from xentcli.task.reading.group_facts import facts_of
from xentcli.task.reading.groups import list_scores
from xentcli.task.reading.model import (
    BASE,
    BLOCK,
    LONELY,
    SHARE,
    SINGLE,
    Candidate,
    LabelForm,
    LabelSource,
    ScoreSource,
)
from xentcli.task.reading.names import Affixed, by_words, is_feature, is_id, name_of, without_roles
from xentcli.task.reading.sample import Cells, ColumnSample
from xentcli.task.roles import ScoreForm
from xentcli.task.values import integer_of
from xentcli.task.vocabulary import GENERIC_WORDS, LABEL_PREFIXES, LABEL_SUFFIXES, SHARE_NAMES


class Named(Protocol):
    """Columns with the part of each name that tells them apart."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """What they are named after, in the same order."""
        ...


def paired_labels(group: Named, free: Sequence[str]) -> tuple[str, ...]:
    """Return the label columns named like the scores of a group, in its order, or nothing."""
    own = set(group.columns)
    by_folded = {name.removesuffix(SUFFIX).casefold(): name for name in free if name not in own}
    patterns = [(prefix, "") for prefix in LABEL_PREFIXES]
    patterns[-1:-1] = [("", suffix) for suffix in LABEL_SUFFIXES]
    for prefix, suffix in patterns:
        found = tuple(by_folded.get(f"{prefix}{name}{suffix}".casefold(), "") for name in group.names)
        if all(found) and (len(found) > 1 or prefix or suffix):
            return found
    return ()


def bare_scores(labels: Sequence[str], rest: Sequence[str]) -> names.ScoreGroup | None:
    """Return the columns that are named after several label columns without what these share; None if there are none.

    `cat, dog` for labels `target_cat, target_dog`, and for labels of the same names that stand in another file.
    """
    plain = [label.removesuffix(SUFFIX) for label in labels]
    known = set(rest)
    patterns = [
        ("", ""),
        *((prefix, "") for prefix in LABEL_PREFIXES),
        *(("", one) for one in LABEL_SUFFIXES),
    ]
    for prefix, suffix in patterns:
        if not all(name.startswith(prefix) and name.endswith(suffix) for name in plain):
            continue
        found = tuple(name[len(prefix) : len(name) - len(suffix)] for name in plain)
        if len(found) > 1 and known.issuperset(found):
            return names.ScoreGroup(found, found, "")
    return None


def share_prefix(columns: Sequence[str]) -> bool:
    """Return whether several columns all begin with a word that speaks for labels, such as `target_`."""
    folded = [name.casefold() for name in columns]
    prefixes = [prefix for prefix in LABEL_PREFIXES if prefix]
    return len(folded) > 1 and any(all(name.startswith(prefix) for name in folded) for prefix in prefixes)


def block_pairs(columns: Columns) -> Iterator[Candidate]:
    """Yield the pairs of a label column per class with the score columns that are named like them."""
    free = [name for name in columns.of_scores() if not columns.is_list(name)]
    labels = [name for name in columns.of_labels() if not columns.is_list(name)]
    if len(labels) < 2:
        return
    seen: set[frozenset[str]] = set()
    for group in (*by_words(free), *_same_names(free, labels), *_given_groups(columns, free, labels)):
        block = paired_labels(group, labels) or _in_given_order(columns, group)
        if len(block) > 1 and _are_labels(columns, block):
            scores = _of_block(columns, group)
            pair = frozenset((*block, *group.columns))
            if scores is not None and pair not in seen:
                seen.add(pair)
                yield Candidate(LabelSource(block, LabelForm.BLOCK, -1 if columns.given_labels else 1), scores, BLOCK)
    for scores, facts in list_scores(columns, LabelSource(tuple(labels), LabelForm.BLOCK, 1)):
        block = columns.given_labels or tuple(columns.added) or (tuple(labels) if share_prefix(labels) else ())
        if len(block) == facts.size and _are_labels(columns, block):
            yield Candidate(LabelSource(block, LabelForm.BLOCK, 1), scores, BLOCK)


def _of_block(columns: Columns, group: Affixed) -> ScoreSource | None:
    """Return the scores of several labels, None where they are no numbers."""
    columns.sample.load(group.columns)
    if any(columns.sample[name].cells not in {Cells.NUMBERS, Cells.BOOLEANS} for name in group.columns):
        return None
    facts, said = facts_of(columns.sample, group.columns), name_of(f"{group.prefix} {group.suffix}")
    return ScoreSource(
        group.columns, ScoreForm.COLUMNS, group.names, group.affix, words=said.score or said.predicted,
        sums=facts.sums_to_one, bits=facts.bits, derived=said.derived, given=bool(columns.given_scores),
    )  # fmt: skip


def _same_names(free: Sequence[str], labels: Sequence[str]) -> list[Affixed]:
    """Return the columns that are named like label columns but for what these share: of another file, or bare."""
    plain = {name_of(name).text for name in labels}
    own = set(labels)
    rest = [name for name in free if name not in own]
    same = tuple(name for name in rest if name in plain)
    bare = bare_scores(labels, rest)
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


_TWO = 2


def single_pairs(
    columns: Columns, labels: LabelSource, counts: Mapping[str, int], taken: Collection[str]
) -> Iterator[Candidate]:
    """Yield the pairs of two classes with one column of scores, none that belongs to the scores of all classes."""
    label = labels.columns[0]
    free = [name for name in columns.of_scores() if name != label and name not in taken]
    named = single_columns(columns, free)
    already = set(named)
    plain = [name for name in free if name not in already and name_of(name).predicted and not columns.is_list(name)]
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
    return same_words(mine, own) and not all(word in GENERIC_WORDS for word in own)


def _may_score(columns: Columns, name: str, counts: Mapping[str, int]) -> bool:
    """Whether a column that the caller names as the scores holds numbers that are no predicted labels."""
    held = columns.sample[name]
    number = name_of(name).score or columns.sample.fractional(name) or not may_decide(held, counts)
    return held.cells is Cells.NUMBERS and number


def classes_given(columns: Columns, group: Affixed) -> bool:
    """Whether the caller names as many classes as a group has columns, which then belong together."""
    return columns.classes is not None and len(columns.classes) == len(group.columns)


def _whole_logits(held: ColumnSample) -> bool:
    """Whether whole numbers may be scores: of two or three values they would be decisions, one of them none."""
    return held.integers and len(held.texts) > _TWO + 1


def _single(columns: Columns, name: str, label: str, counts: Mapping[str, int]) -> ScoreSource:
    said, held = name_of(name), columns.sample[name]
    after = named_after(said, label, counts) if said.score or said.predicted else None
    return ScoreSource(
        (name,), ScoreForm.SINGLE, None if after is None else (after,), name,
        words=held.in_unit or said.logit, bits=not held.fractions, derived=said.derived,
        sums=said.plain,
    )  # fmt: skip


def share_pairs(columns: Columns, labels: LabelSource) -> Iterator[Candidate]:
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
        scores = ScoreSource(group.columns, ScoreForm.COLUMNS, group.names, group.affix, words=True, sums=True)
        yield Candidate(shares, scores, SHARE)
    taken = {name for one in pairs_ for name in one.columns}
    for name in single_columns(columns, [name for name in free if name not in taken]):
        sure = name_of(name).score or name_of(name).plain or name_of(label).score or normal(label) in SHARE_NAMES
        if sure and normal(name) not in SHARE_NAMES:
            own = next((one.names for one in by_words((name,)) if name_of(name).rest), None)
            yield Candidate(shares, replace(_single(columns, name, label, {}), names=own), SHARE)
    for scores, facts in list_scores(columns, labels):
        if facts.size == _TWO:
            yield Candidate(shares, scores, SHARE)
