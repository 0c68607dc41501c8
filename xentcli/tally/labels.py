"""Label plans: how the label columns of a prediction file become class indices, a 0/1 matrix or probabilities.

Floor 4. Decides the kind of task, the class order and the coder, each with its reason; reads label columns, never
scores.

Signed labels: whether -1 says no in label columns of -1, 0 and 1, so that 0 leaves a label open, as in PASCAL VOC.
One pass over the label columns, asked only where they hold more than 0 and 1.
"""

import numpy as np
import pyarrow as pa

from xentcli.arrays import Mask
from xentcli.errors import ColumnError, InputError, Place, UsageError
from xentcli.files.arrays import floats, is_list, lists
from xentcli.files.plain import is_text
from xentcli.files.table import ReadAs, Table
from xentcli.files.text.numbers import number
from xentcli.options.table import USUAL_OBJECTIVE, Objective
from xentcli.phrases import counted, there, verb
from xentcli.record import Record, replace
from xentcli.task import names
from xentcli.task.coding import Coder, HotCoder, ScalarCoder, TagCoder
from xentcli.task.matching import Matched, binary_classes, listed, match_classes, refuse_repeated, scalar_encoding, told
from xentcli.task.positive import positive_class
from xentcli.task.roles import Roles
from xentcli.task.soft_targets import SoftCoder, are_shares, read_targets, speaks_of_quantity
from xentcli.task.tags import separator_among
from xentcli.task.values import as_text, integer_of, label_values
from xentcli.task.vocabulary import SHARE_NAMES, TARGET_NAMES
from xentcli.terms import Encoding, Kind, Scale

ZERO_OPEN = "-1 fills most cells: it says no, and 0 leaves a label open; rows with such a label are not scored"


def minus_fills(table: Table, columns: tuple[str, ...]) -> bool:
    """Return whether -1 stands in more than half of all cells, as `inspect` asks before it reads 0 as open."""
    kinds = [table[name].type for name in columns]
    if any(is_list(kind) or (is_text(kind) and not table.format.is_text) for kind in kinds):
        return False
    minus = cells = 0
    for batch in table.batches(dict.fromkeys(columns, ReadAs.NUMBER)):
        for name, array in zip(batch.schema.names, batch.columns, strict=True):
            minus += int(np.count_nonzero(floats(array, name) == -1.0))
            cells += len(array)
    return 2 * minus > cells


def soft_block(
    table: Table, roles: Roles, kind: Kind | None, classes: tuple[str, ...]
) -> tuple[Kind, Coder, Matched] | None:
    """Plan for a column of target probabilities per class (label), or a list column; None if they hold none."""
    reading = read_targets(table, roles.labels, kind)
    if reading is None:
        return None
    several = reading.encoding is Encoding.LABEL_PROBABILITIES
    if kind is Kind.BINARY and len(classes) != 2:
        raise UsageError(f"binary takes two columns of target probabilities, there are {len(classes)}", option="task")
    index = {name: at for at, name in enumerate(classes)}
    found = Kind.MULTILABEL if several else Kind.BINARY if len(classes) == 2 else Kind.MULTICLASS
    coder = SoftCoder(roles.labels, len(classes), reading)
    return found, coder, Matched(classes, index, reading.encoding, reading.reasons)


def soft_single(
    roles: Roles, kind: Kind | None, given: tuple[str, ...] | None, size: int
) -> tuple[Kind, Coder, Matched] | None:
    """Plan for one column that holds the share of one of two classes; None if it holds labels."""
    values = roles.values
    if values is None or size > 2 or kind not in {None, Kind.BINARY}:
        return None
    if not values.shares and (not are_shares(values) or set(values.counts) <= set(given or ())):
        return None
    column = roles.labels[0]
    named = names.named_like(TARGET_NAMES + SHARE_NAMES, [column])
    if not named and kind is None and speaks_of_quantity(column):
        return None
    classes = given if given is not None and len(given) == 2 else _two_classes(roles)
    index = {name: at for at, name in enumerate(classes)}
    reasons = (
        f"soft targets: {column} holds the share of class {classes[1]}, the other class has the rest",
        "accuracy counts the most probable class of a row as its class",
    )
    return Kind.BINARY, SoftCoder((column,), 2, None), Matched(classes, index, Encoding.CLASS_PROBABILITIES, reasons)


