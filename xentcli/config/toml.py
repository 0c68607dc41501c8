"""TOML text: how values and keys are written, and what is said of a text that is none.

Floor 1. Text that came from a file (a path, the name of a class) is data here as everywhere: what a terminal or an
editor would obey is written as an escape, so that no name can end its quotes or hide what stands in a file.

What is said of a text that is no TOML or cannot be read as such, in the words of TOML, not of its parser. A text
whose keys are nested too deep is told before it is parsed.
"""

import ast
import re
from collections.abc import Mapping, Sequence
from math import isfinite
from numbers import Integral, Real
from typing import TypeGuard

from xentcli.errors import ConfigError, Place


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


_POSITION = re.compile(r" \(at line (?P<line>\d+), column (?P<column>\d+)\)\Z")
_KEYS = re.compile(r"\A(?P<before>Cannot [a-z ]+ )(?P<keys>\(.*\))", re.DOTALL)
"""What is said of a table, whose keys are told as a tuple of Python's; other messages hold a key as it stands."""
_TWICE = re.compile(r"Cannot declare (?P<name>.*) twice", re.DOTALL)
_POINT = re.compile(r"(?P<sign>[+-]?)(?P<rest>\.\d+)")
"""A number that begins with its point."""
_DIGITS = re.compile(r"\d[\d_]*")


def broken(path: str, text: str, message: str) -> ConfigError:
    """Return the error of a text that `tomllib` refuses, at the line that it names.

    Args:
        path: of the file.
        text: what it holds.
        message: of `tomllib`, which ends with the position.
    """
    found = _POSITION.search(message)
    words = _KEYS.sub(_dotted, _POSITION.sub("", message))
    words = _TWICE.sub(r"declares \g<name> twice", words)
    if found is None:
        return ConfigError(f"is no TOML: {words}", place=Place(path))
    line = int(found["line"])
    rest = text.replace("\r\n", "\n").split("\n")[line - 1][int(found["column"]) - 1 :]
    return ConfigError(f"is no TOML: {words}", place=Place(path, line), help=_help(rest))


def too_long(path: str, text: str) -> ConfigError:
    """Return the error of a text that holds a whole number of more digits than Python reads, at its line."""
    longest = max(_DIGITS.finditer(text), key=lambda found: len(found.group()))
    line = text.count("\n", 0, longest.start()) + 1
    return ConfigError("holds a number of too many digits", place=Place(path, line))


def _dotted(found: re.Match[str]) -> str:
    return f"{found['before']}{toml_key(*ast.literal_eval(found['keys']))}"


def _help(rest: str) -> str | None:
    """Return what to do about what begins where the parser stopped."""
    number = _POINT.match(rest)
    if number is None:
        return None
    return f"a number needs a digit before the point: {number['sign']}0{number['rest']}"


_LEVELS = 64
_PART = r"(?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*')"
_DEEP = re.compile(rf"(?m)(?:^|[{{,])[ \t]*\[{{0,2}}[ \t]*(?:{_PART}[ \t]*\.[ \t]*){{{_LEVELS}}}")


def refuse_deep(text: str) -> None:
    """Raise if a key or the name of a table has more parts than any that is meant.

    Raises:
        RecursionError: as the parser does of brackets that are nested too deep.
    """
    if _DEEP.search(text):
        raise RecursionError("keys are nested too deep")
