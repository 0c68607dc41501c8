"""Opening: whatever the caller names becomes one Table.

Floor 2. A path, a URI, stdin, a folder, a glob, several of them, a DataFrame, an Arrow table or arrays.
"""

import glob
import os
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xentcli.errors import Place, UnreadableError, UsageError
from xentcli.files.blob import STDIN, Blob, blob_of
from xentcli.files.format import Format, ReadOptions
from xentcli.files.recognise import recognise
from xentcli.files.table import Table
from xentcli.files.union import union


def open_table(paths: Sequence[str], options: ReadOptions | None = None) -> Table:
    """Return the one table of some files, folders, globs or URIs of one format.

    Raises:
        XentError: one is missing, unreadable, or differs from the others in format or columns.
    """
    options = options or ReadOptions()
    if not paths:
        raise UsageError("no file is given")
    names = [name for path in paths for name in _expanded(path)]
    if len(names) == 1:
        return _open_one(names[0], options)
    if STDIN in names:
        raise UsageError("stdin (-) cannot be one of several files")
    blobs = [blob_of(name) for name in names]
    _refuse_mixed(paths, blobs, options)
    shown = paths[0] if len(paths) == 1 else f"{paths[0]} and {len(names) - 1} more"
    return union(shown, [_open_blob(blob, options) for blob in blobs])


def _expanded(path: str) -> list[str]:
    """Return the files that a path stands for: itself, a folder's, or a glob's, in natural order."""
    if path == STDIN or "://" in path:
        return [path]
    if Path(path).is_dir():
        return _folder(path)
    if Path(path).exists() or not glob.has_magic(path):
        return [path]
    found = [
        name
        for name in glob.glob(path, recursive=True)  # noqa: PTH207  absolute and odd patterns alike
        if Path(name).is_file()
    ]
    kept = sorted((name for name in found if _is_data(Path(name).name)), key=_natural)
    if not kept:
        raise UnreadableError("no file matches", place=Place(path))
    return kept


def _folder(path: str) -> list[str]:
    found = [str(one) for one in Path(path).rglob("*") if one.is_file()]
    inside = [name for name in found if all(_is_data(piece) for piece in Path(name).relative_to(path).parts)]
    if not inside:
        raise UnreadableError("the folder holds no data files", place=Place(path))
    return sorted(inside, key=_natural)


def _is_data(name: str) -> bool:
    """Whether a name is not one of the files that programs leave beside data."""
    return not name.startswith((".", "_")) and not name.endswith(".crc")


def _natural(name: str) -> list[tuple[int, int, str]]:
    """Return a sort key by which part-2 comes before part-10."""
    pieces = re.split(r"(\d+)", name)
    return [(1, int(piece), "") if piece.isdigit() and piece.isascii() else (0, 0, piece) for piece in pieces]


def _refuse_mixed(paths: Sequence[str], blobs: list[Blob], options: ReadOptions) -> None:
    if options.input_format is not None:
        return
    counts = Counter(blob.suffix or "no suffix" for blob in blobs)
    if len(counts) > 1:
        shown = ", ".join(f"{count} {suffix}" for suffix, count in sorted(counts.items()))
        raise UnreadableError(
            f"holds files of several formats: {shown}",
            place=Place(paths[0] if len(paths) == 1 else None),
            help="name the files of one format, such as 'folder/*.parquet'",
        )


def _open_one(name: str, options: ReadOptions) -> Table:
    return _open_blob(blob_of(name), options)


def _open_blob(blob: Blob, options: ReadOptions) -> Table:
    form, note = recognise(blob, options.input_format)
    table = _read(blob, form, options)
    return table.with_notes(note) if note else table


def _read(blob: Blob, form: Format, options: ReadOptions) -> Table:
    """Hand the Blob to the reader of its format; readers are imported when they are needed."""
    if form.is_text:
        from xentcli.files.text.table import open_text  # noqa: PLC0415

        return open_text(blob, form, options)
    if form in {Format.JSONL, Format.JSON}:
        from xentcli.files.json.table import open_json  # noqa: PLC0415

        return open_json(blob, form)
    if form is Format.PARQUET:
        from xentcli.files.typed.parquet import open_parquet  # noqa: PLC0415

        return open_parquet(blob)
    if form in {Format.ARROW, Format.ORC}:
        from xentcli.files.typed import arrow  # noqa: PLC0415

        return arrow.open_arrow(blob) if form is Format.ARROW else arrow.open_orc(blob)
    if form in {Format.NPY, Format.NPZ}:
        from xentcli.files.typed import numpy  # noqa: PLC0415

        return numpy.open_npy(blob) if form is Format.NPY else numpy.open_npz(blob)
    if form in {Format.XLSX, Format.DTA, Format.SAV}:
        from xentcli.files.typed.whole import open_whole  # noqa: PLC0415

        return open_whole(blob, form)
    raise UsageError(f"--input-format {form.value} is not a file format")


def as_table(data: Any, options: ReadOptions | None = None) -> Table:
    """Return the table of anything that the library's functions take.

    Args:
        data: a path, URI or glob, a sequence of them, a pandas DataFrame or Series, an Arrow table or
            record batch, an array, or a tuple (y_true, y_pred) of arrays.
        options: how to read files.

    Raises:
        XentError: it cannot be read.
    """
    if isinstance(data, Table):
        return data
    if isinstance(data, str | os.PathLike):
        return open_table([os.fspath(data)], options)
    if isinstance(data, list | tuple) and data and all(isinstance(one, str | os.PathLike) for one in data):
        return open_table([os.fspath(one) for one in data], options)
    return _from_memory(data)


def _from_memory(data: Any) -> Table:
    import pyarrow as pa  # noqa: PLC0415  paths do not get here

    from xentcli.files.typed import whole  # noqa: PLC0415  likewise

    if isinstance(data, pa.RecordBatch):
        data = pa.Table.from_batches([data])
    if isinstance(data, pa.Table):
        return whole.of_arrow(data, "table")
    if type(data).__module__.startswith("pandas"):
        frame = data.to_frame() if hasattr(data, "to_frame") else data
        return whole.of_frame(frame, "frame", Format.FRAME)
    if isinstance(data, tuple) and len(data) == 2:
        return whole.of_arrays(data)
    if hasattr(data, "__array__"):
        return whole.of_arrays([data], ("f0",))
    raise UsageError(
        f"{type(data).__name__} is nothing that can be read as a table",
        help="pass a path, a DataFrame, an Arrow table, an array, or (y_true, y_pred)",
    )
