"""Joining by id: which label row belongs to each prediction row, found once, and the joined rows.

Floor 2. The labels' ids and columns are held in memory; the predictions are streamed, first their ids,
then, part by part, whatever is asked for.
"""

import threading
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.arrays import Integers
from xentcli.errors import DuplicateIdError, Place
from xentcli.files.arrays import vector
from xentcli.files.batches import refuse_no_rows
from xentcli.files.keys import all_integers, part_keys, rise
from xentcli.files.pair import Sides
from xentcli.files.table import Part, ReadAs, Table
from xentcli.phrases import counted, verb
from xentcli.record import MutableRecord, Record, field

_LOOKUP_ROWS = 1 << 20
"""Ids are looked up at least so many at once, as each time a hash table of all label ids is built."""


class Match(Record):
    """Which label row belongs to each prediction row.

    Attributes:
        parts: for each part of the predictions, shape (rows of the part,): the label row, -1 for none.
        labels: number of label rows.
    """

    parts: tuple[Integers, ...]
    labels: int

    @property
    def rows(self) -> int:
        """Number of prediction rows."""
        return sum(len(part) for part in self.parts)

    @property
    def matched(self) -> int:
        """Number of prediction rows that have a label."""
        return sum(int(np.count_nonzero(part >= 0)) for part in self.parts)

    @property
    def in_order(self) -> bool:
        """Whether each row that has a label stands in the same row as its label."""
        rows = np.concatenate(self.parts)
        return bool(np.all((rows < 0) | (rows == np.arange(len(rows)))))

    def contradicts(self, other: "Match") -> bool:
        """Whether a row has one label here and another there."""
        pairs = zip(self.parts, other.parts, strict=True)
        return any(bool(np.any((one >= 0) & (two >= 0) & (one != two))) for one, two in pairs)

    def lines(self, predictions: Table) -> "_IdLines":
        """Return what maps joined rows to text lines of the predictions."""
        return _IdLines(self, predictions)


class _IdLines(Record):
    match: Match
    predictions: Table

    def __call__(self, rows: tuple[int, ...]) -> dict[int, int]:
        kept = np.flatnonzero(np.concatenate(self.match.parts) >= 0) + 1
        own = {row: int(kept[row - 1]) for row in rows if 1 <= row <= len(kept)}
        lines = self.predictions.lines(tuple(own.values()))
        return {row: lines[at] for row, at in own.items() if at in lines}


def match(predictions: Table, prediction_id: str, labels: Table, label_id: str) -> Match:
    """Return which label row belongs to each prediction row.

    Args:
        predictions: streamed.
        prediction_id: its id column.
        labels: its ids are held in memory.
        label_id: its id column.

    Raises:
        DuplicateIdError: an id stands twice on one side.
    """
    as_integers = all_integers(labels, label_id) and all_integers(predictions, prediction_id)
    held = [array for part in labels.parts for array in part_keys(part, label_id, as_integers=as_integers)]
    refuse_no_rows(labels.path, len(held))
    known = pa.chunked_array(held).combine_chunks()
    if _has_duplicates(known):
        raise duplicates_error(labels, label_id, as_integers=as_integers)
    lookup = _Lookup(known)
    for part in predictions.parts:
        lookup.add(list(part_keys(part, prediction_id, as_integers=as_integers)))
    lookup.flush()
    if lookup.doubled or (lookup.unknown and _has_duplicates(pa.concat_arrays(lookup.unknown))):
        raise duplicates_error(predictions, prediction_id, as_integers=as_integers)
    return Match(tuple(lookup.found), len(known))


