"""Joining: the rows of two files brought together, in memory that does not grow with them.

Floor 4. By row, and by id where both files hold the same ids in the same rising order, the rows go side by side.
Else both are cut by a hash of the id into partitions, in temporary files, so small that two of them fit in memory;
full ids are compared in each.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from functools import partial

import numpy as np
import pyarrow as pa

from xentcli.arrays import Indices, Integers
from xentcli.errors import BadRowsError, InputError, Place
from xentcli.files.arrays import nulls, vector, view
from xentcli.files.ids import duplicates_error
from xentcli.files.keys import fingerprints, hashes, keys, rise
from xentcli.files.table import Table
from xentcli.record import Record, replace
from xentcli.tally.pairing.recorder import BatchSpool, Recorder, Records, of_batch

PARTITION_BYTES = 1 << 23
"""About how much of a file a partition takes."""

MOST_PARTITIONS = 4_096
"""More would be of a few rows a batch."""


class Pairs(Record):
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
        if ours.null_count or not ours.equals(theirs) or not rise(ours, last):
            raise OrdersDiffer
        last = ours[len(ours) - 1]
        yield pairs


class Partitions(Record):
    """The rows of two files, cut by a hash of their ids; rows of the same id are in the same partition.

    Partitions are independent of each other: any thread may ask for any.
    """

    a: Recorder
    b: Recorder
    first: BatchSpool
    second: BatchSpool
    as_integers: bool
    nameless: tuple[int, int] = (0, 0)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The partitions that hold rows."""
        return tuple(sorted({*self.first.firsts, *self.second.firsts}))

    def pairs(self, partition: int) -> Pairs:
        """Return the rows of one partition that both files hold; rows without an id have no partner.

        Raises:
            BadRowsError: an id stands twice in a file.
        """
        ours, theirs = _whole(self.first, partition), _whole(self.second, partition)
        if ours is None or theirs is None:
            for side, held in ((self.a, ours), (self.b, theirs)):
                if held is not None and _doubled(_ordered(held.ids, _exact([held.ids])[0])):
                    raise self._twice(side)
            return _alone(ours, theirs)
        left, right = self._matched(ours.ids, theirs.ids)
        return Pairs(ours.of(left), theirs.of(right), len(ours) - len(left), len(theirs) - len(right))

    def _matched(self, a: pa.Array, b: pa.Array) -> tuple[Indices, Indices]:
        """Return the rows of two files that have the same ids, side by side.

        Texts go by their fingerprints first; where two texts have the same one, by the texts themselves.
        """
        first, second = (_ordered(ids, fingerprints(ids)) for ids in (a, b))
        if not (_doubled(first) or _doubled(second)):
            left, right = _of_same_codes(first, second)
            if pa.types.is_integer(a.type) or a.take(vector(left)).equals(b.take(vector(right))):
                return left, right
        first, second = (_ordered(ids, codes) for ids, codes in zip((a, b), _exact([a, b]), strict=True))
        for side, held in ((self.a, first), (self.b, second)):
            if _doubled(held):
                raise self._twice(side)
        return _of_same_codes(first, second)

    def _twice(self, side: Recorder) -> BadRowsError:
        assert side.id_column is not None  # noqa: S101  rows are joined by it
        return duplicates_error(_table(side), side.id_column, as_integers=self.as_integers)

    def close(self) -> None:
        """Give the temporary files back."""
        self.first.close()
        self.second.close()


def by_hash(a: Recorder, b: Recorder) -> Partitions:
    """Return the rows of two files by partition.

    Raises:
        XentError: there is no room for them.
    """
    as_integers = a.integers and b.integers
    count = int(min(MOST_PARTITIONS, max(a.size, b.size) // PARTITION_BYTES + 1))
    fill = partial(_partition, count=count, as_integers=as_integers)
    with ExitStack() as held:
        first, second = (held.enter_context(closing(BatchSpool())) for _ in range(2))
        with ThreadPoolExecutor(2) as pool:
            nameless = tuple(pool.map(fill, (a, b), (first, second)))
        held.pop_all()
    return Partitions(a, b, first, second, as_integers, (nameless[0], nameless[1]))


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


def _partition(side: Recorder, spool: BatchSpool, *, count: int, as_integers: bool) -> int:
    """Put the rows of a file into a spool by partition of their ids; return how many have none, and so no partner."""
    nameless = 0
    for number, found in enumerate(side.records()):
        missing = None if found.ids is None else nulls(found.ids)
        records = found if missing is None else found.of(np.flatnonzero(~missing))
        nameless += len(found) - len(records)
        ids = comparable(records.ids, as_integers=as_integers)
        partition = (hashes(ids) % np.uint64(count)).astype(np.uint16)
        order = np.argsort(partition, kind="stable")
        held = replace(records, ids=ids)
        batch = held.of(order).to_batch()
        starts = np.searchsorted(partition[order], np.arange(count + 1))
        for at in np.flatnonzero(np.diff(starts)).tolist():
            start, stop = int(starts[at]), int(starts[at + 1])
            spool.write((at, number), batch.slice(start, stop - start))
    return nameless


def _whole(spool: BatchSpool, partition: int) -> Records | None:
    """Return all rows of a partition; None if there are none."""
    batches = [batch for _, batch in spool.read(partition)]
    if not batches:
        return None
    return of_batch(pa.Table.from_batches(batches).combine_chunks().to_batches()[0])


def _alone(a: Records | None, b: Records | None) -> Pairs:
    """Return the rows of a partition that one file has none in."""
    held = a if a is not None else b
    assert held is not None  # noqa: S101  one of the two was cut into this partition
    none = held.cut(slice(0, 0))
    return Pairs(none, none, 0 if a is None else len(a), 0 if b is None else len(b))


class _Codes(Record):
    """Ids as integers.

    Attributes:
        rows: shape (m,), the rows that have an id, in the order of their codes.
        codes: shape (m,), ascending.
    """

    rows: Indices
    codes: Integers


def _exact(ids: Sequence[pa.Array]) -> list[Integers]:
    """Return the ids of some files as integers, the same integer for the same id and for no other."""
    if pa.types.is_integer(ids[0].type):
        return [fingerprints(one) for one in ids]
    codes = view(pa.concat_arrays(ids).dictionary_encode().indices).astype(np.int64)
    return np.split(codes, np.cumsum([len(one) for one in ids])[:-1])


def _ordered(ids: pa.Array, codes: Integers) -> _Codes:
    """Return the rows that have an id by their codes."""
    missing = nulls(ids)
    order = np.argsort(codes)
    if missing is not None:
        order = order[~missing[order]]
    return _Codes(order, codes[order])


def _doubled(held: _Codes) -> bool:
    """Whether a code stands twice."""
    return bool((held.codes[1:] == held.codes[:-1]).any())


def _of_same_codes(a: _Codes, b: _Codes) -> tuple[Indices, Indices]:
    """Return the rows of two files that have the same codes, side by side."""
    if np.array_equal(a.codes, b.codes):
        return a.rows, b.rows
    at = np.searchsorted(a.codes, b.codes)
    found = at < len(a.codes)
    found[found] = a.codes[at[found]] == b.codes[found]
    return a.rows[at[found]], b.rows[found]
