"""The guard before Arrow's JSON reader: which blocks of lines it may be handed, and which lines hold no object.

Floor 2. That reader ends the whole process at a line that holds no object and at values nested deep, joins an object
that goes over several lines, and takes bytes that are no UTF-8. What it needs is checked here by a few vectorised
looks at the bytes; the few lines that these cannot clear are parsed by the standard library. Where the caller allows
it, broken lines are blanked and counted, so that the lines behind them keep their numbers.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from xentcli.arrays import Bytes, Indices
from xentcli.errors import Place, UnreadableError
from xentcli.files.table import LeftOut
from xentcli.phrases import counted, verb
from xentcli.record import Record

MOST_LEVELS = 64
"""How deep objects and lists may nest; readers of JSON recurse, and the stack is bounded."""

_OBJECTS_HELP = 'every line must be an object, such as {"label": "cat", "probs": [0.2, 0.8]}'
_LINES_HELP = "every line must hold one JSON object; --skip-bad-rows leaves other lines out"
_CUT_HELP = "write the file again, or pass --skip-bad-rows to leave the line out"
_ONE_A_LINE = "write one object a line, such as: jq -c . FILE > NEW.jsonl"
_TOO_DEEP = f"nests objects or lists more than {MOST_LEVELS} levels deep"
_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+"')
_NEWLINE, _RETURN, _OPEN, _CLOSE, _LIST = b"\n\r{}["
_CASE = _OPEN ^ _LIST
_AFTER_CLOSE = np.zeros(256, dtype=bool)
_AFTER_CLOSE[list(b",}]\r\n")] = True


class BlockLines(Record):
    """How many lines a block has, how many of them hold an object (the others are blank), and where each ends."""

    lines: int
    rows: int
    ends: Indices


def checked(block: bytes, name: str, line: int) -> BlockLines:
    """Return the size of a block of whole lines that Arrow's reader may see.

    Args:
        block: the lines.
        name: of the file, for messages.
        line: number of the first line, from 1.

    Raises:
        UnreadableError: a line is no UTF-8, holds no object or more than one, or nests too deep.
    """
    _refuse_other_bytes(block, name, line)
    text = np.frombuffer(block if block.endswith(b"\n") else block + b"\n", dtype=np.uint8)
    ends = np.flatnonzero(text == _NEWLINE)
    starts = np.concatenate(([0], ends[:-1] + 1))
    whole = (text[starts] == _OPEN) & (_last(text, ends) == _CLOSE)
    others = {at: block[starts[at] : ends[at]].strip() for at in np.flatnonzero(~whole).tolist()}
    doubtful = {at for at, raw in others.items() if raw and not (raw.startswith(b"{") and raw.endswith(b"}"))}
    plain = len(whole) - len(others) if not doubtful else -1  # lines that are one object without further ones
    doubtful.update(_closed_early(text, ends, plain))
    deep = set(_deep(block, text, starts, ends, plain))
    for at in sorted(doubtful | deep):
        if at in deep:
            raise too_deep(Place(name, line + at))
        parse_object(block[starts[at] : ends[at]], name, line + at, open_end=bool(ends[at] == len(block)))
    return BlockLines(len(ends), len(ends) - sum(not raw for raw in others.values()), ends)


def _last(text: Bytes, ends: Indices) -> Bytes:
    """Return the last byte of each line before its end, whether that is LF or CRLF; for an empty line any byte."""
    last = text[ends - 1]
    returned = last == _RETURN
    return np.where(returned, text[ends - 2], last) if returned.any() else last


def _closed_early(text: Bytes, ends: Indices, objects: int) -> list[int]:
    """Return the lines in which something stands behind a `}` that may have ended the object.

    Args:
        text: the block.
        ends: of the lines.
        objects: how many lines begin and end with a brace; if there are no further ones, no object ends early.
    """
    closing = text == _CLOSE
    if np.count_nonzero(closing) == objects:
        return []
    closes = np.flatnonzero(closing)
    early = closes[~_AFTER_CLOSE[text[closes + 1]]]
    found: list[int] = np.unique(np.searchsorted(ends, early)).tolist()
    return found


def _deep(block: bytes, text: Bytes, starts: Indices, ends: Indices, objects: int) -> Iterator[int]:
    """Yield the lines that nest too deep; only lines with many brackets are looked at one by one."""
    lists, braces = text == _LIST, text == _OPEN
    if np.count_nonzero(lists) + np.count_nonzero(braces) == objects:
        return
    counts = np.diff(np.searchsorted(np.flatnonzero(lists | braces), ends), prepend=0)
    for at in np.flatnonzero(counts > MOST_LEVELS).tolist():
        if levels(block[starts[at] : ends[at]]) > MOST_LEVELS:
            yield at


def levels(text: bytes) -> int:
    """Return how deep a JSON text nests."""
    steps = np.frombuffer(_TEXT.sub(b"", text), dtype=np.uint8) | _CASE  # `[` and `{` differ in this one bit
    depth = np.cumsum((steps == _OPEN).astype(np.int64) - (steps == _CLOSE))
    return int(depth.max(initial=0))


def _refuse_other_bytes(block: bytes, name: str, line: int) -> None:
    if block.isascii() or is_utf8(block):
        return
    for at, raw in enumerate(block.split(b"\n")):
        if not is_utf8(raw):
            raise not_utf8(name, line + at)


def is_utf8(text: bytes) -> bool:
    """Return whether bytes are UTF-8, at Arrow's speed."""
    offsets = np.array([0, len(text)], dtype=np.int64)
    array = pa.Array.from_buffers(pa.large_string(), 1, [None, pa.py_buffer(offsets), pa.py_buffer(text)])
    try:
        array.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def not_utf8(name: str, line: int | None = None) -> UnreadableError:
    """Return the error for bytes that are no text."""
    return UnreadableError(
        "is not UTF-8 text, which JSON must be",
        place=Place(name, line),
        help="write it again as UTF-8, such as: iconv -f LATIN1 -t UTF-8 FILE > NEW",
    )


