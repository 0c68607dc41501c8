"""Lines: where each key of a TOML text stands.

Floor 1. tomllib keeps no positions, so the text is read a second time, for its keys alone. It has been parsed
before, so it is known to be valid, and whatever is not part of a key is only skipped.
"""

import re
from collections.abc import Iterator

from xentcli.record import MutableRecord, Record, field

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
