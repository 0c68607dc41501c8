"""Validation: what Arrow's readers hand out is checked before anything looks into it.

Floor 2. Arrow trusts the offsets, indices, views and texts of a file. A file that lies makes a reader of them show
memory that is not in the file, or ends the process; `validate(full=True)` follows each of them once, at memory speed.
"""

import pyarrow as pa

from xentcli.errors import Place, UnreadableError, lacks_memory
from xentcli.files.streams import first_line
from xentcli.files.typed.damage import unread


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
