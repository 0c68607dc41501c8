"""Models: who is judged, by what limits, as a whole file says.

Floor 1. What stands at the top of the file holds for every `[models.NAME]` that does not say otherwise.
"""

from collections.abc import Iterable

from xentcli.config.limits import limits_of
from xentcli.config.model import DEFAULT_MODEL, Limit, ModelSettings, Project
from xentcli.config.settings import FILE_KEYS, MODEL_KEYS, settings_of
from xentcli.config.table import TomlTable, known, name, subtable, texts
from xentcli.record import replace


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
