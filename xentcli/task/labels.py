"""Labels: which columns of a file are the labels, when nobody says.

Floor 3. By name, by shape, by position; never an id, a file name, free text, a fold or a score. The choice and
its runner-up are said aloud.
"""

import pyarrow as pa

from xentcli.errors import ColumnError, Place, XentError
from xentcli.files.arrays import is_list
from xentcli.files.table import ReadAs, Table
from xentcli.record import replace
from xentcli.task import names
from xentcli.task.blocks import detect_block
from xentcli.task.hypothesis import Wish
from xentcli.task.label_columns import (
    MANY_COLUMNS,
    SAMPLE_ROWS,
    LabelChoice,
    LabelColumns,
    head_of,
    named_block,
    object_block,
    shaped_block,
    whole_block,
)
from xentcli.task.model import Certainty, NotATarget
from xentcli.task.reading.names import label_tier, name_of
from xentcli.task.roles import Wanted
from xentcli.task.values import integer_of

_BY_NAME = 4.0
_BY_HINT = 2.5
_USUAL = 4.5
"""The weight of the names of usual targets, at most; those of labels weigh more."""

_EPOCH = range(500_000_000, 3_000_000_000)
"""Seconds since 1970 from 1985 to 2065."""

_OFTEN = 2
"""Names of this tier and beyond are often labels, and often not."""


def find_labels(table: Table) -> LabelChoice:
    """Return the label columns of a table.

    Raises:
        ColumnError: nothing tells which they are.
    """
    if len(table.names) == 1:
        return LabelChoice((table.names[0],), ())
    if table.declared is not None and table.declared.columns:
        said = f"label columns {', '.join(table.declared.columns[:6])}: {table.declared.where} names them"
        return LabelChoice(table.declared.columns, (said,))
    columns = LabelColumns(table)
    found = (
        _beside_scores(table)
        or _by_name(columns, _BY_NAME)
        or object_block(columns)
        or named_block(columns)
        or whole_block(columns)
        or shaped_block(columns)
        or _by_name(columns, _BY_HINT)
        or _the_only_one(columns)
        or _by_position(columns)
        or _none(columns)
    )
    if found is not None:
        return found
    shown = ", ".join(table.names[:12]) + (", ..." if len(table.names) > 12 else "")
    raise ColumnError(
        "nothing tells which column holds the labels",
        place=Place(table.path),
        details=(f"columns: {shown}",),
        help="name it with --label COLUMN (repeat it for a column per label)",
    )


def _beside_scores(table: Table) -> LabelChoice | None:
    """Return the labels that belong to scores or predicted labels of the same table, as `score` reads them."""
    likely = any(name_of(name).score or name_of(name).predicted for name in table.names)
    if not likely or len(table.names) > MANY_COLUMNS:
        return None
    from xentcli.task.reading.decide import read  # noqa: PLC0415  most label files hold no scores

    try:
        found = read(table, Wanted())
    except XentError:
        return None
    sure = Certainty.CERTAIN if label_tier(found.roles.labels[0]) < _OFTEN else Certainty.LIKELY
    return LabelChoice(found.roles.labels, (found.roles.reasons[0],), sure)


def _by_name(columns: LabelColumns, least: float) -> LabelChoice | None:
    """Return the column whose name says most, if it says enough; what it holds counts as well."""
    named = [(names.weight(name), at, name) for at, name in enumerate(columns.free)]
    named = [one for one in named if one[0] >= _BY_HINT]
    columns.look_at([name for _, _, name in named])
    weighed = [(weight + _shape(columns, name) + 0.001 * at, name) for weight, at, name in named]
    weighed.sort(reverse=True)
    if not weighed or weighed[0][0] < least:
        return None
    best = weighed[0][1]
    block = _block_of(columns, best)
    if block is not None:
        return block
    rivals = [name for weight, name in weighed[1:] if weight >= least]
    sure = Certainty.CERTAIN if least == _BY_NAME else Certainty.LIKELY
    if not rivals:
        return LabelChoice((best,), (f"label column {best}: by its name",), sure)
    said = f"{rivals[0]} could be meant too (--label {rivals[0]})"
    if _are_twins(columns, best, rivals[0]):
        said = f"{rivals[0]} gives the same answer in other words (--label {rivals[0]})"
    return LabelChoice((best,), (f"label column {best}: by its name; {said}",), sure)


