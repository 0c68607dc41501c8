"""Detection: given label columns, what they mean, by elimination.

Floor 3. Surveys the columns once and hands the facts to the readings of a column, or of a block.
"""

from collections.abc import Sequence

import pyarrow as pa

from xentcli.files.arrays import is_list
from xentcli.files.table import Table
from xentcli.record import replace
from xentcli.task import survey
from xentcli.task.blocks import detect_block, detect_vectors
from xentcli.task.columns import detect_column, detect_tag_lists
from xentcli.task.hypothesis import Wish
from xentcli.task.matching import refuse_repeated
from xentcli.task.matrix_facts import MatrixFacts
from xentcli.task.model import Detection
from xentcli.task.traits import Traits
from xentcli.terms import Encoding, Kind


def detect(
    table: Table,
    columns: Sequence[str],
    *,
    kind: Kind | None = None,
    encoding: Encoding | None = None,
    classes: Sequence[str] | None = None,
    positive: str | None = None,
    named: bool = False,
) -> Detection:
    """Return what label columns mean.

    Args:
        table: where they are.
        columns: their names; one column, or one per class, label or output.
        kind: fixes the kind of task.
        encoding: fixes the encoding.
        classes: class names in index order.
        positive: the positive class of a binary task.
        named: whether the caller named the columns as the labels: then whole numbers without a gap are classes.

    Raises:
        UsageError: what is fixed contradicts the data.
        ColumnError: a list column holds nothing.
    """
    names, own = tuple(columns), set(columns)
    beside = tuple(name for name in table.names if name not in own)
    if classes is not None and kind is not Kind.MULTIOUTPUT:
        refuse_repeated(classes)
    wish = Wish(kind, encoding, None if classes is None else tuple(classes), positive, beside, named)
    if len(names) > 1:
        return detect_block(table, names, wish)
    if is_list(table[names[0]].type):
        return _lists(table, names[0], wish)
    return _plain(table, names[0], wish)


def _lists(table: Table, name: str, wish: Wish) -> Detection:
    """Return what a column of lists means: vectors of numbers of one length, or tags."""
    tags = wish.encoding is Encoding.TAG_LISTS
    if survey.is_number_list(table[name].type) and not tags:
        matrix = survey.survey_vectors(table, name)
        fixed = pa.types.is_fixed_size_list(table[name].type)
        if matrix is not None and matrix.minus_says_no:
            signed = survey.survey_vectors(table, name, zero_open=True)
            assert signed is not None  # noqa: S101  the lengths are the same
            return detect_vectors(table, name, signed, wish, zero_open=True)
        if matrix is not None and (fixed or not _are_tags(matrix, wish)):
            # The rows of an array are never sets: what is no vector is a class for each of several questions.
            answers = fixed and matrix.whole == matrix.labelled > matrix.zero_one
            outputs = survey.survey_positions(table, name, len(matrix.names)) if answers else ()
            return detect_vectors(table, name, matrix, wish, outputs)
    facts, known = survey.survey_tags(table, name), table[name].classes
    if wish.classes is None and known is not None and facts.rows.keys() <= set(known):
        wish = replace(wish, classes=known)
    declared = table.declared
    if (
        not wish.fixes
        and declared is not None
        and (declared.columns, declared.encoding) == ((name,), Encoding.TAG_LISTS)
    ):
        wish = replace(wish, encoding=Encoding.TAG_LISTS)
    return detect_tag_lists(name, facts, wish)


def _are_tags(matrix: MatrixFacts, wish: Wish) -> bool:
    """Whether number lists of one length are indices of labels: whole numbers that are neither 0/1 nor votes."""
    if wish.fixes or matrix.labelled == 0 or matrix.whole < matrix.labelled:
        return False
    return bool(matrix.zero_one < matrix.labelled and matrix.low_total != matrix.high_total)


def _plain(table: Table, name: str, wish: Wish) -> Detection:
    facts = survey.survey_column(table, name)
    size = None if wish.encoding is Encoding.TAG_LISTS else Traits(facts).vector_size
    if size is not None and size > 1:
        matrix = survey.survey_written_vectors(table, name, size)
        if not _are_tags(matrix, wish):
            return detect_vectors(table, name, matrix, wish)
    return detect_column(facts, wish, table.path)


def named_as_declared(found: Detection, table: Table) -> Detection:
    """Return a reading of two values such as false and true with the class names that the file declares for them."""
    declared = table.declared
    two = {Encoding.BOOLEANS, Encoding.PLUS_MINUS_ONE}
    if declared is None or found.task.encoding not in two or found.task.encoding != declared.encoding:
        return found
    if declared.columns != found.columns or len(declared.classes) != 2 or declared.positive is None:
        return found
    task = replace(found.task, classes=declared.classes, positive=declared.positive)
    # The second of false and true, and of -1 and 1, stands for the positive class.
    negative = next(name for name in declared.classes if name != declared.positive)
    held = dict(zip((negative, declared.positive), found.counts, strict=True))
    counts = tuple(replace(held[name], name=name) for name in declared.classes)
    said = f"{found.counts[0].name} stands for {negative!r}, {found.counts[1].name} for {declared.positive!r}"
    return replace(found, task=task, counts=counts, evidence=(*found.evidence, said))
