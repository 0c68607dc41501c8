"""The entrance: runs a command and turns whatever happens into an exit status and a message.

Floor 9. Tracebacks are for `--debug` alone.
"""

import contextlib
import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from xentcli.addresses import without_keys
from xentcli.cli import interrupt, output
from xentcli.cli.options import CHECK_FORMS, UnknownFormatError
from xentcli.errors import ExitStatus, UsageError, XentError, did_you_mean

if TYPE_CHECKING:
    from typer.exceptions import TyperException

_OUTPUT_FLAGS = ("-o", "--output")
_DATA_COMMANDS = ("encode",)
"""Commands whose -o names data: an error is no data, and what stood there stays."""


def run(arguments: list[str] | None = None) -> NoReturn:
    """Run the tool and exit.

    Args:
        arguments: the command line without the program's name; None for the process's own.
    """
    # Imports make many objects and no garbage: looking for it took a tenth of a short run.
    gc.set_threshold(100_000)
    interrupt.guard()
    status = int(main(sys.argv[1:] if arguments is None else arguments))
    if status == ExitStatus.INTERRUPTED:
        interrupt.end()
    sys.exit(status)


def main(arguments: list[str]) -> int:
    """Run the tool and return the exit status."""
    try:
        return _run(arguments) if arguments else _explain()
    except XentError as error:
        return _fail(error, arguments)
    except KeyboardInterrupt:
        output.to_stderr("interrupted\n")
        return ExitStatus.INTERRUPTED
    except MemoryError:
        return _fail(XentError("out of memory", help="score fewer classes or rows at a time"), arguments)
    except Exception as error:  # noqa: BLE001  the last line of defence: a bug must not look like a verdict
        return _bug(error, arguments)


def _run(arguments: list[str]) -> int:
    # Here, so that an interrupt while importing is caught.
    from typer.exceptions import TyperException  # noqa: PLC0415

    from xentcli.cli.commands import app  # noqa: PLC0415

    try:
        status = int(app(arguments, standalone_mode=False, prog_name="xent") or ExitStatus.OK)
    except TyperException as error:
        raise _usage(error, app_commands()) from error
    if status == ExitStatus.INTERRUPTED:  # Typer's way to tell of an interrupt
        raise KeyboardInterrupt
    return status


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


def _fail(error: XentError, arguments: list[str]) -> int:
    from xentcli.views import error as error_view  # noqa: PLC0415  only errors need it

    if "--debug" in arguments:
        import traceback  # noqa: PLC0415  only on demand

        output.to_stderr(without_keys("".join(traceback.format_exception(error))))
    output.to_stderr(error_view.render(error))
    _write_error(error, arguments)
    return int(error.status)


def _write_error(error: XentError, arguments: list[str]) -> None:
    """Write the error to what -o names, but never over a file that may be an input or configures the run."""
    if arguments[:1] and arguments[0] in _DATA_COMMANDS:
        return
    asked = _values(arguments, *_OUTPUT_FLAGS)
    try:
        wanted = output.requests(asked, CHECK_FORMS)
    except UnknownFormatError:
        return
    if not wanted:
        return
    refused = error.paths if isinstance(error, output.OverwriteError) else frozenset()
    inputs = [*_inputs(arguments, asked), *_configured(arguments)]
    output.write_error_files(
        tuple(one for one in wanted if one.path not in refused and not output.is_input(one.path, inputs)), error
    )


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


def _bug(error: Exception, arguments: list[str]) -> int:
    if "--debug" in arguments:
        import traceback  # noqa: PLC0415  only on demand

        output.to_stderr(without_keys("".join(traceback.format_exception(error))))
    from xentcli.views.safe import printable  # noqa: PLC0415  only errors need it

    reason = printable(without_keys(f"{type(error).__name__}: {error}"))
    output.to_stderr(f"error: a bug in xent: {reason}\nhelp: run again with --debug for the traceback\n")
    failure = XentError(f"a bug in xent: {type(error).__name__}")
    _write_error(failure, arguments)
    return ExitStatus.BUG
