"""Saving labels: what a path asks for, and the file with what it declares about its classes.

Floor 2. Chooses the writer of the format; the metadata of Parquet and Arrow, or a sidecar, keep the class order.

Goal: what a path to write to asks for: a format, a compression, and whether that format says what it holds. Names
alone: nothing is opened; of a URI it is asked whether anything can be written there.
"""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import IO, Any, Protocol

import pyarrow as pa

from xentcli.addresses import is_remote
from xentcli.errors import Place, UsageError, did_you_mean
from xentcli.files.blob import split_suffix
from xentcli.files.declared import KEY, SIDECAR, document, others, sidecar_path
from xentcli.files.format import Declared, Format
from xentcli.files.write import writing
from xentcli.record import Record

SUFFIXES: dict[str, Format] = {
    ".csv": Format.CSV,
    ".tsv": Format.TSV,
    ".parquet": Format.PARQUET,
    ".arrow": Format.ARROW,
    ".feather": Format.ARROW,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".json": Format.JSON,
    ".npy": Format.NPY,
    ".npz": Format.NPZ,
}

_PLAIN = {Format.CSV, Format.TSV, Format.JSONL, Format.JSON}
"""Formats that may be compressed as a whole."""


class Goal(Record):
    """A file to write.

    Attributes:
        path: as the caller gave it.
        format: what the suffix says.
        compression: its suffix, such as `.gz`; None for none.
    """

    path: str
    format: Format
    compression: str | None = None

    @property
    def is_array(self) -> bool:
        """Whether it holds arrays, which have no room for what is missing, nor for a second column."""
        return self.format in {Format.NPY, Format.NPZ}

    @property
    def sidecar(self) -> str | None:
        """The file beside it that lists the classes; None where the format keeps them itself."""
        return None if self.format in {Format.PARQUET, Format.ARROW} else sidecar_path(self.path)


def goal_of(path: str) -> Goal:
    """Return what a path asks for.

    Raises:
        XentError: no format to write is known for its suffix, or nothing can be written there.
    """
    if path in {"", "-"}:
        raise UsageError(f"-o names no file: {path!r}", help="name a file such as labels.parquet")
    if is_remote(path):
        from xentcli.files.remote.upload import refuse_unwritable  # noqa: PLC0415  only URIs need it

        refuse_unwritable(path)
    if path.endswith(SIDECAR):
        raise UsageError(f"{SIDECAR} is what lists the classes of another file", place=Place(path))
    suffix, compression = split_suffix(path)
    form = SUFFIXES.get(suffix)
    if form is None:
        close = did_you_mean(suffix, tuple(SUFFIXES)) if suffix else None
        said = f"no labels are written as {suffix}" if suffix else "its suffix tells no format"
        raise UsageError(
            said + (f" (did you mean {close}?)" if close else ""),
            place=Place(path),
            help=f"known: {' '.join(SUFFIXES)}; text and JSON also with .gz .bz2 .zst .xz",
        )
    if compression is not None and form not in _PLAIN:
        raise UsageError(
            f"{suffix} is not compressed as a whole", place=Place(path), help=f"leave {compression} off its name"
        )
    return Goal(path, form, compression)


class Writer(Protocol):
    """Takes batches of labels in order."""

    def write(self, batch: pa.RecordBatch) -> None:
        """Write the rows of a batch."""
        ...

    def finish(self) -> None:
        """Write what stands behind the last row."""
        ...


@contextmanager
def saving(goal: Goal, schema: pa.Schema, declared: Declared) -> Iterator[Writer]:
    """Give a writer; file and sidecar take their names at the end, or vanish if anything is raised.

    Args:
        goal: the path and its format.
        schema: the columns, names as plain text.
        declared: what the file is to say about itself.

    Raises:
        XentError: it cannot be written, or a file that is no list of classes stands where the sidecar goes.
    """
    with ExitStack() as stack:
        data = stack.enter_context(writing(goal.path))
        if goal.sidecar is not None:
            beside = _kept(goal, goal.sidecar)
            sidecar = stack.enter_context(writing(goal.sidecar))
            sidecar.write(_text(document(declared, goal.format, beside)).encode())
        stream = stack.enter_context(_stream(goal, data))
        writer = _writer(goal.format, stream, with_metadata(schema, declared), declared)
        try:
            yield writer
        except BaseException:
            with suppress(Exception):  # it lets go of what it holds; the file vanishes
                writer.finish()
            raise
        writer.finish()


