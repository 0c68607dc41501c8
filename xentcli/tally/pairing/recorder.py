"""Recorder: keeps what became of every row of a pass, in a temporary file without a name.

Floor 4. The engine hands it every batch; a pass that starts over starts it over. Rows lie in a temporary file, so
that memory does not grow with the table.

Spool: what a pass found out about rows, as columns in a temporary file that has no name, found again by their keys.
Written by any thread; read, by any thread, when all are done. What is small never leaves memory.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.arrays import Floats, Indices, Integers, Mask
from xentcli.errors import XentError
from xentcli.files.arrays import vector, view
from xentcli.files.keys import integer_valued, keys
from xentcli.files.table import ReadAs, Table
from xentcli.record import Record, replace
from xentcli.tally.row_outcomes import RowOutcomes
from xentcli.tally.slices import Slices, Values

_GROUP = "group"


class Records(Record):
    """Some rows of one file; each array is of shape (n,).

    Attributes:
        row: where they stand: in their part from 0 while a pass is on, in the file from 1 afterwards.
        scored: which were scored; the numbers of others mean nothing.
        right: whose decision is right.
        label: the true class, or the fingerprint of several labels.
        predicted: the decision, or the fingerprint of several.
        loss: in nats; 0 for decisions only.
        brier: None for tasks and layouts without.
        weight: None without weights.
        targets: fingerprints of soft targets; None for hard labels.
        places: of a binary task's scores in a Ranking, as its keys; None where nobody asks.
        groups: the group by slicing.
        ids: what the file calls them; None without an id column.
    """

    row: Integers
    scored: Mask
    right: Mask
    label: Integers
    predicted: Integers
    loss: Floats
    brier: Floats | None = None
    weight: Floats | None = None
    targets: Integers | None = None
    places: Integers | None = None
    groups: tuple[Integers, ...] = ()
    ids: pa.Array | None = None

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.row)

    def cut(self, rows: slice) -> "Records":
        """Return some rows that follow each other."""
        ids = None if self.ids is None else self.ids[rows]
        return self._with(rows, ids)

    def of(self, rows: Indices) -> "Records":
        """Return the rows of these numbers, in their order."""
        ids = None if self.ids is None else self.ids.take(vector(rows))
        return self._with(rows, ids)

    def _with(self, rows: slice | Indices, ids: pa.Array | None) -> "Records":
        return Records(
            row=self.row[rows],
            scored=self.scored[rows],
            right=self.right[rows],
            label=self.label[rows],
            predicted=self.predicted[rows],
            loss=self.loss[rows],
            brier=None if self.brier is None else self.brier[rows],
            weight=None if self.weight is None else self.weight[rows],
            targets=None if self.targets is None else self.targets[rows],
            places=None if self.places is None else self.places[rows],
            groups=tuple(one[rows] for one in self.groups),
            ids=ids,
        )

    def moved(self, rows: int) -> "Records":
        """Return the same rows, so many further on."""
        return replace(self, row=self.row + rows)

    def renumbered(self, classes: Integers) -> "Records":
        """Return the same rows with class i called classes[i]; they have one label each."""
        return replace(self, label=classes[self.label], predicted=classes[self.predicted])

    def to_batch(self) -> pa.RecordBatch:
        """Return the rows as an Arrow batch."""
        columns: dict[str, pa.Array] = {
            "row": vector(self.row),
            "scored": vector(self.scored.view(np.uint8)),
            "right": vector(self.right.view(np.uint8)),
            "label": vector(self.label),
            "predicted": vector(self.predicted),
            "loss": vector(self.loss),
        }
        further = ("brier", self.brier), ("weight", self.weight), ("targets", self.targets), ("places", self.places)
        for name, values in further:
            if values is not None:
                columns[name] = vector(values)
        for at, group in enumerate(self.groups):
            columns[f"{_GROUP}{at}"] = vector(group)
        if self.ids is not None:
            columns["id"] = self.ids
        return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))


def of_batch(batch: pa.RecordBatch) -> Records:
    """Return the rows of a batch that `Records.to_batch` made; nothing is copied but small columns."""
    held = dict(zip(batch.schema.names, batch.columns, strict=True))
    numbers: dict[str, npt.NDArray[Any]] = {name: view(array) for name, array in held.items() if name != "id"}
    return Records(
        row=numbers["row"],
        scored=numbers["scored"].view(np.bool_),
        right=numbers["right"].view(np.bool_),
        label=numbers["label"],
        predicted=numbers["predicted"],
        loss=numbers["loss"],
        brier=numbers.get("brier"),
        weight=numbers.get("weight"),
        targets=numbers.get("targets"),
        places=numbers.get("places"),
        groups=tuple(values for name, values in numbers.items() if name.startswith(_GROUP)),
        ids=held.get("id"),
    )


Key = tuple[int, int]
"""What batches are sorted by: a part and the row in it, or a partition and a number."""

_IN_MEMORY = 1 << 24
"""Bytes that are kept in memory before a file is made."""


class BatchSpool:
    """Batches of one schema."""

    def __init__(self) -> None:
        """Start empty."""
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  closed with the spool
        self._lock = threading.Lock()
        self._places: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
        self._schema: pa.Schema | None = None
        self._end = 0

    def write(self, key: Key, batch: pa.RecordBatch) -> None:
        """Keep a batch.

        Raises:
            XentError: there is no room for it.
        """
        held = batch.serialize()
        with self._lock:
            self._schema = batch.schema
            try:
                self._file.seek(self._end)
                self._file.write(memoryview(held))
            except OSError as error:
                raise XentError(
                    f"the rows to compare cannot be kept: {error.strerror}",
                    help="temporary files need about 50 bytes a row; TMPDIR names another folder for them",
                ) from error
            self._places[key[0]].append((key[1], self._end, held.size))
            self._end += held.size

    def read(self, first: int | None = None) -> Iterator[tuple[Key, pa.RecordBatch]]:
        """Yield the batches by key, those whose key starts with `first` if it is given."""
        for at in self.firsts if first is None else (first,):
            for second, start, size in sorted(self._places.get(at, ())):
                with self._lock:
                    self._file.seek(start)
                    held = self._file.read(size)
                yield (at, second), pa.ipc.read_record_batch(pa.py_buffer(held), self._schema)

    @property
    def firsts(self) -> tuple[int, ...]:
        """With what the keys start, in order."""
        return tuple(sorted(self._places))

    @property
    def size(self) -> int:
        """Bytes held."""
        return self._end

    def close(self) -> None:
        """Give the file back."""
        self._file.close()


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
