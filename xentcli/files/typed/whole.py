"""Formats that are read whole: Excel, Stata and SPSS, through pandas and pyreadstat.

Floor 2. These stand outside the promise that memory does not grow with the file.
"""

import warnings
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa

from xentcli.errors import EmptyInputError, Place, UnreadableError, XentError
from xentcli.files.blob import Blob, random_access
from xentcli.files.format import Format
from xentcli.files.table import Table
from xentcli.files.typed.damage import unread
from xentcli.files.typed.memory import of_arrow, of_cells, of_frame

if TYPE_CHECKING:
    import pandas as pd


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
