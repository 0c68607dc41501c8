"""Formats that pandas reads, whole: Excel, Stata, SPSS; and tables that are in memory already.

Floor 2. These stand outside the promise that memory does not grow with the file.
"""

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from xentcli.errors import ColumnError, InputError, Place, UnreadableError
from xentcli.files.batches import MemoryPart, columns_of, plain_type, refuse_no_rows
from xentcli.files.blob import Blob, random_access
from xentcli.files.format import Format
from xentcli.files.table import Table
from xentcli.files.typed.numpy import to_arrow

if TYPE_CHECKING:
    import pandas as pd


def open_whole(blob: Blob, form: Format) -> Table:
    """Return the table of an Excel, Stata or SPSS file.

    Raises:
        XentError: it is damaged or empty, or the package that reads it is missing.
    """
    blob = random_access(blob)
    readers = {Format.XLSX: _excel, Format.DTA: _stata, Format.SAV: _spss}
    try:
        frame, notes = readers[form](blob)
    except ImportError as error:
        raise UnreadableError(
            "needs the package pyreadstat",
            place=Place(blob.name),
            help="python -m pip install 'xentcli[spss]'",
        ) from error
    except UnreadableError:
        raise
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UnreadableError(
            f"cannot be read as {form.value}: {reason}",
            place=Place(blob.name),
            help="the file is truncated or damaged; write it again",
        ) from error
    return of_frame(frame, blob.name, form, notes)


def _excel(blob: Blob) -> tuple["pd.DataFrame", tuple[str, ...]]:
    import pandas as pd  # noqa: PLC0415  heavy, and only for these formats

    with blob.open() as stream, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = pd.ExcelFile(stream, engine="openpyxl")
        first = str(book.sheet_names[0])
        frame = book.parse(first, keep_default_na=False, na_values=[""])
    more = len(book.sheet_names) - 1
    return frame, ((f"sheet {first!r} of {more + 1}",) if more else ())


def _stata(blob: Blob) -> tuple["pd.DataFrame", tuple[str, ...]]:
    import pandas as pd  # noqa: PLC0415  heavy, and only for these formats

    with blob.open() as stream:
        return pd.read_stata(stream), ()


def _spss(blob: Blob) -> tuple["pd.DataFrame", tuple[str, ...]]:
    import tempfile  # noqa: PLC0415  only SPSS needs a path
    from pathlib import Path  # noqa: PLC0415  likewise

    import pandas as pd  # noqa: PLC0415  heavy, and only for these formats
    import pyreadstat  # noqa: F401, PLC0415  raises ImportError where the extra is missing

    with blob.open() as stream, tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.sav"
        copy.write_bytes(stream.read())
        return pd.read_spss(copy), ()


def of_frame(frame: "pd.DataFrame", name: str, form: Format, notes: tuple[str, ...] = ()) -> Table:
    """Return the table of a pandas DataFrame; an index with a name becomes a column.

    Raises:
        ColumnError: a column holds what Arrow has no type for.
    """
    if frame.index.name is not None and frame.index.name not in frame.columns:
        frame = frame.reset_index()
    frame = frame.set_axis([str(column) for column in frame.columns], axis=1)
    arrays, names = [], []
    for at, column in enumerate(frame.columns):
        series = frame.iloc[:, at]
        names.append(column)
        arrays.append(_series(series, name, column))
    table = pa.Table.from_arrays(arrays, names=names) if arrays else pa.table({})
    return of_arrow(table, name, form, notes)


def _series(series: Any, name: str, column: str) -> pa.Array:
    try:
        return pa.array(series, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError):
        kinds = {type(value) for value in series.dropna()}
        if kinds <= {str, int, float, bool}:
            return pa.array([None if value != value else str(value) for value in series], type=pa.string())  # noqa: PLR0124
    raise ColumnError("holds objects that are no cells", place=Place(name, column=column))


def of_arrow(table: pa.Table, name: str, form: Format = Format.FRAME, notes: tuple[str, ...] = ()) -> Table:
    """Return the table of Arrow data in memory.

    Raises:
        XentError: it has no rows, or doubled column names.
    """
    columns, more = columns_of(name, table.schema)
    refuse_no_rows(name, table.num_rows)
    kept = table.select([column.name for column in columns])
    for at, field in enumerate(kept.schema):
        if plain_type(field.type) != field.type:
            kept = kept.set_column(at, field.name, kept.column(at).cast(plain_type(field.type)))
    step = max(1, -(-table.num_rows // 8), 1 << 16)
    parts = tuple(MemoryPart(kept.slice(start, step)) for start in range(0, table.num_rows, step))
    return Table(name, form, columns, parts, table.num_rows, (*notes, *more))


def of_arrays(arrays: Sequence[Any], names: tuple[str, ...] = ("y_true", "y_pred")) -> Table:
    """Return the table of arrays that belong together, a column each.

    Args:
        arrays: as many as names; anything that numpy takes, of shape (n,) or (n, k), or lists of lists
            of different lengths (tags).
        names: the columns' names.

    Raises:
        InputError: their lengths differ.
    """
    columns = [_array(array, name) for array, name in zip(arrays, names, strict=True)]
    lengths = [len(column) for column in columns]
    if len(set(lengths)) > 1:
        shown = ", ".join(f"{name} has {length:,}" for name, length in zip(names, lengths, strict=True))
        raise InputError(f"the arrays differ in length: {shown} rows")
    return of_arrow(pa.Table.from_arrays(columns, names=list(names)), "arrays", Format.ARRAYS)


def _array(values: Any, name: str) -> pa.Array:
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if isinstance(values, list | tuple):
        try:
            return pa.array(values)
        except (pa.ArrowException, TypeError):
            pass
    array = np.asarray(values)
    if array.dtype == object:
        return pa.array(array.tolist())
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim not in {1, 2}:
        raise InputError(f"has shape {array.shape}, not (rows,) or (rows, classes)", place=Place(column=name))
    return to_arrow(array)
