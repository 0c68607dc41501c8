"""Damage: how an error of a library that reads a typed file is told: the file is damaged, or memory is short.

Floor 2.
"""

from xentcli.errors import Place, UnreadableError, lacks_memory
from xentcli.files.streams import first_line


def unread(path: str, form: str, error: Exception) -> UnreadableError:
    """Return the error for a file that a library cannot read; where memory is short, no file is blamed.

    Args:
        path: of the file.
        form: the name of its format, as a sentence shows it.
        error: what the library raised.
    """
    if lacks_memory(error):
        return UnreadableError(
            f"cannot be read as {form}, out of memory: {first_line(error)}",
            place=Place(path),
            help="allow the process more memory (ulimit -v, the container's limit); "
            "a file much smaller than what it asks for is damaged",
        )
    return UnreadableError(
        f"cannot be read as {form}: {first_line(error)}",
        place=Place(path),
        help="the file is truncated or damaged; write it again",
    )
