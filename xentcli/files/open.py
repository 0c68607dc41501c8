"""Opening: whatever the caller names becomes one Table.

Floor 2. A path, a URI, stdin, a folder, a glob, several of them, a DataFrame, an Arrow table or arrays.
"""

import os
from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import pyarrow as pa

from xentcli.addresses import shown
from xentcli.errors import EmptyInputError, Place, UnreadableError, UsageError
from xentcli.files import declared
from xentcli.files.blob import STDIN, Blob, blob_of, split_suffix
from xentcli.files.budget import Budget, WatchedPart, foreseen, refuse_width
from xentcli.files.expand import expanded, real_name
from xentcli.files.format import FORMATS, SUFFIXES, Format, ReadOptions
from xentcli.files.plain import is_plain, named_lists
from xentcli.files.recognise import recognise
from xentcli.files.table import Table
from xentcli.files.union import union
from xentcli.record import replace

PRINTED_HEAD = 1 << 16
"""How many bytes at the start of a text file tell whether it may print lists."""

PRINTED_MARKS = (b"[", b"(", b'"0.', b'"1.', b'".')
"""Some of these stand where lists of numbers, or shares without brackets, are printed."""

_READ_WHOLE = {Format.JSON, Format.JSONL, Format.XLSX, Format.DTA, Format.SAV}
"""Formats of which some files, or all, are held as a whole."""


def open_table(paths: Sequence[str], options: ReadOptions | None = None) -> Table:
    """Return the one table of some files, folders, globs or URIs of one format.

    Raises:
        XentError: one is missing, unreadable, or differs from the others in format or columns.
    """
    options = options or ReadOptions()
    if not paths or not all(paths):
        raise UsageError("no file is given" if not paths else "an empty path names no file")
    if options.input_format in {Format.FRAME, Format.ARRAYS}:
        raise UsageError(f"{options.input_format.value} is no format of files", option="input-format")
    names = [name for path in paths for name in expanded(path)]
    if len(names) == 1:
        return _open_one(names[0], options)
    if STDIN in names:
        raise UsageError("stdin (-) cannot be one of several files")
    _refuse_doubled(names)
    if options.input_format is None:
        _refuse_mixed(paths, names)
    whole = shown(paths[0])
    return union(whole if len(paths) == 1 else f"{whole} and {len(names) - 1} more", _open_all(names, options))


def _refuse_doubled(names: Sequence[str]) -> None:
    """Raise if two names, whatever the links they go by, lead to one file: its rows would count twice.

    Raises:
        UsageError: with both names.
    """
    seen: dict[str, str] = {}
    for name in names:
        real = real_name(name)
        if real in seen:
            told, before = shown(name), shown(seen[real])
            same = f"{told} is named twice" if seen[real] == name else f"{before} and {told} are one file"
            raise UsageError(f"{same}: its rows would be counted twice", help="name every file once")
        seen[real] = name


def _open_all(names: Sequence[str], options: ReadOptions) -> list[Table]:
    """Return the tables of several files; those without rows are passed over with a note.

    Raises:
        EmptyInputError: none has rows.
    """
    tables: list[Table] = []
    empty: list[EmptyInputError] = []
    for name in names:
        try:
            tables.append(_open_one(name, options))
        except EmptyInputError as error:
            empty.append(error)
    if not tables:
        raise empty[0]
    if empty:
        shown = ", ".join(str(error.place) for error in empty[:3]) + (", ..." if len(empty) > 3 else "")
        tables[0] = tables[0].with_notes(f"without rows and passed over: {shown}")
    return tables


