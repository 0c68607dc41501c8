"""Limits: the tables `[checks.NAME]`.

Floor 1. What a metric is, and whether there is a baseline to be compared with, is for the gate to know: a flag may
name one.
"""

from collections.abc import Mapping
from typing import Any

from xentcli.config.margin import margin_of
from xentcli.config.model import Bound, FailLevel, Inconclusive, Limit, Margin
from xentcli.config.table import (
    Table,
    choice,
    is_number,
    known,
    name,
    number,
    subtable,
)
from xentcli.errors import Place

KINDS = ("min", "max", "max-regression")
"""What a limit can be, as keys and as flags."""

KEYS = ("metric", *KINDS, "by", "bound", "overrides", "min-count", "level", "inconclusive")
"""The keys of a limit's table."""

_NEEDS = {
    "bound": ("min", "max"),
    "inconclusive": ("max-regression",),
    "overrides": ("by",),
    "min-count": ("by",),
}
"""Keys that mean something only beside one of others."""


def limits_of(table: Table) -> tuple[Limit, ...]:
    """Return the limits of the table `checks` within a table, in the order of the file; none without it.

    Raises:
        ConfigError: a key is unknown, missing, contradicts another or has a value that it cannot have.
    """
    if "checks" not in table.values:
        return ()
    checks = subtable(table, "checks", "checks, such as [checks.loss]")
    return tuple(_limit(subtable(checks, key, "keys, such as metric and max"), key) for key in checks.values)


def _limit(table: Table, called: str) -> Limit:
    if not called.strip():
        raise table.error("must have a name")
    table = known(table, KEYS)
    _refuse_incomplete(table)
    least, most = (number(table, key) if key in table.values else None for key in ("min", "max"))
    if least is not None and most is not None and least > most:
        raise table.error(f"{most!r} is below {table.name('min')} {least!r}", "max", help="no value can pass")
    margin = _margin(table, "max-regression") if "max-regression" in table.values else None
    return Limit(
        name=called,
        metric=name(table, "metric"),
        min=least,
        max=most,
        max_regression=margin,
        by=name(table, "by") if "by" in table.values else None,
        overrides=_overrides(table, margin) if "overrides" in table.values else {},
        place=table.place(),
        places=_places(table),
        **_judging(table),
    )


def _judging(table: Table) -> dict[str, Any]:
    """Return what a table says of how its limit is judged; the rest is as `Limit` has it."""
    found: dict[str, Any] = {
        key: choice(table, key, kind)
        for key, kind in (("bound", Bound), ("level", FailLevel), ("inconclusive", Inconclusive))
        if key in table.values
    }
    if "min-count" in table.values:
        found["min_count"] = _count(table, "min-count")
    return found


def _refuse_incomplete(table: Table) -> None:
    """Refuse a table that lacks what another of its keys, or any limit, needs."""
    if "metric" not in table.values:
        raise table.error("names no metric", help='such as metric = "loss"')
    if not any(key in table.values for key in KINDS):
        raise table.error("sets no limit", help=f"give it one of {', '.join(KINDS)}")
    for key, others in _NEEDS.items():
        if key in table.values and not any(other in table.values for other in others):
            raise table.error(f"means nothing without {' or '.join(others)}", key)


def _count(table: Table, key: str) -> int:
    value = table.values[key]
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise table.error("must be a whole number of rows, from 0", key)
    return value


def _margin(table: Table, key: str) -> Margin:
    value = table.values[key]
    found = margin_of(value) if isinstance(value, str) and "%" in value else None
    if found is None and is_number(value) and value >= 0:
        found = Margin(float(value))
    if found is None:
        raise table.error('must be a number from 0, or a share of the baseline such as "2%"', key)
    return found


def _overrides(table: Table, margin: Margin | None) -> Mapping[str, float]:
    kinds = [key for key in KINDS if key in table.values]
    if len(kinds) > 1:
        raise table.error(f"could be of {' or '.join(kinds)}", "overrides", help="give each limit a table of its own")
    groups = subtable(table, "overrides", "limits by group, such as { eel = 0.55 }")
    return {group: _override(groups, group, margin) for group in groups.values}


def _override(table: Table, group: str, margin: Margin | None) -> float:
    if isinstance(table.values[group], dict):
        raise table.error("must be a number", group, help="a name that holds dots must be quoted")
    if margin is None:
        return number(table, group)
    found = _margin(table, group)
    if found.relative != margin.relative:
        kind = "a share" if margin.relative else "a number"
        raise table.error(f"must be {kind} as max-regression is", group)
    return found.value


def _places(table: Table) -> dict[str, Place]:
    overrides = table.values.get("overrides", {})
    places = {key: table.place(key) for key in table.values}
    return places | {f"overrides.{group}": table.place("overrides", group) for group in overrides}
