"""The one writer: a file appears whole or not at all.

Floor 2. Content grows in a temporary file beside the target, which then takes its name. What a killed run left there is
removed by the next run that writes the same target, if nobody holds its lock.
"""

import contextlib
import errno
import fcntl
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from xentcli.addresses import is_remote, local_path
from xentcli.errors import Place, UsageError, XentError
from xentcli.record import Record

_MARK = "xent-"
_RANDOM_BYTES = 6
_STEM_BYTES = 64
"""How much of the target's name a temporary name repeats; a file system limits names by bytes, not by characters."""

_TRIES = 100

_LIVE: set[Path] = set()
"""The files that this process may still have to remove."""


class Temporary(Record):
    """A locked temporary file.

    Attributes:
        path: its name, beside the target.
        file: open for writing and reading.
        lock: a second descriptor of the same file: the lock lasts until it is closed, even when the file is.
    """

    path: Path
    file: IO[bytes]
    lock: int


def create(target: Path) -> Temporary:
    """Create and lock a file beside the target; a new file's mode is what the umask leaves.

    Raises:
        OSError: it cannot be created.
    """
    for _ in range(_TRIES):
        path = target.with_name(f"{_beginning(target)}{secrets.token_hex(_RANDOM_BYTES)}.tmp")
        with contextlib.ExitStack() as undone:
            file = undone.enter_context(path.open("x+b"))
            undone.callback(path.unlink, missing_ok=True)
            lock = os.dup(file.fileno())
            undone.callback(os.close, lock)
            if _locked(lock) and _is_at(path, lock):
                undone.pop_all()
                _LIVE.add(path)
                return Temporary(path, file, lock)
        # Another run took it for a leftover between its creation and its lock.
    raise BlockingIOError(errno.EWOULDBLOCK, "no temporary file beside it can be locked")


def discard(temporary: Temporary) -> None:
    """Close and remove a file that did not become the target; a failure changes nothing any more."""
    with contextlib.suppress(OSError):
        temporary.file.close()
    with contextlib.suppress(OSError):
        temporary.path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        os.close(temporary.lock)
    _LIVE.discard(temporary.path)


def remove_own() -> None:
    """Remove all temporary files of this process, which is about to end without unwinding."""
    for path in tuple(_LIVE):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def remove_leftovers(target: Path) -> None:
    """Remove the temporary files of runs that were killed while they wrote this target."""
    name = re.compile(rf"{re.escape(_beginning(target))}[0-9a-f]{{{2 * _RANDOM_BYTES}}}\.tmp")
    try:
        with os.scandir(target.parent) as entries:
            found = [entry.path for entry in entries if name.fullmatch(entry.name)]
    except OSError:
        return
    for path in found:
        with contextlib.suppress(OSError):
            _remove_if_unlocked(path)


def _beginning(target: Path) -> str:
    stem = os.fsencode(target.name)[:_STEM_BYTES].decode("utf-8", "ignore")
    return f".{stem}.{_MARK}"


def _locked(descriptor: int) -> bool:
    """Lock a new file; False if another run holds it. A file system without locks takes no leftovers away either."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _remove_if_unlocked(path: str) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.unlink(path)  # noqa: PTH108  a name as the folder lists it
    finally:
        os.close(descriptor)


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