def _two_classes(roles: Roles) -> tuple[str, ...]:
    """Return the names of two classes as the score columns tell them; the last, the positive one, has the share."""
    if roles.names is not None and len(roles.names) == 2:
        first, second = roles.names
        return (first, second) if positive_class(roles.names, None).index else (second, first)
    plain = names.named_like(TARGET_NAMES, [roles.labels[0]])
    if roles.names is not None and not plain and roles.names[0].casefold() in roles.labels[0].casefold():
        name = roles.names[0]
        return ("0", "1") if integer_of(name) is not None else (f"not {name}", name)
    return ("0", "1")


class Choices(Record):
    """What the caller decides about the task; None leaves it to the data."""

    classes: tuple[str, ...] | None = None
    positive: str | None = None
    kind: Kind | None = None
    scale: Scale | None = None
    objective: Objective = USUAL_OBJECTIVE
    slicings: tuple[tuple[str, ...], ...] = ()
    worst: int = 0


def _score_names(roles: Roles, choices: Choices, size: int) -> tuple[str, ...] | None:
    """Return the class names in the order of the scores, as given or as the columns are named."""
    if choices.classes is None:
        return roles.names or roles.order
    if len(choices.classes) != size:
        columns = f"in {roles.scores[0]}" if len(roles.scores) == 1 else f"({listed(roles.scores)})"
        raise UsageError(
            f"names {told(choices.classes, 'class')}, {there(size, 'score')} {columns}",
            option="classes",
            help="name a class for each score, in the order of the scores",
        )
    refuse_repeated(choices.classes)
    return choices.classes


def single_labels(table: Table, roles: Roles, choices: Choices, size: int) -> tuple[Kind, Coder, Matched]:
    """Plan for one scalar label column."""
    values = roles.values
    assert values is not None  # noqa: S101  the caller asked
    column = roles.labels[0]
    soft = soft_single(roles, choices.kind, choices.classes, size)
    if soft is not None:
        return soft
    if values.shares:  # fractions that are class names after all
        return single_labels(table, replace(roles, values=label_values(table, column)), choices, size)
    if not values.counts:
        raise InputError("holds no label: every cell is empty", place=Place(table.path, column=column))
    if size == 1:
        if choices.kind not in {None, Kind.BINARY}:
            raise UsageError(f"{choices.kind.value} needs a score per class, there is one score column", option="task")
        return _single_score(table, roles, choices)
    given = _score_names(roles, choices, size)
    separator = _tag_separator(roles, given, choices.kind, size)
    if separator is not None:
        classes = given or tuple(str(at) for at in range(size))
        index = {name: at for at, name in enumerate(classes)}
        reason = f"tags in one cell, separated by {separator!r}"
        matched = Matched(classes, index, Encoding.TAG_LISTS, (reason, "a blank cell is a row without tags"))
        return Kind.MULTILABEL, TagCoder(column, index, size, separator), matched
    if choices.kind is Kind.MULTILABEL:
        raise UsageError("multilabel needs a 0/1 column per label, or cells that hold several tags", option="task")
    if choices.kind is Kind.BINARY and size != 2:
        raise UsageError(f"binary takes one or two score columns, there are {size}", option="task")
    matched = match_classes(values, given, size, table[column].classes)
    return _kind_of(size), ScalarCoder(column, matched.index, values.ignored), matched


def _kind_of(size: int) -> Kind:
    return Kind.BINARY if size == 2 else Kind.MULTICLASS


def _single_score(table: Table, roles: Roles, choices: Choices) -> tuple[Kind, Coder, Matched]:
    values = roles.values
    assert values is not None  # noqa: S101  the caller asked
    column = roles.labels[0]
    metadata = table[column].classes
    given = choices.classes or (metadata if metadata is not None and len(metadata) == 2 else None)
    classes = binary_classes(values, given)
    if given is not None:
        matched = match_classes(values, given, 2, None)
    else:
        index = {text: classes.index(_among(classes, text)) for text in values.counts}
        matched = Matched(classes, index, scalar_encoding(values, 2), ())
    return Kind.BINARY, ScalarCoder(column, matched.index, values.ignored), matched


