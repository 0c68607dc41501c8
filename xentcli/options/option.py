"""Option: what a declaration of an option holds, and how a group of declarations is read.

Floor 1. A group is a TypedDict whose fields are `Annotated[type, Option(...)]`: the type checker sees the types, and
`options_of` everything.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache
from numbers import Integral
from typing import Any, NamedTuple, get_args, get_origin

from xentcli.errors import UsageError

NONE = type(None)


class OptionBounds(NamedTuple):
    """The numbers that an option takes.

    Attributes:
        low: the least.
        high: the greatest; None for no end.
        says: what is said of a number outside, after the option and the number.
        above: whether `low` itself is outside.
        below: whether `high` itself is outside.
    """

    low: float
    high: float | None
    says: str
    above: bool = False
    below: bool = False

    def hold(self, value: Any) -> bool:
        """Whether a number lies within; not-a-number does not."""
        lowest = self.low < value if self.above else self.low <= value
        if self.high is None:
            return bool(lowest)
        return bool(lowest and (value < self.high if self.below else value <= self.high))


class NamesFile(Enum):
    """What a text names a file by: a path in the configuration is relative to the configuration file."""

    PATH = "path"
    AT_PATH = "@path"


class Option(NamedTuple):
    """A declaration of an option.

    Attributes:
        help: a line of the command line's help.
        metavar: what stands for the value in the help; empty for a switch.
        default: of the public functions; also that of the configuration, where None or nothing leaves it to the data.
        about: a sentence of the public functions' documentation; empty where `help` says it all.
        flags: how the command line writes it, where that is not `--name` alone.
        negative: whether `--no-name` exists.
        required: whether the command line insists on it.
        bounds: of a number.
        choices: the words that it takes; empty where there is no list of them.
        configured: whether it is a key of the configuration.
        names: whether its text names a file.
        name: of the field, which is the argument of the public functions.
        types: the types that a value may have.
        annotation: the type as it is declared.
    """

    help: str
    metavar: str = ""
    default: Any = None
    about: str = ""
    flags: tuple[str, ...] = ()
    negative: bool = False
    required: bool = False
    bounds: OptionBounds | None = None
    choices: tuple[str, ...] = ()
    configured: bool = False
    names: NamesFile | None = None
    name: str = ""
    types: frozenset[type] = frozenset()
    annotation: Any = None

    @property
    def key(self) -> str:
        """The name in the configuration."""
        return self.name.replace("_", "-")

    @property
    def flag(self) -> str:
        """The name on the command line."""
        return self.flags[0] if self.flags else f"--{self.key}"

    @property
    def all_flags(self) -> tuple[str, ...]:
        """Every way to write it on the command line, but for the negative one."""
        return self.flags or (self.flag,)

    @property
    def is_switch(self) -> bool:
        """Whether it takes no value on the command line."""
        return bool in self.types

    @property
    def repeatable(self) -> bool:
        """Whether it may be given several times, for several texts."""
        return Sequence in self.types and NONE not in self.types

    def refuse(self, value: Any) -> None:
        """Raise if a number lies outside the bounds.

        Raises:
            UsageError: it does, or it is no number.
        """
        if self.bounds is None or value is None:
            return
        try:
            fits = self.bounds.hold(value) and (float in self.types or isinstance(value, Integral))
        except TypeError:
            fits = False
        if not fits:
            raise UsageError(f"{value} {self.bounds.says}", option=self.key)


@cache
def options_of(group: type) -> Mapping[str, Option]:
    """Return the options of a group by their names, those of the groups that it is made of included."""
    return {name: _declared(name, field) for name, field in group.__annotations__.items()}


def _declared(name: str, field: Any) -> Option:
    declared, option = field.__origin__, field.__metadata__[0]
    types = frozenset(get_origin(one) or one for one in get_args(declared) or (declared,))
    found: Option = option._replace(name=name, types=types, annotation=declared)
    return found
