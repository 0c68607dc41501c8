"""Goal: what a path to write to asks for: a format, a compression, and whether that format says what it holds.

Floor 2. Names alone: nothing is opened; of a URI it is asked whether anything can be written there.
"""

from xentcli.addresses import is_remote
from xentcli.errors import Place, UsageError, did_you_mean
from xentcli.files.blob import split_suffix
from xentcli.files.declared import SIDECAR, sidecar_path
from xentcli.files.format import Format
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
