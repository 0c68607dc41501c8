"""The entrance: runs a command and turns whatever happens into an exit status and a message.

Floor 9. Tracebacks are for `--debug` alone. A run that a limit leaves too little address space (`ulimit -v`) is refused
before libraries are loaded.
"""

import gc
import mmap
import os
import resource
import sys
from typing import NoReturn

from xentcli.cli import failure, help, output  # noqa: A004  what `--help` prints
from xentcli.errors import ExitStatus, UsageError, XentError, did_you_mean
from xentcli.options.commands import COMMANDS

LEAST_BYTES = 384 << 20
"""What numpy and Arrow with a thread each map before the first row is read."""


def refuse_narrow_limit() -> None:
    """Raise if there is a limit and too little is left of it; without a limit nothing is done.

    Raises:
        XentError: naming the limit.
    """
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY:
        return
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # each of its threads maps a buffer, and none is used here
    try:
        mmap.mmap(-1, LEAST_BYTES).close()
    except (OSError, ValueError, MemoryError) as error:
        raise XentError(
            f"out of memory: the address space is limited to {limit >> 20:,} MiB (ulimit -v)",
            help=f"allow {(LEAST_BYTES >> 20) + 128} MiB and more",
        ) from error


def run(arguments: list[str] | None = None) -> NoReturn:
    """Run the tool and exit.

    Args:
        arguments: the command line without the program's name; None for the process's own.
    """
    # Imports make many objects and no garbage: looking for it took a tenth of a short run.
    gc.set_threshold(100_000)
    failure.guard()
    try:
        status = main(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:  # while an error was told
        status = ExitStatus.INTERRUPTED
    if status == ExitStatus.INTERRUPTED:
        failure.end()
    sys.exit(int(status))


def main(arguments: list[str]) -> int:
    """Run the tool and return the exit status; no exception escapes but an interrupt of the telling of another."""
    try:
        return _run(arguments) if arguments else _explain()
    except KeyboardInterrupt:
        output.to_stderr("interrupted\n")
        return ExitStatus.INTERRUPTED
    except (Exception, SystemExit) as error:  # noqa: BLE001  the last line of defence: a bug must not look like a verdict
        return failure.told(error, arguments)


def _run(arguments: list[str]) -> int:
    answer = help.asked(arguments)
    if answer is not None:
        output.to_stdout(answer)
        return ExitStatus.OK
    refuse_narrow_limit()
    name, *words = arguments
    command = COMMANDS.get(name)
    if command is None:
        raise _no_command(name)
    # Here, so that an interrupt while importing is caught.
    from xentcli.cli.call import called  # noqa: PLC0415
    from xentcli.cli.parse import parsed  # noqa: PLC0415

    return called(command, parsed(command, words))


def _explain() -> int:
    """Answer a bare `xent`: the help, where errors go."""
    output.to_stderr(help.overview())
    return ExitStatus.CANNOT_RUN


def _no_command(name: str) -> UsageError:
    """Return the error of a command line that begins with no command."""
    if not name.startswith("-"):
        return help.no_command(name)
    close = did_you_mean(name.lstrip("-"), ["help", "version"])
    return UsageError(f"there is no option {name}", help=f"did you mean --{close}?" if close else "see xent --help")