def _block_of(columns: LabelColumns, name: str) -> LabelChoice | None:
    """Return the 0/1 columns that a column leads, where its name is that of a usual target and no word for labels.

    `toxic` before `obscene` and `threat` is one label of several; `stroke` behind 0/1 features is the label.
    """
    if names.weight(name) > _USUAL:
        return None
    block = shaped_block(columns)
    if block is None or name not in block.columns[:-1] or not columns.is_bits(name):
        return None
    return replace(block, because=(f"{block.because[0]}; {name} alone could be meant too (--label {name})",))


def _shape(columns: LabelColumns, name: str) -> float:
    """Return what a column's cells take from its name."""
    what = columns.is_what(name)
    if what is NotATarget.CONTINUOUS:
        return -0.5 if names.weight(name) > 5.5 and not _is_coordinate(columns, name) else -2.5
    if what in {NotATarget.IDENTIFIER, NotATarget.TEXT, NotATarget.DATE, NotATarget.EMPTY}:
        return -1.0 if names.weight(name) > 5.5 else -3.0
    return -1.0 if what is NotATarget.SINGLE_CLASS else 0.0


def _is_coordinate(columns: LabelColumns, name: str) -> bool:
    """Whether a column y stands beside an x of measurements."""
    partner = {names.normal(one): one for one in columns.free}.get("x")
    return names.normal(name) == "y" and partner is not None and not columns.holds_classes(partner)


def _are_twins(columns: LabelColumns, one: str, other: str) -> bool:
    """Whether two columns say the same in other words, such as a name and its index."""
    if columns.reading(one) is None or columns.reading(other) is None:
        return False
    pairs: set[tuple[object, object]] = set()
    rows = 0
    for batch in columns.table.batches(dict.fromkeys((one, other), ReadAs.NATIVE)):
        pairs.update(zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True))
        rows += batch.num_rows
        if rows >= SAMPLE_ROWS:
            break
    lefts, rights = {left for left, _ in pairs}, {right for _, right in pairs}
    return 1 < len(pairs) == len(lefts) == len(rights) < rows


def _the_only_one(columns: LabelColumns) -> LabelChoice | None:
    """Return the one column beside ids, or the only one that holds lists."""
    listed = [name for name in columns.free if is_list(columns.table[name].type)]
    fractions = listed and pa.types.is_floating(columns.table[listed[0]].type.value_type)
    if len(listed) == 1 and not (fractions and any(columns.holds_classes(name) for name in _plain(columns))):
        return LabelChoice((listed[0],), (f"label column {listed[0]}: the only one that holds lists",))
    if len(columns.usable) == 1:
        return LabelChoice((columns.usable[0],), (f"label column {columns.usable[0]}: the only one beside ids",))
    return None


def _plain(columns: LabelColumns) -> list[str]:
    return [name for name in columns.usable if name in columns.plain]


def _by_position(columns: LabelColumns) -> LabelChoice | None:
    """Return the last column, or the first, whichever holds classes; the other is the runner-up."""
    held = [name for name in columns.usable if columns.reading(name) is not None and columns.holds_classes(name)]
    if _is_log(columns):
        held = [name for name in held if name not in {columns.table.names[0], columns.table.names[-1]}]
    ends = [name for name in (columns.usable[-1], columns.usable[0]) if name in held]
    if not ends:
        return None
    where = "last" if ends[0] == columns.usable[-1] else "first"
    others = [name for name in held if name != ends[0]]
    also = f"; so does {others[-1]} (--label {others[-1]})" if others else " (--label overrides)"
    sentence = f"label column {ends[0]}: no name tells, but the {where} column holds classes{also}"
    return LabelChoice((ends[0],), (sentence,), Certainty.GUESS)


def _is_log(columns: LabelColumns) -> bool:
    """Whether a table without names ends in times in seconds, as a log does whose first column says who acted."""
    last = columns.table.names[-1]
    found = columns.reading(last) if last in columns.plain else None
    values = [] if found is None else [integer_of(text) for text in found.seen.values]
    unnamed = all(name == f"f{at}" for at, name in enumerate(columns.table.names))
    return unnamed and len(values) > 1 and all(value is not None and value in _EPOCH for value in values)


def _none(columns: LabelColumns) -> LabelChoice | None:
    """Return all columns beside ids if not one of them holds classes."""
    if any(columns.holds_classes(name) for name in columns.usable) or len(columns.usable) > MANY_COLUMNS:
        return None
    if _is_log(columns):
        return None
    if len(columns.usable) > 1 and detect_block(head_of(columns.table), tuple(columns.usable), Wish()).task.kind:
        return None
    return LabelChoice(tuple(columns.usable), ("no column holds classes",), Certainty.LIKELY)
