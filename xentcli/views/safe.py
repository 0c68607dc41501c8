"""Safe text: what comes from a file is shown, never obeyed.

Floor 8. Class names, ids, column names, paths and cells may hold terminal escapes, line ends, marks that
turn the direction of text, markup, commands to the runner of a pipeline. Here they become visible, harmless text for
each kind of output.
"""

import re
import unicodedata

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_ALLOWED = {"\u200c", "\u200d"}
"""Joiners that Persian, Hindi and emoji need; they move nothing."""

_COMMAND = re.compile(r"^(?P<blanks>\s*):(?=:)|(?P<first>\#)\#(?=\w*\[)")
"""What a runner would take for a command: GitHub's `::name::` at the start of a line, after any blanks, and anywhere in
a line the older `##[name]`, Azure's `##vso[name]` and TeamCity's `##teamcity[name]`."""

_MARKDOWN = re.compile(
    r"""
    (?P<entity>[<>&])                           # HTML and entities
  | (?P<call>@ | \#(?=\d) | \bGH(?=-\d))       # mentions and references: only a break inside stops them
  | [\\`*\[\]|~$]                              # code, emphasis, links, cells, strikes, formulas
  | (?<![^\W_])_ | _(?![^\W_])                  # emphasis again, which an underscore inside a word is not
  | :(?=\S) | (?<=www)\.                       # addresses that become links, emoji by name
  | ^[\-+](?!\d) | ^[=\#]                      # lists, rules and titles at the start
  | (?P<number>^\d{1,9})(?P<after>[.)])(?=\s|$)
    """,
    re.VERBOSE,
)
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
_BREAK = "<!-- -->"


def printable(text: object) -> str:
    """Return text in which every character that a terminal or log would obey is written as an escape."""
    plain = str(text)
    if not (plain.isascii() and plain.isprintable()):
        plain = "".join(_shown(character) for character in plain)
    return _COMMAND.sub(_told, plain) if "::" in plain or "##" in plain else plain


def _told(found: re.Match[str]) -> str:
    return "#\\x23" if found["first"] else f"{found['blanks']}\\x3a"


def hides(character: str) -> bool:
    """Whether a character is not seen but obeyed: controls, escapes, line ends, marks of direction, surrogates."""
    return character not in _ALLOWED and unicodedata.category(character) in _HIDDEN


def _shown(character: str) -> str:
    if not hides(character):
        return character
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character)
    if short:
        return short
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def markdown(text: object) -> str:
    """Return printable text in which no character has a meaning in Markdown, HTML or mentions.

    Blanks at the edges go: four at the start would make code of it.
    """
    return _MARKDOWN.sub(_neutral, printable(text).strip())


def _neutral(found: re.Match[str]) -> str:
    text = found.group()
    if found["entity"]:
        return _ENTITIES[text]
    if found["call"]:
        return f"{text}{_BREAK}"
    return f"{found['number']}\\{found['after']}" if found["number"] else f"\\{text}"
