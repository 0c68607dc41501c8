"""Signatures: a public function takes a group of options, and shows each in its signature and its documentation.

Floor 1. The function itself says `**options: Unpack[Group]`, which type checkers read; whoever asks at run time gets
real parameters with their defaults.
"""

import re
from collections.abc import Callable, Mapping
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any, TypeVar, cast

from xentcli.errors import UsageError, did_you_mean
from xentcli.options.option import Option, options_of

Function = TypeVar("Function", bound=Callable[..., Any])

_PLACE = re.compile(r"(?m)^( +)options: .*$")
"""Where a docstring speaks of the options as a whole; how far it is indented depends on the version of Python."""


def takes(group: type, elsewhere: Mapping[str, str] | None = None) -> Callable[[Function], Function]:
    """Return what makes a public function take the options of a group.

    The function gets every option, those that are not given at their defaults, none outside its bounds.

    Args:
        group: of the options.
        elsewhere: options that a caller may expect here, each with what does what they ask for.
    """
    table = options_of(group)

    def decorate(function: Function) -> Function:
        shown = _signature(function, table)

        @wraps(function)
        def call(*positional: Any, **given: Any) -> Any:
            for name in given:
                if name not in shown.parameters:
                    raise _unknown(function.__name__, name, table, elsewhere or {})
            defaults = {name: one.default for name, one in table.items()}
            for name, one in table.items():
                one.refuse(given.get(name))
            return function(*positional, **(defaults | given))

        vars(call)["__signature__"] = shown
        call.__doc__ = _documented(function.__doc__, table)
        return cast("Function", call)

    return decorate


def _signature(function: Callable[..., Any], table: Mapping[str, Option]) -> Signature:
    own = signature(function)
    kept = [one for one in own.parameters.values() if one.kind is not Parameter.VAR_KEYWORD]
    added = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=one.default, annotation=one.annotation)
        for name, one in table.items()
    ]
    return own.replace(parameters=[*kept, *added])


def _documented(text: str | None, table: Mapping[str, Option]) -> str | None:
    """Return a docstring with a line for each option in the place of the one for all."""
    if text is None:  # python -OO
        return None
    before, indent, after = _PLACE.split(text)
    said = {name: one.about or f"{one.help[:1].lower()}{one.help[1:]}" for name, one in table.items()}
    return before + "\n".join(f"{indent}{name}: {sentence}" for name, sentence in said.items()) + after


def _unknown(function: str, name: str, table: Mapping[str, Option], elsewhere: Mapping[str, str]) -> Exception:
    if name in elsewhere:
        return UsageError(f"{function} takes no {name}", help=elsewhere[name])
    close = did_you_mean(name, list(table))
    return TypeError(
        f"{function}() got an unexpected keyword argument {name!r}" + (f"; did you mean {close!r}?" if close else "")
    )
