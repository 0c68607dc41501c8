"""Parquet: a part is a row group, streamed through buffered batches, never read at once.

Floor 2. Reading a wide row group whole can take ten times its size; `iter_batches` without pre-buffering
takes a batch.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from xentcli.errors import Place, UnreadableError
from xentcli.files.batches import columns_of, cut, refuse_no_rows, rows_per_batch
from xentcli.files.blob import Blob, arrow_file, random_access
from xentcli.files.format import Format
from xentcli.files.table import ReadAs, Table

_BUFFER_BYTES = 1 << 20
_LIST_ELEMENT_BYTES = 8


def _open(blob: Blob) -> Any:
    import pyarrow.parquet as pq  # noqa: PLC0415  60 ms that only Parquet pays

    try:
        return pq.ParquetFile(arrow_file(blob), pre_buffer=False, buffer_size=_BUFFER_BYTES)
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(blob, error) from error


def _unreadable(blob: Blob, error: Exception) -> UnreadableError:
    return UnreadableError(
        f"cannot be read as Parquet: {str(error).splitlines()[0] if str(error) else 'truncated'}",
        place=Place(blob.name),
        help="the file is truncated or damaged; write it again",
    )


@dataclass(frozen=True)
class ParquetPart:
    """One row group."""

    blob: Blob
    group: int
    row_bytes: int

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        file = _open(self.blob)
        try:
            kinds = [file.schema_arrow.field(name).type for name in columns]
            rows = min(rows_per_batch(kinds), max(1, (8 << 20) // max(1, self.row_bytes)))
            for batch in file.iter_batches(
                rows, row_groups=[self.group], columns=list(columns), use_threads=False
            ):
                yield from cut(batch.select(list(columns)))
        except (pa.ArrowException, OSError) as error:
            raise _unreadable(self.blob, error) from error
        finally:
            file.close(force=True)


def open_parquet(blob: Blob) -> Table:
    """Return the table of a Parquet file.

    Raises:
        XentError: it is truncated, empty, or has doubled column names.
    """
    blob = random_access(blob)
    file = _open(blob)
    try:
        metadata = file.metadata
        columns, notes = columns_of(blob.name, file.schema_arrow)
        refuse_no_rows(blob.name, metadata.num_rows)
        parts = tuple(
            ParquetPart(blob, group, _row_bytes(metadata.row_group(group)))
            for group in range(metadata.num_row_groups)
            if metadata.row_group(group).num_rows
        )
        return Table(blob.name, Format.PARQUET, columns, parts, metadata.num_rows, notes)
    finally:
        file.close(force=True)


def _row_bytes(group: Any) -> int:
    """Return how many bytes a row takes; lists count by their elements."""
    values = sum(group.column(at).num_values for at in range(group.num_columns))
    return int(values * _LIST_ELEMENT_BYTES // max(1, group.num_rows))
