"""Shown: every value that judges a model, and where it came from.

Floor 1. Pure: what the file says and what flags say become rows; who prints them makes them safe for its place.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from xentcli.addresses import shown as address_shown
from xentcli.config.flags import kind_of, merged
from xentcli.config.limit import KINDS, Limit, Margin, margin_text
from xentcli.config.model import ModelSettings
from xentcli.config.table import SETTINGS
from xentcli.config.toml import toml_key, toml_text
from xentcli.errors import Place
from xentcli.record import Record

DEFAULT = "default"
"""The source of a value that nobody set."""

_FILES = ("predictions", "baseline", "labels")


class ShownValue(Record):
    """A value and where it came from.

    Attributes:
        key: as it would stand at the top of a file, `threshold`, `checks.loss.max`.
        value: as TOML; None where nothing is set and the data decide.
        source: `--max`, `FILES`, `xent.toml:12` or `default`.
    """

    key: str
    value: str | None
    source: str


def shown(
    model: ModelSettings, flags: Mapping[str, Any] | None = None, flag_limits: Iterable[Limit] = ()
) -> tuple[ShownValue, ...]:
    """Return every value that a model is judged by: its files, the shared options, and its limits key by key.

    Args:
        model: as the file has it, or `ModelSettings()` without one.
        flags: the options of the command line by their names, `predictions` and `baseline`;
            None means not given.
        flag_limits: see `flags.flag_limits`.

    Raises:
        UsageError: see `flags.merged`.
    """
    given = {name.replace("_", "-"): value for name, value in (flags or {}).items() if value is not None}
    held = {key: model.settings.get(one.name) for key, one in SETTINGS.items()}
    held = {"predictions": model.predictions, "baseline": model.baseline, **held}
    options = [_option(key, value, given, model.places) for key, value in held.items()]
    return (*options, *(row for limit in merged(model.limits, flag_limits) for row in _limit(limit)))


def _option(key: str, value: Any, given: Mapping[str, Any], places: Mapping[str, Place]) -> ShownValue:
    if key in given:
        return ShownValue(key, toml_text(_public(key, given[key])), _flag(key, given[key]))
    if value is None:
        default = SETTINGS[key].default if key in SETTINGS else None
        return ShownValue(key, None if default in (None, ()) else toml_text(default), DEFAULT)
    return ShownValue(key, toml_text(_public(key, value)), _source(places.get(key)))


def _public(key: str, value: Any) -> Any:
    """Return the value of an option; URIs of files without user and keys."""
    if key not in _FILES:
        return value
    return address_shown(value) if isinstance(value, str) else tuple(address_shown(one) for one in value)


def _flag(key: str, value: Any) -> str:
    if key == "predictions":
        return "FILES"
    return "--no-header" if (key, value) == ("header", False) else f"--{key}"


def _source(place: Place | None) -> str:
    if place is None:
        return DEFAULT
    return str(place.path) if place.line is None else f"{place.path}:{place.line}"


def _limit(limit: Limit) -> Iterator[ShownValue]:
    """Return the keys that mean something for a limit, each with its value."""
    for key, value in _values(limit):
        name = toml_key("checks", limit.name, *key)
        text = margin_text(value) if isinstance(value, Margin) else toml_text(value)
        yield ShownValue(name, text, _limit_source(limit, key))


def _values(limit: Limit) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield ("metric",), limit.metric
    for key in KINDS:
        value = getattr(limit, key.replace("-", "_"))
        if value is not None:
            yield (key,), value
    if limit.by is not None:
        yield ("by",), limit.by
        if limit.group is not None:
            yield ("group",), limit.group
        for group, value in limit.overrides.items():
            relative = limit.max_regression is not None and limit.max_regression.relative
            yield ("overrides", group), Margin(value, relative=True) if relative else value
        yield ("min-count",), limit.min_count
    if limit.min is not None or limit.max is not None:
        yield ("bound",), limit.bound
    yield ("level",), limit.level
    if limit.max_regression is not None:
        yield ("inconclusive",), limit.inconclusive


def _limit_source(limit: Limit, key: tuple[str, ...]) -> str:
    place = limit.places.get(".".join(key))
    if place is None and key[0] in KINDS:
        return f"--{key[0]}"
    if place is None and key[0] in {"metric", "overrides"}:
        return f"--{kind_of(limit)}"
    if place is None and limit.place is None and key[0] in {"by", "group"}:
        return f"--{kind_of(limit)}"
    return _source(place)
