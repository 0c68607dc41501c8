"""Recognising: which format a Blob holds, from what the caller says, its suffix and its first bytes.

Floor 2. The suffix is believed unless the bytes speak against it; then the error names what they look like.
"""

import json

from xentcli.errors import Place, UnreadableError, did_you_mean
from xentcli.files.blob import Blob, refuse_pointer
from xentcli.files.format import FORMATS, SUFFIXES, Format
from xentcli.record import Record

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