def _refuse_mixed(paths: Sequence[str], names: Sequence[str]) -> None:
    """Raise if the suffixes name several formats.

    Raises:
        UnreadableError: with the number of files of each.
    """
    suffixes = [split_suffix(name)[0] for name in names]
    counts = Counter(
        SUFFIXES[suffix].value if suffix in SUFFIXES else suffix or "without a suffix" for suffix in suffixes
    )
    if len(counts) > 1:
        shown = ", ".join(f"{count} {form}" for form, count in sorted(counts.items()))
        raise UnreadableError(
            f"files of several formats cannot be one table: {shown}",
            place=Place(paths[0] if len(paths) == 1 else None),
            help="name the files of one format, such as 'folder/*.parquet'",
        )


def _open_one(name: str, options: ReadOptions) -> Table:
    blob = blob_of(name)
    form, note = recognise(blob, options.input_format)
    if blob.size == 0:
        raise EmptyInputError("is empty: 0 bytes", place=Place(blob.name))
    sidecar, told = declared.sidecar_of(name, form) if options.declared else (None, ())
    budget = Budget() if options.memory is None else Budget(options.memory)
    if form in _READ_WHOLE:
        budget.refuse(blob.name, foreseen(blob, form))
    table = _read(blob, form, declared.reading(sidecar, form, options))
    budget.check(blob.name)
    for column in table.columns:
        if pa.types.is_fixed_size_list(column.type):
            refuse_width(blob.name, column.name, column.type.list_size)
    table = replace(table, parts=tuple(WatchedPart(part, blob.name, budget) for part in table.parts))
    if blob.verify is not None:
        from xentcli.files.remote.stream import verified  # noqa: PLC0415  only URIs need it

        table = verified(table, blob.verify)
    table = _flat(table)
    return declared.beside(table, sidecar).with_notes(*blob.notes, *told, *([note] if note else []))


def _flat(table: Table) -> Table:
    """Return a table of plain cells and lists; what few files need is imported for those alone."""
    types = {column.name: column.type for column in table.columns}
    if table.inner_classes or not all(map(is_plain, types.values())) or named_lists(types):
        from xentcli.files.nested.open import opened  # noqa: PLC0415

        table = opened(table)
    if "answer" in table.names:
        from xentcli.files.prodigy import of_prodigy  # noqa: PLC0415

        table = of_prodigy(table)
    return table


def _with_lists(table: Table, blob: Blob) -> Table:
    """Return a text table in which printed lists of numbers are lists."""
    head = blob.head(PRINTED_HEAD)
    if not any(mark in head for mark in PRINTED_MARKS):
        return table
    from xentcli.files.text.written_lists import with_written_lists  # noqa: PLC0415  few files need it

    return with_written_lists(table, head)


def _read(blob: Blob, form: Format, options: ReadOptions) -> Table:
    """Hand the Blob to the reader of its format; readers are imported when they are needed."""
    module, _, function = FORMATS[form].reader.rpartition(".")
    reader = getattr(import_module(f"xentcli.files.{module}"), function)
    table: Table = reader(blob, form, options) if form.has_lines else reader(blob, form)
    return _with_lists(table, blob) if form.is_text else table


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
    return _flat(_from_memory(data))


def _from_memory(data: Any) -> Table:
    from xentcli.files.typed import memory  # noqa: PLC0415  likewise

    if type(data).__module__.startswith("pandas"):
        return memory.of_frame(data.to_frame() if hasattr(data, "to_frame") else data, "frame", Format.FRAME)
    if isinstance(data, tuple) and len(data) == 2:
        return memory.of_arrays(data)
    if isinstance(data, pa.Array | pa.ChunkedArray) or (isinstance(data, list | tuple) and data):
        return memory.of_arrays([data], ("f0",))
    if hasattr(data, "__arrow_c_stream__") or isinstance(data, pa.RecordBatch):
        return memory.of_arrow(pa.table(data), "table")
    if hasattr(data, "__array__"):
        return memory.of_arrays([data], ("f0",))
    raise UsageError(
        f"{type(data).__name__} is nothing that can be read as a table",
        help="pass a path, a DataFrame, an Arrow table, an array, or (y_true, y_pred)",
    )
