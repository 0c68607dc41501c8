"""Table: a table of the configuration file that knows where its keys stand, and the options that every command has.

Floor 1. `read` opens the file; the functions that take values out of a table refuse what is of the wrong type, with
the line of the very key. What a key means is for those who ask for it.

Lines: where each key of a TOML text stands. tomllib keeps no positions, so the text is read a second time, for its
keys alone. It has been parsed before, so it is known to be valid, and whatever is not part of a key is only
skipped.

Shared settings: the options that every command has, as a table of the file gives them. The table of options says
which they are, of what types, and which name files; what one means is the command's business.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from xentcli.config.find import PROJECT_NAME
from xentcli.config.toml import broken, is_number, refuse_deep, toml_key, too_long
from xentcli.errors import ConfigError, Place, did_you_mean
from xentcli.options.option import NamesFile, Option, options_of
from xentcli.options.table import PredictionOptions
from xentcli.record import MutableRecord, Record, field, replace

Keys = tuple[str, ...]
"""The keys that lead to a value, from the outermost table."""

_TOKEN = re.compile(
    r"""
    (?P<quoted>
        \"{3}(?:\\.|[^\\])*?\"{3,5}  |  '{3}.*?'{3,5}      # over several lines; the last quotes may be text
      | \"(?:\\.|[^\\"])*\"          |  '[^']*'
    )
  | (?P<comment>\#[^\n]*)
  | (?P<end>\n)
  | (?P<mark>[\[\]{}=,.])
  | (?P<bare>[^\s\[\]{}=,.\#"']+)
    """,
    re.VERBOSE | re.DOTALL,
)


class _Token(Record):
    """A piece of the text: `quoted`, `end`, `mark` or `bare`, and the line it begins on."""

    kind: str
    text: str
    line: int


def key_lines(text: str) -> dict[Keys, int]:
    """Return the line, from 1, of every key and every table of a valid TOML text.

    A table that is only part of other keys' names stands where the first of them does. Of an array of tables only
    the first is told; what stands in arrays within a value has no place.
    """
    walk = _Walk(list(_tokens(text)))
    walk.document()
    return walk.implied | walk.said


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for found in _TOKEN.finditer(text):
        kind = str(found.lastgroup)
        if kind != "comment":
            yield _Token(kind, found.group(), line)
        line += found.group().count("\n")


class _Walk(MutableRecord):
    """A walk along the tokens of a text.

    Attributes:
        tokens: of the whole text.
        at: the token that comes next.
        said: the lines of keys and headers.
        implied: the lines of tables that are part of the names of others.
    """

    tokens: list[_Token]
    at: int = 0
    said: dict[Keys, int] = field(default_factory=dict)
    implied: dict[Keys, int] = field(default_factory=dict)

    def document(self) -> None:
        table: Keys = ()
        while self.at < len(self.tokens):
            if self._is("end"):
                self.at += 1
            elif self._is("mark", "["):
                table = self._header()
            else:
                self._pair(table)

    def _is(self, kind: str, marks: str = "") -> bool:
        if self.at == len(self.tokens):
            return kind == "end"
        token = self.tokens[self.at]
        return token.kind == kind and (not marks or token.text in marks)

    def _header(self) -> Keys:
        """Read `[a.b]` or `[[a.b]]`."""
        while self._is("mark", "["):
            self.at += 1
        name = self._key((), "]")
        while self._is("mark", "]"):
            self.at += 1
        return name

    def _pair(self, table: Keys) -> None:
        """Read `key = value`, with all that stands in the value."""
        name = self._key(table, "=")
        self.at += 1
        if self._is("mark", "{"):
            self._inline(name)
        elif self._is("mark", "["):
            self._array()
        while not self._is("end") and not self._is("mark", ",}"):
            self.at += 1

    def _key(self, table: Keys, until: str) -> Keys:
        """Read the parts of a key as far as a mark, and note its line."""
        name, line = table, self.tokens[self.at].line
        while not self._is("mark", until):
            token = self.tokens[self.at]
            if token.kind != "mark":
                if len(name) > len(table):
                    self.implied.setdefault(name, line)
                name = (*name, _unquoted(token))
            self.at += 1
        self.said.setdefault(name, line)
        return name

    def _inline(self, table: Keys) -> None:
        self.at += 1
        while not self._is("mark", "}"):
            if self._is("end") or self._is("mark", ","):
                self.at += 1
            else:
                self._pair(table)
        self.at += 1

    def _array(self) -> None:
        """Pass over an array; whatever stands in it counts as one value."""
        depth = 0
        while True:
            depth += self._is("mark", "[{") - self._is("mark", "]}")
            self.at += 1
            if depth == 0:
                return


def _unquoted(token: _Token) -> str:
    if token.kind == "bare":
        return token.text
    import tomllib  # noqa: PLC0415  few keys are quoted

    return str(tomllib.loads(f"key = {token.text}")["key"])


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


SETTINGS = {one.key: one for one in options_of(PredictionOptions).values() if one.configured}
"""The shared options by their keys."""

MODEL_KEYS = (*SETTINGS, "predictions", "baseline", "checks")
"""The keys of a model."""

FILE_KEYS = (*MODEL_KEYS, "models")
"""The keys at the top of a file."""


def settings_of(table: TomlTable) -> dict[str, Any]:
    """Return the shared options that a table sets, by their names.

    Raises:
        ConfigError: a value is of a wrong type.
    """
    return {SETTINGS[key].name: _value(table, SETTINGS[key]) for key in table.values if key in SETTINGS}


def _value(table: TomlTable, option: Option) -> Any:
    key, value = option.key, table.values[option.key]
    if option.is_switch:
        return flag(table, key)
    if float in option.types:
        return number(table, key)
    if option.repeatable or (Sequence in option.types and isinstance(value, list)):
        return texts(table, key)
    if Mapping in option.types and isinstance(value, dict):
        weights = subtable(table, key, "weights by class")
        return {name: number(weights, name) for name in weights.values}
    if int in option.types and isinstance(value, int) and is_number(value):
        return str(value)
    written = text(table, key)
    if option.names is NamesFile.PATH:
        return table.beside(written)
    if option.names is NamesFile.AT_PATH and written.startswith("@"):
        return f"@{table.beside(written[1:])}"
    return written
