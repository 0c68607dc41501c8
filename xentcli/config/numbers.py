"""Numbers: what counts as one, in a file and in a call.

Floor 1.
"""

from math import isfinite
from numbers import Integral, Real
from typing import TypeGuard


def is_number(value: object) -> TypeGuard[float]:
    """Whether a value is a number that a finite float can stand for; a truth value is none."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return False
    try:
        return isfinite(value)
    except OverflowError:
        return False


def is_count(value: object) -> TypeGuard[int]:
    """Whether a value is a whole number from 0; a truth value is none."""
    return not isinstance(value, bool) and isinstance(value, Integral) and int(value) >= 0
