"""Sources: a remote file as it was when it was found, read at any place and held against that.

Floor 2. A file that is another one than at first (by its ETag, else by its time and size) is refused, never mixed.

Stream: a remote file read at any place, a block at a time, again where the connection breaks. Reading on asks for
ever larger blocks, so that a long file does not take a request for every few kilobytes; reading here and there asks
for what is wanted. What arrives is all that was asked for, or an error. The table of a remote file is refused if
the file turns into another one while it is read.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any, TypeVar

import pyarrow as pa
import pyarrow.fs as arrow_fs

from xentcli.errors import Place, UnreadableError
from xentcli.files.batches import rows_of
from xentcli.files.remote.refusals import changed, is_failure, is_missing, missing, no_bucket, refusal, refusing
from xentcli.files.remote.systems import WEB, Located, located
from xentcli.files.streams import SeekableStream, SpooledFile, first_line, unspooled
from xentcli.files.table import Part, ReadAs, Table
from xentcli.record import Record, replace

_VERSIONS = ("etag", "content-md5", "digest", "xet_hash", "blob_id", "last-modified", "mtime")
"""What tells one version of a file from another, the surest first."""

_BLOCK_BYTES = 1 << 20


class Version(Record):
    """What tells a version of a file.

    Attributes:
        size: bytes, None where the server does not say.
        mark: its ETag, or what else changes when the file does; None if nothing is told.
    """

    size: int | None
    mark: str | None


class RemoteFile(Record):
    """A remote file.

    Attributes:
        uri: with all that it takes to open it.
        where: the file system and the path.
        version: what it was when it was found.
        ranges: whether ranges of it can be asked for, so that its files can seek.
    """

    uri: str
    where: Located
    version: Version
    ranges: bool

    def opened(self) -> IO[bytes]:
        """Return a new file; a library's own exceptions come out of it.

        Raises:
            UnreadableError: the file is another one than it was.
        """
        stream, version = _opened(self.where, ranges=self.ranges)
        if version != self.version:
            stream.close()
            raise changed(self.uri)
        return stream

    def verify(self) -> None:
        """Raise if the file is another one than it was.

        Raises:
            UnreadableError: it is, or it cannot be asked.
        """
        with refusing(self.uri):
            try:
                self.opened().close()
            except FileNotFoundError as error:
                if is_missing(error):
                    raise changed(self.uri) from error
                raise


def source_of(uri: str) -> RemoteFile:
    """Return the file behind a URI.

    Raises:
        UnreadableError: there is none, or it cannot be reached.
    """
    where = located(uri)
    with refusing(uri):
        if where.spec is None:
            _refuse_no_file(uri, where)
        stream, version = _opened(where)
        with stream:
            ranges = where.spec is None or _gives_ranges(stream, version)
    return RemoteFile(uri, where, version, ranges)


def is_file(uri: str) -> bool:
    """Whether there is a file behind a URI; web servers, many of which answer anything, are not asked.

    Raises:
        UnreadableError: it cannot be reached.
    """
    where = located(uri)
    if where.path.startswith(WEB):
        return False
    with refusing(uri):
        return bool(where.system.get_file_info(where.path).type is arrow_fs.FileType.File)


def _refuse_no_file(uri: str, where: Located) -> None:
    """Raise if a path of Arrow's file systems is no file.

    Raises:
        UnreadableError: saying what it is.
    """
    kind = where.system.get_file_info(where.path).type
    if kind is arrow_fs.FileType.File:
        return
    if kind is not arrow_fs.FileType.NotFound:
        raise UnreadableError("is no file", place=Place(uri))
    bucket, inside, _ = where.path.partition("/")
    if inside and where.system.get_file_info(bucket).type is arrow_fs.FileType.NotFound:
        raise no_bucket(uri)
    raise missing(uri)


def _opened(where: Located, *, ranges: bool = True) -> tuple[IO[bytes], Version]:
    """Return a new file and its version."""
    if where.spec is not None:
        return _opened_by_spec(where, ranges=ranges)
    stream = where.system.open_input_file(where.path)
    told = {_text(key).lower(): _text(value) for key, value in (stream.metadata() or {}).items()}
    if _mark(told) is None:
        told["mtime"] = str(where.system.get_file_info(where.path).mtime_ns)
    return stream, Version(stream.size(), _mark(told))


def _opened_by_spec(where: Located, *, ranges: bool) -> tuple[IO[bytes], Version]:
    where.spec.invalidate_cache()
    info = where.spec.info(where.path)
    if info.get("type") == "directory":
        raise IsADirectoryError(21, "is a folder, not a file")
    size = info.get("size")
    told = {key.lower(): str(value) for key, value in info.items() if value is not None}
    in_blocks = ranges and bool(size) and info.get("partial", True)
    known = {"size": size} if in_blocks and where.path.startswith(WEB) else {}
    blocks = _BLOCK_BYTES if in_blocks else 0
    stream = where.spec.open(where.path, "rb", block_size=blocks, cache_type="none", **known)
    return stream, Version(size, _mark(told))


def _gives_ranges(stream: IO[bytes], version: Version) -> bool:
    """Whether a server gives the last byte when it is asked for it alone; some send the whole file again."""
    if not stream.seekable() or not version.size:
        return False
    try:
        stream.seek(version.size - 1)
        return len(stream.read(1)) == 1
    except ValueError:  # what fsspec says when it gets more than it asked for
        return False


def _mark(told: dict[str, str]) -> str | None:
    return next((told[key] for key in _VERSIONS if told.get(key)), None)


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


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
