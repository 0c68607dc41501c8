"""Survey: facts of label columns, gathered before anything is decided.

Floor 3. Reads a table and counts: values of plain columns, rows of blocks of numbers, tags of lists. `detect`
decides from the facts and never sees data. Facts of parts of a table merge into the facts of the whole.
"""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.arrays import Floats
from xentcli.files.arrays import floats, is_list, lists, nulls, view
from xentcli.files.table import ReadAs, Table
from xentcli.record import Record, replace
from xentcli.task.column_facts import ColumnFacts, number_of
from xentcli.task.matrix_facts import MatrixFacts
from xentcli.task.tags import TagFacts, bracketed
from xentcli.task.vocabulary import BOOLEANS

_AS_NUMBERS = dict(zip(BOOLEANS, (0.0, 1.0), strict=True))

Meaning = Mapping[str, float]
"""The number that each text of a column stands for."""


def survey_column(table: Table, name: str) -> ColumnFacts:
    """Return the facts of one column of plain cells."""
    return survey_columns(table, (name,))[name]


def survey_columns(table: Table, names: Iterable[str]) -> dict[str, ColumnFacts]:
    """Return the facts of several columns of plain cells, in one pass."""
    wanted = tuple(names)
    facts = {name: empty_facts(table, name) for name in wanted}
    for batch in table.batches(dict.fromkeys(wanted, ReadAs.NATIVE)):
        for name, array in zip(wanted, batch.columns, strict=True):
            facts[name].add(array)
    return facts


def empty_facts(table: Table, name: str) -> ColumnFacts:
    """Return the facts of no rows of a column."""
    column = table[name]
    return ColumnFacts(
        name,
        booleans=pa.types.is_boolean(column.type),
        dates=pa.types.is_temporal(column.type),
        typed=is_number(column.type),
        classes=column.classes,
        dictionary=pa.types.is_dictionary(column.type),
    )


def survey_block(table: Table, names: tuple[str, ...]) -> tuple[dict[str, ColumnFacts], MatrixFacts | None]:
    """Return the facts of several columns, each by itself and, if the file types them all as numbers, together."""
    if not all(is_number(table[name].type) or pa.types.is_boolean(table[name].type) for name in names):
        return survey_columns(table, names), None
    columns = {name: empty_facts(table, name) for name in names}
    block = MatrixFacts(names)
    for batch in table.batches(dict.fromkeys(names, ReadAs.NATIVE)):
        for name, array in zip(names, batch.columns, strict=True):
            columns[name].add(array)
        block.add(_matrix(batch, names))
    return columns, block


def survey_rows(
    table: Table, names: tuple[str, ...], meanings: Mapping[str, Meaning] | None, blank: float
) -> MatrixFacts:
    """Return the facts of several columns as one block of numbers.

    Args:
        table: where they are.
        names: the columns.
        meanings: by column, the number that each of its texts stands for; None where the cells are numbers.
        blank: the number that an empty cell stands for; NaN for none.
    """
    facts = MatrixFacts(names)
    read = ReadAs.NUMBER if meanings is None else ReadAs.NATIVE
    for batch in table.batches(dict.fromkeys(names, read)):
        if meanings is None:
            facts.add(_matrix(batch, names))
        else:
            columns = [_meant(array, meanings[name], blank) for name, array in zip(names, batch.columns, strict=True)]
            facts.add(np.stack(columns, axis=1))
    return facts


def _matrix(batch: pa.RecordBatch, names: tuple[str, ...]) -> Floats:
    return np.stack(
        [_numbers(array, name) for name, array in zip(names, batch.columns, strict=True)], axis=1, dtype=np.float64
    )


def _numbers(array: pa.Array, name: str) -> Floats:
    values = floats(array, name).astype(np.float64)
    empty = nulls(array)
    return values if empty is None else np.where(empty, np.nan, values)


def _meant(array: pa.Array, meaning: Meaning, blank: float) -> Floats:
    """Return the numbers that the cells of an array stand for, shape (n,)."""
    from xentcli.task.values import as_text  # noqa: PLC0415  keeps the names above few

    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    table = np.array([*(blank if text is None else meaning.get(as_text(text), np.nan) for text in texts), blank])
    at = view(encoded.indices).astype(np.intp)
    empty = nulls(encoded.indices)
    return table[at if empty is None else np.where(empty, len(texts), at)]


