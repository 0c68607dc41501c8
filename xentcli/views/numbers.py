"""Numbers as people read them. The only place where a number becomes text.

Floor 8. JSON documents hold the numbers unrounded.
"""

from collections.abc import Callable
from math import ceil, floor, isclose, log10

from xentcli import phrases

UNDEFINED = "undefined"
_SET_BY_HAND = 8
"""Characters of a number that somebody may have typed."""


def loss(value: float | None) -> str:
    """Return a loss with four significant digits: 1.177, 0.04321, 12.35."""
    if value is None:
        return UNDEFINED
    if value == 0:
        return "0"
    if abs(value) >= 1e6 or abs(value) < 1e-4:
        return f"{value:.3e}"
    digits = max(0, 3 - _exponent(value))
    return f"{value:.{min(digits, 7)}f}"


def _exponent(value: float) -> int:
    return int(f"{value:.3e}".partition("e")[2])


def rate(value: float | None) -> str:
    """Return an accuracy or the like with up to four decimals: 0.9878, 0.5, 1."""
    if value is None:
        return UNDEFINED
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    # A rate that is not all, or not nothing, must not look as if it were.
    if text in {"1", "0", "-0", "-1"} and abs(value - round(value)) > phrases.NOISE:
        return f"{value:.3g}" if abs(value) < 0.5 else _below_one(value)
    return "0" if text == "-0" else text


def rate_cell(value: float | None) -> str:
    """Return a rate for a column of them, with four decimals: 0.9878, 0.5000, 1.0000."""
    text = rate(value)
    if value is None or "e" in text or len(text.lstrip("-")) > len("0.1234"):
        return text
    return f"{float(text):.4f}"


def _below_one(value: float) -> str:
    digits = 5
    while abs(float(f"{value:.{digits}f}")) == 1.0 and digits < 16:
        digits += 1
    return f"{value:.{digits}f}"


def share(value: float | None) -> str:
    """Return a share in per cent with one decimal: 33.3 %."""
    if value is None:
        return UNDEFINED
    percent = 100.0 * value
    if 0.0 < percent < 0.05:
        return "<0.1 %"
    if 99.95 < percent < 100.0:
        return ">99.9 %"
    return f"{percent:.1f} %"


def count(value: int) -> str:
    """Return a whole number with thousands apart: 12,345."""
    return f"{value:,}"


def counted(value: int, noun: str) -> str:
    """Return a count with its noun: 1 row, 2 rows, 3 classes."""
    return phrases.counted(value, noun)


def loss_interval(interval: tuple[float, float] | None) -> str:
    """Return an interval of a loss: [0.3040, 0.3200]; empty where there is none."""
    return "" if interval is None else f"[{loss(interval[0])}, {loss(interval[1])}]"


def rate_interval(interval: tuple[float, float] | None) -> str:
    """Return an interval of a rate: [0.8951, 0.9070]; empty where there is none."""
    return "" if interval is None else f"[{rate_cell(interval[0])}, {rate_cell(interval[1])}]"


def rate_bounds(bounds: tuple[float, float]) -> str:
    """Return what a rate lies between, rounded outwards, with the decimals that tell the two apart."""
    width = bounds[1] - bounds[0]
    unit = 10 ** (4 if width <= 0.0 else min(12, max(4, 1 - floor(log10(width)))))
    digits = len(str(unit)) - 1
    return f"[{floor(bounds[0] * unit) / unit:.{digits}f}, {ceil(bounds[1] * unit) / unit:.{digits}f}]"


def difference(value: float | None) -> str:
    """Return a difference with its sign and three significant digits: +0.0123, -0.0045, 0."""
    if value is None:
        return UNDEFINED
    return f"{value:+.3g}" if value else "0"


def difference_interval(interval: tuple[float, float] | None) -> str:
    """Return an interval of a difference: [-0.0123, +0.0079]; empty where there is none."""
    return "" if interval is None else f"[{difference(interval[0])}, {difference(interval[1])}]"


def p_value(value: float | None) -> str:
    """Return a p-value with two significant digits, at most four decimals: 0.031, 0.0012, <0.0001; empty for none."""
    if value is None:
        return ""
    return "<0.0001" if value < 1e-4 else f"{value:.{4 if value < 0.01 else 3 if value < 0.1 else 2}f}"


def limit(value: float) -> str:
    """Return a limit with the digits that it was set with: 0.9, 0.45, 100."""
    return repr(float(value)).removesuffix(".0")


def against(value: float | None, *limits: float | None, padded: bool = False) -> str:
    """Return a number with four significant digits, or as many more as show on which side of its limits it lies.

    Args:
        value: the number.
        limits: what it is held against; None for none.
        padded: whether zeros at the end stay, for columns.
    """
    if value is None:
        return UNDEFINED
    digits = next((more for more in range(4, 17) if _sided(value, f"{value:.{more}g}", limits)), 17)
    return f"{value:#.{digits}g}".removesuffix(".") if padded and value else f"{value:.{digits}g}"


def interval_against(interval: tuple[float, float] | None, *limits: float | None) -> str:
    """Return an interval whose ends show on which side of the limits they lie; empty where there is none."""
    return "" if interval is None else f"[{', '.join(against(end, *limits, padded=True) for end in interval)}]"


def _sided(value: float, text: str, limits: tuple[float | None, ...]) -> bool:
    """Whether a text of a number lies on the same side of all limits as the number."""
    return all(one is None or _side(float(text), one) == _side(value, one) for one in limits)


def beside(text: Callable[[float | None], str], value: float | None, other: float | None) -> str:
    """Return a number as `text` writes it, with more digits where these do not tell it from another one beside it."""
    if value is None or other is None or isclose(value, other, rel_tol=phrases.NOISE) or text(value) != text(other):
        return text(value)
    return phrases.losses(value, other)[0]


def _side(value: float, limit: float) -> int:
    return (value > limit) - (value < limit)


def margin(value: float) -> str:
    """Return a margin as it was set, or, computed from a share, with four significant digits."""
    text = limit(value)
    return text if len(text) <= _SET_BY_HAND else f"{value:.4g}"


def weight(value: float | None) -> str:
    """Return a class weight with three significant digits."""
    return UNDEFINED if value is None else f"{value:.3g}"
