"""Arguments: what callers pass as text becomes the closed sets and frozen types of the floors below.

Floor 8. Parsed once, here; nothing is validated a second time.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from math import inf, nan
from typing import Any, TypeVar

from xentcli.addresses import shown
from xentcli.errors import UnreadableError, UsageError, did_you_mean
from xentcli.files.budget import bytes_of
from xentcli.files.format import Format, ReadOptions
from xentcli.files.table import Table
from xentcli.options.option import options_of
from xentcli.options.table import BadRowOptions, ReadingOptions
from xentcli.results import Source
from xentcli.scoring.class_weights import BALANCED, ClassWeights

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
        f"{value!r} is none of {', '.join(known)}",
        option=option,
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
    return _lines(classes[1:], "classes")


def _lines(path: str, option: str) -> tuple[str, ...]:
    """Return the lines of a text file that are not blank.

    Raises:
        UnreadableError: there is no such file, or it is no text.
    """
    try:
        with open(path, encoding="utf-8-sig") as file:  # noqa: PTH123  a path as the caller gave it
            return tuple(line.rstrip("\r\n") for line in file if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise UnreadableError(f"@{path}: {reason}", option=option) from error


def class_weight_map(weights: str | Mapping[str, float] | None) -> ClassWeights | None:
    """Return class weights from a mapping, `balanced`, `a=1,b=2`, or the lines `a=1` of `@FILE`.

    Raises:
        UsageError: a weight is no number, or negative, or a class is named twice.
    """
    if weights is None or weights == BALANCED:
        return weights
    if not isinstance(weights, str):
        return {str(name): _weight(str(name), weight) for name, weight in weights.items()}
    items = _lines(weights[1:], "class-weights") if weights.startswith("@") else tuple(weights.split(","))
    found: dict[str, float] = {}
    for item in items:
        name, equals, weight = item.rpartition("=")
        name = name.strip()
        if not equals or name in found:
            why = f"names {name!r} twice" if equals else f"{item.strip()!r} is not of the form class=weight"
            raise UsageError(why, option="class-weights", help="such as --class-weights cat=1,dog=2.5, or balanced")
        found[name] = _weight(name, weight)
    return found


def _weight(name: str, text: object) -> float:
    try:
        value = float(str(text))
    except ValueError:
        value = nan
    if not 0.0 <= value < inf:
        raise UsageError(
            f": {str(text).strip()!r} for {name!r} is no weight, a number from 0 up", option="class-weights"
        )
    return value


def texts(values: str | Sequence[str]) -> tuple[str, ...]:
    """Return one text or several as a tuple."""
    return (values,) if isinstance(values, str) else tuple(values)


def read_options(options: Mapping[str, Any]) -> ReadOptions:
    """Return what options say about the file; what it says of its own classes counts where they name none."""
    held = {name: options[name] for name in _READING if options.get(name) is not None}
    return ReadOptions(
        declared=options.get("classes") is None,
        **{name: _READ_AS[name](value) if name in _READ_AS else value for name, value in held.items()},
    )


_READING = (*options_of(ReadingOptions), *options_of(BadRowOptions))
_READ_AS: Mapping[str, Callable[[Any], Any]] = {
    "null_values": texts,
    "input_format": lambda name: choice(Format, name, "input-format"),
    "memory": bytes_of,
}
"""What becomes of the values of some of them."""


def source_of(table: Table, rows: int, labels_path: str | None = None) -> Source:
    """Return where the rows came from."""
    labels = None if labels_path is None else shown(labels_path)
    return Source(table.path, table.format.value, rows, table.names, table.notes, labels)
