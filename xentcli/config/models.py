"""Models: who is judged, and by what limits, as the tables of a whole file say.

Floor 1. What stands at the top of the file holds for every `[models.NAME]` that does not say otherwise.

Limits: the tables `[checks.NAME]`. What a limit may be is for `limit` to say; here its mistakes get the line of the
very key. Whether the task has the metric, and whether there is a baseline to be compared with, is for the gate to
know: a flag may name one.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from xentcli.config.limit import KINDS, Limit, LimitError, refuse_idle, refused_metric
from xentcli.config.model import DEFAULT_MODEL, ModelSettings, Project
from xentcli.config.table import FILE_KEYS, MODEL_KEYS, TomlTable, known, name, settings_of, subtable, texts
from xentcli.errors import ConfigError, Place
from xentcli.metrics import split_name
from xentcli.record import replace

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


def project_of(table: TomlTable) -> Project:
    """Return all that a file says.

    Raises:
        ConfigError: a key is unknown, or a value cannot be what it is.
    """
    table = known(table, FILE_KEYS)
    default = _with(table, ModelSettings(DEFAULT_MODEL))
    path = str(table.path)
    if "models" not in table.values:
        return Project((default,), path)
    models = subtable(table, "models", "models, such as [models.small]")
    return Project(
        tuple(_model(subtable(models, key, "keys, such as predictions"), key, default) for key in models.values), path
    )


def _model(table: TomlTable, called: str, default: ModelSettings) -> ModelSettings:
    if not called.strip():
        raise table.error("must have a name")
    return _with(known(table, MODEL_KEYS), replace(default, name=called, place=table.place()))


def _with(table: TomlTable, model: ModelSettings) -> ModelSettings:
    """Return a model with what a table says in place of what it says itself."""
    held = table.values
    places = {key: table.place(key) for key in held if key not in {"checks", "models"}}
    return replace(
        model,
        settings={**model.settings, **settings_of(table)},
        predictions=_predictions(table) if "predictions" in held else model.predictions,
        baseline=table.beside(name(table, "baseline")) if "baseline" in held else model.baseline,
        limits=_replaced(model.limits, limits_of(table)),
        places={**model.places, **places},
    )


def _predictions(table: TomlTable) -> tuple[str, ...]:
    paths = texts(table, "predictions")
    if not paths or not all(path.strip() for path in paths):
        raise table.error("must name a file", "predictions")
    return tuple(table.beside(path) for path in paths)


def _replaced(limits: Iterable[Limit], own: Iterable[Limit]) -> tuple[Limit, ...]:
    """Return limits, each of one's own in the place of that of its name, else at the end."""
    return tuple(({limit.name: limit for limit in limits} | {limit.name: limit for limit in own}).values())
