"""The entrance: runs a command and turns whatever happens into an exit status and a message.

Floor 9. Tracebacks are for `--debug` alone.
"""

import contextlib
import gc
import sys
from typing import TYPE_CHECKING, NoReturn

from xentcli.cli import failure, interrupt, output
from xentcli.cli.address_space import refuse_narrow_limit
from xentcli.errors import ExitStatus, UsageError, did_you_mean

if TYPE_CHECKING:
    from typer.exceptions import TyperException


def run(arguments: list[str] | None = None) -> NoReturn:
    """Run the tool and exit.

    Args:
        arguments: the command line without the program's name; None for the process's own.
    """
    # Imports make many objects and no garbage: looking for it took a tenth of a short run.
    gc.set_threshold(100_000)
    interrupt.guard()
    try:
        status = main(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:  # while an error was told
        status = ExitStatus.INTERRUPTED
    if status == ExitStatus.INTERRUPTED:
        interrupt.end()
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
    if not {"-h", "--help", "--version"} & set(arguments):
        refuse_narrow_limit()
    # Here, so that an interrupt while importing is caught.
    from typer.exceptions import TyperException  # noqa: PLC0415

    from xentcli.cli.commands import app  # noqa: PLC0415

    try:
        with _help_held(arguments):
            status = int(app(arguments, standalone_mode=False, prog_name="xent") or ExitStatus.OK)
    except TyperException as error:
        raise _usage(error, app_commands()) from error
    if status == ExitStatus.INTERRUPTED:  # Typer's way to tell of an interrupt
        raise KeyboardInterrupt
    return status


def _help_held(arguments: list[str]) -> contextlib.AbstractContextManager[None]:
    """Hold back what may be the help, which Typer would print with no regard to a full disk."""
    if not {"-h", "--help"} & set(arguments):
        return contextlib.nullcontext()
    from xentcli.cli.held import held  # noqa: PLC0415  only the help needs it

    return held()


def _explain() -> int:
    """Answer a bare `xent`: the help, where errors go."""
    with contextlib.redirect_stdout(sys.stderr):
        _run(["--help"])
    return ExitStatus.CANNOT_RUN


def app_commands() -> tuple[str, ...]:
    """Return the names of the commands."""
    from xentcli.cli.commands import app  # noqa: PLC0415  see above

    return tuple(str(one.name or (one.callback.__name__ if one.callback else "")) for one in app.registered_commands)


def _usage(error: "TyperException", commands: tuple[str, ...]) -> UsageError:
    """Return a usage error of Typer's in the tool's own form."""
    message = str(getattr(error, "format_message", error.__str__)()).strip() or str(error)
    message = message.splitlines()[0].rstrip(".")
    option = getattr(error, "option_name", None)
    context = getattr(error, "ctx", None)
    known: list[str] = list(commands)
    name = message.split("'")[1] if message.startswith("No such command") else None
    if option is not None and context is not None:
        known = [flag for one in context.command.params for flag in (*one.opts, *one.secondary_opts)]
        name, message = str(option), f"there is no option {option}"
    elif name is not None:
        message = f"there is no command {name!r}"
    close = _near(name, known) if name else None
    where = f"xent {context.info_name} --help" if context is not None and context.parent is not None else "xent --help"
    return UsageError(_lowered(message), help=f"did you mean {close}?" if close else f"see {where}")


def _near(name: str, known: list[str]) -> str | None:
    """Return the known name closest to one that does not exist; the dashes that all options share make none close."""
    by_word = {one.lstrip("-"): one for one in known if one.startswith("--") == name.startswith("--")}
    close = did_you_mean(name.lstrip("-"), list(by_word))
    return by_word[close] if close else None


def _lowered(message: str) -> str:
    return message[:1].lower() + message[1:] if message[:2].istitle() or message[1:2].islower() else message
