"""Blob: bytes that can be read again and again, wherever they are and however they are compressed.

Floor 2. A path, a URI or stdin becomes a Blob; nothing here knows what the bytes mean. Input is never
written to. What cannot be read twice is copied once to a temporary file that has no name.
"""

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO, Any, Self

import pyarrow as pa

from xentcli.errors import Place, UnreadableError, did_you_mean

STDIN = "-"

_COMPRESSIONS = {
    ".gz": ("gzip", b"\x1f\x8b"),
    ".bz2": ("bz2", b"BZh"),
    ".zst": ("zstd", b"\x28\xb5\x2f\xfd"),
    ".xz": ("xz", b"\xfd7zXZ\x00"),
}

_COPY_BYTES = 1 << 20


@dataclass(frozen=True)
class Blob:
    """Bytes under a name.

    Attributes:
        name: path or URI as the caller gave it, for messages.
        open: returns a new binary stream of the plain content from its start; the caller closes it.
        size: bytes of the plain content, None where only reading tells (compressed content).
        seekable: whether the streams can seek cheaply, so that ranges can be read on their own.
        suffixes: the name's last suffix without a compression's, in lower case, such as `.csv`.
    """

    name: str
    open: Callable[[], IO[bytes]]
    size: int | None
    seekable: bool
    suffix: str

    def head(self, count: int) -> bytes:
        """Return the first bytes of the plain content."""
        with self.open() as stream:
            try:
                return stream.read(count)
            except (OSError, EOFError, pa.ArrowException) as error:
                raise broken_stream(self.name, error) from error


def broken_stream(name: str, error: Exception) -> UnreadableError:
    """Return the error for content that breaks off or does not decompress."""
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return UnreadableError(
        f"cannot be read to its end: {reason}", place=Place(name), help="the file is truncated or damaged"
    )


def split_suffix(name: str) -> tuple[str, str | None]:
    """Return the format's suffix and the compression's, both in lower case: `.csv`, `.gz`."""
    path = Path(name.split("?", 1)[0] if "://" in name else name)
    suffix = path.suffix.lower()
    if suffix in _COMPRESSIONS:
        return Path(path.stem).suffix.lower(), suffix
    return suffix, None


def blob_of(name: str) -> Blob:
    """Return the Blob of a path, a URI or `-` for stdin.

    Raises:
        UnreadableError: it does not exist or may not be read.
    """
    if name == STDIN:
        return decompressed(_spooled("<stdin>", sys.stdin.buffer, ""))
    if "://" in name:
        return decompressed(_remote(name))
    return decompressed(_local(name))


def _local(name: str) -> Blob:
    try:
        found = os.stat(name)  # noqa: PTH116  `-`, descriptors and odd names as the caller gave them
    except OSError as error:
        raise _missing(name, error) from error
    if stat.S_ISDIR(found.st_mode):
        raise UnreadableError("is a directory", place=Place(name))
    suffix = split_suffix(name)[0]
    if not stat.S_ISREG(found.st_mode):
        with open(name, "rb") as stream:  # noqa: PTH123  likewise
            return _spooled(name, stream, suffix)
    try:
        with open(name, "rb"):  # noqa: PTH123  likewise
            pass
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror}", place=Place(name)) from error
    return Blob(name, lambda: open(name, "rb"), found.st_size, seekable=True, suffix=suffix)  # noqa: PTH123


def _missing(name: str, error: OSError) -> UnreadableError:
    folder = Path(name).parent
    try:
        near = did_you_mean(Path(name).name, sorted(os.listdir(folder)))  # noqa: PTH208  names alone
    except OSError:
        near = None
    suggestion = f"did you mean {str(folder / near)!r}?" if near else None
    reason = "no such file" if isinstance(error, FileNotFoundError) else str(error.strerror)
    return UnreadableError(reason, place=Place(name), help=suggestion)


def _spooled(name: str, stream: IO[bytes], suffix: str) -> Blob:
    """Copy a stream that cannot be read twice to an unlinked temporary file."""
    held = tempfile.TemporaryFile(prefix="xent-")  # noqa: SIM115  it lives as long as the Blob
    shutil.copyfileobj(stream, held, _COPY_BYTES)
    size = held.tell()
    return Blob(name, lambda: _Window(held.fileno(), size, held), size, seekable=True, suffix=suffix)  # type: ignore[arg-type, return-value]


class _Window:
    """A read-only stream with a position of its own over a descriptor that several streams share."""

    def __init__(self, descriptor: int, size: int, keep: object) -> None:
        self._descriptor, self._size, self._keep, self._at = descriptor, size, keep, 0
        self.closed = False

    def read(self, count: int | None = -1) -> bytes:
        wanted = self._size - self._at if count is None or count < 0 else min(count, self._size - self._at)
        pieces = []
        while wanted > 0:
            piece = os.pread(self._descriptor, wanted, self._at)
            if not piece:
                break
            pieces.append(piece)
            self._at += len(piece)
            wanted -= len(piece)
        return b"".join(pieces)

    def readinto(self, buffer: Any) -> int:
        found = self.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def flush(self) -> None:
        """Nothing is ever written."""

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _remote(uri: str) -> Blob:
    import pyarrow.fs as arrow_fs  # noqa: PLC0415  only URIs need it

    try:
        system, path = arrow_fs.FileSystem.from_uri(uri)
        info = system.get_file_info(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnreadableError(f"cannot be opened: {str(error).splitlines()[0]}", place=Place(uri)) from error
    if info.type is not arrow_fs.FileType.File:
        kind = "no such file" if info.type is arrow_fs.FileType.NotFound else "is not a file"
        raise UnreadableError(kind, place=Place(uri))
    return Blob(
        uri, lambda: system.open_input_file(path), info.size, seekable=True, suffix=split_suffix(uri)[0]
    )


def decompressed(blob: Blob) -> Blob:
    """Return the Blob of the plain content if its first bytes are those of a known compression."""
    head = blob.head(8)
    named = split_suffix(blob.name)[1]
    for suffix, (codec, magic) in _COMPRESSIONS.items():
        if head.startswith(magic):
            return replace(blob, open=partial(_decompressing, blob, codec), size=None, seekable=False)
        if named == suffix and head:
            raise UnreadableError(
                f"is named {suffix} but does not hold {codec} data",
                place=Place(blob.name),
                help="rename the file after what it holds",
            )
    return blob


def _decompressing(blob: Blob, codec: str) -> IO[bytes]:
    if codec == "xz":
        import lzma  # noqa: PLC0415  only .xz needs it

        return lzma.open(blob.open(), "rb")
    stream = blob.open()
    source = stream if isinstance(stream, pa.NativeFile) else pa.PythonFile(stream, mode="r")
    return pa.CompressedInputStream(source, codec)  # type: ignore[no-any-return]


def random_access(blob: Blob) -> Blob:
    """Return the Blob itself if it can seek, else a copy of its plain content in a temporary file."""
    if blob.seekable:
        return blob
    with blob.open() as stream:
        try:
            return _spooled(blob.name, stream, blob.suffix)
        except (OSError, EOFError, pa.ArrowException) as error:
            raise broken_stream(blob.name, error) from error


def arrow_file(blob: Blob) -> Any:
    """Return a new Arrow stream of a seekable Blob: a plain file by its path, others through Python."""
    stream = blob.open()
    if isinstance(stream, pa.NativeFile):
        return stream
    name = getattr(stream, "name", None)
    if isinstance(name, str):
        stream.close()
        return pa.OSFile(name, "rb")
    return pa.PythonFile(stream, mode="r")
