"""Flags: limits from the command line, and those of the file with theirs in place.

Floor 1. `--max loss=0.45`, `--min accuracy=0.9`, `--max-regression loss=0.01` or `loss=2%`; each may be repeated, for
other metrics. A name may speak of one class, `--min recall[eel]=0.9`, or of a column's value,
`--min accuracy[country=DE]=0.85`.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from xentcli.config.limit import Limit, Margin, margin_of, refused_metric
from xentcli.errors import UsageError
from xentcli.metrics import split_name
from xentcli.record import replace

_EXAMPLES = {"min": "accuracy=0.9", "max": "loss=0.45", "max-regression": "loss=0.01 or loss=2%"}


def flag_limits(
    *, minimums: Sequence[str] = (), maximums: Sequence[str] = (), regressions: Sequence[str] = ()
) -> tuple[Limit, ...]:
    """Return the limits that flags set, one each, named `min accuracy` and the like.

    Args:
        minimums: what `--min` is given, `metric=value` each.
        maximums: of `--max`, likewise.
        regressions: of `--max-regression`, likewise; a value may be a share, `2%`.

    Raises:
        UsageError: one is of another form, a value is no number, or a metric is given twice.
    """
    return (*_limits("min", minimums), *_limits("max", maximums), *_limits("max-regression", regressions))


def merged(limits: Iterable[Limit], flags: Iterable[Limit]) -> tuple[Limit, ...]:
    """Return the limits of the file with those of flags before them.

    A flag's value takes the place of that of its kind in each of the file's limits on the same metric and rows: of all
    rows, or of the same group. That of a group becomes an override of a limit on every group of its kind. Where there
    is no such limit, its own is added.

    Args:
        limits: of the file.
        flags: see `flag_limits`; each has one kind.

    Raises:
        UsageError: a flag's value and the file's leave nothing that can pass.
    """
    held, given = list(limits), list(flags)
    found = [_with(limit, [flag for flag in given if _is_same(limit, flag)]) for limit in held]
    for flag in given:
        found = [_overridden(limit, flag) if _is_of_each(limit, flag) else limit for limit in found]
        if not any(_is_same(limit, flag) or _is_of_each(limit, flag) for limit in held):
            found.append(replace(flag, name=_free(flag.name, {limit.name for limit in found})))
    return tuple(found)


def kind_of(flag: Limit) -> str:
    """Return what a flag limits: `min`, `max` or `max-regression`."""
    return next(kind for kind in _EXAMPLES if _value(flag, kind) is not None)


def _limits(kind: str, texts: Sequence[str]) -> list[Limit]:
    found: dict[str, Limit] = {}
    for text in texts:
        metric, value = _parsed(kind, text)
        if metric in found:
            raise UsageError(f"names {metric!r} twice", option=kind, help="give it once")
        values: dict[str, Any] = {kind.replace("-", "_"): value}
        found[metric] = Limit(f"{kind} {metric}", metric, **values)
    return list(found.values())


def _parsed(kind: str, text: str) -> tuple[str, float | Margin]:
    head, _, written = (part.strip() for part in text.rpartition("="))
    metric = "" if "=" in head.partition("[")[0] or ("[" in head and split_name(head)[1] is None) else head
    value = margin_of(written) if kind == "max-regression" else _number(written)
    if not metric or value is None:
        words = "a number from 0 or a share such as 2%" if kind == "max-regression" else "a number"
        raise UsageError(
            f"{text!r} is not of the form METRIC=VALUE, with {words}",
            option=kind,
            help=f"such as --{kind} {_EXAMPLES[kind]}",
        )
    hint = refused_metric(metric)
    if hint is not None:
        raise UsageError(f"{text!r}: there is no metric {split_name(metric)[0]!r}", option=kind, help=hint)
    return metric, value


def _number(written: str) -> float | None:
    try:
        value = float(written)
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None


def _value(limit: Limit, kind: str) -> float | Margin | None:
    value: float | Margin | None = getattr(limit, kind.replace("-", "_"))
    return value


def _is_same(limit: Limit, flag: Limit) -> bool:
    rows = (limit.metric, limit.by, limit.group)
    return rows == (flag.metric, flag.by, flag.group) and _value(limit, kind_of(flag)) is not None


def _is_of_each(limit: Limit, flag: Limit) -> bool:
    """Whether a limit is of each group, and of nothing but what a flag limits of one of them."""
    if flag.group is None or (limit.metric, limit.by, limit.group) != (flag.metric, flag.by, None):
        return False
    kinds = [kind for kind in _EXAMPLES if _value(limit, kind) is not None]
    margins = {one.relative for one in (limit.max_regression, flag.max_regression) if one is not None}
    return kinds == [kind_of(flag)] and len(margins) <= 1


def _overridden(limit: Limit, flag: Limit) -> Limit:
    """Return a limit on every group with that of a flag for one of them."""
    value, group = _value(flag, kind_of(flag)), flag.group or ""
    places = {key: place for key, place in limit.places.items() if key != f"overrides.{group}"}
    number = value.value if isinstance(value, Margin) else value or 0.0
    return replace(limit, overrides={**limit.overrides, group: number}, places=places)


def _with(limit: Limit, flags: Sequence[Limit]) -> Limit:
    """Return a limit with the values of flags, which stand in no file."""
    values: dict[str, Any] = {kind_of(flag): _value(flag, kind_of(flag)) for flag in flags}
    least, most = values.get("min", limit.min), values.get("max", limit.max)
    if least is not None and most is not None and least > most:
        raise UsageError(
            f"with these flags nothing passes check {limit.name!r}: its min is {least!r}, its max {most!r}",
            help="set both, or mend the configuration file",
        )
    places = {key: place for key, place in limit.places.items() if key not in values}
    return replace(limit, places=places, **{key.replace("-", "_"): value for key, value in values.items()})


def _free(name: str, taken: set[str]) -> str:
    """Return a name that no other limit has."""
    while name in taken:
        name = f"--{name}"
    return name
