"""Damage: what Arrow's readers hand out is checked before anything looks into it, and what is wrong is told.

Floor 2. An error of a library that reads a typed file means that the file is damaged, or that memory is short.
"""

import pyarrow as pa

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


def validated(batch: pa.RecordBatch, path: str) -> pa.RecordBatch:
    """Return a batch whose arrays are what they claim to be.

    Raises:
        UnreadableError: a column is not; with its name.
    """
    try:
        batch.validate(full=True)
    except pa.ArrowException as error:
        raise _damaged(batch, path, error) from error
    return batch


def _damaged(batch: pa.RecordBatch, path: str, error: Exception) -> UnreadableError:
    if lacks_memory(error):
        return unread(path, "Arrow data", error)
    for name, array in zip(batch.schema.names, batch.columns, strict=True):
        try:
            array.validate(full=True)
        except pa.ArrowException as own:
            return _error(path, name, own)
    return _error(path, None, error)


def _error(path: str, column: str | None, error: Exception) -> UnreadableError:
    return UnreadableError(
        f"is damaged: {first_line(error)}",
        place=Place(path, column=column),
        help="the file is damaged, or a faulty program wrote it; write it again",
    )
