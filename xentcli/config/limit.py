"""Limit: one limit on a metric, which cannot be made without sense, and the margin by which a value may become worse.

Floor 1. The rules stand here once, for tables of a file, flags and calls; only that a class or a column exists is for
those who know them. A margin is a number, or a share of the baseline's value.
"""

from collections.abc import Collection, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from xentcli.config.toml import is_count, is_number, toml_text
from xentcli.errors import Place, UsageError, did_you_mean
from xentcli.metrics import METRICS, named_elsewhere, split_name
from xentcli.record import Record, field


class Margin(Record):
    """How much worse than a baseline a value may be.

    Attributes:
        value: in the metric's unit, or a share of the baseline's value.
        relative: whether it is such a share (`"2%"` is 0.02 of it).

    Raises:
        UsageError: the value is no finite number from 0.
    """

    value: float
    relative: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no margin."""
        if not is_number(self.value) or self.value < 0:
            raise UsageError(f"a margin must be a number from 0, not {self.value!r}", help="such as 0.01")


def margin_of(written: str) -> Margin | None:
    """Return the margin that `0.01` or `2%` stands for; None where it is no such text, infinite or below 0."""
    digits = written.strip()
    relative = digits.endswith("%")
    try:
        # In decimals, so that 2.3% is the float closest to 0.023, which 2.3 / 100 is not.
        value = Decimal(digits.removesuffix("%").strip()).scaleb(-2 if relative else 0)
        found = float(value)
    except (ArithmeticError, ValueError):
        return None
    return Margin(found, relative=relative) if 0.0 <= found < float("inf") else None


def margin_text(margin: Margin) -> str:
    """Return a margin as TOML, `0.01` or `"2%"`."""
    if not margin.relative:
        return toml_text(margin.value)
    return toml_text(f"{Decimal(repr(margin.value)).scaleb(2).normalize():f}%")


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


KINDS = ("min", "max", "max-regression")
"""What a limit can be, as keys and as flags."""

NEEDS = {
    "bound": ("min", "max"),
    "inconclusive": ("max-regression",),
    "group": ("by",),
    "overrides": ("by",),
    "min-count": ("by",),
}
"""Keys that mean something only beside one of others."""

CHOICES: Mapping[str, type[StrEnum]] = {"bound": Bound, "level": FailLevel, "inconclusive": Inconclusive}


class LimitError(UsageError):
    """A limit that makes no sense.

    Attributes:
        words: what is wrong, in the words of the configuration file.
        keys: those that lead to the value it is wrong with; none for the whole limit.
        hint: what to do, in the same words.
    """

    def __init__(self, name: object, words: str, *keys: str, help: str | None = None) -> None:  # noqa: A002
        """Tell it in the words of a call, whose arguments are spelled with `_`."""
        where = f", {_called(keys[0])}{''.join(f'[{key!r}]' for key in keys[1:])}" if keys else ""
        super().__init__(f"limit {name!r}{where} {_called(words)}", help=None if help is None else _called(help))
        self.words = words
        self.keys = keys
        self.hint = help


def _called(words: str) -> str:
    for key in ("max-regression", "min-count"):
        words = words.replace(key, key.replace("-", "_"))
    return words


class Limit(Record):
    """A limit on a metric: a table `[checks.NAME]`, or a flag.

    Of a call, words stand for the members of closed sets, and a number or a share such as `"2%"` for a `Margin`.

    Attributes:
        name: of the table; of a flag `min accuracy` and the like.
        metric: name of a number of the score document.
        min: the least that passes.
        max: the most that passes.
        max_regression: how much worse than the baseline's the value may be.
        by: `class`, or a column (several joined by `+`) whose values group the rows; None for all rows.
        group: the one class, or value of the column, that is limited; None for each. `metric` may be written with it:
            `recall[eel]`, `accuracy[country=DE]`.
        bound: what must clear `min` and `max`.
        overrides: other limits for some groups, in place of the one limit of the table; where that is a margin,
            other values of it, shares if it is one.
        min_count: groups of fewer rows are not judged.
        level: what breaking it means.
        inconclusive: what it means that it cannot be told.
        place: where it was set; None for a flag or a call.
        places: where each of its keys and overrides was set, `min`, `overrides.eel`.

    Raises:
        LimitError: it limits nothing, nothing can pass, or a value cannot be what it is.
    """

    name: str
    metric: str
    min: float | None = None
    max: float | None = None
    max_regression: Margin | None = None
    by: str | None = None
    group: str | None = None
    bound: Bound = Bound.POINT
    overrides: Mapping[str, float] = field(default_factory=dict)
    min_count: int = 0
    level: FailLevel = FailLevel.FAIL
    inconclusive: Inconclusive = Inconclusive.WARN
    place: Place | None = None
    places: Mapping[str, Place] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Give each value its type, then refuse what makes no sense together."""
        if not isinstance(self.name, str) or not self.name.strip():
            raise LimitError(self.name, "must have a name")
        for key in ("metric", "by", "group"):
            _refuse_no_text(self, key)
        _take_apart(self)
        for key in ("min", "max"):
            _set(self, key, None if _value(self, key) is None else _number(self, key))
        for key, kind in CHOICES.items():
            _set(self, key, _choice(self, key, kind))
        if not is_count(self.min_count):
            raise LimitError(self.name, "must be a whole number of rows, from 0", "min-count")
        _set(self, "min-count", int(self.min_count))
        if self.max_regression is not None:
            _set(self, "max-regression", _margin(self, self.max_regression, "max-regression"))
        _refuse_senseless(self)
        _set(self, "overrides", {group: _override(self, group, value) for group, value in self.overrides.items()})


