"""Words: counts with their nouns and verbs, so that one row is not `1 rows`; numbers that a sentence compares.

Floor 1: sentences are made on every floor. How other numbers become text is the business of `views/numbers.py`.
"""

import re
from collections.abc import Callable, Sequence
from itertools import combinations
from math import isclose

_SINGULAR = {"are": "is", "have": "has", "do": "does"}


def counted(value: int, noun: str) -> str:
    """Return a count with its noun: 1 row, 12,345 rows, 3 classes."""
    plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{value:,} {noun if value == 1 else plural}"


def there(value: int, noun: str) -> str:
    """Return that so many are there: there is 1 class, there are 3 scores."""
    return f"there {verb(value, 'are')} {counted(value, noun)}"


def verb(value: int, plural: str) -> str:
    """Return the verb that a count takes: 1 row holds, 2 rows hold, 1 of 2 rows hold (by the 2)."""
    return _SINGULAR.get(plural, f"{plural}s") if value == 1 else plural


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them: a; a and b; a, b and c."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def natural(name: str) -> list[tuple[int, int, str]]:
    """Return a sort key by which part-2 comes before part-10."""
    pieces = re.split(r"(\d+)", name)
    return [(1, int(piece), "") if piece.isdigit() and piece.isascii() else (0, 0, piece) for piece in pieces]


_DIGITS = range(4, 18)
NOISE = 1e-12
"""Sums and ratios of counts that are closer than this are the same but for rounding."""


def rates(*values: float) -> tuple[str, ...]:
    """Return rates with four decimals, and more where values that differ would read the same: 0.99996, 0.99998."""
    return _apart(values, lambda value, digits: f"{value:.{digits}f}", NOISE, NOISE)


def losses(*values: float, noise: float = NOISE) -> tuple[str, ...]:
    """Return losses with four significant digits, and more where values that differ would read the same.

    `noise` is the largest relative difference that is none.
    """
    return _apart(values, lambda value, digits: f"{value:.{digits}g}", noise, 0.0)


def _apart(
    values: tuple[float, ...], shown: Callable[[float, int], str], relative: float, absolute: float
) -> tuple[str, ...]:
    texts: tuple[str, ...] = ()
    for digits in _DIGITS:
        texts = tuple(shown(value, digits) for value in values)
        pairs = combinations(zip(values, texts, strict=True), 2)
        alike = [(one, other) for (one, first), (other, second) in pairs if first == second]
        if all(isclose(one, other, rel_tol=relative, abs_tol=absolute) for one, other in alike):
            break
    return texts
