"""Limits: the tables `[checks.NAME]`.

Floor 1. What a limit may be is for `limit` to say; here its mistakes get the line of the very key. Whether the
task has the metric, and whether there is a baseline to be compared with, is for the gate to know: a flag may name one.
"""

from collections.abc import Mapping
from typing import Any

from xentcli.config.limit import KINDS, Limit, LimitError, refuse_idle, refused_metric
from xentcli.config.table import TomlTable, known, subtable
from xentcli.errors import ConfigError, Place
from xentcli.metrics import split_name

KEYS = ("metric", *KINDS, "by", "group", "bound", "overrides", "min-count", "level", "inconclusive")
"""The keys of a limit's table."""


def limits_of(table: TomlTable) -> tuple[Limit, ...]:
    """Return the limits of the table `checks` within a table, in the order of the file; none without it.

    Raises:
        ConfigError: a key is unknown, missing, contradicts another or has a value that it cannot have.
    """
    if "checks" not in table.values:
        return ()
    checks = subtable(table, "checks", "checks, such as [checks.loss]")
    return tuple(_limit(subtable(checks, key, "keys, such as metric and max"), key) for key in checks.values)


def _limit(table: TomlTable, called: str) -> Limit:
    table = known(table, KEYS)
    if "metric" not in table.values:
        raise table.error("names no metric", help='such as metric = "loss"')
    values: dict[str, Any] = {key.replace("-", "_"): value for key, value in table.values.items()}
    if "overrides" in values:
        values["overrides"] = _overrides(table)
    metric = table.values["metric"]
    hint = refused_metric(metric) if isinstance(metric, str) and metric.strip() else None
    if hint is not None:
        raise ConfigError(f"check {called!r}: there is no metric {metric!r}", place=table.place("metric"), help=hint)
    try:
        named = isinstance(metric, str) and split_name(metric)[1] is not None
        refuse_idle(called, {*table.values, "by"} if named else table.values)
        return Limit(name=called, place=table.place(), places=_places(table), **values)
    except LimitError as error:
        raise table.error(error.words, *error.keys, help=error.hint) from error


def _overrides(table: TomlTable) -> Mapping[str, Any]:
    groups = subtable(table, "overrides", "limits by group, such as { eel = 0.55 }")
    for group, value in groups.values.items():
        if isinstance(value, dict):
            raise groups.error("must be a number", group, help="a name that holds dots must be quoted")
        if isinstance(table.values.get("max-regression"), str) and not isinstance(value, str):
            raise groups.error("must be a share as max-regression is", group)
    return groups.values


def _places(table: TomlTable) -> dict[str, Place]:
    overrides = table.values.get("overrides", {})
    places = {key: table.place(key) for key in table.values}
    return places | {f"overrides.{group}": table.place("overrides", group) for group in overrides}
