"""NumPy arrays: .npy by plain block reads, .npz as a column per member; never unpickled.

Floor 2. A vector is a column, a matrix is one column of lists of fixed length, a structured array has a
column per field. Memory maps are not used: their pages would count as memory of the process.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.errors import ColumnError, InputError, Place, UnreadableError
from xentcli.files.batches import BATCH_BYTES, MAX_ROWS, refuse_no_rows
from xentcli.files.blob import Blob, random_access
from xentcli.files.format import Format
from xentcli.files.table import Column, ReadAs, Table

_PART_BYTES = 64 << 20


@dataclass(frozen=True)
class Header:
    """What the first bytes of a .npy say.

    Attributes:
        shape: the array's shape.
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
        return int(np.prod(self.shape[1:], dtype=np.int64)) * self.dtype.itemsize


def read_header(stream: IO[bytes], name: str) -> Header:
    """Return the header of an array at the start of a stream.

    Raises:
        UnreadableError: it is no array that can be read without running code, or has too many axes.
    """
    import numpy.lib.format as npy  # noqa: PLC0415  only arrays need it

    try:
        version = npy.read_magic(stream)
        reader = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, fortran, dtype = reader(stream)
    except (ValueError, EOFError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise UnreadableError(f"cannot be read as a NumPy array: {reason}", place=Place(name)) from error
    if dtype.hasobject:
        raise UnreadableError(
            "holds Python objects, which can only be loaded by running code",
            place=Place(name),
            help="save an array of numbers or of text (dtype <U): numpy.save(path, array.astype(str))",
        )
    if len(shape) not in {1, 2} or (dtype.names and len(shape) != 1):
        raise UnreadableError(
            f"has shape {shape}; arrays of one or two axes are read, (rows,) and (rows, classes)",
            place=Place(name),
        )
    return Header(tuple(int(axis) for axis in shape), bool(fortran) and len(shape) == 2, dtype, stream.tell())


def _arrow_type(dtype: np.dtype[Any], name: str) -> pa.DataType:
    if dtype.kind in "US":
        return pa.string()
    try:
        return pa.from_numpy_dtype(dtype.newbyteorder("="))
    except (pa.ArrowException, TypeError) as error:
        raise UnreadableError(
            f"holds elements of type {dtype}, not numbers or text", place=Place(name)
        ) from error


def _columns(header: Header, name: str, column: str) -> tuple[Column, ...]:
    if header.dtype.names:
        fields = header.dtype.fields or {}
        return tuple(Column(one, _arrow_type(fields[one][0], name)) for one in header.dtype.names)
    kind = _arrow_type(header.dtype, name)
    return (Column(column, kind if len(header.shape) == 1 else pa.list_(kind, header.shape[1])),)


def to_arrow(values: npt.NDArray[Any]) -> pa.Array:
    """Return a vector as an Arrow array, a matrix as one of fixed-size lists.

    Text keeps what it holds; an empty text is a missing cell.
    """
    if values.ndim == 2:
        flat = to_arrow(np.ascontiguousarray(values).reshape(-1))
        return pa.FixedSizeListArray.from_arrays(flat, values.shape[1])
    if values.dtype.kind == "S":
        values = np.char.decode(values, "utf-8", "replace")
    if values.dtype.kind == "U":
        return pa.array([text or None for text in values.tolist()], type=pa.string())
    return pa.array(np.ascontiguousarray(values.astype(values.dtype.newbyteorder("="), copy=False)))


def _rows(stream: IO[bytes], header: Header, start: int, stop: int, name: str) -> npt.NDArray[Any]:
    """Return rows start..stop of an array; C order reads a run, Fortran order a run per column."""
    count = stop - start
    if not header.fortran:
        stream.seek(header.start + start * header.row_bytes)
        flat = _exactly(stream, count * header.row_bytes, name)
        return np.frombuffer(flat, dtype=header.dtype).reshape(count, *header.shape[1:])
    size = header.dtype.itemsize
    block = np.empty((header.shape[1], count), dtype=header.dtype)
    for column in range(header.shape[1]):
        stream.seek(header.start + (column * header.rows + start) * size)
        block[column] = np.frombuffer(_exactly(stream, count * size, name), dtype=header.dtype)
    return block.T


def _exactly(stream: IO[bytes], count: int, name: str) -> bytes:
    found = stream.read(count)
    if len(found) < count:
        raise UnreadableError(
            "ends before its last row", place=Place(name), help="the file is truncated; write it again"
        )
    return found


def _step(header: Header) -> int:
    return max(1, min(MAX_ROWS, BATCH_BYTES // max(1, header.row_bytes)))


@dataclass(frozen=True)
class ArrayPart:
    """A range of rows of a .npy."""

    blob: Blob
    header: Header
    names: tuple[str, ...]
    start: int
    stop: int

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        step = _step(self.header)
        with self.blob.open() as stream:
            for start in range(self.start, self.stop, step):
                rows = _rows(stream, self.header, start, min(start + step, self.stop), self.blob.name)
                yield _batch(rows, columns)


def _batch(rows: npt.NDArray[Any], columns: Mapping[str, ReadAs]) -> pa.RecordBatch:
    arrays = [to_arrow(rows[name] if rows.dtype.names else rows) for name in columns]
    return pa.RecordBatch.from_arrays(arrays, names=list(columns))


def open_npy(blob: Blob) -> Table:
    """Return the table of a .npy file; the column is named f0, fields by their names.

    Raises:
        XentError: it is truncated, empty, or holds what only unpickling could load.
    """
    blob = random_access(blob)
    with blob.open() as stream:
        header = read_header(stream, blob.name)
    refuse_no_rows(blob.name, header.rows)
    expected = header.start + header.rows * header.row_bytes
    if blob.size is not None and blob.size < expected:
        raise UnreadableError(
            f"is {blob.size:,} bytes long, its header promises {expected:,}",
            place=Place(blob.name),
            help="the file is truncated; write it again",
        )
    columns = _columns(header, blob.name, "f0")
    step = max(_step(header), _PART_BYTES // max(1, header.row_bytes))
    names = tuple(column.name for column in columns)
    parts = tuple(
        ArrayPart(blob, header, names, start, min(start + step, header.rows))
        for start in range(0, header.rows, step)
    )
    return Table(blob.name, Format.NPY, columns, parts, header.rows)


@dataclass(frozen=True)
class ArchivePart:
    """All rows of a .npz: the members are read side by side, block by block."""

    blob: Blob
    headers: tuple[tuple[str, Header], ...]

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        headers = dict(self.headers)
        owners = {name: _owner(self.headers, name) for name in columns}
        wanted = {member: headers[member] for member in owners.values()}
        rows = next(iter(headers.values())).rows
        step = min(_step(header) for header in wanted.values())
        with self.blob.open() as stream, ZipFile(stream) as archive:
            readers = {
                name: _member(archive, name, header, self.blob.name) for name, header in wanted.items()
            }
            for start in range(0, rows, step):
                count = min(step, rows - start)
                blocks = {name: reader(count) for name, reader in readers.items()}
                arrays = [
                    to_arrow(blocks[owner][name] if blocks[owner].dtype.names else blocks[owner])
                    for name, owner in owners.items()
                ]
                yield pa.RecordBatch.from_arrays(arrays, names=list(columns))


def _owner(headers: tuple[tuple[str, Header], ...], column: str) -> str:
    for member, header in headers:
        if column == member or column in (header.dtype.names or ()):
            return member
    raise KeyError(column)


def _member(archive: ZipFile, name: str, header: Header, path: str) -> Callable[[int], npt.NDArray[Any]]:
    """Return a function that reads the next rows of a member; Fortran order is read whole."""
    stream = archive.open(f"{name}.npy")
    read_header(stream, f"{path}:{name}")
    if not header.fortran:

        def following(count: int) -> npt.NDArray[Any]:
            flat = _exactly(stream, count * header.row_bytes, path)
            return np.frombuffer(flat, dtype=header.dtype).reshape(count, *header.shape[1:])

        return following
    flat = _exactly(stream, header.rows * header.row_bytes, path)
    whole = np.frombuffer(flat, dtype=header.dtype).reshape(header.shape, order="F")
    position = [0]

    def sliced(count: int) -> npt.NDArray[Any]:
        position[0] += count
        return whole[position[0] - count : position[0]]

    return sliced


def open_npz(blob: Blob) -> Table:
    """Return the table of a .npz file: a column per array.

    Raises:
        XentError: it is damaged, its arrays differ in length, or one can only be loaded by unpickling.
    """
    blob = random_access(blob)
    try:
        with blob.open() as stream, ZipFile(stream) as archive:
            members = [one[: -len(".npy")] for one in archive.namelist() if one.endswith(".npy")]
            headers = []
            for member in members:
                with archive.open(f"{member}.npy") as inner:
                    headers.append((member, read_header(inner, f"{blob.name}:{member}")))
    except (BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise UnreadableError(f"cannot be read as .npz: {error}", place=Place(blob.name)) from error
    if not headers:
        raise ColumnError("holds no arrays", place=Place(blob.name))
    lengths = {member: header.rows for member, header in headers}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{member} has {rows:,}" for member, rows in lengths.items())
        raise InputError(f"its arrays differ in length: {shown}", place=Place(blob.name))
    refuse_no_rows(blob.name, headers[0][1].rows)
    columns = tuple(column for member, header in headers for column in _columns(header, blob.name, member))
    part = ArchivePart(blob, tuple(headers))
    return Table(blob.name, Format.NPZ, columns, (part,), headers[0][1].rows)
