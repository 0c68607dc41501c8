"""Temporary files: content grows under a name of its own beside its target, and what killed runs left there goes.

Floor 2. A run holds a lock on the file that it writes. A lock that can be had therefore means that its run is gone;
the number of a process would not tell, since another container counts its own.
"""

import contextlib
import errno
import fcntl
import os
import re
import secrets
import stat
from pathlib import Path
from typing import IO

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
