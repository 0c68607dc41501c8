"""Single pairs: two classes with one column of scores, or the share of one of them with it.

Floor 3.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from xentcli.record import replace
from xentcli.task.names import normal
from xentcli.task.reading.candidates import Columns, is_about_scores, single_columns
from xentcli.task.reading.decided import may_decide
from xentcli.task.reading.fits import sides_of
from xentcli.task.reading.group_facts import facts_of
from xentcli.task.reading.lists import list_scores
from xentcli.task.reading.model import BASE, LONELY, SHARE, SINGLE, Candidate, LabelForm, LabelSource, ScoreSource
from xentcli.task.reading.names import Affixed, by_words, is_feature, is_id, name_of, without_roles
from xentcli.task.reading.sample import Cells, ColumnSample
from xentcli.task.reading.sides import named_after, same_words
from xentcli.task.roles import ScoreForm
from xentcli.task.values import integer_of
from xentcli.task.vocabulary import GENERIC_WORDS, SHARE_NAMES

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
