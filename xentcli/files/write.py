"""The one writer: a file appears whole or not at all.

Floor 2. Content goes to a temporary file beside the target, which then takes its name.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from xentcli.addresses import is_remote, local_path
from xentcli.errors import Place, UsageError, XentError


def write_atomically(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a file so that no reader ever sees half of it.

    Args:
        path: where to; a link's target is replaced, not the link. A device or pipe is written to directly, an object
            behind a URI is sent when it is complete.
        content: text (written as UTF-8) or bytes.

    Raises:
        UsageError: the folder does not exist, or the path is a folder.
        XentError: it cannot be written.
    """
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    target = None if is_remote(os.fspath(path)) else _target(path)
    if target is None or not target.exists() or target.is_file():
        with writing(path) as file:
            file.write(data)
        return
    try:
        target.write_bytes(data)
    except OSError as error:
        raise _unwritten(path, error) from error


@contextmanager
def writing(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Give a new, seekable file that takes the name `path` at the end, and vanishes if anything is raised.

    Raises:
        UsageError: the folder does not exist, or the path is a folder, device or pipe.
        XentError: it cannot be written.
    """
    if is_remote(os.fspath(path)):
        from xentcli.files.remote.upload import uploading  # noqa: PLC0415  only URIs need it

        with uploading(os.fspath(path)) as file:
            yield file
        return
    target = _target(path)
    if target.exists() and not target.is_file():
        raise UsageError("is a device or pipe, not a file to write to", place=Place(os.fspath(path)))
    beside = target.with_name(f".{target.name[:64]}.{secrets.token_hex(6)}.tmp")
    try:
        with beside.open("x+b") as file:  # a new file's mode is what the umask leaves
            yield file
        if target.exists():
            beside.chmod(target.stat().st_mode & 0o7777)
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise _unwritten(path, error) from error
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _target(path: str | os.PathLike[str]) -> Path:
    """Return the file behind a path.

    Raises:
        UsageError: it is a folder, or its folder does not exist.
    """
    place = Place(os.fspath(path))
    path = local_path(os.fspath(path))
    target = Path(os.path.realpath(path))
    if os.path.exists(path) and not target.exists():  # noqa: PTH110  a pipe behind /dev/stdout has no path
        target = Path(path)
    if target.is_dir():
        raise UsageError("is a folder, not a file to write to", place=place)
    if not target.parent.is_dir():
        raise UsageError("cannot be written: its folder does not exist", place=place, help=f"create {target.parent}")
    return target


def _unwritten(path: str | os.PathLike[str], error: OSError) -> XentError:
    return XentError(f"cannot be written: {error.strerror or error}", place=Place(os.fspath(path)))
