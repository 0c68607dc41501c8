"""Pairing: labels in one table and predictions in another become one table.

Floor 2. By row, both are read side by side, a batch at a time. By id, the labels' side is held in memory
and the predictions are streamed past it, in their own order.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from xentcli.errors import BadRowsError, ColumnError, InputError, Place
from xentcli.files.table import Column, Part, ReadAs, Table

SUFFIX = " (labels)"
"""What a column of the labels' table is called if the predictions have one of the same name."""


@dataclass(frozen=True)
class Paired:
    """The joined table and how much of either side found its partner.

    Attributes:
        table: the rows that have both.
        matched: number of ids on both sides; None by row, where all rows match.
        unmatched_predictions: prediction rows whose id has no label.
        unmatched_labels: label rows whose id has no prediction.
        by: what they were joined by, as a sentence.
    """

    table: Table
    matched: int
    unmatched_predictions: int
    unmatched_labels: int
    by: str


def pair(predictions: Table, labels: Table, id_column: str | None) -> Paired:
    """Return the table that holds the columns of both.

    Args:
        predictions: the table whose rows and order stay.
        labels: the table whose columns are added.
        id_column: the column that both have, or None to pair by row.

    Raises:
        InputError: without ids, the numbers of rows differ.
        ColumnError: the id column is missing on one side.
        BadRowsError: an id stands twice.
    """
    renamed = {name: f"{name}{SUFFIX}" if name in predictions.names else name for name in labels.names}
    added = tuple(Column(renamed[one.name], one.type, one.classes) for one in labels.columns)
    if id_column is None:
        part: Part = RowPart(predictions, labels, {new: old for old, new in renamed.items()})
        by, counts = "labels and predictions joined by row", (0, 0, 0)
    else:
        for table in (predictions, labels):
            if id_column not in table.names:
                raise ColumnError(
                    f"there is no column {id_column!r}", place=Place(table.path), help="--id names it"
                )
        match = _Match(predictions, labels, id_column)
        part = IdPart(predictions, labels, {new: old for old, new in renamed.items()}, id_column, match)
        by = f"labels and predictions joined by {id_column}"
        counts = (match.matched, match.unmatched_predictions, match.unmatched_labels)
    table = Table(
        predictions.path, predictions.format, (*predictions.columns, *added), (part,), None,
        (*predictions.notes, *labels.notes, by),
        predictions.lines if id_column is None else (lambda _rows: {}),
    )  # fmt: skip
    return Paired(table, *counts, by)


def _split(
    columns: Mapping[str, ReadAs], added: Mapping[str, str], labels: Table, predictions: Table
) -> tuple[dict[str, ReadAs], dict[str, ReadAs]]:
    """Return the columns to read of the predictions and of the labels, each at least one."""
    left = {name: how for name, how in columns.items() if name not in added}
    right = {added[name]: how for name, how in columns.items() if name in added}
    return left or {predictions.names[0]: ReadAs.NATIVE}, right or {labels.names[0]: ReadAs.NATIVE}


def _assembled(
    columns: Mapping[str, ReadAs], added: Mapping[str, str], left: pa.RecordBatch, right: pa.RecordBatch
) -> pa.RecordBatch:
    arrays = [
        right.column(right.schema.get_field_index(added[name]))
        if name in added
        else left.column(left.schema.get_field_index(name))
        for name in columns
    ]
    return pa.RecordBatch.from_arrays(arrays, names=list(columns))


@dataclass(frozen=True)
class RowPart:
    """Two tables read side by side; `added` maps the new names of label columns to their own."""

    predictions: Table
    labels: Table
    added: Mapping[str, str]

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        left_columns, right_columns = _split(columns, self.added, self.labels, self.predictions)
        left = _Cursor(self.predictions.batches(left_columns))
        right = _Cursor(self.labels.batches(right_columns))
        while True:
            count = min(left.available(), right.available())
            if count == 0:
                break
            yield _assembled(columns, self.added, left.take(count), right.take(count))
        if left.available() or right.available():
            shown = f"{left.drain():,} predictions, {right.drain():,} labels"
            raise InputError(
                f"the numbers of rows differ: {shown}",
                place=Place(self.labels.path),
                help="join them by a shared column with --id COLUMN, or write both from the same rows",
            )


