"""Parsing: a block of whole lines becomes an Arrow batch; a cell that is no number becomes null.

Floor 2. Arrow parses; a block that holds a cell that Arrow cannot convert is parsed again as text and
converted cell by cell, so that one `n/a` never stops a file.
"""

import io
from collections.abc import Mapping

import pyarrow as pa
from pyarrow import csv

from xentcli.files.table import ReadAs
from xentcli.files.text.dialect import Dialect, number

_UNIQUE = "\x1e{}"
"""Names that Arrow sees: positions, so that no column's own name can matter."""


class RaggedBlockError(Exception):
    """A row of the block has another number of cells than the header; the caller finds out which."""


def parse_block(
    block: bytes, dialect: Dialect, columns: Mapping[str, ReadAs], null_values: tuple[str, ...]
) -> pa.RecordBatch:
    """Return the asked columns of a block.

    Args:
        block: UTF-8, whole lines without header and comments.
        dialect: how cells are written.
        columns: which columns, and how.
        null_values: texts that mean a missing cell, beside the blank one.

    Raises:
        RaggedBlockError: a row has another number of cells.
    """
    try:
        return _read(block, dialect, columns, null_values)
    except pa.ArrowInvalid as error:
        if "conversion error" not in str(error):
            raise RaggedBlockError(str(error)) from error
    as_text = _read(block, dialect, dict.fromkeys(columns, ReadAs.NATIVE), null_values)
    arrays = [
        pa.array([_lenient(cell, dialect) for cell in array.to_pylist()], type=pa.float64())
        if how is ReadAs.NUMBER
        else array
        for array, how in zip(as_text.columns, columns.values(), strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, names=list(columns))


def _lenient(cell: str | None, dialect: Dialect) -> float | None:
    if cell is None:
        return None
    return number(cell.replace(",", ".") if dialect.decimal_comma else cell)


def _read(
    block: bytes, dialect: Dialect, columns: Mapping[str, ReadAs], null_values: tuple[str, ...]
) -> pa.RecordBatch:
    positions = {name: _UNIQUE.format(at) for at, name in enumerate(dialect.names)}
    wanted = [positions[name] for name in columns]
    kinds = {positions[name]: pa.float64() if how is ReadAs.NUMBER else pa.string() for name, how in columns.items()}
    table = csv.read_csv(
        io.BytesIO(block),
        read_options=csv.ReadOptions(
            use_threads=False, block_size=len(block) + 1, column_names=list(positions.values())
        ),
        parse_options=csv.ParseOptions(
            delimiter=dialect.separator,
            quote_char=dialect.quote,
            double_quote=True,
            newlines_in_values=dialect.quote.encode() in block,
            ignore_empty_lines=len(dialect.names) > 1,
        ),
        convert_options=csv.ConvertOptions(
            check_utf8=False,
            column_types=kinds,
            include_columns=wanted,
            null_values=["", *null_values],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            decimal_point="," if dialect.decimal_comma else ".",
        ),
    )
    batches = table.combine_chunks().to_batches()
    arrays = batches[0].columns if batches else [pa.array([], type=kinds[name]) for name in wanted]
    return pa.RecordBatch.from_arrays(arrays, names=list(columns))
