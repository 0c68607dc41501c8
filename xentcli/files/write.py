"""The one writer: a file appears whole or not at all.

Floor 2. Content goes to a temporary file beside the target, which then takes its name.
"""

import os
import secrets
from pathlib import Path

from xentcli.errors import Place, UsageError, XentError


def write_atomically(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a file so that no reader ever sees half of it.

    Args:
        path: where to; a link's target is replaced, not the link. A device or pipe is written to directly.
        content: text (written as UTF-8) or bytes.

    Raises:
        UsageError: the folder does not exist, or the path is a folder.
        XentError: it cannot be written.
    """
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    place = Place(os.fspath(path))
    target = Path(os.path.realpath(path))
    if os.path.exists(path) and not target.exists():  # noqa: PTH110  a pipe behind /dev/stdout has no path
        target = Path(path)
    if target.is_dir():
        raise UsageError("is a folder, not a file to write to", place=place)
    if not target.parent.is_dir():
        raise UsageError("cannot be written: its folder does not exist", place=place, help=f"create {target.parent}")
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(data)
        else:
            _replace(target, data)
    except OSError as error:
        raise XentError(f"cannot be written: {error.strerror or error}", place=place) from error


def _replace(target: Path, data: bytes) -> None:
    beside = target.with_name(f".{target.name[:64]}.{secrets.token_hex(6)}.tmp")
    try:
        with beside.open("xb") as file:  # a new file's mode is what the umask leaves
            file.write(data)
        if target.exists():
            beside.chmod(target.stat().st_mode & 0o7777)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
