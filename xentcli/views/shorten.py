"""Shortening: names that are too long for a terminal lose their middle; pipes and files keep them whole.

Floor 8. Pure functions of texts and widths in terminal cells.
"""

from collections.abc import Sequence

from xentcli.views.plain import cells


def shortened(text: str, width: int, mark: str) -> str:
    """Return a text of at most so many cells: its head and its tail with a mark between them where it is longer."""
    if cells(text) <= width:
        return text
    left = max(0, width - cells(mark))
    tail = _start(text[::-1], left // 2)[::-1]
    return f"{_start(text, left - cells(tail))}{mark}{tail}"


def _start(text: str, width: int) -> str:
    used = 0
    for at, character in enumerate(text):
        used += cells(character)
        if used > width:
            return text[:at]
    return text


def shared_out(room: int, needs: Sequence[int], least: int) -> tuple[int, ...]:
    """Return how many of some cells each column gets: what it needs, else an even share of what is left, or the least.

    Args:
        room: the cells there are.
        needs: what each column would take.
        least: what each gets in any case, if it needs as much.
    """
    given = [0] * len(needs)
    waiting = sorted(range(len(needs)), key=lambda at: needs[at])
    for position, at in enumerate(waiting):
        share = max(least, (room - sum(given)) // (len(waiting) - position))
        given[at] = min(needs[at], share)
    return tuple(given)
