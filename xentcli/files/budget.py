"""Budget: how much memory reading may take, and the watch over it between batches.

Floor 2. What counts is what the process holds beyond what it held when the file was opened: a program that uses the
library may hold much of its own. Without a budget of the caller's it is half of what the machine, or the control group
of a container, has. What is read whole (XLSX, JSON arrays, DTA, SAV) is estimated from its header before it is read.
"""

import os
import re
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import pyarrow as pa

from xentcli.errors import ColumnError, Place, UnreadableError, UsageError
from xentcli.files.arrays import is_list
from xentcli.files.batches import MOST_CLASSES_A_ROW, rows_of
from xentcli.files.blob import Blob
from xentcli.files.format import Format
from xentcli.files.table import Part, ReadAs
from xentcli.record import Record, field

LEAST = 2 << 30
"""The budget of a machine with little memory, unless the caller sets a smaller one."""

_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_SIZE = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[kmgt]?)(?:i?b)?", re.IGNORECASE)


def bytes_of(size: str | int) -> int:
    """Return the bytes that a size such as `512M`, `4GiB` or `1.5g` means; a bare number counts bytes.

    Raises:
        UsageError: it is no size.
    """
    found = _SIZE.fullmatch(str(size).strip())
    count = 0 if found is None else int(float(found["number"]) * _UNITS[found["unit"].casefold()])
    if count < 1:
        raise UsageError(f"{str(size)[:40]!r} is no size", option="memory", help="such as --memory 4G or --memory 512M")
    return count


def shown(count: int) -> str:
    """Return a number of bytes as a sentence shows it."""
    for unit, size in (("GiB", 1 << 30), ("MiB", 1 << 20)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count:,} bytes"


def default_size() -> int:
    """Return half of the memory of the machine or of its container, but at least `LEAST`."""
    machine = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")] if hasattr(os, "sysconf") else []
    return max(LEAST, min([*machine, *container_limits()], default=0) // 2)


def held() -> int:
    """Return the bytes that the process holds: in main memory where the system tells, else through Arrow."""
    try:
        with open("/proc/self/statm", "rb", buffering=0) as file:  # noqa: PTH123  once a batch: pathlib is slower
            return int(file.read(128).split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return int(pa.total_allocated_bytes())


class Budget(Record):
    """How much reading may take.

    Attributes:
        allowed: bytes beyond `before`.
        before: bytes that the process held when the file was opened.
    """

    allowed: int = field(default_factory=default_size)
    before: int = field(default_factory=held)

    def check(self, path: str, batch: pa.RecordBatch | None = None) -> None:
        """Raise if more is held than is allowed; the widest column of a batch is named.

        Raises:
            UnreadableError: it is.
        """
        taken = held() - self.before
        if taken <= self.allowed:
            return
        widest = None if batch is None else max(batch.schema.names, key=lambda name: _size(batch, name), default=None)
        raise UnreadableError(
            f"needs more memory than it may take: {shown(taken)} so far, {shown(self.allowed)} are allowed",
            place=Place(path, column=widest),
            help="--memory SIZE allows more, such as --memory 8G; a file may also be cut into smaller ones",
        )

    def refuse(self, path: str, least: int) -> None:
        """Raise if a file that is read whole takes more than is allowed.

        Args:
            path: of the file.
            least: bytes that it takes at least.

        Raises:
            UnreadableError: it does.
        """
        if least > self.allowed:
            raise UnreadableError(
                f"is read whole, which takes at least {shown(least)}; {shown(self.allowed)} are allowed",
                place=Place(path),
                help="--memory SIZE allows more; CSV, JSON lines and Parquet are read piece by piece",
            )


def _size(batch: pa.RecordBatch, name: str) -> int:
    return int(batch.column(batch.schema.get_field_index(name)).nbytes)


class WatchedPart(Record):
    """A part whose reader is watched: what the process holds, and how long its lists are.

    Attributes:
        part: that which is read.
        path: of its file.
        budget: what reading may take.
    """

    part: Part
    path: str
    budget: Budget

    @property
    def rows(self) -> int | None:
        """Number of rows, None if only reading tells."""
        return rows_of(self.part)

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`.

        Raises:
            UnreadableError: the budget is used up.
            ColumnError: the lists of a column are longer than any scores.
        """
        for batch in self.part.read(columns):
            self.budget.check(self.path, batch)
            for field_ in batch.schema:
                if is_list(field_.type):
                    self._refuse_long_lists(batch, field_.name)
            yield batch

    def _refuse_long_lists(self, batch: pa.RecordBatch, name: str) -> None:
        array = batch.column(batch.schema.get_field_index(name))
        values = len(array.flatten()) if len(array) <= _FEW_ROWS else 0
        if values > MOST_CLASSES_A_ROW * len(array):
            refuse_width(self.path, name, values // len(array))


_FEW_ROWS = 64
"""A batch of longer lists than are allowed has fewer rows: it is cut by its bytes."""


def refuse_width(path: str, column: str | None, width: int) -> None:
    """Raise if the rows of an array are longer than any scores.

    Raises:
        ColumnError: they are.
    """
    if width > MOST_CLASSES_A_ROW:
        raise ColumnError(
            f"holds {width:,} values a row, more than any model has classes ({MOST_CLASSES_A_ROW:,} are read)",
            place=Place(path, column=column),
            help="a row is one example: an array of the shape (classes, examples) must be transposed",
        )


_ROOT = Path("/sys/fs/cgroup")
_MEMBERSHIP = Path("/proc/self/cgroup")


def container_limits() -> Iterator[int]:
    """Yield the bytes that each group which holds the process allows, where it sets a limit."""
    for file in _limit_files():
        try:
            yield int(file.read_text(encoding="ascii"))
        except (OSError, ValueError):  # no such limit; version 2 writes `max` where there is none
            continue


def _limit_files() -> Iterator[Path]:
    """Yield where limits may stand, from the group of the process up to the root of each tree.

    Inside a container the path may be the host's, which is not seen there; its limit then stands at the root.
    """
    versions = {"": (_ROOT, "memory.max"), "memory": (_ROOT / "memory", "memory.limit_in_bytes")}
    groups = _groups()
    for controller, (root, name) in versions.items():
        group = PurePosixPath(groups.get(controller, "/"))
        for one in (group, *group.parents):
            yield root / str(one).lstrip("/") / name


def _groups() -> dict[str, str]:
    """Return the group of the process by controller; that of version 2 has no name."""
    try:
        lines = _MEMBERSHIP.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return {}
    split = [line.split(":", 2) for line in lines if line.count(":") >= 2]
    return {controller: path for _, controllers, path in split for controller in controllers.split(",")}


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
