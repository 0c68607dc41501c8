"""Progress: how far a long run is, on a terminal, once it has lasted a second.

Floor 9. Written to stderr and wiped when the run ends; pipes and logs never see it.
"""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from xentcli.cli import output
from xentcli.phrases import counted

PATIENCE = 1.0
"""Seconds before the first line."""

PERIOD = 0.2
"""Seconds between two lines."""

_WIPE = "\r\x1b[2K"


class Progress:
    """Counts rows from any thread and redraws one line."""

    def __init__(self) -> None:
        """Start the clock."""
        self._started = time.monotonic()
        self._next = self._started + PATIENCE
        self._rows = 0
        self._shown = False
        self._lock = threading.Lock()

    def __call__(self, rows: int, total: int | None) -> None:
        """Count some more rows of a total, where that is known."""
        with self._lock:
            self._rows += rows
            now = time.monotonic()
            if now < self._next:
                return
            self._next = now + PERIOD
            self._shown = True
            self._draw(now - self._started, total)

    def _draw(self, seconds: float, total: int | None) -> None:
        # A second pass over the file counts its rows again: its share starts anew.
        done = self._rows if total is None else (self._rows - 1) % total + 1
        share = "" if total is None else f" of {total:,} ({100 * done // total} %)"
        output.to_stderr(f"{_WIPE}{counted(done, 'row')}{share}, {seconds:.0f} s")

    def end(self) -> None:
        """Wipe the line."""
        with self._lock:
            self._next = float("inf")
            if self._shown:
                output.to_stderr(_WIPE)


@contextmanager
def shown() -> Iterator[Progress | None]:
    """Give a progress line for as long as a run lasts; None where no terminal would show it."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    progress = Progress()
    try:
        yield progress
    finally:
        progress.end()