def parse_object(raw: bytes, name: str, line: int, *, open_end: bool = False) -> dict[str, Any]:
    """Return the object of a line, parsed by the standard library, which takes NaN and Infinity.

    Args:
        raw: the line.
        name: of the file, for messages.
        line: its number.
        open_end: whether no line end follows, so that the file may be cut there.

    Raises:
        UnreadableError: the line holds no object, text that is no text, or nests too deep.
    """
    value = parse(raw, name, line, _CUT_HELP if open_end else _LINES_HELP)
    if not isinstance(value, dict):
        raise UnreadableError(f"holds {kind_of(value)}, not an object", place=Place(name, line), help=_OBJECTS_HELP)
    return value


def parse(raw: bytes, name: str, line: int | None, advice: str) -> Any:
    """Return the value of a JSON text.

    Args:
        raw: its bytes.
        name: of the file, for messages.
        line: of the text in the file, None where it is the whole file.
        advice: what to do if it is no JSON.

    Raises:
        UnreadableError: it is no JSON, holds a key twice or half a surrogate pair, or nests too deep.
    """
    try:
        value = json.loads(raw.decode(), object_pairs_hook=_without_doubled)
    except UnicodeDecodeError as error:
        raise not_utf8(name, line) from error
    except RecursionError as error:
        raise too_deep(Place(name, line)) from error
    except json.JSONDecodeError as error:
        raise _no_json(error, Place(name, error.lineno if line is None else line), advice) from error
    except _DoubledKeyError as error:
        raise UnreadableError(
            f"holds an object with the key {error.key!r} twice",
            place=Place(name, line),
            help="a key must say which value is meant; rename or remove one",
        ) from error
    except ValueError as error:  # Python's own bound on digits
        raise UnreadableError(
            "holds a number of more than 4,300 digits", place=Place(name, line), help="write it as text"
        ) from error
    if b"\\ud" in raw or b"\\uD" in raw:
        _refuse_half_pairs(value, name, line)
    return value


