"""Declared: what a label file says about itself: its encoding and its classes in index order.

Floor 2. `xent encode` writes it into the metadata of Parquet and Arrow, and beside other formats into a file
`NAME.classes.json`; the readers pick it up again. Nothing here looks at the cells: who reads them checks.
"""

import json
import os
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from xentcli.addresses import is_remote, is_uri, local_path, query_split, shown
from xentcli.errors import Place, UnreadableError
from xentcli.files.batches import class_labels
from xentcli.files.blob import STDIN, blob_of, split_suffix
from xentcli.files.format import NONE, Declared, Format, ReadOptions
from xentcli.files.table import Column, Table
from xentcli.phrases import counted
from xentcli.record import json_values, replace

SCHEMA = "xent.classes/1"
SIDECAR = ".classes.json"
KEY = b"xent"
OWN = "the file's own metadata"

_NAMED = {None, "class-names", "class-indices", "one-hot", "multi-hot", "tag-lists"}
"""Encodings whose cells are class names, or stand in the order of the classes."""

_SEPARATORS = {Format.CSV: ",", Format.TSV: "\t"}
_SELF_DESCRIBING = {Format.PARQUET, Format.ARROW, Format.ORC}
_MOST_BYTES = 64 << 20


def sidecar_path(path: str) -> str:
    """Return the name of the file beside `path` that lists its classes: `y.classes.json` for `y.csv.gz`."""
    suffix, compression = split_suffix(path)
    plain, query = query_split(path) if is_uri(path) else (path, "")
    return plain[: len(plain) - len(suffix) - len(compression or "")] + SIDECAR + query


def document(declared: Declared, form: Format | None = None, beside: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """Return the JSON document; `form` and `beside` are for sidecars, which files of one stem share."""
    listed = {"schema": SCHEMA, **json_values(declared)}
    if form is not None:
        listed["format"] = form.value
    return listed | ({"beside": list(beside)} if beside else {})


def others(path: str, form: Format) -> list[dict[str, Any]]:
    """Return what a sidecar that is to be written again says about files of other formats.

    Raises:
        UnreadableError: a file of that name exists and is no list of classes.
    """
    if not is_there(path):
        return []
    kept = [entry for entry in _entries(path) if entry.get("format") != form.value]
    return [{key: one for key, one in entry.items() if key != "schema"} for entry in kept]


def sidecar_of(name: str, form: Format) -> tuple[Declared | None, tuple[str, ...]]:
    """Return what stands beside a file about its labels, None if nothing does, and notes; web servers are not asked.

    Raises:
        UnreadableError: the sidecar is no list of classes, or cannot be looked for.
    """
    if name == STDIN or form in _SELF_DESCRIBING or query_split(name)[0].endswith(SIDECAR):
        return None, ()
    path = sidecar_path(name)
    there = _answer(path)
    if there is None:
        return None, (f"{shown(path)}, which may list its classes, may not be asked for: read without it",)
    for entry in _entries(path) if there else []:
        if entry.get("format") in {None, form.value}:
            return _declared(entry, path), ()
    return None, ()


def _answer(path: str) -> bool | None:
    """Whether there is a sidecar; None on S3, which forbids to ask for a missing key where keys may not be listed."""
    if not is_remote(path):
        return is_there(path)
    from xentcli.files.remote.refusals import ForbiddenError  # noqa: PLC0415  only URIs need it

    try:
        return is_there(path)
    except ForbiddenError:
        return None


def is_there(path: str) -> bool:
    """Whether a path or URI leads to a file.

    Raises:
        UnreadableError: a URI cannot be reached.
    """
    if not is_remote(path):
        return os.path.isfile(local_path(path))  # noqa: PTH113  paths as given
    from xentcli.files.remote.sources import is_file  # noqa: PLC0415  only URIs need it

    return is_file(path)


def _entries(path: str) -> list[dict[str, Any]]:
    """Return the newest entry of a sidecar, then those of files of other formats."""
    try:
        value = json.loads(_content(path))
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror or error}", place=Place(path)) from error
    except (ValueError, RecursionError) as error:
        raise _unfit(path, "is no JSON") from error
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        found = value.get("schema") if isinstance(value, dict) else None
        raise _unfit(path, f"is no list of classes: its schema is {found!r}, not {SCHEMA!r}")
    beside = value.get("beside", [])
    if not isinstance(beside, list) or not all(isinstance(one, dict) for one in beside):
        raise _unfit(path, "is no list of classes: 'beside' lists no objects")
    return [{key: one for key, one in value.items() if key != "beside"}, *beside]


def _content(path: str) -> bytes:
    if is_remote(path):
        return blob_of(path).head(_MOST_BYTES)
    with open(local_path(path), "rb") as file:  # noqa: PTH123  paths as given
        return file.read(_MOST_BYTES)