class _Lookup(MutableRecord):
    """Looks up the ids of many parts, some parts at a time."""

    known: pa.Array
    found: list[Integers] = field(default_factory=list)
    unknown: list[pa.Array] = field(default_factory=list)
    doubled: bool = False
    _waiting: list[list[pa.Array]] = field(default_factory=list)
    _count: int = 0
    _seen: npt.NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        self._seen = np.zeros(len(self.known), dtype=np.bool_)

    def add(self, part: list[pa.Array]) -> None:
        """Take the ids of a part."""
        self._waiting.append(part)
        self._count += sum(len(array) for array in part)
        if self._count >= max(_LOOKUP_ROWS, len(self.known) // 4):
            self.flush()

    def flush(self) -> None:
        """Look up what waits."""
        import pyarrow.compute as pc  # noqa: PLC0415  60 ms that only joins by id pay

        arrays = [array for part in self._waiting for array in part]
        asked = pa.concat_arrays(arrays) if arrays else self.known.slice(0, 0)
        indices = pc.index_in(asked, value_set=self.known, skip_nulls=True)
        missing = indices.is_null()
        rows = np.frombuffer(indices.fill_null(-1).buffers()[1], dtype=np.int32, count=len(asked)).astype(np.int64)
        self.unknown.append(asked.filter(missing).drop_null())
        hits = rows[rows >= 0]
        new = np.zeros_like(self._seen)
        new[hits] = True
        self.doubled |= int(np.count_nonzero(new)) < len(hits) or bool(np.any(new & self._seen))
        self._seen |= new
        ends = np.cumsum([sum(len(array) for array in part) for part in self._waiting])
        self.found += np.split(rows, ends[:-1]) if self._waiting else []
        self._waiting, self._count = [], 0


def _has_duplicates(known: pa.Array) -> bool:
    import pyarrow.compute as pc  # noqa: PLC0415  60 ms that only joins by id pay

    present = known.drop_null()
    return len(pc.unique(present)) < len(present)


def refuse_duplicates(table: Table, column: str) -> None:
    """Raise if an id stands twice in a column; rising ids are known to differ, others are held in memory.

    Raises:
        DuplicateIdError: one does.
    """
    as_integers = all_integers(table, column)
    if _all_rise(table, column, as_integers=as_integers):
        return
    held = [array for part in table.parts for array in part_keys(part, column, as_integers=as_integers)]
    if _has_duplicates(pa.chunked_array(held).combine_chunks()):
        raise duplicates_error(table, column, as_integers=as_integers)


def _all_rise(table: Table, column: str, *, as_integers: bool) -> bool:
    """Whether each id of a column is larger than the one before; missing ones do not count."""
    last: pa.Scalar | None = None
    for part in table.parts:
        for array in part_keys(part, column, as_integers=as_integers):
            known = array.drop_null()
            if not rise(known, last):
                return False
            last = known[len(known) - 1] if len(known) else last
    return True


def duplicates_error(table: Table, column: str, *, as_integers: bool) -> DuplicateIdError:
    """Return the error that names how many rows repeat an id, and the first."""
    seen: set[object] = set()
    first: tuple[int, object] | None = None
    row = count = 0
    for part in table.parts:
        for array in part_keys(part, column, as_integers=as_integers):
            for key in array.to_pylist():
                row += 1
                if key in seen:
                    count += 1
                    first = first or (row, key)
                elif key is not None:
                    seen.add(key)
    at, key = first or (row, None)
    line = table.lines((at,)).get(at)
    return DuplicateIdError(
        f"holds the id {key!r} a second time",
        place=Place(table.path, line, at, column),
        details=(f"{count:,} of {counted(row, 'row')} {verb(row, 'repeat')} an id",),
        help="an id must stand for one row; name another column with --id, or remove the repeated rows",
    )


class _Held:
    """The labels' columns, read into memory when they are first asked for."""

    def __init__(self, labels: Table) -> None:
        self._labels = labels
        self._columns: dict[tuple[str, ReadAs], pa.ChunkedArray] = {}
        self._lock = threading.Lock()

    def table(self, columns: Mapping[str, ReadAs]) -> pa.Table:
        """Return some columns of the labels."""
        with self._lock:
            missing = {name: how for name, how in columns.items() if (name, how) not in self._columns}
            if missing:
                read = pa.Table.from_batches(list(self._labels.batches(missing))).unify_dictionaries()
                read = read.combine_chunks()
                for name, how in missing.items():
                    self._columns[name, how] = read.column(name)
            arrays = [self._columns[name, how] for name, how in columns.items()]
        return pa.Table.from_arrays(arrays, names=list(columns))


class IdPart(Record):
    """A part of the predictions beside the label rows of the same ids.

    Attributes:
        sides: the two tables.
        part: the part of the predictions.
        at: the label row of each of its rows, -1 for none.
        held: the labels.
    """

    sides: Sides
    part: Part
    at: Integers
    held: _Held

    @property
    def rows(self) -> int:
        """Number of rows that have a label."""
        return int(np.count_nonzero(self.at >= 0))

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        left_columns, right_columns = self.sides.split(columns)
        held = self.held.table(right_columns) if right_columns else None
        for left, at in self._lefts(left_columns):
            hit = at >= 0
            if not hit.any():
                continue
            if left is not None and not hit.all():
                left = left.take(vector(np.flatnonzero(hit)))  # noqa: PLW2901  its rows that have a label
            right = None if held is None else _taken(held, at[hit])
            yield self.sides.assembled(columns, left, right)

    def _lefts(self, columns: Mapping[str, ReadAs]) -> Iterator[tuple[pa.RecordBatch | None, Integers]]:
        """Yield batches of the predictions with the label row of each of their rows."""
        if not columns:
            step = 1 << 16
            for start in range(0, len(self.at), step):
                yield None, self.at[start : start + step]
            return
        start = 0
        for batch in self.part.read(columns):
            yield batch, self.at[start : start + batch.num_rows]
            start += batch.num_rows


def _taken(held: pa.Table, rows: Integers) -> pa.RecordBatch:
    taken = held.take(vector(rows)).combine_chunks()
    return taken.to_batches()[0]


def joined_parts(sides: Sides, found: Match) -> tuple[Part, ...]:
    """Return the parts of the joined table, one per part of the predictions."""
    held = _Held(sides.labels)
    return tuple(IdPart(sides, part, at, held) for part, at in zip(sides.predictions.parts, found.parts, strict=True))
