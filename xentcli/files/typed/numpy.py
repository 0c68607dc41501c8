"""NumPy arrays: .npy by plain block reads, .npz as a column per member; never unpickled.

Floor 2. A vector is a column, a matrix is one column of lists of fixed length, a structured array has a
column per field. Memory maps are not used: their pages would count as memory of the process.
"""

import math
import struct
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import IO, Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.errors import ColumnError, InputError, Place, UnreadableError, XentError
from xentcli.files.arrays import matrix, vector
from xentcli.files.batches import BATCH_BYTES, MAX_ROWS, MOST_CLASSES, PART_BYTES, refuse_duplicates, refuse_no_rows
from xentcli.files.blob import Blob, random_access, section
from xentcli.files.declared import listed
from xentcli.files.format import Format
from xentcli.files.streams import first_line
from xentcli.files.table import Column, ReadAs, Table
from xentcli.phrases import counted
from xentcli.record import Record

_CLASSES = "classes"
"""The array of a .npz that may list class names."""

_LOCAL_HEADER = struct.Struct("<4s22sHH")
"""Of a zip member: signature, what the directory repeats, lengths of its name and its extra field."""

_VERSIONS = {(1, 0), (2, 0), (3, 0)}

_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896
"""Of Python's calendar, from 1970-01-01."""


class Header(Record):
    """What the first bytes of a .npy say.

    Attributes:
        shape: the array's shape; a matrix of one column counts as a vector.
        fortran: whether columns are contiguous.
        dtype: type of the elements.
        start: where the data begin, in bytes.
    """

    shape: tuple[int, ...]
    fortran: bool
    dtype: np.dtype[Any]
    start: int

    @property
    def rows(self) -> int:
        """Length of the first axis."""
        return self.shape[0]

    @property
    def row_bytes(self) -> int:
        """Bytes of a row."""
        return math.prod(self.shape[1:]) * self.dtype.itemsize


def read_header(stream: IO[bytes], name: str) -> Header:
    """Return the header of an array at the start of a stream.

    Raises:
        UnreadableError: it is no array that can be read without running code, or has too many axes.
    """
    try:
        shape, fortran, dtype = _parsed(stream)
    except Exception as error:  # its header is parsed as Python, which stumbles over damage in many ways
        raise UnreadableError(f"cannot be read as a NumPy array: {first_line(error)}", place=Place(name)) from error
    if dtype.hasobject:
        raise UnreadableError(
            "holds Python objects, which can only be loaded by unpickling, and that runs code",
            place=Place(name),
            help="save an array of numbers or of text (dtype <U): numpy.save(path, array.astype(str))",
        )
    if not dtype.itemsize:
        raise UnreadableError(f"holds elements of no size ({dtype.str})", place=Place(name))
    if len(shape) not in {1, 2} or min(shape) < 0 or (dtype.names and len(shape) != 1):
        raise UnreadableError(
            f"has shape {shape}; read are arrays of shape (rows,) or (rows, classes)", place=Place(name)
        )
    if len(shape) == 2 and shape[1] == 0:
        raise ColumnError(f"has shape {shape}: no columns", place=Place(name))
    axes = tuple(int(axis) for axis in shape)
    if axes[1:] == (1,):
        axes, fortran = axes[:1], False
    return Header(axes, bool(fortran) and len(axes) == 2, dtype, stream.tell())


