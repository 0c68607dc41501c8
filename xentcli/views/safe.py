"""Safe text: what comes from a file is shown, never obeyed.

Floor 8. Class names, ids, column names, paths and cells may hold terminal escapes, line ends, marks that
turn the direction of text, markup. Here they become visible, harmless text for each kind of output.
"""

import re
import unicodedata

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_ALLOWED = {"\u200c", "\u200d"}
"""Joiners that Persian, Hindi and emoji need; they move nothing."""

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>&@$:])")


def printable(text: object) -> str:
    """Return text in which every character that a terminal or log would obey is written as an escape."""
    plain = str(text)
    if plain.isascii() and plain.isprintable():
        return plain
    return "".join(_shown(character) for character in plain)


def _shown(character: str) -> str:
    if character in _ALLOWED or unicodedata.category(character) not in _HIDDEN:
        return character
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character)
    if short:
        return short
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def markdown(text: object) -> str:
    """Return printable text in which no character has a meaning in Markdown, HTML or mentions."""
    escaped = _MARKDOWN.sub(r"\\\1", printable(text))
    return escaped.replace("\\<", "&lt;").replace("\\>", "&gt;").replace("\\&", "&amp;").replace("\\@", "&#64;")
