"""The one writer: a file appears whole or not at all.

Floor 2. Content goes to a temporary file beside the target (`temporary.py`), which then takes its name.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from xentcli.addresses import is_remote, local_path
from xentcli.errors import Place, UsageError, XentError
from xentcli.files.temporary import create, discard, remove_leftovers


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
    remove_leftovers(target)
    try:
        beside = create(target)
    except OSError as error:
        raise _unwritten(path, error) from error
    try:
        with beside.file as file:
            yield file
        if target.exists():
            beside.path.chmod(target.stat().st_mode & 0o7777)
        beside.path.replace(target)  # still locked: no other run may take it for a leftover
    except OSError as error:
        raise _unwritten(path, error) from error
    finally:
        discard(beside)


def _target(path: str | os.PathLike[str]) -> Path:
    """Return the file behind a path.

    Raises:
        UsageError: it is a folder, its folder does not exist, or no file can have such a name.
        XentError: the system does not let it be looked at.
    """
    try:
        return _existing_target(path)
    except ValueError as error:  # a null character
        raise UsageError(f"cannot be written: {error}", place=Place(os.fspath(path))) from error
    except OSError as error:
        raise _unwritten(path, error) from error


def _existing_target(path: str | os.PathLike[str]) -> Path:
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
    reason = error.strerror or str(error)
    if error.errno == errno.ENOENT and not os.path.isabs(path) and _works_nowhere():  # noqa: PTH117  the path as given
        reason = "the working directory has been deleted"
    return XentError(f"cannot be written: {reason}", place=Place(os.fspath(path)))


def _works_nowhere() -> bool:
    try:
        os.getcwd()  # noqa: PTH109  whether it fails is the question
    except OSError:
        return True
    return False
