"""Call: a command as it was asked for, with what all commands share.

Floor 9. The files to write, the configuration, the options that hold, the inputs that no report may replace, delivery
and exit status are settled here; a command does what is its own.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from xentcli import config
from xentcli.cli import output
from xentcli.cli.deliver import Report, deliver, tell
from xentcli.config.find import find
from xentcli.errors import ExitStatus, UsageError
from xentcli.options.commands import Command
from xentcli.options.forms import Color, OutputFormat
from xentcli.options.option import NamesFile, options_of
from xentcli.options.table import PredictionOptions, ReportOptions

if TYPE_CHECKING:
    from xentcli.results import Source


class Call(NamedTuple):
    """A command as it was asked for.

    Attributes:
        command: of the table.
        given: the values of its arguments and options by their names; None where one is not given.
        wanted: the files that the report goes to.
        settings: the configuration file that holds; None without one.
    """

    command: Command
    given: Mapping[str, Any]
    wanted: tuple[output.Request, ...]
    settings: str | None

    @property
    def form(self) -> OutputFormat:
        """The form of the report on stdout."""
        return OutputFormat(self.given["output_format"] or self.command.options["output_format"].default)

    @property
    def everything(self) -> bool:
        """Whether the report leaves nothing out."""
        return bool(self.given["full"])

    def flags(self) -> dict[str, Any]:
        """Return what was given of the options of the public function."""
        names = self.command.public_options
        return {name: self.given[name] for name in names if self.given[name] is not None}

    def options(self) -> dict[str, Any]:
        """Return the options of the public function that are set: by a flag, else by the configuration file."""
        known = self.command.public_options
        held = {} if self.settings is None else config.load(self.settings)
        configured = {name: value for name, value in held.items() if name in known and known[name].configured}
        return configured | self.flags()

    def deliver(self, report: Report, sources: "Sequence[Source]" = ()) -> None:
        """Tell the doubts about the inputs and write a report to where it goes."""
        tell(sources)
        deliver(report, self.form, self.wanted, Color(self.given["color"] or Color.AUTO))


def called(command: Command, given: Mapping[str, Any]) -> int:
    """Run a command and return the exit status.

    Raises:
        XentError: it cannot run.
    """
    wanted: tuple[output.Request, ...] = ()
    if ReportOptions in command.groups:
        forms = [OutputFormat(word) for word in command.options["output_format"].choices]
        wanted = output.requests(given["output"] or (), forms)
    settings = _configuration(given["config"], isolated=bool(given["isolated"])) if "isolated" in given else None
    run = import_module(f"xentcli.cli.commands.{command.name}").run
    status = int(run(Call(command, given, wanted, settings)))
    return ExitStatus.OK if status == ExitStatus.FAILED and given.get("exit_zero") else status


def _configuration(path: str | None, *, isolated: bool) -> str | None:
    """Return the configuration file that holds: the one that is named, else the closest; None without one.

    Raises:
        UsageError: one is named and forbidden.
    """
    if isolated and path is not None:
        raise UsageError("and --isolated contradict each other", option="config", help="leave one of them out")
    closest = find() if path is None and not isolated else path
    return None if closest is None else str(closest)


def inputs(files: Sequence[str], options: Mapping[str, Any], path: str | None) -> list[str]:
    """Return the paths of all that is read: predictions or labels, what options name, the configuration file."""
    named = [*files, *(() if path is None else (path,))]
    for name, one in options_of(PredictionOptions).items():
        text = options.get(name)
        if one.names is NamesFile.PATH and text is not None:
            named.append(text)
        if one.names is NamesFile.AT_PATH and isinstance(text, str) and text.startswith("@"):
            named.append(text[1:])
    return named
