"""Upload: what is written to a URI is a local temporary file first, and is sent only when it is complete.

Floor 2. Arrow's output streams complete their object when an exception leaves them, so that half of it would stand
under the name. Nothing is rendered into one: all bytes are there before it is opened, and one call hands them over.
"""

import mmap
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

import pyarrow as pa
import pyarrow.fs as arrow_fs

from xentcli.addresses import scheme_of
from xentcli.errors import Place, UnreadableError, UsageError, XentError
from xentcli.files.remote.refusals import refusing
from xentcli.files.remote.systems import READ_ONLY, Located, located, refuse_unknown
from xentcli.files.streams import first_line


def refuse_unwritable(uri: str) -> None:
    """Raise if nothing can be written behind a URI.

    Raises:
        UsageError: its kind is only read.
        UnreadableError: its kind is not known.
    """
    refuse_unknown(uri)
    if scheme_of(uri) in READ_ONLY:
        raise UsageError(
            f"{scheme_of(uri)}:// addresses are only read", place=Place(uri), help="write it here and copy it there"
        )


@contextmanager
def uploading(uri: str) -> Iterator[IO[bytes]]:
    """Give a new, seekable file that is sent to a URI at the end; if anything is raised nothing is sent.

    Raises:
        UsageError: nothing can be written there.
        XentError: it cannot be written.
    """
    refuse_unwritable(uri)
    try:
        with tempfile.TemporaryFile(prefix="xent-") as file:
            yield file
            file.flush()
            _send(uri, located(uri), file)
    except OSError as error:
        raise _unwritten(uri, first_line(error)) from error


def _send(uri: str, where: Located, file: IO[bytes]) -> None:
    """Send a whole file.

    Raises:
        XentError: it does not arrive; then what stood there still does.
    """
    size = os.fstat(file.fileno()).st_size
    try:
        with refusing(uri):
            if where.system.get_file_info(where.path).type is arrow_fs.FileType.Directory:
                raise UsageError("is a folder, not a file to write to", place=Place(uri))
            _hand_over(where, file, size)
            arrived = where.system.get_file_info(where.path).size
    except UnreadableError as error:
        raise _unwritten(uri, error.message, error.help) from error
    if arrived != size:
        raise _unwritten(uri, f"{arrived or 0:,} of {size:,} bytes arrived")


def _hand_over(where: Located, file: IO[bytes], size: int) -> None:
    """Write a file to an object in one call."""
    content: Any = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
    stream = where.system.open_output_stream(where.path)
    try:
        stream.write(content)
    except BaseException:
        with suppress(OSError, pa.ArrowException):
            stream.close()
        raise
    stream.close()


def _unwritten(uri: str, reason: str, help: str | None = None) -> XentError:  # noqa: A002  as `XentError` names it
    return XentError(f"cannot be written: {reason}", place=Place(uri), help=help)
