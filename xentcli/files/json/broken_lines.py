"""Broken lines: lines of JSON that hold no object, taken out of a block and counted where the caller asks for it.

Floor 2. A line that is taken out becomes blank, so that the numbers of the others stay.
"""

from xentcli.errors import Place, UnreadableError
from xentcli.files.json.guard import MOST_LEVELS, levels, parse_object, too_deep
from xentcli.files.table import LeftOut
from xentcli.words import counted, verb

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
