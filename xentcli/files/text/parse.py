"""Parsing: a block of whole lines becomes an Arrow batch; a cell that is no number becomes null.

Floor 2. Arrow parses; a block that holds a cell that Arrow cannot convert is parsed again as text and
converted cell by cell, so that one `n/a` never stops a file.
"""

import io
from collections.abc import Callable, Mapping
from functools import lru_cache

import pyarrow as pa
from pyarrow import csv

from xentcli.files.table import ReadAs
from xentcli.files.text.dialect import Dialect


class RaggedBlockError(Exception):
    """A row of the block has another number of cells than the header; the caller finds out which."""


def parse_block(
    block: bytes,
    dialect: Dialect,
    columns: Mapping[str, ReadAs],
    null_values: tuple[str, ...],
    *,
    skip_ragged: bool = False,
) -> pa.RecordBatch:
    """Return the asked columns of a block.

    Args:
        block: UTF-8, whole lines without header and comments.
        dialect: how cells are written.
        columns: which columns, and how.
        null_values: texts that mean a missing cell, beside the blank one.
        skip_ragged: whether rows with another number of cells are left out.

    Raises:
        RaggedBlockError: a row has another number of cells.
    """
    try:
        return _read(block, dialect, columns, null_values, skip_ragged=skip_ragged)
    except pa.ArrowInvalid as error:
        if "conversion error" not in str(error):
            raise RaggedBlockError(str(error)) from error
    as_text = _read(block, dialect, dict.fromkeys(columns, ReadAs.NATIVE), null_values, skip_ragged=skip_ragged)
    arrays = [
        _numbers(array, dialect, name) if how is ReadAs.NUMBER else array
        for array, (name, how) in zip(as_text.columns, columns.items(), strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, names=list(columns))


def _numbers(array: pa.Array, dialect: Dialect, column: str) -> pa.Array:
    """Return the numbers of a column of text, cell by cell."""
    cells = array.to_pylist()
    return pa.array([None if cell is None else dialect.number(cell, column) for cell in cells], type=pa.float64())


def _shares(array: pa.Array, dialect: Dialect, column: str) -> pa.Array:
    """Return the numbers of a column of per cents: all at once if every cell is one."""
    import pyarrow.compute as pc  # noqa: PLC0415  only where cells have a per cent sign

    bare = pc.utf8_trim_whitespace(array)
    if pc.all(pc.ends_with(bare, "%")).as_py() is False:
        return _numbers(array, dialect, column)
    plain = pc.utf8_rtrim_whitespace(pc.utf8_slice_codeunits(bare, 0, -1))
    if dialect.decimal_comma:
        plain = pc.replace_substring(plain, ",", ".")
    try:
        return pc.divide(plain.cast(pa.float64()), 100.0)
    except pa.ArrowInvalid:
        return _numbers(array, dialect, column)


@lru_cache(maxsize=4)
def _positions(count: int) -> tuple[str, ...]:
    """Return the names that Arrow sees: positions, so that no column's own name can matter.

    A block of a wide file has few rows: making the names for each would cost as much as parsing it.
    """
    return tuple(f"\x1e{at}" for at in range(count))


def _ragged(dialect: Dialect, *, skip: bool) -> Callable[[csv.InvalidRow], str] | None:
    """Return what Arrow asks about a row with another number of cells: whether it is a comment, or left out."""
    if skip:
        return lambda _row: "skip"
    if dialect.comments is None:
        return None
    mark = dialect.comments.mark
    return lambda row: "skip" if row.text.startswith(mark) else "error"


def _read(
    block: bytes,
    dialect: Dialect,
    columns: Mapping[str, ReadAs],
    null_values: tuple[str, ...],
    *,
    skip_ragged: bool,
) -> pa.RecordBatch:
    positions = dict(zip(dialect.names, _positions(len(dialect.names)), strict=True))
    wanted = [positions[name] for name in columns]
    per_cents = [name for name, how in columns.items() if how is ReadAs.NUMBER and name in dialect.per_cents]
    plain = {name for name, how in columns.items() if how is ReadAs.NUMBER}.difference(per_cents)
    kinds = {positions[name]: pa.float64() if name in plain else pa.string() for name in columns}
    table = csv.read_csv(
        io.BytesIO(block),
        read_options=csv.ReadOptions(
            use_threads=False, block_size=len(block) + 1, column_names=list(positions.values())
        ),
        parse_options=csv.ParseOptions(
            delimiter=dialect.separator,
            quote_char=False if dialect.quote is None else dialect.quote,
            double_quote=True,
            newlines_in_values=dialect.quote is not None and dialect.quote.encode() in block,
            ignore_empty_lines=len(dialect.names) > 1,
            invalid_row_handler=_ragged(dialect, skip=skip_ragged),
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
    if per_cents:
        arrays = [
            _shares(array, dialect, name) if name in per_cents else array
            for array, name in zip(arrays, columns, strict=True)
        ]
    return pa.RecordBatch.from_arrays(arrays, names=list(columns))