def _among(classes: tuple[str, ...], text: str) -> str:
    """Return the class that a label names: itself, or as the names of a class that stands alone are written."""
    whole = integer_of(text)
    return text if text in classes else text.strip().casefold() if whole is None else str(whole)


def _tag_separator(roles: Roles, given: tuple[str, ...] | None, kind: Kind | None, size: int) -> str | None:
    """Return what separates tags if cells hold several class names, None if each holds one."""
    values = roles.values
    if values is None or kind not in {None, Kind.MULTILABEL}:
        return None
    known = set(given) if given is not None else {str(at) for at in range(size)}
    if kind is None and all(text in known for text in values.counts):
        return None
    return separator_among(values.counts, known)


def several_labels(table: Table, roles: Roles, choices: Choices, size: int) -> tuple[Kind, Coder, Matched]:
    """Plan for a column per label, or one list column."""
    first = roles.labels[0]
    given = _score_names(roles, choices, size)
    if given is None and len(roles.labels) == size > 1:
        from xentcli.task.blocks import strip_common  # noqa: PLC0415  only for label columns beside a list

        given = strip_common(roles.labels)
    classes = given or tuple(str(at) for at in range(size))
    if len(roles.labels) > 1 and len(roles.labels) != size:
        raise InputError(
            f"{len(roles.labels)} label columns for {size} scores",
            place=Place(table.path),
            help="name as many --label columns as there are score columns, in their order",
        )
    if len(roles.labels) == 1 and not _is_hot(table, first, size):
        index = _tag_index(table, first, classes)
        matched = Matched(classes, index, Encoding.TAG_LISTS, ("each cell lists the tags of its row",))
        return Kind.MULTILABEL, TagCoder(first, index, size, None), matched
    coder, found = _hot_coder(table, roles.labels, size)
    if isinstance(found, InputError):
        soft = soft_block(table, roles, choices.kind, classes)
        if soft is None:
            raise found
        return soft
    several, said = found[1], _said(coder)
    index = {name: at for at, name in enumerate(classes)}
    if choices.kind is Kind.MULTILABEL or (choices.kind is None and several):
        reason = "multi-label: as given" if choices.kind else "multi-label: rows hold none or several 1s"
        return Kind.MULTILABEL, coder, Matched(classes, index, Encoding.MULTI_HOT, (reason, *said))
    if several:
        raise UsageError(
            f"{choices.kind.value if choices.kind else 'multiclass'} needs one label a row,"
            f" {counted(several, 'row')} {verb(several, 'hold')} none or several",
            option="task",
        )
    reason = "one-hot: every labelled row holds exactly one 1 (--task multilabel overrides)"
    matched = Matched(classes, index, Encoding.ONE_HOT, (reason, *said))
    single = HotCoder(roles.labels, size, one_hot=True, words=coder.words, signs=coder.signs, zero_open=coder.zero_open)
    return _kind_of(size), single, matched


def _said(coder: HotCoder) -> tuple[str, ...]:
    """Return how cells of -1 are read, where there are any."""
    if coder.zero_open:
        return (ZERO_OPEN,)
    return ("-1 and 1 in every column: -1 says no",) if coder.signs else ()


def _hot_coder(table: Table, labels: tuple[str, ...], size: int) -> tuple[HotCoder, "_Ones | InputError"]:
    """Return what codes 0/1 cells, in numbers, signs or words, and what they hold; or what is wrong with the first.

    Raises:
        InputError: cells are words that say neither yes nor no.
    """
    plain = HotCoder(labels, size, one_hot=False)
    found = _ones(table, plain)
    if isinstance(found, InputError):
        signed = HotCoder(labels, size, one_hot=False, signs=True)
        again = found if len(labels) == 1 else _ones(table, signed)
        if isinstance(again, InputError) and len(labels) > 1 and minus_fills(table, labels):
            signed = HotCoder(labels, size, one_hot=False, signs=True, zero_open=True)
            again = _ones(table, signed)
        return (plain, found) if isinstance(again, InputError) else (signed, again)
    if not (table.format.is_text and found[2] > 0):
        return plain, found
    worded = HotCoder(labels, size, one_hot=False, words=True)
    found = _ones(table, worded)
    if isinstance(found, InputError):
        raise found
    return worded, found


