"""Passed over: the columns of a file that no number comes from, and why, in one line for the end of every page.

Floor 8. Formats what was decided; decides nothing. The drawers make the line safe for their place.
"""

from collections.abc import Sequence

from xentcli.task.model import ColumnRole, Role
from xentcli.views import numbers
from xentcli.views.safe import printable
from xentcli.views.shorten import shortened

NAMES, REASONS = 4, 4
"""Names that stand before each reason, and reasons, where not everything is asked for."""
WIDTH = 40
"""Cells for a name where not everything is asked for; a longer one loses its middle."""
_STRUCTURE = frozenset(",;()")
"""What separates names and reasons in the line: a name that holds one of them is quoted."""


def passed_over(columns: Sequence[ColumnRole], *, everything: bool, side: str = "") -> str:
    """Return `passed over: age, income (numbers beside the scores)`; empty where every column is used.

    Args:
        columns: of the file; those of one reason stand together, in the file's order.
        everything: whether to name all of them in full length.
        side: which of two files is meant.
    """
    reasons = _by_reason(columns)
    if not reasons:
        return ""
    head = f"passed over in {side}" if side else "passed over"
    whole = f"{head}: {_listed(reasons, None, None, None)}"
    if everything:
        return whole
    short = f"{head}: {_listed(reasons, REASONS, NAMES, WIDTH)}"
    return short if short == whole else f"{short}: --full shows them"


def unused(columns: Sequence[ColumnRole]) -> frozenset[ColumnRole]:
    """Return the columns that are not used; two files may hold the same in another order."""
    return frozenset(column for column in columns if column.role is Role.UNUSED)


def _by_reason(columns: Sequence[ColumnRole]) -> dict[str, list[str]]:
    """Return the names of the columns that are not used, under what each was passed over for."""
    reasons: dict[str, list[str]] = {}
    for column in columns:
        if column.role is Role.UNUSED:
            reasons.setdefault(column.because, []).append(column.name)
    return reasons


def _listed(reasons: dict[str, list[str]], most_reasons: int | None, most_names: int | None, width: int | None) -> str:
    """Return names with their reasons; None for no limit."""
    groups = list(reasons.items())
    parts = [f"{_names(names, most_names, width)} ({because})" for because, names in groups[:most_reasons]]
    left = sum(len(names) for _, names in groups[len(parts) :])
    return "; ".join([*parts, f"{numbers.count(left)} more for other reasons"] if left else parts)


def _names(names: list[str], most: int | None, width: int | None) -> str:
    shown = [_name(name, width) for name in names[:most]]
    left = len(names) - len(shown)
    return ", ".join(shown) + (f" and {numbers.count(left)} more" if left else "")


def _name(name: str, width: int | None) -> str:
    """Return a name, in quotes where it could be taken for several, for a reason or for none."""
    text = printable(name)
    short = text if width is None else shortened(text, width, "...")
    return f"'{short}'" if not text.strip() or text != text.strip() or _STRUCTURE & set(text) else short
