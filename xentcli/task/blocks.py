"""Blocks: what several label columns, or the lists of one column, mean together.

Floor 3. Gives the cells numbers where words stand for them, ranks the readings of `block_hypotheses` and turns
the best one into a Detection.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from math import nan

from xentcli.errors import Place, UsageError
from xentcli.files.arrays import is_list
from xentcli.files.table import Table
from xentcli.phrases import counted, verb
from xentcli.record import Record
from xentcli.task import survey
from xentcli.task.block_hypotheses import BLOCK_HYPOTHESES, FEW_ROWS, BlockTraits
from xentcli.task.column_facts import ColumnFacts, null_words, without
from xentcli.task.columns import detect_column
from xentcli.task.hypothesis import Ranked, Wish, alternatives, certainty, rank
from xentcli.task.matching import told
from xentcli.task.matrix_facts import MatrixFacts
from xentcli.task.model import ClassCount, Detection, LabelFacts, SoftTargets, Task
from xentcli.task.positive import positive_class, score_names
from xentcli.task.vocabulary import NEGATIVE_WORDS, NOT_SELECTED, YES_NO_PAIRS, in_small
from xentcli.terms import Encoding, Kind

_WORDS = "words stand for yes and no: an option or yes where it was chosen"
_SIGNS = "-1 and 1 in every column: -1 says no"
_ZERO_OPEN = "-1 fills most cells: it says no, and 0 leaves a label open, as PASCAL VOC marks difficult objects"


class Meanings(Record):
    """What the cells of a block of words stand for.

    Attributes:
        by_column: the number of each text, NaN for one that leaves a label open; None where the cells are numbers.
        blank: the number of an empty cell.
        sentence: how the cells were read; empty for plain 0 and 1.
    """

    by_column: Mapping[str, Mapping[str, float]] | None
    blank: float
    sentence: str = ""


def detect_block(table: Table, names: tuple[str, ...], wish: Wish) -> Detection:
    """Return what several columns mean together.

    Raises:
        UsageError: what the caller fixes contradicts the data, or a column holds lists.
    """
    for name in names:
        if is_list(table[name].type):
            place = Place(table.path, column=name)
            raise UsageError("holds lists, which are labels by themselves", place=place, help=f"--label {name} alone")
    columns, matrix = survey.survey_block(table, names)
    meanings = meanings_of(columns)
    if meanings is not None and (matrix is None or meanings.by_column is not None):
        matrix = survey.survey_rows(table, names, meanings.by_column, meanings.blank)
    elif meanings is None:
        matrix = None
    outputs = _outputs(columns.values(), wish, table)
    traits = BlockTraits(matrix, outputs, wish)
    return _ranked(table, names, traits, wish, (meanings.sentence,) if meanings and meanings.sentence else ())


def detect_vectors(
    table: Table,
    name: str,
    matrix: MatrixFacts,
    wish: Wish,
    positions: tuple[ColumnFacts, ...] = (),
    *,
    zero_open: bool = False,
) -> Detection:
    """Return what the number lists of one column mean; `positions` may be outputs of their own.

    With `zero_open`, the facts are of cells of which -1 said no and 0 left a label open.

    Raises:
        UsageError: what the caller fixes contradicts the data.
    """
    because = (_ZERO_OPEN,) if zero_open else ()
    return _ranked(table, (name,), BlockTraits(matrix, _outputs(positions, wish, table), wish), wish, because)


def _outputs(columns: Iterable[ColumnFacts], wish: Wish, table: Table) -> tuple[Detection, ...]:
    """Return what each column means by itself."""
    return tuple(detect_column(facts, Wish(named=wish.named), table.path) for facts in columns)


def _ranked(
    table: Table, names: tuple[str, ...], traits: BlockTraits, wish: Wish, because: tuple[str, ...]
) -> Detection:
    ranked = rank(BLOCK_HYPOTHESES, traits, wish, Place(table.path, column=names[0]))
    best = ranked[0].reading
    if best.kind is Kind.MULTIOUTPUT:
        return _several_outputs(names, traits, ranked, wish)
    matrix = traits.matrix
    classes = () if best.kind is None else _class_names(table, names, matrix, wish.classes)
    positive = None
    if best.kind is Kind.BINARY:
        positive = classes[positive_class(classes, wish.positive, score_names(wish.beside, classes)).index]
    elif wish.positive is not None and best.kind is not None:
        raise UsageError(f"is for binary tasks, this one is {best.kind.value}", option="positive")
    task = Task(best.kind, best.encoding, classes, positive, best.not_a_target)
    rows, missing = _rows(traits)
    zero_open = _ZERO_OPEN in because
    evidence = (ranked[0].sentence, *because, *_unknown(matrix, best.encoding, "blank or 0" if zero_open else _OPEN))
    sure = certainty(ranked, few=rows - missing < FEW_ROWS, wish=wish)
    others = alternatives(ranked)
    if best.kind is None or matrix is None:
        return Detection(names, task, sure, evidence, others, rows, missing, ())
    if best.encoding is Encoding.ONE_HOT:
        missing += matrix.by_sum[0]
    return Detection(
        names, task, sure, evidence, others, rows, missing,
        counts=_counts(classes, matrix, best.encoding),
        labels_per_row=dict(sorted(matrix.by_sum.items())) if best.encoding is Encoding.MULTI_HOT else None,
        soft=_soft(traits, best.encoding),
        seen=_seen(matrix, signs=zero_open or _SIGNS in because, zero_open=zero_open, worded=_WORDS in because),
    )  # fmt: skip


def _rows(traits: BlockTraits) -> tuple[int, int]:
    if traits.matrix is not None:
        return traits.matrix.rows, traits.matrix.missing
    return traits.outputs[0].rows, min(one.missing_rows for one in traits.outputs)


def _class_names(
    table: Table, columns: tuple[str, ...], matrix: MatrixFacts | None, given: Sequence[str] | None
) -> tuple[str, ...]:
    names = matrix.names if matrix is not None else columns
    declared = table.declared
    if given is None and declared is not None and declared.columns == columns and len(columns) == len(declared.classes):
        return declared.classes
    listed = given if given is not None else table[columns[0]].classes if len(columns) == 1 else None
    if listed is not None:
        if len(listed) != len(names):
            raise UsageError(
                f"names {told(listed, 'class')}, there {verb(len(names), 'are')} {told(names, 'column')}",
                option="classes",
            )
        return tuple(listed)
    return strip_common(names) if len(columns) > 1 else names


def strip_common(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names without the words that they all start with, such as `label_` in `label_cat`."""
    shared = "".join(one[0] for one in takewhile(lambda one: len(set(one)) == 1, zip(*names, strict=False)))
    cut = max(shared.rfind(mark) for mark in "_.- :") + 1
    if len(names) < 2 or cut == 0 or any(len(name) <= cut for name in names):
        return names
    return tuple(name[cut:].strip() for name in names)


