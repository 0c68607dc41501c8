"""Stream: a remote file read at any place, a block at a time, again where the connection breaks.

Floor 2. Reading on asks for ever larger blocks, so that a long file does not take a request for every few kilobytes;
reading here and there asks for what is wanted. What arrives is all that was asked for, or an error. The table of a
remote file is refused if the file turns into another one while it is read.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import IO, TypeVar

import pyarrow as pa

from xentcli.files.batches import rows_of
from xentcli.files.remote.refusals import changed, is_failure, is_missing, refusal
from xentcli.files.remote.sources import RemoteFile
from xentcli.files.streams import SeekableStream, SpooledFile, first_line, unspooled
from xentcli.files.table import Part, ReadAs, Table
from xentcli.record import Record, replace

_PAUSE_SECONDS = 0.2
"""Before the second attempt; before the third, which is the last, it is four times as long."""

_FIRST_BYTES = 1 << 16
_MOST_BYTES = 8 << 20


Wanted = TypeVar("Wanted")


def retried(source: RemoteFile, read: Callable[[], Wanted], let_go: Callable[[], None]) -> Wanted:
    """Return what reading gives, tried again where the connection breaks.

    Args:
        source: what is read.
        read: reads it.
        let_go: closes what a failed attempt has left open.

    Raises:
        UnreadableError: it breaks every time, or the file is another one by now.
    """
    for pause in (_PAUSE_SECONDS, 4 * _PAUSE_SECONDS, None):
        try:
            return read()
        except Exception as error:
            if not is_failure(error):
                raise
            let_go()
            if isinstance(error, FileNotFoundError) and is_missing(error):
                raise changed(source.uri) from error
            if pause is None:
                raise refusal(source.uri, error) from error
            time.sleep(pause)
    raise AssertionError("the last attempt returns or raises")


class RemoteStream(SeekableStream):
    """A stream over a RemoteFile of known size."""

    def __init__(self, source: RemoteFile) -> None:
        """Read the source from its start; nothing is opened yet."""
        super().__init__(source.uri, source.version.size or 0)
        self._source = source
        self._file: IO[bytes] | None = None
        self._block = b""
        self._start = 0
        self._ahead = _FIRST_BYTES

    def _read_at(self, offset: int, count: int) -> bytes:
        held = self._start + len(self._block)
        if not self._start <= offset < held:
            self._ahead = min(2 * self._ahead, _MOST_BYTES) if offset == held else _FIRST_BYTES
            wanted = min(max(count, self._ahead), self._size - offset)
            self._block, self._start = self._fetched(offset, wanted), offset
        at = offset - self._start
        return self._block[at : at + count]

    def _fetched(self, offset: int, count: int) -> bytes:
        return retried(self._source, lambda: self._once(offset, count), self._let_go)

    def _once(self, offset: int, count: int) -> bytes:
        if self._file is None:
            self._file = self._source.opened()
        self._file.seek(offset)
        found = self._file.read(count)
        if len(found) != count:
            raise ConnectionError(f"the connection ended after {len(found):,} of {count:,} bytes")
        return found

    def _let_go(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def close(self) -> None:
        """Close the file behind it, too."""
        self._let_go()
        super().close()


class _Read:
    """A stream that is read to its end, whose own failures are told from those of the disk it is copied to."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, count: int = -1) -> bytes:
        try:
            return self._stream.read(count)
        except Exception as error:
            if not is_failure(error):
                raise
            raise _BrokenError(first_line(error)) from error


class _BrokenError(Exception):
    """A connection broke while a file was copied."""


def copied(source: RemoteFile) -> SpooledFile:
    """Return a copy of a file whose server gives no ranges.

    Raises:
        UnreadableError: the connection breaks every time, or there is no room for it.
    """

    def copy() -> SpooledFile:
        with source.opened() as stream:
            try:
                spool = SpooledFile(_Read(stream))
            except OSError as error:
                raise unspooled(source.uri, error) from error
        if source.version.size not in {None, spool.size}:
            raise _BrokenError(f"the connection ended after {spool.size:,} of {source.version.size:,} bytes")
        return spool

    return retried(source, copy, lambda: None)


class VerifiedPart(Record):
    """A part at whose end the file must be what it was at its start."""

    part: Part
    verify: Callable[[], None]

    @property
    def rows(self) -> int | None:
        """Number of rows where the part knows it."""
        return rows_of(self.part)

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`.

        Raises:
            UnreadableError: the file is another one.
        """
        yield from self.part.read(columns)
        self.verify()


def verified(table: Table, verify: Callable[[], None]) -> Table:
    """Return a table whose reading ends with a check, after checking what opening it has read.

    Raises:
        UnreadableError: the file is another one than when it was found.
    """
    verify()
    return replace(table, parts=tuple(VerifiedPart(part, verify) for part in table.parts))
