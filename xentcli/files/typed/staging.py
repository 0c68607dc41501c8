"""Staging: very wide Parquet is read some columns at a time, through a temporary file.

Floor 2. A reader holds a page and a dictionary of every column that it reads. A thousand columns at once
take more than a gigabyte; some of them at a time, written down and then read side by side, take little,
and no longer.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import IO

import pyarrow as pa

from xentcli.errors import UnreadableError
from xentcli.files.cursor import Cursor, side_by_side
from xentcli.files.streams import first_line

STATE_BYTES = 48 << 20
"""What readers may hold of all columns together, beside the batch."""


def slices(names: Sequence[str], state: Sequence[int]) -> list[list[str]]:
    """Return the columns in runs whose readers together hold no more than they may.

    Args:
        names: columns.
        state: bytes that a reader of each holds.
    """
    runs: list[list[str]] = [[]]
    held = 0
    for name, size in zip(names, state, strict=True):
        if runs[-1] and held + size > STATE_BYTES:
            runs.append([])
            held = 0
        runs[-1].append(name)
        held += size
    return runs


def staged(
    runs: Sequence[Sequence[str]], read: Callable[[Sequence[str]], Iterator[pa.RecordBatch]]
) -> Iterator[pa.RecordBatch]:
    """Yield the batches of all columns, having read one run of columns after the other.

    Args:
        runs: names of columns.
        read: yields the batches of some columns.

    Raises:
        UnreadableError: there is no room for the temporary file.
    """
    names = [name for run in runs for name in run]
    with ExitStack() as stack:
        files = [stack.enter_context(tempfile.TemporaryFile(prefix="xent-")) for _ in runs]
        for run, file in zip(runs, files, strict=True):
            _write(file, read(run))
        readers = [pa.ipc.open_stream(pa.PythonFile(file, mode="r")) for file in files]
        for pieces in side_by_side([Cursor(iter(reader)) for reader in readers]):
            arrays = [array for piece in pieces for array in piece.columns]
            yield pa.RecordBatch.from_arrays(arrays, names=names)


def _write(file: IO[bytes], batches: Iterator[pa.RecordBatch]) -> None:
    """Write batches as an Arrow stream, and go back to its start."""
    first = next(batches)
    try:
        options = pa.ipc.IpcWriteOptions(emit_dictionary_deltas=False)
        with pa.ipc.new_stream(pa.PythonFile(file, mode="w"), first.schema, options=options) as writer:
            writer.write_batch(first)
            for batch in batches:
                writer.write_batch(batch)
        file.seek(0)
    except OSError as error:
        raise UnreadableError(
            f"cannot be copied to a temporary file: {first_line(error)}",
            help="TMPDIR names the folder for temporary files",
        ) from error
