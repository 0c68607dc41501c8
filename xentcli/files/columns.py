"""Naming a column: by its exact name, or by its position.

Floor 2.
"""

from xentcli.errors import ColumnError, Place, did_you_mean
from xentcli.files.table import Table

_SHOWN = 12


def find_column(table: Table, reference: str) -> str:
    """Return the column that a reference names: its exact name, or `:4`, `:-1` for a position from 0.

    Raises:
        ColumnError: there is none; with the closest name and the first columns.
    """
    names = table.names
    if reference in names:
        return reference
    position = _position(reference)
    if position is not None and -len(names) <= position < len(names):
        return names[position]
    close = did_you_mean(reference, names)
    shown = ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
    raise ColumnError(
        f"there is no column {reference!r}",
        place=Place(table.path),
        details=(f"columns: {shown}",),
        help=f"did you mean {close!r}?" if close else "name one of the columns, or its position such as :0",
    )


def _position(reference: str) -> int | None:
    digits = reference[1:].removeprefix("-")
    if not reference.startswith(":") or not (digits.isascii() and digits.isdigit()):
        return None
    return int(reference[1:])
