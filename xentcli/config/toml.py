"""TOML text: how values and keys are written, and what counts as a number.

Floor 1. Text that came from a file (a path, the name of a class) is data here as everywhere: what a terminal or an
editor would obey is written as an escape, so that no name can end its quotes or hide what stands in a file.
"""

import re
from collections.abc import Mapping, Sequence
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


_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def toml_text(value: object) -> str:
    r"""Return a text, number, truth value, sequence or mapping as TOML; of a mapping an inline table.

    Half of a surrogate pair is no character and TOML has no way to write it; it comes out as `\udc80`, to be seen,
    which no parser takes.

    Raises:
        TypeError: TOML has no such value.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{"".join(map(_character, value))}"'
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{toml_key(str(key))} = {toml_text(one)}" for key, one in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, Sequence):
        return f"[{', '.join(map(toml_text, value))}]"
    raise TypeError(f"TOML has no {type(value).__name__}")


def toml_key(*names: str) -> str:
    """Return the names of nested tables and a key as a dotted key, quoted where they must be."""
    return ".".join(name if _BARE.fullmatch(name) else toml_text(name) for name in names)


def _character(character: str) -> str:
    short = _SHORT.get(character)
    if short or character.isprintable():
        return short or character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
