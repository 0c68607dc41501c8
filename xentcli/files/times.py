"""Times: dates, times of day and durations that Python cannot say are refused before anybody asks it to.

Floor 2. Arrow counts days and seconds in whole numbers and takes any; Python's calendar has the years 1 to 9999. A
label, an id or a slice beyond it has no name, and a time of day beyond 24 hours would get that of another.
"""

import numpy as np
import pyarrow as pa

from xentcli.errors import ColumnError, Place
from xentcli.files.arrays import nulls, view
from xentcli.files.streams import first_line

_DAY = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}


def refuse_unsayable_times(array: pa.Array, column: str, path: str | None) -> None:
    """Refuse an array of times, of which one cannot be said.

    Raises:
        ColumnError: with the count that stands in the file.
    """
    kind = array.type
    if pa.types.is_interval(kind) or len(array) == array.null_count:
        return
    counts = array.view(pa.int32() if kind.bit_width == 32 else pa.int64())
    for at in _ends(counts):
        reason = _unsayable(array, at)
        if reason is not None:
            raise ColumnError(
                f"holds {kind} that cannot be said: {counts[at].as_py()} {reason}",
                place=Place(path, column=column),
                help="mend the value, or write the column as text",
            )


def _ends(counts: pa.Array) -> tuple[int, int]:
    """Return where the least and the largest count stand, nulls aside."""
    missing = nulls(counts)
    filled = np.arange(len(counts)) if missing is None else np.flatnonzero(~missing)
    values = view(counts)[filled]
    return int(filled[values.argmin()]), int(filled[values.argmax()])


def _unsayable(array: pa.Array, at: int) -> str | None:
    """Return why a cell cannot be said, None if it can."""
    kind = array.type
    if pa.types.is_time(kind):
        return None if 0 <= array[at].value < _DAY[kind.unit] else "lies outside a day"
    zone = getattr(kind, "tz", None)
    try:
        if getattr(kind, "unit", None) != "ns":
            array[at].as_py()
        elif zone is not None:  # nanoseconds reach from 1677 to 2262, and saying one takes pandas
            pa.scalar(0, pa.timestamp("s", zone)).as_py()
    except (OverflowError, ValueError) as error:
        is_zone = isinstance(error, pa.ArrowException)
        return f"is in the unknown time zone {zone!r}" if is_zone else f"lies beyond the calendar ({first_line(error)})"
    return None
