"""Loading: xent.toml, or [tool.xent] in pyproject.toml, is found and parsed.

Floor 1. The closest file upwards is taken, as far as the repository's root. Keys are the long names of the
options that commands share; what a key means is the command's business. Flags come before it.
"""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from xentcli.config.model import Settings
from xentcli.errors import ConfigError, Place, did_you_mean

FILE_NAME = "xent.toml"
PROJECT_NAME = "pyproject.toml"
LATER_TABLES = ("checks", "models", "predictions", "baseline")
"""Keys of commands that judge models; they mean nothing to those that only describe them."""


_LISTS = {"label", "scores", "null-values", "select", "ignore"}
_FLAGS = {"normalize", "skip-bad-rows", "header", "at-least-one"}
_NUMBERS = {"threshold", "confidence-level", "label-smoothing", "focal-gamma"}


def load(path: str | None = None, start: Path | None = None) -> Settings:
    """Return the settings of a file, or of the closest one.

    Args:
        path: the file; its absence is an error. None looks for the closest.
        start: where to look from; None for the working folder.

    Raises:
        ConfigError: the file cannot be read, is no TOML, or has an unknown key or a value of a wrong type.
    """
    if path is not None:
        return _parsed(Path(path))
    try:
        found = _closest(start or Path.cwd())
    except FileNotFoundError:  # the working folder is gone
        found = None
    if found is None:
        return Settings()
    return _parsed(found if start else Path(os.path.relpath(found)))


def _closest(start: Path) -> Path | None:
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
        project = folder / PROJECT_NAME
        if project.is_file() and _mentioned(project):
            return project
        if (folder / ".git").exists():
            return None
    return None


def _mentioned(project: Path) -> bool:
    """Whether a project's file has the table; broken files of others are not ours to report."""
    text = project.read_bytes()
    if b"xent" not in text:
        return False
    import tomllib  # noqa: PLC0415  most runs find no file to parse

    try:
        return "xent" in _tool(tomllib.loads(text.decode("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return b"[tool.xent" in text


def _tool(document: Mapping[str, Any]) -> Mapping[str, Any]:
    tool = document.get("tool")
    return tool if isinstance(tool, dict) else {}


def _parsed(path: Path) -> Settings:
    import tomllib  # noqa: PLC0415  see above

    try:
        text = path.read_bytes().decode("utf-8")
        document = tomllib.loads(text)
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", place=Place(str(path))) from error
    except UnicodeDecodeError as error:
        raise ConfigError("is not UTF-8 text", place=Place(str(path))) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"is no TOML: {error}", place=Place(str(path), _line_in(str(error)))) from error
    if path.name != PROJECT_NAME:
        return _settings(document, path, _Lines(text, ""))
    own = _tool(document).get("xent")
    if not isinstance(own, dict):
        raise ConfigError("holds no table [tool.xent]", place=Place(str(path), _Lines(text, "tool").of("xent")))
    return _settings(own, path, _Lines(text, "tool.xent"))


def _line_in(message: str) -> int | None:
    digits = message.partition("line ")[2].partition(",")[0]
    return int(digits) if digits.isdigit() else None


@dataclass(frozen=True, slots=True)
class _Lines:
    """Where the keys of one table of a TOML text stand."""

    text: str
    table: str

    def of(self, key: str) -> int | None:
        """Return the line of a key, or of the table of its name; None where neither stands on a line of its own."""
        current = ""
        whole = f"{self.table}.{key}" if self.table else key
        for number, line in enumerate(self.text.splitlines(), start=1):
            bare = re.sub(r"[\s\"']", "", line.partition("#")[0])
            if bare.startswith("["):
                current = bare.strip("[]")
                here = current
            else:
                name = bare.partition("=")[0]
                here = f"{current}.{name}" if current else name
            if f"{here}.".startswith(f"{whole}."):
                return number
        return None


def _settings(document: Mapping[str, Any], path: Path, lines: _Lines) -> Settings:
    known = {field.name.replace("_", "-") for field in fields(Settings)}
    found: dict[str, Any] = {}
    for key, value in document.items():
        if key in LATER_TABLES:
            continue
        place = Place(str(path), lines.of(key))
        if key not in known:
            close = did_you_mean(key, [*sorted(known), *LATER_TABLES])
            hint = f"did you mean {close!r}?" if close else f"known keys: {', '.join(sorted(known))}"
            raise ConfigError(f"unknown key {key!r}", place=place, help=hint)
        found[key.replace("-", "_")] = _value(key, value, place, path)
    return Settings(**found)


def _value(key: str, value: Any, place: Place, path: Path) -> Any:
    if key in _FLAGS:
        return _typed(key, value, bool, "true or false", place)
    if key in _NUMBERS:
        return _number(key, value, place)
    if key == "class-weights" and isinstance(value, dict):
        return {name: _number(f"{key}.{name}", weight, place) for name, weight in value.items()}
    if key == "ignore-label" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if key in _LISTS or (key == "classes" and isinstance(value, list)):
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(one, str) for one in items):
            raise ConfigError(f"{key} must be a text or a list of texts", place=place)
        return tuple(items)
    text = _typed(key, value, str, "a text", place)
    if key == "labels" and text != "-" and "://" not in text:
        return str(path.parent / text)
    if key in {"classes", "class-weights"} and text.startswith("@"):
        return f"@{path.parent / text[1:]}"
    return text


def _number(key: str, value: Any, place: Place) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > sys.float_info.max:
        raise ConfigError(f"{key} must be a number", place=place)
    return float(value)


def _typed(key: str, value: Any, kind: type, words: str, place: Place) -> Any:
    if not isinstance(value, kind):
        raise ConfigError(f"{key} must be {words}", place=place)
    return value
