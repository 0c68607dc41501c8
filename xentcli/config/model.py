"""What a configuration file may say, as frozen types.

Floor 1. Nothing here knows what a metric, a class or a code is: that is for those who use them.
"""

from collections.abc import Mapping
from typing import Any

from xentcli.config.limit import Bound, FailLevel, Inconclusive, Limit, Margin
from xentcli.errors import Place
from xentcli.record import Record, field

__all__ = [
    "DEFAULT_MODEL", "Bound", "FailLevel", "Inconclusive", "Limit", "Margin", "ModelSettings", "Project",
]  # fmt: skip


DEFAULT_MODEL = "default"
"""The name of the one model of a configuration without `[models]`."""


class ModelSettings(Record):
    """A model to be judged.

    Attributes:
        name: of its table `[models.NAME]`, or DEFAULT_MODEL.
        settings: the shared options that are set; those of its own table before those of the file.
        predictions: its prediction files; None where the file is silent.
        baseline: a prediction file, or a stored score document; None without.
        limits: in the order of the file; those of its own table replace those of the file that have the same name.
        place: its table; None where it has none of its own.
        places: where each key was set, by its name in the file.
    """

    name: str = DEFAULT_MODEL
    settings: Mapping[str, Any] = field(default_factory=dict)
    predictions: tuple[str, ...] | None = None
    baseline: str | None = None
    limits: tuple[Limit, ...] = ()
    place: Place | None = None
    places: Mapping[str, Place] = field(default_factory=dict)


class Project(Record):
    """A whole configuration file.

    Attributes:
        models: one per `[models.NAME]` in the order of the file, or the one of a file without such tables.
        path: the file; None where there is none.
    """

    models: tuple[ModelSettings, ...] = (ModelSettings(),)
    path: str | None = None
