"""Blob: bytes that can be read again and again, wherever they are and however they are compressed.

Floor 2. A path, a URI or stdin becomes a Blob; nothing here knows what the bytes mean. Input is never
written to. What cannot be read twice is copied once to a temporary file that has no name.
"""

import io
import os
import stat
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pyarrow as pa

from xentcli.addresses import is_remote, is_uri, local_path, query_split, shown
from xentcli.errors import Place, UnreadableError, did_you_mean
from xentcli.files.streams import (
    BROKEN,
    CheckedStream,
    SectionStream,
    SpooledFile,
    SpoolStream,
    broken,
    first_line,
    unspooled,
)
from xentcli.files.unchanged import watch
from xentcli.record import Record, replace

STDIN = "-"
STDIN_NAME = "<stdin>"

_COMPRESSIONS = {
    ".gz": ("gzip", (b"\x1f\x8b\x08",)),
    ".bz2": ("bz2", tuple(b"BZh%d" % level for level in range(1, 10))),
    ".zst": ("zstd", (b"\x28\xb5\x2f\xfd",)),
    ".xz": ("xz", (b"\xfd7zXZ\x00",)),
}
_BZ2_BLOCKS = (b"\x31\x41\x59\x26\x53\x59", b"\x17\x72\x45\x38\x50\x90")
_BUFFER_BYTES = 1 << 16


class Blob(Record):
    """Bytes under a name.

    Attributes:
        name: path or URI as the caller gave it less what lets a stranger in, for messages.
        open: returns a new binary stream of the plain content from its start; the caller closes it.
        size: bytes of the plain content, None where only reading tells (compressed content).
        seekable: whether the streams can seek cheaply, so that ranges can be read on their own.
        suffix: the name's last suffix without a compression's, in lower case, such as `.csv`.
        native: returns a new Arrow stream of the same content, where Arrow can open it by itself.
        notes: what a person should hear about it.
        verify: raises if a remote file is another one than when it was opened; None for what cannot change or is local.
    """

    name: str
    open: Callable[[], IO[bytes]]
    size: int | None
    seekable: bool
    suffix: str
    native: Callable[[], Any] | None = None
    notes: tuple[str, ...] = ()
    verify: Callable[[], None] | None = None

    def head(self, count: int) -> bytes:
        """Return the first bytes of the plain content.

        Raises:
            UnreadableError: they cannot be read.
        """
        try:
            with self.open() as stream:
                return stream.read(count)
        except BROKEN as error:
            raise broken(self.name, error) from error


def split_suffix(name: str) -> tuple[str, str | None]:
    """Return the format's suffix and the compression's, both in lower case: `.csv`, `.gz`."""
    path = PurePosixPath(query_split(name)[0] if is_uri(name) else name)
    suffix = path.suffix.lower()
    if suffix in _COMPRESSIONS:
        return PurePosixPath(path.stem).suffix.lower(), suffix
    return suffix, None


def blob_of(name: str) -> Blob:
    """Return the Blob of a path, a URI or `-` for stdin.

    Raises:
        UnreadableError: it does not exist or may not be read.
    """
    if name == STDIN:
        return decompressed(_stdin())
    if is_remote(name):
        return decompressed(_remote(name))
    return decompressed(replace(_local(local_path(name)), name=name))


def _stdin() -> Blob:
    if sys.stdin is None:
        raise UnreadableError("is closed", place=Place(STDIN_NAME))
    return _spooled(STDIN_NAME, sys.stdin.buffer, "")


def _local(name: str) -> Blob:
    try:
        found = os.stat(name)  # noqa: PTH116  `/dev/fd/3` and odd names as the caller gave them
        if stat.S_ISDIR(found.st_mode):
            raise UnreadableError("is a folder", place=Place(name))
        suffix = split_suffix(name)[0]
        with open(name, "rb") as stream:  # noqa: PTH123  likewise
            # Of a size of 0 are also the files of /proc, which are made when they are read.
            if not (stat.S_ISREG(found.st_mode) and found.st_size):
                watch(name, found)
                return _spooled(name, stream, suffix)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise _missing(name) from error
    except OSError as error:
        raise UnreadableError(f"cannot be read: {first_line(error)}", place=Place(name)) from error
    watch(name, found)
    return Blob(
        name,
        partial(_open_local, name),
        found.st_size,
        seekable=True,
        suffix=suffix,
        native=partial(pa.OSFile, name, "rb"),
    )


def _open_local(name: str) -> IO[bytes]:
    return open(name, "rb")  # noqa: PTH123  names as the caller gave them


def _missing(name: str) -> UnreadableError:
    folder = Path(name).parent
    try:
        near = did_you_mean(Path(name).name, sorted(os.listdir(folder)))  # noqa: PTH208  names alone
    except (OSError, ValueError):
        near = None
    return UnreadableError(
        "no such file", place=Place(name), help=f"did you mean {str(folder / near)!r}?" if near else None
    )


