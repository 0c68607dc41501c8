"""What is said of a text that is no TOML or cannot be read as such, in the words of TOML, not of its parser.

Floor 1. A text whose keys are nested too deep is told before it is parsed.
"""

import ast
import re

from xentcli.config.toml import toml_key
from xentcli.errors import ConfigError, Place

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
