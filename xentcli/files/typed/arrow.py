"""Arrow IPC (and Feather 2) files and streams, and ORC.

Floor 2. A file's record batches are parts of their own; a stream is one part.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from xentcli.errors import Place, UnreadableError
from xentcli.files.batches import columns_of, cut, refuse_no_rows
from xentcli.files.blob import Blob, arrow_file, random_access
from xentcli.files.format import Format
from xentcli.files.table import ReadAs, Table

_FILE_MAGIC = b"ARROW1"
_BATCHES_PER_PART = 64


def _unreadable(blob: Blob, error: Exception, form: str) -> UnreadableError:
    reason = str(error).splitlines()[0] if str(error) else "truncated"
    return UnreadableError(
        f"cannot be read as {form}: {reason}",
        place=Place(blob.name),
        help="the file is truncated or damaged; write it again",
    )


@dataclass(frozen=True)
class FilePart:
    """A range of the record batches of an IPC file."""

    blob: Blob
    start: int
    stop: int

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        try:
            with arrow_file(self.blob) as source:
                reader = pa.ipc.open_file(source)
                for at in range(self.start, self.stop):
                    yield from cut(reader.get_batch(at).select(list(columns)))
        except (pa.ArrowException, OSError) as error:
            raise _unreadable(self.blob, error, "Arrow") from error


@dataclass(frozen=True)
class StreamPart:
    """An IPC stream."""

    blob: Blob

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        try:
            with arrow_file(self.blob) as source:
                for batch in pa.ipc.open_stream(source):
                    yield from cut(batch.select(list(columns)))
        except (pa.ArrowException, OSError) as error:
            raise _unreadable(self.blob, error, "Arrow") from error


@dataclass(frozen=True)
class StripePart:
    """One stripe of an ORC file."""

    blob: Blob
    stripe: int

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        try:
            batch = _orc(self.blob).read_stripe(self.stripe, columns=list(columns))
        except (pa.ArrowException, OSError) as error:
            raise _unreadable(self.blob, error, "ORC") from error
        yield from cut(batch.select(list(columns)))


def _orc(blob: Blob) -> Any:
    from pyarrow import orc  # noqa: PLC0415  only ORC needs it

    return orc.ORCFile(arrow_file(blob))


def open_arrow(blob: Blob) -> Table:
    """Return the table of an Arrow IPC file or stream, or a Feather 2 file.

    Raises:
        XentError: it is truncated, empty, of Feather's first version, or has doubled column names.
    """
    blob = random_access(blob)
    head = blob.head(6)
    if head.startswith(b"FEA1"):
        raise UnreadableError(
            "is a Feather file of version 1, which no longer is written",
            place=Place(blob.name),
            help="write it again with DataFrame.to_feather or as Parquet",
        )
    try:
        with arrow_file(blob) as source:
            if head != _FILE_MAGIC:
                columns, notes = columns_of(blob.name, pa.ipc.open_stream(source).schema)
                return Table(blob.name, Format.ARROW, columns, (StreamPart(blob),), None, notes)
            reader = pa.ipc.open_file(source)
            columns, notes = columns_of(blob.name, reader.schema)
            count = reader.num_record_batches
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(blob, error, "Arrow") from error
    step = max(1, min(_BATCHES_PER_PART, count // 8))
    starts = range(0, count, step)
    parts = tuple(FilePart(blob, start, min(start + step, count)) for start in starts)
    refuse_no_rows(blob.name, len(parts) or 0)
    return Table(blob.name, Format.ARROW, columns, parts, None, notes)


def open_orc(blob: Blob) -> Table:
    """Return the table of an ORC file.

    Raises:
        XentError: it is truncated, empty, or has doubled column names.
    """
    blob = random_access(blob)
    try:
        file = _orc(blob)
        columns, notes = columns_of(blob.name, file.schema)
        rows, stripes = file.nrows, file.nstripes
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(blob, error, "ORC") from error
    refuse_no_rows(blob.name, rows)
    parts = tuple(StripePart(blob, stripe) for stripe in range(stripes))
    return Table(blob.name, Format.ORC, columns, parts, rows, notes)
