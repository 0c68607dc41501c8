"""Opening: whatever the caller names becomes one Table, of the format that its name and its first bytes tell.

Floor 2. A path, a URI, stdin, a folder, a glob, several of them, a DataFrame, an Arrow table or arrays.

Recognising: which format a Blob holds, from what the caller says, its suffix and its first bytes. The suffix is
believed unless the bytes speak against it; then the error names what they look like.
"""

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import pyarrow as pa

from xentcli.addresses import shown
from xentcli.errors import EmptyInputError, Place, UnreadableError, UsageError, did_you_mean
from xentcli.files import declared
from xentcli.files.blob import STDIN, Blob, blob_of, refuse_pointer, split_suffix
from xentcli.files.budget import Budget, WatchedPart, foreseen, refuse_width
from xentcli.files.expand import expanded, real_name
from xentcli.files.format import FORMATS, SUFFIXES, Format, ReadOptions
from xentcli.files.plain import is_plain, named_lists
from xentcli.files.table import Table
from xentcli.files.union import union
from xentcli.record import Record, replace

_PICKLES = (".pkl", ".pickle", ".joblib", ".pt", ".pth", ".ckpt")
_TEXTS = (Format.CSV, Format.TSV, Format.TXT)
_JSONS = (Format.JSONL, Format.JSON)
_HEAD = 4096
_STATA_TYPES = (b"\x01\x01\x00", b"\x02\x01\x00")


class Recognised(Record):
    """What some bytes look like: words for a person, and the format if it is one that can be read."""

    words: str
    format: Format | None = None


_PICKLE = Recognised("a pickle")
_ZIP = Recognised("a zip archive")
_TEXT = Recognised("text", Format.CSV)
_WEB_PAGE = Recognised("a web page")
_BINARY = Recognised("binary data of no format known here")

_MAGIC: tuple[tuple[bytes, Recognised], ...] = (
    *((magic, Recognised(words, form)) for form, one in FORMATS.items() for magic, words in one.magic),
    (b"PARE", Recognised("an encrypted Parquet file")),
    (b"\x89HDF\r\n", Recognised("an HDF5 file")),
    (b"\xd0\xcf\x11\xe0", Recognised("an old Excel workbook (.xls)")),
    (b"SQLite format 3\x00", Recognised("an SQLite database")),
    (b"%PDF-", Recognised("a PDF document")),
    (b"\x89PNG\r\n", Recognised("a PNG image")),
)


def recognise(blob: Blob, given: Format | None) -> tuple[Format, str | None]:
    """Return the format, and a note if it was told from the content alone.

    Args:
        blob: the bytes and their name.
        given: what the caller says it is; else the suffix tells.

    Raises:
        UnreadableError: no format is known for it, or suffix and content disagree.
    """
    if given is None:
        _refuse_pickle_name(blob)
    head = blob.head(_HEAD)
    refuse_pointer(blob, head)
    seen = look(head)
    if seen is _PICKLE:
        raise _pickle_error(blob, "is a pickle, and pickles")
    named = given or format_of_suffix(blob.name, blob.suffix)
    if named is None:
        return _from_content(blob, seen)
    if head and not _agrees(named, seen):
        raise _mismatch(blob, named, seen, "given as" if given else "named")
    return named, None


def format_of_suffix(name: str, suffix: str) -> Format | None:
    """Return the format of a suffix, None where there is no suffix.

    Raises:
        UnreadableError: the suffix is of no known format.
    """
    if suffix in SUFFIXES or not suffix:
        return SUFFIXES.get(suffix)
    close = did_you_mean(suffix, list(SUFFIXES))
    raise UnreadableError(
        f"no format is known for the suffix {suffix}" + (f" (did you mean {close}?)" if close else ""),
        place=Place(name),
        details=(f"known: {' '.join(SUFFIXES)}, each also with .gz .bz2 .zst .xz",),
        help="say what it holds with --input-format",
    )


def look(head: bytes) -> Recognised:
    """Return what some bytes at a file's start look like."""
    for magic, seen in _MAGIC:
        if head.startswith(magic):
            return seen
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _look_into_zip(head)
    if _is_old_stata(head):
        return Recognised("a Stata file", Format.DTA)
    if head[:1] == b"\x80" and head[1:2] in {b"\x02", b"\x03", b"\x04", b"\x05"}:
        return _PICKLE
    return _look_at_text(head)


