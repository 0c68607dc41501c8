"""Recorder: keeps what became of every row of a pass, for those who compare the rows of two files.

Floor 4. The engine hands it every batch; a pass that starts over starts it over. Rows lie in a temporary file, so
that memory does not grow with the table.
"""

import threading
from collections.abc import Iterator
from typing import Protocol

import numpy as np
import pyarrow as pa

from xentcli.arrays import Integers
from xentcli.files.keys import integer_valued, keys
from xentcli.files.table import ReadAs, Table
from xentcli.tally.pairing.spool import BatchSpool, Records, of_batch
from xentcli.tally.row_outcomes import RowOutcomes
from xentcli.tally.slices import Slices, Values


class HasOutcomes(Protocol):
    """A Tally of any kind that tells what becomes of rows."""

    outcomes: RowOutcomes | None
    slices: tuple[Slices, ...]

    def add(self, batch: pa.RecordBatch, part: int, offset: int) -> None:
        """Add the rows of a batch."""
        ...


class Recorder:
    """The rows of one pass over a table.

    Attributes:
        id_column: what the rows are called by; None to go without.
        ranked: whether the places of a binary task's scores are kept.
        table: what was passed over.
        groups: for each slicing the number of each group.
        integers: whether every id is integer-valued.
        rows: how many rows were recorded.
    """

    def __init__(self, id_column: str | None = None, *, ranked: bool = False) -> None:
        """Start before the first pass."""
        self.id_column = id_column
        self.ranked = ranked
        self.table: Table | None = None
        self.groups: list[dict[Values, int]] = []
        self.integers = True
        self.rows = 0
        self._spool = BatchSpool()
        self._lock = threading.Lock()

    @property
    def columns(self) -> dict[str, ReadAs]:
        """What is read beside the columns of the plan."""
        return {} if self.id_column is None else {self.id_column: ReadAs.NATIVE}

    def start(self, table: Table) -> None:
        """Forget what was recorded: a pass begins."""
        self._spool.close()
        self._spool = BatchSpool()
        self.table, self.groups, self.integers, self.rows = table, [], True, 0

    def add(self, tally: HasOutcomes, batch: pa.RecordBatch, part: int, offset: int) -> None:
        """Add a batch to a Tally and keep what became of its rows.

        Raises:
            XentError: there is no room for them.
        """
        tally.outcomes = outcomes = RowOutcomes(ranked=self.ranked)
        tally.add(batch, part, offset)
        if batch.num_rows == 0:
            return
        groups = tuple(self._numbered(at, one, batch) for at, one in enumerate(tally.slices))
        records = Records(
            row=np.arange(offset, offset + batch.num_rows, dtype=np.int64),
            scored=outcomes.kept,
            right=outcomes.right,
            label=outcomes.labels,
            predicted=outcomes.predicted,
            loss=outcomes.loss,
            brier=outcomes.brier,
            weight=outcomes.weights,
            targets=outcomes.targets,
            places=outcomes.places,
            groups=groups,
            ids=self._ids(batch),
        )
        with self._lock:
            self.rows += batch.num_rows
        self._spool.write((part, offset), records.to_batch())

    def _ids(self, batch: pa.RecordBatch) -> pa.Array | None:
        """Return the ids of a batch, as whole numbers where the column holds such, else as text."""
        if self.id_column is None:
            return None
        ids = batch.column(batch.schema.get_field_index(self.id_column))
        if pa.types.is_integer(ids.type) and ids.type != pa.uint64():
            return keys(ids, as_integers=True)
        if self.integers and not integer_valued(ids):
            self.integers = False
        return keys(ids, as_integers=False)

    def _numbered(self, at: int, slices: Slices, batch: pa.RecordBatch) -> Integers:
        """Return the group of each row, by numbers that all threads share."""
        own = slices.code(batch)
        with self._lock:
            while len(self.groups) <= at:
                self.groups.append({})
            known = self.groups[at]
            shared = np.array([known.setdefault(values, len(known)) for values in slices.groups], dtype=np.int64)
        return shared[own]

    def records(self) -> Iterator[Records]:
        """Yield the rows in their order, numbered from 1 through the table."""
        part, start, end = 0, 0, 0
        for (ordinal, _), batch in self._spool.read():
            if ordinal != part:
                part, start = ordinal, end
            end += batch.num_rows
            yield of_batch(batch).moved(start + 1)

    @property
    def size(self) -> int:
        """Bytes that the rows take."""
        return self._spool.size

    def close(self) -> None:
        """Give the temporary file back."""
        self._spool.close()
