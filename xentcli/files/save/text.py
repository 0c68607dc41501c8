"""Text and JSON: labels as CSV, TSV, JSON lines, or an array of objects.

Floor 2. Batches are rendered and written as they come; nothing is kept.

Rendering: columns of labels become the cells of text and of JSON, whole batches at a time. Distinct names are
written out once; Arrow's kernels join them, so that no row costs a step of Python.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xentcli.files.arrays import is_list, lists, nulls, texts, view
from xentcli.files.format import Format
from xentcli.files.plain import is_text

BRACKETS = "brackets"
"""The separator that stands for cells such as ["a", "b"]."""

EMPTY = "[]"
"""A cell of text that holds the empty list; a blank one is missing."""

_QUOTED = re.compile(r"^\s|\s$|[\"'#,;|\t\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_QUOTED_ARROW = r"^\s|\s$|[\"'#,;|\x00-\x1f\x7f\x{feff}]"
_CONTROL = r"[\x00-\x1f]"

Render = Callable[[pa.Array], pa.Array]


def is_plain(name: str) -> bool:
    """Whether a name can stand in a text file without quotes."""
    return _QUOTED.search(name) is None


def quoted(name: str) -> str:
    """Return a name as a cell of a text file, in quotes if it needs them."""
    return name if is_plain(name) else '"' + name.replace('"', '""') + '"'


def text_cells(array: pa.Array, separator: str | None) -> pa.Array:
    """Return a column as cells of a text file; null stays null.

    Args:
        array: numbers, booleans, text, names (a dictionary), or lists of names.
        separator: what stands between the names of a list.
    """
    if is_list(array.type):
        return _quote_all(_list_cells(array, separator or BRACKETS))
    if pa.types.is_dictionary(array.type):
        return _renamed(array, quoted)
    if not is_text(array.type):
        array = array.cast(pa.string())
    needed = pc.any(pc.match_substring_regex(array, _QUOTED_ARROW)).as_py()
    return _quote_all(array) if needed else array


def json_cells(array: pa.Array) -> pa.Array:
    """Return a column as JSON values; null stays null."""
    if is_list(array.type):
        return _joined(array, _json_name, ", ", ("[", "]"))
    if pa.types.is_dictionary(array.type):
        return _renamed(array, _json_name)
    if pa.types.is_boolean(array.type) or pa.types.is_integer(array.type):
        return array.cast(pa.string())
    if pa.types.is_floating(array.type):
        return pc.if_else(pc.is_finite(array), array.cast(pa.string()), None)
    if not is_text(array.type):
        array = array.cast(pa.string())
    return _json_texts(array)


def _json_texts(array: pa.Array) -> pa.Array:
    if pc.any(pc.match_substring_regex(array, _CONTROL)).as_py():
        return texts(None if text is None else _json_name(text) for text in array.to_pylist())
    escaped = pc.replace_substring(pc.replace_substring(array, "\\", "\\\\"), '"', '\\"')
    return _around(escaped, '"', '"')


def _json_name(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _list_cells(array: pa.Array, separator: str) -> pa.Array:
    if separator == BRACKETS:
        return _joined(array, _json_name, ", ", ("[", "]"))
    cells = _joined(array, str, separator, ("", ""))
    empty = np.flatnonzero(lists(array).lengths == 0)
    return cells if len(empty) == 0 else pc.if_else(pc.equal(cells, ""), EMPTY, cells)


def _joined(array: pa.Array, render: Callable[[str], str], separator: str, ends: tuple[str, str]) -> pa.Array:
    """Return lists of names as text: each name rendered, joined, and set between the ends."""
    held = lists(array)
    child = _renamed(held.values, render)
    offsets = np.concatenate([held.starts, held.starts[-1:] + held.lengths[-1:]]).astype(np.int32)
    null = nulls(array)
    valid = None if null is None else pa.py_buffer(np.packbits(~null, bitorder="little"))
    buffers = [valid, pa.py_buffer(offsets)]
    rebuilt = pa.Array.from_buffers(pa.list_(child.type), len(array), buffers, children=[child])
    joined = pc.binary_join(rebuilt, separator)
    return joined if ends == ("", "") else _around(joined, *ends)


def _renamed(array: pa.Array, render: Callable[[str], str]) -> pa.Array:
    """Return names as text, each distinct one rendered once."""
    names = texts(render(name) for name in array.dictionary.to_pylist())
    return pa.DictionaryArray.from_arrays(array.indices, names).dictionary_decode()


def _quote_all(array: pa.Array) -> pa.Array:
    """Return cells in quotes, if one of them needs it."""
    if not pc.any(pc.match_substring_regex(array, _QUOTED_ARROW)).as_py():
        return array
    return _around(pc.replace_substring(array, '"', '""'), '"', '"')


def _around(array: pa.Array, start: str, end: str) -> pa.Array:
    return pc.binary_join_element_wise(start, array, end, "")


def content(array: pa.Array) -> memoryview:
    """Return the text of all cells of an array without nulls, one behind the other."""
    data = array.buffers()[2]
    if data is None or len(array) == 0:
        return memoryview(b"")
    wide = np.int64 if pa.types.is_large_string(array.type) else np.int32
    offsets = np.frombuffer(array.buffers()[1], dtype=wide, count=array.offset + len(array) + 1)
    return memoryview(data)[int(offsets[array.offset]) : int(offsets[-1])]


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