class _Cursor:
    """Hands out the rows of a stream of batches in pieces of any size up to a batch."""

    def __init__(self, batches: Iterator[pa.RecordBatch]) -> None:
        self._batches = batches
        self._held: pa.RecordBatch | None = None
        self._taken = 0

    def available(self) -> int:
        """Return how many rows can be taken at once, 0 at the end."""
        while self._held is None or self._held.num_rows == 0:
            self._held = next(self._batches, None)
            if self._held is None:
                return 0
        return int(self._held.num_rows)

    def take(self, count: int) -> pa.RecordBatch:
        """Return the next rows."""
        assert self._held is not None  # noqa: S101  `available` said how many there are
        taken, self._held = self._held.slice(0, count), self._held.slice(count)
        self._taken += count
        return taken

    def drain(self) -> int:
        """Return the number of all rows, reading the rest."""
        while self.available():
            self.take(self.available())
        return self._taken


def _keys(array: pa.Array, *, as_integers: bool) -> list[object]:
    """Return ids as they are compared: as integers if all are, as text otherwise; None where missing."""
    cells = array.to_pylist()
    if as_integers:
        return [
            None if cell is None else int(float(cell)) if isinstance(cell, str) else int(cell)
            for cell in cells
        ]
    return [None if cell is None else str(cell) for cell in cells]


def _all_integers(table: Table, column: str) -> bool:
    kind = table[column].type
    if pa.types.is_integer(kind):
        return True
    for batch in table.batches({column: ReadAs.NATIVE}):
        for cell in batch.column(0).to_pylist():
            if cell is not None and not _is_integer(cell):
                return False
    return True


def _is_integer(cell: object) -> bool:
    if isinstance(cell, float):
        return cell.is_integer()
    if isinstance(cell, int):
        return not isinstance(cell, bool)
    whole, _, rest = str(cell).strip().partition(".")
    digits = whole.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) <= 15 and not rest.strip("0")


class _Match:
    """Which label row belongs to each prediction row."""

    def __init__(self, predictions: Table, labels: Table, id_column: str) -> None:
        self.id_column = id_column
        self.as_integers = _all_integers(predictions, id_column) and _all_integers(labels, id_column)
        self.rows = self._index(labels)
        seen: set[object] = set()
        row = self.unmatched_predictions = 0
        for batch in predictions.batches({id_column: ReadAs.NATIVE}):
            for key in _keys(batch.column(0), as_integers=self.as_integers):
                row += 1
                self._refuse(predictions, key, row, seen)
                seen.add(key)
                self.unmatched_predictions += key not in self.rows
        self.matched = len(seen) - self.unmatched_predictions
        self.unmatched_labels = len(self.rows) - self.matched

    def _index(self, labels: Table) -> dict[object, int]:
        rows: dict[object, int] = {}
        row = 0
        for batch in labels.batches({self.id_column: ReadAs.NATIVE}):
            for key in _keys(batch.column(0), as_integers=self.as_integers):
                row += 1
                self._refuse(labels, key, row, rows)
                rows[key] = row - 1
        return rows

    def _refuse(self, table: Table, key: object, row: int, seen: set[object] | dict[object, int]) -> None:
        line = table.lines((row,)).get(row) if key is None or key in seen else None
        place = Place(table.path, line, row, self.id_column)
        if key is None:
            raise BadRowsError("holds no id", place=place, help="every row needs an id to be joined by it")
        if key in seen:
            raise BadRowsError(
                f"holds the id {key!r} a second time",
                place=place,
                help="ids must be unique; --id names another column",
            )


@dataclass(frozen=True)
class IdPart:
    """Predictions streamed past labels that are held in memory."""

    predictions: Table
    labels: Table
    added: Mapping[str, str]
    id_column: str
    match: _Match

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        left_columns, right_columns = _split(columns, self.added, self.labels, self.predictions)
        asked = dict(left_columns)
        left_columns.setdefault(self.id_column, ReadAs.NATIVE)
        held = pa.Table.from_batches(list(self.labels.batches(right_columns)))
        for batch in self.predictions.batches(left_columns):
            ids = batch.column(batch.schema.get_field_index(self.id_column))
            at = [self.match.rows.get(key) for key in _keys(ids, as_integers=self.match.as_integers)]
            kept = pa.array([row for row, found in enumerate(at) if found is not None], type=pa.int64())
            if not len(kept):
                continue
            rows = pa.array([found for found in at if found is not None], type=pa.int64())
            right = held.take(rows).combine_chunks().to_batches()[0]
            yield _assembled(columns, self.added, batch.select(list(asked)).take(kept), right)