def _spooled(name: str, stream: IO[bytes], suffix: str, notes: tuple[str, ...] = ()) -> Blob:
    """Copy a stream that cannot be read twice to a temporary file.

    Raises:
        UnreadableError: it breaks off, or there is no room for it.
    """
    try:
        spool = SpooledFile(stream)
    except OSError as error:
        raise unspooled(name, error) from error
    return _of_spool(name, spool, suffix, notes)


def _of_spool(name: str, spool: SpooledFile, suffix: str, notes: tuple[str, ...] = ()) -> Blob:
    return Blob(name, partial(_open_spool, name, spool), spool.size, True, suffix, notes=notes)  # noqa: FBT003


def _open_spool(name: str, spool: SpooledFile) -> IO[bytes]:
    return io.BufferedReader(SpoolStream(name, spool), _BUFFER_BYTES)


def _remote(uri: str) -> Blob:
    from xentcli.files.remote.sources import (  # noqa: PLC0415  likewise
        RemoteStream,
        copied,
        source_of,
    )

    source = source_of(uri)
    name, suffix = shown(uri), split_suffix(uri)[0]
    if not source.ranges:
        return _of_spool(name, copied(source), suffix)

    def opened() -> IO[bytes]:
        return io.BufferedReader(RemoteStream(source), _BUFFER_BYTES)

    return Blob(name, opened, source.version.size, seekable=True, suffix=suffix, verify=source.verify)


def _open_section(name: str, opened: Callable[[], IO[bytes]], start: int, size: int) -> IO[bytes]:
    return io.BufferedReader(SectionStream(name, opened(), start, size), _BUFFER_BYTES)


def section(blob: Blob, name: str, start: int, size: int) -> Blob:
    """Return the Blob of a range of bytes of a seekable Blob."""
    return Blob(name, partial(_open_section, name, blob.open, start, size), size, True, "")  # noqa: FBT003


def decompressed(blob: Blob) -> Blob:
    """Return the Blob of the plain content if its first bytes are those of a known compression.

    Raises:
        UnreadableError: its name says that it is compressed and its bytes say it is not.
    """
    head = blob.head(64)
    refuse_pointer(blob, head)
    named = split_suffix(blob.name)[1]
    for suffix, (codec, magics) in _COMPRESSIONS.items():
        if head.startswith(magics) and (codec != "bz2" or head[4:10] in _BZ2_BLOCKS):
            said = suffix == named or not blob.suffix
            notes = () if said else (f"compressed with {codec}, although its name does not say so",)
            opened = partial(_decompressing, blob, codec)
            return replace(blob, open=opened, size=None, seekable=False, native=None, notes=notes)
    if named is not None and head:
        raise UnreadableError(
            f"is named {named} but does not hold {_COMPRESSIONS[named][0]} data",
            place=Place(blob.name),
            help="rename the file after what it holds, or fetch it again",
        )
    return blob


def _decompressing(blob: Blob, codec: str) -> IO[bytes]:
    stream = CheckedStream(blob.name, blob.open(), partial(_decompressor, codec))
    return io.BufferedReader(stream, _BUFFER_BYTES)


def _decompressor(codec: str, stream: IO[bytes]) -> Any:
    if codec == "xz":
        import lzma  # noqa: PLC0415  only .xz needs it

        return lzma.open(stream, "rb")
    return pa.CompressedInputStream(pa.PythonFile(stream, mode="r"), codec)


def refuse_pointer(blob: Blob, head: bytes) -> None:
    """Refuse the small text files that stand in for data kept elsewhere.

    Raises:
        UnreadableError: it is one; the help says how to get the data.
    """
    kind, command = None, ""
    if head.startswith(b"version https://git-lfs"):
        kind, command = "Git LFS", "git lfs pull"
    elif blob.suffix == ".dvc" or (head.startswith(b"outs:") and (b"md5:" in head or b"hash:" in head)):
        kind, command = "DVC", "dvc pull"
    elif head.startswith((b"../../.git/annex/objects/", b"/annex/objects/")):
        kind, command = "git-annex", "git annex get"
    if kind is not None:
        raise UnreadableError(
            f"is a {kind} pointer, not the data themselves", place=Place(blob.name), help=f"run: {command}"
        )


def random_access(blob: Blob) -> Blob:
    """Return the Blob itself if it can seek, else a copy of its plain content in a temporary file.

    Raises:
        UnreadableError: it breaks off, or there is no room for it.
    """
    if blob.seekable:
        return blob
    with blob.open() as stream:
        return _spooled(blob.name, stream, blob.suffix, blob.notes)


def arrow_file(blob: Blob) -> Any:
    """Return a new Arrow stream of a seekable Blob."""
    return blob.native() if blob.native is not None else pa.PythonFile(blob.open(), mode="r")
