"""Ragged rows: those with another number of cells than the header, named in an error or counted and left out.

Floor 2.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from xentcli.errors import Place, RaggedRowError
from xentcli.files.blob import Blob
from xentcli.files.table import LeftOut, Part, ReadAs
from xentcli.files.text.dialect import Dialect
from xentcli.phrases import counted, verb

SHOWN = 5
_LINES = {2: "two", 3: "three", 4: "four", 5: "five"}


class _RaggedFile(Protocol):
    """What is asked of a text file."""

    @property
    def blob(self) -> Blob: ...

    @property
    def dialect(self) -> Dialect: ...

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield (line, cells) of every data row."""


def ragged_rows(file: _RaggedFile, parts: Iterable[Part]) -> LeftOut:
    """Return the rows that have another number of cells, to be left out.

    Raises:
        RaggedRowError: half the rows or more have: then it is the header, or the separator, that does not fit.
    """
    name = file.dialect.names[0]
    try:
        for part in parts:
            for _ in part.read({name: ReadAs.NATIVE}):
                pass
    except RaggedRowError as error:
        found, bad, total = _ragged(file.rows(), len(file.dialect.names))
        if 2 * bad >= total:
            raise error from None
        return LeftOut(bad, tuple(line for _, line, _ in found))
    return LeftOut()


def _ragged(rows: Iterator[tuple[int, list[str]]], width: int) -> tuple[list[tuple[int, int, int]], int, int]:
    """Return the first ragged rows as (row, line, cells), and how many there are of how many."""
    found: list[tuple[int, int, int]] = []
    total = bad = 0
    for row, (line, cells) in enumerate(rows, start=1):
        total = row
        if len(cells) != width and not (width == 1 and not cells):
            bad += 1
            if len(found) < SHOWN:
                found.append((row, line, len(cells)))
    return found, bad, total


def _pieces(found: Sequence[tuple[int, int, int]], width: int) -> list[int]:
    """Return the cells of the first ragged lines, one below the other, that are one row together; empty if none are."""
    sizes: list[int] = []
    for at, (row, _, cells) in enumerate(found):
        if row != found[0][0] + at:
            break
        sizes.append(cells)
        if at and sum(sizes) - at == width:
            return sizes
    return []


def ragged_error(rows: Iterator[tuple[int, list[str]]], dialect: Dialect, path: str) -> RaggedRowError:
    """Return the error that names the rows with another number of cells than the header."""
    width = len(dialect.names)
    found, bad, total = _ragged(rows, width)
    if not found:
        return RaggedRowError("its rows cannot be told apart", place=Place(path), help="check its quotes")
    row, line, cells_found = found[0]
    shown = ", ".join(str(one[1]) for one in found)
    details = (f"{bad:,} of {counted(total, 'row')} {verb(total, 'are')} that way; first lines: {shown}",)
    pieces = _pieces(found, width)
    if pieces and (bad < total or len(set(pieces)) > 1):
        sizes = ", ".join(map(str, pieces[1:-1]))
        return RaggedRowError(
            f"a record is broken into {_LINES[len(pieces)]} lines, of {counted(pieces[0], 'cell')}"
            f"{sizes and f', {sizes}'} and {pieces[-1]}: together they are the {width} of a row",
            place=Place(path, line, row),
            details=details,
            help="quote the cell that holds the line end, or join the lines",
        )
    return RaggedRowError(
        f"{counted(cells_found, 'cell')} where the other rows have {width}",
        place=Place(path, line, row),
        details=details,
        help="quote cells that hold the separator, or name it with --separator, quotes with --quote; "
        "--skip-bad-rows leaves such rows out",
    )
