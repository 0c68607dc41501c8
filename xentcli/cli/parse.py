"""Parsing: the words of a command line become the values of a command's options, by the table of options.

Floor 9. Typer parses, and knows only the one command that was asked for; its errors get the tool's own form.
"""

from collections.abc import Sequence
from functools import partial
from inspect import Parameter, Signature
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from xentcli.cli.output import UnknownFormatError
from xentcli.errors import UsageError, did_you_mean
from xentcli.options.commands import Argument, Command
from xentcli.options.forms import OutputFormat
from xentcli.options.option import Option


def parsed(command: Command, words: Sequence[str]) -> dict[str, Any]:
    """Return the values of a command's arguments and options by their names; None where one is not given.

    Raises:
        UsageError: the words are no such command line.
    """
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(context_settings={"help_option_names": []})(_function(command))
    try:
        values = app(list(words), standalone_mode=False, prog_name=f"xent {command.name}")
    except TyperException as error:
        raise _usage(error, command) from error
    if not isinstance(values, dict):  # Typer's way to tell of an interrupt
        raise KeyboardInterrupt
    return values


def _function(command: Command) -> Any:
    """Return a function that gives back what it is called with, and whose signature is the command's."""
    parameters = [*map(_argument, command.arguments), *map(_option, command.options.values())]

    def values(**given: Any) -> dict[str, Any]:
        return given

    vars(values)["__signature__"] = Signature(parameters)
    values.__annotations__ = {one.name: one.annotation for one in parameters}
    return values


def _argument(one: Argument) -> Parameter:
    kind: Any = list[str] if one.several else str
    default = Parameter.empty if one.required else None
    metavar = one.metavar if one.required else f"[{one.metavar}]"
    return Parameter(
        one.name,
        Parameter.KEYWORD_ONLY,
        default=default,
        annotation=Annotated[kind if one.required else kind | None, typer.Argument(metavar=metavar)],
    )


def _option(one: Option) -> Parameter:
    flags = (f"{one.flag}/--no-{one.key}",) if one.negative else one.all_flags
    declared = partial(typer.Option, *flags)
    kind: Any = list[str] if one.repeatable else str
    if one.is_switch:
        kind, found = bool, declared()
    elif float in one.types:
        kind, found = float, declared(metavar=one.metavar)
    elif int in one.types and str not in one.types:
        kind, found = int, declared(metavar=one.metavar, parser=partial(_whole, one))
    elif one.choices and one.default in one.choices:  # of others the public function says what they may be
        kind, found = str, declared(metavar=one.metavar, parser=partial(_word, one))
    else:
        found = declared(metavar=one.metavar)
    default = Parameter.empty if one.required else None
    return Parameter(
        one.name,
        Parameter.KEYWORD_ONLY,
        default=default,
        annotation=Annotated[kind if one.required else kind | None, found],
    )


def _whole(one: Option, text: str) -> int:
    """Return a whole number; which of them may be is for the public function to say."""
    try:
        return int(text)
    except ValueError:
        says = "is not a whole number" if one.bounds is None else one.bounds.says
        raise UsageError(f"{one.flag} {text!r} {says}") from None


def _word(one: Option, text: str) -> str:
    """Return one of the words that an option takes."""
    if text in one.choices:
        return text
    if one.name == "output_format":
        raise UnknownFormatError(f"-f {text}", text, [OutputFormat(word) for word in one.choices])
    close = did_you_mean(text, list(one.choices))
    raise UsageError(
        f"{one.flag} {text!r} is none of {', '.join(one.choices)}", help=f"did you mean {close!r}?" if close else None
    )


def _usage(error: TyperException, command: Command) -> UsageError:
    """Return a usage error of Typer's in the tool's own form."""
    message = error.format_message().strip().splitlines()[0].rstrip(".")
    unknown = getattr(error, "option_name", None) if message.startswith("No such option") else None
    if unknown is None:
        return UsageError(message[:1].lower() + message[1:], help=f"see xent {command.name} --help")
    known = [flag for one in command.options.values() for flag in (*one.all_flags, *_negative(one))]
    return no_option(unknown, known, f"xent {command.name} --help")


def _negative(one: Option) -> tuple[str, ...]:
    return (f"--no-{one.key}",) if one.negative else ()


def no_option(unknown: str, known: Sequence[str], see: str) -> UsageError:
    """Return the error of an option that there is not; the dashes that all options share make none close."""
    by_word = {one.lstrip("-"): one for one in known if one.startswith("--") == unknown.startswith("--")}
    close = did_you_mean(unknown.lstrip("-"), list(by_word))
    return UsageError(
        f"there is no option {unknown}", help=f"did you mean {by_word[close]}?" if close else f"see {see}"
    )
