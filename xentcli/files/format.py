"""The file formats, and what a caller may say about a file; imports nothing, so that `--help` is instant.

Floor 2.
"""

from enum import StrEnum

from xentcli.record import Record, field


class Format(StrEnum):
    """The file formats, under the names that `--input-format` takes."""

    CSV = "csv"
    TSV = "tsv"
    TXT = "txt"
    PARQUET = "parquet"
    ARROW = "arrow"
    ORC = "orc"
    JSONL = "jsonl"
    JSON = "json"
    NPY = "npy"
    NPZ = "npz"
    XLSX = "xlsx"
    DTA = "dta"
    SAV = "sav"
    FRAME = "frame"
    ARRAYS = "arrays"

    @property
    def is_text(self) -> bool:
        """Whether cells are plain text, so that labels stay text and numbers are parsed on request."""
        return self in {Format.CSV, Format.TSV, Format.TXT}


NONE = "none"
"""What `--comment` and `--quote` take for: there is none."""


class ReadOptions(Record):
    """What the caller says about the file; None lets the reader find out.

    `skip_bad_rows` leaves rows of text with another number of cells out, and lines of JSON without an object. `comment`
    and `quote` are a character each, or `NONE`: no line is a comment, quotes are text.
    `declared` says whether what a file declares about its own classes, in a sidecar, is read; `memory` how many
    bytes reading may take, None for half of what the machine has.
    """

    input_format: Format | None = None
    separator: str | None = None
    header: bool | None = None
    null_values: tuple[str, ...] = ()
    declared: bool = True
    comment: str | None = None
    quote: str | None = None
    skip_bad_rows: bool = False
    memory: int | None = None

    @property
    def tells_cells(self) -> bool:
        """Whether the caller says how the cells of a text file are written."""
        return any(one is not None for one in (self.separator, self.header, self.comment, self.quote))


class Declared(Record):
    """What a label file says about its own labels; see `files.declared`.

    Attributes:
        encoding: how they are written, None if it does not say.
        classes: class names in index order.
        positive: the positive class of a binary task.
        columns: the label columns; empty if it does not say.
        separator: what stands between the tags of a cell.
        where: what says so: a path, or `the file's own metadata`.
    """

    encoding: str | None
    classes: tuple[str, ...]
    positive: str | None = None
    columns: tuple[str, ...] = ()
    separator: str | None = None
    where: str = field(default="", compare=False, key=None)
