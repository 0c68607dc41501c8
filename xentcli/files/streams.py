"""Streams: the few kinds of binary stream that a Blob hands out besides a plain file.

Floor 2. Each has a position of its own, is read-only, and tells a damaged source by `UnreadableError`.
"""

import io
import lzma
import os
import zlib
from collections.abc import Callable
from typing import IO, Any, Protocol

import pyarrow as pa

from xentcli.errors import Place, UnreadableError, lacks_memory

_COPY_BYTES = 1 << 20

BROKEN = (OSError, EOFError, pa.ArrowException, zlib.error, lzma.LZMAError)
"""What libraries raise when content breaks off or does not decompress."""


def broken(name: str, error: Exception) -> UnreadableError:
    """Return the error for content that breaks off or does not decompress, or that there is no memory to read."""
    if lacks_memory(error):
        return UnreadableError("cannot be read: out of memory", place=Place(name), help="allow more memory")
    return UnreadableError(
        f"cannot be read to its end: {first_line(error)}",
        place=Place(name),
        help="the file is truncated or damaged; fetch or write it again",
    )


def unspooled(name: str, error: OSError) -> UnreadableError:
    """Return the error for content for whose copy there is no room."""
    return UnreadableError(
        f"cannot be copied to a temporary file: {first_line(error)}",
        place=Place(name),
        help="TMPDIR names the folder for temporary files",
    )


def first_line(error: Exception) -> str:
    """Return the first line of what a library says, or the error's name if it says nothing."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


class _Readable(io.RawIOBase):
    """What `io` needs of a stream that is read by `readinto`."""

    def readable(self) -> bool:
        return True


class SeekableStream(_Readable):
    """A stream over a range of known size; a subclass reads at a position."""

    def __init__(self, name: str, size: int) -> None:
        """Start at its start; `name` is for messages."""
        super().__init__()
        self._name = name
        self._size = size
        self._at = 0

    def seekable(self) -> bool:
        """Return that it can seek."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a position and return it."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """Return the position."""
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as one read goes.

        Raises:
            UnreadableError: the content breaks off.
        """
        wanted = max(0, min(len(buffer), self._size - self._at))
        try:
            found = self._read_at(self._at, wanted) if wanted else b""
        except BROKEN as error:
            raise broken(self._name, error) from error
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def _read_at(self, offset: int, count: int) -> bytes:
        raise NotImplementedError


class Readable(Protocol):
    """What can be read to its end."""

    def read(self, count: int = ..., /) -> bytes:
        """Return the next bytes, none at the end."""
        ...


class SpooledFile:
    """A temporary file without a name, as long as anything refers to it."""

    def __init__(self, stream: Readable) -> None:
        """Copy a stream to its end."""
        import shutil  # noqa: PLC0415  only what is spooled needs it
        import tempfile  # noqa: PLC0415  likewise

        with tempfile.TemporaryFile(prefix="xent-") as file:
            shutil.copyfileobj(stream, file, _COPY_BYTES)
            file.flush()
            self.size = file.tell()
            self.descriptor = os.dup(file.fileno())

    def __del__(self) -> None:
        """Let the system free the file."""
        if hasattr(self, "descriptor"):
            os.close(self.descriptor)


class SpoolStream(SeekableStream):
    """A stream over a SpooledFile, whose one descriptor several streams share."""

    def __init__(self, name: str, spool: SpooledFile) -> None:
        """Read the spool from its start."""
        super().__init__(name, spool.size)
        self._spool = spool

    def _read_at(self, offset: int, count: int) -> bytes:
        return os.pread(self._spool.descriptor, count, offset)


class SectionStream(SeekableStream):
    """A stream over a range of bytes of another stream, which it owns."""

    def __init__(self, name: str, stream: IO[bytes], start: int, size: int) -> None:
        """Read `size` bytes of `stream` from `start`."""
        super().__init__(name, size)
        self._stream = stream
        self._start = start

    def _read_at(self, offset: int, count: int) -> bytes:
        self._stream.seek(self._start + offset)
        return self._stream.read(count)

    def close(self) -> None:
        """Close the owned stream too."""
        self._stream.close()
        super().close()


class CheckedStream(_Readable):
    """A decompressing stream whose failures are `UnreadableError`s; it owns what it reads from."""

    def __init__(self, name: str, source: IO[bytes], decompress: Callable[[IO[bytes]], Any]) -> None:
        """Read what `decompress` makes of `source`; `name` is for messages."""
        super().__init__()
        self._name = name
        self._source = source
        self._plain = decompress(source)

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as one read goes.

        Raises:
            UnreadableError: the content breaks off or does not decompress.
        """
        try:
            found = self._plain.read(len(buffer))
        except BROKEN as error:
            raise broken(self._name, error) from error
        buffer[: len(found)] = found
        return len(found)

    def close(self) -> None:
        """Close both."""
        if not self.closed:
            self._plain.close()
            self._source.close()
        super().close()