def refuse_names(goal: Goal, names: tuple[str, ...]) -> None:
    """Raise if cells of a format cannot hold some class names.

    Raises:
        UsageError: naming the first of them.
    """
    lost = [name for name in names if not _holds(goal, name)]
    if lost:
        raise UsageError(
            f"the class {lost[0]!r} cannot be a cell of {goal.format.value}, where it would be read as another",
            place=Place(goal.path),
            help="write .parquet or .jsonl, or --to class-indices, whose names stand apart",
        )


def _holds(goal: Goal, name: str) -> bool:
    """Whether a name comes back from a cell: an empty one is missing, and arrays drop zeros at the end."""
    if goal.is_array:
        return bool(name) and not name.endswith("\0")
    if goal.format in {Format.CSV, Format.TSV}:
        return bool(name) and not set(name) & {"\0", "\r"}
    return True


@contextmanager
def _stream(goal: Goal, data: IO[bytes]) -> Iterator[IO[bytes]]:
    if goal.compression is None:
        yield data
        return
    from xentcli.files.save.text import compressed  # noqa: PLC0415  one writer is imported

    with compressed(data, goal.compression) as stream:
        yield stream


def _kept(goal: Goal, sidecar: str) -> list[dict[str, Any]]:
    """Return the sidecar's entries of files of other formats that still stand beside this one."""
    if is_remote(sidecar):  # what else stands there is not listed
        return others(sidecar, goal.format)
    stem = sidecar.removesuffix(".classes.json")
    folder, name = os.path.split(stem)
    try:
        present = [one for one in os.listdir(folder or ".") if one.startswith(f"{name}.")]  # noqa: PTH208  names alone
    except OSError:
        present = []
    held = {one for beside in present for one in _format_names(beside[len(name) :])} | {None}
    return [entry for entry in others(sidecar, goal.format) if entry.get("format") in held]


def _format_names(suffixes: str) -> set[str]:
    """Return the format that the suffixes of a name speak of; JSON lines have several."""
    first = suffixes.lower().removeprefix(".").partition(".")[0]
    return {"jsonl"} if first == "ndjson" else set() if suffixes == ".classes.json" else {first}


def with_metadata(schema: pa.Schema, declared: Declared) -> pa.Schema:
    """Return a schema whose metadata say what the labels are, for class indices also as a Hugging Face ClassLabel."""
    said = {KEY: _text(document(declared))}
    features = {field.name: _feature(field, declared) for field in schema}
    if declared.encoding == "class-indices" and None not in features.values():
        said[b"huggingface"] = json.dumps({"info": {"features": features}}, ensure_ascii=False)
    return schema.with_metadata(said)


_HUGGING_FACE = {"double": "float64", "float": "float32", "halffloat": "float16"}


def _feature(field: pa.Field, declared: Declared) -> dict[str, Any] | None:
    """Return what Hugging Face's datasets call a column; None where they have no name for it."""
    if field.name in declared.columns:
        return {"names": list(declared.classes), "_type": "ClassLabel"}
    kind = field.type
    plain = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)
    if not (plain or pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return None
    return {"dtype": _HUGGING_FACE.get(str(kind), str(kind)), "_type": "Value"}


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _writer(form: Format, stream: IO[bytes], schema: pa.Schema, declared: Declared) -> Writer:
    if form in {Format.PARQUET, Format.ARROW, Format.NPY, Format.NPZ}:
        from xentcli.files.save import typed  # noqa: PLC0415  one writer is imported

        if form is Format.PARQUET:
            return typed.ParquetWriter(stream, schema)
        if form is Format.ARROW:
            return typed.ArrowWriter(stream, schema)
        if form is Format.NPY:
            return typed.NpyWriter(stream, declared.classes)
        return typed.NpzWriter(stream, declared.classes)
    from xentcli.files.save import text  # noqa: PLC0415  likewise

    if form in {Format.JSON, Format.JSONL}:
        return text.JsonWriter(stream, form, schema)
    return text.TextWriter(stream, form, schema, declared.separator)
