"""Recognising: which format a Blob holds, from what the caller says, its suffix and its first bytes.

Floor 2. The suffix is believed unless the bytes speak against it; then the error names what they look like.
"""

from xentcli.errors import Place, UnreadableError, did_you_mean
from xentcli.files.blob import Blob
from xentcli.files.format import Format

SUFFIXES: dict[str, Format] = {
    ".csv": Format.CSV,
    ".tsv": Format.TSV,
    ".tab": Format.TSV,
    ".txt": Format.TXT,
    ".parquet": Format.PARQUET,
    ".pq": Format.PARQUET,
    ".arrow": Format.ARROW,
    ".feather": Format.ARROW,
    ".ipc": Format.ARROW,
    ".arrows": Format.ARROW,
    ".orc": Format.ORC,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".json": Format.JSON,
    ".npy": Format.NPY,
    ".npz": Format.NPZ,
    ".xlsx": Format.XLSX,
    ".dta": Format.DTA,
    ".sav": Format.SAV,
}

_PICKLES = (".pkl", ".pickle", ".joblib", ".pt", ".pth", ".ckpt")

_MAGIC: tuple[tuple[bytes, Format, str], ...] = (
    (b"PAR1", Format.PARQUET, "a Parquet file"),
    (b"PARE", Format.PARQUET, "an encrypted Parquet file"),
    (b"ARROW1", Format.ARROW, "an Arrow file"),
    (b"\xff\xff\xff\xff", Format.ARROW, "an Arrow stream"),
    (b"FEA1", Format.ARROW, "a Feather file of version 1"),
    (b"ORC", Format.ORC, "an ORC file"),
    (b"\x93NUMPY", Format.NPY, "a NumPy array"),
    (b"$FL2", Format.SAV, "an SPSS file"),
    (b"$FL3", Format.SAV, "an SPSS file"),
    (b"<stata_dta>", Format.DTA, "a Stata file"),
)

_TEXTS = {Format.CSV, Format.TSV, Format.TXT, Format.JSONL, Format.JSON}
_HEAD = 4096


def recognise(blob: Blob, given: Format | None) -> tuple[Format, str | None]:
    """Return the format, and a note if it was told from the content alone.

    Raises:
        UnreadableError: no format is known for it, or suffix and content disagree.
    """
    head = blob.head(_HEAD)
    _refuse_pointers(blob, head)
    named = given or _named(blob)
    seen = _seen(head)
    if named is None:
        return _from_content(blob, head, seen)
    _refuse_mismatch(blob, head, named, seen, said="given as" if given else "named")
    return named, None


def _named(blob: Blob) -> Format | None:
    """Return the format of the suffix, None where there is no suffix."""
    if blob.suffix in _PICKLES:
        raise UnreadableError(
            f"{blob.suffix} files can run code when they are loaded, so they are never read",
            place=Place(blob.name),
            help="save arrays with numpy.save, or tables with DataFrame.to_parquet",
        )
    if not blob.suffix:
        return None
    if blob.suffix not in SUFFIXES:
        known = ", ".join(sorted(SUFFIXES))
        close = did_you_mean(blob.suffix, list(SUFFIXES))
        raise UnreadableError(
            f"no format is known for the suffix {blob.suffix}"
            + (f" (did you mean {close}?)" if close else ""),
            place=Place(blob.name),
            details=(f"known: {known}, each also with .gz .bz2 .zst .xz",),
            help="say what it holds with --input-format",
        )
    return SUFFIXES[blob.suffix]


def _seen(head: bytes) -> tuple[Format, str] | None:
    for magic, form, words in _MAGIC:
        if head.startswith(magic):
            return form, words
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        excel = b"[Content_Types].xml" in head or b"xl/" in head or b"_rels/" in head
        return (Format.XLSX, "an Excel workbook") if excel else (Format.NPZ, "a zip archive")
    return None


def _from_content(blob: Blob, head: bytes, seen: tuple[Format, str] | None) -> tuple[Format, str | None]:
    if seen is not None:
        return seen[0], f"read as {seen[0].value}, as its first bytes say"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    found = {b"{": Format.JSONL, b"[": Format.JSON}.get(start, Format.CSV)
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableError(
            "is binary, but of no format that its first bytes tell",
            place=Place(blob.name),
            help="say what it holds with --input-format",
        )
    return found, f"read as {found.value} (--input-format overrides)"


def _refuse_mismatch(
    blob: Blob, head: bytes, named: Format, seen: tuple[Format, str] | None, *, said: str
) -> None:
    words = None
    if named in _TEXTS:
        words = None if seen is None else seen[1]
    elif named is Format.DTA:
        old_stata = (
            head[:1] in {b"\x69", b"\x6c", b"\x6e", b"\x6f", b"\x71", b"\x72", b"\x73"}
            and head[2:3] == b"\x01"
        )
        words = None if old_stata or (seen and seen[0] is Format.DTA) else _looks(head, seen)
    elif seen is None or seen[0] is not named:
        words = _looks(head, seen)
    if words is None or not head:
        return
    form = seen[0].value if seen is not None else "csv"
    raise UnreadableError(
        f"is {said} {named.value} but looks like {words}",
        place=Place(blob.name),
        help=f"pass --input-format {form} if that is what it is, or fetch the file again",
    )


def _looks(head: bytes, seen: tuple[Format, str] | None) -> str:
    if seen is not None:
        return seen[1]
    try:
        head[:-4].decode("utf-8") if len(head) == _HEAD else head.decode("utf-8")
    except UnicodeDecodeError:
        return "something else"
    return "text" if b"\x00" not in head else "something else"


def _refuse_pointers(blob: Blob, head: bytes) -> None:
    """Refuse the small text files that stand in for data kept elsewhere."""
    if head.startswith(b"version https://git-lfs.github.com/spec/"):
        raise UnreadableError(
            "is a Git LFS pointer, not the data themselves", place=Place(blob.name), help="run: git lfs pull"
        )
    dvc = head.startswith(b"outs:") and b"md5:" in head
    if dvc or blob.suffix == ".dvc":
        raise UnreadableError(
            "is a DVC pointer, not the data themselves", place=Place(blob.name), help="run: dvc pull"
        )
    if head.startswith((b"../../.git/annex/objects/", b"/annex/objects/")):
        raise UnreadableError(
            "is a git-annex pointer, not the data themselves",
            place=Place(blob.name),
            help="run: git annex get",
        )