def _declared(entry: dict[str, Any], where: str) -> Declared:
    """Return an entry as a frozen type.

    Raises:
        UnreadableError: a key holds what it cannot.
    """
    classes, columns = entry.get("classes"), entry.get("columns", [])
    if not _texts(classes) or not classes or len(set(classes)) < len(classes):
        raise _unfit(where, "'classes' lists no distinct names")
    if not _texts(columns):
        raise _unfit(where, "'columns' lists no names")
    words = {key: entry.get(key) for key in ("encoding", "positive", "separator")}
    wrong = [key for key, one in words.items() if not isinstance(one, str | None)]
    if wrong:
        raise _unfit(where, f"{wrong[0]!r} is no text")
    if words["positive"] is not None and words["positive"] not in classes:
        raise _unfit(where, "'positive' is none of the classes")
    return Declared(words["encoding"], tuple(classes), words["positive"], tuple(columns), words["separator"], where)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _unfit(path: str, what: str) -> UnreadableError:
    return UnreadableError(what, place=Place(path), help="mend or remove it, or pass --classes, which comes before it")


def reading(declared: Declared | None, form: Format, options: ReadOptions) -> ReadOptions:
    """Return how to read a text file: as it was written, unless the caller says otherwise."""
    if declared is None or not declared.columns or form not in _SEPARATORS:
        return options
    return replace(
        options,
        separator=options.separator or _SEPARATORS[form],
        header=True if options.header is None else options.header,
        comment=options.comment or NONE,
        quote=options.quote or '"',
    )


def of_schema(table: Table, schema: pa.Schema) -> Table:
    """Return a table with what its Arrow schema's metadata say; what does not fit it any more is passed over."""
    classes = class_labels(schema)
    table = replace(table, inner_classes=classes) if classes else table
    raw = (schema.metadata or {}).get(KEY)
    if raw is None:
        return table
    try:
        value = json.loads(raw)
        declared = _declared(value, OWN) if value.get("schema") == SCHEMA else None
    except (ValueError, AttributeError, RecursionError, UnreadableError):
        return table
    if declared is None or not declared.columns or _misfit(table, declared) is not None:
        return table
    return with_declared(table, declared).with_notes(f"class names: {OWN}")


def listed(table: Table, names: tuple[str, ...], where: str) -> Table:
    """Return a table of one column whose file lists the classes in an array of its own."""
    declared = Declared(None, names, columns=table.names[:1], where=where)
    if len(table.columns) != 1 or len(set(names)) < len(names) or _misfit(table, declared) is not None:
        return table
    return replace(with_declared(table, declared), declared=None).with_notes(f"class names: {where}")


def beside(table: Table, declared: Declared | None) -> Table:
    """Return a table with what its sidecar says.

    Raises:
        UnreadableError: the sidecar does not fit the table.
    """
    if declared is None:
        return table
    if not declared.columns and len(table.columns) == 1:
        declared = replace(declared, columns=table.names)
    what = _misfit(table, declared)
    if what is not None:
        raise _unfit(declared.where, f"does not fit {table.path}: {what}")
    return with_declared(table, declared).with_notes(f"class names: {declared.where}")


def _misfit(table: Table, declared: Declared) -> str | None:
    """Return why a declaration is not about a table, None if it may be."""
    held = set(table.names)
    lacking = [name for name in declared.columns if name not in held]
    if lacking:
        return f"there is no column {lacking[0]!r}"
    classes, columns = len(declared.classes), len(declared.columns)
    if columns > 1 and columns != classes:
        return f"it names {counted(classes, 'class')} of {columns} columns"
    kind = table[declared.columns[0]].type if columns == 1 else None
    hot = declared.encoding in {"one-hot", "multi-hot"}
    if kind is not None and hot and pa.types.is_fixed_size_list(kind) and kind.list_size != classes:
        return f"it names {counted(classes, 'class')}, the rows have {counted(kind.list_size, 'cell')}"
    return None


def with_declared(table: Table, declared: Declared) -> Table:
    """Return a table with what is said about its labels."""
    columns = tuple(_named(column, declared) for column in table.columns)
    return replace(table, columns=columns, declared=declared)


def _named(column: Column, declared: Declared) -> Column:
    """Return a label column with its class names, where a reader of names alone cannot take them amiss."""
    if declared.columns != (column.name,):
        return column
    return replace(column, classes=declared.classes if _plain_names(declared) else None)


def _plain_names(declared: Declared) -> bool:
    """Whether cells are names or positions, and no name could be taken for the position of another class."""
    if declared.encoding not in _NAMED:
        return False
    if declared.encoding not in {None, "class-indices"} or declared.classes == tuple(
        map(str, range(len(declared.classes)))
    ):
        return True
    return not any(name.strip().lstrip("+-").replace(".", "", 1).isdigit() for name in declared.classes)
