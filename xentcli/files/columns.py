"""Naming a column: by its exact name, or by its position; and naming the ids of two tables.

Floor 2.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from xentcli.errors import ColumnError, Place, UsageError, did_you_mean
from xentcli.files.table import Table

_SHOWN = 12

SUFFIX = " (labels)"
"""What a column of a labels' table has after its name where the predictions have one of the same name."""


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
        column=reference,
        place=Place(table.path),
        details=(f"columns: {shown}",),
        help=f"did you mean {close!r}?" if close else "name one of the columns, or its position such as :0",
    )


def by_prefix(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the columns that come out of one object, such as `a.b` and `a.c`, by what stands before the last dot."""
    found: dict[str, list[str]] = {}
    for name in names:
        before, dot, _ = name.rpartition(".")
        if dot:
            found.setdefault(before, []).append(name)
    return found


def alike(table: Table, name: str) -> str | None:
    """Return the column of that name, else the only one that differs from it in letter case alone."""
    if name in table.names:
        return name
    same = [one for one in table.names if one.casefold() == name.casefold()]
    return same[0] if len(same) == 1 else None


def id_columns(left: Table, right: Table, reference: str) -> tuple[str, str]:
    """Return the id column of either table that `--id` names.

    Args:
        left: the predictions.
        right: the labels, or other predictions.
        reference: a name that both have (in any letter case on the side that lacks it as given), a position in either,
            or `a=b`, a name or position in the first and one in the second.

    Raises:
        ColumnError: there is no such column.
    """
    both = alike(left, reference), alike(right, reference)
    if both[0] is not None and both[1] is not None:
        return both[0], both[1]
    cuts = [(reference[:at], reference[at + 1 :]) for at, sign in enumerate(reference) if sign == "="]
    for cut in cuts:
        if _has(left, cut[0]) and _has(right, cut[1]):
            return find_column(left, _named(left, cut[0])), find_column(right, _named(right, cut[1]))
    own, other = cuts[0] if cuts and not any(both) else (reference, reference)
    return find_column(left, _named(left, own)), find_column(right, _named(right, other))


def _named(table: Table, reference: str) -> str:
    return alike(table, reference) or reference


def _has(table: Table, reference: str) -> bool:
    """Return whether a table has the column that a reference names."""
    try:
        find_column(table, _named(table, reference))
    except ColumnError:
        return False
    return True


def is_position(reference: str) -> bool:
    """Return whether a reference may be a position; a column of that very name goes first all the same."""
    return _position(reference) is not None


def _position(reference: str) -> int | None:
    digits = reference[1:].removeprefix("-")
    if not reference.startswith(":") or not (digits.isascii() and digits.isdigit()):
        return None
    return int(reference[1:])


def once(columns: Sequence[str], option: str, path: str) -> tuple[str, ...]:
    """Return the columns that an option names.

    Raises:
        UsageError: one is named twice.
    """
    repeated = [name for name, times in Counter(columns).items() if times > 1]
    if repeated:
        raise UsageError(
            f"names the column {repeated[0]!r} twice", option=option, place=Place(path), help="name it once"
        )
    return tuple(columns)