_OPEN = "blank or -1"


def _unknown(matrix: MatrixFacts | None, encoding: Encoding | None, cells: str) -> tuple[str, ...]:
    if matrix is None or not matrix.partial or encoding is not Encoding.MULTI_HOT:
        return ()
    rows = f"{counted(matrix.partial, 'row')} {verb(matrix.partial, 'leave')}"
    return (f"{rows} some labels open ({cells}): unknown, not negative",)


def _counts(classes: tuple[str, ...], matrix: MatrixFacts, encoding: Encoding | None) -> tuple[ClassCount, ...]:
    if encoding not in {Encoding.ONE_HOT, Encoding.MULTI_HOT}:
        return tuple(ClassCount(name, rows) for name, rows in zip(classes, matrix.top.tolist(), strict=True))
    ones, zeros = matrix.ones.tolist(), matrix.zeros.tolist()
    open_ = encoding is Encoding.MULTI_HOT and matrix.partial > 0
    return tuple(
        ClassCount(name, one, one + zero if open_ else None)
        for name, one, zero in zip(classes, ones, zeros, strict=True)
    )


def _seen(matrix: MatrixFacts, *, signs: bool, zero_open: bool, worded: bool) -> LabelFacts:
    """Return what rules read, with rows counted from 1."""
    missing, none, unsure = (
        tuple(row + 1 for row in rows) for rows in (matrix.missing_rows, matrix.none_rows, matrix.partial_rows)
    )
    crowded = matrix.by_sum[len(matrix.names)]
    return LabelFacts(
        missing=missing, unlabelled=none, crowded=crowded, open=unsure, open_count=matrix.partial,
        signs=signs, zero_open=zero_open, worded=worded,
    )  # fmt: skip


