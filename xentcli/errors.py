"""The errors of xent and its exit statuses.

Floor 1: everything else may import this, it imports nothing of xent but how addresses are shown. The tree:

    XentError                  what xent could not do; exit status 2
    |-- UsageError             options that contradict each other or name what does not exist
    |-- ConfigError            a mistake in xent.toml or [tool.xent]
    `-- InputError             the input cannot be scored as it is
        |-- UnreadableError    missing, truncated, of another format, not allowed
        |-- EmptyInputError    no rows, or no row that can be used
        |-- ColumnError        a column that is missing, doubled or of the wrong kind
        |   `-- TextScoresError   scores that a format with types holds as text
        |-- RaggedRowError     a row with more or fewer cells than the header
        |-- BadRowsError       rows whose labels or scores cannot be used
        |   `-- DuplicateIdError  an id that stands for several rows
        `-- AmbiguousError     the data allow several readings; an option must choose

An error says what was found, where, and what to do. It carries data, never markup: whoever prints it
makes the text safe for the place it is printed to. What a URI holds of users and keys never gets into it.
"""

from collections.abc import Iterable
from enum import IntEnum
from typing import Self

from xentcli.addresses import shown, without_keys
from xentcli.record import Record, field

LONGEST_LINE = 1000
"""Characters of a line of an error: it may echo a cell of many megabytes."""

MOST_DETAILS = 100


class ExitStatus(IntEnum):
    """What the process tells its caller."""

    OK = 0
    FAILED = 1
    CANNOT_RUN = 2
    BUG = 3
    INTERRUPTED = 130


def brief(text: str, most: int = LONGEST_LINE) -> str:
    """Return a text of about `most` characters: a longer one loses its middle, and how much is said."""
    if len(text) <= most:
        return text
    head, tail = most * 2 // 3, most // 3
    return f"{text[:head]} ... {len(text) - head - tail:,} characters left out ... {text[-tail:]}"


class Place(Record):
    """Where in the input something was found; rows count data rows from 1, lines count text lines from 1."""

    path: str | None = None
    line: int | None = None
    row: int | None = field(default=None, optional=True)
    column: str | None = field(default=None, optional=True)

    def __post_init__(self) -> None:
        """Keep a URI without what lets a stranger in."""
        if self.path is not None and "://" in self.path:
            object.__setattr__(self, "path", shown(self.path))

    def __str__(self) -> str:
        """Return `preds.csv, line 118 (row 117): column p_cat`, as far as known."""
        if self.line is not None and self.row is not None:
            position = f"line {self.line} (row {self.row})"
        elif self.line is not None:
            position = f"line {self.line}"
        elif self.row is not None:
            position = f"row {self.row}"
        else:
            position = ""
        where = ", ".join(part for part in (brief(self.path or ""), position) if part)
        if self.column is None:
            return where
        column = f"column {brief(self.column)}"
        return f"{where}: {column}" if where else column


class XentError(Exception):
    """The one base class to catch.

    Attributes:
        message: what was found, one line; what it echoes may be shortened. It begins with the option that it is about.
        option: the key of that option, such as `class-weights`; None if it is about none alone.
        column: the one that it is about: as it was asked for if there is none of that name, else that of the place.
        place: where it was found.
        details: further lines, such as how many rows and which come first.
        help: what to do about it.
    """

    status = ExitStatus.CANNOT_RUN

    def __init__(
        self,
        message: str,
        *,
        option: str | None = None,
        column: str | None = None,
        place: Place | None = None,
        details: tuple[str, ...] = (),
        help: str | None = None,  # noqa: A002  the word that the reader sees
    ) -> None:
        """Keep the parts; see the class for their meaning. Of an option, the message says what is said after it."""
        self.option = option
        self.column = column if column is not None or place is None else place.column
        self._said = without_keys(brief(message))
        self.message = self._said if option is None else self.about(f"--{option}")
        super().__init__(self.message)
        self.place = place
        self.details = tuple(without_keys(brief(detail)) for detail in details[:MOST_DETAILS])
        if len(details) > MOST_DETAILS:
            self.details += (f"... and {len(details) - MOST_DETAILS:,} more",)
        self.help = None if help is None else without_keys(brief(help))

    def about(self, option: str) -> str:
        """Return the message with its option written as the reader knows it: a flag, a key."""
        return f"{option}{self._said}" if self._said.startswith(":") else f"{option} {self._said}"

    def with_details(self, details: Iterable[str]) -> Self:
        """Return the same error with further lines."""
        said = {"option": self.option, "column": self.column}
        return type(self)(self._said, **said, place=self.place, details=(*self.details, *details), help=self.help)

    def __str__(self) -> str:
        """Return the whole error as text: place and message, the details, the help."""
        where = str(self.place) if self.place else ""
        if where and self.place and self.place.column is not None:
            head = f"{where} {self.message}"
        else:
            head = f"{where}: {self.message}" if where else self.message
        lines = [head, *(f"  {detail}" for detail in self.details)]
        if self.help:
            lines.append(f"help: {self.help}")
        return "\n".join(lines)


class UsageError(XentError):
    """Options that contradict each other, or a name that does not exist."""


class ConfigError(XentError):
    """A mistake in the configuration file."""


class InputError(XentError):
    """The input cannot be used as it is."""


class UnreadableError(InputError):
    """The input is missing, truncated, of another format, or may not be read."""


class EmptyInputError(InputError):
    """The input holds no rows, or none that can be used."""


class ColumnError(InputError):
    """A column is missing, stands twice, or is of the wrong kind."""


class TextScoresError(ColumnError):
    """A column of scores holds text in a format that has numbers; the place names it."""


class RaggedRowError(InputError):
    """A row has more or fewer cells than the header."""


class BadRowsError(InputError):
    """Some rows hold labels or scores that cannot be used."""


class DuplicateIdError(BadRowsError):
    """An id stands for several rows; the place names its column."""


class AmbiguousError(InputError):
    """The data allow several readings and an option must choose."""


def did_you_mean(name: str, known: list[str] | tuple[str, ...]) -> str | None:
    """Return the known name closest to `name`, or None if none is close."""
    import difflib  # noqa: PLC0415  only needed once something went wrong

    by_folded = {candidate.casefold(): candidate for candidate in reversed(known)}
    close = difflib.get_close_matches(name.casefold(), list(by_folded), n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


_NO_ROOM = (
    "failed to map segment", "cannot allocate memory", "can't start new thread", "launch worker thread",
    "malloc of size", "realloc of size", "bad_alloc", "memory map failed",
)  # fmt: skip
"""How the loader of libraries, the starters of threads and Arrow say that memory is short."""


def lacks_memory(error: BaseException) -> bool:
    """Return whether an error says that memory is short, whatever its type: then no file is to blame."""
    return isinstance(error, MemoryError) or any(said in str(error).lower() for said in _NO_ROOM)
