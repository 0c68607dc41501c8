"""Tables that are in memory: what the caller holds there, and the formats that a library reads whole.

Floor 2. Tables that are in memory already: pandas and Arrow tables, arrays, and what pandas has read. Nothing is
copied that need not be.

Formats that are read whole: Excel, Stata and SPSS, through pandas and pyreadstat. These stand outside the promise
that memory does not grow with the file.
"""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pyarrow as pa

from xentcli.errors import ColumnError, EmptyInputError, InputError, Place, UnreadableError, XentError
from xentcli.files.arrays import matrix, texts, vector
from xentcli.files.batches import MemoryPart, columns_of, dictionary_classes, refuse_no_rows
from xentcli.files.blob import Blob, random_access
from xentcli.files.declared import of_schema
from xentcli.files.format import Format
from xentcli.files.table import Column, Table
from xentcli.files.typed.damage import unread

if TYPE_CHECKING:
    import pandas as pd

_PARTS = 8
_LEAST_ROWS = 1 << 16


def of_arrow(table: pa.Table, name: str, form: Format = Format.FRAME, notes: tuple[str, ...] = ()) -> Table:
    """Return the table of Arrow data in memory.

    Raises:
        XentError: it has no rows, no columns, or doubled column names.
    """
    columns, more = columns_of(name, table.schema)
    refuse_no_rows(name, table.num_rows)
    kept = table.select([column.name for column in columns])
    columns = tuple(
        Column(column.name, column.type, column.classes or dictionary_classes(kept.column(column.name)))
        for column in columns
    )
    step = max(1, -(-table.num_rows // _PARTS), _LEAST_ROWS)
    parts = tuple(MemoryPart(kept.slice(start, step)) for start in range(0, table.num_rows, step))
    return of_schema(Table(name, form, columns, parts, table.num_rows, (*notes, *more)), table.schema)


def of_frame(frame: "pd.DataFrame", name: str, form: Format, notes: tuple[str, ...] = ()) -> Table:
    """Return the table of a pandas DataFrame; an index with a name becomes a column.

    Raises:
        ColumnError: a column holds what is no cell, or a name stands twice.
    """
    if frame.index.name is not None and frame.index.name not in frame.columns:
        frame = frame.reset_index()
    names = [str(column) for column in frame.columns]
    arrays = [_of_series(frame.iloc[:, at], name, column) for at, column in enumerate(names)]
    return of_arrow(pa.Table.from_arrays(arrays, names=names), name, form, notes)


def _of_series(series: Any, name: str, column: str) -> pa.Array:
    try:
        return pa.array(series, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError):
        if series.dtype != object:
            series = series.astype(object)
    return of_cells(series, name, column)


def of_cells(cells: Iterable[Any], name: str, column: str) -> pa.Array:
    """Return Python values as an array: of their common type, of text where they are of several.

    Raises:
        ColumnError: they are no cells.
    """
    values = [None if cell is None or cell != cell else cell for cell in cells]  # noqa: PLR0124  NaN
    try:
        return pa.array(values)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        if all(value is None or isinstance(value, str | int | float) for value in values):
            return texts(None if value is None else str(value) for value in values)
    raise ColumnError("holds objects that are no cells", place=Place(name, column=column))


def of_arrays(arrays: Sequence[Any], names: tuple[str, ...] = ("y_true", "y_pred")) -> Table:
    """Return the table of arrays that belong together, a column each.

    Args:
        arrays: as many as names; anything that numpy takes, of shape (n,) or (n, k), or lists of lists
            of different lengths (tags).
        names: the columns' names.

    Raises:
        InputError: their lengths differ, or one is no array of one or two axes.
    """
    columns = [_of_array(array, name) for array, name in zip(arrays, names, strict=True)]
    _refuse_lengths(columns, names)
    return of_arrow(pa.Table.from_arrays(columns, names=list(names)), "arrays", Format.ARRAYS)


def of_columns(columns: Mapping[Any, Any]) -> Table:
    """Return the table of columns by name, each as in `of_arrays`.

    Raises:
        InputError: likewise.
    """
    names = tuple(str(name) for name in columns)
    if not names:
        raise EmptyInputError("there are no columns", place=Place("dict"))
    arrays = [_of_array(values, name) for values, name in zip(columns.values(), names, strict=True)]
    _refuse_lengths(arrays, names)
    return of_arrow(pa.Table.from_arrays(arrays, names=list(names)), "dict", Format.FRAME)


def of_rows(rows: Sequence[Mapping[Any, Any]]) -> Table:
    """Return the table of rows that are mappings; the names are those of all rows, and what a row lacks is missing.

    Raises:
        ColumnError: a column holds what is no cell.
    """
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = [of_cells((row.get(name) for row in rows), "rows", str(name)) for name in names]
    return of_arrow(pa.Table.from_arrays(columns, names=[str(name) for name in names]), "rows", Format.FRAME)


def _refuse_lengths(columns: Sequence[pa.Array | pa.ChunkedArray], names: Sequence[str]) -> None:
    """Raise if columns differ in length.

    Raises:
        InputError: with the length of each.
    """
    lengths = [len(column) for column in columns]
    if len(set(lengths)) > 1:
        shown = ", ".join(f"{name} has {length:,}" for name, length in zip(names, lengths, strict=True))
        raise InputError(f"the arrays differ in length: {shown}")


def _of_array(values: Any, name: str) -> pa.Array | pa.ChunkedArray:
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return values
    if type(values).__module__.startswith("pandas") and getattr(values, "ndim", 1) == 1:
        return _of_series(values, "arrays", name)
    if isinstance(values, list | tuple) and _is_ragged(values):
        return of_cells((list(value) for value in values), "arrays", name)
    array = _numpy(values, name)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim not in {1, 2} or (array.ndim == 2 and array.shape[1] == 0):
        raise InputError(f"has shape {array.shape}, not (rows,) or (rows, classes)", place=Place(column=name))
    if array.dtype == object:
        return of_cells(array.tolist(), "arrays", name)
    try:
        return matrix(array) if array.ndim == 2 else vector(array)
    except (pa.ArrowException, TypeError) as error:
        raise InputError(
            f"holds elements of type {array.dtype}, not numbers or text", place=Place(column=name)
        ) from error


def _is_ragged(values: Sequence[Any]) -> bool:
    """Return whether values are lists of several lengths, or of text (tags, which numpy would pad)."""
    if not all(isinstance(value, list | tuple | set | frozenset) for value in values):
        return False
    lengths = {len(value) for value in values}
    return lengths != {1} and (
        len(lengths) > 1 or lengths == {0} or any(isinstance(cell, str) for value in values for cell in value)
    )


def _numpy(values: Any, name: str) -> Any:
    """Return anything array-like as a numpy array; tensors leave their device and their gradient.

    Raises:
        InputError: numpy cannot take it.
    """
    if hasattr(values, "detach"):
        values = values.detach().cpu()
        if "bfloat16" in str(values.dtype):
            values = values.float()
    try:
        if isinstance(values, list | tuple) and any(value is None or isinstance(value, str) for value in values):
            return np.asarray(values, dtype=object)
        array = np.asarray(values)
    except (TypeError, ValueError, RuntimeError) as error:
        raise InputError(f"is no array: {error}", place=Place(column=name)) from error
    return array.astype(np.float32) if array.dtype.name == "bfloat16" else array


def open_whole(blob: Blob, form: Format) -> Table:
    """Return the table of an Excel, Stata or SPSS file.

    Raises:
        XentError: it is damaged or empty, or the package that reads it is missing.
    """
    blob = random_access(blob)
    reader = {Format.XLSX: _excel, Format.DTA: _stata, Format.SAV: _spss}[form]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return reader(blob)
    except XentError:
        raise
    except Exception as error:  # the libraries raise whatever a damaged file makes them stumble on
        raise unread(blob.name, form.value, error) from error


def _excel(blob: Blob) -> Table:
    """Read the first sheet; its first row names the columns, and only the empty cell is missing."""
    import openpyxl  # type: ignore[import-untyped]  # noqa: PLC0415  only Excel needs it; it ships no types

    with blob.open() as stream:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        sheets = [sheet.title for sheet in book.worksheets]
        rows = [row for row in book.worksheets[0].iter_rows(values_only=True) if not _is_blank(row)]
        book.close()
    if not rows:
        raise EmptyInputError("its first sheet is empty", place=Place(blob.name))
    width = max(_filled(row) for row in rows)
    cells = [[*row[:width], *[None] * (width - len(row))] for row in rows]
    names = [f"f{at}" if _missing(cell) else _name(cell) for at, cell in enumerate(cells[0])]
    arrays = [
        of_cells((None if _missing(row[at]) else row[at] for row in cells[1:]), blob.name, name)
        for at, name in enumerate(names)
    ]
    notes = (f"read the first of {len(sheets)} sheets, {sheets[0]!r}",) if len(sheets) > 1 else ()
    return of_arrow(pa.Table.from_arrays(arrays, names=names), blob.name, Format.XLSX, notes)


def _missing(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _is_blank(row: tuple[object, ...]) -> bool:
    return all(_missing(cell) for cell in row)


def _filled(row: tuple[object, ...]) -> int:
    """Return the length of a row without the blank cells at its end."""
    return max(at + 1 for at, cell in enumerate(row) if not _missing(cell))


def _name(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _stata(blob: Blob) -> Table:
    import pandas as pd  # noqa: PLC0415  heavy, and only for these formats

    notes: tuple[str, ...] = ()
    with blob.open() as stream:
        try:
            frame = pd.read_stata(stream)
        except ValueError as error:
            if "not unique" not in str(error):
                raise
            stream.seek(0)
            frame = pd.read_stata(stream, convert_categoricals=False)
            notes = ("value labels are not unique: codes are kept",)
    return of_frame(frame, blob.name, Format.DTA, notes)


def _spss(blob: Blob) -> Table:
    try:
        import pyreadstat  # noqa: PLC0415  an extra
    except ImportError as error:
        raise UnreadableError(
            "is an SPSS file, which takes the package pyreadstat to read",
            place=Place(blob.name),
            help="pip install 'xentcli[spss]'",
        ) from error
    with blob.open() as stream:
        frame, meta = pyreadstat.read_sav(cast("Any", stream))  # its types know their own kind of stream only
    left = []
    for column, labels in meta.variable_value_labels.items():
        named = _labelled(frame[column], labels)
        if named is None:
            left.append(column)
        else:
            frame[column] = named
    notes = (f"value labels do not name every code and are left out: {', '.join(left)}",) if left else ()
    return of_frame(frame, blob.name, Format.SAV, notes)


def _labelled(series: "pd.Series[Any]", labels: dict[Any, str]) -> Any:
    """Return a column of codes as categories in the order of the codes, None if a code has no name."""
    import pandas as pd  # noqa: PLC0415  heavy, and only for these formats

    codes = sorted(labels)
    if len(set(labels.values())) < len(labels) or not set(series.dropna()) <= set(codes):
        return None
    return pd.Categorical(series.map(labels), categories=[labels[code] for code in codes])
