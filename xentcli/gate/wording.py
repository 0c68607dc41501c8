"""Wording: the sentences of checks, with as many digits as it takes to see why.

Floor 7.
"""

from xentcli.gate.model import Regression
from xentcli.scoring.model import Interval
from xentcli.words import counted, losses

_DIGITS = 4


def number(value: float) -> str:
    """Return a number with four significant digits; whole numbers as they are."""
    if float(value).is_integer() and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.{_DIGITS}g}"


def apart(value: float, limit: float) -> tuple[str, str]:
    """Return two numbers with enough digits to tell them apart: 0.8999996 against 0.9."""
    one, other = losses(value, limit, noise=0.0)
    return one, other


def beyond(metric: str, value: float, limit: float, interval: Interval | None, *, least: bool) -> str:
    """Return how a value, or its interval, breaks a limit; `least` tells a `min` from a `max`."""
    kind, side = ("min", "below") if least else ("max", "above")
    if interval is None:
        one, other = apart(value, limit)
        return f"{metric} {one} is {side} {kind} {other}"
    end = interval[0] if least else interval[1]
    one, other = apart(end, limit)
    return f"{metric} is {number(value)}, but its interval {span(interval)} reaches {one}, {side} {kind} {other}"


def span(interval: Interval) -> str:
    """Return an interval: [0.8951, 0.9070]."""
    return f"[{number(interval[0])}, {number(interval[1])}]"


def kept(metric: str, value: float, limits: list[str], interval: Interval | None) -> str:
    """Return that a value keeps its limits."""
    held = "" if interval is None else f" {span(interval)}"
    return f"{metric} {number(value)}{held} is {' and '.join(limits)}"


def undefined(metric: str) -> str:
    """Return that there is no value; an undefined metric fails."""
    return f"{metric} is undefined: no row tells it"


def without_interval(metric: str, value: float, rows: int) -> str:
    """Return that there is no interval that could clear a limit."""
    return f"{metric} is {number(value)}, and there is no interval of {counted(rows, 'row')} that could clear the limit"


def compared(metric: str, value: float, seen: Regression) -> str:
    """Return how a value compares with the baseline's."""
    if seen.value is None or seen.worsening is None:
        return f"{metric} is {number(value)}, and the baseline has none to compare it with"
    change = "equal to" if seen.worsening == 0.0 else _change(seen.worsening)
    ours, theirs = number(value), number(seen.value)
    if ours == theirs and seen.worsening != 0.0:
        ours, theirs = apart(value, seen.value)
    held = "" if seen.interval is None else f", interval of the worsening {span(seen.interval)}"
    return f"{metric} {ours} is {change} the baseline's {theirs}{held}"


def _change(worsening: float) -> str:
    return f"{number(abs(worsening))} {'worse' if worsening > 0.0 else 'better'} than"


def regressed(metric: str, value: float, seen: Regression) -> str:
    """Return that a value is worse than the baseline's by more than the margin."""
    low = seen.interval[0] if seen.interval is not None else seen.worsening or 0.0
    one, other = apart(low, seen.margin)
    return f"{compared(metric, value, seen)}: worse by at least {one}, more than the margin {other}"


def not_regressed(metric: str, value: float, seen: Regression) -> str:
    """Return that a value is not worse than the baseline's by more than the margin."""
    return f"{compared(metric, value, seen)}: within the margin {number(seen.margin)}"


def untold(metric: str, value: float, seen: Regression) -> str:
    """Return that the rows do not tell whether the margin is kept, and which one they could tell."""
    told = compared(metric, value, seen)
    rows = f"{seen.rows:,} {'paired ' if seen.paired else ''}row{'' if seen.rows == 1 else 's'}"
    if seen.interval is None or seen.resolvable is None:
        return f"{told}: {rows} cannot tell whether it is worse by more than the margin {number(seen.margin)}"
    high, margin = apart(seen.interval[1], seen.margin)
    return (
        f"{told}: {rows} resolve {number(seen.resolvable)} and cannot tell whether it is worse by more than the margin"
        f" {margin}; a margin of {high} would pass"
    )
