"""The file formats, each with its suffixes, first bytes and reader, and what a caller may say about a file.

It imports nothing of xent, so that `--help` is instant; readers are named here and imported when a file needs one.

Floor 2.
"""

from enum import StrEnum
from typing import NamedTuple

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

    @property
    def has_lines(self) -> bool:
        """Whether what the caller says about lines and cells, or about bad ones, can matter to the reader."""
        return self.is_text or self in {Format.JSONL, Format.JSON}


class FileFormat(NamedTuple):
    """How files of a format are known, and what reads them.

    Attributes:
        suffixes: of their names.
        reader: the module of `xentcli.files` and the function in it, from a Blob and the format to a Table.
        magic: the bytes that they start with, each with words for a person.
    """

    suffixes: tuple[str, ...]
    reader: str
    magic: tuple[tuple[bytes, str], ...] = ()


FORMATS: dict[Format, FileFormat] = {
    Format.CSV: FileFormat((".csv",), "text.table.open_text"),
    Format.TSV: FileFormat((".tsv", ".tab"), "text.table.open_text"),
    Format.TXT: FileFormat(
        (".txt", ".dat", ".libsvm", ".svm", ".svmlight", ".conll", ".conllu", ".qrels"), "text.table.open_text"
    ),
    Format.PARQUET: FileFormat((".parquet", ".pq"), "typed.parquet.open_parquet", ((b"PAR1", "a Parquet file"),)),
    Format.ARROW: FileFormat(
        (".arrow", ".arrows", ".feather", ".ipc"), "typed.arrow.open_arrow",
        (
            (b"ARROW1", "an Arrow file"), (b"\xff\xff\xff\xff", "an Arrow stream"),
            (b"FEA1", "a Feather file of version 1"),
        ),
    ),
    Format.ORC: FileFormat((".orc",), "typed.arrow.open_orc", ((b"ORC", "an ORC file"),)),
    Format.JSONL: FileFormat((".jsonl", ".ndjson"), "json.table.open_json"),
    Format.JSON: FileFormat((".json",), "json.table.open_json"),
    Format.NPY: FileFormat((".npy",), "typed.numpy.open_npy", ((b"\x93NUMPY", "a NumPy array"),)),
    Format.NPZ: FileFormat((".npz",), "typed.numpy.open_npz"),
    Format.XLSX: FileFormat((".xlsx",), "typed.memory.open_whole"),
    Format.DTA: FileFormat((".dta",), "typed.memory.open_whole", ((b"<stata_dta>", "a Stata file"),)),
    Format.SAV: FileFormat(
        (".sav",), "typed.memory.open_whole", ((b"$FL2", "an SPSS file"), (b"$FL3", "an SPSS file"))
    ),
}  # fmt: skip
"""Of files; `frame` and `arrays` are what the library is given in memory."""

SUFFIXES: dict[str, Format] = {suffix: form for form, one in FORMATS.items() for suffix in one.suffixes}
"""The format that each suffix stands for."""

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
