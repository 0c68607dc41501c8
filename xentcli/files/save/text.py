"""Text and JSON: labels as CSV, TSV, JSON lines, or an array of objects.

Floor 2. Batches are rendered and written as they come; nothing is kept.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xentcli.files.arrays import view
from xentcli.files.format import Format
from xentcli.files.save.render import content, json_cells, quoted, text_cells

_SEPARATORS = {Format.CSV: ",", Format.TSV: "\t"}


class TextWriter:
    """CSV or TSV with a header; a blank cell is missing. Columns of uint8 hold 0 and 1."""

    def __init__(self, stream: IO[bytes], form: Format, schema: pa.Schema, tags: str | None) -> None:
        """Write the header; `tags` stands between the names of a list."""
        self._stream = stream
        self._separator = _SEPARATORS[form]
        self._tags = tags
        self._alone = len(schema.names) == 1
        stream.write((self._separator.join(quoted(name) for name in schema.names) + "\n").encode())

    def write(self, batch: pa.RecordBatch) -> None:
        """Write the rows of a batch."""
        if all(array.type == pa.uint8() and array.null_count == 0 for array in batch.columns):
            self._stream.write(_digits(batch, self._separator))
            return
        cells = [text_cells(array, self._tags) for array in batch.columns]
        if self._alone:
            cells = [pc.fill_null(cells[0], '""')]  # a blank line at the end of a file is no row
        lines = pc.binary_join_element_wise(*cells, self._separator, null_handling="replace", null_replacement="")
        self._stream.write(content(pc.binary_join_element_wise(lines, "", "\n")))

    def finish(self) -> None:
        """Write what stands behind the last row: nothing."""


def _digits(batch: pa.RecordBatch, separator: str) -> memoryview:
    """Return 0/1 cells as lines, two bytes a cell."""
    lines = np.full((batch.num_rows, 2 * batch.num_columns), ord(separator), dtype=np.uint8)
    for at, array in enumerate(batch.columns):
        lines[:, 2 * at] = view(array).astype(np.uint8, copy=False) | ord("0")
    lines[:, -1] = ord("\n")
    return lines.data.cast("B")


class JsonWriter:
    """JSON lines, or an array of objects."""

    def __init__(self, stream: IO[bytes], form: Format, schema: pa.Schema) -> None:
        """Write what stands before the first row."""
        self._stream = stream
        self._array = form is Format.JSON
        keys = [json.dumps(name, ensure_ascii=False) for name in schema.names]
        self._keys = [f"{'{' if at == 0 else ', '}{key}: " for at, key in enumerate(keys)]
        self._started = False

    def write(self, batch: pa.RecordBatch) -> None:
        """Write the rows of a batch."""
        if batch.num_rows == 0:
            return
        pieces: list[Any] = []
        for key, array in zip(self._keys, batch.columns, strict=True):
            pieces += [key, json_cells(array)]
        end = "},\n" if self._array else "}\n"
        rows = pc.binary_join_element_wise(*pieces, end, "", null_handling="replace", null_replacement="null")
        text = content(rows)
        if self._array:
            self._stream.write(b",\n" if self._started else b"[\n")
            text = text[:-2]
        self._started = True
        self._stream.write(text)

    def finish(self) -> None:
        """Write what stands behind the last row."""
        if self._array:
            self._stream.write(b"\n]\n" if self._started else b"[]\n")


@contextmanager
def compressed(stream: IO[bytes], suffix: str) -> Iterator[IO[bytes]]:
    """Give a stream that compresses into another one; the same bytes every time."""
    opened = _COMPRESSORS[suffix](stream)
    try:
        yield opened
    finally:
        opened.close()


def _gzip(stream: IO[bytes]) -> Any:
    import gzip  # noqa: PLC0415  only .gz needs it

    return gzip.GzipFile("", "wb", 6, stream, mtime=0)


def _bz2(stream: IO[bytes]) -> Any:
    import bz2  # noqa: PLC0415  likewise

    return bz2.BZ2File(stream, "wb")


def _xz(stream: IO[bytes]) -> Any:
    import lzma  # noqa: PLC0415  likewise

    return lzma.LZMAFile(stream, "wb")


def _zstd(stream: IO[bytes]) -> Any:
    return pa.CompressedOutputStream(pa.PythonFile(_Kept(stream), mode="w"), "zstd")


class _Kept:
    """A stream whose owner closes it."""

    closed = False

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def write(self, data: bytes) -> int:
        return self._stream.write(data)

    def flush(self) -> None:
        self._stream.flush()

    def close(self) -> None:
        self.closed = True


_COMPRESSORS: dict[str, Callable[[IO[bytes]], Any]] = {".gz": _gzip, ".bz2": _bz2, ".xz": _xz, ".zst": _zstd}
