"""The one writer: a file appears whole or not at all.

Floor 2. Content goes to a temporary file beside the target, which then takes its name.
"""

import os
import tempfile
from pathlib import Path

from xentcli.errors import Place, UnreadableError


def write_atomically(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a file so that no reader ever sees half of it.

    Args:
        path: where to; a link's target is replaced, not the link. A device or pipe is written to directly.
        content: text (written as UTF-8) or bytes.

    Raises:
        UnreadableError: the folder does not exist or may not be written.
    """
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    target = Path(os.path.realpath(path))
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(data)
            return
        _replace(target, data)
    except OSError as error:
        reason = "the folder does not exist" if not target.parent.exists() else error.strerror or str(error)
        raise UnreadableError(f"cannot be written: {reason}", place=Place(os.fspath(path))) from error


def _replace(target: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:64]}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(name).chmod(_mode(target))
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _mode(target: Path) -> int:
    """Return the mode of the file that is replaced, else what the umask leaves of rw-rw-rw-."""
    if target.exists():
        return target.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
