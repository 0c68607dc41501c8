"""Table: a table of the configuration file that knows where its keys stand, and the one way to read it.

Floor 1. `read` opens the file; the functions that take values out of a table refuse what is of the wrong type,
with the line of the very key. What a key means is for those who ask for it.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from xentcli.config.broken import broken, refuse_deep, too_long
from xentcli.config.find import PROJECT_NAME
from xentcli.config.lines import Keys, key_lines
from xentcli.config.toml import is_number, toml_key
from xentcli.errors import ConfigError, Place, did_you_mean
from xentcli.record import Record, field, replace


class TomlTable(Record):
    """A table of the file.

    Attributes:
        path: the file.
        lines: where every key of the file stands.
        root: the keys that lead to all that is xent's, `("tool", "xent")` in a project's file.
        keys: those that lead from there to this table.
        values: what it holds.
        written: keys of `values` as they are spelled in the file, where that differs.
    """

    path: Path
    lines: Mapping[Keys, int]
    root: Keys
    keys: Keys
    values: Mapping[str, Any]
    written: Mapping[str, str] = field(default_factory=dict)

    def place(self, *keys: str) -> Place:
        """Return where a key stands, else where the closest table does that encloses it."""
        whole = (*self.root, *self.path_to(*keys))
        lines = (self.lines.get(whole[:length]) for length in range(len(whole), 0, -1))
        return Place(str(self.path), next((line for line in lines if line is not None), None))

    def name(self, *keys: str) -> str:
        """Return a key as it can be written at the top of the file, `checks.loss.max`."""
        return toml_key(*self.path_to(*keys))

    def path_to(self, *keys: str) -> Keys:
        """Return the keys that lead to a value, as the file spells them."""
        return (*self.keys, *(self.written.get(key, key) for key in keys[:1]), *keys[1:])

    def error(self, words: str, *keys: str, help: str | None = None) -> ConfigError:  # noqa: A002  as XentError's
        """Return the error that says of a key what is wrong with it."""
        return ConfigError(f"{self.name(*keys)} {words}", place=self.place(*keys), help=help)

    def beside(self, text: str) -> str:
        """Return a path that is relative to the file as one from where the file is told; others as they are."""
        return text if text == "-" or "://" in text else str(self.path.parent / text)


def read(path: Path) -> TomlTable:
    """Return what a file says: all of it, or the table [tool.xent] of a project's file.

    Raises:
        ConfigError: the file cannot be read, is no TOML, or is a project's file without the table.
    """
    import tomllib  # noqa: PLC0415  most runs find no file to parse

    text = _text(path)
    try:
        refuse_deep(text)
        document = tomllib.loads(text)
        lines = key_lines(text)
    except tomllib.TOMLDecodeError as error:
        raise broken(str(path), text, str(error)) from error
    except ValueError as error:
        raise too_long(str(path), text) from error
    except RecursionError as error:
        raise ConfigError("is no TOML that can be read: it is nested too deep", place=Place(str(path))) from error
    if path.name != PROJECT_NAME:
        return TomlTable(path, lines, (), (), document)
    tool = document.get("tool")
    own = tool.get("xent") if isinstance(tool, dict) else None
    if not isinstance(own, dict):
        raise ConfigError("holds no table [tool.xent]", place=Place(str(path), lines.get(("tool", "xent"))))
    return TomlTable(path, lines, ("tool", "xent"), (), own)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError("no such file", place=Place(str(path))) from error
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", place=Place(str(path))) from error
    except UnicodeDecodeError as error:
        raise ConfigError("is not UTF-8 text", place=Place(str(path))) from error


def known(table: TomlTable, keys: Iterable[str]) -> TomlTable:
    """Return a table whose keys are spelled as the known ones are, with `-`; in the file `_` does as well.

    Raises:
        ConfigError: a key is none of them, or stands there in both spellings.
    """
    names = list(keys)
    written: dict[str, str] = {}
    for key in table.values:
        name = key.replace("_", "-")
        if name not in names:
            raise _unknown(table, key, names)
        if name in written:
            raise table.error(f"is set as {written[name]} already", key)
        written[name] = key
    return replace(table, values={name: table.values[key] for name, key in written.items()}, written=written)


def _unknown(table: TomlTable, key: str, names: list[str]) -> ConfigError:
    close = did_you_mean(key, names)
    hint = f"did you mean {close!r}?" if close else f"known keys: {', '.join(sorted(names))}"
    if not close and table.keys and isinstance(table.values[key], dict):
        hint += "; a name that holds dots must be quoted"
    where = f" in [{table.name()}]" if table.keys else ""
    return ConfigError(f"unknown key {key!r}{where}", place=table.place(key), help=hint)


def subtable(table: TomlTable, key: str, holds: str) -> TomlTable:
    """Return a table within a table; it must hold something, which `holds` names."""
    value = table.values[key]
    if not isinstance(value, dict):
        raise table.error(f"must be a table of {holds}", key)
    if not value:
        raise table.error(f"holds no {holds}", key)
    return TomlTable(table.path, table.lines, table.root, table.path_to(key), value)


def flag(table: TomlTable, key: str) -> bool:
    """Return a truth value."""
    value = table.values[key]
    if not isinstance(value, bool):
        raise table.error("must be true or false", key)
    return value


def text(table: TomlTable, key: str) -> str:
    """Return a text."""
    value = table.values[key]
    if not isinstance(value, str):
        raise table.error("must be a text", key)
    return value


def name(table: TomlTable, key: str) -> str:
    """Return a text that names something, so that it is not empty."""
    value = text(table, key)
    if not value.strip():
        raise table.error("must not be empty", key)
    return value


def texts(table: TomlTable, key: str) -> tuple[str, ...]:
    """Return a list of texts, or the one text."""
    value = table.values[key]
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(one, str) for one in items):
        raise table.error("must be a text or a list of texts", key)
    return tuple(items)


def number(table: TomlTable, key: str) -> float:
    """Return a finite number."""
    value = table.values[key]
    if not is_number(value):
        raise table.error("must be a number", key)
    return float(value)