def _look_into_zip(head: bytes) -> Recognised:
    if any(name in head for name in (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/")):
        return Recognised("an Excel workbook", Format.XLSX)
    if b"/data.pkl" in head[:256]:
        return _PICKLE
    return Recognised("a NumPy archive", Format.NPZ) if b".npy" in head or len(head) < 30 else _ZIP


def _is_old_stata(head: bytes) -> bool:
    """Return whether bytes start a Stata file before version 13: version, byte order, type, zero."""
    return head[1:4] in _STATA_TYPES and 0x66 <= head[0] <= 0x73


def _look_at_text(head: bytes) -> Recognised:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _TEXT
    if b"\x00" in head:
        return _BINARY
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:9].lower() == b"<!doctype" or start[:5].lower() == b"<html":
        return _WEB_PAGE
    if start.startswith(b"{"):
        return Recognised("JSON lines" if _is_object(start.splitlines()[0]) else "JSON", Format.JSONL)
    if start.startswith(b"["):
        return Recognised("a JSON array", Format.JSON)
    return _TEXT


def _is_object(line: bytes) -> bool:
    """Return whether a line is a JSON object of its own."""
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _agrees(named: Format, seen: Recognised) -> bool:
    """Return whether bytes may be of the format that they are said to be."""
    if named in _TEXTS:
        rows_are_objects = seen.words == "JSON lines"
        return seen is _TEXT or seen is _BINARY or (seen.format in _JSONS and not rows_are_objects)
    if named in _JSONS:
        return seen is _TEXT or seen is _BINARY or seen.format in _JSONS
    return seen.format is named


def _mismatch(blob: Blob, named: Format, seen: Recognised, said: str) -> UnreadableError:
    advice = "fetch the file again"
    if seen.format is not None:
        advice = f"pass --input-format {seen.format.value} if that is what it is, or {advice}"
    return UnreadableError(f"is {said} {named.value} but looks like {seen.words}", place=Place(blob.name), help=advice)


def _from_content(blob: Blob, seen: Recognised) -> tuple[Format, str]:
    if seen.format is None:
        raise UnreadableError(
            f"looks like {seen.words}, and no format is given",
            place=Place(blob.name),
            help="say what it holds with --input-format",
        )
    return seen.format, f"read as {seen.format.value}, as its content suggests (--input-format overrides)"


def _refuse_pickle_name(blob: Blob) -> None:
    if blob.suffix in _PICKLES:
        raise _pickle_error(blob, f"{blob.suffix} files")


def _pickle_error(blob: Blob, what: str) -> UnreadableError:
    return UnreadableError(
        f"{what} can run code when they are loaded, so they are never read",
        place=Place(blob.name),
        help="export arrays with numpy.save, or tables with DataFrame.to_parquet",
    )


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
        from xentcli.files.remote.sources import verified  # noqa: PLC0415  only URIs need it

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
        data: a path, URI or glob, a sequence of them, a DataFrame or Series, an Arrow table or record batch, a mapping
            of columns by name, a sequence of rows that are mappings, an array, or a tuple (y_true, y_pred) of arrays.
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
    if isinstance(data, Mapping):
        return memory.of_columns(data)
    if isinstance(data, list | tuple) and data and all(isinstance(row, Mapping) for row in data):
        return memory.of_rows(data)
    if isinstance(data, pa.Array | pa.ChunkedArray) or (isinstance(data, list | tuple) and data):
        return memory.of_arrays([data], ("f0",))
    if hasattr(data, "__arrow_c_stream__") or isinstance(data, pa.RecordBatch):
        return memory.of_arrow(pa.table(data), "table")
    if hasattr(data, "__array__"):
        return memory.of_arrays([data], ("f0",))
    raise UsageError(
        f"{type(data).__name__} is nothing that can be read as a table",
        help="pass a path, a DataFrame, an Arrow table, a dict of columns, a list of rows, or (y_true, y_pred)",
    )
