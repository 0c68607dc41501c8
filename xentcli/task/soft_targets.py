"""Soft targets: whether label columns hold probabilities instead of classes, and how their cells become such.

Floor 3. Decided once for the whole table, by the facts that `inspect` reads of the same columns, so that both call the
same columns shares, votes or a share per label. 0/1 labels never get here.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from xentcli.arrays import AnyFloats, Floats, Mask
from xentcli.errors import Place, UsageError
from xentcli.files.arrays import floats, is_list, lists, nulls
from xentcli.files.plain import is_text
from xentcli.files.table import ReadAs, Table
from xentcli.phrases import counted, verb
from xentcli.record import Record
from xentcli.task import names
from xentcli.task.coding import Coded
from xentcli.task.first_rows import first_rows
from xentcli.task.rounding import SUM_TOLERANCE
from xentcli.task.values import LabelValues, integer_of
from xentcli.task.vocabulary import NUMBER_WORDS
from xentcli.terms import Encoding, Kind

if TYPE_CHECKING:
    from xentcli.task.matrix_facts import MatrixFacts


ENOUGH = 0.99
"""The share of rows that must fit a reading; the others are bad rows."""


class SoftReading(Record):
    """What target probabilities are.

    Attributes:
        encoding: a distribution a row, or a share per label.
        votes: whether rows are divided by their totals, whatever these are.
        reasons: sentences that say so.
    """

    encoding: Encoding
    votes: bool
    reasons: tuple[str, ...]


def read_targets(table: Table, columns: tuple[str, ...], kind: Kind | None) -> SoftReading | None:
    """Return what label columns that are not all 0/1 hold, None if they are no probabilities.

    Args:
        table: where they are.
        columns: a column per class or label, or one list column.
        kind: the kind of task that the caller fixes.

    Raises:
        UsageError: a share per label is wanted of rows that leave [0, 1].
    """
    facts = None if _worded(table, columns) else _facts(table, columns)
    if facts is None or facts.labelled == 0:
        return None
    several = kind is Kind.MULTILABEL
    reading = None if several else _distribution(facts, forced=kind is not None)
    if reading is not None:
        return reading
    if facts.in_unit >= ENOUGH * facts.labelled and facts.in_unit > facts.zero_one:
        inside = f"{facts.in_unit:,} of {counted(facts.labelled, 'row')}"
        return SoftReading(
            Encoding.LABEL_PROBABILITIES,
            votes=False,
            reasons=(
                f"soft labels: {inside} {verb(facts.labelled, 'lie')} in [0, 1], a share per label",
                "rates per label count a share above 0.5 as having the label",
            ),
        )
    if several and facts.positive >= ENOUGH * facts.labelled and facts.in_unit > facts.zero_one:
        outside = facts.labelled - facts.in_unit
        raise UsageError(
            f"{counted(outside, 'row')} of the targets {verb(outside, 'leave')} [0, 1]",
            place=Place(table.path, column=", ".join(columns[:3])),
            help="a share per label lies in [0, 1]",
        )
    return None


def _worded(table: Table, columns: tuple[str, ...]) -> bool:
    """Whether some of the columns hold text that is not to be had as numbers, as in formats that type their cells."""
    first = next(iter(first_rows(table, dict.fromkeys(columns, ReadAs.NUMBER))), None)
    return first is not None and any(is_text(array.type) for array in first.columns)


def _facts(table: Table, columns: tuple[str, ...]) -> "MatrixFacts | None":
    from xentcli.task import survey  # noqa: PLC0415  hard labels do not get here

    if len(columns) == 1 and is_list(table[columns[0]].type):
        return survey.survey_vectors(table, columns[0])
    return survey.survey_rows(table, columns, None, float("nan"))


def _distribution(facts: "MatrixFacts", *, forced: bool) -> SoftReading | None:
    """Return the reading as one distribution a row, None if the sums speak against it."""
    winner = "accuracy counts the most probable class of a row as its class"
    if facts.unit_sum >= ENOUGH * facts.labelled and facts.in_unit > facts.zero_one:
        said = f"soft targets: {facts.sums_said}, a distribution over the classes"
        return SoftReading(Encoding.CLASS_PROBABILITIES, votes=False, reasons=(said, winner))
    from xentcli.task.block_hypotheses import BlockTraits  # noqa: PLC0415  likewise

    traits = BlockTraits(facts)
    if facts.in_unit < ENOUGH * facts.labelled and (traits.votes or traits.constant_total):
        said = f"soft targets: {traits.totals_said}, which are divided by their total"
        return SoftReading(Encoding.CLASS_PROBABILITIES, votes=True, reasons=(said, winner))
    if forced and facts.positive >= ENOUGH * facts.labelled and facts.zero_one < facts.labelled:
        said = (
            f"soft targets: one distribution a row as given, though only {facts.sums_said}; each is divided by its sum"
        )
        return SoftReading(Encoding.CLASS_PROBABILITIES, votes=True, reasons=(said, winner))
    return None


def share_column(table: Table, column: str) -> bool:
    """Return whether a column's first rows are numbers in [0, 1], but for one in a hundred, and not all 0 or 1.

    Only fractions can tell; that all rows lie in [0, 1] is checked by the pass.
    """
    import pyarrow as pa  # noqa: PLC0415  only types are asked for

    kind = table[column].type
    text = table.format.is_text and (pa.types.is_string(kind) or pa.types.is_large_string(kind))
    if not (text or pa.types.is_floating(kind)):
        return False
    held = inside = between = 0
    for batch in first_rows(table, {column: ReadAs.NUMBER}):
        empty = nulls(batch.column(0))
        values = floats(batch.column(0), column)
        values = values if empty is None else values[~empty]
        held += len(values)
        inside += int(((values >= 0) & (values <= 1)).sum())
        between += int(((values > 0) & (values < 1)).sum())
    return between > 0 and inside >= ENOUGH * held


def are_shares(values: LabelValues) -> bool:
    """Return whether the distinct values of a column are numbers in [0, 1], and fractions among them."""
    from xentcli.task.column_facts import number_of  # noqa: PLC0415  only for labels beside one or two scores

    numbers = [number_of(text) for text in values.counts]
    held = [one for one in numbers if one is not None]
    inside = len(held) == len(numbers) > 0 and all(0.0 <= one <= 1.0 for one in held)
    return inside and any(integer_of(text) is None for text in values.counts)


def speaks_of_quantity(column: str) -> bool:
    """Return whether a column's name speaks of a quantity such as a price, and not of a label."""
    return bool(names.pieces(column) & (NUMBER_WORDS - {"score", "scores"}))


