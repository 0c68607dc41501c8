"""Joining: the rows of two files brought together, in memory that does not grow with them.

Floor 4. By row, and by id where both files hold the same ids in the same rising order, the rows go side by side.
Else both are cut by a hash of the id into partitions, in temporary files, so small that two of them fit in memory;
full ids are compared in each.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.errors import InputError, Place
from xentcli.files.arrays import nulls, view
from xentcli.files.ids import duplicates_error
from xentcli.files.keys import keys
from xentcli.files.table import Table
from xentcli.tally.pairing.hashing import hashes
from xentcli.tally.pairing.recorder import Recorder
from xentcli.tally.pairing.records import Records, of_batch
from xentcli.tally.pairing.spool import Spool

Indices = npt.NDArray[np.intp]

PARTITION_BYTES = 1 << 24
"""About how much of a file a partition takes."""

MOST_PARTITIONS = 4_096
"""More would be of a few rows a batch."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Rows of A beside the rows of B that belong to them, and the numbers of those that have no partner."""

    a: Records
    b: Records
    only_a: int = 0
    only_b: int = 0


class OrdersDiffer(Exception):  # noqa: N818  no error: it says which way to go
    """The ids do not go side by side."""


def by_row(a: Recorder, b: Recorder) -> Iterator[Pairs]:
    """Yield the rows of two files side by side.

    Raises:
        InputError: they have different numbers of rows.
    """
    if a.rows != b.rows:
        first, second = _table(a), _table(b)
        raise InputError(
            f"has {b.rows:,} rows, but {first.path} has {a.rows:,}",
            place=Place(second.path),
            help="pair them by a column that both have with --id COLUMN, or write both from the same rows",
        )
    yield from _aligned(a.records(), b.records())


def side_by_side(a: Recorder, b: Recorder) -> Iterator[Pairs]:
    """Yield the rows of two files whose ids are the same, in the same rising order.

    Raises:
        OrdersDiffer: they are not; what was yielded before is then void.
    """
    if a.rows != b.rows:
        raise OrdersDiffer
    as_integers = a.integers and b.integers
    last: pa.Scalar | None = None
    for pairs in _aligned(a.records(), b.records()):
        ours, theirs = (
            comparable(pairs.a.ids, as_integers=as_integers),
            comparable(pairs.b.ids, as_integers=as_integers),
        )
        if not ours.equals(theirs) or not _rise(ours, last):
            raise OrdersDiffer
        last = ours[len(ours) - 1]
        yield pairs


def by_hash(a: Recorder, b: Recorder) -> Iterator[Pairs]:
    """Yield the rows of two files that have the same ids, whatever their order; rows without an id have no partner.

    Raises:
        BadRowsError: an id stands twice in a file.
    """
    as_integers = a.integers and b.integers
    count = min(MOST_PARTITIONS, max(a.size, b.size) // PARTITION_BYTES + 1)
    first, second = (_partitioned(one, int(count), as_integers=as_integers) for one in (a, b))
    try:
        for partition in range(int(count)):
            ours, theirs = _whole(first, partition), _whole(second, partition)
            for side, held in ((a, ours), (b, theirs)):
                if held is not None and _doubled(held.ids):
                    assert side.id_column is not None  # noqa: S101  rows are joined by it
                    raise duplicates_error(_table(side), side.id_column, as_integers=as_integers)
            if ours is None or theirs is None:
                yield from _alone(ours, theirs)
            else:
                yield _matched(ours, theirs)
    finally:
        first.close()
        second.close()


def _table(side: Recorder) -> Table:
    assert side.table is not None  # noqa: S101  a pass was made
    return side.table


def _aligned(first: Iterator[Records], second: Iterator[Records]) -> Iterator[Pairs]:
    """Yield pieces of two streams of equally many rows, of the same length each."""
    a, b = next(first, None), next(second, None)
    while a is not None and b is not None:
        count = min(len(a), len(b))
        yield Pairs(a.cut(slice(0, count)), b.cut(slice(0, count)))
        a = a.cut(slice(count, None)) if len(a) > count else next(first, None)
        b = b.cut(slice(count, None)) if len(b) > count else next(second, None)


def comparable(ids: pa.Array | None, *, as_integers: bool) -> pa.Array:
    """Return recorded ids as they are compared: int64, or text."""
    assert ids is not None  # noqa: S101  rows are joined by them
    if as_integers:
        return keys(ids, as_integers=True)
    return ids.cast(pa.large_string())


def _rise(ids: pa.Array, last: pa.Scalar | None) -> bool:
    """Whether each id is larger than the one before, so that none stands twice; none may be missing."""
    import pyarrow.compute as pc  # noqa: PLC0415  60 ms that only joins by id pay

    if ids.null_count:
        return False
    rising = pc.all(pc.greater(ids[1:], ids[:-1])).as_py() is not False
    return rising and (last is None or pc.greater(ids[0], last).as_py())


def _partitioned(side: Recorder, count: int, *, as_integers: bool) -> Spool:
    """Return the rows of a file by partition of their ids."""
    spool = Spool()
    for number, records in enumerate(side.records()):
        ids = comparable(records.ids, as_integers=as_integers)
        partition = (hashes(ids) % np.uint64(count)).astype(np.uint16)
        order = np.argsort(partition, kind="stable")
        held = Records(**{name: getattr(records, name) for name in Records.__slots__ if name != "ids"}, ids=ids)
        batch = held.of(order).to_batch()
        starts = np.searchsorted(partition[order], np.arange(count + 1))
        for at in np.flatnonzero(np.diff(starts)).tolist():
            start, stop = int(starts[at]), int(starts[at + 1])
            spool.write((at, number), batch.slice(start, stop - start))
    return spool


def _whole(spool: Spool, partition: int) -> Records | None:
    """Return all rows of a partition; None if there are none."""
    batches = [batch for _, batch in spool.read(partition)]
    if not batches:
        return None
    return of_batch(pa.Table.from_batches(batches).combine_chunks().to_batches()[0])


def _doubled(ids: pa.Array | None) -> bool:
    import pyarrow.compute as pc  # noqa: PLC0415  60 ms that only joins by id pay

    assert ids is not None  # noqa: S101  rows are joined by them
    present = ids.drop_null()
    return len(pc.unique(present)) < len(present)


def _alone(a: Records | None, b: Records | None) -> Iterator[Pairs]:
    """Yield the rows of a partition that one file has none in."""
    held = a if a is not None else b
    if held is not None:
        none = held.cut(slice(0, 0))
        yield Pairs(none, none, 0 if a is None else len(a), 0 if b is None else len(b))


def _matched(a: Records, b: Records) -> Pairs:
    """Return the rows of two files that have the same ids, in the order of B."""
    import pyarrow.compute as pc  # noqa: PLC0415  60 ms that only joins by id pay

    found = pc.index_in(b.ids, value_set=a.ids, skip_nulls=True)
    missing = nulls(found)
    at = view(found).astype(np.intp)
    kept = np.arange(len(b)) if missing is None else np.flatnonzero(~missing)
    return Pairs(a.of(at[kept]), b.of(kept), len(a) - len(kept), len(b) - len(kept))
