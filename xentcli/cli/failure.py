"""How a run ends that does not end well: Ctrl-C, signals, and errors told on stderr and in the files that -o names.

Floor 9. Failure: whatever ended a run is told on stderr and in the files that -o names, and becomes an exit status.
Nothing that is raised on the way escapes: the caller would take it for a verdict.

Interrupt: Ctrl-C, SIGTERM and SIGHUP end the process with its own status, whatever it is busy with. The exception
that Python raises unwinds the run and clears up after it. But it can be lost in foreign code (a destructor, a bare
`except` of a library that is just being imported), and then the run would go on for hours.
"""

import contextlib
import errno
import os
import signal
import sys
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from xentcli.addresses import without_keys
from xentcli.cli import output
from xentcli.errors import ExitStatus, Place, XentError, brief, lacks_memory
from xentcli.options.forms import CHECK_FORMS

if TYPE_CHECKING:
    from collections.abc import Callable

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


_OUTPUT_FLAGS = ("-o", "--output")
_DATA_COMMANDS = ("encode", "plot")
"""Commands whose -o names data or a picture: an error is neither, and what stood there stays."""


def told(error: BaseException, arguments: list[str]) -> int:
    """Tell what ended a run and return the exit status.

    Args:
        error: what was raised.
        arguments: the command line, read raw: usage errors come before any parsing.
    """
    known = _known(error)
    steps: list[Callable[[], None]] = []
    if "--debug" in arguments:
        steps.append(lambda: _show_traceback(error))
    if known is None:
        steps.append(lambda: _show_bug(error))
        known = XentError(f"a bug in xent: {type(error).__name__}")
        known.status = ExitStatus.BUG
    else:
        steps.append(lambda: _show(known))
    steps.append(lambda: _write_error(known, arguments))
    for step in steps:
        _attempt(step)
    return int(known.status)


def _known(error: BaseException) -> XentError | None:
    """Return an error as one of the tool's own; None if it is a bug."""
    if isinstance(error, XentError):
        return error
    if lacks_memory(error):
        return XentError("out of memory", help="score fewer classes or rows at a time, or allow more memory")
    if isinstance(error, SystemExit):  # Typer's answer to a closed pipe, with the status of a failed check
        return XentError(f"cannot go on: {errno.errorcode[errno.EPIPE]}, a pipe has been closed")
    if isinstance(error, OSError) and error.strerror:
        place = None if error.filename is None else Place(str(error.filename))
        return XentError(f"the system refuses: {error.strerror}", place=place)
    return None


def _attempt(step: "Callable[[], None]") -> None:
    """Take one step of the telling; a failure is told in the fewest words and does not stop the next step."""
    try:
        step()
    except Exception as second:  # noqa: BLE001  nothing raised while an error is told may escape
        reason = "out of memory" if lacks_memory(second) else f"it cannot be told in full: {type(second).__name__}"
        output.to_stderr(f"error: {reason}\n")


def _show(error: XentError) -> None:
    from xentcli.views import error as error_view  # noqa: PLC0415  not while memory may be short

    output.to_stderr(error_view.render(error))


def _show_bug(error: BaseException) -> None:
    from xentcli.views.safe import printable  # noqa: PLC0415  likewise

    reason = printable(without_keys(brief(f"{type(error).__name__}: {error}")))
    output.to_stderr(f"error: a bug in xent: {reason}\nhelp: run again with --debug for the traceback\n")


def _show_traceback(error: BaseException) -> None:
    import traceback  # noqa: PLC0415  only on demand

    output.to_stderr(without_keys("".join(traceback.format_exception(error))))


def _write_error(error: XentError, arguments: list[str]) -> None:
    """Write the error to what -o names, but never over a file that may be an input or configures the run."""
    if arguments[:1] and arguments[0] in _DATA_COMMANDS:
        return
    asked = _values(arguments, *_OUTPUT_FLAGS)
    wanted: list[output.Request] = []
    for text in asked:
        with contextlib.suppress(output.UnknownFormatError):
            wanted += output.requests([text], CHECK_FORMS)
    if not wanted:
        return
    refused = error.paths if isinstance(error, output.OverwriteError) else frozenset()
    inputs = [*_inputs(arguments, asked), *_configured(arguments)]
    for one in wanted:
        if one.refusal is None and one.path not in refused and not output.is_input(one.path, inputs):
            _attempt(partial(output.write_error_files, (one,), error))


def _inputs(arguments: list[str], asked: list[str]) -> list[str]:
    """Return all that may name an input, in whatever form: `FILE`, `--labels=FILE`, `@FILE`."""
    words = list(arguments)
    for text in asked:
        if text in words:
            words.remove(text)
    values = [word.partition("=")[2] if word.startswith("--") else word for word in words]
    return [value.removeprefix("@") for value in values if value]


def _configured(arguments: list[str]) -> list[str]:
    """Return the configuration file and all that it may name; it need not be the whole or valid."""
    from xentcli.config.find import find  # noqa: PLC0415  only errors need it
    from xentcli.config.mentions import mentions  # noqa: PLC0415  likewise

    named = [Path(path) for path in _values(arguments, "--config")]
    if not named and "--isolated" not in arguments and (closest := find()) is not None:
        named = [closest]
    return [path for one in named for path in mentions(one)]


def _values(arguments: list[str], *flags: str) -> list[str]:
    """Return the values of an option, read from the raw command line: usage errors come before any parsing.

    Args:
        arguments: the command line.
        flags: the names of the option, `-o` and `--output`.
    """
    joined = [f"{flag}=" if flag.startswith("--") else flag for flag in flags]
    found = []
    for at, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument in flags:
            found += arguments[at + 1 : at + 2]
        else:
            found += [argument.removeprefix(begin) for begin in joined if argument.startswith(begin)]
    return found