def _parsed(stream: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Return shape, order and type of a header; numpy's parser raises whatever it stumbles over."""
    import numpy.lib.format as npy  # noqa: PLC0415  only arrays need it

    version = npy.read_magic(stream)
    if version not in _VERSIONS:
        raise ValueError(f"version {version[0]}.{version[1]} of the format is unknown")
    reader = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, fortran, dtype = reader(stream)
    if version == (3, 0) and dtype.names:  # its header is UTF-8, and the reader takes it for Latin-1
        dtype.names = tuple(name.encode("latin-1").decode("utf-8") for name in dtype.names)
    return shape, fortran, dtype


def sound(values: npt.NDArray[Any], column: str, path: str) -> npt.NDArray[Any]:
    """Return values of which each is one: numpy takes any four bytes for a character, and any count for a day.

    Raises:
        UnreadableError: a text holds what is no character.
        ColumnError: a day lies beyond the calendar.
    """
    if values.dtype.kind == "U":
        letters = np.ascontiguousarray(values).view(f"{values.dtype.byteorder}u4")
        if letters.max(initial=0) > sys.maxunicode:
            raise UnreadableError(
                "holds text of numbers that are no characters",
                place=Place(path, column=column),
                help="the file is damaged; write it again",
            )
    if values.dtype == np.dtype("M8[D]"):
        days = values[~np.isnat(values)].astype(np.int64)
        if days.size and not (days.min() >= _FIRST_DAY and days.max() <= _LAST_DAY):  # Arrow would cut them to 32 bits
            raise ColumnError("holds days beyond the years 1 to 9999", place=Place(path, column=column))
    return values


class ArrayFile(Record):
    """One .npy, alone or in a .npz.

    Attributes:
        blob: its bytes, seekable.
        header: what its first bytes say.
        name: the name of its column, where it has no fields.
    """

    blob: Blob
    header: Header
    name: str

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its columns: one, or one per field.

        Raises:
            UnreadableError: an element is neither number nor text.
        """
        dtype = self.header.dtype
        if dtype.names:
            return tuple(Column(name, self._type(dtype[name])) for name in dtype.names)
        kind = self._type(dtype)
        wide = len(self.header.shape) == 2
        return (Column(self.name, pa.list_(kind, self.header.shape[1]) if wide else kind),)

    def _type(self, dtype: np.dtype[Any]) -> pa.DataType:
        try:
            return pa.string() if dtype.kind in "US" else pa.from_numpy_dtype(dtype.newbyteorder("="))
        except (pa.ArrowException, TypeError) as error:
            raise UnreadableError(
                f"holds elements of type {dtype}, not numbers or text", place=Place(self.blob.name)
            ) from error

    def arrays(self, stream: IO[bytes], start: int, stop: int) -> dict[str, pa.Array]:
        """Return the columns of rows start..stop; C order reads a run, Fortran order a run per column."""
        block = self._block(stream, start, stop)
        path = self.blob.name
        if block.dtype.names:
            return {name: vector(sound(block[name], name, path)) for name in block.dtype.names}
        block = sound(block, self.name, path)
        return {self.name: matrix(block) if block.ndim == 2 else vector(block)}

    def _block(self, stream: IO[bytes], start: int, stop: int) -> npt.NDArray[Any]:
        header, count = self.header, stop - start
        if not header.fortran:
            flat = self._read(stream, start * header.row_bytes, count * header.row_bytes)
            return np.frombuffer(flat, dtype=header.dtype).reshape(count, *header.shape[1:])
        size = header.dtype.itemsize
        block = np.empty((header.shape[1], count), dtype=header.dtype)
        for column in range(header.shape[1]):
            flat = self._read(stream, (column * header.rows + start) * size, count * size)
            block[column] = np.frombuffer(flat, dtype=header.dtype)
        return block.T

    def _read(self, stream: IO[bytes], start: int, count: int) -> bytes:
        try:
            stream.seek(self.header.start + start)
            found = stream.read(count)
        except OSError as error:
            raise UnreadableError(first_line(error), place=Place(self.blob.name)) from error
        if len(found) < count:
            raise UnreadableError(
                "ends before its last row",
                place=Place(self.blob.name),
                help="the file is truncated; write it again",
            )
        return found


class ArrayPart(Record):
    """A range of rows of arrays of equal length, read side by side, block by block."""

    files: tuple[ArrayFile, ...]
    start: int
    stop: int

    @property
    def rows(self) -> int:
        """Number of rows."""
        return self.stop - self.start

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        wanted = [one for one in self.files if any(column.name in columns for column in one.columns)]
        step = _rows_within(BATCH_BYTES, wanted)
        with ExitStack() as stack:
            streams = [stack.enter_context(one.blob.open()) for one in wanted]
            for start in range(self.start, self.stop, step):
                stop = min(start + step, self.stop)
                arrays: dict[str, pa.Array] = {}
                for one, stream in zip(wanted, streams, strict=True):
                    arrays |= one.arrays(stream, start, stop)
                yield pa.RecordBatch.from_arrays([arrays[name] for name in columns], names=list(columns))


def _rows_within(budget: int, files: list[ArrayFile]) -> int:
    row_bytes = sum(one.header.row_bytes for one in files)
    return max(1, min(MAX_ROWS, budget // max(1, row_bytes)))


def _table(path: str, form: Format, files: tuple[ArrayFile, ...]) -> Table:
    rows = files[0].header.rows
    refuse_no_rows(path, rows)
    for one in files:
        _refuse_truncated(one)
    columns = tuple(column for one in files for column in one.columns)
    refuse_duplicates(path, [column.name for column in columns])
    row_bytes = sum(one.header.row_bytes for one in files)
    step = max(_rows_within(BATCH_BYTES, list(files)), PART_BYTES // max(1, row_bytes))
    parts = tuple(ArrayPart(files, start, min(start + step, rows)) for start in range(0, rows, step))
    return Table(path, form, columns, parts, rows)


def _refuse_truncated(one: ArrayFile) -> None:
    expected = one.header.start + one.header.rows * one.header.row_bytes
    if one.blob.size is not None and one.blob.size < expected:
        raise UnreadableError(
            f"is {counted(one.blob.size, 'byte')} long, its header promises {expected:,}",
            place=Place(one.blob.name),
            help="the file is truncated; write it again",
        )


def _array_file(blob: Blob, column: str) -> ArrayFile:
    with blob.open() as stream:
        return ArrayFile(blob, read_header(stream, blob.name), column)


def open_npy(blob: Blob, form: Format) -> Table:
    """Return the table of a .npy file; the column is named f0, fields by their names.

    Raises:
        XentError: it is truncated, empty, or holds what only unpickling could load.
    """
    return _table(blob.name, form, (_array_file(random_access(blob), "f0"),))


def open_npz(blob: Blob, form: Format) -> Table:
    """Return the table of a .npz file: a column per array.

    Raises:
        XentError: it is damaged, its arrays differ in length, or one can only be loaded by unpickling.
    """
    blob = random_access(blob)
    try:
        with blob.open() as stream, ZipFile(stream) as archive:
            members = [one for one in archive.infolist() if one.filename.endswith(".npy")]
            files = tuple(
                _array_file(_member(blob, archive, one), one.filename.removesuffix(".npy")) for one in members
            )
    except XentError:
        raise
    except Exception as error:  # a damaged directory makes `zipfile` stumble in many ways
        raise UnreadableError(
            f"cannot be read as .npz: {first_line(error)}",
            place=Place(blob.name),
            help="the file is truncated or damaged; write it again",
        ) from error
    if not files:
        raise ColumnError("holds no arrays", place=Place(blob.name))
    files, names = _without_classes(files)
    if len({one.header.rows for one in files}) > 1:
        shown = ", ".join(f"{one.name} has {one.header.rows:,}" for one in files)
        raise InputError(
            f"its arrays differ in length: {shown}",
            place=Place(blob.name),
            help="save arrays with one entry a row; class names go to --classes",
        )
    table = _table(blob.name, form, files)
    return table if names is None else listed(table, names, f"{blob.name}:{_CLASSES}")


def _without_classes(files: tuple[ArrayFile, ...]) -> tuple[tuple[ArrayFile, ...], tuple[str, ...] | None]:
    """Return the arrays without the one that lists class names beside a single other, and those names.

    An array `classes` of distinct texts is such a list; as a column it would be an id.
    """
    rest = tuple(one for one in files if one.name != _CLASSES)
    if len(rest) != 1 or len(files) != 2:
        return files, None
    names = next(one for one in files if one.name == _CLASSES)
    header = names.header
    if header.dtype.kind != "U" or len(header.shape) != 1 or header.rows > MOST_CLASSES:
        return files, None
    with names.blob.open() as stream:
        texts = names.arrays(stream, 0, header.rows)[_CLASSES].to_pylist()
    found = tuple("" if text is None else str(text) for text in texts)
    return (rest, found) if len(set(found)) == len(found) > 0 else (files, None)


def _member(blob: Blob, archive: ZipFile, member: ZipInfo) -> Blob:
    """Return a seekable Blob of a member: its bytes in place if they are stored, else a plain copy."""
    name = f"{blob.name}:{member.filename}"
    encrypted = bool(member.flag_bits & 1)
    if member.compress_type != ZIP_STORED or encrypted:
        with archive.open(member) as stream:
            return random_access(Blob(name, lambda: stream, None, seekable=False, suffix=""))
    with blob.open() as stream:
        stream.seek(member.header_offset)
        signature, _, *lengths = _LOCAL_HEADER.unpack(stream.read(_LOCAL_HEADER.size))
    if signature != b"PK\x03\x04":
        raise BadZipFile(f"no member stands at byte {member.header_offset}")
    start = member.header_offset + _LOCAL_HEADER.size + sum(lengths)
    return section(blob, name, start, member.file_size)
