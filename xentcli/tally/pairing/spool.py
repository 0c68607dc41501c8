"""Spool: batches of rows in a temporary file that has no name, found again by their keys.

Floor 4. Written by any thread; read, by any thread, when all are done. What is small never leaves memory.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile

import pyarrow as pa

from xentcli.errors import XentError

Key = tuple[int, int]
"""What batches are sorted by: a part and the row in it, or a partition and a number."""

_IN_MEMORY = 1 << 24
"""Bytes that are kept in memory before a file is made."""


class Spool:
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
