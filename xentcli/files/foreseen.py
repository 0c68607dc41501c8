"""Foreseen: how much memory a file that is read whole takes at least, by its header and before it is read.

Floor 2. Formats that are read batch by batch are watched between batches instead.
"""

import struct

from xentcli.files.blob import Blob
from xentcli.files.format import Format

_SAV_HEADER = struct.Struct("4s60siiiii")
"""Magic, product, layout, elements of 8 bytes a row, compression, weight, rows: the start of an SPSS file."""

_SAV_ORDERS = {2, 3}
"""What `layout` says where numbers stand in this machine's order."""


def foreseen(blob: Blob, form: Format) -> int:
    """Return the bytes that reading a file takes at the very least, 0 where nothing tells.

    Args:
        blob: the file.
        form: its format.
    """
    if form is Format.XLSX:
        return _unpacked(blob)
    if form is Format.SAV:
        return max(blob.size or 0, _sav_values(blob.head(_SAV_HEADER.size)))
    if form is Format.DTA:
        return blob.size or 0
    if form in {Format.JSON, Format.JSONL} and blob.head(1 << 12).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"[":
        return 2 * (blob.size or 0)  # the bytes, and the text that is parsed
    return 0


def _unpacked(blob: Blob) -> int:
    """Return the size of the texts of a workbook, which are all held, and of its smallest sheet."""
    import zipfile  # noqa: PLC0415  only workbooks need it

    if not blob.seekable:
        return 0
    try:
        with blob.open() as stream, zipfile.ZipFile(stream) as archive:
            sizes = {one.filename: one.file_size for one in archive.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError):
        return 0  # its reader says what is wrong
    sheets = [size for name, size in sizes.items() if name.startswith("xl/worksheets/sheet")]
    return sizes.get("xl/sharedStrings.xml", 0) + min(sheets, default=0)


def _sav_values(head: bytes) -> int:
    """Return a byte for each element of the rows, less than any of them takes as a Python object."""
    if len(head) < _SAV_HEADER.size:
        return 0
    _, _, layout, elements, _, _, rows = _SAV_HEADER.unpack(head)
    return elements * rows if layout in _SAV_ORDERS and elements > 0 and rows > 0 else 0
