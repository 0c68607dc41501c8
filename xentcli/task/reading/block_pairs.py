"""Block pairs: a label column per class, with the score columns that are named like them.

Floor 3. Label columns are found by the names of the score columns of the same classes.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

from xentcli.files.columns import SUFFIX
from xentcli.task import names
from xentcli.task.reading.candidates import Columns
from xentcli.task.reading.fits import sides_of
from xentcli.task.reading.group_facts import facts_of
from xentcli.task.reading.lists import list_scores
from xentcli.task.reading.model import BLOCK, Candidate, LabelForm, LabelSource, ScoreSource
from xentcli.task.reading.names import Affixed, by_words, name_of
from xentcli.task.reading.sample import Cells, ColumnSample
from xentcli.task.roles import ScoreForm
from xentcli.task.values import integer_of
from xentcli.task.vocabulary import LABEL_PREFIXES, LABEL_SUFFIXES


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
