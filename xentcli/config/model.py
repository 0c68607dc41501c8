"""What a configuration file may say, as frozen types.

Floor 1. Nothing here knows what a metric, a class or a code is: that is for those who use them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from xentcli.errors import Place


@dataclass(frozen=True, slots=True)
class Settings:
    """The shared options as a configuration file gives them; None where it is silent."""

    label: tuple[str, ...] | None = None
    scores: tuple[str, ...] | None = None
    classes: str | tuple[str, ...] | None = None
    positive: str | None = None
    id: str | None = None
    labels: str | None = None
    weight: str | None = None
    task: str | None = None
    scale: str | None = None
    threshold: float | None = None
    normalize: bool | None = None
    skip_bad_rows: bool | None = None
    null_values: tuple[str, ...] | None = None
    separator: str | None = None
    header: bool | None = None
    input_format: str | None = None
    confidence_level: float | None = None
    label_smoothing: float | None = None
    focal_gamma: float | None = None
    class_weights: str | dict[str, float] | None = None
    ignore_label: str | None = None
    at_least_one: bool | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None


class Bound(StrEnum):
    """What must clear a limit: the value, or its whole interval."""

    POINT = "point"
    INTERVAL = "interval"


class FailLevel(StrEnum):
    """What breaking a limit means."""

    FAIL = "fail"
    WARN = "warn"


class Inconclusive(StrEnum):
    """What it means that too few rows were seen to tell whether a limit on regression is kept."""

    WARN = "warn"
    FAIL = "fail"
    PASS = "pass"  # noqa: S105  a word of the configuration


@dataclass(frozen=True, slots=True)
class Margin:
    """How much worse than a baseline a value may be.

    Attributes:
        value: in the metric's unit, or a share of the baseline's value.
        relative: whether it is such a share (`"2%"` is 0.02 of it).
    """

    value: float
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit on a metric: a table `[checks.NAME]`, or a flag.

    Attributes:
        name: of the table; of a flag `min accuracy` and the like.
        metric: name of a number of the score document.
        min: the least that passes.
        max: the most that passes.
        max_regression: how much worse than the baseline's the value may be.
        by: `class`, or a column (several joined by `+`) whose values group the rows; None for all rows.
        bound: what must clear `min` and `max`.
        overrides: other limits for some groups, in place of the one limit of the table; where that is a margin,
            other values of it, shares if it is one.
        min_count: groups of fewer rows are not judged.
        level: what breaking it means.
        inconclusive: what it means that it cannot be told.
        place: where it was set; None for a flag or a call.
        places: where each of its keys and overrides was set, `min`, `overrides.eel`.
    """

    name: str
    metric: str
    min: float | None = None
    max: float | None = None
    max_regression: Margin | None = None
    by: str | None = None
    bound: Bound = Bound.POINT
    overrides: Mapping[str, float] = field(default_factory=dict)
    min_count: int = 0
    level: FailLevel = FailLevel.FAIL
    inconclusive: Inconclusive = Inconclusive.WARN
    place: Place | None = None
    places: Mapping[str, Place] = field(default_factory=dict)


DEFAULT_MODEL = "default"
"""The name of the one model of a configuration without `[models]`."""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """A model to be judged.

    Attributes:
        name: of its table `[models.NAME]`, or DEFAULT_MODEL.
        settings: the shared options; those of its own table before those of the file.
        predictions: its prediction files; None where the file is silent.
        baseline: a prediction file, or a stored score document; None without.
        limits: in the order of the file; those of its own table replace those of the file that have the same name.
        place: its table; None where it has none of its own.
        places: where each key was set, by its name in the file.
    """

    name: str = DEFAULT_MODEL
    settings: Settings = field(default_factory=Settings)
    predictions: tuple[str, ...] | None = None
    baseline: str | None = None
    limits: tuple[Limit, ...] = ()
    place: Place | None = None
    places: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Project:
    """A whole configuration file.

    Attributes:
        models: one per `[models.NAME]` in the order of the file, or the one of a file without such tables.
        path: the file; None where there is none.
    """

    models: tuple[ModelSettings, ...] = (ModelSettings(),)
    path: str | None = None