EXPLICIT_LIMIT = 200
"""Up to so many classes a row's sum is taken class by class, so that it is the same however a file lays them out."""


class SoftCoder:
    """Target probabilities: a column per class or label, one list column, or the share of one of two classes."""

    def __init__(self, columns: tuple[str, ...], size: int, reading: SoftReading | None) -> None:
        """Keep the columns; `reading` is None for one plain column, the share of the second of two classes."""
        self.names = columns
        self.size = size
        self.reading = reading

    @property
    def columns(self) -> Mapping[str, ReadAs]:
        """The label columns, read as numbers."""
        return dict.fromkeys(self.names, ReadAs.NUMBER)

    def code(self, batch: pa.RecordBatch) -> Coded:
        """Return the targets of each row, with its most probable class or the labels of a share above 0.5."""
        arrays = [batch.column(batch.schema.get_field_index(name)) for name in self.names]
        targets: AnyFloats
        if self.reading is None:
            targets, missing, wrong = _complemented(arrays[0], self.names[0])
        elif len(arrays) == 1 and is_list(arrays[0].type):
            targets, missing, wrong = _from_lists(arrays[0], self.size, self.names[0])
        else:
            targets, missing, wrong = _from_columns(arrays, self.names)
        return self._coded(targets, missing, wrong)

    def _coded(self, targets: AnyFloats, missing: Mask, wrong: Mask) -> Coded:
        none = np.zeros(len(missing), dtype=np.bool_)
        with np.errstate(invalid="ignore", over="ignore"):
            if self.reading is None:
                bad = wrong | ~((targets >= 0) & (targets <= 1)).all(axis=0)
                return Coded(targets.argmax(axis=0), None, missing, none, targets, np.ones(len(none)), bad & ~missing)
            low, high = targets.min(axis=0), targets.max(axis=0)
            if self.reading.encoding is Encoding.LABEL_PROBABILITIES:
                bad = wrong | ~((low >= 0) & (high <= 1))
                return Coded(None, targets > 0.5, missing, none, targets, np.ones(len(none)), bad & ~missing)
            total = _totals(targets)
            bad = wrong | ~((low >= 0) & (total > 0) & np.isfinite(total))
            if not self.reading.votes:
                bad |= high > 1.0 + SUM_TOLERANCE
            off = np.asarray(self.reading.votes) | (np.abs(total - 1.0) > SUM_TOLERANCE)
        divisor = np.where(off & ~bad & ~missing, total, 1.0)
        return Coded(targets.argmax(axis=0), None, missing, none, targets, divisor, bad & ~missing)


def _totals(targets: AnyFloats) -> Floats:
    """Return the sum of each row, shape (n,)."""
    if len(targets) > EXPLICIT_LIMIT:
        wide: Floats = np.ascontiguousarray(targets.T, dtype=np.float64).sum(axis=1)
        return wide
    total = np.zeros(targets.shape[1])
    for one in targets:
        total += one
    return total


def _number(array: pa.Array, column: str) -> tuple[AnyFloats, Mask | None]:
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        array = array.cast(pa.float64())
    return floats(array, column), nulls(array)


def _complemented(array: pa.Array, column: str) -> tuple[Floats, Mask, Mask]:
    values, empty = _number(array, column)
    share = values.astype(np.float64)
    none = np.zeros(len(share), dtype=np.bool_)
    return np.stack([1.0 - share, share]), none if empty is None else empty, none


def _from_columns(arrays: list[pa.Array], columns: tuple[str, ...]) -> tuple[Floats, Mask, Mask]:
    count = len(arrays[0])
    targets = np.empty((len(arrays), count))
    missing = np.zeros(count, dtype=np.bool_)
    for row, (array, column) in enumerate(zip(arrays, columns, strict=True)):
        values, empty = _number(array, column)
        targets[row] = values
        if empty is not None:
            missing |= empty
    return targets, missing, np.zeros(count, dtype=np.bool_)


def _from_lists(array: pa.Array, size: int, column: str) -> tuple[AnyFloats, Mask, Mask]:
    cells = lists(array)
    values = floats(cells.values, column)
    element = nulls(cells.values)
    missing = np.zeros(len(array), dtype=np.bool_) if cells.null is None else cells.null.copy()
    wrong = ~missing & (cells.lengths != size)
    if cells.null is None and not wrong.any() and len(array):
        first = int(cells.starts[0])
        stop = first + size * len(array)
        if element is not None:
            missing |= element[first:stop].reshape(-1, size).any(axis=1)
        return values[first:stop].reshape(-1, size).T, missing, wrong
    good = np.flatnonzero(~missing & ~wrong)
    at = cells.starts[good][:, None] + np.arange(size)
    matrix = np.full((len(array), size), np.nan, dtype=values.dtype)
    matrix[good] = values[at]
    if element is not None:
        missing[good] |= element[at].any(axis=1)
    return matrix.T, missing, wrong