def survey_vectors(table: Table, name: str, *, zero_open: bool = False) -> MatrixFacts | None:
    """Return the facts of a column of number lists of one length; None if their lengths differ, or are 0.

    With `zero_open`, -1 says no and 0 leaves a label open.
    """
    facts: MatrixFacts | None = None
    waiting = 0
    for batch in table.batches({name: ReadAs.NATIVE}):
        cells = lists(batch.column(0))
        held = np.arange(len(cells.lengths)) if cells.null is None else np.flatnonzero(~cells.null)
        lengths = np.unique(cells.lengths[held])
        if len(lengths) == 0:
            waiting += batch.num_rows
            continue
        size = int(lengths[0])
        if len(lengths) > 1 or size == 0 or (facts is not None and size != len(facts.names)):
            return None
        if facts is None:
            facts = MatrixFacts(tuple(str(at) for at in range(size)))
            facts.add(np.full((waiting, size), np.nan))
        for start in range(0, batch.num_rows, _rows_at_once(size)):
            matrix = _vectors(batch.column(0).slice(start, _rows_at_once(size)), name, size)
            facts.add(without_signs(matrix, zero_open=True) if zero_open else matrix)
    return facts


def _rows_at_once(size: int) -> int:
    return max(1, (1 << 18) // size)


def _vectors(array: pa.Array, name: str, size: int) -> Floats:
    cells = lists(array)
    matrix = np.full((len(array), size), np.nan)
    held = np.arange(len(array)) if cells.null is None else np.flatnonzero(~cells.null)
    matrix[held] = _numbers(cells.values, name)[cells.starts[held][:, None] + np.arange(size)]
    return matrix


def without_signs(values: Floats, *, zero_open: bool) -> Floats:
    """Return cells of which -1 says no as 0 and 1; with `zero_open`, those that were 0 as NaN."""
    if zero_open:
        values = np.where(values == 0.0, np.nan, values)
    return np.where(values == -1.0, 0.0, values)


MANY_POSITIONS = 100
"""Wider arrays are vectors, not answers to so many questions."""


def survey_positions(table: Table, name: str, size: int) -> tuple[ColumnFacts, ...]:
    """Return the facts of each position of a column of whole-number lists of one length; none if there are many."""
    if not 1 < size <= MANY_POSITIONS:
        return ()
    facts = tuple(ColumnFacts(f"{name}[{at}]", typed=True) for at in range(size))
    for batch in table.batches({name: ReadAs.NATIVE}):
        for start in range(0, batch.num_rows, _rows_at_once(size)):
            matrix = _vectors(batch.column(0).slice(start, _rows_at_once(size)), name, size)
            for at, one in enumerate(facts):
                one.add(pa.array(matrix[:, at]))
    return facts


def survey_written_vectors(table: Table, name: str, size: int) -> MatrixFacts:
    """Return the facts of a text column whose cells are written lists of numbers such as `[0, 1, 0]`."""
    facts = MatrixFacts(tuple(str(at) for at in range(size)))
    known: dict[str | None, npt.NDArray[np.float64]] = {None: np.full(size, np.nan)}
    for batch in table.batches({name: ReadAs.NATIVE}):
        cells = batch.column(0).to_pylist()
        for cell in set(cells) - known.keys():
            known[cell] = np.array(written_vector(cell) or [np.nan] * size)
        for start in range(0, len(cells), _rows_at_once(size)):
            facts.add(np.stack([known[cell] for cell in cells[start : start + _rows_at_once(size)]]))
        if len(known) > 1 << 16:
            known = {None: known[None]}
    return facts


def written_vector(cell: str) -> list[float] | None:
    """Return the numbers of a written list, None if it holds anything else."""
    items = bracketed(cell.strip())
    if not items:
        return None
    numbers = [_AS_NUMBERS.get(item, number_of(item)) for item in items]
    return None if any(one is None for one in numbers) else [one for one in numbers if one is not None]


def survey_tags(table: Table, name: str) -> TagFacts:
    """Return the facts of a column of lists of tags."""
    facts = TagFacts(None)
    for batch in table.batches({name: ReadAs.NATIVE}):
        facts.add_lists(batch.column(0))
    return facts


def is_number(kind: pa.DataType) -> bool:
    """Return whether cells of that type are numbers."""
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def is_number_list(kind: pa.DataType) -> bool:
    """Return whether cells of that type are lists of numbers."""
    return is_list(kind) and (is_number(kind.value_type) or bool(pa.types.is_boolean(kind.value_type)))


def head(table: Table, rows: int) -> Table:
    """Return the first rows of a table, as a table whose parts are read no further."""
    return replace(table, parts=(_Head(table, rows),), rows=None)


class _Head(Record):
    """The first rows of a table as a part."""

    table: Table
    rows: int

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        left = self.rows
        for batch in self.table.batches(columns):
            yield batch.slice(0, left)
            left -= batch.num_rows
            if left <= 0:
                return