def _no_json(error: json.JSONDecodeError, place: Place, advice: str) -> UnreadableError:
    """Return the error for a text that is no JSON; objects that are not one a line have a remedy of their own."""
    if error.msg == "Extra data" and error.doc[error.pos :].lstrip().startswith(("{", "[")):
        what = "holds another JSON value behind the first one"
        return UnreadableError(what, place=place, help=_ONE_A_LINE)
    if error.doc.strip() in {"{", "["}:
        return UnreadableError("holds only the start of an object or list", place=place, help=_ONE_A_LINE)
    if advice == _CUT_HELP:
        if _breaks_off(error):
            return UnreadableError("breaks off inside its object: the file is truncated", place=place, help=advice)
        advice = _LINES_HELP
    return UnreadableError(f"is no JSON: {error.msg}", place=place, help=advice)


def _breaks_off(error: json.JSONDecodeError) -> bool:
    """Whether a text is the start of an object that goes on."""
    text = error.doc.strip()
    at_end = error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
    return text.startswith("{") and error.msg != "Extra data" and (at_end or not text.endswith("}"))


class _DoubledKeyError(Exception):
    """An object holds a key twice."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _without_doubled(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the pairs of an object, of which the standard library would keep the last of two in silence."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [key for key, _ in pairs]
        raise _DoubledKeyError(next(key for key in names if names.count(key) > 1))
    return found


def _refuse_half_pairs(value: object, name: str, line: int | None) -> None:
    """Refuse the escape of half a surrogate pair, which stands for no character."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = f"\\u{ord(error.object[error.start]):04x}"
        raise UnreadableError(
            f"holds half of a surrogate pair, {half}, which is no character",
            place=Place(name, line),
            help="the text was cut inside a character; write it again",
        ) from error
    except RecursionError as error:
        raise too_deep(Place(name, line)) from error


def too_deep(place: Place) -> UnreadableError:
    """Return the error for values that nest too deep."""
    return UnreadableError(_TOO_DEEP, place=place, help="write labels and scores as values or as lists of values")


def kind_of(value: object) -> str:
    """Return what a JSON value is, in words."""
    kinds = {dict: "an object", list: "an array", str: "a text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")


WHAT = "without a JSON object"
_SHOWN = 5


def without_broken(block: bytes, name: str, line: int) -> tuple[bytes, tuple[int, ...]]:
    """Return a block of which the lines that hold no object are blank, and the numbers of these.

    Args:
        block: whole lines.
        name: of the file.
        line: number of the first line, from 1.
    """
    kept = block.split(b"\n")
    broken = [at for at, raw in enumerate(kept) if _fault(raw.strip(), name, line + at) is not None]
    for at in broken:
        kept[at] = b""
    return b"\n".join(kept), tuple(line + at for at in broken)


def _fault(raw: bytes, name: str, line: int) -> UnreadableError | None:
    """Return what is wrong with a line, None if it holds an object or nothing."""
    if not raw:
        return None
    if levels(raw) > MOST_LEVELS:
        return too_deep(Place(name, line))
    try:
        parse_object(raw, name, line)
    except UnreadableError as error:
        return error
    return None


def with_broken(left_out: LeftOut, lines: tuple[int, ...]) -> LeftOut:
    """Return what was left out with further lines of the file."""
    return LeftOut(left_out.count + len(lines), (*left_out.lines, *lines)[:_SHOWN], WHAT)


def note(left_out: LeftOut) -> str:
    """Return what a person should hear of the lines that were left out."""
    shown = ", ".join(str(line) for line in left_out.lines)
    are = verb(left_out.count, "are")
    return f"{counted(left_out.count, 'line')} {WHAT} {are} left out as bad (first lines: {shown})"
