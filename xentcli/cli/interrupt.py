"""Interrupt: Ctrl-C, SIGTERM and SIGHUP end the process with its own status, whatever it is busy with.

Floor 9. The exception that Python raises unwinds the run and clears up after it. But it can be lost in foreign code (a
destructor, a bare `except` of a library that is just being imported), and then the run would go on for hours.
"""

import contextlib
import os
import signal
import sys
from types import FrameType
from typing import NoReturn

from xentcli.errors import ExitStatus

GRACE = 2.0
"""Seconds in which a run must have ended by itself."""


_SIGNALS = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,  # a scheduler or container that stops the run
    signal.SIGHUP: signal.SIG_DFL,  # a terminal that is closed
}
"""The signals that interrupt, each with what Python does about it by itself."""


def guard() -> None:
    """See to it that an interrupt ends this process; where a signal is ignored, as by `nohup`, it stays so."""
    for number, usual in _SIGNALS.items():
        if signal.getsignal(number) is usual:
            signal.signal(number, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    import threading  # noqa: PLC0415  only an interrupt needs it

    timer = threading.Timer(GRACE, _give_up)
    timer.daemon = True
    timer.start()
    signal.default_int_handler(number, frame)


def _give_up() -> None:
    with contextlib.suppress(OSError):
        os.write(2, b"interrupted\n")  # the main thread may hold the locks of the streams
    temporary = sys.modules.get("xentcli.files.write")
    if temporary is not None:
        temporary.remove_own()
    os._exit(int(ExitStatus.INTERRUPTED))


def end() -> NoReturn:
    """End a run that an interrupt has unwound.

    Python's own way out was seen to end by the signal instead of the status, where the interrupt hit an import.
    """
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(int(ExitStatus.INTERRUPTED))