def _soft(traits: BlockTraits, encoding: Encoding | None) -> SoftTargets | None:
    matrix = traits.matrix
    if matrix is None:
        return None
    if encoding is Encoding.LABEL_PROBABILITIES:
        return SoftTargets(matrix.mean_cells(), matrix.mean_bernoulli(), matrix.zero_one, votes=False)
    if encoding is not Encoding.CLASS_PROBABILITIES:
        return None
    votes = traits.votes or traits.constant_total
    return SoftTargets(matrix.mean_shares(), matrix.mean_entropy(), matrix.by_sum[1], votes=votes)


def _several_outputs(
    names: tuple[str, ...], traits: BlockTraits, ranked: tuple[Ranked[BlockTraits], ...], wish: Wish
) -> Detection:
    """Return the reading of each column by itself, as several outputs."""
    found = traits.outputs
    encodings = tuple(one.task.encoding for one in found if isinstance(one.task.encoding, Encoding))
    counts = tuple(ClassCount(f"{one.columns[0]}={count.name}", count.count) for one in found for count in one.counts)
    evidence = (ranked[0].sentence, *(f"{one.columns[0]}: {one.evidence[0]}" for one in found))
    task = Task(Kind.MULTIOUTPUT, encodings, tuple(count.name for count in counts))
    rows, missing = found[0].rows, min(one.missing_rows for one in found)
    sure = certainty(ranked, few=rows - missing < FEW_ROWS, wish=wish)
    return Detection(names, task, sure, evidence, alternatives(ranked), rows, missing, counts, outputs=found)


def meanings_of(columns: Mapping[str, ColumnFacts]) -> Meanings | None:
    """Return what the cells of a block stand for, None where they are no numbers and no choices."""
    held = [without(facts, null_words(facts)) for facts in columns.values() if facts.counts]
    if all(facts.numbers() is not None for facts in held):
        values = {number for facts in held for number in facts.numbers() or () if not facts.overflow}
        if -1.0 in values and values <= {-1.0, 1.0}:
            mapping = {text: float(number > 0) for facts in held for text, number in _numbers_of(facts).items()}
            return Meanings(dict.fromkeys(columns, mapping), nan, _SIGNS)
        if values == {-1.0, 0.0, 1.0} and _minus_fills(held, columns):
            mapping = {text: _with_zero_open(number) for facts in held for text, number in _numbers_of(facts).items()}
            return Meanings(dict.fromkeys(columns, mapping), nan, _ZERO_OPEN)
        return Meanings(None, nan)
    if not all(_is_choice(facts) for facts in columns.values()):
        return None
    by_column = {name: {text: float(not _says_no(text)) for text in facts.counts} for name, facts in columns.items()}
    if all(_is_pair(facts) for facts in held):
        return Meanings(by_column, nan, _WORDS)
    return Meanings(by_column, 0.0, _WORDS)


def _minus_fills(held: Iterable[ColumnFacts], columns: Mapping[str, ColumnFacts]) -> bool:
    """Whether -1 stands in more than half of all cells: it says no there; a rare -1 leaves a label open."""
    minus = sum(facts.counts[text] for facts in held for text, number in _numbers_of(facts).items() if number == -1.0)
    return 2 * minus > sum(facts.rows for facts in columns.values())


def _with_zero_open(number: float) -> float:
    return nan if number == 0.0 else float(number > 0)


def _numbers_of(facts: ColumnFacts) -> dict[str, float]:
    return {text: float(text) for text in facts.counts}


def _says_no(text: str) -> bool:
    return in_small(text) in NOT_SELECTED | set(NEGATIVE_WORDS)


def _words(facts: ColumnFacts) -> set[str]:
    return {in_small(text) for text in facts.counts}


def _is_pair(facts: ColumnFacts) -> bool:
    """Whether a column says yes and no, or one of the two alone."""
    return any(_words(facts) <= {no, yes} for no, yes in YES_NO_PAIRS)


def _is_choice(facts: ColumnFacts) -> bool:
    """Whether a column of text says yes and no, or holds its option where it was chosen and nothing elsewhere."""
    words = _words(facts)
    chosen = words - NOT_SELECTED
    if _is_pair(facts) and (len(words) == 2 or facts.missing or facts.booleans or len(facts.counts) == 0):
        return True
    return len(chosen) <= 1 and len(words) <= 2 and (facts.missing > 0 or len(words) == 2)
