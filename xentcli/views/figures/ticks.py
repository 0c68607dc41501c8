"""Ticks: round numbers on an axis, and their text.

Floor 8. Pure functions.
"""

from math import ceil, floor, log10

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_TOLERANCE = 1e-9


def ticks(low: float, high: float, most: int = 6, *, whole: bool = False) -> tuple[float, ...]:
    """Return round numbers within [low, high], at most so many; `whole` ones for what is counted."""
    width = high - low
    if width <= 0.0:
        return (low,)
    power = 10.0 ** floor(log10(width / most))
    step = next(one * power for one in (*_STEPS, 20.0) if width / (one * power) <= most - 1 + _TOLERANCE)
    step = max(1.0, round(step)) if whole else step
    first, last = ceil(low / step - _TOLERANCE), floor(high / step + _TOLERANCE)
    return tuple(at * step for at in range(first, last + 1))


def labels(values: tuple[float, ...]) -> tuple[str, ...]:
    """Return the texts of ticks, all with the decimals that tell them apart."""
    if not values:
        return ()
    most = max(abs(one) for one in values)
    if most >= 1e6 or (0.0 < most < 1e-4):
        return tuple(f"{one:.3g}" for one in values)
    decimals = next(
        (held for held in range(7) if all(abs(round(one, held) - one) <= _TOLERANCE * most for one in values)), 7
    )
    return tuple(f"{one + 0.0:,.{decimals}f}" for one in values)
