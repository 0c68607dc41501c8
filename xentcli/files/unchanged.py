"""Unchanged inputs: a file that changes while it is read gives a number for rows that never stood together.

Floor 2. What is known of a regular file when it is opened (size, time of change, inode) is compared with what is known
when all has been read. Pipes, stdin and the files of `/proc` have nothing that could be compared.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from xentcli.errors import Place, UnreadableError
from xentcli.phrases import counted
from xentcli.record import Record

_VIRTUAL = ("/proc/", "/sys/")
"""Where files are made when they are read, so that neither their size nor their time says anything."""


class _Opened(Record):
    """A file as it was when it was opened."""

    name: str
    stat: os.stat_result


_opened: ContextVar[list[_Opened] | None] = ContextVar("opened", default=None)


def watch(name: str, found: os.stat_result) -> None:
    """Remember what a file was like when it was opened, if somebody will compare."""
    files = _opened.get()
    if files is not None and stat.S_ISREG(found.st_mode) and not os.path.realpath(name).startswith(_VIRTUAL):
        files.append(_Opened(name, found))


@contextmanager
def unchanged_inputs() -> Iterator[None]:
    """Compare all files that are opened inside at the end of the outermost such block.

    A failure inside is explained by a change, if there was one.

    Raises:
        UnreadableError: one of them changed.
    """
    if _opened.get() is not None:
        yield
        return
    token = _opened.set([])
    try:
        try:
            yield
        except Exception as error:
            changed = _first_change()
            if changed is None:
                raise
            raise changed from error
        refuse_changes()
    finally:
        _opened.reset(token)


def refuse_changes() -> None:
    """Compare all files that have been opened so far, before something that rests on them is written.

    Raises:
        UnreadableError: one of them changed.
    """
    changed = _first_change()
    if changed is not None:
        raise changed


def _first_change() -> UnreadableError | None:
    for one in _opened.get() or ():
        said = _change(one)
        if said is not None:
            message, advice = said
            return UnreadableError(message, place=Place(one.name), help=advice)
    return None


_AGAIN = "run again when nothing writes to it"


def _change(one: _Opened) -> tuple[str, str] | None:
    """Return what happened to a file and what to do; None if nothing did."""
    before = one.stat
    try:
        after = os.stat(one.name)  # noqa: PTH116  names as the caller gave them
    except OSError as error:
        return f"cannot be found any more after it was read: {error.strerror}", _AGAIN
    if not os.path.samestat(before, after):
        return "was replaced by another file while it was read", _AGAIN
    if after.st_size < before.st_size:
        return f"shrank while it was read: {_sizes(before, after)}", _AGAIN
    if after.st_size > before.st_size:
        return f"grew while it was read: {_sizes(before, after)}", "copy it first and read the copy"
    return None if after.st_mtime_ns == before.st_mtime_ns else ("was changed while it was read", _AGAIN)


def _sizes(before: os.stat_result, after: os.stat_result) -> str:
    return f"from {counted(before.st_size, 'byte')} to {after.st_size:,}"
