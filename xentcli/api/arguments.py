"""Arguments: what callers pass as text becomes the closed sets and frozen types of the floors below.

Floor 8. Parsed once, here; nothing is validated a second time.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from xentcli.errors import UnreadableError, UsageError, did_you_mean
from xentcli.files.format import Format, ReadOptions
from xentcli.files.table import Table
from xentcli.results import Source

Enum = TypeVar("Enum", bound=StrEnum)


def choice(kind: type[Enum], value: str | None, option: str) -> Enum | None:
    """Return the member of that value, None for None.

    Raises:
        UsageError: there is none.
    """
    if value is None:
        return None
    known = [one.value for one in kind]
    if value in known:
        return kind(value)
    close = did_you_mean(value, known)
    raise UsageError(
        f"{option} {value!r} is none of {', '.join(known)}",
        help=f"did you mean {close!r}?" if close else None,
    )


def class_list(classes: str | Sequence[str] | None) -> tuple[str, ...] | None:
    """Return class names from a sequence, from `a,b,c`, or from the lines of `@FILE`."""
    if classes is None:
        return None
    if not isinstance(classes, str):
        return tuple(str(name) for name in classes)
    if not classes.startswith("@"):
        return tuple(name.strip() for name in classes.split(","))
    try:
        with open(classes[1:], encoding="utf-8-sig") as file:  # noqa: PTH123  a path as the caller gave it
            return tuple(line.rstrip("\r\n") for line in file if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise UnreadableError(f"--classes {classes}: {reason}") from error


def texts(values: str | Sequence[str]) -> tuple[str, ...]:
    """Return one text or several as a tuple."""
    return (values,) if isinstance(values, str) else tuple(values)


def read_options(
    null_values: Sequence[str], separator: str | None, header: bool | None, input_format: str | None
) -> ReadOptions:
    """Return what the caller says about the file."""
    return ReadOptions(
        input_format=choice(Format, input_format, "--input-format"),
        separator=separator,
        header=header,
        null_values=texts(null_values),
    )


def source_of(table: Table, rows: int, labels_path: str | None = None) -> Source:
    """Return where the rows came from."""
    return Source(table.path, table.format.value, rows, table.names, table.notes, labels_path)