def _is_hot(table: Table, column: str, size: int) -> bool:
    """Whether a list column holds a 0/1 vector a row, and not tags.

    Vectors have one length, or hold nothing but 0 and 1 and one of these twice, which tags never do: then those
    of another length are bad rows.
    """
    kind = table[column].type
    if not is_list(kind):
        return False
    value = kind.value_type
    if not (pa.types.is_integer(value) or pa.types.is_floating(value) or pa.types.is_boolean(value)):
        return False
    if size <= 1:
        raise ColumnError("holds lists, but there is one score a row", place=Place(table.path, column=column))
    regular = binary = True
    repeated = False
    for batch in table.batches({column: ReadAs.NATIVE}):
        cells = lists(batch.column(0))
        present = np.flatnonzero(cells.lengths >= 0 if cells.null is None else ~cells.null)
        lengths = cells.lengths[present]
        regular = regular and bool((lengths == size).all())
        values = floats(cells.values, column)
        binary = binary and bool(((values == 0.0) | (values == 1.0) | np.isnan(values)).all())
        if not regular and not binary:
            return False
        pairs = cells.starts[present[lengths == 2]]
        repeated = repeated or bool((lengths > 2).any() or (values[pairs] == values[pairs + 1]).any())
    return regular or repeated


def _tag_index(table: Table, column: str, classes: tuple[str, ...]) -> dict[str, int]:
    """Return the label index by tag text; integer tags index the classes unless they are named so."""
    exact = {name: at for at, name in enumerate(classes)}
    found: set[str] = set()
    for batch in table.batches({column: ReadAs.NATIVE}):
        found.update(as_text(tag) for cell in batch.column(0).to_pylist() for tag in cell or ())
    if found & set(exact) or not all(integer_of(tag) is not None for tag in found):
        return exact
    return {tag: at for tag in found if 0 <= (at := integer_of(tag) or 0) < len(classes)}


def _of_another_length(batch: pa.RecordBatch, coder: HotCoder) -> Mask:
    """Return which rows hold a list of labels that is longer or shorter than the scores, shape (n,)."""
    if not is_list(batch.column(0).type):
        return np.zeros(batch.num_rows, dtype=np.bool_)
    return np.asarray(lists(batch.column(0)).lengths != coder.size)


def _words_in(batch: pa.RecordBatch, coder: HotCoder, row: int) -> tuple[str, str] | None:
    """Return the first column of a row whose cell is a word, and the cell; None if all are numbers or lists."""
    for name, array in zip(batch.schema.names, batch.columns, strict=True):
        cell = array[row].as_py()
        if isinstance(cell, str) and number(cell.strip()) is None and name in coder.columns:
            return name, cell
    return None


_Ones = tuple[int, int, int]


def _ones(table: Table, coder: HotCoder) -> _Ones | InputError:
    """Return the labelled rows with exactly one 1, those with none or several, and the rows without a label.

    Where cells are neither 0 nor 1, return what there is to say about the first of them.
    """
    one = several = missing = read = 0
    for batch in table.batches(coder.columns):
        coded = coder.code(batch)
        assert coded.hot is not None  # noqa: S101  it was made to give a matrix
        wrong = np.flatnonzero(coded.unseen & ~_of_another_length(batch, coder))
        if len(wrong):
            words = _words_in(batch, coder, int(wrong[0]))
            if words is not None:
                name, cell = words
                return InputError(
                    f"holds {cell!r}, neither 0 nor 1: several label columns mark one label each, or hold its share",
                    place=Place(table.path, row=read + int(wrong[0]) + 1, column=name),
                    help=f"write 0 and 1; or score columns of classes one at a time: --label {name} --scores COLUMN",
                )
            return InputError(
                "hold a cell that is neither 0 nor 1, and the label columns together are no target probabilities",
                place=Place(table.path, row=read + int(wrong[0]) + 1, column=", ".join(coder.names[:3])),
                help="shares lie in [0, 1], votes are whole numbers; or name other label columns with --label",
            )
        ones = np.count_nonzero(coded.hot, axis=0)[~(coded.missing | coded.unseen)]
        one += int(np.count_nonzero(ones == 1))
        several += int(np.count_nonzero(ones != 1))
        missing += int(np.count_nonzero(coded.missing))
        read += batch.num_rows
    return one, several, missing
