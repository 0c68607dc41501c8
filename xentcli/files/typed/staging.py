"""Staging: very wide Parquet is read some columns at a time, through a temporary file.

Floor 2. A reader holds a page and a dictionary of every column that it reads. A thousand columns at once
take more than a gigabyte; some of them at a time, written down and then read side by side, take little,
and no longer.
"""

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain
from typing import Any

import pyarrow as pa

from xentcli.errors import UnreadableError
from xentcli.files.cursor import Cursor, side_by_side
from xentcli.files.streams import first_line

STATE_BYTES = 96 << 20
"""What a reader of all columns may hold beside the batch; if it would hold more, columns are read in runs."""

RUN_BYTES = 32 << 20
"""What a reader of a run of columns may hold."""


def slices(names: Sequence[str], state: Sequence[int]) -> list[list[str]]:
    """Return the columns in runs whose readers together hold no more than they may.

    Args:
        names: columns.
        state: bytes that a reader of each holds.
    """
    if sum(state) <= STATE_BYTES:
        return [list(names)]
    runs: list[list[str]] = [[]]
    held = 0
    for name, size in zip(names, state, strict=True):
        if runs[-1] and held + size > RUN_BYTES:
            runs.append([])
            held = 0
        runs[-1].append(name)
        held += size
    return runs


def staged(
    runs: Sequence[Sequence[str]], rows: int, read: Callable[[Sequence[str], int], Iterator[pa.RecordBatch]]
) -> Iterator[pa.RecordBatch]:
    """Yield the batches of all columns, having read one run of columns after the other.

    Args:
        runs: names of columns.
        rows: rows of a batch of all columns.
        read: yields the batches of some columns with about so many rows.

    Raises:
        UnreadableError: there is no room for the temporary file.
    """
    names = [name for run in runs for name in run]
    with ExitStack() as stack:
        readers = []
        for run in runs:
            share = max(1, len(names) // len(run))  # a batch costs time by its columns: few columns, many rows
            file = stack.enter_context(_written(read(run, rows * share), rows))
            readers.append(pa.ipc.open_stream(file))
        for pieces in side_by_side([Cursor(iter(reader)) for reader in readers]):
            arrays = [array for piece in pieces for array in piece.columns]
            yield pa.RecordBatch.from_arrays(arrays, names=names)


def _written(batches: Iterator[pa.RecordBatch], rows: int) -> Any:
    """Write batches, `rows` rows at a time, and return the file, which has no name any more."""
    first = next(batches)
    descriptor, name = tempfile.mkstemp(prefix="xent-")
    os.close(descriptor)
    try:
        with pa.OSFile(name, "wb") as file, pa.ipc.new_stream(file, first.schema) as writer:
            for batch in chain([first], batches):
                for start in range(0, batch.num_rows, rows):
                    writer.write_batch(batch.slice(start, rows))
        return pa.OSFile(name, "rb")
    except OSError as error:
        raise UnreadableError(
            f"cannot be copied to a temporary file: {first_line(error)}",
            help="TMPDIR names the folder for temporary files",
        ) from error
    finally:
        os.unlink(name)  # noqa: PTH108  an open file lives on without its name
