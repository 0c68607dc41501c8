"""Runs: stretches of rows whose neighbours beyond their ends are still unknown, joined as they meet.

Floor 4.
"""

from collections.abc import Callable
from typing import TypeVar

from xentcli.record import OrderedRecord


class Run(OrderedRecord):
    """The rows [start, stop) of a part, scored or not.

    Attributes:
        part: its ordinal.
        start: the first row.
        stop: one beyond the last.
    """

    part: int
    start: int
    stop: int


AnyRun = TypeVar("AnyRun", bound=Run)


def joined(runs: list[AnyRun], more: list[AnyRun], across: Callable[[AnyRun, AnyRun], AnyRun]) -> list[AnyRun]:
    """Return runs and others, ascending, those that meet as one.

    What comes after all runs is added to them in place, without a look at any but the last: files have thousands of
    parts.

    Args:
        runs: ascending, no two of them meet.
        more: likewise.
        across: returns the union of two runs that meet, the left one first.
    """
    follow = not runs or not more or runs[-1] < more[0]
    found = runs if follow else []
    for run in more if follow else sorted([*runs, *more]):
        if found and (found[-1].part, found[-1].stop) == (run.part, run.start):
            found[-1] = across(found[-1], run)
        else:
            found.append(run)
    return found