def _take_apart(limit: Limit) -> None:
    """Set the metric, what groups the rows and the group, where the name of the metric says all of them."""
    metric, by, group = split_name(limit.metric)
    if by is None:
        return
    for key in ("by", "group"):
        if _value(limit, key) is not None:
            raise LimitError(limit.name, f"means nothing beside {limit.metric}, which names its group", key)
    _set(limit, "metric", metric)
    _set(limit, "by", by)
    _set(limit, "group", group)


def refused_metric(name: str) -> str | None:
    """Return what to do about a name that no task has a metric of; None where there is such a metric."""
    metric, _, _ = split_name(name)
    return None if metric in METRICS else nearest_metric(metric, tuple(METRICS))


def nearest_metric(name: str, known: tuple[str, ...]) -> str:
    """Return which of the known metrics is meant by a name, else which there are."""
    called = named_elsewhere(name)
    begun = next((one for one in known if one.startswith(name)), None)
    close = called if called in known else begun or did_you_mean(name, known)
    return f"did you mean {close!r}?" if close is not None else f"there are {', '.join(known)}"


def refuse_idle(name: str, keys: Collection[str]) -> None:
    """Raise if one of the keys that are set means nothing without another.

    Raises:
        LimitError: one does.
    """
    for key, others in NEEDS.items():
        if key in keys and not any(other in keys for other in others):
            raise LimitError(name, f"means nothing without {' or '.join(others)}", key)


def _refuse_senseless(limit: Limit) -> None:
    kinds = [key for key in KINDS if _value(limit, key) is not None]
    if not kinds:
        raise LimitError(limit.name, "sets no limit", help=f"give it one of {', '.join(KINDS)}")
    if limit.min is not None and limit.max is not None and limit.min > limit.max:
        raise LimitError(limit.name, f"{limit.max!r} is below min {limit.min!r}", "max", help="no value can pass")
    if not isinstance(limit.overrides, Mapping):
        raise LimitError(limit.name, "must be a mapping of limits by group", "overrides", help="such as {'eel': 0.55}")
    told = {"bound": limit.bound is not Bound.POINT, "inconclusive": limit.inconclusive is not Inconclusive.WARN}
    told |= {
        "by": limit.by is not None,
        "group": limit.group is not None,
        "overrides": bool(limit.overrides),
        "min-count": limit.min_count > 0,
    }
    refuse_idle(limit.name, {*kinds, *(key for key, is_told in told.items() if is_told)})
    if limit.overrides and limit.group is not None:
        raise LimitError(limit.name, f"means nothing where {limit.group!r} is the one group", "overrides")
    if limit.overrides and len(kinds) > 1:
        words = f"could be of {' or '.join(kinds)}"
        raise LimitError(limit.name, words, "overrides", help="give each limit a table of its own")


def _value(limit: Limit, key: str) -> Any:
    return getattr(limit, key.replace("-", "_"))


def _set(limit: Limit, key: str, value: object) -> None:
    object.__setattr__(limit, key.replace("-", "_"), value)  # frozen, but not yet made


def _refuse_no_text(limit: Limit, key: str) -> None:
    value = _value(limit, key)
    if key != "metric" and value is None:
        return
    if not isinstance(value, str):
        raise LimitError(limit.name, "must be a text", key)
    if key != "group" and not value.strip():
        raise LimitError(limit.name, "must not be empty", key)


def _number(limit: Limit, key: str) -> float:
    value = _value(limit, key)
    if not is_number(value):
        raise LimitError(limit.name, "must be a number", key)
    return float(value)


def _choice(limit: Limit, key: str, kind: type[StrEnum]) -> StrEnum:
    value, known = _value(limit, key), [one.value for one in kind]
    if isinstance(value, str) and value in known:
        return kind(value)
    close = did_you_mean(value, known) if isinstance(value, str) else None
    hint = f"did you mean {close!r}?" if close else None
    raise LimitError(limit.name, f"must be one of {', '.join(known)}", key, help=hint)


def _margin(limit: Limit, value: object, *keys: str) -> Margin:
    if isinstance(value, Margin):
        return value
    found = margin_of(value) if isinstance(value, str) and "%" in value else None
    if found is None and is_number(value) and value >= 0:
        found = Margin(float(value))
    if found is None:
        raise LimitError(limit.name, 'must be a number from 0, or a share of the baseline such as "2%"', *keys)
    return found


def _override(limit: Limit, group: str, value: object) -> float:
    if limit.max_regression is None:
        if not is_number(value):
            raise LimitError(limit.name, "must be a number", "overrides", group)
        return float(value)
    found = _margin(limit, value, "overrides", group)
    if found.relative and not limit.max_regression.relative:
        raise LimitError(limit.name, "must be a number as max-regression is", "overrides", group)
    return found.value
