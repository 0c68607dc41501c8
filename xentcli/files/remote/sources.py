"""Sources: a remote file as it was when it was found, opened as often as needed and held against that.

Floor 2. A file that is another one than at first (by its ETag, else by its time and size) is refused, never mixed.
"""

from typing import IO, Any

import pyarrow.fs as arrow_fs

from xentcli.errors import Place, UnreadableError
from xentcli.files.remote.refusals import changed, is_missing, missing, no_bucket, refusing
from xentcli.files.remote.systems import WEB, Located, located
from xentcli.record import Record

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
