"""Help: what `xent --help` and `xent COMMAND --help` print, from the table of options.

Floor 9. Nothing that parses is imported for it. Where a terminal shows colours, headings are bold.
"""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from xentcli.cli import output
from xentcli.errors import UsageError, did_you_mean
from xentcli.options.commands import ABOUT, COMMANDS, Argument, Command
from xentcli.options.forms import Color
from xentcli.options.option import Option

FLAGS = ("-h", "--help")
VERSION = ("-V", "--version")

_PIPED, _NARROWEST, _WIDEST = 80, 50, 100
_MOST_LEFT = 26
"""Columns of flags; what is longer has a line of its own."""

_HELP = ("-h, --help", "Show this message and exit.")

Rows = Sequence[tuple[str, str]]


def asked(arguments: Sequence[str]) -> str | None:
    """Return what answers a command line that asks for the help or the version; None for any other."""
    first = arguments[0]
    if first in FLAGS:
        return overview()
    if first in VERSION:
        from xentcli import __version__  # noqa: PLC0415  the package's own page imports nothing

        return f"xent {__version__}\n"
    if first == "help":
        return _named(arguments[1:])
    command = COMMANDS.get(first)
    return of_command(command) if command is not None and _wanted(command, arguments[1:]) else None


def no_command(name: str) -> UsageError:
    """Return the error of a name that is no command."""
    close = did_you_mean(name, list(COMMANDS))
    return UsageError(f"there is no command {name!r}", help=f"did you mean {close}?" if close else "see xent --help")


def _named(words: Sequence[str]) -> str:
    """Return the help of the command that `xent help COMMAND` names, of the tool for `xent help` alone.

    Raises:
        UsageError: there is no such command.
    """
    words = [word for word in words if word not in FLAGS]
    if not words:
        return overview()
    if words[0] not in COMMANDS:
        raise no_command(words[0])
    return of_command(COMMANDS[words[0]])


def _wanted(command: Command, words: Sequence[str]) -> bool:
    """Whether one of the words asks for the help; the value of an option does not."""
    taking = {flag for one in command.options.values() if not one.is_switch for flag in one.all_flags}
    rest = iter(words)
    for word in rest:
        if word in FLAGS:
            return True
        if word == "--":
            return False
        if word in taking:
            next(rest, None)
    return False


def overview() -> str:
    """Return the help of the tool."""
    sections = [
        ("Options", (("-V, --version", "Show the version and exit."), _HELP)),
        ("Commands", tuple((one.name, one.help) for one in COMMANDS.values())),
    ]
    return _page("xent [OPTIONS] COMMAND [ARGS]...", ABOUT, sections)


def of_command(command: Command) -> str:
    """Return the help of a command."""
    usage = " ".join((f"xent {command.name} [OPTIONS]", *map(_usage, command.arguments)))
    sections: list[tuple[str, Rows]] = [("Arguments", tuple(_argument(one) for one in command.arguments))]
    sections += [(heading, tuple(map(_option, options))) for heading, options in command.headings()]
    heading, rows = sections[-1]
    sections[-1] = (heading, (*rows, _HELP))
    return _page(usage, command.help, sections) + "\n" + _examples(command)


def _examples(command: Command) -> str:
    """Return command lines that can be typed, each with what it does."""
    lines = [_heading("Examples")]
    for words, meaning in command.examples:
        lines += [f"  xent {command.name} {words}".rstrip(), f"      {meaning}"]
    return "\n".join(lines) + "\n"


def _usage(one: Argument) -> str:
    return one.metavar if one.required else f"[{one.metavar}]"


def _argument(one: Argument) -> tuple[str, str]:
    return one.metavar, f"{one.help}  [required]" if one.required else one.help


def _option(one: Option) -> tuple[str, str]:
    flags = sorted(one.all_flags, key=lambda flag: flag.startswith("--"))
    written = f"{one.flag} / --no-{one.key}" if one.negative else ", ".join(flags)
    more = "  [required]" if one.required else ""
    if one.choices and one.default in one.choices:
        more = f"  [default: {one.default}]"
    return f"{written} {one.metavar}".strip(), one.help + more


def _page(usage: str, about: str, sections: Sequence[tuple[str, Rows]]) -> str:
    width = _width()
    left = min(_MOST_LEFT, max(len(flags) for _, rows in sections for flags, _ in rows))
    lines = [f"Usage: {usage}", "", *wrap(about, width, initial_indent="  ", subsequent_indent="  ")]
    for heading, rows in sections:
        lines += ["", _heading(heading), *_rows(rows, left, width)]
    return "\n".join(lines) + "\n"


def _width() -> int:
    if not output.is_terminal():
        return _PIPED
    import shutil  # noqa: PLC0415  terminals only

    return max(_NARROWEST, min(shutil.get_terminal_size((_PIPED, 24)).columns, _WIDEST))


def _heading(text: str) -> str:
    return f"\x1b[1m{text}:\x1b[0m" if output.wants_colour(Color.AUTO) else f"{text}:"


def _rows(rows: Rows, left: int, width: int) -> Iterator[str]:
    """Yield rows of two columns: the left one as it is, the right one wrapped beside it."""
    for name, text in rows:
        lines = wrap(text, width - left - 4, break_on_hyphens=False)
        if len(name) > left:
            yield f"  {name}"
            name = ""  # noqa: PLW2901  what stood there has its line
        for line in lines:
            yield f"  {name:{left}}  {line}".rstrip()
            name = ""  # noqa: PLW2901  likewise
